"""Linear reconciliation, against published answers and against dense algebra of another kind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from sachhon.science.balance import ContradictionError, projection, reconcile_linear
from sachhon.science.balance.linear import solve
from sachhon.science.balance.network import Names, read_matrix, read_readings
from sachhon.science.uncertainty import ScienceError

from .exact_balance import reconcile_exactly

CASES = json.loads((Path(__file__).parent.parent / "cases" / "balance" / "linear.json").read_text())[
    "problems"
]


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_published_problem_has_its_published_answer(name):
    case = CASES[name]
    result = reconcile_linear(case["A"], case["measured"], case["variance"])
    assert result.estimate == pytest.approx(np.array(case["reconciled"]), abs=6e-7)
    assert result.chi2 == pytest.approx(case["chi2"], rel=1e-9, abs=1e-12)
    assert result.dof == case["dof"]
    assert np.abs(np.array(case["A"]) @ result.estimate).max() < 1e-9


def random_problem(seed, factors, correlated):
    random = np.random.default_rng(seed)
    n, m = int(random.integers(2, 7)), int(random.integers(7, 16))
    a = np.zeros((n, m))
    for j in range(m):
        p, q = random.integers(0, n, 2)
        a[p, j] = random.uniform(0.5, 2) if factors else 1
        if p != q:
            a[q, j] = -random.uniform(0.5, 2) if factors else -1
    y = random.uniform(1, 10, m)
    y[random.random(m) < 0.2] = np.nan
    spread = random.normal(size=(m, m)) if correlated else np.diag(random.uniform(0.3, 1.5, m))
    return a, y, spread @ spread.T + np.eye(m) * (0.1 if correlated else 0)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_estimates_and_variances_are_the_exact_ones_and_mass_is_conserved(seed, factors, correlated):
    a, y, v = random_problem(seed, factors, correlated)
    result = reconcile_linear(a, y, v if correlated else v.diagonal())
    assert np.abs(a @ result.estimate).max() < 1e-9
    assert np.isfinite(result.estimate).all()
    seen = result.observable
    assert np.isfinite(result.variance[seen]).all()
    assert np.isposinf(result.variance[~seen]).all()
    exact = reconcile_exactly(a, y, v)
    assert (seen == exact.observable).all()
    assert result.dof == exact.dof
    assert result.estimate[seen] == pytest.approx(exact.estimate[seen], abs=1e-6)
    assert result.variance[seen] == pytest.approx(exact.variance[seen], abs=1e-6)
    if seen.all():
        assert result.covariance(range(len(y))) == pytest.approx(exact.covariance, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_the_order_of_streams_does_not_matter_and_units_scale(seed):
    a, y, v = random_problem(seed, factors=False, correlated=False)
    plain = reconcile_linear(a, y, v.diagonal())
    order = np.random.default_rng(seed).permutation(len(y))
    mixed = reconcile_linear(a[:, order], y[order], v.diagonal()[order])
    seen = plain.observable
    assert (mixed.observable == seen[order]).all()
    assert mixed.estimate[seen[order]] == pytest.approx(plain.estimate[order][seen[order]], abs=1e-8)
    in_kg = reconcile_linear(a, y * 1000, v.diagonal() * 1e6)
    assert in_kg.estimate[seen] == pytest.approx(plain.estimate[seen] * 1000, rel=1e-8, abs=1e-6)
    assert in_kg.chi2 == pytest.approx(plain.chi2, rel=1e-7, abs=1e-9)


def test_a_network_written_with_covariances_gives_what_the_sparse_way_gives():
    a, y, v = random_problem(11, factors=False, correlated=False)
    sparse = reconcile_linear(a, y, v.diagonal())
    linked = v.copy()
    known = np.flatnonzero(~np.isnan(y))
    linked[known[0], known[1]] = linked[known[1], known[0]] = 1e-12  # takes the general way
    general = reconcile_linear(a, y, linked)
    assert (general.observable == sparse.observable).all()
    assert general.dof == sparse.dof
    assert general.chi2 == pytest.approx(sparse.chi2, rel=1e-8)
    assert general.statistics == pytest.approx(sparse.statistics, abs=1e-7)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**6), st.sampled_from([0.2, 0.5, 0.8]))
def test_contraction_and_projection_agree_on_everything(seed, missing):
    random = np.random.default_rng(seed)
    n, m = int(random.integers(1, 9)), int(random.integers(2, 22))
    a = np.zeros((n, m))
    for j in range(m):
        for sign, node in zip((1, -1), random.integers(0, n + 1, 2), strict=True):
            if node < n:
                a[node, j] += sign
    y, v = random.uniform(1, 10, m), random.uniform(0.2, 2, m)
    y[random.random(m) < missing] = np.nan
    one = reconcile_linear(a, y, v)
    readings = read_readings(m, y, v, Names())
    other = solve(projection.build(read_matrix(a), readings, Names()), readings.value)
    assert (one.observable == other.observable).all()
    seen = one.observable
    assert one.estimate[seen] == pytest.approx(other.estimate[seen], abs=1e-8)
    assert one.variance[seen] == pytest.approx(other.variance[seen], abs=1e-8)
    assert (one.chi2, one.dof) == pytest.approx((other.chi2, other.dof), abs=1e-7)
    assert one.statistics == pytest.approx(other.statistics, abs=1e-6)
    # a leak that an unmeasured stream would hide, or that nothing could leak from, is never suspected
    assert one.node_statistics == pytest.approx(other.node_statistics, abs=1e-6)


def test_a_sparse_matrix_is_read_as_it_is_and_never_written_to():
    tidy = csc_array(np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]]))
    assert read_matrix(tidy) is tidy
    # the same written in another order, in parts that add up, with a stored zero
    values = np.array([1.0, 1.0, -1.0, 0.5, -1.5, 0.0])
    loose = csc_array((values, np.array([0, 1, 0, 1, 1, 0]), np.array([0, 1, 3, 6])), shape=(2, 3))
    before = loose.data.copy(), loose.indices.copy()
    y, v = np.array([10.0, 11.0, np.nan]), np.array([1.0, 1.0, np.nan])
    expected, found = (reconcile_linear(a, y, v) for a in (tidy, loose))
    assert found.estimate == pytest.approx(expected.estimate)
    assert found.estimate == pytest.approx([10.5, 10.5, 10.5])
    assert found.variance == pytest.approx(expected.variance)
    assert (loose.data == before[0]).all()
    assert (loose.indices == before[1]).all()
    # a stream that leaves and enters the same node, or enters it twice, is no plain arrow and still adds up
    looped = csc_array(
        (np.array([1.0, -1.0, 1.0, -1.0]), np.array([0, 0, 0, 0]), np.array([0, 1, 2, 4])), shape=(1, 3)
    )
    assert reconcile_linear(looped, [10.0, 12.0, 5.0], [1.0, 1.0, 1.0]).estimate == pytest.approx([11, 11, 5])


def test_a_tangled_network_goes_through_rounds_and_a_dense_front():
    from scipy.sparse import csc_array, diags_array
    from scipy.sparse.linalg import splu

    random = np.random.default_rng(2)
    nodes, streams = 900, 3000
    head, tail = random.integers(0, nodes + 1, (2, streams))
    keep = head != tail
    head, tail = head[keep], tail[keep]
    at = np.arange(len(head))
    dense = np.zeros((nodes + 1, len(head)))
    dense[head, at], dense[tail, at] = 1.0, -1.0
    a = csc_array(dense[:nodes])
    y, v = random.uniform(1, 10, len(head)), random.uniform(0.2, 2, len(head))
    result = reconcile_linear(a, y, v)
    weighted = a @ diags_array(v)
    factor = splu(csc_array(weighted @ a.T))
    assert result.estimate == pytest.approx(y - weighted.T @ factor.solve(a @ y), abs=1e-9)
    some = random.choice(len(head), 20, replace=False)
    rows = weighted.toarray()[:, some]
    by_hand = v[some] - np.einsum("ij,ij->j", rows, factor.solve(rows))
    assert result.variance[some] == pytest.approx(by_hand, abs=1e-9)


def test_a_meter_that_is_far_off_is_suspected_first():
    case = CASES["P15"]
    readings = np.array(case["measured"])
    wrong = 5
    readings[wrong] += 12 * np.sqrt(case["variance"][wrong])
    result = reconcile_linear(case["A"], readings, case["variance"])
    assert result.suspects[0] == wrong
    assert result.suspects[0].significant
    assert result.p_value < 0.01


def test_fixed_streams_that_do_not_balance_are_named():
    for factor in (1, 0.5):
        with pytest.raises(ContradictionError, match=r"coal in.*boiler|boiler.*coal in"):
            reconcile_linear(
                [[factor, -1]], [3, 1], [0, 0], nodes=["boiler"], streams=["coal in", "heat out"]
            )


def test_a_stream_that_no_balance_holds_disturbs_none():
    # the last stream touches no node; the two before it go round unseen
    a = [[1, -1, -1, 0, 0], [0, 1, 0, -1, 0]]
    result = reconcile_linear(a, [10, np.nan, np.nan, np.nan, np.nan], 1)
    assert np.abs(np.array(a) @ result.estimate).max() < 1e-12
    assert result.estimate[4] == 0
    assert not result.observable[4]


def test_what_nothing_tells_is_unobservable_and_has_no_covariance():
    result = reconcile_linear([[1, -1, -1]], [10, np.nan, np.nan], [1, 1, 1])
    assert result.observable.tolist() == [True, False, False]
    assert result.dof == 0
    assert result.p_value == 1
    assert len(result.suspects) == 0
    with pytest.raises(ScienceError, match="unobservable"):
        result.covariance([1])


@pytest.mark.parametrize(
    ("variance", "says"),
    [([1, -1], "negative"), ([1, 2, 3], "one for each"), ([[1, 2], [2, 1]], "belong to no readings")],
)
def test_variances_that_belong_to_no_readings_are_refused(variance, says):
    with pytest.raises(ScienceError, match=says):
        reconcile_linear([[1, -1]], [3, 1], variance)


def test_holm_s_correction_steps_down():
    # by hand: 4·0.005, 3·0.01, 2·0.03, then 1·0.04 which may not fall below the one before; Bonferroni gives 0.16
    from sachhon.science.balance.linear import holm

    assert holm(np.array([0.005, 0.01, 0.03, 0.04])) == pytest.approx([0.02, 0.03, 0.06, 0.06])
    assert holm(np.array([0.4, 0.9])) == pytest.approx([0.8, 0.9])


def test_readings_tied_by_their_covariance_are_named_as_such_when_they_contradict():
    # both readings move as one, so their difference of 20 cannot be reconciled away
    with pytest.raises(ContradictionError, match="tied to each other by their covariance"):
        reconcile_linear([[1.0, -1.0]], [100.0, 80.0], [[1.0, 1.0], [1.0, 1.0]])
