"""One row of a line table while it is read, and the quantities in it: months and total, in the line's unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sachhon.workbooks.annual.cells import (
    Findings,
    decimal_of,
    is_estimate_mark,
    plain_number,
    separators_of,
    text,
)
from sachhon.workbooks.annual.locate import FoundTable
from sachhon.workbooks.annual.lookups import canonical_unit, conversion
from sachhon.workbooks.annual.model import NO_MONTHS, Months
from sachhon.workbooks.grid import Sheet
from sachhon.workbooks.problems import Level

_SAME_TOTAL = Decimal("1e-9")
_CLOSE_TOTAL = Decimal("0.001")
"""A stated total may be rounded; beyond a thousandth it says something else than the months."""

YEAR = 0
"""The place of the year's total among the months 1 to 12, where figures are held by month."""


@dataclass
class LineRow:
    """One row of a table while it is read."""

    sheet: Sheet
    table: FoundTable
    row: int
    cells: list[Any]
    path: str
    found: Findings

    def place(self, key: str) -> int | None:
        return self.table.columns.get((key, 0))

    def text(self, key: str) -> str:
        place = self.table.columns.get((key, 0))
        return "" if place is None else text(self.cells[place])

    def note(self, level: Level, rule: str, key: str, **params: Any) -> None:
        """A problem of the cell under that head, or of the row's name where there is no such column."""
        place = self.place(key)
        column = self.table.columns["name", 0] if place is None else place
        self.found.note(level, rule, self.sheet, self.row, column, **params)


@dataclass
class Figures:
    """The quantities of a row: months, the stated total, and what was written around the numbers."""

    months: list[Decimal | None] = field(default_factory=list)
    total: Decimal | None = None
    estimated: set[int] = field(default_factory=set)
    units: dict[int, str] = field(default_factory=dict)
    """Month (0 for the total) -> the unit written behind its number."""


def figures_of(row: LineRow) -> Figures:
    """The quantities as they are written; a cell that holds none is noted and left out."""
    figures = Figures()
    cells, found = row.cells, row.found
    separators, asked = None, False
    for month, column in (*row.table.months, (YEAR, row.place("total"))):
        if column is None:
            continue
        value = cells[column]
        if value.__class__ is float and value >= 0:
            quantity = decimal_of(value)
        elif value == "":
            continue
        else:
            if not asked:
                separators, asked = separators_of(cells[each] for _, each in row.table.months), True
            number = plain_number(value, found, row.sheet, row.row, column, separators)
            if number is None:
                continue
            quantity = number.value
            if is_estimate_mark(number.unit, number):
                figures.estimated.add(month)
            elif number.unit:
                figures.units[month] = number.unit
        if month == YEAR:
            figures.total = quantity
            continue
        if not figures.months:
            figures.months = list(NO_MONTHS)
        figures.months[month - 1] = quantity
    figures.estimated.discard(YEAR)
    return figures


def months_in(figures: Figures, unit: str, factor: Decimal, code: str | None, row: LineRow) -> Months:
    """The twelve months in the line's unit (`in_unit`)."""
    if not figures.months:
        return NO_MONTHS
    if factor == 1 and not figures.units:
        return tuple(figures.months)
    return tuple(
        in_unit(value, month, figures, unit, factor, code, row)
        for month, value in enumerate(figures.months, start=1)
    )


def in_unit(
    value: Decimal | None,
    month: int,
    figures: Figures,
    unit: str,
    factor: Decimal,
    code: str | None,
    row: LineRow,
) -> Decimal | None:
    """A figure in the line's unit: by the unit behind the number itself, else by the factor of the line."""
    written = figures.units.get(month)
    if value is None or written is None:
        return value if value is None or factor == 1 else value * factor
    own = canonical_unit(written)
    own_factor = conversion(own, unit, code or "") if own and unit else None
    if own_factor is not None:
        return value * own_factor
    column = dict(row.table.months).get(month) if month else row.place("total")
    rule, params = ("unit_mismatch", {"wanted": unit}) if own else ("unit_unknown", {})
    row.found.note("error", rule, row.sheet, row.row, column or 0, unit=written, **params)
    return None


def total_of(row: LineRow, total: Decimal | None, months: Months) -> Decimal | None:
    """The total as stated, or the months added up; said where the two are not the same."""
    known = [month for month in months if month is not None]
    if not known:
        return total
    added = sum(known, Decimal(0))
    if total is None or abs(total - added) <= added * _SAME_TOTAL:
        return added
    if abs(total - added) > added * _CLOSE_TOTAL:
        row.note("warning", "annual_year_total_mismatch", "total", stated=f"{total:f}", computed=f"{added:f}")
    return total
