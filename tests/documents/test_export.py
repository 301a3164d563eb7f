"""Lists to take away: numbers stay numbers, text stays text, names stay harmless."""

import csv
import datetime as dt
import io
from decimal import Decimal as D

import openpyxl

from sachhon.documents.export import escape_formula, sheet_name, table_csv, table_xlsx
from sachhon.documents.shapes import Column

COLUMNS = (
    Column("Tên cơ sở"),
    Column("Điện", "number", "kWh", 1),
    Column("Ngày", "date"),
    Column("Số người", "integer"),
)
EVIL = "=cmd|' /C calc'!A0"
ROWS = [
    ("Công ty Đá Đồng Mỏ", D("1234.5"), dt.date(2026, 2, 5), 12),
    (EVIL, None, None, None),
    ("<script>alert(1)</script>", D("-3.25"), None, 0),
]


def read(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def head_row(sheet) -> int:
    return next(c.row for c in sheet["A"] if c.value == "Tên cơ sở")


def test_the_workbook_holds_numbers_dates_and_units():
    sheet = read(table_xlsx("Danh sách cơ sở", COLUMNS, ROWS)).active
    head = head_row(sheet)
    assert [c.value for c in sheet[head]] == ["Tên cơ sở", "Điện (kWh)", "Ngày", "Số người"]
    first = sheet[head + 1]
    assert first[1].value == 1234.5
    assert first[1].number_format == "#,##0.0"
    assert first[2].value.date() == dt.date(2026, 2, 5)
    assert first[2].number_format == "dd/mm/yyyy"
    assert sheet[head + 2][1].value in (None, "")


def test_a_name_like_a_formula_stays_text_in_both_files():
    sheet = read(table_xlsx("x", COLUMNS, ROWS)).active
    cell = sheet[head_row(sheet) + 2][0]
    assert (cell.value, cell.data_type) == (EVIL, "s")
    lines = list(csv.reader(io.StringIO(table_csv(COLUMNS, ROWS).decode("utf-8-sig"))))
    assert lines[2][0] == "'" + EVIL
    for start in "=+-@\t\r":
        assert escape_formula(start + "1") == "'" + start + "1"
    assert escape_formula("Xã Na Sầm") == "Xã Na Sầm"


def test_the_list_is_ready_to_work_with_and_to_print():
    sheet = read(table_xlsx("x", COLUMNS, ROWS, total=("Tổng", D(1), None, 12), demo=True)).active
    head = head_row(sheet)
    assert sheet.freeze_panes == f"B{head + 1}"
    assert sheet.auto_filter.ref == f"A{head}:D{head + 3}"
    assert sheet.print_title_rows == f"${head}:${head}"
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert "DỮ LIỆU TRÌNH DIỄN" in sheet.oddHeader.center.text
    assert sheet[head + 4][0].value == "Tổng"


def test_csv_opens_with_tone_marks_and_plain_numbers():
    content = table_csv(COLUMNS, ROWS)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[1] == ["Công ty Đá Đồng Mỏ", "1234.5", "2026-02-05", "12"]
    assert lines[3] == ["<script>alert(1)</script>", "-3.25", "", "0"]


def test_long_lists_stream_from_a_generator():
    rows = ((f"Cơ sở {i}", D(i), None, i) for i in range(5000))
    sheet = read(table_xlsx("x", COLUMNS, rows)).active
    assert sheet.max_row == head_row(sheet) + 5000
    assert sheet[sheet.max_row][0].value == "Cơ sở 4999"


def test_sheet_names_are_ones_excel_takes():
    assert sheet_name("Mục tiêu: 2016/2020 [a]*?") == "Mục tiêu 2016 2020 a"
    assert sheet_name("x" * 40, ["x" * 31]) == "x" * 27 + " 2"
    assert sheet_name("Bảng", ["BẢNG"]) == "Bảng 2"
    assert sheet_name("''") == "Sheet"
