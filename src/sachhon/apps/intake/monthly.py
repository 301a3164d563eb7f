"""Readings of a workbook laid into the registry's monthly records, beside what is there already.

A figure that differs from another source's replaces it, with a warning that names both; a figure that would
be counted twice, or that knows less than the one it would replace, or that belongs to a year whose report was
accepted, is not written.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sachhon.apps.registry.models import Facility, Product, Record, RecordChange, Resource
from sachhon.apps.registry.services.judged import judged_years
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.reference.text import fold
from sachhon.reference.units import UnitError, convert, normalise_unit, unit_label
from sachhon.workbooks.problems import Problem
from sachhon.workbooks.readings import Reading
from sachhon.workbooks.spread import spread

_LONGEST_CELLS = 255


@dataclass(frozen=True)
class _Month:
    """A reading in its month, of a thing the registry knows."""

    row: RecordRow
    complete: bool
    spread: bool  # from a quarter, half or year: an even share, not a reading

    @property
    def item(self):
        return self.row.product or self.row.resource

    @property
    def period(self) -> str:
        return f"{self.row.month:02d}/{self.row.year}"


class MonthlyWriter:
    """Writes the readings of one file at one facility under one batch."""

    def __init__(self, actor, facility: Facility, batch: str, file_name: str):
        self.actor, self.facility, self.batch, self.file_name = actor, facility, batch, file_name
        self.products_made: list[int] = []
        self.problems: list[Problem] = []
        self._products = {product.search_key: product for product in facility.products.all()}

    def write(self, readings: Sequence[tuple[str, Reading]]) -> list[Problem]:
        """Stores the (meter, reading) pairs; returns what is to be told. An "error" among it refuses the file."""
        codes = {reading.resource for _meter, reading in readings if reading.resource}
        self._resources = {r.code: r for r in Resource.objects.filter(code__in=codes)}
        months: dict[tuple, _Month] = {}
        for meter, reading in readings:
            for month in self._months(meter, reading):
                self._keep(months, month)
        wanted = self._beside_what_is_there(list(months.values()))
        if not any(problem.level == "error" for problem in self.problems):
            write_records(self.actor, self.facility, [month.row for month in wanted], batch=self.batch)
        return self.problems

    def _problem(self, level, rule: str, row: RecordRow | None = None, **params) -> None:
        cell = row.cell.split(":")[0].split(",")[0] if row is not None else None
        sheet = row.sheet if row is not None else None
        self.problems.append(Problem(level, rule, sheet or None, cell or None, params))

    def _months(self, meter: str, reading: Reading) -> list[_Month]:
        """The reading as one record, or, where it is of a longer period, as even shares by day."""
        thing = self._thing(reading)
        if thing is None:
            return []
        item, quantity = thing
        parts = _parts(reading.period, quantity)
        money = _parts(reading.period, Decimal(reading.cost_vnd)) if reading.cost_vnd is not None else {}
        if len(parts) > 1:
            params = {"item": str(item), "period": reading.period}
            self._problem(
                "warning", "period_spread", self._row(reading, item, 1, 2000, quantity, None), **params
            )
        found = []
        for (year, month), share in parts.items():
            cost = int(money[year, month]) if money else None
            row = self._row(reading, item, month, year, share, cost, meter, len(parts) > 1)
            found.append(_Month(row, reading.complete, len(parts) > 1))
        return found

    def _row(self, reading, item, month, year, quantity, cost, meter="", is_share=False) -> RecordRow:
        sheet = reading.origins[0][0] if reading.origins else ""
        cells = ", ".join(cell for _sheet, cell in reading.origins)
        quality = "estimated" if reading.estimated or is_share else "good" if reading.complete else "suspect"
        return RecordRow(
            year=year,
            month=month,
            flow=reading.flow,
            quantity=quantity,
            resource=item if isinstance(item, Resource) else None,
            product=item if isinstance(item, Product) else None,
            meter=meter,
            entered_quantity=str(reading.quantity),
            entered_unit=reading.unit,
            cost_vnd=cost,
            source=reading.source,
            quality=quality,
            file_name=self.file_name,
            sheet=sheet,
            cell=cells if len(cells) <= _LONGEST_CELLS else cells[: _LONGEST_CELLS - 1] + "…",
        )

    def _thing(self, reading: Reading) -> tuple[Resource | Product, Decimal] | None:
        """The resource or product, with the quantity in its unit; None (with a problem) where there is none."""
        sheet, cell = reading.origins[0] if reading.origins else ("", "")
        where = {"sheet": sheet or None, "cell": cell.split(":")[0] or None}
        if reading.flow != "output":
            resource = self._resources.get(reading.resource or "")
            if resource is None:
                self.problems.append(
                    Problem("error", "mapped_resource_unknown", params={"name": reading.label}, **where)
                )
                return None
            return resource, reading.quantity
        product = self._products.get(fold(reading.label)[:255])
        if product is None:
            product = Product.objects.create(
                facility=self.facility, name=reading.label[:255], unit=reading.unit
            )
            self._products[product.search_key] = product
            self.products_made.append(product.pk)
            params = {"product": product.name, "unit": unit_label(product.unit)}
            self.problems.append(Problem("info", "product_made", params=params, **where))
            return product, reading.quantity
        try:
            if normalise_unit(product.unit) == reading.unit:
                return product, reading.quantity
            return product, convert(reading.quantity, reading.unit, product.unit)
        except UnitError:
            params = {"product": product.name, "unit": product.unit, "found": reading.unit}
            self.problems.append(Problem("error", "product_unit_differs", params=params, **where))
            return None

    def _keep(self, months: dict[tuple, _Month], month: _Month) -> None:
        """One figure a month and thing: a real reading before a share of a year; two that differ are an error."""
        other = months.get(month.row.identity)
        if other is None or (other.spread and not month.spread):
            months[month.row.identity] = month
        elif other.spread == month.spread and other.row.quantity != month.row.quantity:
            params = {
                "item": str(month.item),
                "period": month.period,
                "cell": f"{other.row.sheet}!{other.row.cell}",
            }
            self._problem("error", "two_figures", month.row, **params)

    def _beside_what_is_there(self, months: list[_Month]) -> list[_Month]:
        """The months to be written, after a look at the records that stand there."""
        years = {month.row.year for month in months}
        there = list(self.facility.records.filter(year__in=years).select_related("resource", "product"))
        same = {_identity(record): record for record in there}
        by_thing: dict[tuple, list[Record]] = {}
        for record in there:
            by_thing.setdefault(_identity(record)[:-1], []).append(record)
        sources = _Sources(there)
        judged = judged_years(self.facility, years)
        wanted = []
        for month in months:
            record = same.get(month.row.identity)
            others = [
                r for r in by_thing.get(month.row.identity[:-1], ()) if bool(r.meter) != bool(month.row.meter)
            ]
            params = {"item": str(month.item), "period": month.period}
            if others:
                self._problem("error", "total_and_meters", month.row, source=sources.of(others[0]), **params)
            elif month.row.year in judged:
                self._tell_kept(month, record, params)
            elif record is None or record.quantity == month.row.quantity.quantize(record.quantity):
                self._tell_new_cost(month, record, sources, params)
                wanted.append(month)
            elif month.spread or (not month.complete and record.quality == "good"):
                figures = {"old": _text(record.quantity), "new": _text(month.row.quantity)}
                self._problem(
                    "warning", "less_known", month.row, source=sources.of(record), **figures, **params
                )
            else:
                figures = {"old": _text(record.quantity), "new": _text(month.row.quantity)}
                self._problem(
                    "warning", "value_replaced", month.row, source=sources.of(record), **figures, **params
                )
                wanted.append(month)
        return wanted

    def _tell_new_cost(self, month: _Month, record: Record | None, sources: "_Sources", params: dict) -> None:
        """The same quantity with another cost is taken, and told."""
        if record is None or None in (record.cost_vnd, month.row.cost_vnd):
            return
        if record.cost_vnd != month.row.cost_vnd:
            costs = {"old": str(record.cost_vnd), "new": str(month.row.cost_vnd)}
            self._problem("warning", "cost_replaced", month.row, source=sources.of(record), **costs, **params)

    def _tell_kept(self, month: _Month, record: Record | None, params: dict[str, str]) -> None:
        """A figure of a judged year that says something else is told, and left alone."""
        figure = _text(month.row.quantity)
        if record is None:
            self._problem("warning", "judged_year_not_added", month.row, new=figure, **params)
        elif record.quantity != month.row.quantity.quantize(record.quantity):
            old = _text(record.quantity)
            self._problem("warning", "judged_year_kept", month.row, old=old, new=figure, **params)


class _Sources:
    """Where each record's present figure came from, in words, looked up once."""

    def __init__(self, records: Sequence[Record]):
        changes = RecordChange.objects.filter(record__in=records, undone_at=None).select_related("actor")
        self._last = {change.record_id: change for change in changes.order_by("pk")}

    def of(self, record: Record) -> str:
        change = self._last.get(record.pk)
        if change is None:
            return record.get_source_display()
        if change.file_name:
            return f"{change.file_name} {change.sheet}!{change.cell}"
        return change.actor.display_name() if change.actor else record.get_source_display()


def _parts(period: str, quantity: Decimal) -> dict[tuple[int, int], Decimal]:
    """{(year, month): share} of "2025-03", "2025-Q1", "2025-H1" or "2025"; shares by day add up exactly."""
    year, _dash, rest = period.partition("-")
    if rest.isdigit():
        return {(int(year), int(rest)): quantity}
    first = {"": 1, "Q1": 1, "Q2": 4, "Q3": 7, "Q4": 10, "H1": 1, "H2": 7}[rest]
    length = {"": 12, "Q": 3, "H": 6}[rest[:1]]
    end = datetime.date(int(year) + (first + length > 12), (first + length - 1) % 12 + 1, 1)
    shares = spread(quantity, datetime.date(int(year), first, 1), end - datetime.timedelta(days=1))
    return {(int(code[:4]), int(code[5:])): share for code, share in shares.items()}


def _identity(record: Record) -> tuple:
    return (record.year, record.month, record.flow, record.resource_id, record.product_id, record.meter)


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"
