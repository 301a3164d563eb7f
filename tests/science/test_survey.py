"""Proportions, ratios and the chance of a target, over a finite population with non-response."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, hypergeom, t

from sachhon.science.survey import (
    StratumCount,
    bounds_with_unknown,
    prob_target_met,
    proportion,
    ratio,
    stratified_proportion,
)
from sachhon.science.uncertainty import ScienceError

CASES = Path(__file__).parent.parent / "cases" / "survey"


@pytest.fixture(scope="module")
def apistrat():
    answers = json.loads((CASES / "apistrat_answers.json").read_text())
    lines = (CASES / "apistrat.csv").read_text().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return rows, answers


@pytest.mark.parametrize(
    ("column", "answer"),
    [("sch.wide", "prop_schwide"), ("comp.imp", "prop_compimp"), ("awards", "prop_awards")],
)
def test_stratified_proportions_of_the_published_school_sample(apistrat, column, answer):
    rows, answers = apistrat
    strata = {}
    for stratum, size in answers["N"].items():
        values = [row[column] for row in rows if row["stype"] == stratum]
        strata[stratum] = StratumCount(values.count("Yes"), len(values), size)
    result = stratified_proportion(strata)
    assert result.estimate == pytest.approx(answers[answer][0], abs=5e-9)
    assert result.standard_error == pytest.approx(answers[answer][1], abs=5e-9)
    assert result.low < result.estimate < result.high
    # near a normal interval, at this sample size
    assert result.low == pytest.approx(result.estimate - 1.96 * result.standard_error, abs=0.008)


@pytest.mark.parametrize(
    ("y", "x", "answer", "tolerance"),
    [("api.stu", "enroll", "ratio_apistu_enroll", 5e-9), ("api00", None, "mean_api00", 5e-6)],
)
def test_the_ratio_and_the_mean_of_the_published_school_sample(apistrat, y, x, answer, tolerance):
    rows, answers = apistrat
    result = ratio(
        [float(row[y]) for row in rows],
        [float(row[x]) if x else 1.0 for row in rows],
        answers["N"],
        [row["stype"] for row in rows],
    )
    assert result.estimate == pytest.approx(answers[answer][0], abs=tolerance)
    assert result.standard_error == pytest.approx(answers[answer][1], abs=max(tolerance, 5e-8))
    assert result.known == 200
    assert result.population == 6194


def test_wilsons_interval_of_a_published_case():
    # Newcombe 1998, Statistics in Medicine 17:857, table I: 81/263 and 15/148, method 3; no finite population
    found = [proportion(yes, known, 10**12, method="wilson") for yes, known in ((81, 263), (15, 148))]
    assert [each.low for each in found] == pytest.approx([0.2553, 0.0624], abs=5e-5)
    assert [each.high for each in found] == pytest.approx([0.3662, 0.1605], abs=5e-5)


def test_the_exact_interval_of_a_large_population_is_clopper_pearsons():
    # Newcombe 1998, table I, method 5
    result = proportion(15, 148, 10**9, method="exact")
    assert (result.low, result.high) == (pytest.approx(0.0578, abs=5e-5), pytest.approx(0.1617, abs=5e-5))


@st.composite
def counts(draw, largest=300):
    population = draw(st.integers(1, largest))
    known = draw(st.integers(0, population))
    return draw(st.integers(0, known)), known, population


@given(counts(), st.sampled_from(["wilson", "exact"]), st.sampled_from([0.8, 0.95, 0.99]))
def test_an_interval_holds_its_estimate_and_lies_within_zero_and_one(count, method, confidence):
    result = proportion(*count, confidence, method)
    assert 0 <= result.low <= result.high <= 1
    if result.estimate is not None:
        assert result.low - 1e-12 <= result.estimate <= result.high + 1e-12


@given(counts(), st.sampled_from(["wilson", "exact"]))
def test_turning_yes_and_no_round_turns_the_interval_round(count, method):
    x, n, population = count
    one, other = proportion(x, n, population, method=method), proportion(n - x, n, population, method=method)
    assert one.low == pytest.approx(1 - other.high, abs=1e-12)
    assert one.high == pytest.approx(1 - other.low, abs=1e-12)


@given(counts())
def test_exact_bounds_lie_within_what_the_unknown_could_bring(count):
    x, n, population = count
    if n == 0:
        return
    exact = proportion(*count, method="exact")
    bounds = bounds_with_unknown(x, n - x, population - n)
    assert bounds.low <= exact.low <= exact.high <= bounds.high


@pytest.mark.parametrize("count", [(3, 10, 40), (0, 7, 30), (12, 12, 25), (5, 29, 30)])
def test_exact_bounds_hold_every_population_that_could_plausibly_have_answered_so(count):
    x, n, population = count
    plausible = [
        k
        for k in range(x, population - (n - x) + 1)
        if hypergeom.sf(x - 1, population, k, n) > 0.025 and hypergeom.cdf(x, population, k, n) > 0.025
    ]
    result = proportion(*count, method="exact")
    assert (round(result.low * population), round(result.high * population)) == (plausible[0], plausible[-1])


@given(counts(30), st.sampled_from(["wilson", "exact"]))
def test_no_interval_goes_beyond_what_is_possible(count, method):
    yes, known, population = count
    found = proportion(yes, known, population, method=method)
    assert yes / population <= found.low <= found.high <= (yes + population - known) / population


def test_one_facility_that_has_not_answered_may_say_no():
    """Five of six say yes: that the sixth says no is by no means unlikely."""
    assert proportion(5, 5, 6).low == pytest.approx(5 / 6)
    assert proportion(5, 5, 6, method="wilson").low > 5 / 6


@pytest.mark.parametrize("method", ["wilson", "exact"])
def test_everyone_known_leaves_no_width(method):
    result = proportion(30, 100, 100, method=method)
    assert (result.low, result.estimate, result.high, result.standard_error) == (0.3, 0.3, 0.3, 0.0)
    assert result.coverage == 1


def test_more_answers_of_the_same_population_narrow_the_interval():
    widths = [
        result.high - result.low
        for n in (10, 50, 90, 99)
        for result in [proportion(n // 2, n, 100, method="wilson")]
    ]
    assert widths == sorted(widths, reverse=True)


def test_nobody_known_and_nobody_there():
    unknown = proportion(0, 0, 50)
    assert (unknown.estimate, unknown.low, unknown.high, unknown.coverage) == (None, 0.0, 1.0, 0.0)
    assert proportion(0, 0, 0).coverage is None
    assert bounds_with_unknown(0, 0, 0) is None
    assert prob_target_met(0, 0, 0, 0.5) is None
    assert stratified_proportion({}).estimate is None


def test_the_bounds_take_every_unknown_as_no_and_as_yes():
    bounds = bounds_with_unknown(30, 50, 20)
    assert (bounds.low, bounds.high) == (0.3, 0.5)
    with pytest.raises(ScienceError):
        bounds_with_unknown(-1, 2, 3)


@given(counts(), st.fractions(0, 1), st.fractions(0, 1))
def test_the_chance_of_a_target_falls_as_the_target_rises(count, one, other):
    low, high = sorted((one, other))
    assert prob_target_met(*count, low) >= prob_target_met(*count, high) - 1e-12


@given(counts(), st.fractions(0, 1))
def test_with_everyone_known_a_target_is_met_or_not(count, target):
    x, n, _ = count
    if n:
        assert prob_target_met(x, n, n, target) == float(Fraction(x, n) >= target)


def test_the_chance_of_a_target_agrees_with_drawing_the_unknown():
    rng = np.random.default_rng(5)
    p = rng.beta(0.5 + 40, 0.5 + 45, 400_000)
    simulated = (40 + rng.binomial(35, p) >= 60).mean()
    assert prob_target_met(40, 85, 120, 0.5) == pytest.approx(simulated, abs=0.003)


@given(counts(), st.fractions(0, 1))
def test_the_chance_of_a_target_is_scipys_beta_binomial(count, target):
    x, n, population = count
    needed = ceil(target * population)
    wanted = betabinom.sf(needed - x - 1, population - n, 0.5 + x, 0.5 + n - x)
    assert prob_target_met(*count, target) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("target", [0.1, Decimal("0.1"), Fraction(1, 10)])
def test_a_target_of_ten_percent_of_thirty_is_three_however_it_is_written(target):
    assert prob_target_met(3, 30, 30, target) == 1
    assert prob_target_met(2, 30, 30, target) == 0


def test_strata_that_answered_unequally_are_weighted_by_their_population():
    # large ones answer always, small ones seldom: the plain share 12/20 would mislead
    strata = {"large": StratumCount(10, 10, 10), "small": StratumCount(2, 10, 90)}
    result = stratified_proportion(strata)
    assert result.estimate == pytest.approx(0.1 * 1 + 0.9 * 0.2)
    assert result.known == 20


def test_one_stratum_is_the_plain_proportion_and_all_answered_leaves_no_width():
    assert stratified_proportion({"a": StratumCount(3, 10, 40)}) == proportion(3, 10, 40)
    full = stratified_proportion({"a": StratumCount(3, 10, 10), "b": StratumCount(5, 5, 5)})
    assert (full.low, full.high) == (full.estimate, full.estimate) == (8 / 15, pytest.approx(8 / 15))


def test_thin_strata_are_pooled_and_named_so_that_nobody_is_lost():
    strata = {
        "a": StratumCount(5, 10, 20),
        "b": StratumCount(1, 1, 30),
        "c": StratumCount(0, 0, 10),
        "d": StratumCount(1, 1, 1),
    }
    result = stratified_proportion(strata)
    assert result.pooled == ("a", "b", "c")
    assert result.estimate == pytest.approx((60 * 6 / 11 + 1) / 61)


@given(st.lists(counts(60), min_size=1, max_size=5))
def test_a_stratified_estimate_is_a_share_within_its_interval(strata):
    result = stratified_proportion({i: StratumCount(*count) for i, count in enumerate(strata)})
    assert result.population == sum(count[2] for count in strata)
    assert 0 <= result.low <= result.high <= 1
    if result.estimate is not None:
        assert result.low - 1e-9 <= result.estimate <= result.high + 1e-9


def test_a_mean_saving_of_everyone_is_exact_and_of_a_part_is_not():
    saved, expected = [10.0, 0.0, 30.0], [100.0, 50.0, 150.0]
    whole = ratio(saved, expected, 3)
    assert whole.estimate == pytest.approx(40 / 300)
    assert whole.low == whole.high == whole.estimate
    part = ratio(saved, expected, 30)
    assert part.low < part.estimate == whole.estimate < part.high


def test_a_mean_of_strata_pools_the_one_where_a_single_unit_answered():
    result = ratio([1.0, 2.0, 3.0, 9.0], [1.0] * 4, {"a": 10, "b": 5, "empty": 2}, ["a", "a", "a", "b"])
    assert result.pooled == ("a", "b", "empty")
    assert result.estimate == pytest.approx(15 / 4)
    assert result.population == 17


def test_a_ratio_without_answers_or_without_a_base_is_told_as_none():
    assert ratio([], [], 5).estimate is None
    assert ratio([1.0], [0.0], 5).estimate is None
    single = ratio([1.0], [2.0], 5)
    assert (single.estimate, single.low) == (0.5, None)


def test_the_interval_of_a_proportion_holds_the_truth_about_as_often_as_it_says():
    population, yes, n = 200, 60, 50
    xs = np.arange(n + 1)
    chance = hypergeom.pmf(xs, population, yes, n)
    for method, least in (("wilson", 0.92), ("exact", 0.95)):
        held = [
            result.low - 1e-12 <= yes / population <= result.high + 1e-12
            for result in (proportion(int(x), n, population, method=method) for x in xs)
        ]
        assert least <= float(chance @ np.array(held)) <= 0.99


@pytest.mark.parametrize(
    "call",
    [
        lambda: proportion(3, 2, 5),
        lambda: proportion(1, 6, 5),
        lambda: proportion(-1, 2, 5),
        lambda: proportion(1, 2, 5, confidence=95),
        lambda: proportion(1, 2, 5, method="normal"),
        lambda: prob_target_met(1, 2, 5, 50),
        lambda: ratio([1.0], [1.0, 2.0], 5),
        lambda: ratio([float("nan")], [1.0], 5),
        lambda: ratio([1.0], [1.0], {"a": 5}, ["b"]),
        lambda: ratio([1.0, 2.0], [1.0, 1.0], 1),
    ],
)
def test_counts_that_cannot_be_are_refused(call):
    with pytest.raises(ScienceError):
        call()


def test_the_interval_of_a_stratified_mean_has_a_degree_of_freedom_less_for_each_stratum():
    y, strata = [1.0, 2.0, 4.0, 7.0, 9.0], ["a", "a", "b", "b", "b"]
    result = ratio(y, [1.0] * 5, {"a": 20, "b": 30}, strata, confidence=0.9)
    assert result.high - result.estimate == pytest.approx(t.ppf(0.95, 5 - 2) * result.standard_error)
    assert result.estimate - result.low == pytest.approx(result.high - result.estimate)


def test_a_stratum_of_one_answer_that_is_all_of_it_stands_alone():
    strata = {"only": StratumCount(1, 1, 1), "rest": StratumCount(3, 9, 30)}
    result = stratified_proportion(strata)
    assert result.pooled == ()
    assert result.standard_error == pytest.approx(30 / 31 * np.sqrt((1 - 9 / 30) * (1 / 3) * (2 / 3) / 8))


def test_where_every_answer_is_yes_the_interval_is_that_of_the_answers_as_one_sample():
    result = stratified_proportion({"a": StratumCount(5, 5, 10), "b": StratumCount(5, 5, 20)})
    effective = 10 * 29 / 20
    assert result.high == 1
    assert result.low == pytest.approx(1 / (1 + 1.959964**2 / effective), abs=1e-6)
