"""The official annual report form as an .xlsx workbook: blank, prefilled for a factory, or filled in.

The same report always gives the same bytes, so that a file sent twice is known by its checksum. What a form
says is in `model`, its columns in `layout`, its words in `labels.csv`, its colours in `style`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from sachhon.workbooks.annual import rows, sheets
from sachhon.workbooks.annual.choices import CHOICE_LISTS, choices
from sachhon.workbooks.annual.labels import Lang, label
from sachhon.workbooks.annual.layout import (
    INPUTS,
    LISTS_SHEET,
    META_SHEET,
    PRODUCTS,
    REMARKS,
    SOLUTIONS,
    TABLES,
    VERSION,
    WASTES,
)
from sachhon.workbooks.annual.model import AnnualReportData, ReportLine
from sachhon.workbooks.annual.style import ACCENT, AMBER, GREY, Styles


def write_template(
    data: AnnualReportData | None,
    *,
    facility: AnnualReportData | None = None,
    lines: Sequence[ReportLine] = (),
    lang: Lang = "vi",
    demo: bool = False,
) -> bytes:
    """The workbook of `data`, or without data the form of `facility` to fill in.

    `facility` is a report holding only who and which year. `lines` are last year's: each has a row with its
    name and unit, and its total stands beside this year's months. `demo` names the workbook as
    demonstration data on every sheet and page.
    """
    report = data or facility
    if report is None:
        raise ValueError("a form needs a report or at least a facility and a year")
    form = sheets.Form(report, lang, demo, blank=data is None)
    output = BytesIO()
    book = Workbook(output, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    _describe(book, report, lang)
    styles = Styles(book)
    pages = [book.add_worksheet(label(f"sheet.{key}", lang)) for key in ("guide", "general")]
    pages += [book.add_worksheet(label(table.sheet, lang)) for table in TABLES]
    sheets.write_guide(pages[0], styles, form)
    sheets.write_general(pages[1], styles, form)
    contents = {
        PRODUCTS.key: rows.products(report, lines, lang),
        INPUTS.key: rows.inputs(report, lines, lang),
        WASTES.key: rows.wastes(report, lines, lang),
        SOLUTIONS.key: rows.solutions(report, lang),
        REMARKS.key: rows.remarks(report),
    }
    for table, page in zip(TABLES, pages[2:], strict=True):
        last = sheets.write_table(page, styles, form, table, contents[table.key])
        if table is REMARKS:
            last = sheets.write_signature(page, styles, form, last + 2)
        page.print_area(0, 0, last, len(table.columns) - 1)
    for number, page in enumerate(pages):
        _set_page(page, form, portrait=number < 2)
    pages[0].set_tab_color(GREY)
    pages[1].activate()
    pages[1].set_first_sheet()
    _write_lists(book, lang)
    _write_meta(book, report, lang, demo)
    book.close()
    return output.getvalue()


def _describe(book: Workbook, report: AnnualReportData, lang: Lang) -> None:
    book.set_properties(
        {
            "title": f"{label('title', lang)} {report.year}",
            "subject": report.facility_name,
            "comments": label("footer.version", lang, version=VERSION),
            # A fixed moment, or the same report would give other bytes a second later.
            "created": dt.datetime(report.year if report.year < 9999 else 2000, 1, 1),  # noqa: DTZ001
        }
    )


def _set_page(page: Worksheet, form: sheets.Form, *, portrait: bool) -> None:
    if portrait:
        page.set_portrait()
    else:
        page.set_landscape()
        page.repeat_rows(0, sheets.HEAD_ROW)
    page.set_paper(9)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    version = label("footer.version", form.lang, version=VERSION)
    name = form.report.facility_name.replace("&", "&&")
    page.set_footer(f"&L&8{name}&C&8{label('footer.page', form.lang)}&R&8{version}")
    if form.demo:
        page.set_header(f"&C&9{label('demo', form.lang)}")
    page.hide_gridlines(2)
    page.protect("", {"format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True})
    page.set_tab_color(AMBER if form.demo else ACCENT)


def _write_lists(book: Workbook, lang: Lang) -> None:
    page = book.add_worksheet(label(f"sheet.{LISTS_SHEET}", lang))
    for column, name in enumerate(CHOICE_LISTS):
        words = [choice.words for choice in choices(name, lang)]
        page.write_column(0, column, words)
        last = f"${chr(65 + column)}${max(len(words), 1)}"
        book.define_name(f"list_{name}", f"='{page.get_name()}'!${chr(65 + column)}$1:{last}")
    page.protect()
    page.hide()


def _write_meta(book: Workbook, report: AnnualReportData, lang: Lang, demo: bool) -> None:
    page = book.add_worksheet(META_SHEET)
    facts: dict[str, Any] = {
        "form": "sachhon-annual",
        "version": VERSION,
        "year": report.year,
        "facility_code": report.facility_code,
        "tax_code": report.tax_code,
        "language": lang,
        "demo": "yes" if demo else "no",
    }
    for row, (key, value) in enumerate(facts.items()):
        page.write_string(row, 0, key)
        page.write(row, 1, float(value) if isinstance(value, Decimal) else value)
    page.very_hidden()
