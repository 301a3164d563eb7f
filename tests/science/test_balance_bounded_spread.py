"""Within bounds, with variances far apart and in any unit: compared with every set of bounds tried in fractions."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.balance import reconcile_bounded

from .exact_balance import reconcile_exactly


def problem(seed, decades):
    random = np.random.default_rng(seed)
    n, m = int(random.integers(1, 4)), int(random.integers(3, 7))
    a = np.zeros((n, m))
    for j in range(m):
        p, q = random.choice(n + 1, 2, replace=False)
        if p < n:
            a[p, j] = 1
        if q < n:
            a[q, j] = -1
    return a, random.uniform(-3, 10, m), 10 ** random.uniform(-decades, decades, m)


def linked(seed, v):
    random = np.random.default_rng(seed)
    root = random.normal(size=(len(v), len(v)))
    full = root @ root.T + 0.3 * np.eye(len(v))
    size = np.sqrt(v / full.diagonal())
    full = full * np.outer(size, size)
    return (full + full.T) / 2


def least(a, y, v):
    """The least χ² of all ways to hold streams at zero that leave none below."""
    best = np.inf
    for held in chain.from_iterable(combinations(range(len(y)), k) for k in range(len(y) + 1)):
        at = np.isin(np.arange(len(y)), held)
        exact = reconcile_exactly(a, np.where(at, 0.0, y), np.where(at, 0.0, v))
        if exact is not None and (exact.estimate >= -1e-9 * np.sqrt(v)).all():
            best = min(best, float(((exact.estimate - y) ** 2 / v).sum()))
    return best


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from([1, 4, 8]), st.sampled_from([1e-12, 1.0, 1e12]))
def test_no_set_of_bounds_does_better(seed, decades, unit):
    a, y, v = problem(seed, decades)
    result = reconcile_bounded(a, y * unit, v * unit**2)
    assert result.chi2 == pytest.approx(least(a, y, v), rel=1e-6, abs=1e-6)
    assert result.estimate.min() >= -1e-9 * unit
    assert (np.abs(a @ result.estimate) <= 1e-9 * (np.abs(a) @ np.abs(result.estimate))).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from([0, 3, 6]), st.booleans())
def test_answer_and_bounds_are_the_same_in_every_unit(seed, decades, correlated):
    a, y, v = problem(seed, decades)
    v = linked(seed, v) if correlated else v
    one = reconcile_bounded(a, y, v)
    spread = np.sqrt(v.diagonal() if correlated else v)
    for unit in (1e-12, 1e-5, 1e12):
        other = reconcile_bounded(a, y * unit, v * unit**2)
        assert other.chi2 == pytest.approx(one.chi2, rel=1e-6, abs=1e-6)
        assert (
            np.abs(other.estimate / unit - one.estimate) <= 1e-4 * spread + 1e-9 * np.abs(one.estimate)
        ).all()
        assert (other.observable == one.observable).all()
        assert other.dof == one.dof
