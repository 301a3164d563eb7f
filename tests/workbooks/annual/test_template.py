"""The official form: what a factory sees when it opens the workbook."""

from io import BytesIO

import openpyxl
import pytest
from tests.workbooks.annual.reports import FULL, LAST_YEAR

from sachhon.workbooks.annual.labels import labels
from sachhon.workbooks.annual.layout import TABLES
from sachhon.workbooks.annual.model import AnnualReportData, ReportLine
from sachhon.workbooks.annual.template import write_template

FACILITY = AnnualReportData(2025, "Cơ sở A", "4900123467", "LS-0001")


def opened(content: bytes):
    return openpyxl.load_workbook(BytesIO(content))


def place_of(page, words: str):
    return next(cell for row in page.iter_rows() for cell in row if cell.value == words)


def below(page, words: str) -> list:
    head = place_of(page, words)
    return [page.cell(row, head.column) for row in range(head.row + 2, page.max_row + 1)]


def test_the_same_report_gives_the_same_bytes():
    assert write_template(FULL, lines=LAST_YEAR) == write_template(FULL, lines=LAST_YEAR)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_section_is_a_sheet_in_the_language_asked_for(lang):
    book = opened(write_template(FULL, lang=lang))
    shown = [page.title for page in book if page.sheet_state == "visible"]
    sections = ["sheet.guide", "sheet.general", *(table.sheet for table in TABLES)]
    assert shown == [labels()[key][lang] for key in sections]


def test_labels_are_locked_and_cells_to_fill_in_are_not():
    book = opened(write_template(None, facility=FACILITY))
    page = book["1. Thông tin chung"]
    assert page.protection.sheet
    label = place_of(page, "Mã số thuế")
    assert label.protection.locked
    assert not page.cell(label.row, label.column + 1).protection.locked
    products = book["2. Sản phẩm"]
    assert all(not cell.protection.locked for cell in below(products, "T1"))
    assert all(cell.protection.locked for cell in below(products, "Năm trước"))


def test_last_years_figure_stands_beside_the_empty_months():
    book = opened(write_template(None, facility=FACILITY, lines=LAST_YEAR))
    page = book["3. Nguyên nhiên liệu"]
    names = [cell.value for cell in below(page, "Tên gọi tại cơ sở")]
    row = names.index("Than cám 5a Hòn Gai")
    coal = next(line for line in LAST_YEAR if line.name == "Than cám 5a Hòn Gai")
    assert below(page, "Năm trước")[row].value == pytest.approx(float(coal.total or 0))
    assert below(page, "Loại (chọn)")[row].value == "Than cám 5–6"
    assert below(page, "Đơn vị")[row].value == "tấn"
    assert below(page, "T1")[row].value is None


def test_questions_of_a_blank_form_wait_for_an_answer():
    for content, answer in (
        (write_template(None, facility=FACILITY), None),
        (write_template(FACILITY), "Chưa rõ"),
    ):
        page = opened(content)["1. Thông tin chung"]
        question = place_of(page, "Đang áp dụng SXSH")
        assert page.cell(question.row, question.column + 1).value == answer


def test_drop_downs_offer_units_groups_answers_and_resources():
    book = opened(write_template(FULL))
    lists = {
        check.formula1
        for page in book
        for check in page.data_validations.dataValidation
        if check.type == "list"
    }
    assert lists == {
        f"list_{name}"
        for name in ("answers", "units", "resources", "residues", "groups", "states", "sources", "flows")
    }
    groups = book.defined_names["list_groups"].attr_text
    assert groups == "'Danh mục'!$E$1:$E$9"
    assert book["Danh mục"]["E1"].value == "Quản lý nội vi tốt hơn"


def test_the_year_is_added_up_by_a_formula_that_only_a_known_total_replaces():
    page = opened(write_template(FULL))["3. Nguyên nhiên liệu"]
    totals = [cell.value for cell in below(page, "Cả năm")]
    assert totals[0] == '=IF(COUNT(F6:Q6)=0,"",SUM(F6:Q6))'
    assert totals[2] == 18500


def test_what_a_factory_wrote_never_becomes_a_formula():
    evil = "=cmd|' /C calc'!A0"
    lines = (ReportLine("output", evil, evil, note="+1+1"),)
    book = opened(write_template(AnnualReportData(2025, evil, lines=lines, difficulties=("@SUM(A1)",))))
    formulas = [
        cell.value
        for page in book
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f" and not str(cell.value).startswith("=IF(COUNT(")
    ]
    assert formulas == []
    assert evil in [cell.value for cell in below(book["2. Sản phẩm"], "Tên sản phẩm")]


def test_demonstration_data_says_so_on_every_sheet_and_page():
    for page in opened(write_template(FULL, demo=True)):
        if page.sheet_state == "visible":
            assert page["A3"].value == labels()["demo"]["vi"]
            assert labels()["demo"]["vi"] in page.oddHeader.center.text


def test_pages_print_on_a4_one_page_wide_with_the_head_repeated():
    for page in opened(write_template(FULL)).worksheets[2:7]:
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_title_rows == "$1:$4"
        assert page.freeze_panes is not None


def test_a_form_without_a_facility_is_refused():
    with pytest.raises(ValueError, match="facility and a year"):
        write_template(None)
