"""The sheets of the form drawn on worksheets: the guide, the general fields, the tables, the signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from sachhon.reference import deadline
from sachhon.workbooks.annual.checks import field_check, write_checks
from sachhon.workbooks.annual.choices import choices, words_of
from sachhon.workbooks.annual.labels import Lang, has_label, label
from sachhon.workbooks.annual.layout import (
    CP_FIELDS,
    FACILITY_FIELDS,
    SIGNER_FIELDS,
    TABLES,
    Column,
    Field,
    Table,
)
from sachhon.workbooks.annual.model import AnnualReportData
from sachhon.workbooks.annual.rows import Row
from sachhon.workbooks.annual.style import Styles

HEAD_ROW = 3
"""The row of the column heads, in every table."""

_EXAMPLE_ROW = HEAD_ROW + 1
_TEXT_CODES = {"facility_code", "tax_code", "area_code", "contact_phone"}


@dataclass(frozen=True)
class Form:
    """What every sheet of one workbook shows."""

    report: AnnualReportData
    lang: Lang
    demo: bool
    blank: bool = False
    """Yet to be filled in: a question not answered is left blank rather than marked unknown."""

    @property
    def strip(self) -> str:
        report = self.report
        if not report.facility_name:
            return label("strip.blank", self.lang, year=report.year)
        return label(
            "strip",
            self.lang,
            facility=report.facility_name,
            tax_code=report.tax_code or "–",
            year=report.year,
        )


def write_guide(page: Worksheet, styles: Styles, form: Form) -> None:
    lang = form.lang
    page.set_column(0, 0, 6)
    page.set_column(1, 1, 96)
    row = _write_heading(page, styles, form, label("title", lang), 2) + 1
    row = _write_section(page, styles, row, label("guide.fill", lang), 2)
    steps = [label(f"guide.{step}", lang) for step in range(1, 7)]
    for key, rule in (("due", "annual_report"), ("corrected", "correction")):
        day = deadline(rule, form.report.year)
        steps.append(label(f"guide.{key}", lang, **{key: f"{day:%d/%m/%Y}"}))
    for number, step in enumerate(steps, start=1):
        page.set_row(row, 30 if len(step) > 140 else 18)
        page.write_number(row, 0, number, styles["guide.number"])
        page.write_string(row, 1, step, styles["guide"])
        row += 1
    row = _write_section(page, styles, row + 1, label("guide.legend", lang), 2)
    for look, words in (("text", "input"), ("total", "total"), ("locked", "locked")):
        page.write_blank(row, 0, None, styles[look])
        page.write_string(row, 1, label(f"guide.legend.{words}", lang), styles["guide"])
        row += 1
    row = _write_section(page, styles, row + 1, label("guide.sections", lang), 2)
    for key in ("sheet.general", *(table.sheet for table in TABLES)):
        name = label(key, lang)
        page.write_url(row, 1, f"internal:'{name}'!A1", styles["link"], name)
        row += 1
    row = _write_section(page, styles, row + 1, label("guide.groups", lang), 2)
    groups = [choice.words for choice in choices("groups", lang)]
    for number, name in enumerate(groups[:-1], start=1):
        page.write_number(row, 0, number, styles["guide.number"])
        page.write_string(row, 1, name, styles["guide"])
        row += 1
    page.set_row(row, 30)
    page.write_string(row, 1, label("guide.notcp", lang), styles["guide"])
    page.print_area(0, 0, row, 1)


def write_general(page: Worksheet, styles: Styles, form: Form) -> None:
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 46)
    page.set_column(2, 2, 34)
    row = _write_heading(page, styles, form, label("sheet.general", form.lang), 3) + 1
    for section, entries in (("facility", FACILITY_FIELDS), ("cp", CP_FIELDS)):
        row = _write_section(page, styles, row, label(f"section.{section}", form.lang), 3)
        row = _write_fields(page, styles, form, row, entries) + 1
    page.freeze_panes(HEAD_ROW, 0)
    page.print_area(0, 0, row - 2, 2)


def write_signature(page: Worksheet, styles: Styles, form: Form, row: int) -> int:
    """The signer's fields under a table; the last row used comes back."""
    row = _write_section(page, styles, row, label("section.signature", form.lang), 3)
    return _write_fields(page, styles, form, row, SIGNER_FIELDS, column=1) - 1


def write_table(page: Worksheet, styles: Styles, form: Form, table: Table, contents: Sequence[Row]) -> int:
    """A table with its head, an example and the rows of `contents`; the last row used comes back."""
    columns = table.columns
    page.set_default_row(18)
    for at, column in enumerate(columns):
        page.set_column(at, at, column.width)
    _write_heading(page, styles, form, label(table.sheet, form.lang), len(columns))
    page.set_row(HEAD_ROW, 32)
    for at, column in enumerate(columns):
        page.write_string(HEAD_ROW, at, _words(column, form.lang), styles["head"])
        key = f"example.{table.key}.{column.label or column.key}"
        example = label(key, form.lang) if has_label(key) and column.number < 2 else None
        write_value(page, _EXAMPLE_ROW, at, example, styles["example"])
    page.write_string(_EXAMPLE_ROW, 0, label("example.mark", form.lang), styles["example"])
    first = _EXAMPLE_ROW + 1
    last = first + len(contents) + table.spare - 1
    looks = [styles[_look(column)] for column in columns]
    for offset in range(last - first + 1):
        row = contents[offset] if offset < len(contents) else {}
        _write_row(page, first + offset, offset + 1, columns, looks, row)
    write_checks(page, styles, table, form.lang, first, last)
    page.freeze_panes(HEAD_ROW + 1, table.frozen)
    return last


def _write_row(
    page: Worksheet, row: int, index: int, columns: Sequence[Column], looks: Sequence[Format], values: Row
) -> None:
    lines = 1
    for at, column in enumerate(columns):
        value = values.get((column.key, column.number))
        if isinstance(value, str) and column.kind in ("text", "choice"):
            # Wider letters than digits: a cell holds about 1.1 letters a unit of its width.
            lines = max(lines, ceil(len(value) / (column.width * 1.1)))
        look = looks[at]
        if column.key == "index":
            page.write_number(row, at, index, look)
        elif column.kind == "total" and value is None:
            _write_total(page, row, at, look, values)
        else:
            write_value(page, row, at, value, look)
    if lines > 1:
        page.set_row(row, 13 * lines + 5)


def _write_total(page: Worksheet, row: int, at: int, look: Format, values: Row) -> None:
    months = [values.get(("month", month)) for month in range(1, 13)]
    known = [month for month in months if month is not None]
    span = f"{xl_rowcol_to_cell(row, at - 12)}:{xl_rowcol_to_cell(row, at - 1)}"
    # A blank result would be taken for a formula that was never calculated.
    result: Any = float(sum(known)) if known else " "
    page.write_formula(row, at, f'=IF(COUNT({span})=0,"",SUM({span}))', look, result)


def write_value(page: Worksheet, row: int, column: int, value: Any, look: Format) -> None:
    """A value in a cell as what it is; text stays text, whatever it begins with."""
    if value is None or value == "":
        page.write_blank(row, column, None, look)
    elif isinstance(value, str):
        page.write_string(row, column, value, look)
    elif isinstance(value, dt.date):
        page.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), look)  # noqa: DTZ001
    else:
        page.write_number(row, column, float(value) if isinstance(value, Decimal) else value, look)


def _write_fields(
    page: Worksheet, styles: Styles, form: Form, row: int, entries: Sequence[Field], column: int = 0
) -> int:
    for entry in entries:
        value = getattr(form.report, entry.key)
        if entry.choices:
            value = "" if form.blank and value == "unknown" else words_of(entry.choices, value, form.lang)
        elif isinstance(value, tuple):
            value = "; ".join(value)
        page.set_row(row, 19)
        page.write_string(row, column, label(f"field.{entry.key}", form.lang), styles["label"])
        look = "code" if entry.key in _TEXT_CODES else entry.kind
        write_value(page, row, column + 1, value, styles[f"field.{look}"])
        hint = f"hint.{entry.key}"
        if has_label(hint):
            page.write_string(row, column + 2, label(hint, form.lang), styles["hint"])
        check = field_check(entry, form.report.year, form.lang)
        if check is not None:
            page.data_validation(row, column + 1, row, column + 1, check)
        row += 1
    return row


def _write_heading(page: Worksheet, styles: Styles, form: Form, title: str, width: int) -> int:
    page.set_row(0, 30)
    page.write_string(0, 0, title, styles["title"])
    for column in range(1, width):
        page.write_blank(0, column, None, styles["title"])
    page.write_string(1, 0, form.strip, styles["strip"])
    page.set_row(1, 20)
    if form.demo:
        page.write_string(2, 0, label("demo", form.lang), styles["demo"])
        for column in range(1, width):
            page.write_blank(2, column, None, styles["demo"])
    else:
        page.set_row(2, 6)
    return 2


def _write_section(page: Worksheet, styles: Styles, row: int, title: str, width: int) -> int:
    page.set_row(row, 22)
    page.write_string(row, 0, title, styles["section"])
    for column in range(1, width):
        page.write_blank(row, column, None, styles["section"])
    return row + 1


def _words(column: Column, lang: Lang) -> str:
    return label(column.words, lang, month=column.number, n=column.number)


def _look(column: Column) -> str:
    if column.key == "index":
        return "index"
    return "code" if column.key == "code" else column.kind
