"""What is wrong with a report is said with place and cure, and nothing beside it is lost."""

from dataclasses import replace
from decimal import Decimal as D
from io import BytesIO

import openpyxl
import pytest
from tests.workbooks.annual.reports import FULL, LAST_YEAR, line, months

from sachhon.workbooks.annual.labels import label
from sachhon.workbooks.annual.model import AnnualReportData, ReportSolution
from sachhon.workbooks.annual.pages import Page, pages_of, to_xlsx
from sachhon.workbooks.annual.read import ReadReport, annual_score, looks_like_annual, read_annual
from sachhon.workbooks.annual.template import write_template
from sachhon.workbooks.grid import open_workbook


def read(content: bytes, **options) -> ReadReport:
    return read_annual(open_workbook(content, "bao cao.xlsx"), **options)


def changed(sheet: str, words: str, value, right: int = 0, below: int = 0) -> ReadReport:
    """The full report read after one cell was overwritten: that right of, or below, the cell of these words."""
    pages = pages_of(write_template(FULL))
    page = next(page for page in pages if page.name == label(f"sheet.{sheet}"))
    row, column = next(
        (r, c) for r, cells in enumerate(page.rows) for c, cell in enumerate(cells) if cell == words
    )
    cells = page.rows[row + below]
    cells += [""] * (column + right + 1 - len(cells))
    cells[column + right] = value
    return read(to_xlsx(pages))


def problem(found: ReadReport, rule: str):
    return next(each for each in found.problems if each.rule == rule)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_form_is_read_to_what_was_written(lang):
    found = read(write_template(FULL, lines=LAST_YEAR, lang=lang))
    assert found.data == FULL
    assert found.problems == ()
    assert found.form_version == "2026.1"


def test_a_demonstration_workbook_is_known_as_one():
    assert read(write_template(FULL, demo=True)).demo
    assert not read(write_template(FULL)).demo


def test_each_value_names_the_cell_it_came_from():
    found = read(write_template(FULL))
    assert found.origins["tax_code"] == ("1. Thông tin chung", "B8")
    assert found.origins["lines.3.months.0"] == ("3. Nguyên nhiên liệu", "F7")
    assert found.origins["lines.3.cost_vnd"] == ("3. Nguyên nhiên liệu", "S7")
    assert found.origins["solutions.0.savings.3"] == ("5. Giải pháp SXSH", "I7")
    assert found.origins["requests.0"] == ("6. Khó khăn, kiến nghị", "C6")


def test_a_blank_form_is_known_and_says_which_sections_are_empty():
    blank = write_template(None, facility=AnnualReportData(2025, "Cơ sở A"), lines=LAST_YEAR)
    found = read(blank)
    assert looks_like_annual(open_workbook(blank))
    assert found.data.lines == ()
    rules = [each.rule for each in found.problems]
    assert rules.count("annual_line_empty") == len(LAST_YEAR)
    assert rules.count("annual_section_empty") == 2
    assert not found.has_errors


@pytest.mark.parametrize(
    ("sheet", "words", "right", "below", "value", "rule", "cell"),
    [
        ("general", "Năm báo cáo", 1, 0, 2099.0, "year_unlikely", "B5"),
        ("general", "Năm báo cáo", 1, 0, "năm nay", "annual_year_unreadable", "B5"),
        ("general", "Mã số thuế", 1, 0, "4900123468", "annual_tax_code_invalid", "B8"),
        ("general", "Đang áp dụng SXSH", 1, 0, "xem phụ lục", "annual_answer_unreadable", "B22"),
        ("general", "Áp dụng SXSH từ năm", 1, 0, 2031.0, "year_unlikely", "B23"),
        ("general", "Số lao động", 1, 0, "tám lăm", "number_unreadable", "B13"),
        ("inputs", "T3", 0, 2, -42314.0, "quantity_negative", "H6"),
        ("inputs", "T3", 0, 2, "chưa chốt", "number_unreadable", "H6"),
        ("inputs", "Đơn vị", 0, 2, "bó", "unit_unknown", "D6"),
        ("inputs", "Đơn vị", 0, 2, "", "unit_missing", "D6"),
        ("inputs", "Đơn vị", 0, 2, "m3", "unit_mismatch", "D6"),
        ("inputs", "Cả năm", 0, 2, 600000.0, "annual_year_total_mismatch", "R6"),
        ("inputs", "Tháng ước", 0, 2, "tháng 13", "annual_estimated_unreadable", "T6"),
        ("inputs", "T2", 0, 0, "T3", "annual_month_twice", "H4"),
        ("wastes", "Nhóm (chọn)", 0, 2, "lạ", "annual_choice_unknown", "C6"),
        ("solutions", "Nhóm giải pháp", 0, 2, "5S", "annual_group_unknown", "C6"),
        ("solutions", "Nhóm giải pháp", 0, 2, "", "annual_group_missing", "C6"),
        ("solutions", "Hoàn thành", 0, 2, "sắp xong", "date_unreadable", "F6"),
        ("solutions", "Hoàn thành", 0, 2, "01/01/2020", "dates_reversed", "F6"),
        ("solutions", "Đơn vị 1", 0, 2, "", "annual_saving_incomplete", "I6"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_else_is_lost(sheet, words, right, below, value, rule, cell):
    found = changed(sheet, words, value, right, below)
    wrong = problem(found, rule)
    assert (wrong.sheet, wrong.cell) == (label(f"sheet.{sheet}"), cell)
    for lang in ("vi", "en"):
        assert wrong.message(lang)
        assert wrong.cure(lang)
        assert "{" not in wrong.message(lang) + wrong.cure(lang)
    assert len(found.data.lines) == len(FULL.lines)
    assert len(found.data.solutions) == len(FULL.solutions)
    assert found.data.facility_name == FULL.facility_name
    assert found.data.requests == FULL.requests


@pytest.mark.parametrize(
    ("value", "rule"), [("Lạng Sơn, cuối năm", "date_unreadable"), ("05/12/1925", "year_unlikely")]
)
def test_a_signing_date_that_cannot_be_read_is_left_blank_with_a_warning(value, rule):
    found = changed("remarks", "Ngày ký", value, right=1)
    wrong = problem(found, rule)
    assert (wrong.level, wrong.sheet) == ("warning", label("sheet.remarks"))
    assert wrong.cell
    assert found.data.signed_on is None
    assert replace(found.data, signed_on=FULL.signed_on) == FULL
    assert not found.has_errors


def test_only_the_wrong_month_is_left_out():
    found = changed("inputs", "T3", -42314.0, below=2)
    assert found.data.lines[2].months == (*FULL.lines[2].months[:2], None, *FULL.lines[2].months[3:])
    assert found.data.lines[3:] == FULL.lines[3:]


def test_a_formula_error_leaves_only_its_cell_blank():
    book = openpyxl.load_workbook(BytesIO(write_template(FULL)))
    book["3. Nguyên nhiên liệu"]["H6"].value = "#REF!"
    book["3. Nguyên nhiên liệu"]["H6"].data_type = "e"
    output = BytesIO()
    book.save(output)
    found = read(output.getvalue())
    wrong = problem(found, "formula_error")
    assert (wrong.sheet, wrong.cell) == ("3. Nguyên nhiên liệu", "H6")
    assert found.data.lines[2].months[2] is None
    assert found.data.lines[2].months[3] == D(42311)


def test_a_year_to_come_is_an_error_and_this_year_is_not():
    content = write_template(replace(FULL, year=2030))
    assert not read(content, latest_year=2030).has_errors
    assert problem(read(content, latest_year=2029), "year_unlikely").params["last"] == 2029


def test_a_missing_year_is_taken_from_the_title_and_said():
    pages = [page for page in pages_of(write_template(FULL)) if not page.hidden]
    general = next(page for page in pages if page.name == "1. Thông tin chung")
    general.rows = [row for row in general.rows if row[:1] != ["Năm báo cáo"]]
    found = read(to_xlsx(pages))
    assert found.data.year == 2025
    assert problem(found, "annual_year_guessed").level == "warning"


def test_a_sheet_still_named_after_last_year_is_read_where_there_is_no_other():
    pages = pages_of(write_template(FULL))
    next(page for page in pages if page.name == "2. Sản phẩm").name = "2. Sản phẩm 2024"
    found = read(to_xlsx(pages))
    assert found.data == FULL
    assert found.problems == ()


def test_a_form_issued_for_another_factory_is_an_error():
    found = changed("general", "Mã số thuế", "0100100079", right=1)
    wrong = problem(found, "annual_tax_code_differs")
    assert wrong.level == "error"
    assert wrong.params == {"value": "0100100079", "expected": "4900123467"}


def test_a_tax_code_kept_as_a_number_gets_its_zero_back():
    pages = [page for page in pages_of(write_template(FULL)) if not page.hidden]
    for row in next(page for page in pages if page.name == "1. Thông tin chung").rows:
        if row[:1] == ["Mã số thuế"]:
            row[1] = 100100079.0
    assert read(to_xlsx(pages)).data.tax_code == "0100100079"


def test_missing_products_and_inputs_are_errors_named_by_section():
    pages = [page for page in pages_of(write_template(FULL)) if page.name.startswith(("1.", "5.", "6."))]
    found = read(to_xlsx(pages))
    missing = [each.params["section"] for each in found.problems if each.rule == "annual_section_missing"]
    assert missing == ["2. Sản phẩm", "3. Nguyên nhiên liệu"]
    assert found.data.solutions == FULL.solutions


def test_no_output_with_consumption_is_pointed_out_by_month():
    idle = line("output", "Gạch", "k_vien", (D(0), D(0), *months("80")[:10]))
    found = read(write_template(replace(FULL, lines=(idle, FULL.lines[2]))))
    assert problem(found, "annual_output_zero").params["months"] == "T1, T2"
    assert problem(found, "annual_output_zero").cell == "E6"


def test_months_out_of_order_are_read_by_their_names():
    pages = pages_of(write_template(FULL))
    page = next(page for page in pages if page.name == "2. Sản phẩm")
    head = page.rows[3].index("T1")
    for row in page.rows[3:]:
        row += [""] * (head + 2 - len(row))
        row[head], row[head + 1] = row[head + 1], row[head]
    found = read(to_xlsx(pages))
    assert found.data == FULL
    assert problem(found, "annual_month_order").level == "warning"


def test_a_line_written_twice_counts_once_and_two_of_a_name_are_pointed_out():
    coal = FULL.lines[3]
    twice = read(write_template(replace(FULL, lines=(*FULL.lines, coal))))
    assert twice.data == FULL
    assert problem(twice, "annual_line_repeated").params["other"] == "B7"
    other = replace(coal, total=D(7), months=(D(7), *[None] * 11))
    both = read(write_template(replace(FULL, lines=(*FULL.lines, other))))
    assert len(both.data.lines_of("consumption")) == 4
    assert problem(both, "annual_line_duplicate").cell == "B9"


def test_an_unknown_resource_is_kept_and_asked_about():
    odd = line("consumption", "Bột thần kỳ", "kg", months("3"))
    found = read(write_template(replace(FULL, lines=(*FULL.lines, odd))))
    assert odd in found.data.lines
    assert problem(found, "annual_resource_unknown").cell == "B9"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Xây trạm xử lý nước thải 200 m3/ngày", "Xử lý cuối đường ống"),
        ("Lắp lọc bụi túi vải cho máy nghiền", "Xử lý cuối đường ống"),
        ("Pha loãng nước thải trước khi xả", "Pha loãng"),
        ("Bán phế liệu cho cơ sở tái chế", "Bán, giao phế liệu"),
    ],
)
def test_treatment_is_filed_as_treatment_with_the_reason_whatever_group_was_chosen(name, kind):
    solution = ReportSolution(name, "equipment_modification", state="done")
    found = read(write_template(replace(FULL, solutions=(solution,))))
    assert found.data.solutions[0].group == "treatment"
    assert found.data.solutions[0].not_cp_reason.startswith(kind)
    assert problem(found, "annual_group_not_cp").level == "warning"


@pytest.mark.parametrize(
    "name", ["Tuần hoàn nước thải sau bể lắng về sản xuất", "Thu hồi bụi ở lọc bụi túi làm nguyên liệu"]
)
def test_taking_waste_back_into_the_process_stays_cleaner_production(name):
    solution = ReportSolution(name, "onsite_reuse", state="done")
    found = read(write_template(replace(FULL, solutions=(solution,))))
    assert found.data.solutions == (solution,)


@pytest.mark.parametrize("written", ["T11-T12", "11, 12", "tháng 11 và 12", 11.12, "10 đến 12"])
def test_estimated_months_are_read_however_they_are_written(written):
    found = changed("inputs", "Tháng ước", written, below=3)
    assert {11, 12} <= found.data.lines[3].estimated_months


def test_an_estimate_marked_in_the_cell_itself_is_an_estimate():
    found = changed("inputs", "T12", "42.312 (ước)", below=2)
    assert found.data.lines[2].months[11] == D(42312)
    assert 12 in found.data.lines[2].estimated_months


def test_a_unit_written_behind_a_number_counts_for_that_number_alone():
    found = changed("inputs", "T3", "42,314 MWh", below=2)
    assert found.data.lines[2] == FULL.lines[2]
    wrong = changed("inputs", "T3", "42 bó", below=2)
    assert wrong.data.lines[2].months[2] is None
    assert problem(wrong, "unit_unknown").cell == "H6"


def test_money_in_words_and_in_millions_becomes_dong():
    assert changed("general", "Doanh thu trong năm", "45,3 tỷ", right=1).data.revenue_vnd == 45_300_000_000
    assert changed("inputs", "Chi phí (đồng)", "Chi phí (triệu đồng)").data.lines[2].cost_vnd == (
        1_020_000_000 * 10**6
    )


def test_other_workbooks_do_not_look_like_a_report():
    bills = Page(
        "2025", [["HÓA ĐƠN ĐIỆN NĂM 2025"], ["Kỳ", "Từ ngày", "kWh", "Tiền"], ["T1", "01/01", 1.0, 2.0]]
    )
    rota = Page(
        "Chấm công", [["STT", "Họ tên", *(f"T{month}" for month in range(1, 13))], [1.0, "Sen", *[26.0] * 12]]
    )
    for page in (bills, rota):
        assert annual_score(open_workbook(to_xlsx([page]))) < 0.5


def test_markup_and_formulas_in_names_stay_plain_text():
    evil = "<script>alert(1)</script>"
    command = "=cmd|' /C calc'!A0"
    data = replace(FULL, facility_name=evil, difficulties=(command,))
    found = read(write_template(data))
    assert (found.data.facility_name, found.data.difficulties) == (evil, (command,))


def saved_elsewhere(change=lambda book: None) -> ReadReport:
    """The full form as a program without a calculator saves it: formulas without their results."""
    book = openpyxl.load_workbook(BytesIO(write_template(FULL)))
    change(book)
    out = BytesIO()
    book.save(out)
    return read(out.getvalue())


def test_totals_that_another_program_left_uncalculated_are_added_up_without_a_word():
    found = saved_elsewhere()
    assert "formula_not_calculated" not in [p.rule for p in found.problems]
    assert found.data.lines == read(write_template(FULL)).data.lines


def test_a_month_that_is_a_formula_without_a_result_is_told_in_one_note_with_its_cells():
    sheet, cell = read(write_template(FULL)).origins["lines.0.months.0"]
    row = int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))

    def put(book):
        book[sheet][cell] = "=100*2"
        book[sheet].cell(
            row, openpyxl.utils.column_index_from_string(cell[: -len(str(row))]) + 1
        ).value = "=1+1"

    found = saved_elsewhere(put)
    told = problem(found, "formula_not_calculated")
    assert (told.sheet, told.cell, told.params["count"]) == (sheet, cell, 2)
    assert found.data.lines[0].months[0] is None
    assert cell in told.message("vi")


def solutions_of(head: list[str], row: list) -> tuple[ReportSolution, ...]:
    """The solutions of a report laid out by its factory, not by our form."""
    book = openpyxl.Workbook()
    for cells in (
        ["BÁO CÁO SẢN XUẤT SẠCH HƠN NĂM 2024"],
        ["Tên cơ sở:", "Xưởng gạch A"],
        ["Năm báo cáo:", 2024],
        [],
        ["III. Các giải pháp SXSH đã thực hiện"],
        head,
        row,
    ):
        book.active.append(cells)
    out = BytesIO()
    book.save(out)
    return read(out.getvalue()).data.solutions


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            ["TT", "Tên giải pháp", "Vốn đầu tư (triệu đồng)", "Tiết kiệm hàng năm (triệu đồng)"],
            [1, "Bọc lò", 50, 12],
        ),
        (
            ["STT", "Giải pháp", "Chi phí đầu tư", "Tiền tiết kiệm (đồng/năm)"],
            [1, "Bọc lò", "50 triệu", "12 triệu"],
        ),
        (
            ["STT", "Nội dung giải pháp", "Kinh phí thực hiện (tr.đ)", "Hiệu quả kinh tế (tr.đ/năm)"],
            [1, "Bọc lò", 50, 12],
        ),
        (["STT", "Giải pháp thực hiện", "Tổng vốn đầu tư (tr.đ)", "Làm lợi (tr.đ)"], [1, "Bọc lò", 50, 12]),
    ],
)
def test_investment_and_saving_are_read_under_the_heads_of_older_forms(head, row):
    (solution,) = solutions_of(head, row)
    assert (solution.name, solution.investment_vnd, solution.saving_vnd_per_year) == (
        "Bọc lò",
        50_000_000,
        12_000_000,
    )


def test_a_saving_whose_head_names_what_was_saved_is_read_with_its_unit():
    head = [
        "STT",
        "Giải pháp",
        "Đầu tư (tr.đ)",
        "Tiết kiệm điện (kWh/năm)",
        "Tiết kiệm than cám (tấn/năm)",
        "Làm lợi (tr.đ)",
    ]
    (solution,) = solutions_of(head, [1, "Bọc lò", 50, "1,2 MWh", 3, 12])
    assert [(s.resource_code, s.quantity, s.unit) for s in solution.savings] == [
        ("electricity", D(1200), "kWh"),
        ("coal_cam_5_6", D(3), "t"),
    ]
    assert (solution.investment_vnd, solution.saving_vnd_per_year) == (50_000_000, 12_000_000)
    (solution,) = solutions_of(head, [1, "Bọc lò", 50, "-", 3, 12])
    assert [s.resource_code for s in solution.savings] == ["coal_cam_5_6"]


def test_a_solution_named_after_a_saving_is_no_head():
    head = ["STT", "Giải pháp", "Đầu tư (tr.đ)"]
    (solution,) = solutions_of(head, [1, "Tiết kiệm điện (kWh)", 50])
    assert (solution.name, solution.investment_vnd) == ("Tiết kiệm điện (kWh)", 50_000_000)
