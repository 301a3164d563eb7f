"""One report for reading and for the form: what stands in it, last year's figures beside it, its history."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import get_language, gettext

from sachhon.apps.people.veils import MARK
from sachhon.apps.registry.closed_costs import closed_costs
from sachhon.apps.registry.models import Figure, Flow
from sachhon.apps.reporting.models import AnnualReport, Finding, ReportLine, ReportState, Saving
from sachhon.apps.reporting.queries.findings import FindingView, finding_text, slip_cure
from sachhon.apps.reporting.services import lineage
from sachhon.apps.reporting.services.prefill import YearOfRecords, records_of
from sachhon.apps.reporting.services.sections import Difference, Section, differences, read_section
from sachhon.reference.units import UnitError, convert


@dataclass(frozen=True)
class LineView:
    """One line with last year's beside it, in this year's unit; None where there is none to compare."""

    line: ReportLine
    last_months: tuple[Decimal | None, ...]
    last_total: Decimal | None
    last_cost: int | None
    intensity: Figure | None = None

    @property
    def given_total(self) -> Decimal | None:
        """The year as it was given; None where it is just the sum of the months."""
        known = [m for m in self.line.quantities if m is not None]
        return None if known and self.line.total == sum(known) else self.line.total


def report_of(user, code: str, year: int, revision: int | None = None) -> AnnualReport | None:
    """A facility's report of a year: that revision, or the newest the person may see."""
    reports = AnnualReport.objects.visible_to(user).filter(facility__code=code, year=year)
    reports = reports.select_related(
        "facility__trade",
        "facility__area",
        "facility__enterprise",
        "submitted_by",
        "reviewed_by",
        "created_by",
    )
    if revision is not None:
        reports = reports.filter(revision=revision)
    return reports.order_by("-revision").first()


def line_views(user, report: AnnualReport, flows: Iterable[str] = Flow.values) -> list[LineView]:
    """The lines of some flows, each with last year's; costs that `user` may not read are not in them."""
    closed = closed_costs(user, [report.facility_id])
    rows = report.lines.filter(flow__in=list(flows)).select_related("product", "resource")
    lines = closed.blanked(report.facility_id, rows)
    before = records_of(report.facility, report.year - 1)
    codes = {
        lineage.intensity_code(report, line.resource): line.pk
        for line in lines
        if line.flow == Flow.CONSUMPTION and line.resource and not line.meter
    }
    figures = {codes[f.code]: f for f in Figure.objects.filter(code__in=codes)}
    views = [_view(line, _last_year(line, lines, before), figures.get(line.pk)) for line in lines]
    secret = closed.of(report.facility_id)
    return [replace(v, last_cost=None) if v.line.resource_id in secret else v for v in views]


def finding_views(user, report: AnnualReport, *, may_correct: bool, may_explain: bool) -> list[FindingView]:
    """The findings in words as `user` may read them, open and grave ones first; the cure of each is one that the reader
    can carry out."""
    order = {"open": 0, "explained": 1, "corrected": 2}
    findings = report.findings.select_related("report", "explained_by")
    ordered = sorted(findings, key=lambda f: (order[f.state], f.level != "error", f.pk))
    lang, closed = get_language() or "vi", closed_costs(user, [report.facility_id])
    views = []
    for finding in ordered:
        message, cure = finding_text(finding, lang, closed)
        slip = bool(finding.params.get("factor")) and finding.line_id is not None
        slip = slip and finding.state == Finding.State.OPEN
        if not may_explain:
            cure = gettext("The facility corrects or explains it.")
        elif slip and not may_correct:
            cure = slip_cure(finding, lang, is_sent=report.state == ReportState.SUBMITTED)
        views.append(FindingView(finding, message, cure, slip and may_correct))
    return views


def savings_of(user, report: AnnualReport) -> list[Saving]:
    """What each resource saved per unit of product, without the money that tells a price closed to `user`."""
    rows = list(report.resource_savings.select_related("resource", "figure").order_by("resource__kind", "pk"))
    closed = closed_costs(user, [report.facility_id])
    for row in rows:
        if closed.holds(report.facility_id, row.resource_id):
            row.money_closed, row.vnd = True, None
    return rows


def total_figures(report: AnnualReport) -> list[Figure]:
    """TOE and CO₂ of the year."""
    codes = [lineage.total_code(kind, report) for kind in ("toe", "co2")]
    return list(Figure.objects.filter(code__in=codes).order_by("-code"))


def to_be_locked(report) -> dict[str, int]:
    """How many annual reports the issue of a province's report locks, and how many are still open."""
    rows = AnnualReport.objects.filter(facility__province_code=report.province_code, year=report.year)
    return {
        "accepted": rows.filter(state=ReportState.ACCEPTED).count(),
        "open": rows.filter(state__in=(ReportState.SUBMITTED, ReportState.RETURNED)).count(),
    }


@dataclass(frozen=True)
class Change:
    """One save of one section: who, when, and what differs."""

    at: datetime.datetime
    by: str
    section: str
    batch: str
    differences: list[Difference]


def history(user, report: AnnualReport, limit: int = 200) -> list[Change]:
    """The saves of a report, newest first, as `user` may read them."""
    changes = report.changes.exclude(section="size").select_related("by")[:limit]
    return [
        Change(
            change.at,
            change.by.display_name() if change.by else "sachhon",
            change.section,
            change.batch,
            _costs_closed(user, report, differences(change.before, change.after)),
        )
        for change in changes
    ]


def _costs_closed(user, report: AnnualReport, found: list[Difference]) -> list[Difference]:
    """Where any cost of the facility is closed to `user`, no cost is told: a change names its line in words alone."""
    if not closed_costs(user, [report.facility_id]).of(report.facility_id):
        return found
    money = {"cost_vnd", "saving_vnd_per_year"}
    return [replace(d, before=MARK, after=MARK) if d.field in money else d for d in found]


def between_revisions(user, older: AnnualReport, newer: AnnualReport) -> dict[str, list[Difference]]:
    """What differs between two revisions, by section, as `user` may read it; rows are matched by what they are of."""
    found = {}
    for section in Section:
        one, other = read_section(older, section), read_section(newer, section)
        if section not in (Section.GENERAL, Section.CP):
            one, other = _by_thing(one), _by_thing(other)
        if differing := differences(one, other):
            found[section.value] = _costs_closed(user, newer, differing)
    return found


def _by_thing(rows: dict) -> dict:
    found: dict[str, dict] = {}
    for row in rows.values():
        key = "|".join(str(row.get(k) or "") for k in ("flow", "item", "meter", "kind"))
        if "item" not in row:
            key += str(row.get("name") or row.get("text") or "")
        found[f"{key}#{sum(k.startswith(f'{key}#') for k in found)}"] = row
    return found


def _last_year(line: ReportLine, lines: list[ReportLine], before: list[YearOfRecords]) -> list[YearOfRecords]:
    """Last year's records of the line: of its own meter, else of all meters without a line of their own."""
    same = [
        entry
        for entry in before
        if line.item is not None
        and entry.flow == line.flow
        and getattr(entry.resource, "pk", None) == line.resource_id
        and getattr(entry.product, "pk", None) == line.product_id
    ]
    if line.meter:
        return [entry for entry in same if entry.meter == line.meter]
    others = {
        other.meter
        for other in lines
        if other.meter and (other.flow, other.resource_id) == (line.flow, line.resource_id)
    }
    return [entry for entry in same if entry.meter not in others]


def _view(line: ReportLine, last: list[YearOfRecords], figure: Figure | None) -> LineView:
    if not last:
        return LineView(line, (None,) * 12, None, None, figure)
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for entry in last:
        for month, quantity in entry.months.items():
            sums[month] += quantity
    months = tuple(_in_unit_of(line, sums.get(month)) for month in range(1, 13))
    costs = [entry.cost for entry in last if entry.cost is not None]
    total = _in_unit_of(line, sum(sums.values(), Decimal(0)))
    return LineView(line, months, total, sum(costs) if costs else None, figure)


def _in_unit_of(line: ReportLine, quantity: Decimal | None) -> Decimal | None:
    if quantity is None or line.unit == line.item.unit:
        return quantity
    try:
        code = line.resource.code if line.resource else None
        return convert(quantity, line.item.unit, line.unit, resource=code)
    except UnitError:
        return None
