"""Make workbooks of all formats from plain rows, for tests of layouts nobody has seen before."""

import io

import openpyxl
import xlwt
from odf import table as odf_table
from odf.opendocument import OpenDocumentSpreadsheet
from odf.text import P


def as_xlsx(sheets, merges=()):
    """``sheets``: {name: rows}; ``merges``: (sheet, "A1:B2") pairs."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if value is not None and value != "":
                    page.cell(r, c, value)
    for name, area in merges:
        book[name].merge_cells(area)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def as_xls(sheets):
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for name, rows in sheets.items():
        page = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is None or value == "":
                    continue
                if hasattr(value, "year"):
                    page.write(r, c, value, day)
                else:
                    page.write(r, c, value)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def as_ods(sheets):
    doc = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        page = odf_table.Table(name=name)
        for row in rows:
            line = odf_table.TableRow()
            for value in row:
                if hasattr(value, "year"):
                    cell = odf_table.TableCell(valuetype="date", datevalue=value.isoformat())
                elif isinstance(value, int | float):
                    cell = odf_table.TableCell(valuetype="float", value=value)
                elif value:
                    cell = odf_table.TableCell(valuetype="string")
                    cell.addElement(P(text=value))
                else:
                    cell = odf_table.TableCell()
                line.addElement(cell)
            page.addElement(line)
        doc.spreadsheet.addElement(page)
    raw = io.BytesIO()
    doc.save(raw)
    return raw.getvalue()


def as_csv(rows, delimiter=";", coding="utf-8"):
    lines = [delimiter.join("" if v is None else str(v) for v in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode(coding)
