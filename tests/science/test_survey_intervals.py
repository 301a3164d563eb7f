"""Intervals of shares and means, against printed ones, samplics and how often they cover."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sachhon.science.survey import Design, proportion
from sachhon.science.uncertainty import ScienceError


def test_wilsons_interval_is_the_printed_one():
    # R package cards (github insightsengineering/cards), tests/testthat/_snaps/proportion_ci.md: 32 of 32, 5 of 10
    everyone = Design(weights=np.ones(32)).proportion(np.ones(32))
    assert everyone.interval() == pytest.approx((0.8928208, 1), abs=5e-8)
    assert everyone.interval(method="beta") == pytest.approx((0.025 ** (1 / 32), 1))  # Clopper and Pearson's
    nobody = Design(weights=np.ones(32)).proportion(np.zeros(32))
    assert nobody.interval() == pytest.approx((0, 0.1071792), abs=5e-8)
    half = proportion(5, 10, 10**9, confidence=0.9, method="wilson")
    assert (half.low, half.high) == pytest.approx((0.2692718, 0.7307282), abs=5e-8)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10**6))
def test_logit_and_mean_intervals_equal_those_of_samplics(seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        from samplics.estimation import TaylorEstimator
        from samplics.utils.types import PopParam

    random = np.random.default_rng(seed)
    strata, clusters = np.repeat([0, 1, 2], 40), np.repeat(np.arange(24), 5)
    weights, y = random.uniform(1, 4, 120), random.normal(5, 2, 120)
    b = (y > 5).astype(float)
    design = Design(strata=strata, clusters=clusters, weights=weights)
    for kind, values, found, method in (
        ("mean", y, design.mean(y), "wald"),
        ("prop", b, design.proportion(b), "logit"),
    ):
        peer = TaylorEstimator(param=getattr(PopParam, kind))
        peer.estimate(y=values, samp_weight=weights, stratum=strata, psu=clusters)
        low, high = (end[1.0] if isinstance(end, dict) else end for end in (peer.lower_ci, peer.upper_ci))
        assert found.interval(method=method) == pytest.approx((low, high), rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.floats(0.5, 0.99))
def test_intervals_hold_the_estimate_and_widen_with_the_level(seed, level):
    random = np.random.default_rng(seed)
    strata = np.repeat(["a", "b"], [20, 30])
    design = Design(strata=strata, population={"a": 60, "b": 90})
    b = random.uniform(size=50) < random.uniform(0.02, 0.98)
    found = design.proportion(b)
    for method in ("wilson", "beta", "wald") if found.standard_error else ("wilson", "beta"):
        low, high = found.interval(level, method)
        wider = found.interval(0.5 + level / 2, method)
        assert wider[0] - 1e-12 <= low <= found.estimate + 1e-12
        assert found.estimate - 1e-12 <= high <= wider[1] + 1e-12
    no = design.proportion(~b)
    assert no.interval(level) == pytest.approx(tuple(1 - end for end in reversed(found.interval(level))))


def test_intervals_of_shares_cover_as_often_as_they_say():
    # strata drawn unequally, share 0.15 in one and 0.4 in the other
    random = np.random.default_rng(5)
    N, n = {"a": 400, "b": 100}, {"a": 40, "b": 25}
    everyone = {"a": np.arange(400) < 60, "b": np.arange(100) < 40}
    true = (60 + 40) / 500
    strata = np.repeat(["a", "b"], [40, 25])
    covered = {"wilson": 0, "beta": 0, "logit": 0}
    rounds = 800
    for _ in range(rounds):
        b = np.concatenate([random.choice(everyone[h], n[h], replace=False) for h in N])
        found = Design(strata=strata, population=N).proportion(b)
        for method in covered:
            low, high = found.interval(method=method)
            covered[method] += low <= true <= high
    assert covered["wilson"] / rounds == pytest.approx(0.95, abs=0.025)
    assert covered["logit"] / rounds == pytest.approx(0.95, abs=0.025)
    assert covered["beta"] / rounds >= 0.95


def test_the_interval_of_a_mean_is_students():
    y = np.array([3.0, 5.0, 9.0, 4.0])
    found = Design(weights=np.ones(4)).mean(y)
    low, high = stats.t.interval(0.9, 3, loc=y.mean(), scale=y.std(ddof=1) / 2)
    assert found.interval(0.9) == pytest.approx((low, high))
    assert found.interval(0.9, degrees=np.inf) == pytest.approx(
        stats.norm.interval(0.9, y.mean(), y.std(ddof=1) / 2)
    )
    with pytest.raises(ScienceError, match="give 95 % as"):
        found.interval(95)
    with pytest.raises(ScienceError, match="has only wald"):
        found.interval(0.9, method="wilson")
