"""The eight groups of cleaner-production options, and what is not one, as the reference has them."""

from dataclasses import dataclass
from functools import cache

from sachhon.reference.catalogue import not_cp_kinds as reference_kinds
from sachhon.reference.catalogue import option_groups

TREATMENT = "treatment"


@dataclass(frozen=True)
class NotCp:
    """A kind of measure that is refused as cleaner production and filed as treatment, with the reason."""

    code: str
    name_vi: str
    name_en: str
    reason_vi: str
    reason_en: str

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi

    def reason(self, lang: str = "vi") -> str:
        return self.reason_en if lang == "en" else self.reason_vi


def group_codes() -> frozenset[str]:
    """The codes a solution may have: the eight groups, and "treatment"."""
    return frozenset(code for code, _vi, _en in _groups()) | {TREATMENT}


def group_choices(lang: str) -> list[tuple[str, str]]:
    """(code, name) of the eight groups in the method's order."""
    return [(code, en if lang == "en" else vi) for code, vi, en in _groups()]


def group_name(code: str, lang: str) -> str:
    """The name of a group; "treatment" has its own words in the catalogue of pages."""
    return dict(group_choices(lang)).get(code, code)


@cache
def not_cp_kinds() -> tuple[NotCp, ...]:
    """What is not cleaner production, in the method's order."""
    return tuple(
        NotCp(f.code, f.name_vi, f.name_en, f.extra["reason_vi"], f.extra["reason_en"])
        for f in reference_kinds()
    )


@cache
def _groups() -> tuple[tuple[str, str, str], ...]:
    return tuple((f.code, f.name_vi, f.name_en) for f in option_groups())
