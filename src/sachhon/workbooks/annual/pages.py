"""Plain pages of cells, and how they are saved as .xlsx, .xls and .ods: what other programs make of a form.

No look, no locks, no drop-downs: a file that went through somebody's hands has lost them. Only for making
spoilt workbooks (`mess`, `old_form`); the official form is written by `template`.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter import Workbook

from sachhon.workbooks.grid import open_workbook

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column."""

_DATE = "dd/mm/yyyy"


@dataclass
class Page:
    """A sheet: its rows (ragged, "" for blank), merged ranges, and whether it is hidden."""

    name: str
    rows: list[list[Any]]
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False


def pages_of(content: bytes) -> list[Page]:
    """The pages of a workbook, hidden ones too."""
    return [
        Page(sheet.name, [list(row) for row in sheet.rows], hidden=sheet.hidden)
        for sheet in open_workbook(content).sheets
    ]


def to_xlsx(pages: list[Page]) -> bytes:
    output = BytesIO()
    book = Workbook(output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": dt.datetime(2026, 1, 1)})  # noqa: DTZ001
    date = book.add_format({"num_format": _DATE})
    plain = book.add_format()
    for page in pages:
        sheet = book.add_worksheet(page.name)
        for row, cells in enumerate(page.rows):
            for column, value in enumerate(cells):
                if isinstance(value, dt.date):
                    moment = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
                    sheet.write_datetime(row, column, moment, date)
                elif isinstance(value, str):
                    if value:
                        sheet.write_string(row, column, value)
                else:
                    sheet.write_number(row, column, value)
        for first, left, last, right in page.merges:
            value = page.rows[first][left] if left < len(page.rows[first]) else ""
            sheet.merge_range(first, left, last, right, value, plain)
        if page.hidden:
            sheet.very_hidden()
    next(sheet for sheet, page in zip(book.worksheets(), pages, strict=True) if not page.hidden).activate()
    book.close()
    return output.getvalue()


def to_xls(pages: list[Page]) -> bytes:
    """As Excel 97–2003 saves it. Needs xlwt, which is there wherever the demo and the tests are."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    date = xlwt.easyxf(num_format_str=_DATE)
    for page in pages:
        sheet = book.add_sheet(page.name)
        sheet.visibility = 2 if page.hidden else 0
        for row, cells in enumerate(page.rows):
            for column, value in enumerate(cells):
                if isinstance(value, dt.date):
                    sheet.write(row, column, value, date)
                elif value != "":
                    sheet.write(row, column, value)
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def to_ods(pages: list[Page]) -> bytes:
    """As LibreOffice saves it, down to what a reader needs."""
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {
            "mimetype": _ODS_TYPE,
            "META-INF/manifest.xml": _MANIFEST,
            "content.xml": _content(pages),
        }
        for name, text in parts.items():
            # A fixed moment, so that the same pages always give the same bytes.
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return output.getvalue()


def _content(pages: list[Page]) -> str:
    tables = []
    for page in pages:
        rows = "".join(
            f"<table:table-row>{''.join(map(_cell, cells)) or _BLANK}</table:table-row>"
            for cells in page.rows
        )
        style = "hidden" if page.hidden else "shown"
        name = escape(page.name, {'"': "&quot;"})
        tables.append(f'<table:table table:name="{name}" table:style-name="{style}">{rows}</table:table>')
    return f"{_ODS_HEAD}{''.join(tables)}{_ODS_FOOT}"


def _cell(value: Any) -> str:
    if isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value:%Y-%m-%d}"'
        return f"<table:table-cell {kind}><text:p>{value:%d/%m/%Y}</text:p></table:table-cell>"
    if isinstance(value, str):
        if not value:
            return _BLANK
        text = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
        return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    kind = f'office:value-type="float" office:value="{value!r}"'
    return f"<table:table-cell {kind}><text:p>{value!r}</text:p></table:table-cell>"


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_BLANK = "<table:table-cell/>"
_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<manifest:manifest xmlns:manifest="{_NAMESPACE}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.3" '
    + " ".join(f'xmlns:{name}="{_NAMESPACE}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    + '><office:automatic-styles><style:style style:name="shown" style:family="table">'
    '<style:table-properties table:display="true"/></style:style>'
    '<style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)
_ODS_FOOT = "</office:spreadsheet></office:body></office:document-content>"
