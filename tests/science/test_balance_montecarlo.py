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
    reconcile_linear,
    simulate,
)
from sachhon.science.balance.montecarlo import simulate_all
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
    (draws,) = simulate_all(result.solutions, 1500)
    assert draws.agrees
    low, high = draws.interval()
    q = result.flow("F4")
    at = result.assembly.keys[("flow", "goods", "F4", "")]
    assert (high[at] - low[at]) / 2 == pytest.approx(1.96 * q.uncertainty, rel=0.08)


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
