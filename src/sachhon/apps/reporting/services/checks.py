"""Whether each section of a report is filled in well enough to be sent. Not whether it is believable: see
``plausibility``.

An ``Issue`` of level "error" keeps the report from being submitted; a warning is shown and lets it pass.
Its words stand in data/messages.csv, in Vietnamese and English.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from django.utils.translation import get_language

from sachhon.apps.registry.models import Flow
from sachhon.apps.reporting.models import AnnualReport, ReportLine, ReportSolution
from sachhon.apps.reporting.services.options import group_codes, not_cp_kinds
from sachhon.apps.reporting.services.sections import FLOWS_OF, Section
from sachhon.apps.reporting.services.verified_marks import mark_of
from sachhon.reference.cp_rule import not_cp_kind
from sachhon.reference.units import UnitError, convert, normalise_unit
from sachhon.workbooks.problems import Problem

DATA = Path(__file__).resolve().parent.parent / "data"


class SectionState(StrEnum):
    """How a section stands, for the list at the left of the form."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"  # something required is not there yet
    PROBLEMS = "problems"  # something that is there cannot be right


@dataclass(frozen=True)
class Issue:
    """One thing to mend: `anchor` is the id of the field on the form."""

    section: str
    level: str
    rule: str
    anchor: str = ""
    params: dict = field(default_factory=dict)

    @property
    def is_missing(self) -> bool:
        """Something not written yet, which a draft may lack; not a mistake."""
        return self.rule in MISSING

    @property
    def message(self) -> str:
        return Problem("error", self.rule, params=self.params).message(get_language() or "vi")

    @property
    def cure(self) -> str:
        return Problem("error", self.rule, params=self.params).cure(get_language() or "vi")


def check_report(report: AnnualReport) -> list[Issue]:
    """Everything to mend in the whole report, in the order of the form."""
    lines = lines_of(report)
    return [issue for section in Section for issue in check_section(report, section, lines)]


def check_section(report: AnnualReport, section: str, lines: list[ReportLine] | None = None) -> list[Issue]:
    """What is to mend in one section; `lines` where they were read already."""
    if section in FLOWS_OF:
        return list(_lines(section, lines_of(report) if lines is None else lines))
    checker = {
        Section.GENERAL: _general, Section.CP: _cp, Section.SOLUTIONS: _solutions, Section.NEEDS: _needs,
    }[Section(section)]  # fmt: skip
    return list(checker(report))


def state_of(issues: list[Issue]) -> SectionState:
    """The state of a section from its issues."""
    errors = [issue for issue in issues if issue.level == "error"]
    if any(not issue.is_missing for issue in errors):
        return SectionState.PROBLEMS
    unanswered = any(issue.rule in UNANSWERED for issue in issues)
    return SectionState.INCOMPLETE if errors or unanswered else SectionState.COMPLETE


UNANSWERED = ("cp_unknown", "applying_without_solution")  # may be sent so, and yet is not complete
MISSING = frozenset(
    ["field_missing", "no_products", "no_inputs", "report_line_empty", "solution_name_missing",
     "solution_group_missing", "solution_reason_missing", "need_empty", "line_resource_unknown"]
)  # fmt: skip


def _general(report: AnnualReport) -> Iterator[Issue]:
    section = Section.GENERAL
    for name in ("employees", "revenue_vnd", "capital_vnd"):
        value = getattr(report, name)
        label = str(report._meta.get_field(name).verbose_name)
        if value is None and name == "employees":
            yield Issue(section, "error", "field_missing", f"id_{name}", {"field": label})
        elif value is not None and value < 0:
            yield Issue(section, "error", "field_negative", f"id_{name}", {"field": label, "value": value})
    if report.revenue_vnd is None and report.capital_vnd is None:
        label = str(report._meta.get_field("revenue_vnd").verbose_name)
        yield Issue(section, "warning", "field_missing", "id_revenue_vnd", {"field": label})
    if not (report.contact_phone or report.contact_email):
        yield Issue(section, "warning", "contact_missing", "id_contact_phone")


def _cp(report: AnnualReport) -> Iterator[Issue]:
    section = Section.CP
    for name in ("cp_aware", "cp_applying", "cp_unit"):
        if getattr(report, name) == "unknown":
            label = str(report._meta.get_field(name).verbose_name)
            yield Issue(section, "warning", "cp_unknown", f"id_{name}", {"field": label})
    if report.cp_applying == "yes" and report.cp_since is None:
        yield Issue(section, "warning", "cp_since_missing", "id_cp_since")
    if report.cp_since is not None and report.cp_since > report.year:
        yield Issue(section, "error", "cp_since_future", "id_cp_since", {"value": report.cp_since})
    if report.cp_unit == "yes" and not (report.cp_unit_decision and report.cp_unit_people):
        yield Issue(section, "warning", "cp_unit_without_decision", "id_cp_unit_decision")


def _lines(section: str, everything: list[ReportLine]) -> Iterator[Issue]:
    lines = [line for line in everything if line.flow in FLOWS_OF[section]]
    if not lines:
        rule = {Section.PRODUCTS: "no_products", Section.INPUTS: "no_inputs"}.get(Section(section))
        yield Issue(section, "error" if rule else "warning", rule or "no_wastes", f"add-{section}")
    for line in lines:
        yield from _line(section, line)


def lines_of(report: AnnualReport) -> list[ReportLine]:
    """The lines with their product and resource."""
    return list(report.lines.select_related("product", "resource"))


def _line(section: str, line: ReportLine) -> Iterator[Issue]:
    anchor, about = f"line-{line.pk}", {"item": line.label}
    months = line.quantities
    known = [m for m in months if m is not None]
    if line.flow != Flow.OUTPUT and line.resource_id is None:
        yield Issue(section, "error", "line_resource_unknown", f"{anchor}-item", about)
    if line.total is None and not known:
        yield Issue(section, "error", "report_line_empty", anchor, about)
        return
    negative = next((v for v in (*known, line.total) if v is not None and v < 0), None)
    if negative is not None:
        yield Issue(section, "error", "line_negative", anchor, {**about, "value": f"{negative:f}"})
    if line.cost_vnd is not None and line.cost_vnd < 0:
        yield Issue(section, "error", "cost_negative", f"{anchor}-cost_vnd", about)
    whole = sum(known, Decimal(0))
    if line.total is not None and known:
        tolerance = abs(whole) * Decimal("0.005")
        if (len(known) == 12 and abs(line.total - whole) > tolerance) or line.total < whole - tolerance:
            params = {**about, "total": f"{line.total.normalize():f}", "sum": f"{whole.normalize():f}"}
            yield Issue(section, "error", "line_total_differs", f"{anchor}-total", params)
        elif len(known) < 12 and line.total <= whole + tolerance:
            params = {**about, "count": 12 - len(known)}
            yield Issue(section, "warning", "line_months_missing", anchor, params)
    yield from _unit(section, line, anchor)


def _unit(section: str, line: ReportLine, anchor: str) -> Iterator[Issue]:
    about = {"item": line.label, "unit": line.unit}
    item = line.item
    if item is None:
        return
    if line.unit == item.unit:
        return
    if normalise_unit(line.unit) is None:
        yield Issue(section, "error", "line_unit_unknown", f"{anchor}-unit", about)
        return
    try:
        convert(Decimal(1), line.unit, item.unit, resource=line.resource.code if line.resource else None)
    except UnitError:
        params = {**about, "target": item.unit}
        yield Issue(section, "error", "line_unit_other_kind", f"{anchor}-unit", params)


def _solutions(report: AnnualReport) -> Iterator[Issue]:
    solutions = list(report.solutions.all())
    if not solutions and report.cp_applying == "yes":
        yield Issue(Section.SOLUTIONS, "warning", "applying_without_solution", f"add-{Section.SOLUTIONS}")
    for solution in solutions:
        yield from _solution(solution)


def _solution(solution: ReportSolution) -> Iterator[Issue]:
    section, anchor, about = Section.SOLUTIONS, f"solution-{solution.pk}", {"item": solution.name}
    if not solution.name.strip():
        yield Issue(section, "error", "solution_name_missing", f"{anchor}-name")
    if solution.group not in group_codes():
        yield Issue(section, "error", "solution_group_missing", f"{anchor}-group", about)
    elif solution.group == "treatment":
        if not solution.not_cp_reason.strip():
            yield Issue(section, "error", "solution_reason_missing", f"{anchor}-not_cp_reason", about)
    elif (kind := looks_not_cp(solution.name)) is not None:
        lang = get_language() or "vi"
        params = {**about, "kind": kind.name(lang), "reason": kind.reason(lang)}
        yield Issue(section, "warning", "solution_maybe_not_cp", f"{anchor}-group", params)
    amounts = [solution.investment_vnd, solution.saving_vnd_per_year]
    amounts += [Decimal(saving["quantity"]) for saving in solution.savings]
    mark = mark_of(solution)
    as_verified = (
        mark is not None and not mark.altered
    )  # a worsening that an expert verified is kept as it is
    if not as_verified and any(amount is not None and amount < 0 for amount in amounts):
        yield Issue(section, "error", "solution_negative", anchor, about)
    if solution.state == ReportSolution.State.DONE and solution.done_on is None:
        yield Issue(section, "warning", "solution_done_undated", f"{anchor}-done_on", about)


def looks_not_cp(name: str):
    """The kind of not-CP that a measure of this name seems to be, or None."""
    found = not_cp_kind(name)
    return next((kind for kind in not_cp_kinds() if kind.code == found[0]), None) if found else None


def _needs(report: AnnualReport) -> Iterator[Issue]:
    for need in report.needs.all():
        if not need.text.strip():
            yield Issue(Section.NEEDS, "error", "need_empty", f"need-{need.pk}-text")
