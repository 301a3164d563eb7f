"""One cell of a report read as a number, money, a date, months or text; what is wrong is noted and skipped.

A cell that cannot be read becomes None and a problem with its address; the cells beside it are not touched.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sachhon.reference import fold
from sachhon.workbooks.annual.vocabulary import money_factor
from sachhon.workbooks.grid import CellError, Sheet
from sachhon.workbooks.problems import Level, Problem
from sachhon.workbooks.values import (
    NumberText,
    Separators,
    infer_separators,
    is_nothing,
    parse_date,
    read_number,
)

Spot = tuple[str, str]
"""Where a value stands: the sheet's name and the cell's address."""

Columns = tuple[tuple[str, int], ...]
"""Fields of a row, each with its column."""

_ESTIMATE_MARKS = ("uoc", "est", "tam tinh", "du kien")
_OLDEST = dt.date(1980, 1, 1)
_NEWEST = dt.date(2100, 1, 1)


class Origins(Mapping[str, Spot]):
    """Field path -> (sheet, address). Paths and addresses are spelt out when asked for: most never are."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, int, int]] = {}
        self._rows: list[tuple[str, str, int, Columns]] = []

    def put(self, path: str, sheet: Sheet, row: int, column: int) -> None:
        self._places[path] = (sheet.name, row, column)

    def put_row(self, path: str, sheet: Sheet, row: int, columns: Columns) -> None:
        """Many fields of one row, each `path`.`field` in its column."""
        self._rows.append((path, sheet.name, row, columns))

    def _all(self) -> dict[str, tuple[str, int, int]]:
        for path, sheet, row, columns in self._rows:
            self._places |= {f"{path}.{field}": (sheet, row, column) for field, column in columns}
        self._rows.clear()
        return self._places

    def __getitem__(self, path: str) -> Spot:
        sheet, row, column = self._all()[path]
        return sheet, Sheet.address(row, column)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


@dataclass
class Findings:
    """What is gathered while a workbook is read: problems, where values stood, what was typed."""

    problems: list[Problem] = field(default_factory=list)
    origins: Origins = field(default_factory=Origins)
    as_typed: dict[str, str] = field(default_factory=dict)
    text_numbers: dict[str, list[str]] = field(default_factory=dict)
    """Sheet -> addresses of the numbers kept as text."""
    doubted: set[str] = field(default_factory=set)
    """Sheets with numbers that can be read two ways."""

    def note(
        self, level: Level, rule: str, sheet: Sheet | None, row: int, column: int, **params: Any
    ) -> None:
        cell = sheet.address(row, column) if sheet and row >= 0 else None
        self.problems.append(Problem(level, rule, sheet.name if sheet else None, cell, params))


def text(value: Any) -> str:
    """A cell as plain text on one line; a whole number without its ".0"."""
    if value.__class__ is str:
        return " ".join(value.split()) if ("\n" in value or "  " in value) else value.strip()
    if isinstance(value, CellError) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y}"
    return str(value)


def decimal_of(value: float) -> Decimal:
    """A spreadsheet's number: 15 digits, the 16th is noise of the binary form."""
    return Decimal(int(value)) if value.is_integer() else Decimal(format(value, ".15g"))


def plain_number(
    value: Any, found: Findings, sheet: Sheet, row: int, column: int, separators: Separators | None = None
) -> NumberText | None:
    """The number in a cell with what was written about it; None for blanks, errors and words (noted)."""
    if value == "" or value is None or isinstance(value, CellError):
        return None  # a formula error was noted when the workbook was opened
    number = read_number(value, separators)
    if number is None:
        if not is_nothing(value):
            found.note("error", "number_unreadable", sheet, row, column, value=text(value))
        return None
    if number.value < 0:
        found.note("error", "quantity_negative", sheet, row, column, value=number.value)
        return None
    if isinstance(value, str):
        found.text_numbers.setdefault(sheet.name, []).append(sheet.address(row, column))
        if number.other is not None and separators is None and sheet.name not in found.doubted:
            # Said once a sheet: where one number is in doubt, its neighbours are in the same doubt.
            found.doubted.add(sheet.name)
            two = {"first": number.value, "second": number.other}
            found.note("warning", "number_ambiguous", sheet, row, column, value=value, **two)
    return number


def separators_of(values: Iterable[Any]) -> Separators | None:
    """Which separators a row or column of numbers written as text uses, where any of them is in doubt."""
    values = list(values)
    if not any(isinstance(value, str) and value for value in values):
        return None
    return infer_separators(values)


def is_estimate_mark(unit: str, number: NumberText) -> bool:
    """True for "1.200 (ước)", "khoảng 1.200"."""
    return number.approximate or any(mark in fold(unit) for mark in _ESTIMATE_MARKS)


def money(
    value: Any,
    unit: str,
    beside: str,
    found: Findings,
    sheet: Sheet,
    row: int,
    column: int,
    separators: Separators | None = None,
) -> int | None:
    """Whole dong. The unit is that behind the number, else that of the head, else that of the next cell."""
    if value.__class__ is float and value >= 0 and not unit and not beside:
        return round(value)
    number = plain_number(value, found, sheet, row, column, separators)
    if number is None:
        return None
    factor = money_factor(number.unit)
    if factor is None:
        # "12 triệu" has its factor in the value already; the head's "triệu đồng" would count it twice.
        written_out = isinstance(value, str) and re.search(r"\d\s*[a-z]", fold(value)) is not None
        factor = Decimal(1) if written_out else money_factor(unit) or money_factor(beside) or Decimal(1)
    return int((number.value * factor).to_integral_value())


def whole(value: Any, found: Findings, sheet: Sheet, row: int, column: int) -> int | None:
    number = plain_number(value, found, sheet, row, column)
    return int(number.value.to_integral_value()) if number else None


def date(
    value: Any, year: int, found: Findings, sheet: Sheet, row: int, column: int, *, level: Level = "error"
) -> dt.date | None:
    """A day, of a plausible year; a month alone is its first day. `level`: how grave one is that cannot be read."""
    if value == "" or isinstance(value, CellError):
        return None
    day = parse_date(value, year or None)
    if day is None:
        if not is_nothing(value):
            found.note(level, "date_unreadable", sheet, row, column, value=text(value))
        return None
    if not _OLDEST <= day <= _NEWEST:
        found.note(
            level, "year_unlikely", sheet, row, column, year=day.year, first=_OLDEST.year, last=_NEWEST.year
        )
        return None
    return day


def estimated_months(
    value: Any, known: Iterable[int], found: Findings, sheet: Sheet, row: int, column: int
) -> frozenset[int]:
    """The months named as estimates: "11, 12", "T10-T12", "tháng 11 và 12"; "cả năm" is every known month."""
    if value == "" or isinstance(value, CellError):
        return frozenset()
    if isinstance(value, dt.date):
        # "11-12" typed into a cell that is not text becomes the 11th of December, or of a month the 12th.
        return frozenset({value.month, value.day} & set(range(1, 13)))
    words = fold(text(value))
    if "ca nam" in words or words in ("x", "uoc", "tat ca", "all"):
        return frozenset(known)
    months: set[int] = set()
    for first, last in re.findall(r"(\d{1,2})(?:\s*(?:-|–|den|to)\s*(?:thang|t|m)?\s*(\d{1,2}))?", words):
        months.update(range(int(first), int(last or first) + 1))
    if not months or not months <= set(range(1, 13)):
        if not is_nothing(value):
            found.note("warning", "annual_estimated_unreadable", sheet, row, column, value=text(value))
        return frozenset()
    return frozenset(months)
