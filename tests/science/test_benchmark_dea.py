"""Data envelopment analysis, against published efficiencies and one linear programme a unit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from sachhon.science.benchmark import dea
from sachhon.science.uncertainty import ScienceError

CASE = json.loads((Path(__file__).parent.parent / "cases" / "benchmark" / "dea.json").read_text())["eleven"]


@pytest.mark.parametrize("returns", ["crs", "vrs"])
def test_eleven_units_have_their_published_efficiency(returns):
    table = np.array(CASE["rows"], dtype=float)
    result = dea(table[:, : CASE["n_inputs"]], table[:, CASE["n_inputs"] :], returns)
    assert result.efficiency == pytest.approx(np.array(CASE[returns]), abs=6e-9)


def one_programme(x, y, unit, variable):
    n, m = x.shape
    found = linprog(
        [1.0] + [0.0] * n,
        A_ub=np.block([[-x[[unit]].T, x.T], [np.zeros((y.shape[1], 1)), -y.T]]),
        b_ub=np.concatenate([np.zeros(m), -y[unit]]),
        A_eq=[[0.0] + [1.0] * n] if variable else None,
        b_eq=[1.0] if variable else None,
    )
    return found.fun


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(["crs", "vrs"]))
def test_each_unit_has_the_efficiency_of_its_own_programme_and_its_peers_add_up(seed, returns):
    random = np.random.default_rng(seed)
    n, m, s = int(random.integers(1, 25)), int(random.integers(1, 4)), int(random.integers(1, 3))
    x, y = random.uniform(1, 10, (n, m)), random.uniform(1, 10, (n, s))
    result = dea(x, y, returns)
    for unit in range(n):
        assert result.efficiency[unit] == pytest.approx(one_programme(x, y, unit, returns == "vrs"), abs=1e-7)
        weights = result.peers[unit]
        at = list(weights)
        share = np.array(list(weights.values()))
        assert share @ x[at] + result.slacks[unit, :m] == pytest.approx(
            result.efficiency[unit] * x[unit], abs=1e-5
        )
        assert share @ y[at] - result.slacks[unit, m:] == pytest.approx(y[unit], abs=1e-5)
        if returns == "vrs":
            assert share.sum() == pytest.approx(1, abs=1e-7)
    in_kg = dea(x * 1000, y / 7, returns)
    assert in_kg.efficiency == pytest.approx(result.efficiency, abs=1e-8)


def test_a_unit_at_the_corner_of_the_frontier_shows_its_slack():
    # B uses as little of the first input as A and more of the second: θ = 1, yet not efficient
    result = dea([[1, 2], [1, 3], [2, 1]], [1, 1, 1])
    assert result.efficiency == pytest.approx(np.ones(3))
    assert result.slacks[1] == pytest.approx(np.array([0, 1, 0]))
    assert result.efficient.tolist() == [True, False, True]
    assert result.peers[1] == {0: pytest.approx(1)}


def test_a_unit_without_a_usable_figure_is_named():
    with pytest.raises(ScienceError, match="unit 1 has an input"):
        dea([1, -2], [1, 1])
    with pytest.raises(ScienceError, match="one row a unit"):
        dea([1, 2], [1, 1, 1])
