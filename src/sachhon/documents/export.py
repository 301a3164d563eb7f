"""Lists of the web as a file to take away: any columns and rows as .xlsx or .csv.

A cell that starts like a formula is harmless in both: written as text in .xlsx, and given a leading
apostrophe in .csv, where a spreadsheet program would otherwise run it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from xlsxwriter import Workbook

from sachhon.documents.layout import head_text
from sachhon.documents.shapes import Cell, Column, Lang
from sachhon.documents.sheets import WORKBOOK_OPTIONS, Styles, write_table
from sachhon.documents.texts import words

XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_MIME = "text/csv; charset=utf-8"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def table_xlsx(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    total: Sequence[Cell] | None = None,
    notes: Sequence[str] = (),
    lang: Lang = "vi",
    demo: bool = False,
) -> bytes:
    """A one-sheet workbook. `rows` may be a generator; a row is as long as `columns`."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {**WORKBOOK_OPTIONS, "constant_memory": True})
    banner = words(lang)("demo.banner") if demo else ""
    write_table(
        book.add_worksheet(sheet_name(title)),
        Styles(book, lang),
        title=title,
        columns=columns,
        rows=rows,
        total=total,
        notes=notes,
        banner=banner,
    )
    book.close()
    return buffer.getvalue()


def table_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark (Excel shows the tone marks), numbers with a point, dates as ISO."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([escape_formula(head_text(column)) for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
    return buffer.getvalue().encode("utf-8-sig")


def escape_formula(text: str) -> str:
    """Text that no spreadsheet program takes for a formula."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def sheet_name(title: str, taken: Iterable[str] = ()) -> str:
    """A name Excel accepts: at most 31 characters, none of []:*?/\\, no apostrophe at an end, not taken."""
    name = "".join(" " if c in "[]:*?/\\" or not c.isprintable() else c for c in title)
    name = " ".join(name.split()).strip("'")[:31].strip() or "Sheet"
    used = {other.casefold() for other in taken}
    candidate, number = name, 2
    while candidate.casefold() in used:
        candidate = f"{name[:27]} {number}"
        number += 1
    return candidate


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(int(value))
    return escape_formula(value)
