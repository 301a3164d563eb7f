"""Bills spread by day over months: exact, nothing lost, dates checked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.calendar import Bill, calendar_issues, estimated_share, rounded, spread_by_day
from sachhon.science.uncertainty import ScienceError


@st.composite
def bills(draw):
    start = draw(st.dates(date(2019, 1, 1), date(2027, 1, 1)))
    days = draw(st.integers(1, 400))
    quantity = draw(st.decimals(0, 10**9, places=3, allow_nan=False))
    return Bill(start, start + timedelta(days=days), quantity, draw(st.booleans()), draw(st.booleans()))


@given(st.lists(bills(), max_size=15))
def test_the_months_add_up_to_the_bills_exactly(some):
    months = spread_by_day(some)
    assert sum(months.values(), Fraction(0)) == sum((Fraction(bill.quantity) for bill in some), Fraction(0))
    assert list(months) == sorted(months)


@given(st.lists(bills(), min_size=1, max_size=15), st.integers(0, 4))
def test_rounding_keeps_the_total_and_moves_no_month_by_a_whole_unit(some, places):
    months = spread_by_day(some)
    shown = rounded(months, places)
    assert sum(Fraction(value) for value in shown.values()) * 10**places == round(
        sum(months.values(), Fraction(0)) * 10**places
    )
    unit = Fraction(1, 10**places)
    assert all(abs(Fraction(shown[month]) - months[month]) < unit for month in months)


@given(bills(), st.integers(1, 399))
def test_a_bill_cut_in_two_by_days_gives_the_same_months(bill, cut):
    if cut >= bill.days:
        cut = bill.days - 1
    if cut == 0:
        return
    per_day = Fraction(bill.quantity) / bill.days
    first = Bill(bill.start, bill.start + timedelta(days=cut - 1), per_day * cut)
    second = Bill(bill.start + timedelta(days=cut), bill.last_day, per_day * (bill.days - cut))
    assert spread_by_day([first, second]) == spread_by_day([bill])


def test_the_end_day_belongs_to_the_bill_or_to_the_next_as_stated():
    included = Bill(date(2025, 1, 22), date(2025, 2, 10), 200)
    reading = Bill(date(2025, 1, 22), date(2025, 2, 11), 200, end_included=False)
    assert included.days == reading.days == 20
    assert spread_by_day([included]) == spread_by_day([reading]) == {(2025, 1): 100, (2025, 2): 100}


def test_a_leap_february_and_a_turn_of_the_year_are_counted_by_days():
    months = spread_by_day([Bill(date(2023, 12, 31), date(2024, 3, 1), Decimal(62))])
    assert months == {(2023, 12): 1, (2024, 1): 31, (2024, 2): 29, (2024, 3): 1}


def test_the_share_of_estimated_days_is_told_by_month():
    share = estimated_share(
        [
            Bill(date(2025, 1, 1), date(2025, 1, 31), 1),
            Bill(date(2025, 2, 1), date(2025, 2, 7), 1, estimated=True),
            Bill(date(2025, 2, 8), date(2025, 2, 28), 1),
        ]
    )
    assert share == {(2025, 1): 0, (2025, 2): Fraction(1, 4)}


def test_gaps_and_overlaps_between_bills_are_named_by_their_days():
    issues = calendar_issues(
        [
            Bill(date(2025, 3, 1), date(2025, 3, 31), 1),
            Bill(date(2025, 1, 1), date(2025, 1, 31), 1),
            Bill(date(2025, 3, 30), date(2025, 4, 30), 1),
            Bill(date(2025, 5, 1), date(2025, 5, 31), 1),
        ]
    )
    assert [(issue.kind, issue.first_day, issue.last_day) for issue in issues] == [
        ("gap", date(2025, 2, 1), date(2025, 2, 28)),
        ("overlap", date(2025, 3, 30), date(2025, 3, 31)),
    ]


def test_a_short_bill_inside_a_long_one_does_not_hide_the_long_ones_end():
    issues = calendar_issues(
        [
            Bill(date(2025, 1, 1), date(2025, 12, 31), 1),
            Bill(date(2025, 2, 1), date(2025, 2, 28), 1),
            Bill(date(2025, 6, 1), date(2025, 6, 30), 1),
        ]
    )
    assert [issue.kind for issue in issues] == ["overlap", "overlap"]


@pytest.mark.parametrize("quantity", [1.5, Decimal("NaN"), Decimal("Infinity")])
def test_a_quantity_that_is_not_exact_is_refused(quantity):
    with pytest.raises(ScienceError):
        spread_by_day([Bill(date(2025, 1, 1), date(2025, 1, 31), quantity)])


def test_dates_that_run_backwards_are_refused():
    with pytest.raises(ScienceError, match="covers no day"):
        spread_by_day([Bill(date(2025, 2, 1), date(2025, 1, 1), 1)])
    with pytest.raises(ScienceError, match="covers no day"):
        spread_by_day([Bill(date(2025, 2, 1), date(2025, 2, 1), 1, end_included=False)])


def test_one_day_in_two_bills_is_an_overlap_of_one_day():
    (issue,) = calendar_issues(
        [Bill(date(2025, 1, 1), date(2025, 2, 1), 1), Bill(date(2025, 2, 1), date(2025, 3, 1), 1)]
    )
    assert (issue.kind, issue.first_day, issue.last_day) == ("overlap", date(2025, 2, 1), date(2025, 2, 1))


def test_months_are_shown_with_three_places_unless_asked_otherwise():
    assert rounded({(2025, 1): Fraction(1, 3), (2025, 2): Fraction(2, 3)}) == {
        (2025, 1): Decimal("0.333"),
        (2025, 2): Decimal("0.667"),
    }


def test_bills_are_spread_where_consumption_is_compared_too():
    from sachhon.science import calendar, intensity

    for name in ("Bill", "calendar_issues", "estimated_share", "rounded", "spread_by_day"):
        assert getattr(intensity, name) is getattr(calendar, name)
        assert name in intensity.__all__
