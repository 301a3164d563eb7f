"""What the pages of the library show of anonymous cases: one of them, and those beside an option of the library."""

from decimal import Decimal

from sachhon.apps.guidance import content, queries
from sachhon.apps.guidance.cases import Case, together
from sachhon.apps.guidance.models import LibraryVersion
from sachhon.apps.guidance.words import lang, word
from sachhon.reference import unit_label
from sachhon.reference.sectors import section_name


def case_page(version: LibraryVersion) -> dict:
    """The context of case.html."""
    case = content.case_of(version.content, version.number)
    option = queries.option(case.option) if case.option else None
    return row(case) | {"of": option, "of_name": option.name(lang()) if option else ""}


def beside(option: str, province: str) -> dict:
    """The cases that carried an option out, with what they say together."""
    found = queries.cases_of(option, province)
    return {"told_cases": [row(c) for c in found], "together": together(found)}


def row(case: Case) -> dict:
    """One case in words."""
    language = lang()
    return {
        "case": case,
        "name": case.name(language),
        "trade": word("trade", case.trade) if case.trade else section_name(case.section, language),
        "size": word("sizes", case.size_class) if case.size_class else "",
        "group": word("group", case.group),
        "resource": case.resource_en if language == "en" else case.resource_vi,
        "unit": unit_label(case.unit, language),
        "quantity": (Decimal(case.quantity_low), Decimal(case.quantity_high)),
        "well": case.well(language),
        "badly": case.badly(language),
    }
