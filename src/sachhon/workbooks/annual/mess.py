"""Workbooks spoilt the way people spoil them, for demonstration data and for the reader's tests.

`make_messy` takes a form filled in and gives back what might come by e-mail. The kinds:

- moved_columns: a column of the factory's own put in, the unit moved behind the total, everything one right
- merged_cells: heads over two rows, equal neighbours merged, values merged over several columns
- text_numbers: "1.234,5" as text, some marked "(ước)"
- unit_spellings: "Tấn", "tan", "m\\n3", MWh for kWh with the figures to match
- dates_as_text: "05/02/2025", "ngày 05 tháng 02 năm 2025"
- extra_sheets: notes, an empty sheet, last year's products beside this year's
- renamed_sheets: "Sheet1" … and other words
- empty_rows: blank rows between filled ones and above the head
- old_form: last year's form, with other words and money in millions; it has no place for a product's code
- old_font: text in the TCVN3 coding of fonts such as .VnTime; a first letter may lose its capital
- xls, ods: saved by another program

The figures stay what they were. The same seed gives the same bytes, except in .xls.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from sachhon.reference import normalise_unit
from sachhon.workbooks import legacy
from sachhon.workbooks.annual.labels import label
from sachhon.workbooks.annual.layout import TABLES, Table
from sachhon.workbooks.annual.old_form import old_form
from sachhon.workbooks.annual.pages import Page, pages_of, to_ods, to_xls, to_xlsx
from sachhon.workbooks.annual.read import read_annual
from sachhon.workbooks.annual.sheets import HEAD_ROW
from sachhon.workbooks.grid import open_workbook

KINDS = (
    "moved_columns",
    "merged_cells",
    "text_numbers",
    "unit_spellings",
    "dates_as_text",
    "extra_sheets",
    "renamed_sheets",
    "empty_rows",
    "old_form",
    "old_font",
    "xls",
    "ods",
)


def make_messy(clean: bytes, kind: str, seed: int) -> tuple[bytes, str]:
    """The workbook `clean` (a Vietnamese form filled in) spoilt in that way, and the ending of its name."""
    if kind == "old_form":
        return to_xlsx(old_form(read_annual(open_workbook(clean)).data)), "xlsx"
    if kind not in KINDS:
        raise ValueError(f"no such mess: {kind!r}; choose one of {', '.join(KINDS)}")
    pages = pages_of(clean)
    if kind == "xls":
        return to_xls(pages), "xls"
    if kind == "ods":
        return to_ods(pages), "ods"
    pages = _SPOILERS[kind](pages, random.Random(seed))  # noqa: S311 (a mess, not a secret)
    return to_xlsx(pages), "xlsx"


def _moved_columns(pages: list[Page], chance: random.Random) -> list[Page]:
    for page, table in _tables(pages):
        unit = next((at for at, each in enumerate(table.columns) if each.key == "unit"), None)
        total = next((at for at, each in enumerate(table.columns) if each.key == "total"), None)
        for number, row in enumerate(page.rows):
            row += [""] * (len(table.columns) - len(row))
            if unit is not None and total is not None:
                row.insert(total, row.pop(unit))
            if len(table.columns) > 5:
                row.insert(2, "Xưởng" if number == HEAD_ROW else f"X{chance.randint(1, 3)}" * (row[1] != ""))
            row.insert(0, "")
    general = _page(pages, "general")
    for row in general.rows:
        row.insert(1, "")
        row.insert(0, "")
    return pages


def _merged_cells(pages: list[Page], chance: random.Random) -> list[Page]:
    for page, table in _tables(pages):
        months = [at for at, each in enumerate(table.columns) if each.key == "month"]
        if not months:
            continue
        head = page.rows[HEAD_ROW]
        below = [head[at] if at in months else "" for at in range(len(head))]
        for at in months:
            head[at] = ""
        head[months[0]] = "Số liệu từng tháng"
        page.rows.insert(HEAD_ROW + 1, below)
        page.merges.append((HEAD_ROW, months[0], HEAD_ROW, months[-1]))
        page.merges += [
            (HEAD_ROW, at, HEAD_ROW + 1, at) for at, words in enumerate(head) if words and at not in months
        ]
        flow = next((at for at, each in enumerate(table.columns) if each.key == "flow"), None)
        if flow is not None:
            _merge_equal(page, flow, HEAD_ROW + 2)
    general = _page(pages, "general")
    for number, row in enumerate(general.rows):
        if len(row) > 1 and row[1] != "":
            row[2:] = ["", *row[2:]]
            general.merges.append((number, 1, number, 2))
    return pages


def _merge_equal(page: Page, column: int, first: int) -> None:
    """Equal neighbours down a column become one merged cell, as in a printed table."""
    start = first
    for row in range(first, len(page.rows) + 1):
        value = page.rows[row][column] if row < len(page.rows) and column < len(page.rows[row]) else ""
        if row > start and value and value == page.rows[start][column]:
            continue
        if row - start > 1 and page.rows[start][column]:
            page.merges.append((start, column, row - 1, column))
            for each in page.rows[start + 1 : row]:
                each[column] = ""
        start = row


def _text_numbers(pages: list[Page], chance: random.Random) -> list[Page]:
    for page, table in _tables(pages):
        for row in page.rows[HEAD_ROW + 1 :]:
            for at, column in enumerate(table.columns[: len(row)]):
                if column.kind in ("number", "money", "total") and isinstance(row[at], float):
                    row[at] = _vietnamese(row[at]) + " " * chance.randint(0, 1)
    return pages


def _unit_spellings(pages: list[Page], chance: random.Random) -> list[Page]:
    for page, table in _tables(pages):
        if table.key not in ("products", "inputs", "wastes"):
            continue
        unit, total = table.place("unit"), table.place("total")
        for row in page.rows[HEAD_ROW + 2 :]:
            code = normalise_unit(row[unit]) if len(row) > unit and row[unit] else None
            spellings = _SPELLINGS.get(code or "")
            if spellings is None:
                continue
            other, divisor = chance.choice(spellings)
            if divisor != 1 and table.key == "products":
                continue
            row[unit] = other
            figures = [at for at, each in enumerate(table.columns) if each.key == "month"]
            for at in (*figures, total):
                if at < len(row) and isinstance(row[at], float):
                    row[at] = float(f"{row[at] / divisor:.12g}")
    return pages


def _dates_as_text(pages: list[Page], chance: random.Random) -> list[Page]:
    for page in pages:
        for row in page.rows:
            for at, value in enumerate(row):
                if isinstance(value, dt.date):
                    row[at] = chance.choice(_DATE_FORMATS).format(value)
    return pages


def _extra_sheets(pages: list[Page], chance: random.Random) -> list[Page]:
    products = _page(pages, "products")
    last = [list(row) for row in products.rows]
    for row in last[HEAD_ROW + 1 :]:
        row[:] = [value * 0.9 if isinstance(value, float) else value for value in row]
    year = next(row[1] for row in _page(pages, "general").rows if row and row[0] == label("field.year"))
    notes = [["Ghi chú nội bộ"], [f"Hỏi lại phòng kế toán về {chance.choice(['tiền điện', 'tiền than'])}"]]
    shifts = [["STT", "Họ tên", *(f"T{month}" for month in range(1, 13))]]
    shifts += [[number, name, *[26.0] * 12] for number, name in enumerate(("Sen", "Páo"), start=1)]
    return [
        Page("Sheet1", [[""]]),
        Page("Nháp", notes),
        Page("Chấm công", shifts),
        *pages,
        Page(f"{products.name} {int(year) - 1}", last),
    ]


def _renamed_sheets(pages: list[Page], chance: random.Random) -> list[Page]:
    for number, page in enumerate((page for page in pages if not page.hidden), start=1):
        page.name = f"{chance.choice(('Sheet', 'Trang', 'Bảng'))}{number}"
    return pages


def _empty_rows(pages: list[Page], chance: random.Random) -> list[Page]:
    for page in pages:
        if page.hidden:
            continue
        spaced: list[list[Any]] = []
        for row in page.rows:
            spaced += [[""] for _ in range(chance.choice((0, 0, 1, 2)))]
            spaced.append(row)
        page.rows = spaced
    return pages


def _old_font(pages: list[Page], chance: random.Random) -> list[Page]:
    for page in pages:
        if page.hidden:
            continue
        page.rows = [
            [_tcvn3(value) if isinstance(value, str) else value for value in row] for row in page.rows
        ]
    return pages


_SPOILERS: dict[str, Callable[[list[Page], random.Random], list[Page]]] = {
    "moved_columns": _moved_columns,
    "merged_cells": _merged_cells,
    "text_numbers": _text_numbers,
    "unit_spellings": _unit_spellings,
    "dates_as_text": _dates_as_text,
    "extra_sheets": _extra_sheets,
    "renamed_sheets": _renamed_sheets,
    "empty_rows": _empty_rows,
    "old_font": _old_font,
}

_SPELLINGS = {
    "t": (("Tấn", 1), ("tan", 1), ("TẤN", 1), ("T", 1), ("kg", 0.001)),
    "kg": (("Kg", 1), ("KG", 1), ("kí", 1)),
    "kWh": (("KWh", 1), ("kwh", 1), ("Kw.h", 1), ("MWh", 1000), ("nghìn kWh", 1000)),
    "m3": (("m3", 1), ("m\n3", 1), ("M3", 1), ("khối", 1)),
    "l": (("Lít", 1), ("lit", 1), ("L", 1)),
    "k_vien": (("1000 viên", 1), ("nghìn viên", 1), ("ngàn viên", 1)),
    "vien": (("Viên", 1), ("vien", 1)),
}
_DATE_FORMATS = (
    "{0:%d/%m/%Y}",
    "{0:%d-%m-%Y}",
    "{0.day}.{0.month}.{0.year}",
    "ngày {0:%d} tháng {0:%m} năm {0:%Y}",
    "{0:%Y-%m-%d}",
)


def _tables(pages: list[Page]) -> list[tuple[Page, Table]]:
    return [(_page(pages, table.key), table) for table in TABLES]


def _page(pages: list[Page], key: str) -> Page:
    return next(page for page in pages if page.name == label(f"sheet.{key}"))


def _vietnamese(value: float) -> str:
    text = f"{value:,.12g}" if value < 1e12 else f"{value:,.0f}"
    return text.translate(str.maketrans(",.", ".,"))


def _tcvn3(text: str) -> str:
    """Text as an old font shows it; capital vowels with marks have no code and become small ones."""
    codes = _tcvn3_codes()
    return "".join(codes.get(letter) or codes.get(letter.lower(), letter) for letter in text)


@cache
def _tcvn3_codes() -> dict[str, str]:
    with Path(legacy.__file__).with_name("legacy_charsets.csv").open(encoding="utf-8", newline="") as rows:
        return {
            row["unicode"]: "".join(chr(int(code, 16)) for code in row["legacy_code_points"].split())
            for row in csv.DictReader(rows)
            if row["charset"] == "tcvn3"
        }
