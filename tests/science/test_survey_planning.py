"""Sample sizes, allocation and selection, against published allocations and exhaustive search."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from sachhon.science.survey import Design, allocate, draw, draw_by_size, draw_strata, sample_size
from sachhon.science.survey.selection import inclusion
from sachhon.science.uncertainty import ScienceError

CASES = json.loads((Path(__file__).parent.parent / "cases" / "survey" / "allocation.json").read_text())


def by(values):
    return dict(enumerate(values))


def variance(sizes, population, deviation):
    n, size, s = (np.array(list(x.values()), float) for x in (sizes, by(population), by(deviation)))
    return float(np.sum(size**2 * s**2 / n) - np.sum(size * s**2))


@pytest.mark.parametrize("case", CASES["stratallo"]["cases"])
def test_published_allocations_with_and_without_bounds(case):
    source = CASES["stratallo"]
    bounds = {
        "minimum": by(case["minimum"]) if "minimum" in case else 0,
        "maximum": by(case["maximum"]) if "maximum" in case else None,
    }
    found = allocate(by(source["population"]), by(source["deviation"]), total=case["total"], **bounds)
    assert list(found.optimum.values()) == pytest.approx(case["optimum"], rel=2e-6)
    assert variance(found.optimum, source["population"], source["deviation"]) == pytest.approx(
        case["variance"], abs=0.51
    )
    assert found.total == case["total"]
    error = np.sqrt(variance(found.sizes, source["population"], source["deviation"]))
    assert found.standard_error == pytest.approx(error / sum(source["population"]))


def test_the_published_least_cost_of_a_variance():
    case = CASES["stratallo"]["least_cost"]
    target = np.sqrt(case["variance"]) / sum(case["population"])
    found = allocate(
        by(case["population"]),
        by(case["deviation"]),
        standard_error=target,
        cost=by(case["cost"]),
        minimum=0,
        maximum=by(case["maximum"]),
    )
    assert list(found.optimum.values()) == pytest.approx(case["optimum"], rel=1e-6)
    assert found.standard_error <= target
    assert found.cost == pytest.approx(np.dot(case["cost"], list(found.optimum.values())), abs=0.6)


def test_equal_deviations_give_the_proportional_sizes_of_the_textbook():
    case = CASES["lohr"]
    found = allocate(by(case["population"]), by([1.0] * 4), total=300)
    assert list(found.sizes.values()) == case["sizes"]


def test_sample_sizes_of_the_textbook():
    level = float(2 * ndtr(2) - 1)  # the book's t = 2
    for case in CASES["cochran"]["share"]:
        many = {} if case["population"] is None else {"population": case["population"]}
        assert sample_size(case["margin"], share=0.5, level=level, **many) == case["answer"]
    for case in CASES["cochran"]["mean"]:
        many = {} if case["population"] is None else {"population": case["population"]}
        deviation = case["variance"] ** 0.5
        assert sample_size(case["margin"], deviation=deviation, level=level, **many) == case["answer"]
    assert sample_size(0.05, share=0.5, population=80) == 67
    assert sample_size(0.05, share=0.5, population=80, response=0.7) == 80  # there are no more to ask
    assert sample_size(0.05, share=0.5, response=0.5) == 2 * sample_size(0.05, share=0.5)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_no_other_whole_sizes_of_equal_cost_are_better(seed):
    random = np.random.default_rng(seed)
    population, deviation = random.integers(3, 12, 3), random.uniform(0.1, 5, 3)
    minimum = random.integers(1, 3, 3)
    total = int(random.integers(minimum.sum(), population.sum() + 1))
    found = allocate(by(population), by(deviation), total=total, minimum=by(minimum))
    best = min(
        variance(by(sizes), population, deviation)
        for sizes in itertools.product(*(range(m, p + 1) for m, p in zip(minimum, population, strict=True)))
        if sum(sizes) == total
    )
    assert variance(found.sizes, population, deviation) == pytest.approx(best, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_budgets_are_kept_bounds_hold_and_the_optimum_is_one(seed):
    random = np.random.default_rng(seed)
    k = int(random.integers(1, 6))
    population, deviation = random.integers(5, 400, k), random.uniform(0, 5, k) + 0.01
    cost = random.uniform(1, 9, k)
    least = cost @ np.minimum(2, population)
    budget = least + random.uniform(0, 1) * (cost @ population - least)
    found = allocate(by(population), by(deviation), budget=budget, cost=by(cost), response=0.8)
    sizes, optimum = np.array(list(found.sizes.values())), np.array(list(found.optimum.values()))
    assert cost @ sizes == pytest.approx(found.cost)
    assert found.cost <= budget * (1 + 1e-9)
    assert found.cost >= budget - cost.max() or (sizes == population).any()
    assert (sizes >= 2).all()
    assert (sizes <= population).all()
    assert cost @ optimum == pytest.approx(budget)
    free = (optimum > 2 + 1e-9) & (optimum < population - 1e-9)
    slope = (population * deviation) ** 2 / optimum**2 / cost  # the same for all that could move
    assert np.ptp(slope[free]) <= 1e-6 * slope[free].max() if free.any() else True
    ask = np.array(list(found.ask.values()))
    assert (ask >= np.minimum(sizes / 0.8, population) - 1e-9).all()
    # the standard error of the optimum costs what the optimum costs
    error = np.sqrt(max(variance(found.optimum, population, deviation), 0.0)) / population.sum()
    back = allocate(by(population), by(deviation), standard_error=error * (1 + 1e-9), cost=by(cost))
    assert cost @ np.array(list(back.optimum.values())) == pytest.approx(budget, rel=1e-5)
    assert back.standard_error <= error * (1 + 1e-8) + 1e-12


def test_what_cannot_be_allocated_or_drawn_is_told():
    size, spread = {"a": 10, "b": 20}, {"a": 1.0, "b": 2.0}
    with pytest.raises(ScienceError, match="give one of total, budget and standard_error"):
        allocate(size, spread)
    with pytest.raises(ScienceError, match="does not suffice"):
        allocate(size, spread, total=3)
    with pytest.raises(ScienceError, match="not reached"):
        allocate(size, spread, standard_error=0.001, maximum={"a": 5, "b": 5})
    with pytest.raises(ScienceError, match=r"the strata have 30 units.*total=30"):
        allocate(size, spread, total=31)
    with pytest.raises(ScienceError, match="greatest sizes add up to 12"):
        allocate(size, spread, total=13, maximum={"a": 5, "b": 7})
    with pytest.raises(ScienceError, match="total is nan"):
        allocate(size, spread, total=float("nan"))
    with pytest.raises(ScienceError, match="deviation of stratum 'b'"):
        allocate(size, {"a": 1.0, "b": -2.0}, total=10)
    with pytest.raises(ScienceError, match="the strata of population"):
        allocate(size, {"a": 1.0}, total=10)
    with pytest.raises(ScienceError, match="5 cannot be drawn of the 3 units"):
        draw(3, 5, seed=1)
    with pytest.raises(ScienceError, match="no unit lies in stratum 'z'"):
        draw_strata(["a", "b"], {"z": 1}, seed=1)
    with pytest.raises(ScienceError, match="size above zero"):
        draw_by_size([1, 0, 2], 3, seed=1)


def test_a_total_of_all_units_is_the_census_and_too_low_a_response_is_told():
    census = allocate({"a": 10, "b": 20}, {"a": 1.0, "b": 2.0}, total=30, response={"a": 0.5, "b": 1.0})
    assert census.sizes == {"a": 10, "b": 20}
    assert census.standard_error == 0
    assert census.short == ("a",)
    assert allocate({"a": 10, "b": 20}, {"a": 1.0, "b": 2.0}, total=15, response=0.9).short == ()


def test_a_drawn_sample_can_be_drawn_again_and_weighs_as_much_as_the_list():
    strata = ["a"] * 40 + ["b"] * 10 + ["c"] * 3
    sizes = {"a": 8, "b": 5, "c": 3}
    found = draw_strata(strata, sizes, seed=7)
    assert found.rows.tolist() == draw_strata(strata, sizes, seed=7).rows.tolist()
    assert found.rows.tolist() != draw_strata(strata, sizes, seed=8).rows.tolist()
    assert len(set(found.rows.tolist())) == 16
    assert found.weights.sum() == pytest.approx(53)
    assert found.certain.sum() == 3
    # a change in one stratum leaves the others as they were
    other = draw_strata(strata, sizes | {"b": 6}, seed=7)
    assert set(other.rows[other.rows < 40]) == set(found.rows[found.rows < 40])
    labels = [strata[row] for row in found.rows]
    design = Design(strata=labels, population={"a": 40, "b": 10, "c": 3})
    assert design.frame().weight == pytest.approx(found.weights)


def test_every_unit_is_drawn_as_often_as_it_should_be():
    x = np.array([1.0, 2, 3, 4, 10, 30])
    chance = inclusion(x, 3)
    assert chance == pytest.approx(np.array([0.1, 0.2, 0.3, 0.4, 1, 1]))
    for shuffle in (True, False):
        counts = np.zeros(6)
        for seed in range(4000):
            found = draw_by_size(x, 3, seed, shuffle=shuffle)
            assert found.rows.size == 3
            counts[found.rows] += 1
        assert counts / 4000 == pytest.approx(chance, abs=0.025)
    simple = np.zeros(8)
    for seed in range(10_000):
        simple[draw(8, 3, seed).rows] += 1
    assert simple / 10_000 == pytest.approx(np.full(8, 3 / 8), abs=0.02)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_a_sample_by_size_estimates_the_sum_of_sizes_without_error(seed):
    random = np.random.default_rng(seed)
    x = random.lognormal(0, 2, int(random.integers(2, 60)))
    number = int(random.integers(1, x.size + 1))
    found = draw_by_size(x, number, seed)
    assert len(set(found.rows.tolist())) == number
    assert found.weights @ x[found.rows] == pytest.approx(x.sum())
    assert inclusion(x, number).sum() == pytest.approx(number)


def test_a_sample_by_size_estimates_a_total_and_tells_its_error_from_above():
    # use goes with size but not quite; the largest are taken for certain and add no error
    random = np.random.default_rng(9)
    size = random.lognormal(0, 1.2, 300)
    use = size * random.lognormal(0, 0.4, 300)
    found, errors, covered = [], [], 0
    for seed in range(400):
        drawn = draw_by_size(size, 40, seed)
        design = Design(
            strata=drawn.certain,
            weights=drawn.weights,
            population={True: int(drawn.certain.sum()), False: np.inf},
        )
        total = design.total(use[drawn.rows])
        found.append(total.estimate)
        errors.append(total.standard_error)
        low, high = total.interval()
        covered += low <= use.sum() <= high
    assert drawn.certain.any()
    assert np.mean(found) == pytest.approx(use.sum(), abs=4 * np.std(found) / 20)
    assert 0.95 <= np.mean(errors) / np.std(found) < 1.35
    assert covered / 400 > 0.92
