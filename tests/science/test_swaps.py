"""Columns in each other's place for some months: told where every line fits the other far better, and else not."""

import numpy as np
import pytest

from sachhon.science.swaps import turned

SPREAD = np.full(4, 0.1)
USUAL = np.outer([10.0, 7.0, 40.0, 2.5], np.ones(12))
NOISE = np.exp(np.random.default_rng(3).normal(0, 0.06, USUAL.shape))


def year():
    return USUAL * NOISE


def put(now, order, months):
    """The lines of `order` hold the figures of the next one, the last those of the first."""
    out = now.copy()
    for line, other in zip(order, (*order[1:], order[0]), strict=True):
        out[line, months] = now[other, months]
    return out


def test_a_year_like_the_others_holds_no_ring():
    assert turned(year(), USUAL, SPREAD) == ()


@pytest.mark.parametrize("order", [(0, 1), (1, 3), (0, 2, 3), (0, 3, 2), (1, 2, 3)])
@pytest.mark.parametrize("months", [slice(0, 12), slice(0, 6), slice(5, 10)])
def test_two_or_three_lines_turned_for_some_months_are_told_with_them(order, months):
    (ring,) = turned(put(year(), order, months), USUAL, SPREAD)
    at = ring.lines.index(order[0])
    assert ring.lines[at:] + ring.lines[:at] == order
    assert set(ring.months) == set(range(12)[months])
    assert ring.odds > 20


def test_two_pairs_are_told_beside_one_another():
    now = put(put(year(), (0, 1), slice(0, 12)), (2, 3), slice(0, 6))
    assert {ring.lines for ring in turned(now, USUAL, SPREAD)} == {(0, 1), (2, 3)}


def test_few_months_or_months_apart_are_no_run():
    assert turned(put(year(), (0, 1), slice(0, 3)), USUAL, SPREAD) == ()
    assert turned(put(year(), (0, 1), slice(0, 12, 2)), USUAL, SPREAD) == ()


def test_a_line_that_changed_alone_or_with_all_the_others_is_no_ring():
    alone = year()
    alone[0] *= 0.7
    assert turned(alone, USUAL, SPREAD) == ()
    assert turned(year() * 1.5, USUAL, SPREAD) == ()


def test_one_fuel_for_another_is_no_ring_where_it_does_not_fit_the_others_history():
    now = year()
    now[0] *= 0.5
    now[1] *= 2.4
    assert turned(now, USUAL, SPREAD) == ()


def test_lines_that_always_vary_so_much_are_not_held():
    now = put(year(), (0, 1), slice(0, 12))
    assert turned(now, USUAL, np.full(4, 0.5)) == ()


def test_a_season_that_comes_each_year_is_no_ring():
    season = np.where(np.arange(12) < 6, 1.0, 0.7)
    usual = USUAL.copy()
    usual[0], usual[1] = 10 * season, 7 / season
    assert turned(usual * NOISE, usual, SPREAD) == ()


def test_months_that_are_not_known_are_passed_over_and_shapes_must_agree():
    now = put(year(), (0, 1), slice(0, 12))
    now[0, 6:] = np.nan
    (ring,) = turned(now, USUAL, SPREAD)
    assert ring.months == (0, 1, 2, 3, 4, 5)
    with pytest.raises(ValueError, match="one shape"):
        turned(now, USUAL[:3], SPREAD)
