"""One `Table` on one worksheet: shared by the report's workbook and by the list exports of the web.

Numbers are numbers with a format, dates are dates, and text is always written as text: "=cmd|…" in a
facility's name stays a name. Units stand in the head, the head is frozen and filtered and repeats in print.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from itertools import chain, islice

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sachhon.documents.layout import head_text
from sachhon.documents.numbers import column_decimals, format_cell, sensible_decimals
from sachhon.documents.shapes import Cell, Column, Lang
from sachhon.documents.texts import clean, words

FONT = "Times New Roman"
WORKBOOK_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_HEAD_FILL = "#E3ECE8"
_LINE = "#9AA5AB"
_MAX_CELL = 32_767
_SAMPLE = 300
_WRAP_AT = 44


class Styles:
    """Cell formats of a workbook, made once each (a workbook keeps every format it is given)."""

    def __init__(self, book: Workbook, lang: Lang = "vi") -> None:
        self._book = book
        self.lang: Lang = lang
        self._made: dict[tuple[object, ...], Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 14, "font_name": FONT})
        self.note = book.add_format(
            {"italic": True, "font_size": 10, "font_name": FONT, "font_color": "#44525B"}
            | {"text_wrap": True, "valign": "top"}
        )
        self.banner = book.add_format(
            {"bold": True, "font_size": 11, "font_name": FONT, "font_color": "#A3301F"}
        )
        self.head = book.add_format(
            {
                "bold": True,
                "font_size": 11,
                "font_name": FONT,
                "bg_color": _HEAD_FILL,
                "border": 1,
                "border_color": _LINE,
            }
            | {"text_wrap": True, "align": "center", "valign": "vcenter"}
        )
        self.link = book.add_format(
            {"font_name": FONT, "font_size": 11, "font_color": "#1F4E9E", "underline": 1}
        )

    def cell(self, column: Column, *, digits: int = 0, bold: bool = False, wrap: bool = False) -> Format:
        """Format of a column's cells; `digits` after the comma are shown of a free number."""
        key = (column.kind, column.decimals, digits, bold, wrap)
        if key not in self._made:
            shape: dict[str, object] = {"font_name": FONT, "font_size": 11, "border": 1, "valign": "top"}
            shape["border_color"] = _LINE
            shape["num_format"] = self._number_format(column, digits)
            if column.kind == "text":
                shape |= {"align": "left", "indent": 1}
            if bold:
                shape |= {"bold": True, "bg_color": "#F2F5F4"}
            if wrap:
                shape["text_wrap"] = True
            self._made[key] = self._book.add_format(shape)
        return self._made[key]

    @staticmethod
    def _number_format(column: Column, digits: int) -> str:
        if column.kind == "date":
            return "dd/mm/yyyy"
        decimals = column_decimals(column)
        if decimals is None or column.kind == "quantity":
            decimals = digits
        return "#,##0" + ("." + "0" * decimals if decimals else "")


def write_table(
    sheet: Worksheet,
    styles: Styles,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    total: Sequence[Cell] | None = None,
    strong_rows: Collection[int] = (),
    notes: Sequence[str] = (),
    banner: str = "",
) -> int:
    """Title in row 1, then notes, head, rows, total. Returns how many rows were written.

    Rows are written in order and never looked at again, so that a list of 100,000 rows streams through.
    """
    rows = iter(rows)
    sample = list(islice(rows, _SAMPLE))
    widths = [_width(column, [row[i] for row in sample]) for i, column in enumerate(columns)]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)

    line = 0
    sheet.write_string(line, 0, clean(title), styles.title)
    if banner:
        line += 1
        sheet.write_string(line, 0, banner, styles.banner)
    for note in notes:
        line += 1
        _write_note(sheet, line, clean(note), widths, styles)
    line += 2
    head = line
    sheet.set_row(head, 15.0 * _head_lines(columns, widths) + 3)
    for index, column in enumerate(columns):
        sheet.write_string(head, index, head_text(column), styles.head)
    count = 0
    for row in chain(sample, rows):
        line += 1
        _write_row(sheet, styles, line, columns, row, widths, bold=count in strong_rows)
        count += 1
    last = line
    if total is not None:
        line += 1
        _write_row(sheet, styles, line, columns, total, widths, bold=True)
    _set_up_page(sheet, head, last, len(columns), sum(widths), banner, styles.lang)
    return count


def _write_row(
    sheet: Worksheet,
    styles: Styles,
    line: int,
    columns: Sequence[Column],
    row: Sequence[Cell],
    widths: Sequence[float],
    *,
    bold: bool = False,
) -> None:
    lines = _lines(row, widths)
    if lines > 1:
        sheet.set_row(line, 15.0 * lines)
    for index, (column, value) in enumerate(zip(columns, row, strict=True)):
        if value is None or isinstance(value, str | bool):
            text = "" if value is None else format_cell(value, column, styles.lang)
            wrap = _wraps(text, widths[index])
            sheet.write_string(
                line, index, clean(text)[:_MAX_CELL], styles.cell(column, bold=bold, wrap=wrap)
            )
        elif isinstance(value, dt.date):
            day = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001  (a calendar day)
            sheet.write_datetime(line, index, day, styles.cell(column, bold=bold))
        else:
            digits = sensible_decimals(value)  # the cell holds all of them
            sheet.write_number(line, index, float(value), styles.cell(column, digits=digits, bold=bold))


def _write_note(sheet: Worksheet, line: int, note: str, widths: Sequence[float], styles: Styles) -> None:
    """Across the table and no further: what stands out to the right would make the whole page print small."""
    if len(widths) > 1:
        sheet.merge_range(line, 0, line, len(widths) - 1, "", styles.note)
    sheet.write_string(line, 0, note, styles.note)
    sheet.set_row(line, 14.0 * max(len(textwrap.wrap(note, max(int(sum(widths)), 8))), 1) + 2)


def _set_up_page(
    sheet: Worksheet, head: int, last: int, columns: int, width: float, banner: str, lang: Lang
) -> None:
    sheet.freeze_panes(head + 1, 1 if columns > 3 else 0)
    sheet.autofilter(head, 0, max(last, head), columns - 1)
    sheet.repeat_rows(head)
    sheet.set_paper(9)
    if width > 95:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.5, top=0.8, bottom=0.7)
    sheet.hide_gridlines(2)
    sheet.set_header(f'&C&"{FONT},Bold"&10{banner}')
    sheet.set_footer(f'&C&"{FONT}"&10{words(lang)("export.page")}')


def _width(column: Column, values: Sequence[Cell]) -> float:
    """Width in characters: room for the longest word of the head and for the cells, which wrap at 44."""
    longest_word = max((len(word) for word in head_text(column).split()), default=4)
    needed = max((len(_rough(value)) for value in values), default=4)
    if column.kind == "text":
        return max(longest_word + 4, min(needed + 3, _WRAP_AT), 8)
    return max(longest_word + 4, needed + 2, 9)


def _rough(value: Cell) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value) if value is not None else ""


def _wraps(text: str, width: float) -> bool:
    return len(text) + 2 > width


def _lines(row: Sequence[Cell], widths: Sequence[float]) -> int:
    """Lines the tallest cell of a row takes: programs do not all set the height of a row themselves."""
    tall = [
        len(textwrap.wrap(value, int(width) - 3))
        for value, width in zip(row, widths, strict=True)
        if isinstance(value, str) and _wraps(value, width)
    ]
    return max(tall, default=1)


def _head_lines(columns: Sequence[Column], widths: Sequence[float]) -> int:
    """Lines the tallest head takes (bold letters are wider, hence the margin)."""
    return max(
        len(textwrap.wrap(head_text(column), max(int(width / 1.15), 4)))
        for column, width in zip(columns, widths, strict=True)
    )
