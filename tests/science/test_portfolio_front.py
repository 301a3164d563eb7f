"""The front of several aims, against every choice there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.portfolio import Limits, Option, front
from sachhon.science.uncertainty import ScienceError

THREE = [
    Option("a", 9, 3, {"co2": 1, "w": 3}),
    Option("b", 2, 3, {"co2": 8, "w": 1}),
    Option("c", 5, 3, {"co2": 4, "w": 5}),
]


def unbeaten(points: set[tuple[float, ...]]) -> list[tuple[float, ...]]:
    return sorted(
        (
            p
            for p in points
            if not any(q != p and all(a >= b for a, b in zip(q, p, strict=True)) for q in points)
        ),
        reverse=True,
    )


@pytest.mark.parametrize("aims", list(itertools.permutations(["value", "co2", "w"])))
def test_a_point_below_what_the_first_aim_alone_gives_the_others_is_found(aims):
    found = front(THREE, Limits(budget=6), aims=aims, points=20)
    place = [("value", "co2", "w").index(name) for name in aims]
    expected = unbeaten({tuple(p[i] for i in place) for p in ((14, 5, 8), (11, 9, 4), (7, 12, 6))})
    assert found.points.tolist() == [pytest.approx(p) for p in expected]
    assert found.aims == aims
    for portfolio, point in zip(found.portfolios, expected, strict=True):
        assert [portfolio.totals[name] for name in aims] == pytest.approx(point)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6), st.integers(2, 3), st.booleans())
def test_every_choice_that_nothing_beats_is_found_and_no_other(seed, number, losses):
    random = np.random.default_rng(seed)
    names = ["value", "co2", "w"][:number]
    worth = random.integers(-2 if losses else 1, 9, (5, number)).astype(float)
    cost = np.round(random.uniform(1, 5, 5), 1)
    options = [
        Option(f"o{i}", worth[i, 0], float(cost[i]), dict(zip(names[1:], worth[i, 1:], strict=True)))
        for i in range(5)
    ]
    every = [np.array(x) for x in itertools.product([0, 1], repeat=5)]
    expected = unbeaten({tuple((x @ worth).tolist()) for x in every if x @ cost <= 7 + 1e-9})
    found = front(options, Limits(budget=7.0), aims=names, points=40)
    assert found.points.tolist() == [pytest.approx(p, abs=1e-6) for p in expected]


def test_a_coarse_front_of_three_aims_holds_points_that_nothing_beats():
    random = np.random.default_rng(4)
    options = [
        Option(f"o{i}", *random.uniform(1, 9, 2), {"co2": random.uniform(1, 9), "w": random.uniform(1, 9)})
        for i in range(12)
    ]
    coarse, fine = (
        front(options, Limits(budget=20.0), aims=["value", "co2", "w"], points=k).points for k in (3, 8)
    )
    assert 3 <= len(coarse) <= len(fine)
    for p, q in itertools.permutations(np.vstack([coarse, fine]), 2):
        assert not ((q >= p - 1e-9).all() and (q > p + 1e-2).all())


def test_an_aim_that_is_always_the_same_does_not_keep_the_others_from_being_told():
    options = [Option("a", 5, 3, {"co2": 1, "w": 0.0}), Option("b", 3, 3, {"co2": 2, "w": 0.0})]
    found = front(options, Limits(budget=3), aims=["value", "w", "co2"])
    assert found.points.tolist() == [[5, 0, 1], [3, 0, 2]]


@pytest.mark.parametrize(
    "wrong", [{"aims": ["value"]}, {"aims": ["co2", "co2"]}, {"aims": ["value", "co2"], "points": 1}]
)
def test_a_front_of_one_aim_is_refused(wrong):
    with pytest.raises(ScienceError, match="at least two different aims and two points"):
        front(THREE, Limits(budget=6), **wrong)
