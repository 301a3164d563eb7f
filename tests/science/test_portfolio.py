"""The chosen portfolio, against every other choice there is."""

from __future__ import annotations

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sachhon.science.portfolio import (
    ContradictingLimits,
    Interaction,
    Limits,
    Option,
    Settings,
    choose,
    front,
    next_step,
    overlap,
)
from sachhon.science.uncertainty import ScienceError

LIMITS = Limits(budget=20.0, sector_caps={"a": 14.0}, targets={"co2": 4.0})
OVERLAP = Interaction("o0", "o1", -3.0, {"co2": -0.5})


def random_options(seed, count=8):
    random = np.random.default_rng(seed)

    def amount(low, high):
        return round(float(random.uniform(low, high)), 2)

    return [
        Option(
            f"o{i}",
            amount(-2, 20),
            amount(1, 10),
            {"co2": amount(0, 5)},
            group="g" if random.random() < 0.3 else None,
            requires=(f"o{random.integers(0, i)}",) if i and random.random() < 0.25 else (),
            sector="ab"[random.integers(0, 2)] if i else "a",
        )
        for i in range(count)
    ]


def keeps_the_limits(chosen):
    codes = {option.code for option in chosen}
    co2 = sum(option.savings["co2"] for option in chosen) - 0.5 * ({"o0", "o1"} <= codes)
    return (
        sum(option.cost for option in chosen) <= 20 + 1e-9
        and sum(option.cost for option in chosen if option.sector == "a") <= 14 + 1e-9
        and sum(option.group == "g" for option in chosen) <= 1
        and all(code in codes for option in chosen for code in option.requires)
        and co2 >= 4 - 1e-9
    )


def every_choice(options):
    """Cost and worth of each choice that keeps groups and prerequisites."""
    for size in range(len(options) + 1):
        for chosen in itertools.combinations(options, size):
            codes = {o.code for o in chosen}
            if sum(o.group == "g" for o in chosen) <= 1 and all(
                c in codes for o in chosen for c in o.requires
            ):
                yield sum(o.cost for o in chosen), sum(o.value for o in chosen)


def best_of_all(options):
    worth = [
        sum(option.value for option in chosen) - 3 * ({"o0", "o1"} <= {option.code for option in chosen})
        for size in range(len(options) + 1)
        for chosen in itertools.combinations(options, size)
        if keeps_the_limits(chosen)
    ]
    return max(worth, default=None)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(["exact", "fast"]))
def test_no_other_choice_within_the_limits_is_better_than_proven(seed, method):
    options = random_options(seed)
    best = best_of_all(options)
    if best is None:
        with pytest.raises(ContradictingLimits):
            choose(options, LIMITS, interactions=[OVERLAP], settings=Settings(method=method))
        return
    found = choose(options, LIMITS, interactions=[OVERLAP], settings=Settings(method=method))
    assert keeps_the_limits([option for option in options if option.code in found.chosen])
    assert found.bound >= best - 1e-6
    assert found.aim <= best + 1e-6
    assert found.gap <= (1e-6 if method == "exact" else 1e-3)
    for option in options:
        assert option.code in found.why(option.code, "en")
        assert option.code in found.why(option.code, "vi")


def test_a_large_fund_is_answered_within_a_proven_tenth_of_a_percent():
    random = np.random.default_rng(5)
    worth, cost, co2 = random.lognormal(3, 1, (3, 2000))
    options = [
        Option(f"p{i}", worth[i], cost[i], {"co2": co2[i]}, group=f"g{i // 5}", sector=f"s{i % 8}")
        for i in range(2000)
    ]
    limits = Limits(budget=0.1 * cost.sum(), sector_caps={f"s{k}": 0.015 * cost.sum() for k in range(8)})
    found = choose(options, limits)
    assert found.gap <= 1e-3
    greedy, spent, groups, sectors = 0.0, 0.0, set(), dict.fromkeys(limits.sector_caps, 0.0)
    for i in np.argsort(-worth / cost):
        option = options[i]
        full = sectors[option.sector] + cost[i] > limits.sector_caps[option.sector]
        if option.group in groups or full or spent + cost[i] > limits.budget:
            continue
        greedy, spent = greedy + worth[i], spent + cost[i]
        groups.add(option.group)
        sectors[option.sector] += cost[i]
    assert found.aim >= greedy


def test_two_savings_on_one_consumption_are_counted_as_one_after_the_other():
    first, second = Option("a", 1, savings={"kwh": 30.0}), Option("b", 1, savings={"kwh": 20.0})
    found = choose([first, second], Limits(), interactions=[overlap([first, second], "kwh", 100.0)])
    assert found.totals["kwh"] == pytest.approx(100 * (1 - 0.7 * 0.8))
    with pytest.raises(ScienceError, match="must lie between"):
        overlap([first, second], "kwh", 10.0)


def test_limits_that_contradict_are_named_with_what_to_change():
    options = [Option("a", 5, 10.0, {"co2": 1.0}), Option("b", 5, 10.0, {"co2": 1.0})]
    with pytest.raises(ContradictingLimits, match="co2"):
        choose(options, Limits(budget=12.0, targets={"co2": 2.0}))


@pytest.mark.parametrize(
    ("options", "limits", "takes_part", "says"),
    [
        (
            [Option("a", 5, 10.0), Option("b", 5, 10.0), Option("c", 5, 1.0)],
            Limits(budget=12.0, must=("a", "b", "c")),
            (("a", "b"), ()),
            ("options that must be in: a, b.", "12 → 21"),
        ),
        (
            [Option("a", 5, group="g"), Option("b", 5, group="g"), Option("c", 5)],
            Limits(must=("a", "b", "c")),
            (("a", "b"), ()),
            ("only one can be in of a, b", "Take one of these off what must be in: a, b"),
        ),
        (
            [
                Option("a", 5, requires=("b",)),
                Option("b", 5, requires=("c",)),
                Option("c", 5),
                Option("d", 5),
            ],
            Limits(must=("d", "a"), never=("c",)),
            (("a",), ("c",)),
            ("a needs b; b needs c", "options ruled out: c", "Or allow c"),
        ),
    ],
    ids=["too dear together", "one group", "needs what is ruled out"],
)
def test_a_contradiction_of_forced_options_names_them_and_what_ties_them(options, limits, takes_part, says):
    with pytest.raises(ContradictingLimits) as caught:
        choose(options, limits)
    assert (caught.value.forced, caught.value.forbidden) == takes_part
    for words in says:
        assert words in str(caught.value)
    vietnamese = caught.value.sentence("vi")
    assert "giải pháp bắt buộc: " + ", ".join(takes_part[0]) in vietnamese


def test_a_budget_that_is_carried_over_is_named_by_all_its_years():
    options = [Option("a", 100, (50, 20)), Option("b", 90, (0, 60)), Option("c", 1, (0, 10))]
    found = choose(options, Limits((60, 60), carry_over=True))
    assert "budget of years 1 to 2 together" in found.why("b", "en")
    assert "vốn cộng dồn từ năm thứ 1 đến năm thứ 2" in found.why("b", "vi")
    assert [use.limit.kind for use in found.uses] == ["budget", "carried"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"gap": -1}, "gap is -1"),
        ({"gap": float("nan")}, "gap is nan"),
        ({"time_limit": 0}, "seconds above 0"),
        ({"rate": -1}, "0.08 for 8 %"),
        ({"exact_up_to": -5}, "number of options"),
        ({"method": "best"}, "exact"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(wrong, says):
    with pytest.raises(ScienceError, match=says):
        Settings(**wrong)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(sector_caps={"brik": 10}), 'sector "brik".*brick'),
        (Limits(targets={"tor": 1}), 'resource "tor".*toe'),
        (Limits(sector_caps={"brick": -1}), "-1; correct it"),
        (Limits(budget=(5, -1)), "budget is missing or negative"),
        (Limits(staff=float("nan")), "staff is missing or negative"),
        (Limits(most_options=-1), "most_options"),
        (Limits(must=("a",), never=("a",)), "a: both in"),
    ],
)
def test_a_limit_that_no_option_knows_or_that_cannot_be_is_refused(limits, says):
    with pytest.raises(ScienceError, match=says):
        choose([Option("a", 1, 1, {"toe": 1}, sector="brick")], limits)


def test_the_solver_writes_nothing_where_a_program_prints_its_result():
    script = (
        "from sachhon.science.portfolio import *; print(choose([Option('a', 5, 3)], Limits(budget=4)).chosen)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("('a',)\n", "")


def test_no_point_of_the_front_is_worse_in_every_aim_than_another():
    options = random_options(3)
    points = front(options, Limits(budget=20.0), aims=["value", "co2"], points=5).points
    assert len(points) >= 2
    for p, q in itertools.permutations(points, 2):
        assert not ((q >= p - 1e-9).all() and (q > p + 1e-6).any())


def test_an_aim_that_no_option_saves_is_refused_with_those_there_are():
    options = [Option("a", 10.0, 5.0, savings={"toe": 2.0})]
    with pytest.raises(ScienceError, match=r'"vlaue".*toe, value'):
        choose(options, Limits(budget=10.0), aim={"vlaue": 1.0})
    with pytest.raises(ScienceError, match="not a number"):
        choose(options, Limits(budget=10.0), aim={"toe": float("nan")})
    assert choose(options, Limits(budget=10.0), aim={"toe": 1.0}).chosen == ("a",)


@given(st.integers(0, 10**6))
@example(140)  # nothing is affordable, and an empty choice must not pass for a better one
@settings(deadline=None, max_examples=60)
def test_the_next_step_is_the_least_budget_at_which_a_better_choice_exists(seed):
    """Against every choice there is; a relaxation's price cannot tell this, whole options come in steps."""
    options = random_options(seed)
    found = choose(options, Limits(budget=6.0))
    step = next_step(found, found.uses[0].limit)
    better = [
        (cost, worth)
        for cost, worth in every_choice(options)
        if worth > found.aim + 1e-5 * max(abs(o.value) for o in options)
    ]
    if not better:
        assert step is None
        return
    least = min(cost for cost, _worth in better)
    assert step.amount == pytest.approx(least, abs=1e-7)
    assert step.gain == pytest.approx(max(w for c, w in better if c <= least + 1e-7) - found.aim, abs=1e-6)
    raised = choose(options, Limits(budget=least + 1e-7))
    assert raised.aim == pytest.approx(found.aim + step.gain, abs=1e-6)
