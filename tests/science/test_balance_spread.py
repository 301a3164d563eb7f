"""Readings whose variances lie far apart, and any unit: compared with fractions, which know no rounding."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from sachhon.science.balance import (
    ContradictionError,
    Flowsheet,
    Process,
    Reading,
    Stream,
    find_gross_errors,
    reconcile_batch,
    reconcile_bilinear,
    reconcile_bounded,
    reconcile_linear,
)
from sachhon.science.uncertainty import ScienceError

from .exact_balance import reconcile_exactly

NAN = float("nan")
UNITS = (1e-12, 1e-4, 1.0, 1e5, 1e12)
TWO = [[1.0, -1.0, -1.0, 0.0], [0.0, 1.0, 0.0, -1.0]]


def problem(seed, factors, correlated):
    """A with rows that hold nothing, variances over thirty orders of magnitude, fixed and missing readings."""
    random = np.random.default_rng(seed)
    n, m = int(random.integers(1, 7)), int(random.integers(2, 14))
    a = np.zeros((n, m))
    for j in range(m):
        for sign, node in zip((1, -1), random.integers(0, n + 1, 2), strict=True):
            if node < n:
                a[node, j] += sign * (random.uniform(0.2, 5) if factors else 1)
    if n > 1 and random.random() < 0.2:
        a[random.integers(n)] = 0
    v = 10 ** random.uniform(-10, 20, m)
    y = random.uniform(1, 100, m) + random.normal(size=m) * np.sqrt(v)
    y[random.random(m) < 0.2] = NAN
    if random.random() < 0.4:
        v[random.random(m) < 0.15] = 0
    if not correlated:
        return a, y, v
    root = random.normal(size=(m, m))
    full = root @ root.T + 0.3 * np.eye(m)
    size = np.sqrt(v / full.diagonal())
    full = full * np.outer(size, size)
    return a, y, (full + full.T) / 2


def is_exact(result, a, exact, unit):
    """Every figure of a result, next to the exact ones."""
    seen = exact.observable
    assert (result.observable == seen).all()
    assert result.dof == exact.dof
    largest = np.abs(np.append(exact.estimate[seen], unit)).max()
    finest = 1e-9 * np.abs(exact.estimate) + 1e-6 * np.sqrt(np.where(seen, exact.variance, 0.0))
    apart = np.abs(result.estimate - exact.estimate)[seen]
    assert (apart <= np.maximum(finest[seen], 1e-14 * largest)).all()
    assert result.variance[seen] == pytest.approx(exact.variance[seen], rel=1e-9)
    assert result.chi2 == pytest.approx(exact.chi2, rel=1e-9)
    assert (result.redundant == (result.measured & (exact.strength > 0))).all()
    checked = result.redundant
    assert result.model.strength[checked] == pytest.approx(exact.strength[checked], rel=1e-9)
    carried = np.abs(a) @ np.abs(result.estimate)
    assert (np.abs(a @ result.estimate) <= 1e-9 * carried).all()


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**6), st.sampled_from(UNITS))
def test_networks_are_exact_whatever_variances_and_units(seed, unit):
    a, y, v = problem(seed, factors=False, correlated=False)
    y, v = y * unit, v * unit**2
    exact = reconcile_exactly(a, y, v)
    if exact is None:
        with pytest.raises(ContradictionError) as error:
            reconcile_linear(a, y, v)
        assert_names_the_fixed(error.value, v)
        return
    result = reconcile_linear(a, y, v)
    is_exact(result, a, exact, unit)
    seen = np.flatnonzero(exact.observable)
    size = np.sqrt(np.maximum(exact.variance[seen], 1e-300))
    apart = result.covariance(seen) - exact.covariance[np.ix_(seen, seen)]
    assert np.abs(apart / np.outer(size, size)).max(initial=0.0) < 1e-6


@settings(deadline=None, max_examples=120)
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from(UNITS))
def test_systems_with_factors_or_covariances_are_exact_whatever_variances_and_units(seed, factors, unit):
    a, y, v = problem(seed, factors, correlated=not factors or bool(seed % 2))
    y, v = y * unit, v * unit**2
    exact = reconcile_exactly(a, y, v)
    if exact is None:
        with pytest.raises(ContradictionError) as error:
            reconcile_linear(a, y, v)
        assert_names_the_fixed(error.value, v)
        return
    is_exact(reconcile_linear(a, y, v), a, exact, unit)


def assert_names_the_fixed(error, v):
    """A contradiction of fixed streams: names them, with at least one node, and speaks of no covariance."""
    fixed = np.flatnonzero((v.diagonal() if v.ndim == 2 else v) == 0)
    named = {int(k) for k in re.findall(r"stream (\d+)", str(error))}
    assert named
    assert named <= set(fixed.tolist())
    assert re.search(r"node \d+", str(error))
    assert "covariance" not in str(error)


@pytest.mark.parametrize("rough", [1e8, 1e12, 1e16, 1e18, 1e40])
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_a_rough_reading_does_no_more_than_a_missing_one(rough, unit, factor):
    a = np.array(TWO)
    a[0, 0] = factor
    y, v = np.array([100, 90, 50, 78]) * unit, np.array([1, rough, 1, 1]) * unit**2
    result = reconcile_linear(a, y, v)
    missing = reconcile_linear(a, np.where(v > unit**2, NAN, y), v)
    assert result.estimate == pytest.approx(missing.estimate, rel=100 / rough + 1e-12)
    assert result.variance == pytest.approx(missing.variance, rel=10 / rough + 1e-12)
    assert result.chi2 == pytest.approx(missing.chi2, rel=1e4 / rough + 1e-12)
    assert np.abs(a @ result.estimate).max() <= 1e-12 * 100 * unit
    bounded = reconcile_bounded(a, y, v)
    assert bounded.estimate == pytest.approx(result.estimate, rel=1e-9)
    assert bounded.chi2 == pytest.approx(result.chi2, rel=1e-9)


@pytest.mark.parametrize("unit", UNITS)
def test_a_stream_is_held_at_its_bound_beside_a_rough_reading_in_any_unit(unit):
    y, v = np.array([10, 12, 5]) * unit, np.array([1, 1e-3, 1e14]) * unit**2
    result = reconcile_bounded([[1, -1, -1]], y, v)
    # the mean of 10 and 12 by their variances, and nothing is left for the third
    assert result.estimate == pytest.approx(np.array([1, 1, 0]) * unit * (10 + 12e3) / 1001, abs=1e-9 * unit)
    assert [bound.stream for bound in result.active] == [2]
    assert result.chi2 == pytest.approx(4 / 1.001, rel=1e-9)


def test_in_a_batch_a_factory_of_far_variances_is_as_alone_and_spoils_no_other():
    factories = [problem(seed, factors=False, correlated=False) for seed in range(40)]
    factories = [one for one in factories if reconcile_exactly(*one) is not None]
    plain = [(np.array(TWO), np.array([100.0, 60, 45, 61]), np.ones(4))] * 3
    both = [plain[0], *factories, *plain[1:]]
    batch = reconcile_batch(*map(list, zip(*both, strict=True)))
    for k, (a, y, v) in enumerate(both):
        alone = reconcile_linear(a, y, v)
        seen = alone.observable
        assert (batch.of(k, batch.observable) == seen).all()
        assert batch.dof[k] == alone.dof
        assert batch.chi2[k] == pytest.approx(alone.chi2, rel=1e-9, abs=1e-12)
        largest = np.abs(alone.estimate).max()
        assert batch.of(k, batch.estimate)[seen] == pytest.approx(
            alone.estimate[seen], rel=1e-7, abs=1e-14 * largest
        )
        assert batch.of(k, batch.variance)[seen] == pytest.approx(alone.variance[seen], rel=1e-8)
        assert batch.of(k, batch.statistic) == pytest.approx(alone.statistics, rel=1e-6)
        assert batch.consistent[k]


def test_beside_a_rough_reading_the_wrong_meter_and_the_leak_are_still_found():
    a = np.array(
        [[1, -1, -1, 0, 0, 0], [0, 1, 0, -1, 0, 0], [0, 0, 1, 0, -1, 0], [0, 0, 0, 1, 1, -1]], dtype=float
    )
    x, v = np.array([100.0, 60, 40, 60, 40, 100]), np.array([1.0, 1, 1, 1e18, 1, 1])
    leaves_out = np.where(v > 1, NAN, x)
    biased = np.array([0, 0, 8, 0, 0, 0])
    lost = np.array([0, 0, 0, 0, -8.0, -8])
    for off in (biased, lost):
        with_it = find_gross_errors(a, x + off, v).diagnosis.errors
        without = find_gross_errors(a, leaves_out + off, v).diagnosis.errors
        assert [(e.cause.kind, e.cause.at) for e in with_it] == [(e.cause.kind, e.cause.at) for e in without]
        assert with_it
        assert [e.cause.size for e in with_it] == pytest.approx([e.cause.size for e in without], rel=1e-9)


def chain(nodes):
    """Stream k from node k − 1 to node k, each node with an outlet."""
    at = np.arange(nodes)
    rows, columns = np.concatenate([at, at[:-1], at]), np.concatenate([at, at[1:], nodes + at])
    return csc_array((np.repeat([1.0, -1.0, -1.0], [nodes, nodes - 1, nodes]), (rows, columns)))


def test_a_network_too_large_for_dense_algebra_still_conserves_mass_beside_rough_readings():
    a = chain(3000)
    random = np.random.default_rng(5)
    y, v = random.uniform(1, 10, 6000), np.ones(6000)
    v[[17, 900, 4000]] = 1e10
    result = reconcile_linear(a, y, v)
    assert np.abs(a @ result.estimate).max() < 1e-12
    missing = reconcile_linear(a, np.where(v > 1, NAN, y), v)
    assert result.estimate == pytest.approx(missing.estimate, abs=1e-7)
    assert result.chi2 == pytest.approx(missing.chi2, rel=1e-7)
    assert result.variance == pytest.approx(missing.variance, rel=1e-6)
    assert result.model.strength[17] * v[17] == pytest.approx(1 - missing.variance[17] / v[17], rel=1e-12)


def test_a_network_too_large_for_readings_still_rougher_names_them():
    y, v = np.full(6000, 5.0), np.ones(6000)
    v[[17, 4000]] = 1e30
    with pytest.raises(ScienceError, match=r"variances of stream 17, stream 4000 are .* leave them out"):
        reconcile_linear(chain(3000), y, v)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("seed", range(8))
def test_a_balance_of_nothing_next_to_covariances_is_no_contradiction_in_any_unit(seed, unit):
    a = [[1, 0, -1, 0, 0], [0] * 5, [0, -1, 0, 0, -1], [0, 0, 1, 0, 1], [-1, 0, 0, -1, 0]]
    y = np.random.default_rng(seed).uniform(10, 100, 5)
    y[[2, 4]] = NAN
    v = np.ones((5, 5)) + 3 * np.eye(5)
    in_one = reconcile_linear(a, y, v)
    result = reconcile_linear(a, y * unit, v * unit**2)
    assert result.estimate == pytest.approx(in_one.estimate * unit, rel=1e-12)
    assert result.variance == pytest.approx(in_one.variance * unit**2, rel=1e-12)
    assert result.chi2 == pytest.approx(in_one.chi2, rel=1e-12)
    assert (result.dof, result.observable.tolist()) == (in_one.dof, in_one.observable.tolist())


@pytest.mark.parametrize("unit", UNITS)
def test_fixed_streams_that_contradict_each_other_are_told_with_node_and_amount_in_any_unit(unit):
    a = [[2, -1, 0, 0], [0, 0, 0, 0], [0, 1, -1, -1]]
    y = np.array([10, 20, 5, 12]) * unit
    with pytest.raises(ContradictionError, match=r"fixed streams stream 1, .*stream 3.* node 2: ") as error:
        reconcile_linear(a, y, [unit**2, 0, 0, 0])
    left = re.search(r": (\S+) is left over", str(error.value))
    assert left is not None
    assert float(left[1]) == pytest.approx(3 * unit)


def rough_mill(spread, unit):
    processes = [Process("a"), Process("b")]
    streams = [Stream("r", "", "a"), Stream("p", "a", ""), Stream("w", "a", "b"), Stream("d", "b", "")]
    told = {"r": (100, 1), "p": (90, spread), "w": (50, 1), "d": (78, 1)}
    readings = [Reading(k, x * unit, u * unit) for k, (x, u) in told.items() if u < float("inf")]
    return Flowsheet(processes, streams, readings).solve()


@pytest.mark.parametrize("spread", [300, 1e3, 1e5, 1e9, 1e18])
@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_a_flowsheet_takes_a_rough_reading_as_next_to_none(spread, unit):
    rough, missing = rough_mill(spread, unit), rough_mill(float("inf"), unit)
    flow = {k: rough.flow(k).value for k in "rpwd"}
    assert flow["r"] == pytest.approx(flow["p"] + flow["w"], rel=1e-12)
    assert flow["w"] == pytest.approx(flow["d"], rel=1e-12)
    far = 100 / spread**2 + 1e-12
    for k in "rpwd":
        assert flow[k] == pytest.approx(missing.flow(k).value, rel=far)
        assert rough.flow(k).uncertainty == pytest.approx(missing.flow(k).uncertainty, rel=far)
    assert rough.chi2 == pytest.approx(missing.chi2, rel=1e3 / spread**2 + 1e-12)


@pytest.mark.parametrize("rough", [1e6, 1e12, 1e20])
def test_a_rough_flow_next_to_contents_does_no_more_than_a_missing_one(rough):
    flow, content = [100.0, 60.0, NAN], [[0.2, 0.1, 0.38]]
    spread = [[1e-6, 1e-6, 1e-6]]
    a = [[1, -1, -1]]
    one = reconcile_bilinear(a, flow, [1.0, rough, 1.0], content, spread)
    other = reconcile_bilinear(a, [100.0, NAN, NAN], [1.0, 1.0, 1.0], content, spread)
    assert one.flow == pytest.approx(other.flow, rel=1e3 / rough + 1e-8)
    assert one.flow_variance == pytest.approx(other.flow_variance, rel=1e3 / rough + 1e-6)
    assert abs(np.array(a) @ one.flow).max() < 1e-9
    assert abs(np.array(a) @ (one.flow * one.concentration[0])).max() < 1e-9


def test_factors_that_cancel_but_for_rounding_hide_nothing():
    # 0.21 − 0.3 · 0.7 is not zero in floating point; 0.3 times the first balance leaves the fourth stream 0.3 x
    result = reconcile_linear([[0.1, 0.7, -1, 0], [0.03, 0.21, 0, -1]], [NAN, NAN, 5, NAN], 1.0)
    assert result.observable.tolist() == [False, False, True, True]
    assert result.estimate[3] == pytest.approx(1.5, rel=1e-12)


def test_a_rough_reading_between_tied_nodes_leaves_its_rounding_in_no_balance():
    a = np.array([[1.0, -1, 1, 1, 1], [0, 0, -1, 0, -1]])
    y, v = (
        np.array([1.3957629, 48.0549694, NAN, 97.3136624, 3.26507503e9]),
        np.array([4e-5, 8e-9, 1, 0.09, 1e18]),
    )
    result, exact = reconcile_linear(a, y, v), reconcile_exactly(a, y, v)
    assert exact is not None
    assert result.chi2 == pytest.approx(exact.chi2, rel=1e-11)
    assert result.estimate[[0, 1, 3]] == pytest.approx(exact.estimate[[0, 1, 3]], rel=1e-12)
