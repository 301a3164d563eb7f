"""Whether an option is cleaner production by the domain's rule, and if not, why: the gate of the library.

Three things can say no: the person says so, the words of the name do (the rule that reports and files use too), or
its ARC code is one of treatment or disposal.
"""

from dataclasses import dataclass

from sachhon.reference import FactNotFound, not_cp_kind, not_cp_kinds
from sachhon.reference.knowledge import arc_group


@dataclass(frozen=True)
class Refusal:
    """The kind of measure that is not cleaner production, the reason, and the words or code that told."""

    kind: str
    name_vi: str
    name_en: str
    reason_vi: str
    reason_en: str
    because: str

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi

    def reason(self, lang: str = "vi") -> str:
        return self.reason_en if lang == "en" else self.reason_vi


def is_cleaner_production(name: str, arc_code: str = "", declared: str = "") -> Refusal | None:
    """None where the measure is cleaner production, else why it is not.

    declared : a kind of `not_cp.csv` that the person chose for it.
    """
    if declared:
        return _refusal(declared, declared)
    if found := not_cp_kind(name):
        return _refusal(*found)
    try:
        heading = arc_group(arc_code) if arc_code else None
    except FactNotFound:
        heading = None  # an unknown code is told elsewhere
    if heading is not None and heading.extra["not_cp"]:
        return _refusal(heading.extra["not_cp"], arc_code)
    return None


def _refusal(kind: str, because: str) -> Refusal | None:
    for known in not_cp_kinds():
        if known.code == kind:
            reasons = known.extra["reason_vi"], known.extra["reason_en"]
            return Refusal(kind, known.name_vi, known.name_en, *reasons, because)
    return None
