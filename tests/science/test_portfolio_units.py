"""The units of money and of resources decide nothing, and figures that cannot be are refused by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sachhon.science.portfolio import (
    Cause,
    ContradictingLimits,
    Interaction,
    Limits,
    Option,
    Overlap,
    Scenarios,
    Settings,
    choose,
    front,
    next_step,
)
from sachhon.science.portfolio.model import Limit
from sachhon.science.uncertainty import ScienceError

UNITS = [1e-15, 1e-10, 1e-6, 1e-3, 1e9]


def counted(options: list[Option], money: float, co2: float) -> list[Option]:
    """The same options with money and CO₂ in other units."""
    return [
        replace(o, value=o.value * money, cost=o.cost * money, savings={"co2": o.savings["co2"] * co2})
        for o in options
    ]


def random_case(seed: int) -> tuple[list[Option], float, float]:
    random = np.random.default_rng(seed)
    options = [
        Option(
            f"o{i}",
            float(random.uniform(-2, 20)),
            float(random.uniform(1, 10)),
            {"co2": float(random.uniform(0, 5))},
            group="g" if random.random() < 0.3 else None,
        )
        for i in range(7)
    ]
    return options, float(random.uniform(5, 20)), float(random.uniform(0, 6))


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 10**6), st.sampled_from(UNITS), st.sampled_from(UNITS), st.sampled_from(["exact", "fast"])
)
@example(76, 1e9, 1e-15, "exact")  # in dong the optimum was thrown out, and the next told as proven best
@example(245825, 1e9, 1e-15, "exact")  # what the solver's tolerance let pass was told as a limit to change
@example(31751, 1e-15, 1e-15, "exact")  # beside a one the budget vanished: no widening of it was said to help
def test_the_choice_its_proof_and_its_reasons_are_the_same_in_every_unit(seed, money, co2, method):
    options, budget, least = random_case(seed)
    how = Settings(method=method, gap=0.0)
    small = counted(options, money, co2)
    limits = Limits(budget=budget * money, targets={"co2": least * co2})
    answers = []
    for one, within in ((options, Limits(budget=budget, targets={"co2": least})), (small, limits)):
        try:
            answers.append(choose(one, within, settings=how))
        except ContradictingLimits as error:
            answers.append(error)
    told, found = answers
    if isinstance(told, ContradictingLimits):
        assert [c.limit.kind for c in found.cures] == [c.limit.kind for c in told.cures]
        unit = {"budget": money, "target": co2}
        for cure, same in zip(found.cures, told.cures, strict=True):
            assert cure.amount == pytest.approx(same.amount * unit[cure.limit.kind], rel=1e-12)
        return
    assert found.chosen == told.chosen
    assert found.cost[0] <= budget * money * (1 + 1e-9)
    assert (found.gap <= 1e-6) == (told.gap <= 1e-6)
    assert found.aim == pytest.approx(told.aim * money, rel=1e-6)
    assert [r.cause for r in found.reasons()] == [r.cause for r in told.reasons()]
    assert [use.binding for use in found.uses] == [use.binding for use in told.uses]
    steps = [next_step(one, one.uses[0].limit) for one in (found, told)]
    assert (steps[0] is None) == (steps[1] is None)
    if steps[0]:
        assert steps[0].amount == pytest.approx(steps[1].amount * money, rel=1e-6)


def test_a_budget_of_small_figures_is_kept_and_its_proof_is_true():
    random = np.random.default_rng(3)
    cost, worth = random.integers(5, 25, (2, 8)).astype(float)
    for unit in (1.0, *UNITS):
        options = [Option(f"o{i}", worth[i] * unit, cost[i] * unit) for i in range(8)]
        found = choose(options, Limits(budget=30 * unit))
        assert found.chosen == ("o2", "o3", "o4")
        assert found.cost[0] / unit == pytest.approx(25)
        assert found.gap == pytest.approx(0, abs=1e-9)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6), st.sampled_from([*UNITS, 1e12]))
@example(2, 1e9)  # proven best was a choice worth half of the best
@example(1, 1e-15)
def test_a_choice_against_a_bad_tail_is_the_same_in_every_unit_of_money(seed, money):
    random = np.random.default_rng(seed)
    values, cost = random.normal(3, 6, (7, 5)), random.uniform(1, 8, 7)
    found, told = (
        choose(
            [Option(f"o{i}", 0.0, cost[i] * unit) for i in range(7)],
            Limits(budget=16 * unit),
            scenarios=Scenarios(values * unit, level=0.7, weight=0.6),
            settings=Settings(gap=0.0),
        )
        for unit in (money, 1.0)
    )
    assert found.chosen == told.chosen
    assert (found.gap <= 1e-6) == (told.gap <= 1e-6)
    assert found.aim == pytest.approx(told.aim * money, rel=1e-9, abs=1e-9 * money)
    assert found.cvar == pytest.approx(told.cvar * money, rel=1e-9, abs=1e-9 * money)
    assert [r.cause for r in found.reasons()] == [r.cause for r in told.reasons()]


@pytest.mark.parametrize("unit", UNITS)
def test_an_option_that_uses_more_of_a_resource_breaks_its_least_saving_in_every_unit(unit):
    figures = {"a": (-0.1, 5), "b": (0.3, -2), "c": (-0.4, 3)}
    options = [Option(code, worth, 1, {"co2": co2 * unit}) for code, (worth, co2) in figures.items()]
    found = choose(options, Limits(targets={"co2": 4 * unit}))
    reason = found.reason("b")
    assert found.uses[0].binding
    assert reason.cause is Cause.BREAKS_TARGET
    assert reason.missing == pytest.approx(unit)


@pytest.mark.parametrize("unit", UNITS)
def test_the_front_is_the_same_in_every_unit(unit):
    options, budget, _ = random_case(5)
    told = front(options, Limits(budget=budget), aims=["value", "co2"], points=9).points
    for money, co2 in ((1.0, unit), (unit * 1e-6, 1.0)):
        within = Limits(budget=budget * money)
        found = front(counted(options, money, co2), within, aims=["value", "co2"], points=9).points
        assert found / [money, co2] == pytest.approx(told, rel=1e-6)


TWO = [Option("a", 5, 1, {"co2": 1.0}), Option("b", 5, 1, {"co2": 1.0})]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (
            lambda: choose(TWO, Limits(), interactions=[Overlap({"a": 1.2, "b": 0.5})]),
            "a saves the share 1.2",
        ),
        (
            lambda: choose(TWO, Limits(), interactions=[Overlap({"a": 0.2, "b": -0.5})]),
            "b saves the share -0.5",
        ),
        (lambda: choose(TWO, Limits(), interactions=[Overlap({"a": float("nan"), "b": 1.0})]), "share nan"),
        (
            lambda: choose(TWO, Limits(), interactions=[Overlap({"a": 0.1, "b": 1.0}, float("inf"))]),
            "missing or",
        ),
        (
            lambda: choose(TWO, Limits(), interactions=[Interaction("a", "b", float("nan"))]),
            "a, b do to each",
        ),
        (lambda: choose([Option("a", 1, 1, {"co2": float("nan")})], Limits()), "a saving of a is missing"),
        (lambda: choose(TWO, Limits(budget=1)).why("zz"), "'zz' is none of the options; they are a, b"),
        (
            lambda: next_step(choose(TWO, Limits(budget=1)), Limit("budget", 1, 3.0)),
            "no limit of this choice",
        ),
        (
            lambda: next_step(choose(TWO, Limits(targets={"co2": 1})), Limit("target", "co2", 1.0)),
            "no limit of",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name_in_both_languages(ask, says):
    with pytest.raises(ScienceError, match=says) as refusal:
        ask()
    assert refusal.value.words("vi") != refusal.value.words("en")
