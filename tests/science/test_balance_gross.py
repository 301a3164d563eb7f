"""Gross errors: published tests, the power theory gives, and what no balance can tell."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from sachhon.science.balance import (
    Settings,
    diagnose,
    find_gross_errors,
    reconcile_bilinear,
    reconcile_bounded,
    reconcile_linear,
)

FOLDER = Path(__file__).parent.parent / "cases" / "balance"
CASES = json.loads((FOLDER / "gross_errors.json").read_text())
LINEAR = json.loads((FOLDER / "linear.json").read_text())["problems"]
NAN = float("nan")


def network(name):
    """A, true flows that balance to the last digit, standard deviations."""
    if name == "steam":
        a, true, sd = (
            np.array(x) for x in (LINEAR["P15"]["A"], CASES["steam"]["true"], CASES["steam"]["sd"])
        )
        # the printed flows miss two balances by 0.1
        return a, reconcile_linear(a, true, sd**2).estimate, sd
    a, true = np.array(LINEAR["P6"]["A"]), np.array(CASES["recycle"]["true"], dtype=float)
    return a, true, CASES["recycle"]["relative_sd"] * true


def test_the_textbook_example_has_its_published_tests_and_its_biased_meter():
    case = CASES["bypass"]
    found = find_gross_errors(
        case["A"], case["measured"], case["variance"], settings=Settings(leaks=False), nodes=case["nodes"]
    )
    assert found.before.chi2 == pytest.approx(case["global"], abs=5e-4)
    assert found.before.p_value < 0.05
    assert found.before.statistics == pytest.approx(case["measurement_test"], abs=6e-5)
    (error,) = found.diagnosis.errors
    assert (error.cause.kind, error.cause.at) == ("meter", case["biased"])
    assert error.size == pytest.approx(case["size"])
    assert found.diagnosis.p_after > 0.05
    assert error.words("en") == "Check the meter of stream 1: it reads 3.925 ± 2.4 too high."
    # with leaks allowed the exchanger explains the same readings a little better, and the meter stays named
    (error,) = find_gross_errors(case["A"], case["measured"], 1, nodes=case["nodes"]).diagnosis.errors
    assert (error.cause.kind, error.cause.name) == ("leak", "exchanger")
    assert [cause.at for cause in error.close] == [case["biased"]]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from(["steam", "recycle"]))
def test_leaving_out_what_was_found_lowers_chi2_by_exactly_what_was_said(seed, name):
    random = np.random.default_rng(seed)
    a, true, sd = network(name)
    y = random.normal(true, sd)
    y[random.integers(len(y))] *= 1 + random.uniform(0.2, 0.6)
    y[random.integers(len(y))] *= 1 - random.uniform(0.2, 0.6)
    if random.random() < 0.3:
        y[random.integers(len(y))] = NAN
    found = find_gross_errors(a, y, sd**2)
    assert found.after.chi2 == pytest.approx(found.diagnosis.chi2_after, rel=1e-6, abs=1e-7)
    assert found.after.dof == found.diagnosis.dof_after
    for k, error in enumerate(found.diagnosis.errors):
        assert error.p_holm < 0.05
        if error.cause.kind == "meter" and found.after.observable[error.cause.at]:
            at = error.cause.at
            assert y[at] - found.after.estimate[at] == pytest.approx(error.size, rel=1e-5, abs=1e-7)
            u = np.sqrt(found.after.variance[at] + sd[at] ** 2)
            assert error.standard_uncertainty == pytest.approx(u, rel=1e-5)
        if error.cause.kind == "leak":
            outlet = len(y) + [e.cause.kind for e in found.diagnosis.errors][:k].count("leak")
            assert found.after.estimate[outlet] == pytest.approx(error.size, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("name", ["steam", "recycle"])
def test_readings_without_gross_errors_are_seldom_blamed(name):
    random = np.random.default_rng(1)
    a, true, sd = network(name)
    draws = 400
    blamed = sum(
        bool(diagnose(reconcile_linear(a, random.normal(true, sd), sd**2)).errors) for _ in range(draws)
    )
    assert blamed / draws < 0.05 + 3 * np.sqrt(0.05 * 0.95 / draws)


@settings(deadline=None, max_examples=5)
@given(st.integers(0, 10**6), st.sampled_from(["steam", "recycle"]), st.floats(2.0, 6.0))
def test_a_biased_meter_is_found_as_often_as_theory_says(seed, name, shows):
    """T of the true cause is χ²(1) about `shows`², whatever the network: the power is that of a normal test."""
    random = np.random.default_rng(seed)
    a, true, sd = network(name)
    clean = reconcile_linear(a, true, sd**2)
    checked = np.flatnonzero(clean.redundant)
    meter = int(random.choice(checked))
    bias = shows / np.sqrt(clean.model.strength[meter])
    tests = len(checked) + np.count_nonzero(clean.model.node_strength)
    threshold = norm.isf(0.05 / tests / 2)
    power = norm.sf(threshold - shows) + norm.cdf(-threshold - shows)
    draws = 120
    noticed = named = 0
    for _ in range(draws):
        y = random.normal(true, sd)
        y[meter] += bias
        errors = diagnose(reconcile_linear(a, y, sd**2)).errors
        noticed += bool(errors)
        suspects = [c.at for e in errors for c in (e.cause, *e.same, *e.close) if c.kind == "meter"]
        named += meter in suspects
    allowed = 3.5 * np.sqrt(power * (1 - power) / draws) + 0.01
    assert noticed / draws > power - allowed  # other causes may notice it too
    if shows > 5:
        assert named / draws > 0.8 * power - allowed


def test_a_leak_is_told_from_a_biased_meter():
    random = np.random.default_rng(3)
    a, true, sd = network("steam")
    to_outside = np.abs(a).sum(axis=0) == 1
    # a leak in a node with a stream of its own from or to outside looks like that stream's meter
    (inner,) = np.nonzero((np.abs(a[:, to_outside]).sum(axis=1) == 0) & (np.abs(a).sum(axis=1) > 2))
    assert len(inner)
    for drain in inner:
        strength = reconcile_linear(a, true, sd**2).model.node_strength[drain]
        # flows that lose at this node so much that it shows twelve standard deviations, and nowhere else
        flows = true + np.linalg.lstsq(a, 12 / np.sqrt(strength) * np.eye(len(a))[drain], rcond=None)[0]
        right = 0
        for _ in range(40):
            errors = diagnose(reconcile_linear(a, random.normal(flows, sd), sd**2)).errors
            right += bool(errors) and (errors[0].cause.kind, errors[0].cause.at) == ("leak", drain)
        assert right > 32


def test_what_no_balance_can_tell_apart_is_said_to_be_one():
    # the feed meter sees what a loss in the first tank would show
    a = [[1, -1, 0], [0, 1, -1]]
    found = find_gross_errors(
        a, [110, 100, 100], 1, nodes=["tank", "filter"], streams=["feed", "middle", "product"]
    )
    (error,) = found.diagnosis.errors
    assert error.cause.name == "feed"
    assert [(c.kind, c.name) for c in error.same] == [("leak", "tank")]
    assert "10 lost at tank" in error.words("en")
    assert "không phân biệt được" in error.words("vi")


def test_two_errors_are_found_together_and_meters_nothing_checks_are_counted():
    a, true, sd = network("steam")
    y = true.copy()
    y[3] += 12 * sd[3]
    y[24] -= 12 * sd[24]
    found = find_gross_errors(a, y, sd**2, settings=Settings(leaks=False))
    assert {e.cause.at for e in found.diagnosis.errors} == {3, 24}
    assert found.diagnosis.chi2_after == pytest.approx(0, abs=1e-6)
    assert found.after.estimate == pytest.approx(true, abs=1e-6)
    lonely = find_gross_errors([[1, -1, -1]], [10, NAN, NAN], 1)
    assert lonely.diagnosis.unchecked.tolist() == [0]
    assert lonely.diagnosis.words("en") == (
        "The readings agree with the balances.",
        "No balance checks 1 meters.",
    )


def test_a_wrong_assay_is_found_among_flows_and_concentrations():
    random = np.random.default_rng(5)
    a = np.array([[1, -1, -1]])
    f, c = np.array([100.0, 30, 70]), np.array([[0.2, 0.5, 5 / 70], [0.1, 0.2, 4 / 70]])
    yf, yc = random.normal(f, 0.01 * f), random.normal(c, 0.01 * c)
    yc[1, 2] *= 1.3
    result = reconcile_bilinear(
        a, yf, (0.01 * f) ** 2, yc, (0.01 * c) ** 2, streams=["feed", "up", "down"], components=["Cu", "Zn"]
    )
    errors = diagnose(result, settings=Settings(leaks=False)).errors
    # one balance of zinc cannot tell its three assays apart
    by_name = {cause.name: cause for cause in (errors[0].cause, *errors[0].same)}
    assert set(by_name) == {"Zn in feed", "Zn in up", "Zn in down"}
    assert by_name["Zn in down"].size == pytest.approx(0.3 * c[1, 2], rel=0.25)


def test_the_order_of_streams_changes_nothing():
    a, true, sd = network("steam")
    random = np.random.default_rng(8)
    y = random.normal(true, sd)
    y[5] *= 1.3
    order = random.permutation(len(y))
    plain = find_gross_errors(a, y, sd**2).diagnosis
    mixed = find_gross_errors(a[:, order], y[order], sd[order] ** 2).diagnosis
    assert [e.size for e in mixed.errors] == pytest.approx([e.size for e in plain.errors])
    assert [order[e.cause.at] for e in mixed.errors if e.cause.kind == "meter"] == [
        e.cause.at for e in plain.errors if e.cause.kind == "meter"
    ]


def test_correlated_readings_are_diagnosed_too_and_the_leak_gets_its_outlet():
    # two meters that err together; the tank between two closed streams loses 8
    v = np.array([[1, 0.6, 0, 0], [0.6, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    a = [[1, -1, 0, 0], [0, 1, -1, 0], [0, 0, 1, -1]]
    for variance in (v, v.tolist()):
        found = find_gross_errors(
            a, [100, 100, 92, 92], variance, nodes=["gate", "tank", "filter"], streams=["in", "b", "c", "out"]
        )
        (error,) = found.diagnosis.errors
        assert (error.cause.kind, error.cause.name) == ("leak", "tank")
        assert error.size == pytest.approx(8, abs=1e-9)
        assert found.after.chi2 == pytest.approx(found.diagnosis.chi2_after, abs=1e-9)
        assert found.after.estimate[4] == pytest.approx(8)


def test_a_network_of_thousands_of_streams_is_diagnosed():
    random = np.random.default_rng(4)
    n = 3000
    from scipy.sparse import diags_array, hstack

    chain = diags_array([np.ones(n), -np.ones(n - 1)], offsets=[0, 1], shape=(n, n))
    a = hstack([chain, -diags_array(np.ones(n))]).tocsc()
    drained = random.uniform(1, 2, n)
    flow = np.concatenate([np.cumsum(drained[::-1])[::-1], drained])
    sd = 0.05 * np.ones(2 * n)
    y = random.normal(flow, sd)
    y[n + 1234] += 1.5
    (error,) = find_gross_errors(a, y, sd**2).diagnosis.errors
    assert error.cause.at == n + 1234
    assert error.size == pytest.approx(1.5, abs=4 * error.standard_uncertainty)


@pytest.mark.parametrize(("p", "blamed"), [(0.03, False), (0.01, True)])
def test_a_cause_is_blamed_at_the_level_of_all_that_were_tested(p, blamed):
    # one node, two meters: three causes (each meter, the leak) with the same statistic, so p counts three times
    gap = norm.isf(p / 2) * np.sqrt(2.0)
    found = diagnose(reconcile_linear([[1.0, -1.0]], [100.0, 100.0 + gap], [1.0, 1.0]))
    assert bool(found.errors) is blamed
    if blamed:
        assert found.errors[0].p_holm == pytest.approx(3 * p, rel=1e-6)


# two parallel branches between a feed and a product that each have two meters
BRANCHES = [
    [1, -1, -1, 0, 0, 0, 0],
    [0, 1, 0, -1, 0, 0, 0],
    [0, 0, 1, 0, -1, 0, 0],
    [0, 0, 0, 1, 1, -1, 0],
    [0, 0, 0, 0, 0, 1, -1],
]


@pytest.mark.parametrize("seed", [726, 937, 966, 1254])
def test_a_cause_that_others_explain_away_is_dropped_again(seed):
    """Two biased meters look at first like one leak between them; next to both, the leak no longer matters."""
    random = np.random.default_rng(seed)
    y = np.array([100, 60, 40, 60, 40, 100, 100]) + random.normal(0, 1, 7)
    biased = random.choice(7, 2, replace=False)
    y[biased] += random.choice([-1, 1], 2) * random.uniform(6, 12, 2)
    result = reconcile_linear(BRANCHES, y, 1.0)
    alone = [*(result.statistics), *(result.node_statistics)]
    assert int(np.argmax(alone)) >= 7, "the first cause to be blamed is a leak"
    found = diagnose(result)
    assert {(error.cause.kind, error.cause.at) for error in found.errors} == {
        ("meter", k) for k in biased.tolist()
    }
    assert found.dof_after == found.dof - 2
    without = reconcile_linear(BRANCHES, np.where(np.isin(range(7), biased), NAN, y), 1.0)
    assert found.chi2_after == pytest.approx(without.chi2)


def test_settings_are_kept_by_every_result_and_their_departures_said():
    a, y = [[1, -1, -1]], [10.0, 6.0, 7.5]
    strict = Settings(nonnegative=False, significance=0.001, leaks=False)
    linear = reconcile_linear(a, y, 1.0, settings=strict)
    results = [
        linear,
        diagnose(linear, settings=strict),
        find_gross_errors(a, y, 1.0, settings=strict).diagnosis,
        reconcile_bounded(a, y, 1.0, settings=strict),
        reconcile_bilinear(a, y, 1.0, [[0.5, 0.5, 0.5]], 0.01, settings=strict),
    ]
    for result in results:
        assert result.departures("en") == strict.departures("en")
        assert len(result.departures()) == 3
    assert reconcile_linear(a, y, 1.0).departures() == ()
    # the level decides what is significant, and what is blamed
    assert reconcile_linear(a, [10.0, 6.0, 8.5], 1.0).suspects.significant
    assert not reconcile_linear(a, [10.0, 6.0, 8.5], 1.0, settings=strict).suspects.significant
    assert diagnose(reconcile_linear(a, [10.0, 6.0, 8.5], 1.0)).errors
    assert not diagnose(reconcile_linear(a, [10.0, 6.0, 8.5], 1.0), settings=strict).errors
    # and whether a flow may come out below zero, what bounds it
    below = [10.0, 12.0, -2.0]
    assert reconcile_bounded(a, below, 1.0).estimate.min() == 0
    assert reconcile_bounded(a, below, 1.0, settings=strict).estimate.min() == -2
    assert reconcile_bilinear(a, below, 1.0, [[0.5] * 3], 0.01, settings=strict).flow.min() == pytest.approx(
        -2
    )
