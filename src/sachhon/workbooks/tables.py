"""Find the tables in a sheet: titles above, a header of one to three rows, the body, notes below.

Knows nothing of what columns mean beyond the words a header is recognised by. Handles merged and blank
header cells, a row of units, a row of column numbers, headers repeated on each printed page, tables side
by side and one below another. Total rows are marked by their words; totals known only by arithmetic are
found when the table is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any, Literal

from sachhon.workbooks.grid import CellError, Sheet
from sachhon.workbooks.units import known_unit, resource_in, unit_in_header
from sachhon.workbooks.values import (
    Period,
    find_year,
    fold,
    is_nothing,
    month_of,
    parse_moment,
    parse_period,
    read_number,
)
from sachhon.workbooks.vocabulary import header_key, header_role, is_total_column, is_total_text

Kind = Literal["empty", "number", "date", "text", "none", "error"]
_SEARCH_ROWS = 80
_MOST_HEADER_ROWS = 4


@dataclass(frozen=True)
class Table:
    """Where a table lies in its sheet; rows and columns 0-based, ``end`` and ``right`` exclusive."""

    top: int
    body: int
    end: int
    left: int
    right: int
    headers: tuple[str, ...]
    units: tuple[str | None, ...]
    titles: tuple[str, ...]
    totals: frozenset[int]

    @property
    def columns(self) -> range:
        return range(self.left, self.right)

    def header(self, col: int) -> str:
        """The joined header of an absolute column."""
        return self.headers[col - self.left]

    def unit(self, col: int) -> str | None:
        """The unit written in the row of units under an absolute column."""
        return self.units[col - self.left]


def find_tables(sheet: Sheet) -> list[Table]:
    """All tables of the sheet from the top down, left to right; empty for forms and loose text."""
    tables: list[Table] = []
    start = 0
    while (top := _find_header(sheet, start)) is not None:
        first, body = _header_span(sheet, top, start)
        end = _find_end(sheet, body, top)
        tables += _split(sheet, first, body, end, start)
        start = max(end, body + 1)
    return tables


def body_rows(sheet: Sheet, table: Table) -> list[int]:
    """The rows of the body that hold anything, without totals and repeated headers."""
    repeated = {header_key(str(sheet.cell(table.body - 1, c))) for c in table.columns} - {""}
    rows = []
    for row in range(table.body, table.end):
        cells = [sheet.cell(row, c) for c in table.columns]
        if row in table.totals or all(value == "" for value in cells):
            continue
        texts = {header_key(v) for v in cells if isinstance(v, str)} - {""}
        if len(texts) > 1 and texts <= repeated:
            continue
        rows.append(row)
    return rows


def kind_of(value: Any) -> Kind:
    """What sort of thing a cell holds."""
    if isinstance(value, str):
        if isinstance(value, CellError):
            return "error"
        return _kind_of_text(value)
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "text"
    if isinstance(value, date | time):
        return "date"
    return "number"


def period_header(value: Any) -> bool:
    """True for a header cell that names a month, quarter or year: "T1", "Tháng 02/2025", a date."""
    if isinstance(value, str):
        return len(value) < 25 and parse_period(value, 2000) is not None
    return isinstance(value, date)


def clock_header(value: Any) -> bool:
    """True for a header cell that names an hour of the day: "00:30", "Giờ 7", "7h"."""
    return isinstance(value, time) or (isinstance(value, str) and _HOUR.fullmatch(fold(value)) is not None)


_HOUR = re.compile(r"\d{1,2}[:h]\d{2}(?: ?- ?\d{1,2}[:h]\d{2})?|(?:gio|h) ?\d{1,2}|\d{1,2} ?h")


@lru_cache(maxsize=50_000)
def _kind_of_text(text: str) -> Kind:
    if not text.strip():
        return "empty"
    if is_nothing(text):
        return "none"
    number = read_number(text)
    if number and (not number.unit or known_unit(number.unit)):
        return "number"
    if parse_moment(text) or (len(text) < 25 and any(c.isdigit() for c in text) and parse_period(text, 2000)):
        return "date"
    return "text"


def _find_header(sheet: Sheet, start: int) -> int | None:
    last = min(len(sheet.rows), start + _SEARCH_ROWS)
    for row in range(start, last):
        if _is_header(sheet, row):
            return row
    return None


def _is_header(sheet: Sheet, row: int) -> bool:
    """At least two header words (or a run of months) and nothing that looks like data."""
    values = sheet.rows[row]
    filled = [v for v in values if v != ""]
    if len(filled) < 2:
        return False
    words = months = texts = 0
    for value in filled:
        if period_header(value) or clock_header(value):
            months += 1
        elif kind_of(value) == "text":
            texts += 1
            if is_total_text(value) and not is_total_column(value):
                return False
            words += _speaks(value)
    numbers = [v for v in filled if kind_of(v) == "number"]
    if numbers:
        run = _month_run(values)
        return run >= 4 and len(numbers) <= run and words + texts >= 1
    if months >= 3 and (words or texts):
        return True
    if months >= 3 and months == len(filled):
        return not _dates_down(sheet, row)
    return words >= 2 and words + months >= texts / 3 and _numbers_below(sheet, row)


def _speaks(header: str) -> bool:
    """True for a text that is known to head a column: by its words, its unit or the resource it names."""
    return (
        header_role(header) is not None
        or is_total_column(header)
        or unit_in_header(header) is not None
        or (len(header) < 40 and resource_in(header) is not None)
    )


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


def _header_span(sheet: Sheet, top: int, start: int) -> tuple[int, int]:
    """First header row and first body row around a row that is surely of the header."""
    first = top
    while first > start and top - first < 2 and _is_group_row(sheet, first - 1, first):
        first -= 1
    body = top + 1
    while body < len(sheet.rows) and body - first < _MOST_HEADER_ROWS and _is_sub_header(sheet, body, first):
        body += 1
    return first, body


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


def _find_end(sheet: Sheet, body: int, top: int) -> int:
    """The row after the last one with figures, before the next table's header if there is one."""
    header = _keys(sheet.rows[top])
    end = body
    for row in range(body, len(sheet.rows)):
        values = sheet.rows[row]
        figures = False
        texts = 0
        for value in values:
            if value == "":
                continue
            kind = kind_of(value)
            if kind in ("number", "none", "error"):
                figures = True
                break
            texts += kind == "text"
        if figures:
            end = row + 1
        elif texts >= 2 and row > body and _is_header(sheet, row) and _keys(values) != header:
            break  # another table begins; the same header again is only a new printed page
    return end


def _keys(values: list[Any]) -> list[str]:
    return [fold(str(v)) for v in values]


def _split(sheet: Sheet, first: int, body: int, end: int, start: int) -> list[Table]:
    """One table, or several side by side where empty columns divide headers."""
    width = max((len(r) for r in sheet.rows[first:end]), default=0)
    used = [any(sheet.cell(r, c) != "" for r in range(first, end)) for c in range(width)]
    spans: list[tuple[int, int]] = []
    left = None
    for col, filled in enumerate([*used, False]):
        if filled and left is None:
            left = col
        elif not filled and left is not None:
            spans.append((left, col))
            left = None
    headers = _headers(sheet, first, body, width)
    titles = _titles(sheet, start, first)
    blocks = [s for s in spans if s[1] - s[0] > 1 and sum(map(_speaks, headers[s[0] : s[1]])) >= 2]
    if len(blocks) < 2 and spans:
        blocks = [(spans[0][0], spans[-1][1])]
    units = _unit_row(sheet, first, body, width)
    return [
        Table(
            first, body, end, left, right, tuple(headers[left:right]), tuple(units[left:right]), titles,
            _totals(sheet, body, end, left, right),
        )
        for left, right in blocks
    ]  # fmt: skip


def _headers(sheet: Sheet, first: int, body: int, width: int) -> list[str]:
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


def _unit_row(sheet: Sheet, first: int, body: int, width: int) -> list[str | None]:
    units: list[str | None] = [None] * width
    for row in range(first, body):
        filled = [v for v in sheet.rows[row] if v != ""]
        if filled and row > first and all(isinstance(v, str) and known_unit(v) for v in filled):
            for col, value in enumerate(sheet.rows[row]):
                if value != "":
                    units[col] = value
    return units


def _titles(sheet: Sheet, start: int, first: int) -> tuple[str, ...]:
    texts = [
        str(v).strip() for row in sheet.rows[start:first] for v in row if isinstance(v, str) and v.strip()
    ]
    return tuple(dict.fromkeys(texts))


def _totals(sheet: Sheet, body: int, end: int, left: int, right: int) -> frozenset[int]:
    """Rows whose first texts say total. Only texts left of the figures count: a remark is no label."""
    found = set()
    for row in range(body, end):
        for col in range(left, min(left + 4, right)):
            value = sheet.cell(row, col)
            if value != "" and isinstance(value, str):
                if is_total_text(value):
                    found.add(row)
                    break
                if kind_of(value) == "number":
                    break
    return frozenset(found)


def title_year(sheet: Sheet, titles: tuple[str, ...], file_name: str) -> int | None:
    """The year that the table's titles, the sheet's name, its first lines or the file's name speak of."""
    above = tuple(v for row in sheet.rows[:12] for v in row if isinstance(v, str) and len(v) > 6)
    for text in (*titles, sheet.name, *(t for t in above if kind_of(t) == "text"), file_name):
        if year := find_year(text):
            return year
    match = re.search(r"(?<!\d)(20\d\d)(?!\d)", f"{sheet.name} {file_name}")
    return int(match[1]) if match else None


def title_period(sheet: Sheet, titles: tuple[str, ...], year: int | None) -> Period | None:
    """The month or quarter that a title or the sheet's name gives to the whole table, else the year."""
    for text in (*titles, sheet.name):
        key = fold(text)
        match = re.search(
            r"(?<![a-z])(?:thang|thg|th|t|month)[ .]?(\d{1,2})(?:[-/. ]*(?:nam)? ?(20\d\d))?(?![\d/])", key
        )
        if match and 1 <= int(match[1]) <= 12 and (match[2] or year):
            return month_of(int(match[2] or year or 0), int(match[1]))
        match = re.search(r"quy (\d|iv|i{1,3})(?:[-/. ]*(?:nam)? ?(20\d\d))?(?!\d)", key)
        if match and (match[2] or year):
            return parse_period(f"quy {match[1]} {match[2] or year}")
        if (exact := parse_period(text, year)) and exact.days > 1:
            return exact
    return parse_period(str(year)) if year else None


def table_unit(titles: tuple[str, ...]) -> str | None:
    """The unit that a line "(ĐVT: 1000 viên)" above the table gives to all of it."""
    for text in titles:
        match = re.search(
            r"(?:đvt|đơn vị(?: tính)?|dvt|don vi(?: tinh)?|unit)\s*:\s*([^;)\]]+)", text, re.IGNORECASE
        )
        if match and known_unit(match[1].strip(" .")):
            return match[1].strip(" .")
    for text in titles:
        for inside in re.findall(r"\(([^()]{1,15})\)", text):
            if known_unit(inside):
                return inside
    return None
