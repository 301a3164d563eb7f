"""Which of several technologies: the weighted sum, its room, the ranks over all weights, a second opinion."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.decision import (
    Criterion,
    Settings,
    Table,
    acceptability,
    closeness,
    normalise,
    rank,
    rooms,
)
from sachhon.science.uncertainty import ScienceError

CASES = Path(__file__).parents[1] / "cases" / "decision"
PUBLISHED = json.loads((CASES / "published.json").read_text(encoding="utf-8"))

# A kiln is chosen: cost (less is better), brick of first quality, dust. One is too dusty.
KILN = Table(
    ("vertical", "tunnel", "zigzag"),
    (
        Criterion("cost", 50, more=False),
        Criterion("quality", 30),
        Criterion("dust", 20, more=False, most=200),
    ),
    np.array([[4.0, 88.0, 150.0], [12.0, 96.0, 90.0], [2.0, 80.0, 400.0]]),
)


def test_the_closeness_of_a_published_case():
    told = json.loads((CASES / "tzeng_huang_2011.json").read_text(encoding="utf-8"))
    weights = np.array(told["weights"])
    criteria = [Criterion(f"c{i}", w) for i, w in enumerate(weights)]
    found = closeness(np.array(told["figures"], dtype=float), criteria, weights)
    assert found == pytest.approx(told["topsis"], abs=5e-5)
    assert [sorted(-found).index(v) + 1 for v in -found] == told["ranks"]


def test_what_is_beyond_a_hard_limit_is_out_and_leaves_the_scales_alone():
    found = rank(KILN)
    assert found.alternatives == ("vertical", "tunnel")
    (out,) = found.out
    assert (out.alternative, out.criterion, out.kind, out.value, out.limit) == (
        "zigzag",
        "dust",
        "most",
        400,
        200,
    )
    # of the two that stay, one is best in cost, the other in quality and dust: 0.5 each
    assert found.scores == pytest.approx([0.5, 0.5])
    assert found.tied == ("vertical", "tunnel")


def test_a_missing_figure_is_told_and_never_counted_as_nought():
    figures = KILN.figures.copy()
    figures[0, 1] = np.nan
    found = rank(replace(KILN, figures=figures))
    assert {(o.alternative, o.kind) for o in found.out} == {("vertical", "missing"), ("zigzag", "most")}
    assert found.alternatives == ("tunnel",)
    assert found.rooms is None
    figures[1, 1] = np.nan
    with pytest.raises(ScienceError):
        rank(replace(KILN, figures=figures))


def test_shares_and_ranges_put_figures_on_one_scale_in_both_directions():
    criteria = [Criterion("a", 1), Criterion("b", 1, more=False), Criterion("c", 1, low=0, high=10)]
    x = np.array([[2.0, 4.0, 5.0], [8.0, 1.0, 15.0]])
    assert normalise(x, criteria, "range") == pytest.approx(np.array([[0, 0, 0.5], [1, 1, 1]]))
    assert normalise(x, criteria, "share") == pytest.approx(np.array([[0.25, 0.25, 0.5], [1, 1, 1]]))
    with pytest.raises(ScienceError):
        normalise(-x, criteria, "share")


def exact_score(values, weights, k, t, i):
    """The score of i in fractions when criterion k weighs t and the others keep their proportions."""
    rest = 1 - Fraction(weights[k])
    return Fraction(values[i][k]) * t + sum(
        Fraction(weights[j]) * Fraction(values[i][j]) * (1 - t) / rest for j in range(len(weights)) if j != k
    )


tenths = st.integers(0, 10).map(lambda n: n / 10)


@given(
    st.integers(2, 4).flatmap(
        lambda n: st.tuples(
            st.lists(st.lists(tenths, min_size=n, max_size=n), min_size=2, max_size=5),
            st.lists(st.integers(1, 9), min_size=n, max_size=n),
        )
    )
)
def test_the_first_place_stays_within_its_room_and_is_lost_just_beyond_in_exact_arithmetic(drawn):
    rows, parts = drawn
    values, weights = np.array(rows), np.array(parts) / sum(parts)
    exact = [[Fraction(round(v * 10), 10) for v in row] for row in rows]
    shares = [Fraction(p, sum(parts)) for p in parts]
    leader = max(
        range(len(rows)), key=lambda i: (sum(w * v for w, v in zip(shares, exact[i], strict=True)), -i)
    )
    for k, room in enumerate(rooms(values, weights, leader)):
        assert room.low <= room.weight <= room.high
        for end, taker, side in ((room.low, room.below, -1), (room.high, room.above, 1)):
            inside = Fraction(room.weight) + (Fraction(end) - Fraction(room.weight)) * Fraction(
                999999, 1000000
            )
            best = max(exact_score(exact, shares, k, inside, i) for i in range(len(rows)))
            assert exact_score(exact, shares, k, inside, leader) >= best - Fraction(1, 10**9)
            beyond = Fraction(end) + side * Fraction(1, 10**6)
            if taker is not None and 0 <= beyond <= 1:
                assert exact_score(exact, shares, k, beyond, taker) > exact_score(
                    exact, shares, k, beyond, leader
                )
            elif taker is None:
                assert end in (0.0, 1.0)


def test_the_critical_weight_of_a_table_of_the_literature():
    """Figures from memory of Triantaphyllou and Sánchez 1997, not read; the move by hand, not the paper's:

    c4 from 0.0790: r1 − r2 = (0.31615 − 0.27675 + 0.07899·(0.6288 − 0.1922)) / (1 − 0.07899) = 0.080223, so that
    t = 0.080223 / (0.080223 + 0.4366) = 0.15522.
    """
    told = PUBLISHED["triantaphyllou"]
    weights, figures = told["weights"], np.array(told["figures"])
    criteria = tuple(Criterion(f"c{i}", w, low=0, high=1) for i, w in enumerate(weights, 1))
    found = rank(Table(("A1", "A2", "A3", "A4"), criteria, figures))
    assert found.order == (0, 1, 2, 3)
    assert found.scores == pytest.approx(figures @ np.array(weights) / sum(weights))
    assert found.critical == 3
    room = found.rooms[3]
    assert (room.high, room.above, room.below) == (pytest.approx(0.1552, abs=5e-5), 1, None)


def test_the_scores_and_ranks_of_ten_published_manufacturing_systems():
    told = PUBLISHED["chakraborty"]
    criteria = tuple(
        Criterion(f"c{i}", weight, more)
        for i, (weight, more) in enumerate(zip(told["weights"], told["more"], strict=True))
    )
    names = tuple(f"F{i}" for i in range(1, 11))
    found = rank(
        Table(names, criteria, np.array(told["figures"], dtype=float)), Settings(normalisation="share")
    )
    assert found.scores == pytest.approx(told["scores"], abs=1e-4)
    assert [found.order.index(i) + 1 for i in range(10)] == told["ranks"]


def test_ranks_over_all_weights_are_the_lengths_of_the_pieces_where_there_are_two_criteria():
    # scores w·1 + (1−w)·0, w·0.4 + (1−w)·0.8 and 0.5: 1st where w > 0.5714, 2nd down to 0.5, last below
    values = np.array([[1.0, 0.0], [0.4, 0.8], [0.5, 0.5]])
    found = acceptability(values, draws=200_000, seed=1)
    assert found.first == pytest.approx([1 - 4 / 7, 4 / 7, 0], abs=4 / np.sqrt(200_000))
    # against 0.5: the first wins above w = ½, the second below w = ¾
    assert found.ranks[2] == pytest.approx([0, 3 / 4, 1 / 4], abs=4 / np.sqrt(200_000))
    assert found.ranks.sum(axis=1) == pytest.approx([1, 1, 1])
    assert found.ranks.sum(axis=0) == pytest.approx([1, 1, 1])
    assert found.central[0] == pytest.approx([(1 + 4 / 7) / 2, (1 - 4 / 7) / 2], abs=0.005)
    assert np.isnan(found.central[2]).all()
    again = acceptability(values, draws=200_000, seed=1)
    assert np.array_equal(found.ranks, again.ranks)


def test_three_equal_criteria_share_the_first_place_evenly():
    found = acceptability(np.eye(3), draws=60_000, seed=7)
    assert found.ranks == pytest.approx(np.full((3, 3), 1 / 3), abs=5 * np.sqrt(2 / 9 / 60_000))
    # a weight is the largest of three: mean (1 + 1/2 + 1/3)/3 = 11/18
    assert found.central[0, 0] == pytest.approx(11 / 18, abs=0.005)


def test_what_departs_is_said_in_both_languages():
    assert Settings().departures() == Settings().departures("en") == ()
    assert "shares" in Settings(normalisation="share").departures("en")[0]
    found = rank(KILN)
    assert "thêm hoặc bớt" in found.departures()[0]
    closed = replace(KILN, criteria=tuple(replace(c, low=0, high=1000) for c in KILN.criteria))
    assert rank(closed).departures("en") == ()
    assert found.agrees == (found.alternatives[int(np.argmax(found.second_opinion))] in found.tied)


@pytest.mark.parametrize(
    "wrong",
    [
        {"figures": np.zeros((2, 2))},
        {"criteria": tuple(replace(c, weight=0) for c in KILN.criteria)},
        {"criteria": tuple(replace(c, weight=-1) for c in KILN.criteria)},
        {"criteria": tuple(replace(c, low=5, high=5) for c in KILN.criteria)},
        {"alternatives": ("a", "a", "b")},
    ],
)
def test_what_cannot_be_compared_is_refused(wrong):
    with pytest.raises(ScienceError):
        replace(KILN, **wrong)
