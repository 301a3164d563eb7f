"""What every layout's reader shares: a cell as a figure in its canonical unit, with problems noted.

A ``Reader`` belongs to one table located by one profile. It decides nothing about periods; see the
modules ``read_*`` for those.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sachhon.reference.resources import resource as resource_of
from sachhon.reference.units import UnitError
from sachhon.workbooks.grid import CellError
from sachhon.workbooks.problems import Level, Problem
from sachhon.workbooks.profile import Flow, Located, MappingProfile, Role
from sachhon.workbooks.provenance import source_of, source_of_table
from sachhon.workbooks.readings import Collector, Source, Total, agree
from sachhon.workbooks.solutions import FoundSolution, Part, PartName, with_money
from sachhon.workbooks.tables import body_rows
from sachhon.workbooks.titles import table_unit, title_period, title_year
from sachhon.workbooks.units import canonical, known_unit, money, resource_in, unit_in_header
from sachhon.workbooks.values import (
    LIKELY_YEARS,
    NumberText,
    Period,
    Separators,
    infer_separators,
    is_dash,
    is_nothing,
    parse_date,
    parse_period,
    read_number,
)
from sachhon.workbooks.vocabulary import has_word, header_key, words_of

_MOST_PROBLEMS_OF_A_RULE = 200


@dataclass(frozen=True)
class Thing:
    """What a figure is of: a resource of the reference, or a product by its name."""

    flow: Flow
    label: str
    resource: str | None


class Reader:
    """One table being read: its rows, its columns by role, its problems and totals."""

    def __init__(self, located: Located, profile: MappingProfile, file_name: str) -> None:
        self.sheet, self.table, self.columns = located.sheet, located.table, located.columns
        self.profile = profile
        self.rows = body_rows(self.sheet, self.table)
        self.year = profile.year or title_year(self.sheet, self.table.titles, file_name)
        title = title_period(self.sheet, self.table.titles, self.year)
        self._month = title if title and title.month else None
        self.collector = Collector()
        self.problems: list[Problem] = []
        self.totals: list[Total] = []
        self.parts: list[Part] = []
        self.solutions: list[FoundSolution] = []
        self.counts: dict[str, int] = {}
        self.partial: dict[str, tuple[int, int]] = {}  # month: days covered, days it has
        self._separators: dict[int, Separators | None] = {}
        self._seen: dict[str, int] = {}
        self._table_unit = table_unit(self.table.titles)
        self._source_of_table: Source | None = source_of_table(located, profile, file_name)

    def of(self, role: Role) -> int | None:
        """The column of a role, or None."""
        return next((i for i, c in self.columns.items() if c.role == role), None)

    def all_of(self, *roles: Role) -> list[int]:
        """All columns of the roles, left to right."""
        return [i for i, c in self.columns.items() if c.role in roles]

    def value(self, row: int, col: int | None) -> Any:
        """The cell, ``""`` where the column does not exist."""
        return "" if col is None else self.sheet.cell(row, col)

    def problem(
        self, level: Level, rule: str, row: int | None = None, col: int | None = None, **params: Any
    ) -> None:
        """Note a problem; after many of one rule the rest are only counted."""
        self._seen[rule] = self._seen.get(rule, 0) + 1
        if self._seen[rule] <= _MOST_PROBLEMS_OF_A_RULE:
            cell = None if row is None or col is None else self.sheet.address(row, col)
            self.problems.append(Problem(level, rule, self.sheet.name, cell, params))

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    def number(self, row: int, col: int, required: bool = False) -> NumberText | None:
        """The number in a cell; None for nothing, with a problem for what is neither."""
        value = self.sheet.cell(row, col)
        if isinstance(value, CellError):
            self.problem("error", "formula_error", row, col, error=value)
            return None
        number = read_number(value, self.separators(col))
        if number and number.unit and has_word(number.unit, self.profile.estimated_words):
            return NumberText(number.value, approximate=True)
        if number:
            return number
        if is_dash(value) and self.profile.dash == "zero":
            return NumberText(Decimal(0))
        if is_nothing(value):
            if required or (isinstance(value, str) and value.strip() and not is_dash(value)):
                self.problem("warning", "quantity_missing", row, col)
            return None
        self.problem("error", "number_unreadable", row, col, value=value)
        return None

    def quantity(
        self, row: int, col: int, thing: Thing, required: bool = False
    ) -> tuple[Decimal, str, bool] | None:
        """The figure in its canonical unit with that unit, and whether it is marked approximate."""
        number = self.number(row, col, required)
        if number is None:
            return None
        if number.value < 0:
            self.problem("error", "quantity_negative", row, col, value=number.value)
            return None
        unit = self.unit(row, col, number)
        converted = self.in_canonical(number.value, unit, thing, row, col) if unit else None
        return (*converted, number.approximate) if converted else None

    def in_canonical(
        self, value: Decimal, unit: str, thing: Thing, row: int, col: int
    ) -> tuple[Decimal, str] | None:
        """The value in the thing's canonical unit, or None with a problem."""
        try:
            return canonical(value, unit, thing.resource)
        except UnitError:
            wanted = resource_of(thing.resource).unit if thing.resource else thing.label
            self.problem("error", "unit_mismatch", row, col, unit=unit, wanted=wanted)
            return None

    def unit(self, row: int, col: int, number: NumberText) -> str | None:
        """The unit of a figure: written behind it, in the unit column, the header, the title, the profile."""
        column = self.columns[col]
        texts = [number.unit, self.value(row, self.of("unit"))]
        label = self.value(row, self.of("label"))
        if isinstance(label, str) and label:
            texts.append(unit_in_header(label) or "")
        for text in texts:
            text = str(text).strip()
            if text and not is_nothing(text):
                unit = known_unit(text)
                if unit is None:
                    at = col if text == number.unit else self.of("unit")
                    self.problem("error", "unit_unknown", row, at if at is not None else col, unit=text)
                return unit
        for text in (self.table.unit(col), column.unit, self._table_unit, self.profile.unit):
            if text and (unit := known_unit(text)):
                return unit
        if "unit_missing" not in self._seen:
            self.problem("error", "unit_missing", row, col)
        return None

    def cost(self, row: int, col: int | None) -> int | None:
        """The money in a cell, in whole dong; the header may say thousands or millions."""
        if col is None or is_nothing(self.sheet.cell(row, col)):
            return None
        number = self.number(row, col)
        if number is None:
            return None
        column = self.columns[col]
        for unit in (number.unit, self.table.unit(col), column.unit, "VND"):
            if unit and (amount := money(number.value, unit)) is not None:
                return amount
        return None

    def money(self, row: int, col: int, unit: str) -> int | None:
        """The figure of a cell as money of the given unit, in whole dong."""
        number = self.number(row, col)
        return money(number.value, unit) if number else None

    def thing(self, row: int, col: int, section: Flow | None = None, at: str | None = None) -> Thing | None:
        """What the figure of this cell is of, from the column, the row's label or the profile."""
        column = self.columns[col]
        label = at if at is not None else str(self.value(row, self.of("label")) or "").strip()
        flow = column.flow or section or self.profile.flow
        code = column.resource or self.profile.resource
        if label and not column.resource and not column.label:
            found = None if flow == "output" else resource_in(label)
            code = found.code if found else (None if self.of("label") is not None else code)
            flow = flow or _flow_of(found.kind if found else None)
            name = label
        else:
            name = column.label or self.profile.label or (resource_of(code).name_vi if code else "")
            if code is None and flow not in (None, "output") and (found := resource_in(name)):
                code = found.code  # a header that names it, of a table a person says was consumed
        if not name or flow is None:
            if "label_missing" not in self._seen:
                self.problem("error", "label_missing", row, col)
            return None
        return Thing(flow, name, code)

    def estimated(self, row: int) -> str | None:
        """The word by which a line says that it is an estimate."""
        cells = (self.value(row, c) for c in self.all_of("note", "status", "tariff", "skip"))
        return next((w for v in cells if (w := has_word(v, self.profile.estimated_words))), None)

    def faulty(self, row: int) -> str | None:
        """The word by which a line's status says that it is wrong."""
        cells = (self.value(row, c) for c in self.all_of("status"))
        return next((str(v) for v in cells if has_word(v, self.profile.error_words)), None)

    def separators(self, col: int) -> Separators | None:
        """The separators of a column: the profile's, else what the whole column proves."""
        if col not in self._separators:
            own = infer_separators(self.sheet.cell(r, col) for r in self.rows[:2000])
            self._separators[col] = own or self.profile.separators
        return self._separators[col]

    def period(self, row: int, col: int) -> Period | None:
        """The day or period in a cell; None with a problem where it cannot be read or is unlikely."""
        period = self.peek_period(row, col)
        if period is None:
            self.problem("error", "date_unreadable", row, col, value=self.sheet.cell(row, col))
            return None
        return period if self.likely(row, col, period.last.year) else None

    def peek_period(self, row: int, col: int) -> Period | None:
        """The day or period in a cell, without judging it."""
        value = self.sheet.cell(row, col)
        number = read_number(value)
        whole = number is not None and number.value == int(number.value)
        if number and whole and self._month and number.value in range(1, 32) and self._counts_days(col):
            day = self._month.first + timedelta(days=int(number.value) - 1)
            return Period(day, day) if day <= self._month.last else None
        year = self.year
        if own := read_number(self.value(row, self.of("year"))):
            year = int(own.value)
        period = parse_period(value, year)
        if number and year and whole and 1 <= number.value <= 12:
            return parse_period(f"T{int(number.value)}", year)  # a bare 1 … 12 in a column of months
        if period is None and (day := parse_date(value, year)):
            period = Period(day, day)
        return period

    def _counts_days(self, col: int) -> bool:
        """A column "Ngày" of bare numbers 1 … 31 under a title that names the month."""
        return header_key(self.table.header(col)).startswith(("ngay", "day", "date"))

    def likely(self, row: int, col: int, year: int) -> bool:
        """False, with a problem, for a year that cannot be meant."""
        first, last = LIKELY_YEARS
        if first <= year <= last:
            return True
        self.problem("error", "year_unlikely", row, col, year=year, first=first, last=last)
        return False

    def check_total(self, label: str, stated: Decimal, candidates: list[Decimal], row: int, col: int) -> None:
        """Keep a total beside the sum it is nearest to; a warning where none agrees."""
        computed = min(candidates, key=lambda value: abs(value - stated))
        total = Total(label, stated, computed, self.sheet.name, self.sheet.address(row, col))
        self.totals.append(total)
        if not agree(stated, computed):
            self.problem("warning", "total_mismatch", row, col, stated=stated, computed=computed)

    def solution_money(self, row: int, col: int, label: str, unit: str, period: Period) -> bool:
        """Keep money for an investment or a saving; False where the label speaks of neither."""
        names: tuple[PartName, ...] = ("investment", "saving")
        name: PartName | None = next((n for n in names if has_word(label, words_of(n))), None)
        amount = self.money(row, col, unit) if name else None
        if name is None or amount is None:
            return False
        with_money(self.parts, name, amount, period.first.year, self.sheet, row, col)
        return True

    def _source(self, thing: Thing) -> Source:
        """Only what is consumed is bought; the table says whether by invoices."""
        if thing.flow != "consumption":
            return "ledger"
        return self._source_of_table or source_of(thing.resource)

    def add(
        self, thing: Thing, period: str, amount: Decimal, unit: str, cells: list[tuple[int, int]], **more: Any
    ) -> None:
        """Count an amount of a thing into its period."""
        more.setdefault("source", self._source(thing))
        self.collector.add(thing.flow, thing.label, thing.resource, period, amount, unit, cells=cells, **more)


ReadFunction = Callable[[Reader], None]


def _flow_of(kind: str | None) -> Flow | None:
    if kind is None:
        return None
    return "waste" if kind in ("waste", "emission") else "consumption"
