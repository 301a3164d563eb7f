"""The words of codes that the library uses, in the language of the page: from the reference, never typed here."""

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.reference import (
    CONFIDENCES,
    confidence_label,
    investment_classes,
    knowledge,
    not_cp_kinds,
    option_groups,
    resources,
)
from sachhon.reference.families import families


def lang() -> str:
    """ "vi" or "en", as the page is."""
    return "en" if get_language() == "en" else "vi"


def group_choices() -> list[tuple[str, str]]:
    return [(f.code, f.name(lang())) for f in option_groups()]


def system_choices() -> list[tuple[str, str]]:
    return [(s.code, s.name(lang())) for s in knowledge.systems().values()]


def trade_choices() -> list[tuple[str, str]]:
    return [(t.code, t.name(lang())) for t in knowledge.library_trades().values()]


def investment_choices() -> list[tuple[str, str]]:
    return [(f.code, f.name(lang())) for f in investment_classes()]


def confidence_choices() -> list[tuple[str, str]]:
    return [(code, confidence_label(code, lang())) for code in CONFIDENCES]


def not_cp_choices() -> list[tuple[str, str]]:
    return [(f.code, f.name(lang())) for f in not_cp_kinds()]


def resource_choices(*, every: bool = False, energy: bool = False) -> list[tuple[str, str]]:
    """What a question or an option touches; "all" is of management questions, energy of benchmarks."""
    found = [
        ("electricity", _("Electricity")), ("fuel", _("Fuel and heat")), ("water", _("Water")),
        ("raw_material", _("Raw material")), ("material", _("Other materials")), ("waste", _("Waste")),
    ]  # fmt: skip
    return found + [("all", _("All resources"))] * every + [("energy", _("All energy"))] * energy


def denominator_choices() -> list[tuple[str, str]]:
    """What a benchmark divides by."""
    return [("product", _("Product")), ("raw_material", _("Raw material"))]


def size_choices() -> list[tuple[str, str]]:
    return [("micro", _("Micro")), ("small", _("Small")), ("medium", _("Medium")), ("large", _("Large"))]


def word(name: str, value: str) -> str:
    """The words of one code of a field; what has none is shown as it is."""
    return _table(name, lang()).get(value, value)


@cache
def _table(name: str, language: str) -> dict[str, str]:
    choices = {
        "group": group_choices, "system": system_choices, "trade": trade_choices,
        "investment_class": investment_choices, "confidence": confidence_choices, "not_cp": not_cp_choices,
        "resource": lambda: resource_choices(every=True, energy=True),
        "resources": resource_choices, "per": denominator_choices, "sizes": size_choices,
        "materials": lambda: [(r.code, r.name(language)) for r in resources()],
        "acts_on": lambda: [(r.code, r.name(language)) for r in (*resources(), *families().values())],
        "counts": lambda: [(r.code, r.name(language)) for r in (*resources(), *families().values())],
    }  # fmt: skip
    return {code: str(text) for code, text in choices.get(name, list)()}
