"""Data envelopment analysis, against published efficiencies, slacks and peers and one linear programme a unit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from sachhon.science.benchmark import dea
from sachhon.science.benchmark.bootstrap import bandwidth
from sachhon.science.uncertainty import ScienceError

CASE_FILES = Path(__file__).parent.parent / "cases" / "benchmark"
CASES = json.loads((CASE_FILES / "dea.json").read_text())


@pytest.mark.parametrize("returns", ["crs", "vrs"])
def test_eleven_units_have_their_published_efficiency(returns):
    case = CASES["eleven"]
    table = np.array(case["rows"], dtype=float)
    result = dea(table[:, : case["n_inputs"]], table[:, case["n_inputs"] :], returns)
    assert result.efficiency == pytest.approx(np.array(case[returns]), abs=6e-9)


@pytest.mark.parametrize(
    ("name", "returns", "digits"),
    [("eleven_two_inputs", "crs", 9), ("eleven_two_inputs", "vrs", 9), ("deap", "crs", 3)],
)
def test_published_efficiencies_slacks_and_peers(name, returns, digits):
    case, half = CASES[name], 0.51 * 10**-digits
    result = dea(case["inputs"], case["outputs"], returns)
    answer = case[returns]
    assert result.efficiency == pytest.approx(np.array(answer["efficiency"]), abs=half)
    slacks = np.zeros(result.slacks.shape)
    for unit, values in answer["slacks"].items():
        slacks[int(unit)] = values
    assert result.slacks == pytest.approx(slacks, abs=half)
    for found, printed in zip(result.peers, answer["peers"], strict=True):
        if printed is not None:
            assert found == pytest.approx({int(j): weight for j, weight in printed.items()}, abs=half)
    if "input_targets" in answer:
        assert result.targets[0] == pytest.approx(np.array(answer["input_targets"]), abs=half)


def test_twelve_hospitals_of_the_textbook():
    case = CASES["hospitals"]
    result = dea(case["inputs"], case["outputs"])
    assert result.efficiency == pytest.approx(np.array(case["crs"]["efficiency"]), abs=0.0005)


@pytest.mark.parametrize("returns", ["crs", "vrs"])
def test_seventy_sites_of_program_follow_through(returns):
    lines = (CASE_FILES / "charnes1981.csv").read_text().splitlines()
    table = np.array([line.split(",") for line in lines if line[0] not in "#x"], dtype=float)
    case = CASES["follow_through"]
    result = dea(table[:, :5], table[:, 5:], returns)
    beyond = np.array([np.inf if value is None else value for value in case[f"super_{returns}"]])
    assert result.super_efficiency() == pytest.approx(beyond, rel=1e-9)
    assert result.efficiency == pytest.approx(np.minimum(beyond, 1), rel=1e-9)
    if returns == "vrs":
        for site, slacks in case["slacks_vrs"].items():
            assert result.slacks[int(site)] == pytest.approx(np.array(slacks), abs=1e-6)


def test_super_efficiency_tells_the_efficient_apart():
    case = CASES["super_efficiency"]
    result = dea(case["inputs"], case["outputs"])
    assert result.super_efficiency() == pytest.approx(np.array(case["answer"]), abs=0.005)
    assert result.efficient.tolist() == [False, True, True, True, False]  # the first has slack
    # under variable returns nobody else reaches the output of the largest
    assert np.isinf(dea([1, 2], [1, 5], "vrs").super_efficiency()[1])


def test_bandwidth_of_the_bootstrap_is_the_published_one():
    case = CASES["bandwidth"]
    assert bandwidth(np.array(case["distance"])) == pytest.approx(case["answer"], abs=6e-8)
    efficiency = dea(case["inputs"], case["outputs"], "vrs").efficiency
    assert efficiency == pytest.approx(np.array(case["vrs_input_efficiency"]))


def test_the_bootstrap_comes_nearer_to_a_frontier_that_is_known():
    # x = y^1.5 is the true frontier; the sample's own lies above it, so efficiency as seen is too high
    seen_error, corrected_error, covered = [], [], []
    for seed in range(6):
        random = np.random.default_rng(seed)
        excess, y = np.exp(np.abs(random.normal(0, 0.35, 60))), random.uniform(1, 5, 60)
        result = dea(y**1.5 * excess, y, "vrs")
        corrected = result.bootstrap(seed=seed, count=200)
        true = 1 / excess
        assert (corrected.efficiency <= result.efficiency + 1e-12).all()
        assert (corrected.efficiency > 0).all()
        assert (corrected.low <= corrected.high).all()
        assert (corrected.low > 0).all()
        seen_error.append(np.abs(result.efficiency - true).mean())
        corrected_error.append(np.abs(corrected.efficiency - true).mean())
        covered.append(((corrected.low <= true) & (true <= corrected.high)).mean())
    assert np.mean(corrected_error) < 0.8 * np.mean(seen_error)
    assert 0.7 < np.mean(covered) < 0.99
    again = result.bootstrap(seed=5, count=200)
    assert again.efficiency.tolist() == corrected.efficiency.tolist()


def two_programmes(x, y, unit, variable):
    """θ and the largest sum of slacks, one unit at a time."""
    n, m, s = len(x), x.shape[1], y.shape[1]
    # Sharper than its 1e-7, which adds up over the slacks of a unit to more than what is compared.
    exact = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    found = linprog(
        [1.0] + [0.0] * n,
        A_ub=np.block([[-x[[unit]].T, x.T], [np.zeros((s, 1)), -y.T]]),
        b_ub=np.concatenate([np.zeros(m), -y[unit]]),
        A_eq=[[0.0] + [1.0] * n] if variable else None,
        b_eq=[1.0] if variable else None,
        options=exact,
    )
    balance = np.block([[x.T, np.eye(m), np.zeros((m, s))], [y.T, np.zeros((s, m)), -np.eye(s)]])
    right = np.concatenate([found.fun * x[unit] * (1 + 1e-12), y[unit]])
    if variable:
        balance = np.vstack([balance, np.concatenate([np.ones(n), np.zeros(m + s)])])
        right = np.append(right, 1.0)
    second = linprog(np.concatenate([np.zeros(n), -np.ones(m + s)]), A_eq=balance, b_eq=right, options=exact)
    assert second.status == 0
    return found.fun, -second.fun


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(["crs", "vrs"]), st.booleans())
def test_each_unit_has_the_answer_of_its_own_programmes_and_its_peers_add_up(seed, returns, whole):
    random = np.random.default_rng(seed)
    n, m, s = int(random.integers(1, 25)), int(random.integers(1, 4)), int(random.integers(1, 3))
    # whole numbers: ties, twins and degenerate corners
    draw = (lambda size: random.integers(1, 5, size).astype(float)) if whole else None
    x, y = (draw((n, k)) if draw else random.uniform(1, 10, (n, k)) for k in (m, s))
    result = dea(x, y, returns)
    for unit in range(n):
        theta, slack = two_programmes(x, y, unit, returns == "vrs")
        assert result.efficiency[unit] == pytest.approx(theta, abs=1e-7)
        assert result.slacks[unit].sum() == pytest.approx(slack, abs=2e-6)
        weights = result.peers[unit]
        at, share = list(weights), np.array(list(weights.values()))
        assert share @ x[at] + result.input_slacks[unit] == pytest.approx(theta * x[unit], abs=1e-6)
        assert share @ y[at] - result.output_slacks[unit] == pytest.approx(y[unit], abs=1e-6)
        assert result.efficiency[at] == pytest.approx(1)
        if returns == "vrs":
            assert share.sum() == pytest.approx(1, abs=1e-7)
    in_kg = dea(x * 1000, y / 7, returns)
    assert in_kg.efficiency == pytest.approx(result.efficiency, abs=1e-8)
    order = random.permutation(n)
    assert dea(x[order], y[order], returns).efficiency == pytest.approx(result.efficiency[order], abs=1e-8)
    assert (result.super_efficiency() >= result.efficiency - 1e-8).all()


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_variable_returns_are_kinder_and_one_more_unit_never_helps(seed):
    random = np.random.default_rng(seed)
    x, y = random.uniform(1, 10, (15, 2)), random.uniform(1, 10, (15, 2))
    constant, variable = dea(x, y, "crs").efficiency, dea(x, y, "vrs").efficiency
    assert (variable >= constant - 1e-9).all()
    assert (dea(x[:-1], y[:-1]).efficiency >= constant[:-1] - 1e-9).all()


def test_a_unit_at_the_corner_of_the_frontier_shows_its_slack():
    # B uses as little of the first input as A and more of the second: θ = 1, yet not efficient
    result = dea([[1, 2], [1, 3], [2, 1]], [1, 1, 1])
    assert result.efficiency == pytest.approx(np.ones(3))
    assert result.slacks[1] == pytest.approx(np.array([0, 1, 0]))
    assert result.efficient.tolist() == [True, False, True]
    assert result.peers[1] == {0: pytest.approx(1)}
    assert result.saving[1] == pytest.approx(np.array([0, 1]))


def test_what_cannot_be_compared_is_named():
    with pytest.raises(ScienceError, match="unit 1 has an input that is negative"):
        dea([1, -2], [1, 1])
    with pytest.raises(ScienceError, match="unit 0 has an output that is not a number"):
        dea([1, 2], [np.nan, 1])
    with pytest.raises(ScienceError, match="unit 1 has no input above zero"):
        dea([[1, 1], [0, 0]], [1, 1])
    with pytest.raises(ScienceError, match="input 1 is zero for every unit"):
        dea([[1, 0], [2, 0]], [1, 1])
    with pytest.raises(ScienceError, match="one row a unit"):
        dea([1, 2], [1, 1, 1])
    with pytest.raises(ScienceError, match="crs or vrs"):
        dea([1, 2], [1, 1], "drs")  # type: ignore[arg-type]
    with pytest.raises(ScienceError, match="fewer than five units"):
        dea([1, 2, 3], [1, 1, 1]).bootstrap(seed=1)
    assert "2 units for 2 inputs and outputs: too few" in dea([1, 2], [1, 1]).warnings("en")[0]
    assert "2 đơn vị cho 2 đầu vào và đầu ra: quá ít" in dea([1, 2], [1, 1]).warnings()[0]
    assert dea([1, 2, 3, 4, 5, 6], [1] * 6).warnings() == ()


def test_many_units_with_ties_have_the_slacks_that_each_has_alone():
    random = np.random.default_rng(2)
    x, y = random.integers(1, 6, (300, 3)).astype(float), random.integers(1, 6, (300, 2)).astype(float)
    result = dea(x, y, "vrs")
    for unit in range(0, 300, 15):
        theta, slack = two_programmes(x, y, unit, True)
        assert result.efficiency[unit] == pytest.approx(theta, abs=1e-7)
        assert result.slacks[unit].sum() == pytest.approx(slack, abs=2e-6)
