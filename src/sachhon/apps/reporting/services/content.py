"""What a report says, between the form of the web and `AnnualReportData` of the workbooks: one way and back.

Only translating: nothing is stored or judged here. See ``transfer`` for taking a file in.
"""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sachhon.apps.people.models import User
from sachhon.apps.registry.closed_costs import ClosedCosts, closed_costs
from sachhon.apps.registry.models import Facility, Flow, RecordSource
from sachhon.apps.reporting.deadlines import FIRST_YEAR, reportable_year
from sachhon.apps.reporting.models import AnnualReport, ReportLine
from sachhon.apps.reporting.services import prefill
from sachhon.apps.reporting.services.errors import YearNotOpen
from sachhon.apps.reporting.services.sections import FLOWS_OF, Section, unit_code
from sachhon.apps.reporting.services.told_solutions import solutions_of
from sachhon.reference.resources import find_resource
from sachhon.reference.text import fold
from sachhon.workbooks.annual import model as form
from sachhon.workbooks.problems import Problem

Origins = Mapping[str, tuple[str, str]]
"""Path in the data ("employees", "lines.3.months.0" for January) → (sheet, cell)."""

# The columns hold a little more, twelve months together too; no factory of the province comes near.
LARGEST_MONTH = 10**12
LARGEST = 10**13
LARGEST_VND = 10**16
PLAIN = (
    "employees", "revenue_vnd", "capital_vnd", "contact_name", "contact_phone", "contact_email", "signer_name",
    "signer_title", "cp_aware", "cp_applying", "cp_since", "cp_unit", "cp_unit_decision",
)  # fmt: skip
SOLUTION_STATE = {
    "proposed": "proposed",
    "doing": "doing",
    "done": "done",
    "stopped": "stopped",
    None: "done",
}

_STORED_AS = {"started": "started_on", "done": "done_on"}


def sane(data: form.AnnualReportData, origins: Origins) -> tuple[form.AnnualReportData, list[Problem], bool]:
    """The data without the single numbers that no factory has and no column holds; a problem with its cell for
    each; and whether a quantity is among them, so that the report is not complete."""
    problems, changes, lines, solutions = [], {}, [], []
    for name in ("employees", "revenue_vnd", "capital_vnd", "cp_since"):
        try:
            AnnualReport._meta.get_field(name).run_validators(getattr(data, name))
        except ValidationError:
            label = str(AnnualReport._meta.get_field(name).verbose_name)
            changes[name] = None
            problems.append(_too_large(label, getattr(data, name), origins.get(name)))
    for number, line in enumerate(data.lines):
        place = _within(f"lines.{number}.", origins)
        large = [i for i, n in enumerate(line.months) if n is not None and abs(n) >= LARGEST_MONTH]
        problems += [_too_large(line.name, line.months[i], place.get(f"months.{i}")) for i in large]
        line = replace(line, months=tuple(None if i in large else n for i, n in enumerate(line.months)))
        if line.total is not None and abs(line.total) >= LARGEST:
            problems.append(_too_large(line.name, line.total, place.get("total")))
            line = replace(line, total=None)
        lines.append(line)
    incomplete = any(one != other for one, other in zip(lines, data.lines, strict=True))
    for number, line in enumerate(lines):
        if line.cost_vnd is not None and abs(line.cost_vnd) >= LARGEST_VND:
            place = origins.get(f"lines.{number}.cost_vnd")
            problems.append(_too_large(line.name, line.cost_vnd, place))
            lines[number] = replace(line, cost_vnd=None)
    for number, solution in enumerate(data.solutions):
        place, kept = _within(f"solutions.{number}.", origins), []
        for name in ("investment_vnd", "saving_vnd_per_year"):
            amount = getattr(solution, name)
            if amount is not None and abs(amount) >= LARGEST_VND:
                problems.append(_too_large(solution.name, amount, place.get(name)))
                solution = replace(solution, **{name: None})
        for i, saving in enumerate(solution.savings):
            if abs(saving.quantity) >= LARGEST:
                problems.append(_too_large(solution.name, saving.quantity, place.get(f"savings.{i}")))
            else:
                kept.append(saving)
        solutions.append(replace(solution, savings=tuple(kept)))
    return replace(data, lines=tuple(lines), solutions=tuple(solutions), **changes), problems, incomplete


def _too_large(field: str, value: Decimal | int, place: tuple[str, str] | None) -> Problem:
    sheet, cell = place or (None, None)
    return Problem("warning", "field_out_of_range", sheet, cell, {"field": field, "value": Decimal(value)})


def sections_of(data: form.AnnualReportData, origins: Origins, file_name: str) -> dict[str, dict]:
    """The data as the sections of the form; each value's origin is kept as [file, sheet, cell]."""
    flat = {name: getattr(data, name) for name in PLAIN}
    flat["signed_on"] = data.signed_on.isoformat() if data.signed_on else None
    flat["cp_unit_people"] = list(data.cp_unit_people)
    rows = _lines(data, origins, file_name)
    return {
        Section.GENERAL: {k: v for k, v in flat.items() if not k.startswith("cp_")},
        Section.CP: {k: v for k, v in flat.items() if k.startswith("cp_")},
        **{
            section: {key: row for key, row in rows.items() if row["flow"] in FLOWS_OF[section]}
            for section in (Section.PRODUCTS, Section.INPUTS, Section.WASTES)
        },
        Section.SOLUTIONS: {
            str(i): solution_row(solution, _within(f"solutions.{i}.", origins), file_name)
            for i, solution in enumerate(data.solutions)
        },
        Section.NEEDS: _needs(data),
    }


def solution_row(solution: form.ReportSolution, origins: Origins, file_name: str) -> dict:
    """A solution as a row of its section; `origins` are by attribute, "savings.0" among them."""
    return {
        "name": solution.name,
        "group": solution.group,
        "not_cp_reason": solution.not_cp_reason,
        "state": SOLUTION_STATE[solution.state],
        "started_on": solution.started.isoformat() if solution.started else None,
        "done_on": solution.done.isoformat() if solution.done else None,
        "investment_vnd": solution.investment_vnd,
        "savings": [
            {"resource": s.resource_code, "quantity": str(s.quantity), "unit": s.unit}
            for s in solution.savings
        ],
        "saving_vnd_per_year": solution.saving_vnd_per_year,
        "origins": {_STORED_AS.get(name, name): [file_name, *at] for name, at in origins.items()},
    }


def to_data(report: AnnualReport, reader: User | None = None) -> form.AnnualReportData:
    """The report as the template writer wants it; for a reader, as that person may read it."""
    facility = report.facility
    solutions = solutions_of(reader, report) if reader else report.solutions.all()
    lines = sorted(
        _lines_read(report, reader),
        key=lambda line: (form.FLOWS.index(line.flow), line.pk),
    )
    return form.AnnualReportData(
        year=report.year,
        facility_name=facility.name,
        tax_code=facility.tax_code,
        facility_code=facility.code,
        trade=facility.trade.name_vi,
        address=facility.address,
        area_name=facility.area.name_vi,
        area_code=facility.area.code,
        **{name: getattr(report, name) for name in PLAIN},
        cp_unit_people=tuple(report.cp_unit_people),
        lines=tuple(_line_data(line) for line in lines),
        solutions=tuple(_solution_data(s) for s in solutions),
        difficulties=tuple(n.text for n in report.needs.all() if n.kind == "difficulty"),
        requests=tuple(n.text for n in report.needs.all() if n.kind == "request"),
        signed_on=report.signed_on,
        extra=report.extra,
    )


def _lines_read(report: AnnualReport, reader: User | None) -> list[ReportLine]:
    rows = report.lines.select_related("product", "resource")
    closed = closed_costs(reader, [report.facility_id]) if reader else ClosedCosts()
    return closed.blanked(report.facility_id, rows)


def lines_of_last_year(report: AnnualReport, reader: User | None = None) -> tuple[form.ReportLine, ...]:
    """Last year's lines, to stand beside this year's in the workbook; for a reader, as that person may read them."""
    last = prefill.previous_report(report)
    if last is None or last.year != report.year - 1:
        return ()
    return tuple(_line_data(line) for line in _lines_read(last, reader))


def blank_form(
    facility: Facility, year: int, *, today: datetime.date
) -> tuple[form.AnnualReportData, tuple[form.ReportLine, ...]]:
    """Who the form is for, and last year's lines, for the template to be filled in."""
    if not reportable_year(year, today):
        raise YearNotOpen(
            _("A report can be made for %(first)s to %(last)s, not for %(year)s.")
            % {"first": FIRST_YEAR, "last": today.year, "year": year}
        )
    blank = AnnualReport(facility=facility, year=year)
    who = form.AnnualReportData(
        year=year,
        facility_name=facility.name,
        tax_code=facility.tax_code,
        facility_code=facility.code,
        trade=facility.trade.name_vi,
        address=facility.address,
        area_name=facility.area.name_vi,
        area_code=facility.area.code,
        contact_name=facility.contact_name,
        contact_phone=facility.contact_phone,
        contact_email=facility.contact_email,
    )
    return who, lines_of_last_year(blank)


def _lines(data: form.AnnualReportData, origins: Origins, file_name: str) -> dict[str, dict]:
    rows: dict[str, dict] = {}
    taken: set[tuple[str, str]] = set()
    for number, line in enumerate(data.lines):
        name, item, meter = line.name.strip(), "", ""
        if line.flow == Flow.OUTPUT:
            name = _free_name(name, taken)
            taken.add((line.flow, fold(name)))
        else:
            found = None if line.resource_code else find_resource(name)
            item = line.resource_code or (found.code if found else "")
            if item and (line.flow, item) in taken:
                meter = _free_name(name or item, {(f, k) for f, k in taken}, line.flow)[:64]
                taken.add((line.flow, fold(meter)))
            taken.add((line.flow, item))
        months = [None if m is None else f"{m.normalize():f}" for m in line.months]
        total = None if line.total is None else f"{line.total.normalize():f}"
        rows[str(number)] = {
            "flow": line.flow,
            "item": item,
            "name": name,
            "meter": meter,
            "unit": unit_code(line.unit),
            "months": months,
            "estimated_months": sorted(line.estimated_months),
            "total": total if total is not None else _sum(months),
            "cost_vnd": line.cost_vnd,
            "source": line.source or RecordSource.REPORT,
            "note": line.note[:255],
            "origins": _origins_of(f"lines.{number}.", origins, file_name),
        }
    return rows


def _sum(months: list[str | None]) -> str | None:
    known = [Decimal(m) for m in months if m is not None]
    return f"{sum(known, Decimal(0)).normalize():f}" if known else None


def _free_name(name: str, taken: set[tuple[str, str]], flow: str = Flow.OUTPUT) -> str:
    candidate, number = name, 2
    while (flow, fold(candidate)) in taken:
        candidate = f"{name[:240]} ({number})"
        number += 1
    return candidate


def _origins_of(prefix: str, origins: Origins, file_name: str) -> dict[str, list[str]]:
    """Origins of one line by month number ("1" is January) or attribute."""
    found = {}
    for name, (sheet, cell) in _within(prefix, origins).items():
        if name.startswith("months."):
            name = str(int(name.removeprefix("months.")) + 1)
        found[name] = [file_name, sheet, cell]
    return found


def _within(prefix: str, origins: Origins) -> dict[str, tuple[str, str]]:
    return {path.removeprefix(prefix): at for path, at in origins.items() if path.startswith(prefix)}


def _needs(data: form.AnnualReportData) -> dict[str, dict]:
    texts = [("difficulty", text) for text in data.difficulties] + [("request", t) for t in data.requests]
    return {
        str(i): {"kind": kind, "category": "", "text": text}
        for i, (kind, text) in enumerate(texts)
        if text.strip()
    }


def _line_data(line: ReportLine) -> form.ReportLine:
    months = tuple(line.quantities)
    known = [m for m in months if m is not None]
    total = None if known and line.total == sum(known) else line.total
    return form.ReportLine(
        flow=line.flow,
        name=line.label,
        unit=line.unit,
        resource_code=line.resource.code if line.resource else None,
        months=months,
        estimated_months=frozenset(line.estimated_months),
        total=None if total is None else total.normalize(),
        cost_vnd=line.cost_vnd,
        source=line.source if line.source in form.SOURCES else None,
        note=line.note,
    )


def _solution_data(solution) -> form.ReportSolution:
    return form.ReportSolution(
        name=solution.name,
        group=solution.group,
        not_cp_reason=solution.not_cp_reason,
        started=solution.started_on,
        done=solution.done_on,
        investment_vnd=solution.investment_vnd,
        savings=tuple(
            form.ReportSaving(s["resource"], Decimal(s["quantity"]), s["unit"]) for s in solution.savings
        ),
        saving_vnd_per_year=solution.saving_vnd_per_year,
        state=solution.state,
    )
