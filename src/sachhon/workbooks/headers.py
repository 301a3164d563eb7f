"""Recognise the header of a table: where it starts, how many rows it has, what each column is called.

A header may have group names over it (merged or written once), a row of units and a row of column numbers
under it, and months written as bare numbers.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from sachhon.workbooks.grid import Sheet
from sachhon.workbooks.kinds import clock_header, kind_of, period_header
from sachhon.workbooks.units import known_unit, resource_in, unit_in_header
from sachhon.workbooks.values import parse_moment, read_number
from sachhon.workbooks.vocabulary import header_role, is_total_column, is_total_text

_SEARCH_ROWS = 80
_MOST_HEADER_ROWS = 4


def find_header(sheet: Sheet, start: int) -> int | None:
    last = min(len(sheet.rows), start + _SEARCH_ROWS)
    for row in range(start, last):
        if is_header(sheet, row):
            return row
    return None


def is_header(sheet: Sheet, row: int) -> bool:
    """At least two header words (or a run of months) and nothing that looks like data."""
    values = sheet.rows[row]
    filled = [v for v in values if v != ""]
    if len(filled) < 2:
        return False
    words = months = texts = 0
    for value in filled:
        if period_header(value) or clock_header(value):
            months += 1
        elif isinstance(value, str) and kind_of(value) == "text":
            texts += 1
            if is_total_text(value) and not is_total_column(value):
                return False
            words += speaks(value)
    numbers = [v for v in filled if kind_of(v) == "number"]
    if numbers:
        run = _month_run(values)
        return run >= 4 and len(numbers) <= run and words + texts >= 1
    if months >= 3 and (words or texts):
        return True
    if months >= 3 and months == len(filled):
        return not _dates_down(sheet, row)
    return words >= 2 and words + months >= texts / 3 and _numbers_below(sheet, row)


def speaks(header: str) -> bool:
    """True for a text that is known to head a column: by its words, its unit or the resource it names."""
    return (
        header_role(header) is not None
        or is_total_column(header)
        or unit_in_header(header) is not None
        or (len(header) < 40 and resource_in(header) is not None)
    )


def header_span(sheet: Sheet, top: int, start: int) -> tuple[int, int]:
    """First header row and first body row around a row that is surely of the header."""
    first = top
    while first > start and top - first < 2 and _is_group_row(sheet, first - 1, first):
        first -= 1
    body = top + 1
    while body < len(sheet.rows) and body - first < _MOST_HEADER_ROWS and _is_sub_header(sheet, body, first):
        body += 1
    return first, body


def join_headers(sheet: Sheet, first: int, body: int, width: int) -> list[str]:
    """Each column's header: the texts of its header rows joined, group names carried to the right."""
    rows = [r for r in range(first, body) if r == first or not _is_column_numbers(sheet, r, first)]
    merged = {
        (row, col): (a[0], a[1])
        for a, b in sheet.merged
        if a[0] < body and b[0] >= first
        for row in range(max(a[0], first), min(b[0], body) + 1)
        for col in range(a[1], min(b[1], width) + 1)
    }
    headers: list[list[str]] = [[] for _ in range(width)]
    for index, row in enumerate(rows):
        lower = rows[index + 1] if index + 1 < len(rows) else None
        carried = ""
        run = _month_run(sheet.rows[row])
        numbered = run if run >= 4 else 0
        for col in range(width):
            value = sheet.cell(row, col)
            if value == "" and (row, col) in merged:
                origin = merged[row, col]
                value = sheet.cell(*origin) if origin[0] == row else ""
            elif value == "" and lower is not None and sheet.cell(lower, col) != "" and carried:
                # A group name written once over several sub-headers, without merging.
                value = carried if sheet.cell(lower, col - 1) != "" else ""
            carried = value if value != "" else ""
            text = _header_text(value)
            if numbered and text.isdigit():
                text = f"{'Tháng' if numbered <= 12 else 'Giờ'} {int(text)}"
            if text and text not in headers[col]:
                headers[col].append(text)
    return [" / ".join(parts) for parts in headers]


def unit_row(sheet: Sheet, first: int, body: int, width: int) -> list[str | None]:
    units: list[str | None] = [None] * width
    for row in range(first, body):
        filled = [v for v in sheet.rows[row] if v != ""]
        if filled and row > first and all(isinstance(v, str) and known_unit(v) for v in filled):
            for col, value in enumerate(sheet.rows[row]):
                if value != "":
                    units[col] = value
    return units


def _month_run(values: list[Any]) -> int:
    """Length of the longest run 1, 2, 3 … in neighbouring cells."""
    best = run = 0
    for value in values:
        number = read_number(value)
        if number and number.value == run + 1:
            run += 1
            best = max(best, run)
        else:
            run = 1 if number and number.value == 1 else 0
    return best


def _dates_down(sheet: Sheet, row: int) -> bool:
    below = sheet.rows[row + 1] if row + 1 < len(sheet.rows) else []
    return sum(kind_of(v) == "date" for v in below) > 3


def _numbers_below(sheet: Sheet, row: int) -> bool:
    for values in sheet.rows[row + 1 : row + 12]:
        if sum(kind_of(v) in ("number", "none", "date", "error") for v in values) >= 1:
            return True
    return False


def _is_group_row(sheet: Sheet, row: int, below: int) -> bool:
    """A row of group names over the header: several texts, or one that spans columns but not the first."""
    values = sheet.rows[row]
    filled = [c for c, v in enumerate(values) if v != ""]
    if not filled or any(kind_of(values[c]) not in ("text", "date") for c in filled):
        return False
    left = next((c for c, v in enumerate(sheet.rows[below]) if v != ""), 0)
    if filled[0] <= left and len(filled) > 1:
        return False  # "Site | Mill 1" over a full header is a title, not a group
    if len(filled) >= 2:
        return all(len(str(values[c])) < 60 for c in filled)
    spans = any(a[0] == row and a[1] == filled[0] and b[1] > a[1] for a, b in sheet.merged)
    return filled[0] > left and spans


def _is_sub_header(sheet: Sheet, row: int, first: int) -> bool:
    values = sheet.rows[row]
    filled = [c for c, v in enumerate(values) if v != ""]
    if not filled:
        return False
    if _is_numbering(values):
        return True
    if any(kind_of(values[c]) in ("number", "none", "error") or isinstance(values[c], date) for c in filled):
        return False
    if any(isinstance(values[c], str) and parse_moment(values[c]) for c in filled):
        return False  # a whole date is data; only months and years head columns
    if all(isinstance(values[c], str) and known_unit(values[c]) for c in filled):
        return True
    if any(is_total_text(values[c]) and not is_total_column(values[c]) for c in filled):
        return False
    above = {c for r in range(first, row) for c, v in enumerate(sheet.rows[r]) if v != ""}
    named = sum(period_header(values[c]) or header_role(str(values[c])) is not None for c in filled)
    leftmost = min(above, default=0)
    if leftmost in filled:
        return named >= 2 and named >= len(filled) / 2 and _numbers_below(sheet, row)
    return named >= 1 or len(filled) >= 2


def _is_numbering(values: list[Any]) -> bool:
    """The row "A B 1 2 3" or "(1) (2) (3)" that some forms put under the header."""
    filled = [str(v).strip(" ()") for v in values if v != ""]
    if len(filled) < 3:
        return False
    numbers = [int(float(t)) for t in filled if re.fullmatch(r"\d{1,2}(?:\.0)?", t)]
    letters = [t for t in filled if len(t) == 1 and t.isalpha()]
    consecutive = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
    return (
        consecutive and numbers[0] <= 2 and len(numbers) >= 2 and len(numbers) + len(letters) == len(filled)
    )


def _is_column_numbers(sheet: Sheet, row: int, first: int) -> bool:
    """A numbering row under columns that have headers of their own; under one wide "Tháng" it is months."""
    if not _is_numbering(sheet.rows[row]):
        return False
    columns = [c for c, v in enumerate(sheet.rows[row]) if v != "" and not str(v).strip().isalpha()]
    headed = [c for c in columns if any(sheet.cell(r, c) != "" for r in range(first, row))]
    return len(headed) > len(columns) / 2


def _header_text(value: Any) -> str:
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, date):
        return (
            f"{value.day:02d}/{value.month:02d}/{value.year}"
            if value.day != 1
            else f"{value.month:02d}/{value.year}"
        )
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return " ".join(str(value).split())
