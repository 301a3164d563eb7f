"""Reconciliation with products, against published answers and a general-purpose optimiser."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sachhon.science.balance import ContradictionError, reconcile_bilinear, reconcile_linear
from sachhon.science.balance.network import Names, read_readings
from sachhon.science.balance.quadratic import System, reconcile
from sachhon.science.uncertainty import ScienceError

CASES = json.loads((Path(__file__).parent.parent / "cases" / "balance" / "nonlinear.json").read_text())
NAN = float("nan")


def system_of(case):
    at = {name: i for i, name in enumerate(case["variables"])}
    rows = case["constraints"]
    linear, constant = np.zeros((len(rows), len(at))), np.zeros(len(rows))
    products = []
    for r, row in enumerate(rows):
        for name, factor in row.get("linear", {}).items():
            linear[r, at[name]] += factor
        products += [(r, at[a], at[b], f) for a, b, f in row.get("products", [])]
        constant[r] = row.get("constant", 0)
    r, i, j, f = (np.array(column) for column in zip(*products, strict=True))
    return System(linear, r, i, j, f.astype(float), constant)


def solve(case, **changes):
    case = case | changes
    names = Names([row["name"] for row in case["constraints"]], case["variables"])
    y = np.array([NAN if m is None else m for m in case["measured"]], dtype=float)
    readings = read_readings(len(y), y, np.array(case["sd"], dtype=float) ** 2, names)
    return reconcile(system_of(case), readings, names).result, case["variables"].index


@pytest.mark.parametrize("name", ["cencic2016", "pai_fisher1988", "swartz1989"])
def test_a_published_problem_has_its_published_answer(name):
    case = CASES[name]
    result, at = solve(case)
    for variable, value in case["reconciled"].items():
        assert result.estimate[at(variable)] == pytest.approx(value, abs=case["digits"]), variable
    for variable, sd in case.get("reconciled_sd", {}).items():
        assert np.sqrt(result.variance[at(variable)]) == pytest.approx(sd, abs=case["digits"]), variable


def test_the_streams_that_stan_cannot_tell_are_told_so_until_their_ratio_is_given():
    case = CASES["cencic2016"]
    result, at = solve(case)
    assert not result.observable[at("F6")]
    assert not result.observable[at("F7")]
    equal = [*case["constraints"], {"name": "equal", "linear": {"F6": 1, "F7": -1}}]
    result, at = solve(case, constraints=equal)
    assert result.estimate[at("F6")] == pytest.approx(case["equal_outflows"]["F6"], abs=1e-6)
    assert np.sqrt(result.variance[at("F6")]) == pytest.approx(case["equal_outflows"]["sd"], abs=1e-6)


def test_two_products_split_as_the_two_product_formula_says():
    feed, concentrate, tail = 2.09, 20.0, 0.1
    result = reconcile_bilinear(
        [[1, -1, -1]], [1000, NAN, NAN], [25, 1, 1], [[feed, concentrate, tail]], [[0.01, 0.25, 1e-4]]
    )
    assert result.flow[1] == pytest.approx(1000 * (feed - tail) / (concentrate - tail), rel=1e-12)
    assert result.dof == 0
    # first-order propagation of the formula, by hand
    split = (feed - tail) / (concentrate - tail)
    slopes = [split, 1000 / (concentrate - tail), -1000 * split / (concentrate - tail)]
    slopes.append(-1000 / (concentrate - tail) + 1000 * split / (concentrate - tail))
    by_hand = np.dot(np.square(slopes), [25, 0.01, 0.25, 1e-4])
    assert result.flow_variance[1] == pytest.approx(by_hand, rel=1e-9)


def plant(seed):
    """Readings round true values of a small plant with a recycle: 3 nodes, 6 streams, 1 to 3 components."""
    random = np.random.default_rng(seed)
    a = np.array([[1, -1, 0, 0, 0, 1], [0, 1, -1, -1, 0, 0], [0, 0, 0, 1, -1, -1]], dtype=float)
    f = np.array([100, 0, random.uniform(20, 60), 0, 0, random.uniform(10, 40)])
    f[1] = f[0] + f[5]
    f[3] = f[1] - f[2]
    f[4] = f[3] - f[5]
    kinds = int(random.integers(1, 4))
    c = np.zeros((kinds, 6))
    for row in c:
        row[0] = random.uniform(0.05, 0.2)
        share, back = random.uniform(0.3, 0.7), random.uniform(0.2, 0.6)
        entering = f[0] * row[0] / (1 - (1 - share) * back)  # carried by stream 1, with what comes round
        carried = np.array([f[0] * row[0], entering, share * entering, (1 - share) * entering, 0, 0])
        carried[5] = back * carried[3]
        carried[4] = carried[3] - carried[5]
        row[:] = carried / f
    assert np.abs(a @ f).max() < 1e-9
    assert np.abs(a @ (f * c).T).max() < 1e-9
    vf, vc = (0.03 * f) ** 2, (0.05 * c) ** 2
    yf, yc = random.normal(f, np.sqrt(vf)), random.normal(c, np.sqrt(vc))
    yf[random.random(6) < 0.3] = NAN
    yc[random.random(c.shape) < 0.1] = NAN
    yf[0] = f[0]
    return a, yf, vf, yc, vc


@settings(deadline=None, max_examples=40)
@example(73)  # a recycle whose flow and content nobody measures fits the better the larger it is
@example(101482)  # two answers far apart: no recycle, and one as large as the feed
@example(104400)  # the same, where readings that disagree make the steps swing
@example(52523)  # a measured recycle whose sources are held at nothing for a while
@example(21629)  # such a recycle, small at first, doubles on the way
@given(st.integers(0, 10**6))
def test_the_answer_is_that_of_a_general_optimiser_and_every_balance_closes(seed):
    from scipy.optimize import minimize

    a, yf, vf, yc, vc = plant(seed)
    result = reconcile_bilinear(a, yf, vf, yc, vc)
    assert np.abs(a @ result.flow).max() < 1e-9 * np.abs(result.flow).max()
    assert np.abs(a @ result.component_flow.T).max() < 1e-9 * np.abs(result.component_flow).max()
    assert np.isfinite(result.variables.estimate).all()
    assert not np.isnan(result.variables.variance).any()
    kinds = len(yc)
    y, sd = np.append(yf, yc), np.sqrt(np.append(vf, vc))
    unit = np.where(np.isnan(y), sd * 20, np.abs(y))
    known = ~np.isnan(y)

    def part(x):
        return x[:6], x[6:].reshape(kinds, 6)

    def chi2(z):
        return np.square((z * unit - y)[known] / sd[known]).sum()

    def gaps(z):
        f, c = part(z * unit)
        return np.append(a @ f / 100, a @ (f * c).T / 10)

    # from our own answer: nothing better may be found near it, with nothing below zero
    bounds = [(0, None) if seen else (None, None) for seen in result.variables.observable]
    start = result.variables.estimate / unit
    found = minimize(
        chi2, start, constraints={"type": "eq", "fun": gaps}, method="SLSQP", bounds=bounds,
        options={"ftol": 1e-12, "maxiter": 300},
    )  # fmt: skip
    assert chi2(start) == pytest.approx(result.chi2, rel=1e-6, abs=1e-9)
    if (
        found.success
        and np.abs(gaps(found.x)).max() < 1e-9
        and result.chi2 > found.fun + 1e-6 * (1 + found.fun)
    ):
        # only where it told that an ever larger flow or content fits better, and how much better at the most
        assert result.endless
        assert found.fun >= min(one.chi2[1] for one in result.endless) - 1e-6


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_order_and_units_do_not_matter(seed):
    a, yf, vf, yc, vc = plant(seed)
    plain = reconcile_bilinear(a, yf, vf, yc, vc)
    order = np.random.default_rng(seed).permutation(6)
    mixed = reconcile_bilinear(a[:, order], yf[order], vf[order], yc[:, order], vc[:, order])
    seen = plain.flow_observable
    assert (mixed.flow_observable == seen[order]).all()
    assert mixed.flow[seen[order]] == pytest.approx(plain.flow[order][seen[order]], rel=1e-6)
    # grams and parts per million
    other = reconcile_bilinear(a, yf * 1e6, vf * 1e12, yc * 1e6, vc * 1e12)
    assert other.chi2 == pytest.approx(plain.chi2, rel=1e-6, abs=1e-8)
    assert other.flow[seen] == pytest.approx(plain.flow[seen] * 1e6, rel=1e-6)
    assert other.flow_variance[seen] == pytest.approx(plain.flow_variance[seen] * 1e12, rel=1e-5, abs=1e-3)


def test_a_small_recycle_that_nobody_measures_is_found_in_a_few_steps():
    result = reconcile_bilinear(*plant(21629))
    assert result.steps < 30
    assert result.flow[5] > 20
    assert result.flow_observable.all()


def test_with_concentrations_that_tell_nothing_flows_are_those_of_the_linear_problem():
    a, yf, vf, yc, _ = plant(7)
    even = np.full_like(yc, 0.2)
    result = reconcile_bilinear(a, yf, vf, even, np.zeros_like(even))
    linear = reconcile_linear(a, yf, vf)
    assert result.flow == pytest.approx(linear.estimate, rel=1e-9)
    assert result.flow_variance == pytest.approx(linear.variance, rel=1e-8, abs=1e-12)
    assert result.chi2 == pytest.approx(linear.chi2, rel=1e-9)


def test_components_that_are_all_there_is_add_up_to_the_whole():
    # Basic Concepts in Data Reconciliation (NCSU and Ottawa 2003), table 4.1: a column with a meter far off
    result = reconcile_bilinear(
        [[1, -1, -1]],
        [1095.475, 478.402, 488.232],
        np.square([4.8, 3.9, 4.4]),
        [[0.4822, 0.9410, 0.0197], [0.5170, 0.0501, 0.9748]],
        np.square([[0.0048, 0.0094, 0.0002], [0.0052, 0.0005, 0.0097]]),
        whole=1.0,
        streams=["feed", "distillate", "bottom"],
    )
    assert result.concentration.sum(axis=0) == pytest.approx(np.ones(3), abs=1e-12)
    assert result.dof == 5  # three sums and two components: the total follows
    assert result.p_value < 1e-9
    assert result.name(result.suspects[0]) == "the flow of feed"
    assert np.isfinite(result.component_flow_variance).all()


def test_an_unobservable_concentration_is_told_and_never_nan():
    result = reconcile_bilinear(
        [[1, -1, -1]], [10, 6, NAN], [0.01, 0.01, 1], [[0.3, NAN, NAN]], [[1e-4, 1, 1]]
    )
    assert result.flow_observable.all()
    assert result.concentration_observable.tolist() == [[True, False, False]]
    assert np.isposinf(result.component_flow_variance[0, 1])
    assert np.isfinite(result.concentration).all()


def test_fixed_values_against_each_other_are_named():
    with pytest.raises(ContradictionError, match="mill"):
        reconcile_bilinear([[1, -1]], [3, 1], 0, [[0.1, 0.1]], 1e-6, nodes=["mill"])
    with pytest.raises(ContradictionError, match=r"mill \(sugar\)"):
        reconcile_bilinear([[1, -1]], [3, 3], 0, [[0.1, 0.2]], 0, nodes=["mill"], components=["sugar"])


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ScienceError, match="streams"):
        reconcile_bilinear([[1, -1]], [3, 3], 1, [[0.1, 0.2, 0.3]], 1)
    with pytest.raises(ScienceError, match="component names"):
        reconcile_bilinear([[1, -1]], [3, 3], 1, [[0.1, 0.2]], 1, components=["a", "b"])


def test_a_content_that_would_be_negative_is_held_at_zero_and_named():
    # 2 kg of lead a tonne go in, 2.4 come out with the concentrate alone
    given = {
        "flow": [100, 10, NAN],
        "flow_variance": [0.01, 0.01, 0],
        "concentration": [[2.0, 24.0, NAN]],
        "concentration_variance": [[0.09, 1.0, 0]],
        "streams": ["ore", "concentrate", "tailings"],
        "components": ["lead"],
    }
    result = reconcile_bilinear([[1, -1, -1]], **given)
    assert result.unbounded.estimate[5] == pytest.approx(-40 / 90)
    assert [str(bound) for bound in result.active] == ["lead in tailings is held at its lower bound 0"]
    assert result.concentration[0, 2] == 0
    assert result.component_flow[0, 0] == pytest.approx(result.component_flow[0, 1])
    # by hand, with flows as good as certain: 100 a = 10 b, a = 2 ± 0.3, b = 24 ± 1; χ² = 0.4²/(0.3² + 0.1²)
    lead = (2 / 0.09 + 2.4 / 0.01) / (1 / 0.09 + 1 / 0.01)
    assert result.concentration[0, 0] == pytest.approx(lead, rel=1e-3)
    assert (result.dof, round(result.p_value, 2)) == (1, 0.21)
    assert result.active[0].multiplier > 0
    free = reconcile_bilinear([[1, -1, -1]], **given, concentration_bounds=(-np.inf, np.inf))
    assert free.active == ()
    assert (free.dof, free.p_value) == (0, 1.0)


def test_bounds_above_and_of_flows_hold_too():
    result = reconcile_bilinear(
        [[1, -1, -1]],
        [100, 60, 40],
        [1, 1, 1],
        [[0.5, 0.8, 0.05]],
        1e-6,
        flow_bounds=(0, [np.inf, 55, np.inf]),
    )
    assert [(bound.name, bound.side) for bound in result.active] == [("the flow of stream 1", "upper")]
    assert result.flow[1] == 55
    assert result.p_value < result.unbounded.p_value
    with pytest.raises(ScienceError, match="lower bound 2 is above upper bound 1"):
        reconcile_bilinear([[1, -1]], [1, 1], 1, [[0.1, 0.1]], 1, flow_bounds=(2, 1))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_no_optimiser_finds_better_values_within_bounds_that_bind(seed):
    from scipy.optimize import minimize

    random = np.random.default_rng(seed)
    a = np.array([[1, -1, -1, 0, 0], [0, 1, 0, -1, -1]], dtype=float)
    yf, yc = random.normal([10, 6, 4, 5.8, 0.2], 0.5), random.normal([0.3, 0.45, 0.05, 0.46, 0.1], 0.1)
    result = reconcile_bilinear(a, yf, 0.25, [yc], 0.01)
    y, sd = np.append(yf, yc), np.repeat([0.5, 0.1], 5)
    assert result.variables.estimate.min() >= -1e-9

    def chi2(x):
        return np.square((x - y) / sd).sum()

    def gaps(x):
        return np.append(a @ x[:5], a @ (x[:5] * x[5:]))

    found = minimize(
        chi2, result.variables.estimate, bounds=[(0, None)] * 10, method="SLSQP",
        constraints={"type": "eq", "fun": gaps}, options={"ftol": 1e-13, "maxiter": 500},
    )  # fmt: skip
    assert result.chi2 == pytest.approx(chi2(result.variables.estimate), rel=1e-6, abs=1e-9)
    if found.success and np.abs(gaps(found.x)).max() < 1e-9 and result.variables.estimate[:5].min() > 1e-6:
        # where a flow is nothing its content is arbitrary, and a better point may lie elsewhere
        assert result.chi2 <= found.fun + 1e-6 * (1 + found.fun)
