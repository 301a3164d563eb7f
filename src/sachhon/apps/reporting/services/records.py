"""A sent report's months become the registry's monthly records, each with the cell it came from.

A year's total without months is spread by day over the months that are open, and marked estimated; so is a
month of the year that was not over when the report was sent. Where the registry has readings of a meter of
their own for a month, they stay: the report's figure is not put beside them, and a difference is reported.
"""

import calendar
import datetime
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sachhon.apps.registry.models import Flow, Quality, Record, RecordChange
from sachhon.apps.registry.services.records import RecordRow, delete_records, write_records
from sachhon.apps.reporting.models import AnnualReport, ReportLine
from sachhon.apps.reporting.services import savings
from sachhon.apps.reporting.services.checks import Issue, lines_of
from sachhon.apps.reporting.services.sections import Section
from sachhon.reference.units import UnitError, convert

SIX = Decimal("0.000001")
METER_TOLERANCE = Decimal("0.01")
SECTION_OF = {
    Flow.OUTPUT: Section.PRODUCTS, Flow.CONSUMPTION: Section.INPUTS, Flow.WASTE: Section.WASTES,
    Flow.EMISSION: Section.WASTES,
}  # fmt: skip


@dataclass(frozen=True)
class Month:
    """One month of a line in the unit of its product or resource."""

    month: int
    quantity: Decimal
    entered: str
    estimated: bool
    origin: tuple[str, str, str]


def rewrite(actor, report: AnnualReport, *, batch: str, on: datetime.date) -> list[Issue]:
    """The report's months into the registry; the savings follow once, not with every record."""
    with savings.postponed():
        notes = write_report(actor, report, batch=batch or f"report-{report.pk}-{report.version}", on=on)
        savings.recompute_later(report.facility_id, report.year)
    return notes


def write_report(actor, report: AnnualReport, *, batch: str, on: datetime.date) -> list[Issue]:
    """Writes the report's lines to the registry under `batch`; returns notes where meters say otherwise.

    `on` is the day the report was sent. Records that an earlier version of this year's report brought and
    this one no longer has are removed, with history.
    """
    lines = [line for line in lines_of(report) if line.item is not None]
    existing = list(report.facility.records.filter(year=report.year))
    ours = _written_before(report)
    meters = {line.meter for line in lines}
    rows, notes = [], []
    for line in lines:
        metered = _metered(existing, line, meters)
        months = months_of(line, report.year, on)
        kept = [m for m in months if m.month in metered and not line.meter]
        months = [m for m in months if m not in kept]
        differing = [m for m in kept if _far(m.quantity, metered[m.month])]
        if differing:
            params = {"item": line.label, "count": len(differing)}
            notes.append(
                Issue(SECTION_OF[Flow(line.flow)], "warning", "metered_kept", f"line-{line.pk}", params)
            )
        rows += _rows(line, report.year, months)
    wanted = {_identity(row) for row in rows}
    gone = [record for record in existing if record.pk in ours and _identity(record) not in wanted]
    delete_records(actor, report.facility, gone, batch=batch)
    by_identity = {_identity(record): record for record in existing}
    rows = [row for row in rows if _says_more(row, by_identity.get(_identity(row)), ours)]
    if rows:
        write_records(actor, report.facility, rows, batch=batch)
    if batch not in report.record_batches:
        report.record_batches = [*report.record_batches, batch]
        report.save(update_fields=["record_batches"])
    return notes


def months_of(line: ReportLine, year: int, on: datetime.date) -> list[Month]:
    """The line's months in the unit of its item; a total without months spread by day over the open ones."""
    quantities = line.quantities
    known = [q for q in quantities if q is not None]
    rest = (line.total - sum(known, Decimal(0))) if line.total is not None else Decimal(0)
    spread = _spread(rest, [m for m in range(1, 13) if quantities[m - 1] is None], year) if rest > 0 else {}
    if line.total == 0 and not known:
        spread = dict.fromkeys(range(1, 13), Decimal(0))
    found = []
    for month in range(1, 13):
        quantity = quantities[month - 1]
        own = quantity is not None
        quantity = quantity if own else spread.get(month)
        if quantity is None:
            continue
        last_day = datetime.date(year, month, calendar.monthrange(year, month)[1])
        estimated = not own or month in line.estimated_months or last_day >= on
        origin = line.origins.get(str(month) if own else "total") or ("", "", "")
        found.append(
            Month(month, _converted(line, quantity), f"{quantity.normalize():f}", estimated, tuple(origin))
        )
    return found


def _rows(line: ReportLine, year: int, months: list[Month]) -> list[RecordRow]:
    costs = split_cost(line.cost_vnd, [m.quantity for m in months])
    return [
        RecordRow(
            year=year,
            month=month.month,
            flow=line.flow,
            quantity=month.quantity,
            resource=line.resource,
            product=line.product,
            meter=line.meter,
            entered_quantity=month.entered,
            entered_unit=line.unit,
            cost_vnd=cost,
            source=line.source,
            quality=Quality.ESTIMATED if month.estimated else Quality.GOOD,
            file_name=month.origin[0],
            sheet=month.origin[1],
            cell=month.origin[2],
        )
        for month, cost in zip(months, costs, strict=True)
    ]


def split_cost(cost: int | None, quantities: list[Decimal]) -> list[int | None]:
    """The year's cost by month in proportion to the quantity, whole dong, the months adding up to the cost."""
    whole = sum(quantities, Decimal(0))
    if cost is None or not quantities:
        return [None] * len(quantities)
    if whole == 0:
        return [cost, *[0] * (len(quantities) - 1)]
    shares, so_far, given = [], Decimal(0), 0
    for quantity in quantities:
        so_far += quantity
        upto = int((cost * so_far / whole).quantize(Decimal(1), ROUND_HALF_UP))
        shares.append(upto - given)
        given = upto
    return shares


def _spread(rest: Decimal, months: list[int], year: int) -> dict[int, Decimal]:
    days = {m: calendar.monthrange(year, m)[1] for m in months}
    whole, spread, left = sum(days.values()), {}, rest
    for month in months[:-1]:
        spread[month] = (rest * days[month] / whole).quantize(SIX)
        left -= spread[month]
    if months:
        spread[months[-1]] = left
    return spread


def _converted(line: ReportLine, quantity: Decimal) -> Decimal:
    if line.unit == line.item.unit:
        return quantity.quantize(SIX)
    code = line.resource.code if line.resource else None
    try:
        return convert(quantity, line.unit, line.item.unit, resource=code).quantize(SIX)
    except UnitError:  # checks.py refuses such a report before it is sent
        raise ValueError(f"{line.label}: {line.unit} → {line.item.unit}") from None


def _metered(existing: list[Record], line: ReportLine, meters: set[str]) -> dict[int, Decimal]:
    """Month → sum of the readings of meters that the report has no line of its own for."""
    found: dict[int, Decimal] = {}
    for record in existing:
        same = (record.flow, record.resource_id, record.product_id) == (
            line.flow,
            line.resource_id,
            line.product_id,
        )
        if same and record.meter and record.meter not in meters:
            found[record.month] = found.get(record.month, Decimal(0)) + record.quantity
    return found


def _far(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) > METER_TOLERANCE * max(abs(one), abs(other))


def _written_before(report: AnnualReport) -> set[int]:
    """Ids of the records that this year's report, in any version or revision, brought."""
    revisions = report.facility.annual_reports.filter(year=report.year)
    batches = [batch for kept in revisions.values_list("record_batches", flat=True) for batch in kept]
    if not batches:
        return set()
    changes = RecordChange.objects.filter(facility=report.facility, batch__in=batches, record__isnull=False)
    return set(changes.values_list("record_id", flat=True))


def _says_more(row: RecordRow, record: Record | None, ours: set[int]) -> bool:
    """Whether the row tells the registry something new; the same figure from a bill is left with its source.

    A cost that the report brought is the report's to correct; that of a bill is the bill's.
    """
    if record is None or row.quantity.quantize(SIX) != record.quantity:
        return True
    if record.quality == Quality.ESTIMATED and row.quality == Quality.GOOD:
        return True
    if row.cost_vnd is None or row.cost_vnd == record.cost_vnd:
        return False
    return record.cost_vnd is None or (record.pk in ours and record.source == row.source)


def _identity(row) -> tuple:
    if isinstance(row, Record):
        return (row.month, row.flow, row.resource_id, row.product_id, row.meter)
    return row.identity[1:]
