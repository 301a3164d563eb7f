"""Numbers, money and dates as an office writes them."""

import datetime as dt
from decimal import Decimal as D

import pytest

from sachhon.documents.numbers import (
    format_cell,
    format_count,
    format_date_long,
    format_date_short,
    format_difference,
    format_interval,
    format_number,
    format_percent,
    format_quantity,
    format_vnd,
    in_language,
)
from sachhon.documents.shapes import Column


def test_vietnamese_groups_with_points_and_english_with_commas():
    assert format_number(D("1234.56"), "vi", 2) == "1.234,56"
    assert format_number(D("1234.56"), "en", 2) == "1,234.56"
    assert format_number(1234567, "vi") == "1.234.567"


@pytest.mark.parametrize(
    ("value", "shown"), [("0.25", "0,3"), ("0.35", "0,4"), ("-0.25", "−0,3"), ("-0.04", "0,0")]
)
def test_halves_are_rounded_away_from_zero_and_nothing_is_minus_zero(value, shown):
    assert format_number(D(value), "vi", 1) == shown


def test_what_is_not_known_is_a_dash_never_a_zero():
    assert format_number(None) == format_vnd(None) == format_percent(None) == format_date_short(None) == "–"
    assert format_interval(None, D(3)) == "–"
    assert format_number(float("nan")) == "–"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("21003.806452", "21.004"), ("26.464365", "26,5"), ("135.04", "135"), ("0.0000123", "0,0000123")],
)
def test_a_quantity_has_as_many_digits_as_are_worth_reading(value, shown):
    assert format_quantity(D(value)) == shown


def test_a_formula_kept_in_vietnamese_form_is_written_in_english():
    formula = "p = x / n = 1.234,5 / 3 = 0,5%; v1.2, CO2."
    assert in_language(formula, "en") == "p = x / n = 1,234.5 / 3 = 0.5%; v1.2, CO2."
    assert in_language(formula, "vi") == formula
    assert in_language("Σ = 3.600.000 đồng", "en") == "Σ = 3,600,000 VND"
    assert in_language("Σ Q·f = 9.450,7 tCO₂tđ", "en") == "Σ Q·f = 9,450.7 tCO₂e"
    assert in_language("Σ = 3.600.000 đồng", "vi") == "Σ = 3.600.000 đồng"


def test_money_names_its_scale():
    assert format_vnd(1_234_567_890) == "1.234.567.890 đồng"
    assert format_vnd(1_234_567_890, scale="million") == "1.235 triệu đồng"
    assert format_vnd(1_234_567_890, "en", "million", 1) == "VND 1,234.6 million"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (dt.date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (dt.date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (dt.date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (dt.date(2026, 12, 15), "ngày 15 tháng 12 năm 2026"),
    ],
)
def test_official_dates_lead_with_zero_below_10_and_in_months_1_and_2(day, shown):
    assert format_date_long(day) == shown


def test_a_draft_leaves_room_for_the_clerk_to_write_the_day():
    assert format_date_long(None, "vi", 2026) == "ngày … tháng … năm 2026"


def test_english_dates_cannot_be_read_two_ways():
    assert format_date_long(dt.date(2026, 2, 5), "en") == "5 February 2026"
    assert format_date_short(dt.date(2026, 2, 5), "en") == "5 Feb 2026"
    assert format_date_short(dt.date(2026, 2, 5), "vi") == "05/02/2026"


def test_intervals_and_cells_carry_their_unit_once():
    assert format_interval(D("41.24"), D("49.85")) == "41,2–49,9%"
    assert format_interval(D("-2"), D("3.4")) == "−2,0 đến 3,4%"
    assert format_interval(D("1"), D("2"), unit="TOE") == "1,0–2,0 TOE"
    assert format_cell(True, Column("x")) == "có"
    assert format_cell(12, Column("x", "percent", "%")) == "12,0"
    assert format_cell(dt.date(2026, 3, 4), Column("x", "date")) == "04/03/2026"


@pytest.mark.parametrize(
    ("whole", "part", "shown"),
    [
        (722_340.6, 613_523.7, "722.341 − 613.524 = 108.817"),
        (722_340.6, 613_523.4, "722.340,6 − 613.523,4 = 108.817,2"),  # rounded whole it would not add up
        (72_000, 64_800, "72.000 − 64.800 = 7.200"),
        (1200.5, 999.25, "1.200,50 − 999,25 = 201,25"),
        (72_000, 72_000.000000001, "72.000 − 72.000 = 0"),
        (10, 12.5, "10,0 − 12,5 = −2,5"),
    ],
)
def test_a_difference_adds_up_as_it_is_printed(whole, part, shown):
    assert format_difference(whole, part) == shown


def test_a_count_in_running_text_has_two_digits_in_vietnamese():
    assert [format_count(n) for n in (0, 7, 10, 1234)] == ["00", "07", "10", "1.234"]
    assert [format_count(n, "en") for n in (0, 7, 10, 1234)] == ["0", "7", "10", "1,234"]
