"""Layouts beyond the six: what a careful clerk would read out of each, with the suggested profile."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from sachhon.workbooks.extract import extract
from sachhon.workbooks.grid import open_workbook
from sachhon.workbooks.suggest import suggest

from .making import as_csv, as_ods, as_xls, as_xlsx


def read(data, name="tep.xlsx", undecided=()):
    """One extraction per suggested profile."""
    workbook = open_workbook(data, name)
    profiles = suggest(workbook)
    assert tuple(u for p in profiles for u in p.undecided) == undecided
    return [extract(workbook, profile) for profile in profiles]


def table(extraction):
    """``{(resource or label, period): (quantity, unit)}``"""
    return {(r.resource or r.label, r.period): (float(r.quantity), r.unit) for r in extraction.readings}


def rules(extraction, level=None):
    return [p.rule for p in extraction.problems if level in (None, p.level)]


def months(name, values, unit):
    return {(name, f"2025-{m:02d}"): (float(v), unit) for m, v in enumerate(values, 1)}


def test_bills_with_both_dates_in_one_column_and_money_in_thousands():
    rows = [
        ["Công ty TNHH A"],
        ["THEO DÕI TIỀN ĐIỆN"],
        [],
        [
            "STT",
            "Kỳ hóa đơn",
            "Sản lượng (kWh)",
            "Thành tiền (nghìn đồng)",
            "Thuế GTGT (nghìn đồng)",
            "Ghi chú",
        ],
        [1, "16/12/2024 - 15/01/2025", "31.000", "62.000", "6.200", ""],
        [2, "16/01/2025 - 15/02/2025", "31.000", "62.000", "6.200", "ước tính"],
        [3, "16/02/2025 - 15/03/2025", "28.000", "56.000", "5.600", ""],
        ["", "Tổng cộng", "90.000", "180.000", "18.000", ""],
    ]
    (got,) = read(as_xlsx({"Bìa": [["Hồ sơ tiền điện"]], "Tiền điện": rows}))
    assert {p: q for (_, p), (q, _) in table(got).items()} == {
        "2024-12": 16000,
        "2025-01": 31000,
        "2025-02": 28000,
        "2025-03": 15000,
    }
    assert sum(r.cost_vnd for r in got.readings) == 180_000_000
    assert [r.period for r in got.readings if r.estimated] == ["2025-01", "2025-02"]
    assert [r.period for r in got.readings if not r.complete] == ["2024-12", "2025-03"]
    assert got.totals[0].agrees


def test_bills_whose_dates_touch_count_the_shared_day_once():
    rows = [
        ["Bảng tổng hợp hoá đơn nước năm 2025"],
        ["Ngày bắt đầu", "Ngày kết thúc", "Lượng nước (m3)", "Số tiền (đ)"],
        [date(2024, 12, 31), date(2025, 1, 31), 310, 3100000],
        [date(2025, 1, 31), date(2025, 2, 28), 280, 2800000],
        [date(2025, 2, 28), date(2025, 3, 31), "310", "3.100.000"],
        ["Cộng", "", 900, 9000000],
    ]
    (got,) = read(as_ods({"HD": rows}))
    assert table(got) == months("water", [310, 280, 310], "m3")
    assert [r.cost_vnd for r in got.readings] == [3100000, 2800000, 3100000]


def test_bills_of_two_meters_one_of_them_estimated():
    head = ["Mã công tơ", "Từ ngày", "Đến ngày", "HSN", "Điện tiêu thụ (kWh)", "Thành tiền (đ)", "Tình trạng"]
    rows = [
        ["BẢNG KÊ TIỀN ĐIỆN NĂM 2025"],
        head,
        ["A1", "01-01-2025", "31-01-2025", 10, "1.000", "2.000.000", "Bình thường"],
        ["B2", "01-01-2025", "31-01-2025", 10, "100", "200.000", "Tạm tính"],
        ["A1", "01-02-2025", "28-02-2025", 10, "1.000", "2.000.000", ""],
        ["B2", "01-02-2025", "28-02-2025", 10, "100", "200.000", ""],
        ["Tổng cộng", "", "", "", "2.200", "4.400.000", ""],
    ]
    (got,) = read(as_xlsx({"EVN": rows}))
    assert table(got) == months("electricity", [1100, 1100], "kWh")
    assert [r.estimated for r in got.readings] == [True, False]
    assert rules(got) == ["estimated"]


def test_bills_with_a_line_for_each_tariff_do_not_overlap():
    rows = [
        ["HOÁ ĐƠN TIỀN ĐIỆN"],
        ["Từ ngày", "Đến ngày", "Khung giờ", "Điện năng tiêu thụ (kWh)", "Thành tiền (đồng)"],
    ]
    for first, last in (("01/01/2025", "31/01/2025"), ("01/02/2025", "28/02/2025")):
        for tariff, kwh, money in (
            ("Bình thường", 1000, "1.500.000"),
            ("Cao điểm", "300", 900000),
            ("Thấp điểm", 200, 200000),
        ):
            rows.append([first, last, tariff, kwh, money])
    (got,) = read(as_xlsx({"Bill": rows}))
    assert table(got) == months("electricity", [1500, 1500], "kWh")
    assert got.problems == ()


def test_bills_with_quarter_subtotals():
    rows = [["HÓA ĐƠN TIỀN NƯỚC 2025"], ["Kỳ", "Từ ngày", "Đến ngày", "Tiêu thụ (m³)", "Tiền (nghìn đồng)"]]
    rows += [
        ["1", "01/01/2025", "31/01/2025", "310", "3.100"],
        ["2", "01/02/2025", "28/02/2025", 280, 2800],
        ["Cộng quý I", "", "", "590", "5.900"],
        ["3", "01/04/2025", "30/04/2025", "300", "3.000"],
        ["Cộng quý II", "", "", "300", "3.000"],
        ["Tổng cộng", "", "", "890", "8.900"],
    ]
    (got,) = read(as_xlsx({"HĐ": rows}))
    assert [int(r.quantity) for r in got.readings] == [310, 280, 300]
    assert [t.agrees for t in got.totals] == [True, True, True]
    assert rules(got) == ["bills_gap"]


def test_bills_with_every_kind_of_mistake_read_the_good_lines_and_name_the_rest():
    rows = [
        ["HOÁ ĐƠN ĐIỆN 2025"],
        ["Từ ngày", "Đến ngày", "Số lượng (kWh)", "Tiền (đ)"],
        ["01/01/2025", "31/01/2025", "3.100", "6.200.000"],
        ["01/01/2025", "31/01/2025", "3.100", "6.200.000"],
        ["25/01/2025", "28/02/2025", "3.500", "7.000.000"],
        ["01/03/2025", "31/03/2025", -50, "100"],
        ["01/04/2025", "30/04/2099", "3.000", "100"],
        ["30/05/2025", "01/05/2025", 3000, 100],
        ["abc", "31/05/2025", 3000, 100],
        ["01/06/2025", "30/06/2025", "#REF!", 100],
        ["01/07/2025", "31/07/2025", "3.1oo", 100],
    ]
    (got,) = read(as_xlsx({"Bill": rows}))
    assert [(p.rule, p.cell) for p in got.problems] == [
        ("quantity_negative", "C6"),
        ("year_unlikely", "B7"),
        ("dates_reversed", "B8"),
        ("date_unreadable", "A9"),
        ("formula_error", "C10"),
        ("number_unreadable", "C11"),
        ("bill_duplicate", "C4"),
        ("bills_overlap", "C5"),
    ]
    assert {p: q for (_, p), (q, _) in table(got).items()} == {"2025-01": 3800, "2025-02": 2800}


def test_an_english_export_with_its_own_separators():
    rows = [
        ["Site", "Mill 1"],
        ["Period start", "Period end", "Consumption kWh", "Cost VND"],
        ["2025-01-01", "2025-01-31", '"12,345.50"', '"24,691,000"'],
        ["2025-02-01", "2025-02-28", '"11,000.00"', '"22,000,000"'],
    ]
    (got,) = read(as_csv(rows, ","), "export.csv")
    assert table(got) == months("electricity", [12345.5, 11000], "kWh")
    assert [r.cost_vnd for r in got.readings] == [24691000, 22000000]


def test_months_down_and_resources_across_with_one_money_column():
    rows = [
        ["BẢNG TỔNG HỢP TIÊU THỤ NĂNG LƯỢNG NĂM 2025"],
        ["Tháng", "Điện (kWh)", "Than cám (tấn)", "Dầu DO (lít)", "Nước (m3)", "Tiền điện (triệu đồng)"],
        [1, "10.100", "21,5", 101, "1.201", 30.5],
        [2, "10.200", "22,5", 102, "không có", "30,5"],
        ["Cộng", "20.300", "44", 203, "", ""],
    ]
    (got,) = read(as_xls({"2025": rows}))
    assert table(got) == {
        **months("electricity", [10100, 10200], "kWh"),
        **months("coal_cam_5_6", [21.5, 22.5], "t"),
        **months("diesel", [101, 102], "l"),
        **months("water", [1201], "m3"),
    }
    assert [r.cost_vnd for r in got.readings] == [30500000, 30500000, None, None, None, None, None]
    assert [(p.rule, p.cell) for p in got.problems] == [("quantity_missing", "E4")]
    assert all(t.agrees for t in got.totals)


def test_output_by_month_down_with_the_unit_above_the_table():
    rows = [
        ["Sản lượng sản phẩm năm 2025 (ĐVT: tấn)"],
        [],
        ["Kỳ", "Xi măng PCB30", "Xi măng PCB40", "Clinker"],
    ]
    rows += [[f"Tháng {m:02d}/2025", 1000 + m, "2.000", "-" if m == 3 else 500] for m in range(1, 13)]
    rows += [["Cả năm 2025", 12078, 24000, 5500]]
    (got,) = read(as_xlsx({"San luong": rows}))
    assert table(got) == {
        **months("Xi măng PCB30", [1000 + m for m in range(1, 13)], "t"),
        **months("Xi măng PCB40", [2000] * 12, "t"),
        **months("Clinker", [0 if m == 3 else 500 for m in range(1, 13)], "t"),
    }
    assert {r.flow for r in got.readings} == {"output"}
    assert [t.agrees for t in got.totals] == [True, True, True]


def test_a_sheet_a_month_under_a_merged_header_is_one_profile():
    def sheet(m):
        return [
            [f"NHẬP XUẤT TỒN THÁNG {m} NĂM 2025"],
            ["Tên vật tư", "ĐVT", "Tồn đầu", "Nhập", "", "Xuất", "", "Tồn cuối"],
            ["", "", "", "Số lượng", "Thành tiền", "Số lượng", "Thành tiền", ""],
            ["Than cám", "tấn", 10, 20, "40.000.000", "15,5", "31.000.000", "14,5"],
            ["Dầu DO", "lít", 100, "1.200", 24000000, 1150, 23000000, 150],
            ["Tổng cộng", "", "", "", 64000000, "", 54000000, ""],
        ]

    merges = [(f"T{m}", area) for m in (1, 2, 3) for area in ("D2:E2", "F2:G2")]
    (got,) = read(as_xlsx({f"T{m}": sheet(m) for m in (1, 2, 3)}, merges))
    assert table(got) == {**months("coal_cam_5_6", [15.5] * 3, "t"), **months("diesel", [1150] * 3, "l")}
    assert {r.cost_vnd for r in got.readings} == {31000000, 23000000}
    assert got.problems == ()


def test_a_sheet_a_month_with_bare_day_numbers():
    def sheet(m):
        rows = [
            [f"NHẬT KÝ SẢN XUẤT THÁNG {m}/2025"],
            ["Ngày", "Sản lượng ngói (viên)", "Điện (kWh)", "Người ghi"],
        ]
        return (
            rows + [[d, 10, "1.000,5", "An"] for d in range(1, 32 if m == 1 else 29)] + [["Cộng", "", "", ""]]
        )

    (got,) = read(as_xlsx({f"Tháng {m}": sheet(m) for m in (1, 2)}))
    assert table(got) == {
        **months("ngói", [310, 280], "vien"),
        **months("electricity", [31015.5, 28014], "kWh"),
    }


def test_a_meter_with_a_factor_replaced_in_march():
    rows = [
        ["SỔ GHI CHỈ SỐ CÔNG TƠ ĐIỆN"],
        ["Ngày ghi chỉ số", "Chỉ số công tơ (kWh)", "Hệ số nhân", "Diễn giải"],
    ]
    rows += [
        [date(2024, 12, 31), "12.000", 40, ""],
        [date(2025, 1, 31), "12.100", 40, ""],
        [date(2025, 2, 28), "12.180", 40, ""],
        [date(2025, 3, 10), "12.220", 40, "Tháo công tơ cũ"],
        [date(2025, 3, 10), "5", 40, "Lắp mới"],
        [date(2025, 3, 31), "75", 40, ""],
    ]
    (got,) = read(as_xlsx({"Điện": rows}))
    assert table(got) == months("electricity", [4000, 3200, 4400], "kWh")
    assert [(p.rule, p.cell) for p in got.problems] == [("meter_replaced", "B7")]


def test_a_replacement_told_only_in_a_note_with_the_old_index():
    rows = [
        ["Ngày đọc", "Chỉ số nước", "ĐVT", "Ghi chú"],
        ["31/12/2024", "7.105", "m3", ""],
        ["31/01/2025", "7.381", "m3", ""],
        ["28/02/2025", "100", "m3", "Thay đồng hồ, chỉ số cuối 7.500"],
        ["31/03/2025", "300", "m3", ""],
    ]
    (got,) = read(as_csv(rows), "nuoc.csv")
    assert table(got) == months("water", [276, 219, 200], "m3")


def test_two_meters_side_by_side_one_of_them_replaced():
    rows = [
        ["THEO DÕI NƯỚC"],
        ["Ngày", "Đồng hồ 1 (m3)", "Đồng hồ 2 (m3)", "Ghi chú"],
        ["31/12/2024", "1.000", "500", ""],
        ["31/01/2025", "1.100", "560", ""],
        ["28/02/2025", "12", "630", "Thay đồng hồ 1 ngày 10/02, chỉ số cũ 1.150"],
    ]
    (got,) = read(as_xlsx({"Nước": rows}))
    assert table(got) == months("water", [160, 132], "m3")


def test_a_roll_over_and_readings_taken_on_the_first_morning():
    rows = [
        ["Đồng hồ nước số 2"],
        ["Ngày đọc", "Chỉ số", "Đơn vị", "Ghi chú"],
        ["01/01/2025", "99.800", "m3", ""],
        ["01/02/2025", "99.950", "m3", ""],
        ["01/03/2025", "80", "m3", "Đồng hồ quay vòng"],
        ["01/04/2025", "210", "m3", ""],
    ]
    (got,) = read(as_csv(rows), "nuoc.csv")
    assert table(got) == months("water", [150, 130, 130], "m3")
    assert rules(got) == ["meter_rollover"]


def test_an_index_that_falls_without_a_reason_is_an_error_and_left_out():
    rows = [
        ["Ngày đọc", "Chỉ số nước (m3)"],
        ["31/12/2024", 500],
        ["31/01/2025", 600],
        ["28/02/2025", 550],
        ["31/03/2025", 650],
    ]
    (got,) = read(as_xlsx({"Nước": rows}))
    assert table(got) == {("water", "2025-01"): (100.0, "m3"), ("water", "2025-03"): (100.0, "m3")}
    assert rules(got, "error") == ["meter_backwards"]


def test_old_and_new_index_with_a_consumption_column_and_without():
    full = [
        ["CHỐT CHỈ SỐ ĐIỆN NĂM 2025"],
        ["Tháng", "Chỉ số cũ", "Chỉ số mới", "Hệ số", "Điện tiêu thụ (kWh)", "Tiền điện (đ)"],
    ]
    full += [
        ["T1", "1.000", "1.100", "30", "3.000", "6.000.000"],
        ["T2", "1.100", "1.190", "30", "2.700", "5.400.000"],
    ]
    bare = [["CHỐT CHỈ SỐ ĐIỆN NĂM 2025 (kWh)"], ["Tháng", "Chỉ số đầu", "Chỉ số cuối", "Hệ số nhân"]]
    bare += [["T1", "1.000", "1.100", "30"], ["T2", "1.100", "1.190", "30"]]
    (with_column,) = read(as_xlsx({"CS": full}))
    (without,) = read(as_xlsx({"CS": bare}))
    assert table(with_column) == table(without) == months("electricity", [3000, 2700], "kWh")


def test_quarters_across_with_sections_and_a_missing_figure():
    rows = [
        ["TÌNH HÌNH SỬ DỤNG NGUYÊN NHIÊN LIỆU NĂM 2025"],
        ["TT", "Chỉ tiêu", "Đơn vị tính", "Quý I", "Quý II", "Quý III", "Quý IV", "Cộng"],
        ["I", "Năng lượng"],
        [1, "Điện", "1000 kWh", "25", "30", 20, "25,5", 100.5],
        ["II", "Sản phẩm"],
        [2, "Gạch 2 lỗ", "1000 viên", 500, 600, 700, "không có", 1800],
    ]
    (got,) = read(as_xlsx({"Q": rows}))
    assert table(got) == {
        ("electricity", "2025-Q1"): (25000, "kWh"),
        ("electricity", "2025-Q2"): (30000, "kWh"),
        ("electricity", "2025-Q3"): (20000, "kWh"),
        ("electricity", "2025-Q4"): (25500, "kWh"),
        ("Gạch 2 lỗ", "2025-Q1"): (500000, "vien"),
        ("Gạch 2 lỗ", "2025-Q2"): (600000, "vien"),
        ("Gạch 2 lỗ", "2025-Q3"): (700000, "vien"),
    }
    assert {r.flow for r in got.readings if r.label == "Gạch 2 lỗ"} == {"output"}
    assert [(p.rule, p.cell) for p in got.problems] == [("quantity_missing", "G6")]


def test_months_with_quarter_columns_between_them_under_a_merged_year():
    def line(label, unit, value):
        return [label, unit] + [value, value, value, 3 * value] * 4 + [12 * value]

    head = [f"Tháng {3 * q + m}" if m < 4 else f"Quý {q + 1}" for q in range(4) for m in (1, 2, 3, 4)]
    rows = [["BÁO CÁO SẢN LƯỢNG"], [], ["Sản phẩm", "ĐVT", "Năm 2025"], ["", "", *head, "Cả năm"]]
    rows += [line("Bột giấy", "tấn", 10), line("Giấy vàng mã", "kg", 20000)]
    (got,) = read(as_xlsx({"SL": rows}, [("SL", "A3:A4"), ("SL", "B3:B4"), ("SL", "C3:S3")]))
    assert table(got) == {**months("Bột giấy", [10] * 12, "t"), **months("Giấy vàng mã", [20] * 12, "t")}


def test_months_given_as_bare_numbers_under_one_wide_header():
    rows = [
        ["BIỂU THEO DÕI SẢN LƯỢNG NĂM 2025"],
        ["Tên sản phẩm", "Đơn vị", "Tháng"],
        ["", "", *range(1, 13)],
    ]
    rows += [["Ván bóc", "m3", *[10.5] * 12], ["Ván ép", "m³", *["1.234,5"] * 12]]
    (got,) = read(as_xlsx({"SL": rows}, [("SL", "C2:N2")]))
    assert table(got) == {**months("Ván bóc", [10.5] * 12, "m3"), **months("Ván ép", [1234.5] * 12, "m3")}


def test_waste_by_month():
    rows = [
        ["THỐNG KÊ CHẤT THẢI NĂM 2025"],
        ["Loại chất thải", "Đơn vị", "Tháng 1", "Tháng 2", "Tháng 3", "Tổng"],
    ]
    rows += [
        ["Chất thải nguy hại", "kg", 20, 25, 30, 75],
        ["Nước thải", "m3", "2.500", "2.400", "2.600", "7.600"],
    ]
    (got,) = read(as_xlsx({"CTR": rows}))
    assert table(got) == {
        **months("hazardous_waste", [20, 25, 30], "kg"),
        **months("wastewater", [2500, 2400, 2600], "m3"),
    }
    assert {r.flow for r in got.readings} == {"waste"}
    assert [(p.rule, p.cell) for p in got.problems] == [("total_mismatch", "F4")]


def test_a_long_table_with_year_and_month_columns_and_units_by_line():
    rows = [["Năm", "Tháng", "Sản phẩm", "Đơn vị", "Sản lượng"]]
    rows += [
        [2025, 1, "Gạch đặc", "1000 viên", 201],
        [2025, 1, "Ngói", "viên", "1.500"],
        [2025, 2, "Gạch đặc", "nghìn viên", "199,5"],
    ]
    (got,) = read(as_xlsx({"Data": rows}))
    assert table(got) == {
        ("Gạch đặc", "2025-01"): (201000, "vien"),
        ("Gạch đặc", "2025-02"): (199500, "vien"),
        ("Ngói", "2025-01"): (1500, "vien"),
    }


def test_two_years_beside_each_other_with_money_lines():
    rows = [
        ["SO SÁNH TIÊU THỤ"],
        ["Chỉ tiêu", "ĐVT", "Năm 2023", "Năm 2024"],
        ["Điện", "kWh", "1.200.000", "1.100.000"],
        ["Vốn đầu tư SXSH", "triệu đồng", "", 295],
        ["Tiền điện", "triệu đồng", 2400, 2300],
    ]
    (got,) = read(as_xlsx({"SS": rows}))
    assert table(got) == {
        ("electricity", "2023"): (1200000, "kWh"),
        ("electricity", "2024"): (1100000, "kWh"),
    }
    assert [r.cost_vnd for r in got.readings] == [2_400_000_000, 2_300_000_000]
    assert [(s.year, s.solution.investment_vnd) for s in got.solutions] == [(2024, 295000000)]


def test_a_yearly_list_without_any_date():
    rows = [
        ["BÁO CÁO TIÊU THỤ NĂM 2024"],
        ["STT", "Tên nguyên, nhiên liệu", "Đơn vị tính", "Số lượng", "Chi phí (triệu đồng)"],
        [1, "Điện", "kWh", "205.166", "410,5"],
        [2, "Than cám", "Tấn", 852, "1.704"],
    ]
    (got,) = read(as_xlsx({"BC": rows}))
    assert table(got) == {("electricity", "2024"): (205166, "kWh"), ("coal_cam_5_6", "2024"): (852, "t")}
    assert [r.cost_vnd for r in got.readings] == [410_500_000, 1_704_000_000]


def test_a_ledger_with_blank_dates_an_unnamed_subtotal_and_a_break_in_stock():
    rows = [
        ["Sổ xuất nhập củi đốt năm 2025"],
        ["Ngày tháng", "Nội dung", "Nhập (kg)", "Xuất (kg)", "Còn lại (kg)"],
        ["02/01/2025", "Mua củi", "5.000", "", "7.000"],
        ["", "Đốt lò", "", "1.200", "5.800"],
        ["10/1/2025", "Đốt lò", "", "800", "5.000"],
        ["", "", "5.000", "2.000", ""],
        ["05-02-2025", "Đốt lò", "x", "1.500", "3.500"],
        ["15.02.25", "Đốt lò", "", "500", "3.100"],
        ["Lũy kế", "", "5.000", "4.000", ""],
    ]
    (got,) = read(as_xlsx({"Củi": rows}))
    assert table(got) == months("firewood", [2, 2], "t")
    assert [(p.rule, p.cell) for p in got.problems] == [
        ("date_carried", "A4"),
        ("total_detected", "D6"),
        ("stock_mismatch", "E8"),
    ]


def test_tables_side_by_side_and_one_below_another_are_read_apart():
    side = [
        ["THEO DÕI NĂM 2025"],
        ["Ngày", "Điện (kWh)", "", "Ngày", "Nước (m3)"],
        ["05/01/2025", 100, "", "06/01/2025", 10],
        ["05/02/2025", 120, "", "06/02/2025", "12,5"],
    ]
    stacked = [
        ["SỔ NĂNG LƯỢNG NĂM 2025"],
        ["I. ĐIỆN"],
        ["Tháng", "Số lượng (kWh)", "Thành tiền (đồng)"],
        ["Tháng 1", 100, 200000],
        ["Tháng 2", 120, 240000],
        ["Cộng", 220, 440000],
        [],
        ["II. NƯỚC"],
        ["Tháng", "Số lượng (m3)", "Thành tiền (đồng)"],
        ["Tháng 1", 10, 100000],
        ["Tháng 2", "12,5", 125000],
        ["Cộng", "22,5", 225000],
    ]
    for rows in (side, stacked):
        power, water = read(as_xlsx({"NL": rows}))
        assert table(power) == months("electricity", [100, 120], "kWh")
        assert table(water) == months("water", [10, 12.5], "m3")
        assert power.problems == water.problems == ()


def test_headers_on_several_lines_with_numbered_columns():
    rows = [
        ["THEO DÕI TIÊU HAO NĂM 2025"],
        ["TT", "Tháng", "Điện\ntiêu thụ\n(kWh)", "Củi\n(ster)", "Sản lượng\nván bóc\n(m3)"],
        ["A", "B", 1, 2, 3],
        [1, "Tháng 1/2025", "10.500", 20, 150],
        [2, "Tháng 2/2025", "9.800", 18, "140,5"],
        ["", "TỔNG CỘNG", "20.300", 38, "290,5"],
    ]
    (got,) = read(as_xlsx({"S": rows}))
    assert {key: q for key, (q, _) in table(got).items() if key[0] != "firewood"} == {
        ("electricity", "2025-01"): 10500,
        ("electricity", "2025-02"): 9800,
        ("ván bóc", "2025-01"): 150,
        ("ván bóc", "2025-02"): 140.5,
    }
    assert {r.flow for r in got.readings if r.label == "ván bóc"} == {"output"}


def test_forms_in_vni_with_units_before_and_in_one_cell():
    vni = [
        ["", "BAÙO CAÙO SAÛN XUAÁT SAÏCH HÔN NAÊM 2023"],
        [],
        ["", "1. Ñieän tieâu thuï:", "", "150.200", "kWh"],
        ["", "2. Than tieâu thuï", "", "", "640,5", "taán"],
        ["", "Voán ñaàu tö", "", "1,2", "tyû ñoàng"],
    ]
    unit_first = [
        ["BÁO CÁO NĂM 2024"],
        [],
        ["Điện năng sử dụng", "MWh", "205,2"],
        ["Than tiêu thụ", "tạ", "8.520"],
    ]
    one_cell = [["BÁO CÁO NĂM 2024"], ["Điện tiêu thụ: 205.166 kWh"], ["Nước: khoảng 3.276 m3"]]
    (got,) = read(as_xls({"BC": vni}))
    assert table(got) == {("electricity", "2023"): (150200, "kWh"), ("coal_cam_5_6", "2023"): (640.5, "t")}
    assert [s.solution.investment_vnd for s in got.solutions] == [1200000000]
    (got,) = read(as_xlsx({"BC": unit_first}))
    assert table(got) == {("electricity", "2024"): (205200, "kWh"), ("coal_cam_5_6", "2024"): (852, "t")}
    (got,) = read(as_xlsx({"BC": one_cell}))
    assert table(got) == {("electricity", "2024"): (205166, "kWh"), ("water", "2024"): (3276, "m3")}
    assert [r.source for r in got.readings] == ["report", "estimate"]  # a form is what the factory states


def test_a_table_in_vni_letters():
    rows = [
        ["BAÛNG THEO DOÕI ÑIEÄN NAÊM 2025"],
        ["Thaùng", "Ñieän tieâu thuï (kWh)", "Tieàn ñieän (ñoàng)"],
        ["Thaùng 1", "10.500", "21.000.000"],
        ["Thaùng 2", "9.800", "19.600.000"],
        ["Toång coäng", "20.300", "40.600.000"],
    ]
    (got,) = read(as_xls({"Sheet1": rows}))
    assert table(got) == months("electricity", [10500, 9800], "kWh")


def test_quarter_hours_with_date_and_time_apart_stamped_at_their_end():
    rows = [["Serial", "EM77"], ["Load profile"], ["Date", "Time", "Consumption (kWh)", "Status"]]
    moment = datetime(2025, 11, 1)  # noqa: DTZ001
    for i in range(30 * 96):
        moment += timedelta(minutes=15)
        if i not in (100, 101):
            rows.append([f"{moment:%d/%m/%Y}", f"{moment:%H:%M}", "5.25", "OK"])
    rows[500][3] = "FAIL"
    (got,) = read(as_csv(rows, ","), "profile.csv")
    assert table(got) == {("electricity", "2025-11"): (5.25 * 2877, "kWh")}
    assert got.counts == {
        "interval_errors": 1,
        "interval_readings": 2877,
        "interval_missing": 2,
        "interval_duplicates": 0,
    }
    assert [r.estimated for r in got.readings] == [True]


def test_an_hourly_spike_is_set_right_even_without_a_status():
    rows = [["Thoi gian", "kWh"]]
    rows += [
        [f"{d:02d}/10/2025 {h:02d}:00", "25000" if (d, h) == (5, 7) else "20,5"]
        for d in range(1, 32)
        for h in range(24)
    ]
    (got,) = read(as_csv(rows, ";", "utf-16"), "a.csv")
    assert table(got) == {("electricity", "2025-10"): (743 * 20.5 + 25, "kWh")}
    assert [(p.rule, p.cell) for p in got.problems] == [("interval_spike", "B105")]
    assert [r.estimated for r in got.readings] == [False]  # nothing is missing


def test_days_down_and_hours_across():
    rows = [["BIỂU ĐỒ PHỤ TẢI (kWh) THÁNG 3/2025"], ["Ngày", *[f"{h:02d}:00" for h in range(24)], "Tổng"]]
    rows += [[date(2025, 3, d), *[10.5] * 24, 252] for d in range(1, 32)]
    (got,) = read(as_xlsx({"PT": rows}))
    assert table(got) == {("electricity", "2025-03"): (7812, "kWh")}


@pytest.mark.parametrize("bad", [-5, "-5", "(5)"])
def test_a_negative_quantity_is_refused_in_every_layout(bad):
    ledger = [["SỔ THAN NĂM 2025"], ["Ngày", "ĐVT", "Xuất"], ["01/02/2025", "t", bad], ["02/02/2025", "t", 3]]
    crosstab = [["SẢN LƯỢNG NĂM 2025"], ["Sản phẩm", "ĐVT", "T1", "T2", "T3"], ["Ngói", "viên", bad, 1, 2]]
    for rows, cell in ((ledger, "C3"), (crosstab, "C3")):
        (got,) = read(as_xlsx({"S": rows}))
        assert [(p.rule, p.cell) for p in got.problems] == [("quantity_negative", cell)]


def test_a_year_that_cannot_be_meant_is_refused():
    rows = [
        ["SỔ THAN"],
        ["Ngày", "ĐVT", "Xuất"],
        ["01/02/2099", "t", 5],
        [date(2099, 3, 1), "t", 5],
        ["02/02/2025", "t", 3],
    ]
    (got,) = read(as_xlsx({"Than": rows}))
    assert [(p.rule, p.cell) for p in got.problems] == [("year_unlikely", "A3"), ("year_unlikely", "A4")]
    assert table(got) == {("coal_cam_5_6", "2025-02"): (3, "t")}


def test_units_unknown_or_of_the_wrong_kind_are_told_at_their_cell():
    rows = [
        ["SỔ THAN NĂM 2025"],
        ["Ngày", "ĐVT", "Xuất"],
        ["01/02/2025", "xyz", 5],
        ["02/02/2025", "kWh", 3],
        ["03/02/2025", "kg", 3000],
    ]
    (got,) = read(as_xlsx({"Than": rows}))
    assert [(p.rule, p.cell) for p in got.problems] == [("unit_unknown", "B3"), ("unit_mismatch", "C4")]
    assert table(got) == {("coal_cam_5_6", "2025-02"): (3, "t")}


def test_dates_that_lost_their_format_are_still_the_months():
    days = [(date(2025, m, 1) - date(1899, 12, 30)).days for m in range(1, 13)]
    rows = [
        ["ĐIỆN NĂM 2025"],
        ["Tháng", "Điện tiêu thụ (kWh)"],
        *([d, 1000 + m] for m, d in enumerate(days, 1)),
    ]
    (got,) = read(as_xlsx({"Điện": rows}))
    assert table(got) == months("electricity", [1000 + m for m in range(1, 13)], "kWh")


def test_periods_written_in_many_ways_down_one_column():
    written = [
        "Tháng 01-2025",
        "T2/25",
        "03.2025",
        "2025-04",
        "Tháng Năm 2025",
        "6/2025",
        "th 7/2025",
        "08/25",
    ]
    written += ["Sep-25", "Thg 10 2025", "11-2025", "tháng 12 năm 2025"]
    rows = [
        ["Sổ theo dõi điện"],
        ["Kỳ", "Điện tiêu thụ (kWh)"],
        *([t, 100 + m] for m, t in enumerate(written, 1)),
    ]
    (got,) = read(as_xlsx({"Điện": rows}))
    assert table(got) == months("electricity", [100 + m for m in range(1, 13)], "kWh")


def test_english_months_and_signs_that_no_old_font_wrote():
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    rows = [
        ["Energy log – Plant 2 (2025)"],
        [],
        ["Month", "Electricity – kWh", "Coal (t)", "Dust µg/Nm³", "Kiln temp °C", "Remarks"],
        *([n, f"{1000 + m:,}.5", 10 + m, 12, 950, "“check” – ok"] for m, n in enumerate(names, 1)),
        ["Total", "12,084.0", 198, "", "", ""],
        ["Note: 1 t = 1,000 kg; dust ± 5 µg"],
    ]
    (got,) = read(as_xlsx({"Data": rows}), undecided=("Dust µg/Nm³", "Kiln temp °C"))
    assert table(got) == months("electricity", [1000.5 + m for m in range(1, 13)], "kWh") | months(
        "coal_cam_5_6", [10 + m for m in range(1, 13)], "t"
    )
    assert all(total.agrees for total in got.totals)
    assert rules(got) == ["column_undecided"] * 2


def test_a_share_is_no_money_and_energy_beside_output_is_used_not_made():
    rows = [
        ["SẢN LƯỢNG GẠCH NĂM 2025"],
        ["Tháng", "Sản lượng gạch (nghìn viên)", "Tỷ lệ phế phẩm", "Điện (kWh)", "Độ ẩm (%)"],
        *([f"Tháng {m}", 100 + m, 0.025, 1000 + m, 18] for m in range(1, 4)),
        ["Cả năm", 306, 0.025, 3006, 18],
    ]
    (got,) = read(as_xlsx({"SL": rows}))
    assert table(got) == months("gạch", [101_000, 102_000, 103_000], "vien") | months(
        "electricity", [1001, 1002, 1003], "kWh"
    )
    assert {(r.flow, r.cost_vnd) for r in got.readings} == {("output", None), ("consumption", None)}


def test_a_power_plant_still_makes_its_electricity():
    rows = [["SẢN LƯỢNG ĐIỆN NĂM 2025"], ["Tháng", "Điện (kWh)"], *([m, 1000 + m] for m in range(1, 4))]
    (got,) = read(as_xlsx({"SL": rows}))
    assert {r.flow for r in got.readings} == {"output"}


def test_the_year_at_the_end_of_a_title_is_the_year():
    rows = [
        ["BẢNG TỔNG HỢP TIÊU THỤ 2025"],
        ["TT", "Chỉ tiêu", "ĐVT", *(f"T{m}" for m in range(1, 13)), "Cả năm", "Tỷ lệ %"],
        ["I", "Năng lượng"],
        [1, "Điện", "nghìn kWh", *(m / 2 for m in range(1, 13)), 39, "35%"],
        ["II", "Nước"],
        [1, "Nước giếng", "m3", *("-" if m == 2 else m * 10 for m in range(1, 13)), 760, ""],
    ]
    (got,) = read(as_xlsx({"TH": rows}))
    assert table(got) == months("electricity", [m * 500 for m in range(1, 13)], "kWh") | months(
        "water_ground", [0 if m == 2 else m * 10 for m in range(1, 13)], "m3"
    )
    assert {r.cost_vnd for r in got.readings} == {None}


def test_vietnamese_and_english_separators_in_one_column():
    rows = [
        ["NƯỚC NĂM 2025"],
        ["Tháng", "Nước sử dụng (m3)", "Tiền nước (đ)"],
        *(
            [f"{m:02d}/2025", "1.234,5" if m % 2 else "1,234.5", "2.345.000" if m % 2 else "2,345,000"]
            for m in (1, 2)
        ),
    ]
    (got,) = read(as_xlsx({"Nước": rows}))
    assert table(got) == months("water", [1234.5, 1234.5], "m3")
    assert [r.cost_vnd for r in got.readings] == [2_345_000, 2_345_000]


def firewood(*last):
    """Purchases in kg and tonnes, a subtotal in tonnes a month, and the rows of `last`."""
    rows = [["SỔ CỦI ĐỐT"], ["Ngày tháng", "Nội dung", "Số lượng", "Đơn vị tính"]]
    for month, kilos in ((1, 2550), (2, 3050), (3, 3550)):
        rows.append([date(2025, month, 5), "Củi đốt", f"{kilos:,}".replace(",", "."), "kg"])
        rows.append([f"20/{month}/25", "Củi đốt", f"{kilos / 1000 + 0.15:.1f}".replace(".", ","), "Tấn"])
        rows.append(["", f"Cộng tháng {month}", f"{2 * kilos / 1000 + 0.15:.2f}".replace(".", ","), "tấn"])
    return as_xlsx({"So cui": [*rows, *last]})


def test_totals_of_lines_in_several_units_are_compared_in_their_own_unit():
    (got,) = read(firewood())
    assert [t.computed for t in got.totals] == [Decimal("5.25"), Decimal("6.25"), Decimal("7.25")]
    assert "total_mismatch" not in rules(got)


@pytest.mark.parametrize("last", ["18,75", "18.750", 18.75])
def test_a_last_line_that_holds_only_the_sum_is_a_total_in_one_of_the_units(last):
    (got,) = read(firewood(["", "", last, ""]))
    assert table(got) == months("firewood", [5.25, 6.25, 7.25], "t")
    assert rules(got, "info") == ["total_detected"]
    assert "date_carried" not in rules(got)


def test_a_last_line_of_figures_alone_that_is_no_sum_is_a_wrong_total_and_no_reading():
    (got,) = read(firewood(["", "", "18,95", ""]))
    assert table(got) == months("firewood", [5.25, 6.25, 7.25], "t")
    assert rules(got, "warning") == ["total_mismatch"]
    assert got.totals[-1].computed == Decimal("18.75")


def test_a_grand_total_without_a_word_after_subtotals_is_no_reading_of_its_last_month():
    rows = [["Ngày", "Nội dung", "Điện (kWh)"]]
    for month in (1, 2):
        rows += [[date(2025, month, 5), "Lò", 100], [date(2025, month, 20), "Lò", 120], ["", "Cộng", 220]]
    (got,) = read(as_xlsx({"Điện": [*rows, ["", "", 440]]}))
    assert sum(float(r.quantity) for r in got.readings) == 440


def test_a_line_with_its_name_behind_a_subtotal_still_belongs_to_the_date_above():
    rows = [["Ngày", "Nội dung", "Số lượng", "ĐVT"]]
    rows += [[date(2025, 1, 5), "Củi", 2, "tấn"], ["", "Cộng củi", 2, "tấn"], ["", "Củi", 3, "tấn"]]
    rows += [[date(2025, 2, 5), "Củi", 4, "tấn"], [date(2025, 3, 5), "Củi", 5, "tấn"]]
    (got,) = read(as_xlsx({"So": rows}))
    assert table(got) == months("firewood", [5, 4, 5], "t")
    assert "date_carried" in rules(got)
