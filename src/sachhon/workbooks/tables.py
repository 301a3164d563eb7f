"""Find the tables in a sheet: titles above, a header of one to three rows, the body, notes below.

Knows nothing of what columns mean beyond the words a header is recognised by. Handles merged and blank
header cells, a row of units, a row of column numbers, headers repeated on each printed page, tables side
by side and one below another. Total rows are marked by their words; totals known only by arithmetic are
found when the table is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sachhon.workbooks.grid import Sheet
from sachhon.workbooks.headers import find_header, header_span, is_header, join_headers, speaks, unit_row
from sachhon.workbooks.kinds import kind_of
from sachhon.workbooks.values import fold
from sachhon.workbooks.vocabulary import header_key, is_total_text


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
    while (top := find_header(sheet, start)) is not None:
        first, body = header_span(sheet, top, start)
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
        elif texts >= 2 and row > body and is_header(sheet, row) and _keys(values) != header:
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
    headers = join_headers(sheet, first, body, width)
    titles = _titles(sheet, start, first)
    blocks = [s for s in spans if s[1] - s[0] > 1 and sum(map(speaks, headers[s[0] : s[1]])) >= 2]
    if len(blocks) < 2 and spans:
        blocks = [(spans[0][0], spans[-1][1])]
    units = unit_row(sheet, first, body, width)
    return [
        Table(
            first, body, end, left, right, tuple(headers[left:right]), tuple(units[left:right]), titles,
            _totals(sheet, body, end, left, right),
        )
        for left, right in blocks
    ]  # fmt: skip


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
