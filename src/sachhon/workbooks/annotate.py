"""Give a workbook back with its problem cells coloured and commented, and a first sheet that lists them.

An .xlsx keeps its own look; other formats come back as a plain .xlsx copy of their values. Text that could
start a formula ("=cmd|…", "+…", "@…") is always written as text, in lists, comments and copies alike.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
import xlsxwriter.utility
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from sachhon.workbooks.grid import LIMITS, Limits, Sheet, Workbook, open_workbook
from sachhon.workbooks.problems import Level, Problem

_FILLS: dict[Level, str] = {"error": "F8B4B4", "warning": "FCE588", "info": "BFDBFE"}
_ORDER: dict[Level, int] = {"error": 0, "warning": 1, "info": 2}
_MOST_MARKED = 5000
_MOST_UNPACKED = 20 * 1024 * 1024  # openpyxl keeps every row in memory; larger files are copied
_DDE = re.compile(r"^=[^\"]*\|")  # "=cmd|…": a formula that starts a program
_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def annotated_copy(
    original: bytes,
    problems: Sequence[Problem],
    lang: str = "vi",
    name: str = "",
    limits: Limits = LIMITS,
) -> bytes:
    """The workbook as .xlsx with its problems marked; raises ``WorkbookRefused`` for files never read."""
    workbook = open_workbook(original, name or None, limits)
    found = _unique(problems)
    if workbook.format == "xlsx" and _unpacked(original) <= _MOST_UNPACKED:
        try:
            return _mark_original(original, found, lang)
        except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError):
            # openpyxl stumbles over some valid files (odd styles, drawings); the values are safe to copy.
            pass
    return _mark_copy(workbook, found, lang)


def _unpacked(original: bytes) -> int:
    with zipfile.ZipFile(BytesIO(original)) as archive:
        return sum(part.file_size for part in archive.infolist())


def _unique(problems: Sequence[Problem]) -> list[Problem]:
    """Each problem once (opening and reading may both tell of a cell), errors first."""
    seen: dict[tuple[str, str | None, str | None, str], Problem] = {}
    for problem in sorted(problems, key=lambda p: _ORDER[p.level]):
        seen.setdefault(
            (problem.rule, problem.sheet, problem.cell, repr(sorted(problem.params.items()))), problem
        )
    return list(seen.values())


def _by_cell(problems: Sequence[Problem]) -> dict[tuple[str, str], list[Problem]]:
    cells: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems[:_MOST_MARKED]:
        for sheet, cell in problem.places:
            if _CELL.fullmatch(cell):
                cells[sheet, cell].append(problem)
    return cells


def _mark_original(original: bytes, problems: list[Problem], lang: str) -> bytes:
    book = openpyxl.load_workbook(BytesIO(original), keep_links=False)
    for (sheet, address), found in _by_cell(problems).items():
        if sheet not in book.sheetnames:
            continue
        cell = book[sheet][address]
        if not isinstance(cell, Cell):  # the covered part of a merged cell: mark its first cell
            merged = next((m for m in book[sheet].merged_cells.ranges if address in m), None)
            cell = book[sheet].cell(merged.min_row, merged.min_col) if merged else None
        if isinstance(cell, Cell):
            cell.fill = PatternFill("solid", fgColor=_FILLS[found[0].level])
            cell.comment = Comment(_comment(found, lang), "Sạch Hơn", width=320, height=140)
    _disarm(book)
    words = _words(_lang(lang))
    listing = book.create_sheet(_free_name(words["sheet"], book.sheetnames), 0)
    for row, values in enumerate(_listing(problems, lang), 1):
        for col, value in enumerate(values, 1):
            cell = listing.cell(row, col)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if row in (1, 3):
                cell.font = Font(bold=True, size=14 if row == 1 else 11)
        if row > 3 and len(values) > 1:
            listing.cell(row, 1).fill = PatternFill("solid", fgColor=_FILLS[problems[row - 4].level])
    for letter, width in zip("ABCDEF", (11, 18, 9, 60, 60, 22), strict=True):
        listing.column_dimensions[letter].width = width
    for cell in listing[1]:
        cell.alignment = Alignment(wrap_text=False)
    listing.freeze_panes = "A4"
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _disarm(book: openpyxl.Workbook) -> None:
    """Formulas that would start a program become plain text."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and isinstance(cell.value, str) and _DDE.match(cell.value):
                    cell.data_type = "s"


def _mark_copy(workbook: Workbook, problems: list[Problem], lang: str) -> bytes:
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        words = _words(_lang(lang))
        names = [sheet.name for sheet in workbook.sheets]
        listing = book.add_worksheet(_free_name(words["sheet"], names))
        bold = book.add_format({"bold": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        fills = {level: book.add_format({"bg_color": f"#{colour}"}) for level, colour in _FILLS.items()}
        for row, values in enumerate(_listing(problems, lang)):
            for col, value in enumerate(values):
                look = bold if row in (0, 2) else wrap
                if row > 2 and col == 0 and len(values) > 1:
                    look = fills[problems[row - 3].level]
                listing.write_string(row, col, value, look)
        for col, width in enumerate((11, 18, 9, 60, 60, 22)):
            listing.set_column(col, col, width)
        listing.freeze_panes(3, 0)
        marks = _by_cell(problems)
        formats: dict[tuple[str, str], Any] = {}
        for sheet in workbook.sheets:
            page = book.add_worksheet(_sheet_name(sheet.name, names))
            if sheet.hidden:
                page.hide()
            for row, values in enumerate(sheet.rows):
                for col, value in enumerate(values):
                    if value != "":
                        _write(book, page, formats, row, col, value, _level(marks, sheet, row, col))
            for (name, address), found in marks.items():
                if name != sheet.name:
                    continue
                page.write_comment(address, _comment(found, lang), {"x_scale": 2.5, "y_scale": 1.6})
                row, col = xlsxwriter.utility.xl_cell_to_rowcol(address)
                if sheet.cell(row, col) == "":
                    page.write_blank(row, col, None, fills[found[0].level])
    return out.getvalue()


def _level(marks: dict[tuple[str, str], list[Problem]], sheet: Sheet, row: int, col: int) -> Level | None:
    found = marks.get((sheet.name, sheet.address(row, col))) if marks else None
    return found[0].level if found else None


def _write(
    book: xlsxwriter.Workbook,
    page: Any,
    formats: dict[tuple[str, str], Any],
    row: int,
    col: int,
    value: Any,
    level: Level | None,
) -> None:
    number_format = ""
    if isinstance(value, datetime):
        number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, date):
        number_format = "dd/mm/yyyy"
    elif isinstance(value, time | timedelta):
        number_format = "hh:mm:ss"
    key = (number_format, level or "")
    if key not in formats:
        look = {"num_format": number_format} if number_format else {}
        if level:
            look["bg_color"] = f"#{_FILLS[level]}"
        formats[key] = book.add_format(look) if look else None
    look = formats[key]
    if isinstance(value, bool):
        page.write_boolean(row, col, value, look)
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, col, value, look)
    elif isinstance(value, date | time | timedelta):
        page.write_datetime(row, col, value, look)
    else:
        page.write_string(row, col, _plain(str(value)), look)


def _listing(problems: list[Problem], lang: str) -> list[tuple[str, ...]]:
    words = _words(_lang(lang))
    rows: list[tuple[str, ...]] = [(words["title"],), (), tuple(words[f"header_{n}"] for n in range(1, 7))]
    for p in problems:
        texts = (
            words[p.level],
            p.sheet or "",
            p.cell or "",
            p.message(lang),
            p.cure(lang),
            p.rule_name(lang),
        )
        rows.append(tuple(_plain(text) for text in texts))
    return rows if problems else [*rows, (words["none"],)]


def _comment(problems: list[Problem], lang: str) -> str:
    return _plain("\n\n".join(f"{p.message(lang)}\n→ {p.cure(lang)}" for p in problems[:5]))[:2000]


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text)[:32000]


@cache
def _words(lang: str) -> dict[str, str]:
    with Path(__file__).with_name("annotate_words.csv").open(encoding="utf-8", newline="") as handle:
        return {row["word"]: row[lang] for row in csv.DictReader(handle)}


def _lang(lang: str) -> str:
    return "en" if lang.startswith("en") else "vi"


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    used = {name.casefold() for name in taken}
    name, number = wanted, 2
    while name.casefold() in used:
        name, number = f"{wanted} {number}", number + 1
    return name


def _sheet_name(name: str, names: list[str]) -> str:
    """A name Excel accepts: 31 characters, none of []:*?/\\ and no apostrophe at the ends."""
    clean = re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:31] or "Sheet"
    return (
        clean if clean == name or clean.casefold() not in {n.casefold() for n in names} else clean[:28] + "~"
    )
