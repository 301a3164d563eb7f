"""Reconciliation within bounds, against trying every set of active bounds."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, nnls

from sachhon.science.balance import ContradictionError, reconcile_bounded, reconcile_linear
from sachhon.science.uncertainty import ScienceError

NAN = float("nan")


def problem(seed, correlated=False, unmeasured=True):
    """Small flows next to large uncertainties, so that bounds bind."""
    random = np.random.default_rng(seed)
    nodes, streams = int(random.integers(1, 4)), int(random.integers(3, 7))
    a = np.zeros((nodes, streams))
    for j in range(streams):
        p, q = random.integers(0, nodes + 1, 2)
        if p < nodes:
            a[p, j] += 1
        if q < nodes:
            a[q, j] -= 1
    y = random.normal(1, 3, streams)
    if unmeasured:
        y[random.random(streams) < 0.25] = NAN
    v = np.diag(random.uniform(0.2, 4, streams))
    if correlated:
        mix = random.normal(size=(streams, streams)) * 0.3 + np.eye(streams)
        v = mix @ v @ mix.T
    return a, y, v


def best_of_all_active_sets(a, y, v):
    """Least χ² over every choice of streams held at zero: dense, slow and of another kind.

    In units u of the errors, x = y + V^½ u, so that covariances near singular cost the oracle no digits.
    """
    known = ~np.isnan(y)
    value, vector = np.linalg.eigh(v[np.ix_(known, known)])
    root = vector * np.sqrt(value)
    m = len(y)
    best = (np.inf, None)
    for size in range(m + 1):
        for held in combinations(range(m), size):
            rows = np.vstack([a, np.eye(m)[list(held)]]) if held else a
            left, z = rows[:, known] @ root, rows[:, ~known]
            u, s, _ = np.linalg.svd(z) if z.size else (np.eye(len(rows)), np.zeros(0), None)
            blind = u[:, np.count_nonzero(s > 1e-10) :].T  # combinations without unmeasured streams
            reduced = blind @ left
            reduced[np.abs(reduced) < 1e-12] = 0
            off = np.linalg.pinv(reduced, rcond=1e-13) @ -(blind @ rows[:, known] @ y[known])
            x = np.empty(m)
            x[known] = y[known] + root @ off
            x[~known] = np.linalg.pinv(z, rcond=1e-12) @ -(rows[:, known] @ x[known])
            if np.abs(rows @ x).max(initial=0) > 1e-8 or x.min() < -1e-8:
                continue
            if off @ off < best[0] - 1e-10:
                best = off @ off, x
    return best


def check(a, y, v, correlated):
    result = reconcile_bounded(a, y, v if correlated else v.diagonal())
    size = np.maximum(np.abs(result.estimate), 1)
    assert (result.estimate >= -1e-9 * size).all()
    assert np.abs(a @ result.estimate).max() < 1e-9 * size.max()
    known = ~np.isnan(y)
    off = (result.estimate - y)[known]
    assert result.chi2 == pytest.approx(
        off @ np.linalg.solve(v[np.ix_(known, known)], off), rel=1e-6, abs=1e-7
    )
    chi2, x = best_of_all_active_sets(a, y, v)
    assert result.chi2 == pytest.approx(chi2, rel=1e-6, abs=1e-7)
    seen = reconcile_linear(a, y, v if correlated else v.diagonal()).observable
    assert result.estimate[seen] == pytest.approx(x[seen], abs=1e-5)
    for bound in result.active:
        assert result.estimate[bound.stream] == 0
        assert bound.multiplier >= 0
    return result


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.booleans())
@example(
    965876, True
)  # the flow-sheet alone holds one stream at zero, and three more with it once one of them is
@example(
    475993, True
)  # an outlet of a node that nothing enters: no room between the bounds for an interior point
def test_no_set_of_active_bounds_does_better(seed, correlated):
    check(*problem(seed, correlated), correlated)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_what_is_observable_within_bounds_is_what_has_one_value_there(seed):
    """Against the least and the greatest flow that fit the balances, the bounds and the measured streams' estimates."""
    a, y, v = problem(seed)
    y[np.random.default_rng(seed + 1).random(len(y)) < 0.4] = NAN
    result = check(a, y, v, False)
    known = ~np.isnan(y)
    given_here = [(x, x) if at else (0, None) for x, at in zip(result.estimate, known, strict=True)]
    for k in np.flatnonzero(~known):
        aim = np.eye(len(y))[k]
        least, most = (linprog(s * aim, A_eq=a, b_eq=np.zeros(len(a)), bounds=given_here) for s in (1, -1))
        one = least.status == most.status == 0 and -most.fun - least.fun < 1e-6
        assert result.observable[k] == one
        assert np.isfinite(result.variance[k]) == one
    assert {bound.stream for bound in result.active} <= set(np.flatnonzero(result.observable))


def test_bounds_say_nothing_of_flows_that_nothing_determines():
    """An inflow and an outflow that nobody measures: one of them at zero would be chance."""
    found = reconcile_bounded([[1, -1, -1, -1]], [NAN, NAN, 1, 260], [1, 1, 0.0144, 28.09])
    assert found.active == ()
    assert found.observable.tolist() == [False, False, True, True]
    assert np.isinf(found.variance[:2]).all()
    assert (found.chi2, found.dof, found.p_value) == (0, 0, 1)


def test_outlets_of_a_node_that_nothing_enters_are_known_to_be_empty():
    found = reconcile_bounded([[-1, -1, 0], [0, 0, 1]], [NAN, NAN, NAN], 1.0)
    assert found.estimate.tolist() == [0, 0, 0]
    assert found.observable.all()
    assert not found.variance.any()
    assert {bound.stream for bound in found.active} == {0, 1}
    assert {bound.multiplier for bound in found.active} == {0}
    # and measured, their readings speak against that with the degrees of freedom there are
    found = reconcile_bounded([[-1, -1]], [1, -3], 1.0)
    assert (found.estimate == 0).all()
    assert (found.chi2, found.dof) == (pytest.approx(10), 2)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
@example(2143)
@example(3458)  # here an interior point takes a bound for met that is not
def test_upper_bounds_are_found_as_exactly(seed):
    """By the conditions of Karush, Kuhn and Tucker: some multipliers of the right signs close the gradient."""
    a, y, v = problem(seed, correlated=True)
    random = np.random.default_rng(seed + 10**7)
    m = len(y)
    high = np.where(random.random(m) < 0.5, random.uniform(0, 4, m), np.inf)
    low = np.where(random.random(m) < 0.2, -np.inf, 0.0)
    x = reconcile_bounded(a, y, v, lower=low, upper=high).estimate
    assert ((x >= low - 1e-9) & (x <= high + 1e-9)).all()
    assert np.abs(a @ x).max() < 1e-9 * max(1, np.abs(x).max())
    known = ~np.isnan(y)
    value, vector = np.linalg.eigh(v[np.ix_(known, known)])
    root = vector * np.sqrt(value)
    pulls = np.hstack([a.T, -a.T, -np.eye(m)[:, x - low <= 1e-8], np.eye(m)[:, high - x <= 1e-8]])
    off = np.linalg.solve(root, (x - y)[known])
    right = np.concatenate([-off, np.zeros(m - known.sum())])
    assert nnls(np.vstack([root.T @ pulls[known], pulls[~known]]), right)[1] < 1e-6 * max(
        1, np.linalg.norm(off)
    )


@pytest.mark.parametrize("streams", [40, 400])
def test_a_corner_met_by_more_bounds_than_are_needed_comes_to_an_end(streams):
    """Many streams out of one node that nothing enters, each read above zero: every set but the whole is as good."""
    y = np.linspace(1, 2, streams)
    found = reconcile_bounded(-np.ones((1, streams)), y, 1.0)
    assert not found.estimate.any()
    assert found.chi2 == pytest.approx((y**2).sum())


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_where_no_bound_binds_the_result_is_the_linear_one(seed):
    a, y, v = problem(seed, unmeasured=False)
    linear = reconcile_linear(a, y, v.diagonal())
    result = reconcile_bounded(a, y, v.diagonal(), lower=linear.estimate.min() - 1)
    assert result.active == ()
    assert (result.estimate == linear.estimate).all()
    assert (result.variance == linear.variance).all()
    assert result.chi2 == linear.chi2


def test_the_active_bound_is_named_with_what_it_costs():
    a = [[1, -1, -1, 0], [0, 1, 0, -1]]
    streams = ["raw", "product", "waste", "sent"]
    result = reconcile_bounded(a, [100, 103, NAN, 102], 1.0, streams=streams)
    assert [str(bound) for bound in result.active] == ["waste is held at its lower bound 0"]
    assert result.estimate == pytest.approx([305 / 3, 305 / 3, 0, 305 / 3])
    # μ is the slope of χ²/2 along the bound
    step = 1e-4
    moved = reconcile_bounded(a, [100, 103, NAN, 102], 1.0, lower=[0, 0, -step, 0], streams=streams)
    assert (result.chi2 - moved.chi2) / 2 / step == pytest.approx(result.active[0].multiplier, rel=1e-3)
    assert result.unbounded.estimate[2] == pytest.approx(-2.5)


def test_an_upper_bound_holds_too():
    result = reconcile_bounded([[1, -1, -1]], [10, 7, 1], [1, 1, 1], upper=[np.inf, 6.5, np.inf])
    assert result.estimate[1] == pytest.approx(6.5)
    assert result.active[0].side == "upper"


def test_a_large_network_with_bounds_is_solved():
    random = np.random.default_rng(0)
    n = 3000
    from scipy.sparse import diags_array, hstack

    chain = diags_array([np.ones(n), -np.ones(n - 1)], offsets=[0, 1], shape=(n, n))
    drains = diags_array([-np.ones(n)], offsets=[0])
    a = hstack([chain, drains]).tocsc()
    drained = np.maximum(random.normal(0.0, 1.0, n), 0)
    flow = np.concatenate([10 + np.cumsum(drained[::-1])[::-1], drained])
    a = a[:-1]
    y = random.normal(flow, 0.5)
    result = reconcile_bounded(a, y, 0.25)
    assert result.estimate.min() > -1e-8
    assert np.abs(a @ result.estimate).max() < 1e-7
    assert len(result.active) > 100
    assert result.chi2 >= result.unbounded.chi2


def test_bounds_that_cannot_be_kept_are_named():
    with pytest.raises(ContradictionError, match=r"bounds of waste balance mill"):
        reconcile_bounded(
            [[1, -1, -1]], [100, 103, NAN], [0, 0, 1], nodes=["mill"], streams=["raw", "product", "waste"]
        )
    with pytest.raises(ContradictionError, match="raw is fixed at -1"):
        reconcile_bounded([[1, -1]], [-1, 3], [0, 1], streams=["raw", "product"])
    with pytest.raises(ScienceError, match="above upper bound"):
        reconcile_bounded([[1, -1]], [1, 3], [1, 1], lower=2, upper=1)


def test_the_p_value_given_what_is_held_is_as_often_small_as_it_says():
    # a stream that carries nothing: in half of all draws it is held at its bound
    random = np.random.default_rng(5)
    draws = random.normal([10, 6, 4, 0], 1.0, (1500, 4))
    found = [reconcile_bounded([[1, -1, -1, -1]], y, 1.0) for y in draws]
    held = np.array([bool(result.active) for result in found])
    p = np.array([result.p_value for result in found])
    assert 0.4 < held.mean() < 0.6
    assert {result.dof for result, at in zip(found, held, strict=True) if at} == {2}
    for some in (held, ~held):
        for level in (0.05, 0.3):
            assert (p[some] < level).mean() == pytest.approx(level, abs=4 * np.sqrt(level / some.sum()))


@pytest.mark.parametrize("seed", range(40))
def test_networks_with_much_unmeasured_are_answered(seed):
    """Most of a plant is not measured. With too light a pull on what nothing determines, one in fifty had no answer."""
    random = np.random.default_rng(seed)
    y = 10 ** random.uniform(-1, 3, 4)
    y[random.choice(4, 2, replace=False)] = NAN
    u = np.where(np.isnan(y), 1.0, 0.02 * y + 0.1)
    found = reconcile_bounded(np.array([[1.0, -1.0, -1.0, -1.0]]), y, u**2)
    assert found.estimate[found.observable].min() >= -1e-6
    assert abs(found.estimate[0] - found.estimate[1:].sum()) <= 1e-9 * np.abs(found.estimate).max()


def test_an_inflow_and_an_outflow_that_nobody_measures_are_answered():
    y, u = np.array([NAN, NAN, 1.0, 260.0]), np.array([1.0, 1.0, 0.12, 5.3])
    found = reconcile_bounded(np.array([[1.0, -1.0, -1.0, -1.0]]), y, u**2)
    assert found.estimate[2:] == pytest.approx([1.0, 260.0])
    assert not found.unbounded.observable[:2].any()


@settings(deadline=None, max_examples=120)
@given(st.integers(0, 10**6))
def test_a_bound_that_is_met_but_not_named_holds_nothing_back(seed):
    """Loose streams end at a bound by the choice of one answer of many: neither lifting the bound nor fixing the stream
    there changes χ², and dof is the one without the bound."""
    a, y, v = problem(seed)
    y[np.random.default_rng(seed).random(len(y)) < 0.3] = NAN
    result = reconcile_bounded(a, y, v)
    named = {bound.stream for bound in result.active}
    met = [k for k in range(len(y)) if result.estimate[k] <= 1e-9 and k not in named]
    assert not named & set(np.flatnonzero(~result.observable))
    for k in met:
        lower, upper = np.zeros(len(y)), np.full(len(y), np.inf)
        lower[k] = -np.inf
        lifted = reconcile_bounded(a, y, v, lower=lower)
        assert lifted.chi2 == pytest.approx(result.chi2, abs=1e-6 * (1 + result.chi2))
        assert lifted.dof == result.dof
        lower[k] = upper[k] = 0
        fixed = reconcile_bounded(a, y, v, lower=lower, upper=upper)
        assert fixed.chi2 == pytest.approx(result.chi2, abs=1e-6 * (1 + result.chi2))
        assert fixed.dof == result.dof


def test_a_stream_past_its_bound_by_next_to_nothing_ends_there_and_counts_as_free():
    for past, named in ((1e-9, 0), (1e-6, 0), (0.01, 1)):
        result = reconcile_bounded([[1, -1, -1]], [10, 10 + past, NAN], [1, 1, 1])
        assert result.estimate[2] == 0
        assert (len(result.active), result.dof) == (named, named)
        assert result.chi2 == pytest.approx(past**2 / 2, abs=1e-6)
        assert reconcile_bounded([[1, -1, -1]], [10, 10 + past, 0], [1, 1, 0]).dof == 1
