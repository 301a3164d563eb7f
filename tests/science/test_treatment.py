"""Treating what is left: the chain, its spread, how often a limit is met, cost, what the source spares."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.reference.treatment import treatment_removals
from sachhon.science.treatment import (
    Inlet,
    Range,
    Removal,
    after_source,
    coefficient_of_reliability,
    investment,
    probability,
    removal_needed,
    running,
    through,
    yearly_cost,
)
from sachhon.science.uncertainty import ScienceError

CASES = Path(__file__).parents[1] / "cases" / "treatment"
TABLE = json.loads((CASES / "tm_5_814_8.json").read_text(encoding="utf-8"))
TRAINS = [(p, t) for p in ("bod5_20_c", "chat_ran_lo_lung_tss") for t in TABLE[p]]


@pytest.mark.parametrize(("parameter", "train"), TRAINS)
def test_a_published_train_is_gone_through_step_by_step(parameter, train):
    told = TABLE[parameter][train]
    marks = [told["influent"], *told["after"].values()]
    steps = [Removal(1 - b / a, 1 - b / a, 1 - b / a) for a, b in itertools.pairwise(marks)]
    found = through(Inlet(told["influent"], 0.3), steps)
    assert found.after == pytest.approx(marks[1:])
    assert found.cv == pytest.approx(0.3)  # steps that are certain add no spread


@pytest.mark.parametrize(("parameter", "train"), TRAINS)
def test_the_published_removals_lie_within_the_ranges_of_the_table(parameter, train):
    """Each unit of the manual that the reference table knows, against the table's own range."""
    told = TABLE[parameter][train]
    before, compared = told["influent"], 0
    for step, after in told["after"].items():
        fact = treatment_removals().get((step, parameter))
        if fact is not None and after < before:
            assert float(fact.low) <= 100 * (1 - after / before) <= float(fact.high), fact.code
            compared += 1
        before = after
    assert compared >= 3


def test_the_design_means_of_a_published_plant_are_found():
    told = json.loads((CASES / "reliability.json").read_text(encoding="utf-8"))
    for row in told["design_mean"]:
        mean = told["standard"] * coefficient_of_reliability(row["cv"], told["reliability"])
        assert mean == pytest.approx(row["mean"], abs=told["within"])


@given(
    st.floats(0.05, 1.5), st.floats(0.55, 0.99), st.floats(1, 500)
)  # the two formulas of Niku are each other's inverse
def test_a_plant_at_its_design_mean_meets_the_limit_as_often_as_designed(cv, reliability, limit):
    mean = coefficient_of_reliability(cv, reliability) * limit
    assert probability(through(Inlet(mean, cv), []), limit) == pytest.approx(reliability, abs=1e-9)


def test_mean_interval_and_probability_agree_with_a_draw_of_a_million():
    steps = [Removal(0.5, 0.6, 0.7), None, Removal(0.8, 0.88, 0.95)]
    found = through(Inlet(900, 0.4), steps)
    draw = np.random.default_rng(11)
    logs = math.log(900) - 0.5 * math.log1p(0.16) + math.sqrt(math.log1p(0.16)) * draw.standard_normal(10**6)
    for s in (steps[0], steps[2]):
        logs += math.log(1 - s.likely) - s.sigma**2 / 2 + s.sigma * draw.standard_normal(10**6)
    values = np.exp(logs)
    assert found.mean == pytest.approx(900 * 0.4 * 0.12)
    assert values.mean() == pytest.approx(found.mean, rel=0.005)
    assert np.quantile(values, [0.05, 0.95]) == pytest.approx(found.interval(), rel=0.01)
    assert (values <= 60).mean() == pytest.approx(probability(found, 60), abs=0.002)


def test_no_step_goes_below_its_floor_and_none_adds():
    found = through(Inlet(100, 0), [Removal(0.8, 0.9, 0.95, floor=15), Removal(0.5, 0.6, 0.7, floor=40)])
    assert found.after == (15, 15)  # 10 would be below the floor; what comes in below the floor stays
    assert found.at_floor == (0, 1)


@given(st.floats(1, 1e4), st.floats(0, 2), st.floats(0, 0.5), st.floats(0, 0.4))
def test_a_further_step_never_makes_the_outlet_worse(mean, cv, low, more):
    one = Removal(low, min(low + more / 2, 0.98), min(low + more, 0.99))
    before, after = through(Inlet(mean, cv), []), through(Inlet(mean, cv), [one])
    assert after.mean <= before.mean
    assert after.sigma >= before.sigma


def test_less_water_alone_makes_what_is_left_stronger():
    assert after_source(200, 600, 0.25, 0) == pytest.approx((150, 800))
    assert after_source(200, 600, 0.25, 0.5) == pytest.approx((150, 400))
    with pytest.raises(ScienceError):
        after_source(200, 600, 1, 0)


def test_the_removal_needed_is_none_where_the_limit_is_met_already():
    assert removal_needed(100, 50, 0, 0.9) == pytest.approx(0.5)
    assert removal_needed(100, 50, 0.5, 0.9) > 0.5
    assert removal_needed(10, 50, 0.5, 0.9) == 0


def test_a_larger_vessel_costs_what_the_textbook_says():
    told = json.loads((CASES / "cost.json").read_text(encoding="utf-8"))
    reference = Range(told["cost"], told["cost"], told["cost"])
    total, _within = investment([(reference, told["size"], told["exponent"])], told["wanted"])
    assert total.likely * told["index"][1] / told["index"][0] == pytest.approx(told["answer"], abs=50)


def test_twice_the_plant_costs_less_than_twice_and_a_year_of_it_is_an_instalment_and_running():
    step = (Range(100, 200, 400), 100, 0.6)
    total, within = investment([step, step], 200)
    assert total.likely == pytest.approx(400 * 2**0.6)
    assert within
    assert not investment([step], 501)[1]
    run = running([Range(1, 2, 3)], 1000)
    assert run == Range(1000, 2000, 3000)
    year = yearly_cost(Range(1000, 1000, 1000), run, 0, 10)
    assert (year.low, year.likely, year.high) == pytest.approx((1100, 2100, 3100))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: through(Inlet(0, 0.3), []),
        lambda: through(Inlet(1, -1), []),
        lambda: through(Inlet(1, 0), [Removal(0.9, 0.5, 0.95)]),
        lambda: through(Inlet(1, 0), [Removal(0.9, 0.95, 1.0)]),
        lambda: probability(through(Inlet(1, 0), []), 0),
        lambda: coefficient_of_reliability(0.3, 1.0),
        lambda: investment([], 0),
    ],
)
def test_what_cannot_be_is_told_in_both_languages(wrong):
    with pytest.raises(ScienceError) as told:
        wrong()
    assert told.value.words("vi") != told.value.words("en")


def test_nothing_need_be_removed_of_nothing_and_figures_below_zero_are_refused():
    assert removal_needed(0, 50, 0.5, 0.9) == 0
    assert removal_needed(0, 0, 0.5, 0.9) == 0
    assert removal_needed(10, 0, 0.5, 0.9) == 1
    for wrong in (
        (-1, 50, 0.5),
        (10, -5, 0.5),
        (10, 50, -0.5),
        (float("nan"), 50, 0.5),
        (10, float("inf"), 0.5),
    ):
        with pytest.raises(ScienceError, match="not negative"):
            removal_needed(*wrong, 0.9)
