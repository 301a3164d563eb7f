"""Many factories at once give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.balance import reconcile_batch, reconcile_linear
from sachhon.science.uncertainty import ScienceError

NAN = float("nan")


def factory(random):
    nodes, streams = int(random.integers(1, 6)), int(random.integers(3, 12))
    a = np.zeros((nodes, streams))
    for j in range(streams):
        p, q = random.integers(0, nodes + 1, 2)
        if p < nodes:
            a[p, j] += 1
        if q < nodes:
            a[q, j] -= 1
    y = random.uniform(1, 10, streams)
    y[random.random(streams) < 0.25] = NAN
    return a, y, random.uniform(0.2, 2, streams)


def same_as_alone(result, k, alone):
    seen = alone.observable
    assert (result.of(k, result.observable) == seen).all()
    assert result.of(k, result.estimate)[seen] == pytest.approx(alone.estimate[seen], abs=1e-8)
    assert result.of(k, result.variance)[seen] == pytest.approx(alone.variance[seen], abs=1e-8)
    assert result.of(k, result.statistic) == pytest.approx(alone.statistics, abs=1e-6)
    assert result.chi2[k] == pytest.approx(alone.chi2, rel=1e-7, abs=1e-9)
    assert result.dof[k] == alone.dof
    assert result.p_value[k] == pytest.approx(alone.p_value, rel=1e-6)
    meter, p = (x[k] for x in result.first_suspect)
    if len(alone.suspects):
        first = alone.suspects[0]
        assert p == pytest.approx(first.p_holm, rel=1e-5, abs=1e-12)
        assert alone.statistics[meter] == pytest.approx(first.statistic, rel=1e-6)
    else:
        assert meter == -1


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_factories_of_their_own_networks(seed):
    random = np.random.default_rng(seed)
    made = [factory(random) for _ in range(int(random.integers(1, 8)))]
    result = reconcile_batch(*(list(column) for column in zip(*made, strict=True)))
    assert result.consistent.all()
    for k, one in enumerate(made):
        same_as_alone(result, k, reconcile_linear(*one))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6))
def test_factories_of_one_network_with_readings_missing_anywhere(seed):
    random = np.random.default_rng(seed)
    a, _, v = factory(random)
    y = random.uniform(1, 10, (6, a.shape[1]))
    y[random.random(y.shape) < 0.3] = NAN
    result = reconcile_batch(a, y, v)
    assert result.factories == 6
    for k in range(6):
        same_as_alone(result, k, reconcile_linear(a, y[k], v))


def test_a_factory_that_contradicts_itself_is_marked_and_spoils_no_other():
    a = [[1, -1]]
    result = reconcile_batch(a, [[3, 1], [3, 3.2]], [[0, 0], [1, 1]])
    assert result.consistent.tolist() == [False, True]
    assert result.of(1, result.estimate) == pytest.approx([3.1, 3.1])


def test_a_huge_factory_leaves_no_rounding_in_a_small_one():
    random = np.random.default_rng(0)
    made = [factory(random) for _ in range(6)]
    made[::2] = [(a, y * 1e9, v * 1e18) for a, y, v in made[::2]]
    result = reconcile_batch(*(list(column) for column in zip(*made, strict=True)))
    for k in (1, 3, 5):
        same_as_alone(result, k, reconcile_linear(*made[k]))


def test_what_a_batch_does_not_take_is_named():
    with pytest.raises(ScienceError, match="plain networks"):
        reconcile_batch([[0.5, -1]], [[1, 1]], 1)
    with pytest.raises(ScienceError, match="factory 1"):
        reconcile_batch([[[1, -1]], [[1, -1]]], [[1, 1], [1, 1, 1]], [1, 1])
    with pytest.raises(ScienceError, match="factories, 2"):
        reconcile_batch([[1, -1]], [1, 1], 1)
