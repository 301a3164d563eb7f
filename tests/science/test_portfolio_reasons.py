"""Why an option is in or out: what is told is tried by choosing again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sachhon.science.portfolio import (
    Cause,
    Interaction,
    Limits,
    Option,
    Scenarios,
    Settings,
    choose,
    overlap,
)

NEAR = 1e-3
"""Of worths up to 20: two choices nearer than 1e-5 of the aim the solver may take for equal."""


def risen(options, code, by):
    return [replace(o, value=o.value + by) if o.code == code else o for o in options]


def check_rise(options, limits, code, **how):
    """At the rise told the option is in, a little below it is out."""
    told = choose(options, limits, **how).reason(code)
    assert told.rise.proven
    assert code in choose(risen(options, code, told.rise.amount + NEAR), limits, **how).chosen
    if told.rise.amount > NEAR:
        assert code not in choose(risen(options, code, told.rise.amount - NEAR), limits, **how).chosen
    return told


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
@example(217247)  # the solver gave the objective of the optimum with another choice
def test_the_rise_told_brings_the_option_in_and_a_little_less_does_not(seed):
    random = np.random.default_rng(seed)
    options = [
        Option(
            f"o{i}",
            float(random.uniform(-5, 20)),
            float(random.uniform(1, 10)),
            {"coal": float(random.uniform(5, 60))},
            group="g" if random.random() < 0.3 else None,
            requires=(f"o{random.integers(0, i)}",) if i and random.random() < 0.25 else (),
        )
        for i in range(7)
    ]
    limits = Limits(budget=float(random.uniform(5, 20)))
    shared = [overlap(options, "coal", 100.0, 0.15)]
    found = choose(options, limits, interactions=shared)
    for reason in found.reasons():
        if reason.rise:
            check_rise(options, limits, reason.code, interactions=shared)
        elif reason.cause is Cause.IMPOSSIBLE:
            rich = risen(options, reason.code, 1e4)
            assert reason.code not in choose(rich, limits, interactions=shared).chosen


def test_an_option_dearer_than_the_whole_budget_is_told_that_no_worth_brings_it_in():
    options = [Option("a", 5, 8), Option("b", 6, 7), Option("big", 1, 19)]
    found = choose(options, Limits(budget=12))
    told = found.reason("big")
    assert (told.cause, told.missing, told.rise) == (Cause.IMPOSSIBLE, 7.0, None)
    assert "more than the whole budget of year 1, 7 beyond it" in found.why("big", "en")
    assert "cả vốn năm thứ 1 cũng không đủ: thiếu 7" in found.why("big", "vi")
    assert "big" not in choose(risen(options, "big", 1e6), Limits(budget=12)).chosen


def test_an_option_for_which_what_must_be_in_leaves_no_room_can_never_come_in():
    options = [Option("a", 5, 8), Option("b", 6, 7)]
    found = choose(options, Limits(budget=12, must=("a",)))
    assert found.reason("b").cause is Cause.IMPOSSIBLE
    assert "no choice within the limits holds it" in found.why("b", "en")
    assert "không lựa chọn nào" in found.why("b", "vi")


def test_an_option_that_others_save_for_already_is_told_the_overlap():
    options = [Option("a", 60, 1, {"coal": 60}), Option("b", 30, 1, {"coal": 55})]
    told = check_rise(options, Limits(budget=10), "b", interactions=[overlap(options, "coal", 100.0, 1.0)])
    assert (told.cause, told.others) == (Cause.OVERLAP, ("a",))
    assert told.rise.amount == pytest.approx(3)
    assert "overlaps with a" in told.sentence("en")
    assert "chồng lấn với a" in told.sentence("vi")
    pair = [Interaction("a", "b", -40.0)]
    assert check_rise(options, Limits(), "b", interactions=pair).cause is Cause.OVERLAP


def test_a_loss_that_serves_another_option_must_rise_only_by_what_both_lose():
    options = [Option("a", -20), Option("c", 9, requires=("a",))]
    told = check_rise(options, Limits(), "a")
    assert (told.cause, told.rise.amount) == (Cause.NOT_WORTH, pytest.approx(11))
    assert "rise by 11 or more" in told.sentence("en")


def test_others_that_use_a_scarce_budget_better_are_told_with_the_true_rise():
    options = [Option("a", 5, 8), Option("b", 6, 7), Option("c", 8, 9)]
    told = check_rise(options, Limits(budget=12), "a")
    assert told.rise.amount == pytest.approx(3)
    assert told.cause is Cause.OTHERS_BETTER


def test_the_rival_of_a_group_and_the_missing_prerequisite_are_named():
    options = [Option("a", 5, 2, group="g"), Option("b", 9, 2, group="g"), Option("c", 4, 1, requires=("a",))]
    found = choose(options, Limits(budget=20))
    assert found.chosen == ("b",)
    assert (found.reason("a").cause, found.reason("a").others) == (Cause.EXCLUDED, ("b",))
    assert "it would need b out" in found.why("a", "en")
    assert (found.reason("c").cause, found.reason("c").others) == (Cause.PREREQUISITE, ("a",))
    assert "it needs a, which is not chosen" in found.why("c", "en")
    assert "cần a" in found.why("c", "vi")


def test_of_many_options_the_rise_is_told_as_the_least_that_is_sure():
    random = np.random.default_rng(2)
    worth, cost = random.uniform(1, 9, (2, 200))
    options = [Option(f"p{i}", float(worth[i]), float(cost[i])) for i in range(200)]
    limits = Limits(budget=100.0)
    found = choose(options, limits)
    out = [r for r in found.reasons() if r.rise and r.rise.amount > 0.1]
    assert out
    for reason in out[:8]:
        assert not reason.rise.proven
        assert "at least" in reason.sentence("en")
        below = risen(options, reason.code, 0.99 * reason.rise.amount)
        assert reason.code not in choose(below, limits).chosen


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_a_later_start_is_worth_less_in_every_scenario(weight):
    options = [Option("late", 100, 1, starts=(2,)), Option("soon", 90, 1)]
    scenarios = Scenarios(np.array([[80.0, 120.0], [90.0, 90.0]]), level=0.5, weight=weight)
    budget = (1.0, 0.0, 1.0)
    found = choose(options, Limits(budget=budget), scenarios=scenarios, settings=Settings(rate=0.1))
    tail, mean = 80 / 1.21 + 90, 100 / 1.21 + 90
    assert found.cvar == pytest.approx(tail)
    assert found.aim == pytest.approx(weight * tail + (1 - weight) * mean)
    assert found.totals["value"] == pytest.approx(mean)
    assert found.bound == pytest.approx(found.aim)


def test_a_later_start_loses_against_an_earlier_one_in_the_bad_tail():
    options = [Option("late", 0, 1, starts=(2,)), Option("soon", 0, 1)]
    scenarios = Scenarios(np.array([[100.0, 100.0], [90.0, 90.0]]), level=0.5, weight=1.0)
    limits = Limits(budget=(1.0, 0.0, 1.0), most_options=1)
    assert choose(options, limits, scenarios=scenarios, settings=Settings(rate=0.1)).chosen == ("soon",)
    assert choose(options, limits, scenarios=scenarios).chosen == ("late",)


@pytest.mark.parametrize("weight", [0.6, 1.0])
def test_an_option_left_out_for_its_risk_is_told_so_and_what_it_would_take(weight):
    options = [Option("firm", 10, 1), Option("bet", 20, 1)]
    # the bet loses in half of the scenarios what it more than gains in the others
    scenarios = Scenarios(np.array([[10.0, 10.0], [-40.0, 80.0]]), level=0.5, weight=weight)
    found = choose(options, Limits(budget=5), scenarios=scenarios)
    assert found.chosen == ("firm",)
    told = found.reason("bet")
    assert (told.cause, told.worth, told.tail) == (Cause.RISK, 20.0, -40.0)
    assert told.rise.proven
    assert told.rise.amount == pytest.approx(40 * weight - 20 * (1 - weight))
    for more, comes in ((NEAR, True), (-NEAR, False)):
        risen_values = scenarios.values + np.array([[0.0], [told.rise.amount + more]])
        again = choose(options, Limits(budget=5), scenarios=replace(scenarios, values=risen_values))
        assert ("bet" in again.chosen) == comes
    assert "out for its risk: in the bad scenarios the choice would be 40 worse" in told.sentence("en")
    assert "bị loại vì rủi ro: trong các kịch bản xấu, có nó thì kém đi 40" in told.sentence("vi")
    # looking at the mean alone it comes in
    assert "bet" in choose(options, Limits(budget=5), scenarios=replace(scenarios, weight=0.0)).chosen


def test_an_option_chosen_against_the_bad_scenarios_is_told_so():
    options = [Option("coal", 50, 1), Option("insurance", -2, 1)]
    scenarios = Scenarios(np.array([[0.0, 100.0], [30.0, -34.0]]), level=0.5, weight=0.9)
    found = choose(options, Limits(budget=5), scenarios=scenarios)
    assert found.chosen == ("coal", "insurance")
    told = found.reason("insurance")
    assert (told.cause, told.worth, told.tail) == (Cause.HEDGE, -2.0, 30.0)
    assert "in the bad scenarios it makes the choice 30 better" in told.sentence("en")
    assert "khá hơn 30" in told.sentence("vi")


def test_an_option_that_uses_more_of_what_must_be_saved_is_told_the_target_it_breaks():
    options = [
        Option("insulate", 4, 1, {"electricity": 30}),
        Option("dryer", 9, 1, {"electricity": -20}),
        Option("heat pump", 3, 1, {"electricity": 12}),
        Option("lamps", -20, 1, {"electricity": 10}),
    ]
    limits = Limits(targets={"electricity": 25.0})
    told = check_rise(options, limits, "dryer")
    assert told.cause is Cause.BREAKS_TARGET
    assert told.rise.amount == pytest.approx(11)  # only with the lamps, which lose 20
    assert (told.limit.kind, told.limit.subject) == ("target", "electricity")
    assert told.missing == pytest.approx(25 - (42 - 20))
    assert "the least saving of electricity would be missed by 3" in told.sentence("en")
    assert "mức tiết kiệm tối thiểu về electricity thiếu 3" in told.sentence("vi")
    # were so much less asked, it would come in
    assert "dryer" in choose(options, replace(limits, targets={"electricity": 22.0})).chosen


def test_where_others_use_a_scarce_means_better_it_is_named():
    options = [Option("a", 5, 8), Option("b", 6, 7), Option("c", 8, 9)]
    told = choose(options, Limits(budget=12)).reason("a")
    assert told.cause is Cause.OTHERS_BETTER
    assert told.limit.kind == "budget"
    assert "others use the scarce means (budget of year 1) better" in told.sentence("en")
    assert "nguồn lực khan hiếm (vốn năm thứ 1) tốt hơn" in told.sentence("vi")


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_under_scenarios_and_targets_the_cause_told_is_true(seed):
    """What is told to keep an option out does so: without risk, or without the target, the cause is gone."""
    random = np.random.default_rng(seed)
    options = [
        Option(f"o{i}", 0.0, float(random.uniform(1, 6)), {"power": float(random.uniform(-30, 40))})
        for i in range(6)
    ]
    values = random.uniform(-15, 25, (6, 5))
    scenarios = Scenarios(values, level=0.8, weight=0.7)
    best = sum(max(o.savings["power"], 0.0) for o in options)
    limits = Limits(budget=25.0, targets={"power": 0.3 * best})
    found = choose(options, limits, scenarios=scenarios)
    inside = np.array([o.code in found.chosen for o in options])
    mean, probability = scenarios.expected, scenarios.chances
    assert probability.sum() == pytest.approx(1)

    def aim(chosen):
        return 0.3 * mean[chosen].sum() + 0.7 * scenarios.cvar(values[chosen].sum(axis=0))

    for i, reason in enumerate(found.reasons()):
        assert reason.worth == pytest.approx(mean[i])
        beside = inside.copy()
        beside[i] = not inside[i]
        if reason.cause is Cause.RISK:
            assert mean[i] > 0
            assert aim(beside) <= aim(inside) + 1e-6
        elif reason.cause is Cause.BREAKS_TARGET:
            saved = sum(o.savings["power"] for o, yes in zip(options, beside, strict=True) if yes)
            assert saved < 0.3 * best
            assert reason.missing == pytest.approx(0.3 * best - saved)
        elif reason.cause is Cause.OTHERS_BETTER:
            # it fits no limit alone beside the others, or something scarce is told
            assert reason.limit is not None or aim(beside) > aim(inside)
        elif reason.cause is Cause.HEDGE:
            assert mean[i] <= 0
            assert aim(inside) >= aim(beside) - 1e-6
