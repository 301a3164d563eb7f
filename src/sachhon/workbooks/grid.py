"""Open any workbook safely and give its sheets as plain rows.

``open_workbook`` tells the kind of file from its content, never from its name, and refuses what could
hurt (``guard``, ``ole``) with a ``WorkbookRefused`` that says what to do. Values are those of the file:
str, float, bool, date, datetime, time, timedelta; an empty cell is ``""`` and a formula error is a
``CellError``. Text comes in composed Unicode, legacy font codings already repaired. Rows and columns
count from 0; ``Sheet.address`` gives the name a person knows.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import python_calamine as calamine

from sachhon.workbooks import delimited
from sachhon.workbooks.addresses import column_number
from sachhon.workbooks.book import CellError, Sheet, Workbook
from sachhon.workbooks.guard import LIMITS, MB, Limits, inspect_zip
from sachhon.workbooks.ole import SIGNATURE, inspect_xls
from sachhon.workbooks.parts import sheet_names_by_part
from sachhon.workbooks.problems import Problem, WorkbookRefused, refuse
from sachhon.workbooks.repair import repair_texts

__all__ = [
    "LIMITS",
    "CellError",
    "Limits",
    "Sheet",
    "Workbook",
    "WorkbookRefused",
    "open_workbook",
    "safe_name",
]

_MOST_CELLS_NAMED = 1000
# What people rename to .xlsx, by the bytes it begins with; raw bytes would tell nobody anything.
_OTHER_KINDS = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
)


def open_workbook(
    source: bytes | str | Path, name: str | None = None, limits: Limits = LIMITS, *, repair: bool = True
) -> Workbook:
    """Read a file (its bytes, or a path) whole; raises ``WorkbookRefused`` where it must not be read.

    Without ``repair`` texts stay as they stand: for a file that the site made itself, which is Unicode throughout.
    """
    if isinstance(source, bytes):
        data = source
    else:
        path = Path(source)
        name = name or path.name
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise refuse("file_too_large", size_mb=size // MB, limit_mb=limits.file_bytes // MB)
        data = path.read_bytes()
    if len(data) > limits.file_bytes:
        raise refuse("file_too_large", size_mb=len(data) // MB, limit_mb=limits.file_bytes // MB)
    if not data.strip(b"\0 \r\n\t"):
        raise refuse("file_empty")
    kind, sheets, problems, composed = _read(data, limits)
    if not any(sheet.rows for sheet in sheets):
        raise refuse("no_sheets")
    cells = sum(sheet.height * sheet.width for sheet in sheets)
    if cells > limits.cells:
        longest = max(sheets, key=lambda sheet: sheet.height)
        raise refuse(
            "workbook_too_large", cells=cells, limit=limits.cells, name=longest.name, rows=longest.height
        )
    problems += [
        Problem("info", "hidden_sheet", s.name, params={"name": s.name})
        for s in sheets
        if s.hidden and s.rows
    ]
    if repair:
        problems += repair_texts(sheets, composed=composed)
    return Workbook(
        safe_name(name or "workbook"), hashlib.sha256(data).hexdigest(), kind, tuple(sheets), tuple(problems)
    )


def safe_name(name: str) -> str:
    """The last part of a path, without control characters: fit to show (escaped) and to store."""
    base = PurePosixPath(name.replace("\\", "/")).name
    base = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C")
    base = base.strip(". ")
    return base[-150:] or "workbook"


def _read(data: bytes, limits: Limits) -> tuple[str, list[Sheet], list[Problem], bool]:
    """The format, the sheets, what was noticed, and whether all texts are known to be `Findings.composed`."""
    if data.startswith(b"PK"):
        return _read_zip(data, limits)
    if data.startswith(SIGNATURE):
        errors = inspect_xls(data, limits).errors
        sheets = _load(data)
        return (
            "xls",
            sheets,
            [p for i, found in errors.items() if i < len(sheets) for p in _mark(sheets[i], found)],
            False,
        )
    head = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith(b"%pdf"):
        raise refuse("format_unknown", found="PDF")
    other = next((name for start, name in _OTHER_KINDS if data.startswith(start)), "")
    if other or head.startswith((b"<", b"{\\rtf")):
        raise refuse("format_unknown", found=other or _printable(head[:12]))
    text, coding, guessed = delimited.decode(data)
    rows, delimiter = delimited.parse_delimited(text)
    width = max(map(len, rows), default=0)
    if width * len(rows) > limits.cells:
        raise refuse("sheet_too_large", name="CSV", rows=len(rows), cols=width, limit=limits.cells)
    problems = [delimited.guessed_problem(coding)] if guessed else []
    return "tsv" if delimiter == "\t" else "csv", [Sheet("CSV", _trim(rows))], problems, False


def _read_zip(data: bytes, limits: Limits) -> tuple[str, list[Sheet], list[Problem], bool]:
    findings = inspect_zip(data, limits)
    if not findings.kind:
        raise refuse("format_unknown", found="zip")
    sheets = _load(findings.unpacked or data, merged=findings.merged)
    problems: list[Problem] = []
    if findings.external_links:
        problems.append(Problem("info", "external_links", params={"count": findings.external_links}))
    if findings.errors or findings.uncalculated:
        by_name = {sheet.name: sheet for sheet in sheets}
        ods = findings.kind == "ods"
        names = {str(i): s.name for i, s in enumerate(sheets)} if ods else sheet_names_by_part(data)
        for part, found in findings.errors.items():
            if sheet := by_name.get(names.get(part, "")):
                problems += _mark(sheet, found)
        for part, cells in findings.uncalculated.items():
            if sheet := by_name.get(names.get(part, "")):
                params = {"count": len(cells), "cells": cells[:_MOST_CELLS_NAMED]}
                problems.append(Problem("warning", "formula_not_calculated", sheet.name, cells[0], params))
    return findings.kind, sheets, problems, findings.composed


def _load(data: bytes, *, merged: bool = True) -> list[Sheet]:
    """All worksheets through calamine, whose faults of any kind become a refusal.

    Without `merged` the sheets are known to have no merged cells, and are not parsed once more for them.
    """
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = []
        for index, meta in enumerate(book.sheets_metadata):
            if meta.typ == calamine.SheetTypeEnum.MacroSheet or meta.typ == calamine.SheetTypeEnum.Vba:
                raise refuse("macros_refused")
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(index)
            hidden = meta.visible != calamine.SheetVisibleEnum.Visible
            ranges = sheet.merged_cell_ranges if merged else None
            merges = tuple((tuple(a), tuple(b)) for a, b in ranges or ())
            sheets.append(Sheet(meta.name, _rows(sheet), merges, hidden))  # pyright: ignore[reportArgumentType]
        return sheets
    except WorkbookRefused:
        raise
    except calamine.PasswordError as locked:
        raise refuse("encrypted") from locked
    except BaseException as broken:
        # A panic of the Rust reader is a BaseException of its own; it means the same as any other fault.
        if isinstance(broken, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise refuse("file_corrupt") from broken


def _rows(sheet: calamine.CalamineSheet) -> list[list[Any]]:
    """The rows from A1 on. Rows above the first filled one share one empty list: they may be a million."""
    if sheet.start is None:
        return []
    top, left = sheet.start
    rows = sheet.to_python(skip_empty_area=True)
    if left:
        pad = [""] * left
        rows = [pad + row for row in rows]
    blank: list[Any] = []
    return _trim([blank] * top + rows)


def _trim(rows: list[list[Any]]) -> list[list[Any]]:
    end = len(rows)
    while end and not any(value != "" for value in rows[end - 1]):
        end -= 1
    return rows[:end]


def _mark(sheet: Sheet, found: list[tuple[str, str]]) -> list[Problem]:
    """Put the formula errors back where the reader left empty cells."""
    problems = []
    for address, text in found:
        match = re.fullmatch(r"([A-Z]{1,3})(\d+)", address)
        if not match:
            continue
        row, col = int(match[2]) - 1, column_number(match[1]) - 1
        while len(sheet.rows) <= row and row < 100_000:
            sheet.rows.append([])
        if row >= len(sheet.rows):
            continue
        values = sheet.rows[row]
        if len(values) <= col:
            values = sheet.rows[row] = values + [""] * (col + 1 - len(values))
        values[col] = CellError(text)
        problems.append(Problem("warning", "formula_error", sheet.name, address, {"error": text}))
    return problems[:500]


def _printable(head: bytes) -> str:
    return head.decode("ascii", "replace").strip()
