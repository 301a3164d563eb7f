"""Plausibility rules: each finds what it is for, offers the right correction, and is silent otherwise."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sachhon.science.plausibility import (
    Settings,
    Severity,
    against_history,
    against_price,
    against_sector,
    consumption_without_output,
    mass_balance,
    saving_claim,
    sector_range,
    slip,
    slips_among,
    spent_against_revenue,
    sure_slips,
)
from sachhon.science.uncertainty import Measured, ScienceError

HISTORY = [0.130, 0.128, 0.135, 0.126, 0.131, 0.133]


def only(findings):
    (finding,) = findings
    return finding


def test_a_specific_consumption_like_the_factorys_own_history_passes():
    assert against_history(0.14, HISTORY) == ()


def test_one_far_off_its_history_is_asked_about_with_the_range_expected():
    finding = only(against_history(0.20, HISTORY))
    assert (finding.rule, finding.severity, finding.factor) == ("history", Severity.WARNING, None)
    assert finding.expected[0] < 0.1305 < finding.expected[1] < 0.20
    assert finding.score > 3.5
    assert only(against_history(0.08, HISTORY)).score < -3.5


@pytest.mark.parametrize("times", [35.0, 1 / 35, 4e7])
def test_what_no_way_of_working_explains_is_an_error_though_no_slip_fits(times):
    """35 and 4e7 times are near no power of ten."""
    found = [
        only(against_history(0.13 * times, HISTORY)),
        only(against_sector(0.13 * times, 0.12, 0.14)),
        only(against_price(1.0, 2000 * times, 1900, 2100)),
    ]
    assert [(f.rule, f.severity, f.factor) for f in found] == [
        ("history", Severity.ERROR, None),
        ("sector", Severity.ERROR, None),
        ("price", Severity.ERROR, None),
    ]


def test_an_uneven_history_is_judged_more_mildly_than_an_even_one():
    uneven = [0.08, 0.2, 0.11, 0.15, 0.07, 0.19]
    assert against_history(0.25, uneven) == ()
    assert against_history(0.25, HISTORY)


def test_one_wild_value_in_the_history_does_not_hide_the_next():
    assert only(against_history(0.20, [*HISTORY, 130.0])).rule == "history"


@given(
    st.sampled_from([10.0, 100.0, 1000.0]),
    st.booleans(),
    st.floats(0.8, 1.25),
    st.floats(1e-6, 1e6),
)
def test_a_slip_of_unit_is_recognised_and_the_factor_puts_it_right(power, up, wobble, size):
    true = size * wobble
    wrong = true * power if up else true / power
    finding = only(against_history(wrong, [size * h / 0.13 for h in HISTORY]))
    assert (finding.rule, finding.severity, finding.applies_to) == (
        "history_unit_slip",
        Severity.ERROR,
        "quantity",
    )
    assert wrong * finding.factor == pytest.approx(true)


@given(st.floats(0.21, 4.9))
def test_less_than_the_smallest_slip_is_never_called_one(ratio):
    assert slip(ratio, 1.0) is None


@pytest.mark.parametrize("nothing", [0.0, -1.0, float("nan"), float("inf")])
def test_no_slip_is_seen_where_there_is_nothing_to_compare(nothing):
    assert slip(nothing, 1.0) is None
    assert slip(1.0, nothing) is None


def test_a_ratio_that_no_power_of_ten_explains_is_no_slip():
    assert slip(31.0, 1.0) is None
    assert slip(31.0, 1.0, Settings(slip_fit=3.5)) == 0.1


@pytest.mark.parametrize(
    ("current", "history"),
    [
        (None, HISTORY),
        (0.0, HISTORY),
        (float("nan"), HISTORY),
        (9.0, HISTORY[:3]),
        (9.0, [0, float("nan"), 1, 1, 1]),
    ],
)
def test_without_a_figure_or_a_history_nothing_is_judged(current, history):
    assert against_history(current, history) == ()


def test_the_sector_is_compared_within_its_range_and_slips_are_told():
    assert against_sector(0.2, 0.1, 0.3) == ()
    assert only(against_sector(0.45, 0.1, 0.3)).rule == "sector"
    finding = only(against_sector(180.0, 0.1, 0.3))
    assert (finding.rule, finding.factor) == ("sector_unit_slip", 0.001)
    assert against_sector(None, 0.1, 0.3) == ()


def test_a_sectors_range_needs_enough_peers_and_is_widened():
    peers = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]
    low, high = sector_range(peers, share=1.0, widen=1.25)
    assert (low, high) == (pytest.approx(0.8), pytest.approx(2.125))
    assert sector_range([*peers[:7], 0.0, None]) is None
    narrower = sector_range([*peers, 100.0], share=0.5, widen=1.0)
    assert narrower[1] < 2


def test_a_price_in_range_passes_and_one_beside_it_is_asked_about():
    assert against_price(1000, 2_000_000, 1500, 3500) == ()
    assert only(against_price(1000, 5_000_000, 1500, 3500)).rule == "price"


def test_megawatt_hours_are_recognised_by_the_price():
    finding = only(against_price(12.5, 25_000_000, 1500, 3500))
    assert (finding.rule, finding.applies_to, finding.factor) == ("price_unit_slip", "quantity", 1000.0)


def test_a_cost_in_thousand_dong_is_recognised_by_the_price():
    finding = only(against_price(12_500, 25_000, 1500, 3500))
    assert (finding.rule, finding.applies_to, finding.factor) == ("price_unit_slip", "cost", 1000.0)


@given(st.floats(1, 1e7), st.floats(1500, 3500), st.sampled_from([0.001, 0.01, 0.1, 10, 100, 1000]))
def test_applying_the_offered_correction_brings_the_price_near_its_range(quantity, price, wrong):
    findings = against_price(quantity * wrong, quantity * price, 1500, 3500)
    finding = only(findings)
    assume(finding.factor is not None)
    new_quantity = quantity * wrong * (finding.factor if finding.applies_to == "quantity" else 1)
    new_cost = quantity * price * (finding.factor if finding.applies_to == "cost" else 1)
    assert 2291 / 1.81 <= new_cost / new_quantity <= 2292 * 1.81


def test_a_cost_without_a_quantity_is_an_error_and_no_cost_is_not_judged():
    finding = only(against_price(0, 1_000_000, 1500, 3500))
    assert (finding.rule, finding.expected) == ("cost_without_quantity", (0.0, None))
    assert against_price(1000, None, 1500, 3500) == ()
    assert against_price(None, 5, 1500, 3500) == ()
    assert against_price(1000, 0, 1500, 3500) == ()


def test_more_mass_out_than_in_cannot_be():
    finding = only(mass_balance([100.0, 20.0], [110.0], [30.0]))
    assert (finding.rule, finding.severity) == ("mass_created", Severity.ERROR)
    assert finding.observed == pytest.approx(140 / 120)


def test_mass_that_vanishes_is_to_be_explained_and_a_usual_loss_passes():
    assert only(mass_balance([100.0], [20.0], [10.0])).rule == "mass_unaccounted"
    assert mass_balance([100.0], [60.0], [30.0]) == ()
    assert mass_balance([100.0], [20.0], [10.0], explained=(0.2, 1.0)) == ()


@pytest.mark.parametrize(
    ("inflow", "product", "waste"),
    [
        ([100.0, None], [500.0], []),
        ([100.0], [None], []),
        ([0.0], [5.0], []),
        ([100.0], [], []),
        ([], [1.0], []),
    ],
)
def test_an_incomplete_balance_is_not_judged(inflow, product, waste):
    assert mass_balance(inflow, product, waste) == ()


def test_a_claim_within_the_uncertainty_of_the_computed_saving_passes():
    assert saving_claim(110, Measured(100, 5)) == ()
    assert saving_claim(134, Measured(100, 5)) == ()
    assert saving_claim(None, Measured(100, 5)) == saving_claim(5, None) == ()


def test_a_claim_beside_the_computed_saving_is_told_by_its_direction():
    assert only(saving_claim(136, Measured(100, 5))).rule == "saving_claim_too_high"
    assert only(saving_claim(60, Measured(100, 5))).severity is Severity.NOTICE
    worse = only(saving_claim(10, Measured(-100, 5)))
    assert (worse.rule, worse.severity) == ("saving_claim_while_worse", Severity.ERROR)


def test_consumption_without_output_is_asked_about_beyond_its_base():
    assert only(consumption_without_output(50, 0)).rule == "consumption_without_output"
    assert consumption_without_output(50, 0, base_share=0.1, usual=1000) == ()
    assert only(consumption_without_output(150, 0, base_share=0.1, usual=1000)).expected == (0.0, 100.0)
    assert consumption_without_output(50, 1) == consumption_without_output(0, 0) == ()
    assert consumption_without_output(50, None) == consumption_without_output(None, 0) == ()


def test_ranges_that_are_none_are_refused():
    for bad in ((0, 5), (5, 1), (1, float("inf"))):
        with pytest.raises(ScienceError):
            against_sector(1.0, *bad)
        with pytest.raises(ScienceError):
            against_price(1.0, 1.0, *bad)


@pytest.mark.parametrize(
    ("spent", "revenue", "severity"),
    [
        (90, 100, None),
        (300, 100, None),
        (301, 100, "warning"),
        (1001, 100, "error"),
        (5, None, None),
        (None, 5, None),
    ],
)
def test_what_is_consumed_costs_no_more_than_is_earned(spent, revenue, severity):
    found = spent_against_revenue(spent, revenue)
    assert [finding.severity for finding in found] == ([severity] if severity else [])


def test_months_are_judged_among_themselves_and_a_few_a_thousand_times_off_are_sure():
    year = dict.fromkeys(range(1, 13), 5.4)
    assert slips_among(year) == sure_slips(year) == {}
    assert slips_among(year | {5: 54.0}) == {5: 0.1}
    assert sure_slips(year | {5: 54.0}) == {}  # a season may do that
    assert sure_slips(year | {5: 5400.0, 7: 0.0054}) == {5: 0.001, 7: 1000.0}
    half = year | dict.fromkeys(range(1, 7), 5400.0)
    assert set(slips_among(half)) == set(range(1, 13))
    assert sure_slips(half) == {}  # which half is wrong the year alone does not tell
    assert slips_among(dict.fromkeys(range(1, 5), 5.4) | {5: 5400.0}) == {}
