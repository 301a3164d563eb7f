"""Whole sizes of strata, against every other there is: strata that do not vary, and costs that differ."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.survey import allocate


def by(values):
    return dict(enumerate(values))


def variance(sizes, population, deviation) -> float:
    """Of the estimated total; a stratum that varies and of which nobody is asked makes it infinite."""
    n, varies = np.asarray(sizes, float), np.asarray(deviation) > 0
    if (n[varies] == 0).any():
        return np.inf
    of = (population * deviation)[varies]
    return float(np.sum(of**2 / n[varies]) - np.sum(population * deviation**2))


def every(minimum, population):
    return itertools.product(*(range(m, p + 1) for m, p in zip(minimum, population, strict=True)))


def error_of(sizes, population, deviation) -> float:
    return float(np.sqrt(max(variance(sizes, population, deviation), 0.0)) / population.sum())


@pytest.mark.parametrize("goal", [{"total": 300}, {"budget": 300}])
def test_what_a_total_leaves_when_all_that_vary_are_asked_goes_to_the_others(goal):
    population, deviation = {"big": 40, "mid": 160, "none": 1300}, {"big": 0.5, "mid": 0.4, "none": 0.0}
    found = allocate(population, deviation, **goal)
    assert found.sizes == {"big": 40, "mid": 160, "none": 100}
    assert found.sizes == allocate(population, deviation | {"none": 1e-9}, **goal).sizes
    assert found.standard_error == 0


def test_strata_that_do_not_vary_share_what_is_left_by_their_size():
    found = allocate(by([5, 300, 100]), by([1.0, 0.0, 0.0]), total=85, minimum=1)
    assert found.sizes == by([5, 60, 20])
    # and none is asked for them while others still vary
    assert allocate({"a": 4, "b": 7}, {"a": 2.5, "b": 0}, total=5, minimum=0).sizes == {"a": 4, "b": 1}
    assert allocate({"a": 4, "b": 7}, {"a": 2.5, "b": 0}, total=3, minimum=0).sizes == {"a": 3, "b": 0}


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_a_total_is_kept_and_the_best_also_where_some_do_not_vary(seed):
    random = np.random.default_rng(seed)
    population = random.integers(2, 12, 3)
    deviation = random.uniform(0.1, 5, 3) * (random.random(3) < 0.6)
    deviation[0] = max(deviation[0], 0.5)
    minimum = random.integers(0, 3, 3)
    total = int(random.integers(max(minimum.sum(), 1), population.sum() + 1))
    found = allocate(by(population), by(deviation), total=total, minimum=by(minimum))
    assert found.total == total
    assert sum(found.optimum.values()) == pytest.approx(total)
    best = min(variance(n, population, deviation) for n in every(minimum, population) if sum(n) == total)
    assert variance(list(found.sizes.values()), population, deviation) == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("deviation", [[1.0, 2.0], [1.0, 0.0]])
@pytest.mark.parametrize("budget", [50, 50.5, 1000])
def test_a_budget_for_all_and_more_asks_all(deviation, budget):
    found = allocate(by([10, 20]), by(deviation), budget=budget, cost=by([1, 2]))
    assert found.sizes == by([10, 20])
    assert (found.cost, found.standard_error) == (50, 0)
    assert allocate({"all": 5}, {"all": 0.3}, total=5).standard_error == 0
    assert allocate(by([10, 20]), by(deviation), budget=1000, maximum=by([4, 6])).sizes == by([4, 6])


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 10**6))
def test_no_other_whole_sizes_within_a_budget_of_unequal_costs_are_better(seed):
    random = np.random.default_rng(seed)
    population, cost = random.integers(3, 10, 3), random.integers(1, 6, 3)
    deviation = random.uniform(0.1, 3, 3)
    budget = random.uniform(cost @ np.minimum(2, population), cost @ population)
    found = allocate(by(population), by(deviation), budget=budget, cost=by(cost))
    assert found.cost <= budget * (1 + 1e-12)
    best = min(
        error_of(n, population, deviation)
        for n in every(np.minimum(2, population), population)
        if cost @ n <= budget
    )
    assert found.standard_error == pytest.approx(best, abs=1e-9)


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 10**6), st.floats(0.05, 0.95))
def test_no_cheaper_whole_sizes_reach_a_standard_error(seed, share):
    random = np.random.default_rng(seed)
    population, cost = random.integers(3, 10, 3), random.integers(1, 6, 3)
    deviation = random.uniform(0.1, 3, 3)
    least = np.minimum(2, population)
    wanted = share * error_of(least, population, deviation)
    found = allocate(by(population), by(deviation), standard_error=wanted, cost=by(cost))
    assert found.standard_error <= wanted * (1 + 1e-9)
    assert found.cost == min(
        cost @ n
        for n in every(least, population)
        if error_of(n, population, deviation) <= wanted * (1 + 1e-9)
    )


def test_a_budget_of_a_few_units_is_spent_as_the_best_choice_does():
    # the sizes nearest to the optimum before rounding, 2, 9, 3.75, leave an error 14 % above this one
    found = allocate(by([8, 9, 6]), by([0.3, 1, 1]), budget=32, cost=by([4, 1, 4]))
    assert found.sizes == by([2, 8, 4])
    assert found.standard_error == pytest.approx(0.1090, abs=5e-5)


@pytest.mark.parametrize("seed", range(6))
def test_of_many_strata_no_money_is_left_for_which_anyone_could_still_be_asked(seed):
    random = np.random.default_rng(seed)
    population, deviation = random.integers(50, 4000, 80), random.lognormal(0, 1, 80)
    cost = random.uniform(1, 9, 80)
    budget = 0.1 * cost @ population
    found = allocate(by(population), by(deviation), budget=budget, cost=by(cost))
    sizes = np.array(list(found.sizes.values()))
    left = budget - found.cost
    assert 0 <= left < cost[sizes < population].min()
    best = error_of(list(found.optimum.values()), population, deviation)
    assert best <= found.standard_error <= best * (1 + 1e-4)


@pytest.mark.parametrize("minimum", [0, {0: 1, 1: 0}])
def test_a_budget_that_has_room_for_one_of_each_stratum_leaves_none_out(minimum):
    found = allocate({0: 6, 1: 10}, {0: 1.0, 1: 0.1}, budget=6.05, cost={0: 1, 1: 1.5}, minimum=minimum)
    assert found.sizes == {0: 4, 1: 1}
    assert found.cost == pytest.approx(5.5)
    # N² S² / n − N S² of each stratum
    assert found.standard_error == pytest.approx(np.sqrt(36 / 4 - 6 + 1 / 1 - 0.1) / 16)
