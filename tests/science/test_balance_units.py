"""The unit of the flows decides nothing: not the estimate, not what is a contradiction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.balance import reconcile_bounded, reconcile_linear
from sachhon.science.uncertainty import ScienceError

UNITS = [1e-12, 1e-8, 1e-4, 1e-3, 1e3, 1e6, 1e12]
IDLE = np.array([[1.0, 0, -1, 0, 0], [0, 0, 0, 0, 0], [0, -1, 0, 0, -1], [0, 0, 1, 0, 1], [-1, 0, 0, -1, 0]])
"""The second process has no stream."""


def agrees(found, told, unit):
    assert found.estimate / unit == pytest.approx(
        told.estimate, rel=1e-7, abs=1e-7 * np.abs(told.estimate).max()
    )
    assert (found.observable == told.observable).all()
    seen = told.observable
    assert found.variance[seen] / unit**2 == pytest.approx(told.variance[seen], rel=1e-6, abs=1e-9)
    assert (found.chi2, found.dof) == (pytest.approx(told.chi2, rel=1e-6, abs=1e-9), told.dof)


@pytest.mark.parametrize("unit", UNITS)
def test_a_process_without_streams_contradicts_nothing_in_any_unit(unit):
    y = np.array([87, 21, np.nan, 37, np.nan])
    together = 1.0 + 3 * np.eye(5)
    told = reconcile_linear(IDLE, y, together)
    agrees(reconcile_linear(IDLE, y * unit, together * unit**2), told, unit)
    # correlated or not, it is as if the process were not there
    without = reconcile_linear(np.delete(IDLE, 1, axis=0), y * unit, together * unit**2)
    agrees(without, told, unit)
    bounded = reconcile_bounded(IDLE, y * unit, together * unit**2, lower=-1000 * unit)
    assert bounded.estimate / unit == pytest.approx(told.estimate, rel=1e-6)


@settings(deadline=None, max_examples=120)
@given(st.integers(0, 10**6), st.sampled_from(UNITS), st.booleans(), st.booleans())
def test_results_and_contradictions_are_the_same_in_every_unit(seed, unit, factors, correlated):
    """Networks with factors, with a process without streams, and with a balance that the others make up."""
    random = np.random.default_rng(seed)
    nodes, streams = int(random.integers(2, 5)), int(random.integers(4, 8))
    a = np.zeros((nodes + 2, streams))
    for j in range(streams):
        for sign, i in zip((1.0, -1.0), random.permutation(nodes + 1)[:2], strict=True):
            if i < nodes:
                a[i, j] = sign * (random.uniform(0.5, 2) if factors else 1.0)
    a[nodes] = random.normal(size=nodes) @ a[:nodes] if factors else a[:nodes].sum(axis=0)
    y = random.uniform(10, 100, streams)
    y[random.random(streams) < 0.3] = np.nan
    root = random.normal(size=(streams, streams))
    v = np.eye(streams) + 0.3 * root @ root.T if correlated else random.uniform(0.5, 4, streams)
    try:
        told = reconcile_linear(a, y, v)
    except ScienceError:
        with pytest.raises(ScienceError):
            reconcile_linear(a, y * unit, v * unit**2)
        return
    agrees(reconcile_linear(a, y * unit, v * unit**2), told, unit)
