"""Solutions in workbooks that are no annual report: a line for each, or a form with one under another."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sachhon.workbooks.extract import extract
from sachhon.workbooks.grid import open_workbook
from sachhon.workbooks.suggest import suggest

from .making import as_xlsx
from .test_other_layouts import read, rules

HEAD = ["STT", "Tên giải pháp", "Nhóm giải pháp", "Ngày hoàn thành", "Vốn đầu tư (triệu đồng)",
        "Tiết kiệm điện (kWh/năm)", "Tiết kiệm than (tấn/năm)", "Số tiền tiết kiệm (triệu đồng/năm)"]  # fmt: skip
ROWS = [
    [1, "Lắp biến tần cho quạt lò", "Cải tiến thiết bị", date(2024, 6, 15), 120, "48.000", "", 96],
    [
        2,
        "Tận dụng nhiệt khí thải sấy gạch",
        "Tận thu, tái sử dụng tại chỗ",
        "30/09/2024",
        "295,5",
        "",
        85,
        170,
    ],
    [3, "Xây bể xử lý nước thải", "", "", 300, "", "", ""],
    ["", "Tổng cộng", "", "", "715,5", "48.000", 85, 266],
]


def sheet(rows=ROWS, head=HEAD, title="CÁC GIẢI PHÁP SXSH ĐÃ THỰC HIỆN NĂM 2024"):
    return as_xlsx({"GP": [[title], [], head, *rows]})


def test_a_table_of_solutions_is_suggested_and_read_line_by_line_with_its_cells():
    (got,) = read(sheet())
    assert got.readings == ()
    first, second, third = got.solutions
    assert first.solution.name == "Lắp biến tần cho quạt lò"
    assert (first.solution.group, first.solution.done) == ("equipment_modification", date(2024, 6, 15))
    assert (first.solution.investment_vnd, first.solution.saving_vnd_per_year) == (120_000_000, 96_000_000)
    assert [(s.resource_code, s.quantity, s.unit) for s in first.solution.savings] == [
        ("electricity", Decimal(48000), "kWh")
    ]
    assert first.origins["investment_vnd"] == ("GP", "E4")
    assert first.origins["savings.0"] == ("GP", "F4")
    assert second.solution.investment_vnd == 295_500_000
    assert [(s.quantity, s.unit) for s in second.solution.savings] == [(Decimal(85), "t")]
    # The first saving of the line stands in the second column of savings.
    assert second.origins["savings.0"] == ("GP", "G5")
    assert first.missing == second.missing == ()
    assert (third.solution.group, third.solution.not_cp_reason != "") == ("treatment", True)
    assert third.missing == ("done", "saving")
    assert {each.year for each in got.solutions} == {2024}


def test_a_group_that_is_none_of_the_eight_is_told_and_asked_for():
    (got,) = read(sheet([[1, "Thay đèn LED", "Nhóm khác", "01/03/2024", 5, 1200, "", 2]]))
    assert rules(got) == ["annual_group_unknown"]
    assert got.solutions[0].missing == ("group",)


def test_without_a_year_in_the_title_the_day_it_was_done_tells_and_without_both_it_is_asked():
    (got,) = read(sheet([ROWS[0]], title="CÁC GIẢI PHÁP SXSH"), name="giai-phap.xlsx")
    assert got.solutions[0].year == 2024
    (got,) = read(sheet([[1, "Thay đèn LED", "", "", 5, "", "", 2]], title="CÁC GIẢI PHÁP"), name="x.xlsx")
    assert "year_missing" in rules(got, "error")
    assert got.solutions == ()


def test_a_form_with_two_solutions_gives_two_with_name_group_day_money_and_units():
    rows = [
        ["BÁO CÁO SXSH NĂM 2024"],
        [],
        ["Điện tiêu thụ", "", "205.166", "kWh"],
        ["Tên giải pháp:", "Thay quạt lò"],
        ["Nhóm giải pháp", "Cải tiến thiết bị"],
        ["Ngày hoàn thành", "15/06/2024"],
        ["Vốn đầu tư", "", "120", "triệu đồng"],
        ["Lượng điện tiết kiệm", "", "48", "MWh"],
        ["Tiết kiệm hàng năm", "", "96", "triệu đồng"],
        ["Tên giải pháp: Bảo ôn đường ống hơi"],
        ["Vốn đầu tư", "", "20", "triệu đồng"],
    ]
    (got,) = read(as_xlsx({"BC": rows}))
    assert [(r.resource, r.quantity) for r in got.readings] == [("electricity", Decimal(205166))]
    first, second = got.solutions
    assert (first.solution.name, first.solution.group, first.solution.done) == (
        "Thay quạt lò", "equipment_modification", date(2024, 6, 15),
    )  # fmt: skip
    assert [(s.quantity, s.unit) for s in first.solution.savings] == [(Decimal(48000), "kWh")]
    assert (first.solution.investment_vnd, first.solution.saving_vnd_per_year) == (120_000_000, 96_000_000)
    assert first.origins["name"] == ("BC", "B4")
    assert (second.solution.name, second.solution.investment_vnd) == ("Bảo ôn đường ống hơi", 20_000_000)
    assert second.missing == ("group", "done", "saving")


@pytest.mark.parametrize("header", ["Vốn đầu tư (triệu đồng)", "Tiết kiệm điện (kWh)"])
def test_such_a_column_in_a_table_of_months_is_asked_for_and_never_read_as_consumption(header):
    rows = [
        ["THEO DÕI ĐIỆN NĂM 2025"],
        ["Tháng", "Điện tiêu thụ (kWh)", header],
        ["T1", 100, 5],
        ["T2", 90, 6],
    ]
    (got,) = read(as_xlsx({"A": rows}), undecided=(header,))
    assert sum(r.quantity for r in got.readings) == 190
    assert got.solutions == ()


def test_investment_of_several_months_in_one_line_is_one_amount_with_all_its_cells():
    rows = [
        ["SỐ LIỆU NĂM 2025"],
        ["Chỉ tiêu", "ĐVT", "T1", "T2", "T3"],
        ["Điện", "kWh", 10, 11, 12],
        ["Vốn đầu tư SXSH", "triệu đồng", 5, "", 7],
    ]
    (got,) = read(as_xlsx({"A": rows}))
    (found,) = got.solutions
    assert found.solution.investment_vnd == 12_000_000
    assert found.origins["investment_vnd"] == ("A", "C4, E4")


def test_the_separators_chosen_in_the_mapping_settle_what_a_number_alone_leaves_open():
    workbook = open_workbook(sheet([[1, "Thay đèn LED", "", "01/03/2024", "1.200", "", "", "2"]]), "gp.xlsx")
    (profile,) = suggest(workbook)
    english = extract(workbook, replace(profile, separators="en")).solutions[0].solution
    vietnamese = extract(workbook, replace(profile, separators="vi")).solutions[0].solution
    assert (english.investment_vnd, vietnamese.investment_vnd) == (1_200_000, 1_200_000_000)
