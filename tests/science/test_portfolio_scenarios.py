"""Choices under scenarios with resources in the aim, against every choice there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sachhon.science.portfolio import Cause, Interaction, Limits, Option, Scenarios, choose
from sachhon.science.uncertainty import ScienceError

PAIR = [Option("heater", 100, 10, {"toe": 50}), Option("lamp", 120, 10, {"toe": 1})]
SURE = np.array([[100.0, 100.0], [120.0, 120.0]])
"""Both scenarios alike: there is no risk to weigh."""


def worst(profit: np.ndarray, chance: np.ndarray, share: float) -> float:
    """Mean of the worst `share` of the profits, by filling it from below."""
    left, total = share, 0.0
    for k in np.argsort(profit):
        taken = min(chance[k], left)
        total, left = total + taken * profit[k], left - taken
    return total / share


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10**6),
    st.sampled_from([0.0, 0.3, 0.5, 1.0]),
    st.sampled_from([1e-6, 1.0, 1e6, 1e12]),
    st.booleans(),
)
@example(1, 1.0, 1e9, True)
def test_the_choice_is_the_best_of_all_and_none_beats_its_bound(seed, weight, unit, paid):
    random = np.random.default_rng(seed)
    values = random.normal(5, 8, (6, 4)) * unit
    cost, toe = random.uniform(1, 8, 6), random.integers(0, 30, 6).astype(float)
    chance = random.dirichlet(np.ones(4))
    together = Interaction("o0", "o1", -3 * unit, {"toe": -2.0})
    price = {"value": 1.0 if paid else 0.0, "toe": unit * float(random.uniform(0, 1))}

    def aim(inside: tuple[int, ...]) -> float:
        both = {0, 1} <= set(inside)
        profit = values[list(inside)].sum(axis=0) - 3 * unit * both
        value = (1 - weight) * profit @ chance + weight * worst(profit, chance, 0.3)
        return price["value"] * value + price["toe"] * (toe[list(inside)].sum() - 2 * both)

    every = itertools.chain.from_iterable(itertools.combinations(range(6), k) for k in range(7))
    best = max(aim(inside) for inside in every if cost[list(inside)].sum() <= 15)
    found = choose(
        [Option(f"o{i}", 0.0, cost[i], {"toe": toe[i]}) for i in range(6)],
        Limits(budget=15),
        aim=price,
        interactions=[together],
        scenarios=Scenarios(values, chance, level=0.7, weight=weight),
    )
    near = 1e-6 * max(abs(best), unit)
    assert found.aim == pytest.approx(best, abs=near)
    assert aim(tuple(int(code[1:]) for code in found.chosen)) == pytest.approx(best, abs=near)
    assert found.bound >= best - near


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_without_risk_the_weight_of_the_bad_tail_changes_nothing(weight):
    scenarios = Scenarios(SURE, weight=weight)
    found = choose(PAIR, Limits(budget=10), aim={"value": 1, "toe": 10}, scenarios=scenarios)
    assert found.chosen == ("heater",)
    assert found.aim == pytest.approx(600)
    lamp = found.reason("lamp")
    assert lamp.worth == pytest.approx(130)
    assert lamp.rise is None or lamp.rise.amount == pytest.approx(470)
    saved = choose(PAIR, Limits(budget=10), aim={"toe": 1.0}, scenarios=scenarios)
    assert saved.chosen == ("heater",)
    assert saved.aim == pytest.approx(50)


def test_an_option_is_not_called_risky_where_what_it_saves_makes_up_for_its_bad_tail():
    values = np.array([[-40.0, 60.0], [100.0, 100.0]])
    options = [Option("kiln", 0.0, 10, {"toe": 50}), Option("lamp", 0.0, 10, {"toe": 1})]
    scenarios = Scenarios(values, level=0.5, weight=1.0)
    for price, cause in ((0.0, Cause.RISK), (1.0, Cause.OTHERS_BETTER)):
        found = choose(options, Limits(budget=10), aim={"value": 1, "toe": price}, scenarios=scenarios)
        assert found.chosen == ("lamp",)
        assert found.reason("kiln").cause is cause, price


def test_a_bad_tail_is_not_sought():
    with pytest.raises(ScienceError, match="the value has the weight -1 in the aim"):
        choose(PAIR, Limits(budget=10), aim={"value": -1}, scenarios=Scenarios(SURE, weight=0.5))
    least = choose(PAIR, Limits(budget=10), aim={"value": -1}, scenarios=Scenarios(SURE, weight=0.0))
    assert least.chosen == ()
