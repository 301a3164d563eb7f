"""Many options that act on one consumption: each saves of what the others left."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.portfolio import (
    ContradictingLimits,
    Limits,
    Option,
    Scenarios,
    choose,
    front,
    next_step,
    overlap,
)
from sachhon.science.uncertainty import ScienceError

BASE = 100.0


def saved(options):
    return BASE * (1 - np.prod([1 - o.savings["coal"] / BASE for o in options]))


def every_choice(options):
    for size in range(len(options) + 1):
        yield from itertools.combinations(options, size)


def alike(count, percent, value):
    return [Option(f"o{i}", value, 1.0, {"coal": percent}) for i in range(count)]


def test_eight_options_of_thirty_percent_save_what_their_product_leaves():
    options = alike(8, 30.0, 1.0)
    found = choose(options, Limits(), interactions=[overlap(options, "coal", BASE)])
    assert len(found.chosen) == 8
    assert found.totals["coal"] == pytest.approx(100 * (1 - 0.7**8))


def test_ten_options_that_share_a_consumption_are_all_chosen_where_each_still_pays():
    options = alike(10, 20.0, 100.0)
    found = choose(options, Limits(), interactions=[overlap(options, "coal", BASE, 5.0)])
    assert len(found.chosen) == 10
    assert found.totals["value"] == pytest.approx(500 * (1 - 0.8**10))
    assert found.aim == pytest.approx(found.totals["value"])


def test_a_saving_that_six_options_reach_together_is_no_contradiction():
    options = alike(6, 20.0, 1.0)
    shared = [overlap(options, "coal", BASE)]
    found = choose(options, Limits(targets={"coal": 70.0}), interactions=shared)
    assert found.totals["coal"] == pytest.approx(100 * (1 - 0.8**6))
    with pytest.raises(ContradictingLimits) as caught:
        choose(options, Limits(targets={"coal": 75.0}), interactions=shared)
    assert caught.value.cures[0].amount == pytest.approx(100 * (1 - 0.8**6), abs=1e-4)


def test_an_option_that_takes_all_leaves_nothing_to_the_others():
    options = [Option("all", 90, 1, {"coal": 100.0}), *alike(3, 20.0, 25.0)]
    found = choose(options, Limits(), interactions=[overlap(options, "coal", BASE, 1.0)])
    assert found.totals["coal"] == pytest.approx(100)
    assert found.aim == pytest.approx(90 + 75 - 60)  # each keeps only what is worth besides the coal


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(3, 8), st.sampled_from([-1.0, 1.0]), st.booleans())
def test_no_other_choice_of_overlapping_options_is_better(seed, count, sign, tight):
    """Against every choice; also where coal saved counts against the aim, so that a loss is welcome."""
    random = np.random.default_rng(seed)
    options = [
        Option(f"o{i}", float(v), float(c), {"coal": float(s)}, starts=(0, 1) if i == 0 else (0,))
        for i, (v, c, s) in enumerate(
            zip(
                random.uniform(0, 60, count),
                random.uniform(1, 5, count),
                random.uniform(2, 95, count),
                strict=True,
            )
        )
    ]
    price, budget = float(random.uniform(0, 0.6)), float(random.uniform(2, 2.5 * count))
    least = float(random.uniform(20, 90)) if tight else -np.inf
    weights = {"value": 1.0, "coal": 0.2 * sign}

    def value(chosen):
        lost = sum(o.savings["coal"] for o in chosen) - saved(chosen)
        return sum(o.value for o in chosen) - price * lost

    aims = [
        value(one) + weights["coal"] * saved(one)
        for one in every_choice(options)
        if sum(o.cost for o in one) <= budget and saved(one) >= least
    ]
    limits = Limits(budget=(budget, 0.0), targets={"coal": least} if tight else {})
    shared = [overlap(options, "coal", BASE, price)]
    if not aims:
        with pytest.raises(ContradictingLimits):
            choose(options, limits, aim=weights, interactions=shared)
        return
    found = choose(options, limits, aim=weights, interactions=shared)
    chosen = [o for o in options if o.code in found.chosen]
    assert found.aim == pytest.approx(max(aims), abs=1e-5)
    assert found.bound >= max(aims) - 1e-5
    assert found.gap <= 1e-6
    assert "proven best" in found.summary("en")
    assert found.totals["coal"] == pytest.approx(saved(chosen))
    assert found.totals["value"] == pytest.approx(value(chosen))


def test_the_bad_tail_the_front_and_the_next_step_know_the_overlap():
    options = alike(5, 40.0, 40.0)
    shared = [overlap(options, "coal", BASE, 1.0)]
    values = np.full((5, 4), 40.0) + np.array([-8.0, 0.0, 0.0, 8.0])
    found = choose(
        options, Limits(most_options=3), interactions=shared, scenarios=Scenarios(values, level=0.75)
    )
    lost = 120 - 100 * (1 - 0.6**3)
    assert found.cvar == pytest.approx(3 * 32 - lost)
    points = front(options, Limits(budget=4.0), aims=["value", "coal"], points=3, interactions=shared).points
    assert points.max() == pytest.approx(100 * (1 - 0.6**4))
    poor = choose(options, Limits(budget=2.0), interactions=shared)
    assert next_step(poor, poor.uses[0].limit).gain == pytest.approx(100 * (0.6**2 - 0.6**3))


def test_a_share_beyond_the_consumption_is_refused():
    options = alike(2, 30.0, 1.0)
    with pytest.raises(ScienceError, match="must lie between"):
        overlap(options, "coal", 10.0)
