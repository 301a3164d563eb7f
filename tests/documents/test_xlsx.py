"""The report's workbook: every table a sheet, real numbers, lineage last."""

import io
from dataclasses import replace

import openpyxl
import pytest

from sachhon.documents.xlsx import province_report_xlsx, report_sheets

from . import sample


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(io.BytesIO(province_report_xlsx(sample.report(), "vi")))


def column(sheet, title: str) -> tuple[int, int]:
    """Row and column of a head cell."""
    return next((c.row, c.column) for row in sheet.iter_rows() for c in row if c.value == title)


def test_every_table_has_a_sheet_and_the_contents_link_to_it(book):
    assert book.sheetnames[:4] == ["Mục lục", "Mục tiêu", "Cách xét mục tiêu", "Nộp báo cáo"]
    assert book.sheetnames[-1] == "Nguồn gốc số liệu"
    contents = book["Mục lục"]
    links = {
        cell.value: cell.hyperlink.location for row in contents.iter_rows() for cell in row if cell.hyperlink
    }
    assert links == {name: f"'{name}'!A1" for name in book.sheetnames[1:]}


def test_figures_are_numbers_with_the_format_of_their_unit(book):
    sheet = book["Tiết kiệm"]
    row, money = column(sheet, "Tiền (triệu đồng)")
    first = sheet.cell(row + 1, money)
    assert first.value == 7801
    assert first.number_format == "#,##0"
    _, toe = column(sheet, "TOE")
    assert sheet.cell(row + 1, toe).value == 1872.3
    assert sheet.cell(row + 1, toe).number_format == "#,##0.0"


def test_what_is_not_known_is_empty_not_zero(book):
    sheet = book["Tiêu thụ"]
    row, year = column(sheet, "2022")
    wood = next(r for r in range(row + 1, row + 9) if sheet.cell(r, 1).value == "Củi, sinh khối")
    assert sheet.cell(wood, year).value in (None, "")


def test_breakdowns_come_in_full_with_their_codes_and_total(book):
    sheet = book["Theo địa bàn"]
    row, code = column(sheet, "Mã số liệu")
    assert sheet.cell(row + 1, code).value.startswith("LS-2026-CT-")
    heads = [c.value for c in sheet[row]]
    assert "Đã kiểm chứng, TOE" in heads
    assert "Cơ sở báo cáo, CO₂ (tấn)" in heads
    total = next(r for r in range(row, sheet.max_row + 1) if sheet.cell(r, 1).value == "Tổng cộng")
    _, all_ = column(sheet, "Tổng số cơ sở")
    assert sheet.cell(total, all_).value == 300
    assert sum(sheet.cell(r, all_).value for r in range(row + 1, total)) == 300


def test_each_sheet_is_ready_to_read_filter_and_print(book):
    for sheet in book.worksheets:
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows
        assert sheet.page_setup.paperSize == 9
        assert "DỮ LIỆU TRÌNH DIỄN" in sheet.oddHeader.center.text
        assert any("DỮ LIỆU TRÌNH DIỄN" in str(sheet.cell(r, 1).value) for r in (1, 2, 3))


def test_a_long_note_wraps_within_its_table(book):
    notes = 0
    for sheet in book.worksheets:
        for cell in (row[0] for row in sheet.iter_rows(max_row=6)):
            if isinstance(cell.value, str) and cell.font.italic and len(cell.value) > 90:
                notes += 1
                assert cell.alignment.wrap_text, (sheet.title, cell.coordinate)
                merged = next(m for m in sheet.merged_cells.ranges if cell.coordinate in m)
                assert merged.max_col == sheet.max_column, sheet.title
                assert sheet.row_dimensions[cell.row].height > 15
    assert notes


def test_lineage_names_formula_sources_and_version(book):
    sheet = book["Nguồn gốc số liệu"]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert rows["LS-2026-MT-1"][2:] == (
        "204 ÷ 255 × 100 = 80,0%",
        "255 cơ sở đã rõ; danh sách tập huấn 2024–2026",
        "science.survey.proportion 1.0",
    )


def test_a_formula_in_a_name_is_text():
    data = sample.report()
    late = replace(data.reporting.rows[0], facility='=HYPERLINK("http://x")')
    evil = replace(data, reporting=replace(data.reporting, rows=(late,)))
    sheet = openpyxl.load_workbook(io.BytesIO(province_report_xlsx(evil)))["Nộp muộn và chưa nộp"]
    row, _ = column(sheet, "Cơ sở")
    assert (sheet.cell(row + 1, 1).data_type, sheet.cell(row + 1, 1).value) == ("s", '=HYPERLINK("http://x")')


def test_tables_are_rectangular():
    for lang in ("vi", "en"):
        for table in report_sheets(sample.report(), lang):
            lines = [*table.rows, *([table.total] if table.total else [])]
            assert {len(line) for line in lines} == {len(table.columns)}, table.code


def test_english_sheets_have_english_names():
    names = openpyxl.load_workbook(io.BytesIO(province_report_xlsx(sample.english(), "en"))).sheetnames
    assert names[:3] == ["Contents", "Targets", "Judging rules"]
