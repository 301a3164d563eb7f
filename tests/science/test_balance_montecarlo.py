"""Simulated and analytic uncertainty are one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.balance import (
    Flowsheet,
    Process,
    Reading,
    Stream,
    Transfer,
    reconcile_bilinear,
    reconcile_bounded,
    reconcile_linear,
    simulate,
)
from sachhon.science.uncertainty import ScienceError

CASES = json.loads((Path(__file__).parent.parent / "cases" / "balance" / "linear.json").read_text())[
    "problems"
]


@pytest.mark.parametrize("name", ["P3", "P11", "P15"])
@pytest.mark.parametrize("errors", ["normal", "uniform", "triangular"])
def test_linear_balances_spread_as_the_formula_says(name, errors):
    case = CASES[name]
    y = np.array(case["measured"])
    y[2] = np.nan
    result = reconcile_linear(case["A"], y, case["variance"])
    draws = simulate(result, 4000, seed=3, errors=errors)
    assert draws.agrees
    assert np.abs(np.array(case["A"]) @ draws.values.T).max() < 1e-9
    scale = np.sqrt(result.variance / 4000)
    assert (
        np.abs(draws.mean - result.estimate)[result.observable] < 5 * scale[result.observable] + 1e-12
    ).all()


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10**6))
def test_a_wrong_variance_would_be_noticed(seed):
    case = CASES["P7"]
    result = reconcile_linear(case["A"], case["measured"], case["variance"])
    draws = simulate(result, 4000, seed)
    wrong = reconcile_linear(case["A"], case["measured"], np.array(case["variance"]) * 1.4)
    assert draws.agrees
    assert not type(draws)(draws.values, wrong).agrees


def test_flows_and_concentrations_spread_as_first_order_says():
    f, c = np.array([100.0, 30, 70]), np.array([[0.2, 0.5, 5 / 70], [0.1, 0.2, 4 / 70]])
    result = reconcile_bilinear([[1, -1, -1]], [100, np.nan, 70], (0.02 * f) ** 2, c, (0.02 * c) ** 2)
    draws = simulate(result, 1500, seed=1)
    assert draws.agrees
    closed = draws.values[:, 0] - draws.values[:, 1] - draws.values[:, 2]
    assert np.abs(closed).max() < 1e-8


def test_the_flowsheet_of_stan_too():
    sheet = Flowsheet(
        [Process("1"), Process("2")],
        [Stream("F1", "", "1"), Stream("F3", "1", "2"), Stream("F4", "2", "1"), Stream("F5", "2", "")],
        [Reading("F1", 100, 2), Reading("F3", 200, 4), Reading("F5", 101, 2)],
        transfers=[Transfer("F4", 0.5, 0.01)],
    )
    result = sheet.solve()
    drawn = simulate(result, 1500)
    assert drawn.agrees
    (draws,) = drawn.parts
    low, high = draws.interval()
    q = result.flow("F4")
    at = result.assembly.keys[("flow", "goods", "F4", "")]
    assert (high[at] - low[at]) / 2 == pytest.approx(1.96 * q.uncertainty, rel=0.08)


def monthly(**more):
    """Three months of a mill whose clay goes over one weighbridge; the stock links them where it is asked for."""
    months = ("1", "2", "3")
    streams = [Stream("clay", "", "mill"), Stream("body", "mill", ""), Stream("dust", "mill", "")]
    readings = []
    for k, month in enumerate(months):
        readings += [
            Reading("clay", 100 + k, 2.0, period=month, **more),
            Reading("body", 95, 1.5, period=month),
            Reading("dust", 4 + k, 0.5, period=month),
        ]
    return Flowsheet([Process("mill")], streams, readings, periods=months)


@pytest.mark.parametrize(("more", "parts"), [({}, 3), ({"meter": "bridge", "common": 1.5}, 1)])
def test_a_whole_flowsheet_of_several_months_spreads_as_its_result_says(more, parts):
    result = monthly(**more).solve()
    draws = simulate(result, 2500, seed=4)
    assert draws.agrees
    assert len(draws.parts) == parts
    for stream in ("clay", "body", "dust"):
        analytic, drawn = result.total(stream), draws.total(stream)
        assert drawn.value == pytest.approx(analytic.value, abs=5 * analytic.uncertainty / 50)
        assert drawn.standard_uncertainty == pytest.approx(analytic.uncertainty, rel=0.07)
        one = draws.flow(stream, period="2")
        assert one.standard_uncertainty == pytest.approx(
            result.flow(stream, period="2").uncertainty, rel=0.07
        )
    left = [draws.values(("flow", "goods", name, "3")) for name in ("clay", "body", "dust")]
    assert np.abs(left[0] - left[1] - left[2]).max() < 1e-8
    with pytest.raises(ScienceError, match="which period"):
        draws.flow("clay")


def test_what_is_fixed_or_unknown_in_a_flowsheet_does_not_spread():
    sheet = Flowsheet(
        [Process("mill")],
        [Stream("a", "", "mill"), Stream("b", "mill", ""), Stream("c", "mill", ""), Stream("d", "mill", "")],
        [Reading("a", 10, 0), Reading("b", 4, 0.2)],
    )
    draws = simulate(sheet.solve(), 200)
    assert draws.flow("a").standard_uncertainty == 0
    assert draws.flow("b").standard_uncertainty == pytest.approx(0.2, rel=0.2)
    assert draws.flow("c").standard_uncertainty == np.inf


def test_within_bounds_the_spread_is_the_formula_s_until_a_bound_is_near():
    a, v = [[1, -1, -1]], [1.0, 1.0, 1.0]
    far = reconcile_bounded(a, [100, 60, 41], v)
    draws = simulate(far, 4000, seed=2)
    assert draws.agrees
    assert draws.standard_uncertainty == pytest.approx(np.sqrt(far.variance), rel=0.05)
    near = reconcile_bounded(a, [100, 99.9, 0.3], v)
    drawn = simulate(near, 1500, seed=2)
    assert (drawn.values >= -1e-9).all()
    assert np.abs(np.array(a) @ drawn.values.T).max() < 1e-6
    assert not drawn.agrees  # first order does not see the bound
    assert drawn.standard_uncertainty[2] < 0.8 * np.sqrt(near.variance[2])


def test_correlated_readings_are_drawn_together():
    v = np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]])
    result = reconcile_linear([[1, -1, -1]], [10, 6, 4], v)
    assert simulate(result, 6000, seed=2).agrees


def test_what_cannot_be_drawn_is_said():
    result = reconcile_linear([[1, -1]], [1, 1], 1)
    with pytest.raises(ScienceError, match="normal, uniform, triangular"):
        simulate(result, errors="cauchy")
    with pytest.raises(ScienceError, match="no spread"):
        simulate(result, draws=1)
