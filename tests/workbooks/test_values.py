"""One cell at a time: numbers, dates, periods and legacy text in the spellings found in factories' books."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.workbooks.dates import month_of
from sachhon.workbooks.legacy import detect_legacy, repair_text
from sachhon.workbooks.readings import addresses, agree
from sachhon.workbooks.spread import days_by_month, spread
from sachhon.workbooks.values import (
    find_year,
    fold,
    infer_separators,
    is_nothing,
    parse_date,
    parse_moment,
    parse_number,
    parse_period,
    read_number,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("12,5 tấn", "12.5"),
        ("(5)", "-5"),
        ("5-", "-5"),
        ("−5", "-5"),
        ("≈ 12", "12"),
        ("khoảng 30 tấn", "30"),
        ("12 triệu", "12000000"),
        ("295 triệu đồng", "295000000"),
        ("1,5 tỷ", "1500000000"),
        ("12 nghìn viên", "12000"),
        ("１２，５", "12.5"),
        ("12%", "0.12"),
        ("0.123", "0.123"),
        ("1234.567", "1234.567"),
        (".5", "0.5"),
        ("2E3", "2000"),
        (5, "5"),
        (2.5, "2.5"),
        (0.1 + 0.2, "0.3"),
    ],
)
def test_numbers_as_people_write_them(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "value",
    [
        "không có",
        "-",
        "x",
        "…",
        "không",
        "",
        None,
        "N/A",
        "Kỳ 1",
        "T1",
        "14.4.2025",
        "01/10/2025",
        "10:30",
        "5 - 7",
        "1.234.5",
        "3+4",
        "3.1oo",
        "1.234,567.8",
        True,
        date(2025, 1, 1),
        float("nan"),
        float("inf"),
        "9" * 200,
    ],
)
def test_what_is_no_number_is_none(value):
    assert parse_number(value) is None


@pytest.mark.parametrize("value", ["không có", "-", "x", "…", "...", "Không", "", None, "ko có", "—"])
def test_words_for_nothing(value):
    assert is_nothing(value)


def test_a_doubtful_number_tells_its_other_reading_and_obeys_the_column():
    assert read_number("1.234").other == Decimal("1.234")
    assert parse_number("1.234") == 1234
    assert parse_number("1.234", "en") == Decimal("1.234")
    assert parse_number("1,234") == Decimal("1.234")
    assert parse_number("1,234", "en") == 1234
    assert parse_number("12.5", "vi") == Decimal("12.5")


@pytest.mark.parametrize(
    ("column", "style"),
    [
        (["1.234", "12,5"], "vi"),
        (["1,234", "12.5"], "en"),
        (["13.635", 5961.0, "5.447"], None),
        (["12,345", "11,000", "9,870"], "en"),
        (["1.234.567", "1.234"], "vi"),
        (["12.345", 12.9, 11.2], "en"),
        (["1.200", 20.0, 25.0], None),
        (["5", "x", ""], None),
    ],
)
def test_a_column_decides_its_separators(column, style):
    assert infer_separators(column) == style


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_a_number_formatted_the_vietnamese_way_is_read_back(whole, hundredths):
    text = f"{whole:,}".replace(",", ".") + f",{hundredths:02d}"
    assert parse_number(text) == Decimal(whole) + Decimal(hundredths) / 100


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_a_number_formatted_the_english_way_is_read_back(whole, hundredths):
    assert parse_number(f"{whole:,}.{hundredths:02d}") == Decimal(whole) + Decimal(hundredths) / 100


@given(st.text(max_size=40))
def test_no_text_makes_the_readers_fail(text):
    parse_number(text)
    parse_date(text, 2025)
    parse_moment(text, 2025)
    parse_period(text, 2025)
    repair_text(text)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("05/02/2026", date(2026, 2, 5)),
        ("5-2-26", date(2026, 2, 5)),
        ("14.4.2025", date(2025, 4, 14)),
        ("ngày 05 tháng 02 năm 2026", date(2026, 2, 5)),
        ("T3/2025", date(2025, 3, 1)),
        ("tháng 3", date(2025, 3, 1)),
        ("Mar-25", date(2025, 3, 1)),
        ("25-Mar-2025", date(2025, 3, 25)),
        ("03.2025", date(2025, 3, 1)),
        (45000, date(2023, 3, 15)),
        (45000.5, date(2023, 3, 15)),
        (20250131.0, date(2025, 1, 31)),
        ("20250131", date(2025, 1, 31)),
        ("12/31/2025", date(2025, 12, 31)),
        ("5/2", date(2025, 2, 5)),
        ("Thứ hai, 05/02/2026", date(2026, 2, 5)),
        (datetime(2025, 1, 2, 3, 4), date(2025, 1, 2)),  # noqa: DTZ001
        ("31/02/2025", None),
        ("Kỳ 1", None),
        ("T13", None),
        (12, None),
        (True, None),
    ],
)
def test_dates_as_people_write_them(value, day):
    assert parse_date(value, 2025) == day


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("01/10/2025 00:30", "2025-10-01 00:30"),
        ("01/10/2025 24:00", "2025-10-02 00:00"),
        ("2025-03-01T10:30:00", "2025-03-01 10:30"),
        ("1/1/2025 8:05:00 PM", "2025-01-01 20:05"),
        ("8h30 05/02/2026", "2026-02-05 08:30"),
    ],
)
def test_moments(value, moment):
    assert f"{parse_moment(value):%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("T3/2025", "2025-03-01", "2025-03-31"),
        ("Quý I/2025", "2025-01-01", "2025-03-31"),
        ("Q2", "2025-04-01", "2025-06-30"),
        ("Năm 2024", "2024-01-01", "2024-12-31"),
        ("6 tháng đầu năm 2025", "2025-01-01", "2025-06-30"),
        ("từ 06/12/2024 đến 05/01/2025", "2024-12-06", "2025-01-05"),
        ("06/12-05/01/2025", "2024-12-06", "2025-01-05"),
        ("Tháng mười hai năm 2025", "2025-12-01", "2025-12-31"),
        ("05/02/2025", "2025-02-05", "2025-02-05"),
    ],
)
def test_periods(value, first, last):
    period = parse_period(value, 2025)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


def test_the_year_of_a_title():
    assert find_year("SẢN LƯỢNG SẢN XUẤT NĂM 2025") == 2025
    assert find_year("Báo cáo tháng 3/2024") == 2024
    assert find_year("Tổng 2025 cái") is None


@pytest.mark.parametrize(
    ("legacy", "text", "charset"),
    [
        ("B¸o c¸o ¸p dông s¶n xuÊt s¹ch h¬n", "Báo cáo áp dụng sản xuất sạch hơn", "tcvn3"),
        ("N\xadíc sö dông", "Nước sử dụng", "tcvn3"),
        ("C«NG TY", "CÔNG TY", "tcvn3"),
        ("Saûn löôïng naêm 2024", "Sản lượng năm 2024", "vni"),
        ("TOÅNG COÄNG", "TỔNG CỘNG", "vni"),
        ("S\xe4n l\xdc\xaeng \u0111i\u0152n".replace("\u0111", "\xc7"), "Sản lượng điện", "vps"),
    ],
)
def test_legacy_text_becomes_unicode(legacy, text, charset):
    assert repair_text(legacy) == text
    assert detect_legacy([legacy]) == charset


@pytest.mark.parametrize(
    "text",
    ["Sản lượng", "Điện", "cà phê", "Giá", "m³", "25 °C", "café", "×", "Thị xã", "CÔNG TY ĐIỆN LỰC", "lò"],
)
def test_good_text_is_left_alone(text):
    assert repair_text(text) == text


def test_decomposed_text_is_composed_and_fold_ignores_where_the_mark_stands():
    assert repair_text("Tha\u0301ng") == "Tháng"
    assert fold("hoà") == fold("hòa") == "hoa"


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.decimals(-(10**9), 10**9, places=3)
)
def test_spreading_loses_nothing_and_keeps_each_days_share(first, length, total):
    last = date.fromordinal(first.toordinal() + length)
    parts = spread(total, first, last)
    assert sum(parts.values()) == total
    assert set(parts) == set(days_by_month(first, last))
    for month, days in days_by_month(first, last).items():
        assert abs(Fraction(parts[month]) - Fraction(total) * days / (length + 1)) < Fraction(1, 10**6)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(0, 10**12))
def test_money_is_spread_in_whole_dong(first, length, total):
    parts = spread(Decimal(total), first, date.fromordinal(first.toordinal() + length), Decimal(1))
    assert sum(parts.values()) == total
    assert all(part == int(part) for part in parts.values())


def test_the_months_of_a_period_are_counted_in_days():
    assert days_by_month(date(2024, 12, 6), date(2025, 1, 5)) == {"2024-12": 26, "2025-01": 5}
    assert month_of(2024, 2).days == 29


def test_totals_agree_within_the_rounding_of_hand_kept_books():
    assert agree(Decimal("27.5"), Decimal("27.46"))
    assert not agree(Decimal("27.5"), Decimal("28.6"))
    assert agree(Decimal(317088), Decimal(317088))


def test_runs_of_cells_are_named_as_ranges():
    assert addresses([(2, 1), (3, 1), (4, 1), (5, 1)]) == ["B3:B6"]
    assert addresses([(2, 1), (4, 1), (2, 0)]) == ["A3", "B3", "B5"]


@pytest.mark.parametrize(
    "text", ["1.23.456", "1,23,456", "1.2345,6", "1.23.456,7", "1234.567,8", "1,23,456.7", "1,2,3.4"]
)
def test_groups_that_are_not_of_three_digits_are_no_number(text):
    assert read_number(text) is None
