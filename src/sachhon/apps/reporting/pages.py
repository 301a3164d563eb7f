"""Puts the form and the reading page of a report together from the reads. Shows, decides nothing."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sachhon.apps.registry.models import RecordSource, Resource
from sachhon.apps.reporting.forms import FORMS, NOT_CP, SAVINGS_A_SOLUTION
from sachhon.apps.reporting.models import AnnualReport, ReportNeed, ReportSolution
from sachhon.apps.reporting.queries.reports import LineView, line_views
from sachhon.apps.reporting.queries.verified import offers_of
from sachhon.apps.reporting.services.checks import Issue, SectionState, check_section, lines_of, state_of
from sachhon.apps.reporting.services.options import TREATMENT, group_choices, group_name, not_cp_kinds
from sachhon.apps.reporting.services.prefill import previous_report
from sachhon.apps.reporting.services.sections import FLOWS_OF, Section
from sachhon.apps.reporting.services.told_solutions import solutions_of
from sachhon.reference.units import UnitError, convert, unit_label, units

SLUGS = {
    "thong-tin-chung": Section.GENERAL,
    "san-xuat-sach-hon": Section.CP,
    "san-pham": Section.PRODUCTS,
    "nguyen-nhien-lieu": Section.INPUTS,
    "chat-thai": Section.WASTES,
    "giai-phap": Section.SOLUTIONS,
    "kien-nghi": Section.NEEDS,
}
SLUG_OF = {section: slug for slug, section in SLUGS.items()}
LABELS = {
    Section.GENERAL: _("General"),
    Section.CP: _("Cleaner production"),
    Section.PRODUCTS: _("Products"),
    Section.INPUTS: _("Inputs and energy"),
    Section.WASTES: _("Waste and emissions"),
    Section.SOLUTIONS: _("Solutions"),
    Section.NEEDS: _("Difficulties and requests"),
}
STATE_LABELS = {
    SectionState.COMPLETE: _("complete"),
    SectionState.INCOMPLETE: _("incomplete"),
    SectionState.PROBLEMS: _("to be mended"),
}
NO_PRODUCT_IS_IN = (
    "co2e", "money", "money_usd", "power", "time", "months", "shift", "person", "ratio", "celsius", "colour",
    "coliform", "activity",
)  # fmt: skip
KINDS_OF = {
    Section.INPUTS: ("raw_material", "fuel", "material", "electricity", "water", "heat"),
    Section.WASTES: ("waste", "emission"),
}


@dataclass(frozen=True)
class NavItem:
    """One line of the list of sections."""

    section: str
    label: str
    url: str
    state: str
    state_label: str
    current: bool
    errors: int


@dataclass(frozen=True)
class MonthCell:
    """One month of a line on the form."""

    number: int
    value: Decimal | None
    last: Decimal | None
    estimated: bool


@dataclass(frozen=True)
class LineForm:
    """One line on the form."""

    view: LineView
    months: list[MonthCell]
    units: list[tuple[str, str]]

    @property
    def line(self):
        return self.view.line


def address(report: AnnualReport, name: str, *more) -> str:
    """The address of a page of a report."""
    return reverse(f"reporting:{name}", args=[report.facility.code, report.year, report.revision, *more])


def nav(report: AnnualReport, current: str = "") -> tuple[list[NavItem], dict[str, list[Issue]]]:
    """The sections with their state, and the issues of each."""
    lines = lines_of(report)
    issues = {section.value: check_section(report, section, lines) for section in Section}
    items = []
    for section in Section:
        state = state_of(issues[section])
        items.append(
            NavItem(
                section.value,
                LABELS[section],
                address(report, "edit", SLUG_OF[section]),
                state,
                STATE_LABELS[state],
                section == current,
                sum(issue.level == "error" for issue in issues[section]),
            )
        )
    return items, issues


def form_context(user, report: AnnualReport, section: str, errors: dict | None = None, bound=None) -> dict:
    """Everything the page of one section shows."""
    items, issues = nav(report, section)
    order = list(Section)
    place = order.index(Section(section))
    context = {
        "report": report,
        "facility": report.facility,
        "section": section,
        "section_label": LABELS[Section(section)],
        "section_template": f"reporting/sections/{_template(section)}.html",
        "nav": items,
        "issues": issues[section],
        "errors": errors or {},
        "page_token": secrets.token_hex(8),
        "save_url": address(report, "edit", SLUG_OF[section]),
        "add_url": address(report, "add", SLUG_OF[section]),
        "next_url": address(report, "edit", SLUG_OF[order[place + 1]]) if place + 1 < len(order) else "",
        "last_year": report.year - 1,
    }
    last = previous_report(report)
    if section in FORMS:
        form_class = FORMS[Section(section)]
        form = form_class(bound, initial={name: getattr(report, name) for name in form_class.base_fields})
        context["form"] = form
        context["fields"] = [
            (field, form.UNITS.get(field.name, ""), *_beside(report, last, field.name)) for field in form
        ]
    elif section in FLOWS_OF:
        context["lines"] = [line_form(view) for view in line_views(user, report, FLOWS_OF[section])]
        context |= {"sources": _sources(), "resource_groups": resource_groups(section)}
        context["new_units"] = output_units() if section == Section.PRODUCTS else []
    elif section == Section.SOLUTIONS:
        context["solutions"] = [solution_form(s) for s in solutions_of(user, report)]
        context |= {"groups": group_options(), "states": ReportSolution.State.choices}
        context |= {"resource_groups": resource_groups(Section.INPUTS), **offers_of(user, report)}
    else:
        context |= {"needs": report.needs.all(), "kinds": ReportNeed.Kind.choices}
    return context


def line_form(view: LineView) -> LineForm:
    """A line with its months and the units it may be written in."""
    line = view.line
    months = [
        MonthCell(number, value, view.last_months[number - 1], number in line.estimated_months)
        for number, value in enumerate(line.quantities, start=1)
    ]
    return LineForm(view, months, units_for(line))


def units_for(line) -> list[tuple[str, str]]:
    """(code, symbol) of the units that can be converted to that of the line's product or resource."""
    if line.item is None:
        found = list(output_units())
    else:
        found = list(_convertible(line.item.unit, line.resource.code if line.resource else ""))
    if line.unit and line.unit not in dict(found):
        found.insert(0, (line.unit, line.unit))
    return [(code, symbol if _lang() == "vi" else _symbol(code)) for code, symbol in found]


def solution_form(solution: ReportSolution) -> dict:
    """A solution with its rows of savings, some left to fill in."""
    savings = [*solution.savings, *[{}] * (SAVINGS_A_SOLUTION - len(solution.savings))]
    rows = [
        (number, saving.get("resource", ""), _decimal(saving.get("quantity")), saving.get("unit", ""))
        for number, saving in enumerate(savings, start=1)
    ]
    return {"solution": solution, "savings": rows, "group": _chosen(solution)}


def group_options() -> list[tuple[str, list[tuple[str, str]]]]:
    """The choice of a solution's group: the eight, and what is not cleaner production."""
    lang = _lang()
    return [
        (_("The eight groups"), group_choices(lang)),
        (
            _("Not cleaner production"),
            [(f"{NOT_CP}{k.code}", k.name(lang)) for k in not_cp_kinds() if k.code != TREATMENT]
            + [(TREATMENT, next(k.name(lang) for k in not_cp_kinds() if k.code == TREATMENT))],
        ),
    ]


def group_word(code: str) -> str:
    """The name of a solution's group in the language of the page."""
    if code == TREATMENT:
        return str(_("Treatment, not cleaner production"))
    return group_name(code, _lang())


def resource_groups(section: str) -> list[tuple[str, list[Resource]]]:
    """The resources to choose from, by kind."""
    kinds = KINDS_OF.get(Section(section), ())
    found: dict[str, list[Resource]] = {kind: [] for kind in kinds}
    for resource in Resource.objects.filter(kind__in=kinds).order_by("pk"):
        found[resource.kind].append(resource)
    return [(Resource.Kind(kind).label, rows) for kind, rows in found.items() if rows]


def read_sections(user, report: AnnualReport) -> dict:
    """What stands in a report, for reading, printing and reviewing."""
    views = line_views(user, report)
    groups = [
        (LABELS[section], section.value, [v for v in views if v.line.flow in FLOWS_OF[section]])
        for section in (Section.PRODUCTS, Section.INPUTS, Section.WASTES)
    ]
    return {
        "line_groups": groups,
        "solutions": [(s, group_word(s.group)) for s in solutions_of(user, report)],
        "needs": report.needs.all(),
        "last_year": report.year - 1,
    }


def _beside(report: AnnualReport, last: AnnualReport | None, name: str) -> tuple:
    """(last year's number, this year's) where the field is a number; (None, None) elsewhere."""
    if last is None or name not in ("employees", "revenue_vnd", "capital_vnd"):
        return None, None
    return getattr(last, name), getattr(report, name)


def _template(section: str) -> str:
    if section in FORMS:
        return "fields"
    return "lines" if section in FLOWS_OF else str(section)


def _chosen(solution: ReportSolution) -> str:
    if solution.group != TREATMENT:
        return solution.group
    for kind in not_cp_kinds():
        if kind.code != TREATMENT and solution.not_cp_reason in (kind.reason_vi, kind.reason_en):
            return f"{NOT_CP}{kind.code}"
    return TREATMENT


def _sources() -> Iterable[tuple[str, str]]:
    return RecordSource.choices


@cache
def output_units() -> tuple[tuple[str, str], ...]:
    """The units a product may be counted in."""
    return tuple(
        (unit.code, unit.symbol_vi) for unit in units().values() if unit.dimension not in NO_PRODUCT_IS_IN
    )


@cache
def _convertible(target: str, resource: str) -> tuple[tuple[str, str], ...]:
    found = []
    for unit in units().values():
        try:
            convert(Decimal(1), unit.code, target, resource=resource or None)
        except UnitError:
            continue
        found.append((unit.code, unit.symbol_vi))
    return tuple(found)


def _symbol(code: str) -> str:
    try:
        return unit_label(code, "en")
    except UnitError:
        return code


def _decimal(text: str | None) -> Decimal | None:
    return None if not text else Decimal(text)


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
