"""What a new draft holds before anybody types: the year's monthly records and what last year's report said.

Figures are never copied from last year, only what they are figures of; an empty month stays empty.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from sachhon.apps.registry.models import Facility, FacilityYear, Quality
from sachhon.apps.reporting.models import AnnualReport, ReportLine, ReportSolution
from sachhon.apps.reporting.services.sections import total_of
from sachhon.reference.units import UnitError, convert

COPIED = (
    "contact_name", "contact_phone", "contact_email", "cp_aware", "cp_applying", "cp_since", "cp_unit",
    "cp_unit_decision", "cp_unit_people", "signer_name", "signer_title", "baseline_year", "baseline_reason",
    "employees", "capital_vnd",
)  # fmt: skip


@dataclass
class YearOfRecords:
    """What the registry knows of one thing in one year, in the unit of the thing."""

    flow: str
    resource: object = None
    product: object = None
    meter: str = ""
    months: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    estimated: set[int] = field(default_factory=set)
    cost: int | None = None

    @property
    def item(self):
        return self.product or self.resource


def fill(report: AnnualReport, *, copy_from_last_year: bool) -> None:
    """Fills a new, empty report."""
    facility = report.facility
    last = previous_report(report) if copy_from_last_year else None
    for name in ("contact_name", "contact_phone", "contact_email"):
        setattr(report, name, getattr(facility, name))
    if last is not None:
        for name in COPIED:
            setattr(report, name, getattr(last, name) or getattr(report, name))
    _size_figures(report)
    report.save()
    lines = _empty_lines(report, last) if last is not None else []
    _put_records(report, lines, records_of(facility, report.year))
    ReportLine.objects.bulk_create(lines)
    if last is not None:
        ReportSolution.objects.bulk_create(_unfinished(report, last))


def previous_report(report: AnnualReport) -> AnnualReport | None:
    """The newest revision of the nearest earlier year."""
    earlier = report.facility.annual_reports.filter(year__lt=report.year)
    return earlier.order_by("-year", "-revision").first()


def records_of(facility: Facility, year: int) -> list[YearOfRecords]:
    """The year's monthly records of a facility, one entry a thing and meter."""
    found: dict[tuple, YearOfRecords] = {}
    for record in facility.records.filter(year=year).select_related("resource", "product"):
        key = (record.flow, record.resource_id, record.product_id, record.meter)
        entry = found.setdefault(
            key, YearOfRecords(record.flow, record.resource, record.product, record.meter)
        )
        entry.months[record.month] += record.quantity
        if record.quality == Quality.ESTIMATED:
            entry.estimated.add(record.month)
        if record.cost_vnd is not None:
            entry.cost = (entry.cost or 0) + record.cost_vnd
    return list(found.values())


def _size_figures(report: AnnualReport) -> None:
    known = FacilityYear.objects.filter(facility=report.facility, year=report.year).first()
    if known is not None:
        for name in ("employees", "revenue_vnd", "capital_vnd"):
            setattr(report, name, getattr(known, name) or getattr(report, name))


def _empty_lines(report: AnnualReport, last: AnnualReport) -> list[ReportLine]:
    return [
        ReportLine(
            report=report,
            flow=line.flow,
            product=line.product,
            resource=line.resource,
            name=line.name,
            meter=line.meter,
            unit=line.unit,
            source=line.source,
            months=[None] * 12,
        )
        for line in last.lines.select_related("product", "resource")
    ]


def _put_records(report: AnnualReport, lines: list[ReportLine], years: list[YearOfRecords]) -> None:
    by_thing = {(line.flow, line.resource_id, line.product_id, line.meter): line for line in lines}
    # Meters that the report has no line of their own for are added up in the line of the thing.
    for entry in sorted(years, key=lambda e: e.meter):
        thing = (entry.flow, getattr(entry.resource, "pk", None), getattr(entry.product, "pk", None))
        line = by_thing.get((*thing, entry.meter)) or by_thing.get((*thing, ""))
        if line is None:
            line = ReportLine(
                report=report,
                flow=entry.flow,
                resource=entry.resource,
                product=entry.product,
                name=str(entry.item)[:255],
                unit=entry.item.unit,
                months=[None] * 12,
            )
            lines.append(line)
            by_thing[(*thing, "")] = line
        _add(line, entry)


def _add(line: ReportLine, entry: YearOfRecords) -> None:
    for month, quantity in entry.months.items():
        try:
            value = convert(
                quantity, entry.item.unit, line.unit, resource=entry.resource.code if entry.resource else None
            )
        except UnitError:
            line.unit, value = entry.item.unit, quantity
        so_far = line.quantities[month - 1] or Decimal(0)
        line.months[month - 1] = f"{(so_far + value).normalize():f}"
    line.estimated_months = sorted({*line.estimated_months, *entry.estimated})
    if entry.cost is not None:
        line.cost_vnd = (line.cost_vnd or 0) + entry.cost
    line.total = total_of(line.months, None)


def _unfinished(report: AnnualReport, last: AnnualReport) -> list[ReportSolution]:
    open_states = (ReportSolution.State.PROPOSED, ReportSolution.State.DOING)
    return [
        ReportSolution(
            report=report,
            name=solution.name,
            group=solution.group,
            not_cp_reason=solution.not_cp_reason,
            state=solution.state,
            started_on=solution.started_on,
            investment_vnd=solution.investment_vnd,
            savings=solution.savings,
            saving_vnd_per_year=solution.saving_vnd_per_year,
        )
        for solution in last.solutions.filter(state__in=open_states)
    ]
