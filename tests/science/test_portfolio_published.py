"""Choices whose optimum is published, and aims under uncertainty against their definition."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sachhon.science.portfolio import Limits, Option, Scenarios, Settings, choose, front
from sachhon.science.uncertainty import ScienceError

FOLDER = Path(__file__).parent.parent / "cases" / "portfolio"
CASES = FOLDER / "mknap1.txt"
PUBLISHED = json.loads((FOLDER / "published.json").read_text(encoding="utf-8"))


def knapsacks():
    lines = [line for line in CASES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    figures = iter([float(word) for line in lines for word in line.split()])
    for _ in range(int(next(figures))):
        n, m, optimum = int(next(figures)), int(next(figures)), next(figures)
        worth = [next(figures) for _ in range(n)]
        use = [[next(figures) for _ in range(n)] for _ in range(m)]
        yield optimum, worth, np.array(use).T, [next(figures) for _ in range(m)]


@pytest.mark.parametrize(("optimum", "worth", "use", "limits"), list(knapsacks()))
def test_petersens_projects_have_the_published_optimum(optimum, worth, use, limits):
    options = [Option(f"p{i}", value, use[i].tolist()) for i, value in enumerate(worth)]
    found = choose(options, Limits(limits))
    assert found.aim == pytest.approx(optimum, abs=1e-6)
    assert found.gap <= 1e-9
    assert (np.array(found.cost) <= np.array(limits) + 1e-9).all()


def test_the_four_investments_of_a_tutorial_have_their_best_choice_though_rounding_misses_it():
    told = PUBLISHED["capital_budgeting"]
    options = [
        Option(str(i), value, cost)
        for i, (value, cost) in enumerate(zip(told["value"], told["cost"], strict=True), 1)
    ]
    for method in ("exact", "fast"):
        found = choose(options, Limits(told["budget"]), settings=Settings(method=method, gap=0.0))
        assert found.aim == told["best"]
        assert sorted(found.chosen) == told["chosen"]


def test_the_published_front_of_two_aims_is_found_whole():
    told = PUBLISHED["two_aims"]
    options = [
        Option(str(i), a, use, {"second": b})
        for i, (a, b, use) in enumerate(zip(told["first"], told["second"], told["use"], strict=True), 1)
    ]
    ends = told["front"][0][1], told["front"][-1][1]
    found = front(options, Limits(told["limit"]), aims=["value", "second"], points=ends[1] - ends[0] + 1)
    assert found.points.tolist() == [[a, b] for a, b, _ in told["front"]]
    for portfolio, (_, _, projects) in zip(found.portfolios, told["front"], strict=True):
        assert sorted(int(code) for code in portfolio.chosen) == projects


def test_the_bad_tail_is_the_mean_of_the_worst_scenarios_and_a_cautious_choice_has_a_better_one():
    random = np.random.default_rng(2)
    value, cost = random.uniform(5, 20, 30), random.uniform(2, 8, 30)
    factor = np.where(
        np.arange(30)[:, None] % 2, random.normal(1, 0.9, (1, 40)), random.normal(0.85, 0.05, (30, 40))
    )
    table = value[:, None] * factor
    options = [Option(f"o{i}", value[i], cost[i]) for i in range(30)]
    limits = Limits(50.0)
    bold = choose(options, limits, scenarios=Scenarios(table, weight=0.0))
    careful = choose(options, limits, scenarios=Scenarios(table, weight=1.0))
    inside = np.array([o.code in careful.chosen for o in options])
    worst = np.sort(inside @ table)[:4]
    assert careful.cvar == pytest.approx(worst.mean())
    assert careful.aim == pytest.approx(careful.cvar)
    assert careful.cvar > bold.cvar + 1e-6
    assert bold.totals["value"] >= careful.totals["value"] - 1e-9
    assert bold.aim == pytest.approx(bold.totals["value"])


def test_an_option_may_begin_later_and_what_it_needs_begins_no_later():
    options = [
        Option("a", 100, (50, 20), starts=(0, 1)),
        Option("b", 90, 60, starts=(0, 1, 2), requires=("a",)),
    ]
    found = choose(options, Limits((60, 60, 60)), settings=Settings(rate=0.1))
    assert found.starts == {"a": 0, "b": 2}
    assert found.cost == pytest.approx((50, 20, 60))
    assert found.aim == pytest.approx(100 + 90 / 1.1**2)
    saved = choose(options, Limits((60, 70, 60), carry_over=True), settings=Settings(rate=0.1))
    assert saved.starts == {"a": 0, "b": 1}


@pytest.mark.parametrize(
    ("options", "limits", "says"),
    [
        ([Option("a", 1), Option("a", 2)], Limits(), "same code"),
        ([Option("a", 1, requires=("z",))], Limits(), "not among the options"),
        ([Option("a", float("nan"))], Limits(), "missing"),
        ([Option("a", 1, -3)], Limits(), "negative"),
        ([Option("a", 1, (1, 2, 3))], Limits((5,)), "add the years"),
    ],
)
def test_figures_that_cannot_be_are_refused_with_what_to_do(options, limits, says):
    with pytest.raises(ScienceError, match=says):
        choose(options, limits)


def test_the_price_of_a_budget_is_what_one_more_unit_would_gain():
    random = np.random.default_rng(8)
    worth, cost = random.lognormal(3, 1, (2, 400))
    options = [Option(f"o{i}", worth[i], cost[i]) for i in range(400)]
    budget = 0.2 * cost.sum()
    less, more = (choose(options, Limits(budget + step)) for step in (-60, 60))
    price = choose(options, Limits(budget)).uses[0].price
    assert price == pytest.approx((more.aim - less.aim) / 120, rel=0.1)
