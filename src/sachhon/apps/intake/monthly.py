"""Readings of a workbook made into the registry's monthly records, and written beside what is there already.

What is told comes from `told` (one problem a thing and year), what stands there is judged in `beside`. A plan can
be made without writing anything: the preview of a mapping says what would be refused or left aside.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sachhon.apps.intake.beside import Month, beside
from sachhon.apps.intake.told import DEEDS, FORESEEN, REFUSING, Telling
from sachhon.apps.registry.models import Facility, Product, Resource
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.reference.resources import find_resource
from sachhon.reference.text import fold
from sachhon.reference.units import UnitError, convert, normalise_unit
from sachhon.workbooks.problems import Problem
from sachhon.workbooks.readings import Reading
from sachhon.workbooks.spread import spread

_LONGEST_CELLS = 255
USED_UP = ("electricity", "water", "fuel", "heat")  # kinds of what few factories make to sell


@dataclass(frozen=True)
class Plan:
    """What would be written, and what is to be told about it. An "error" refuses the file."""

    rows: tuple[RecordRow, ...]
    problems: tuple[Problem, ...]

    @property
    def is_refused(self) -> bool:
        return any(problem.level == "error" for problem in self.problems)

    @property
    def open_ends(self) -> tuple[Problem, ...]:
        """What is wrong or left aside, without what would be done."""
        return tuple(problem for problem in self.problems if problem.rule not in DEEDS)

    @property
    def foreseen(self) -> tuple[Problem, ...]:
        """`open_ends`, and which figures and costs of other sources the file would replace."""
        replaced = [p for p in self.problems if p.rule in FORESEEN]
        return (*self.open_ends, *(replace(p, rule=FORESEEN[p.rule]) for p in replaced))


class MonthlyWriter:
    """Writes the readings of one file at one facility under one batch; `is_all`: the file brings nothing else."""

    def __init__(self, actor, facility: Facility, batch: str, file_name: str, *, is_all: bool = True):
        self.actor, self.facility, self.batch, self.file_name = actor, facility, batch, file_name
        self.is_all = is_all
        self.products_made: list[int] = []
        self.taken = 0  # months that were made or changed
        self.rows: tuple[RecordRow, ...] = ()  # what was written
        self._products = {product.search_key: product for product in facility.products.all()}

    def write(self, readings: Sequence[tuple[str, Reading]]) -> list[Problem]:
        """Stores the (meter, reading) pairs; returns what is to be told. An "error" among it refuses the file."""
        plan = self.plan(readings)
        if plan.is_refused:
            return list(plan.open_ends)
        for row in plan.rows:
            if row.product is not None and row.product.pk is None:
                row.product.save()
                self.products_made.append(row.product.pk)
        written = write_records(self.actor, self.facility, plan.rows, batch=self.batch)
        self.taken, self.rows = written.created + written.changed, plan.rows
        return list(plan.problems)

    def plan(self, readings: Sequence[tuple[str, Reading]]) -> Plan:
        """What `write` would do. A file of which nothing could be taken is refused by what a judged year left aside."""
        codes = {reading.resource for _meter, reading in readings if reading.resource}
        self._resources = {r.code: r for r in Resource.objects.filter(code__in=codes)}
        self._telling = Telling()
        months: dict[tuple, Month] = {}
        for meter, reading in readings:
            for month in self._months(meter, reading):
                self._keep(months, month)
        rows = beside(self.facility, list(months.values()), self._telling)
        self._tell_products(rows)
        problems = self._telling.problems()
        if not rows and self.is_all:
            problems = [_as_error(p) if p.rule in REFUSING else p for p in problems]
        return Plan(tuple(rows), tuple(problems))

    def _months(self, meter: str, reading: Reading) -> list[Month]:
        """The reading as one record, or, where it is of a longer period, as even shares by day."""
        thing = self._thing(reading)
        if thing is None:
            return []
        item, quantity = thing
        parts = _parts(reading.period, quantity)
        money = _parts(reading.period, Decimal(reading.cost_vnd)) if reading.cost_vnd is not None else {}
        is_share = len(parts) > 1
        found = []
        for (year, month), share in parts.items():
            cost = int(money[year, month]) if money else None
            row = self._row(reading, item, month, year, share, cost, meter, is_share)
            found.append(Month(row, reading.complete, is_share))
        if is_share:
            row = found[0].row
            params = {"item": str(item), "period": reading.period}
            self._telling.one("warning", "period_spread", row.sheet, row.cell, **params)
        return found

    def _row(self, reading, item, month, year, quantity, cost, meter, is_share) -> RecordRow:
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
        place = reading.origins[0] if reading.origins else ("", "")
        if reading.flow != "output":
            resource = self._resources.get(reading.resource or "")
            if resource is None:
                figure = (reading.period, None, str(reading.quantity))
                self._telling.of_month("error", "mapped_resource_unknown", place, figure, name=reading.label)
                return None
            return resource, reading.quantity
        key = fold(reading.label)[:255]
        product = self._products.get(key)
        if product is None:
            product = Product(facility=self.facility, name=reading.label[:255], unit=reading.unit)
            self._products[key] = product
        try:
            if normalise_unit(product.unit) == reading.unit:
                return product, reading.quantity
            return product, convert(reading.quantity, reading.unit, product.unit)
        except UnitError:
            params = {"product": product.name, "unit": product.unit, "found": reading.unit}
            figure = (reading.period, None, str(reading.quantity))
            self._telling.of_month("error", "product_unit_differs", place, figure, **params)
            return None

    def _tell_products(self, rows: Sequence[RecordRow]) -> None:
        """The products that come into being with the rows, each once."""
        told = set()
        for row in rows:
            if row.product is not None and row.product.pk is None and id(row.product) not in told:
                told.add(id(row.product))
                params = {"product": row.product.name, "unit": row.product.unit}
                self._telling.one("info", "product_made", row.sheet, row.cell, **params)
                used = find_resource(row.product.name)
                if used and used.kind in USED_UP:
                    params = {"product": row.product.name, "item": used.name_vi}
                    self._telling.one("warning", "product_like_resource", row.sheet, row.cell, **params)

    def _keep(self, months: dict[tuple, Month], month: Month) -> None:
        """One figure a month and thing: a real reading before a share of a year; two that differ are an error."""
        other = months.get(month.key)
        if other is None or (other.spread and not month.spread):
            months[month.key] = month
        elif other.spread == month.spread and other.row.quantity != month.row.quantity:
            params = {"item": str(month.item), "unit": month.item.unit, "year": month.row.year}
            params["other"] = other.row.sheet
            figure = (month.period, str(other.row.quantity), str(month.row.quantity))
            self._telling.of_month("error", "two_figures", month.place, figure, **params)


def _as_error(problem: Problem) -> Problem:
    return replace(problem, level="error")


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
