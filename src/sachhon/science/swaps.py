"""Are columns filled in in each other's place? Two for a whole year, or a ring of two or three for some months.

Each alone may look like a change that happens; together they are the earlier figures crosswise. Not here: a single
figure against its history (`plausibility`); which lines and months are compared (the caller's).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

_MOST_LINES = 12  # rings of three among more would take long, and so many wrong lines are no turned columns


@dataclass(frozen=True)
class Ring:
    """Line `lines[k]` holds the figures of `lines[k + 1]`, the last one those of the first, in the months `months`
    (positions, in a row). odds : of the line whose figures are least plainly another's, how many times likelier they
    are as that one's than as its own; weight : the logarithm of the odds of all its lines together."""

    lines: tuple[int, ...]
    months: tuple[int, ...]
    odds: float
    weight: float


def swapped(
    now: Sequence[float], before: Sequence[float], *, apart: float = 0.5, fit: float = 0.25
) -> tuple[tuple[int, int], ...]:
    """Pairs of lines (i, j) whose figures stand in each other's place, as when two columns are filled in swapped.

    now, before : (n,) of the same lines in two years, all positive. With g the median of ln(now/before), what all
    lines changed by, a pair is swapped when |ln(nowᵢ/beforeᵢ) − g| + |ln(nowⱼ/beforeⱼ) − g| ≥ `apart`, in opposite
    ways, while |ln(nowᵢ/beforeⱼ) − g| + |ln(nowⱼ/beforeᵢ) − g| ≤ `fit` times that.
    """
    if len(now) < 2:
        return ()
    this, last = np.log(np.asarray(now, dtype=float)), np.log(np.asarray(before, dtype=float))
    change = np.sort(this - last)
    # Of an even number each of the middle two may be the common change: further mistakes can push either way.
    middles = {float(change[(len(now) - 1) // 2]), float(change[len(now) // 2])}
    commons = middles if len(now) > 2 else {float(change.mean())}
    return tuple(
        (i, j)
        for i in range(len(now))
        for j in range(i + 1, len(now))
        if any(_crosswise(this, last, i, j, common, apart, fit) for common in commons)
    )


def _crosswise(
    this: np.ndarray, last: np.ndarray, i: int, j: int, common: float, apart: float, fit: float
) -> bool:
    one, other = this[i] - last[i] - common, this[j] - last[j] - common
    straight = abs(one) + abs(other)
    crossed = abs(this[i] - last[j] - common) + abs(this[j] - last[i] - common)
    return bool(one * other < 0 and straight >= apart and crossed <= fit * straight)


def turned(
    now: ArrayLike,
    usual: ArrayLike,
    spread: ArrayLike,
    *,
    apart: float = 0.5,
    fit: float = 0.25,
    least_months: int = 4,
    least_odds: float = 20.0,
    reach: float = 3.5,
) -> tuple[Ring, ...]:
    """Rings of two or three lines whose figures stand in each other's place for some months in a row.

    now, usual : (n, m) specific consumptions of n lines in m months, and what is usual for the line in that month;
    NaN where one is not known. spread : (n,) of their logarithms, of one line in its history. With r the logarithm
    of now over a line's own usual, and q over that of the line whose figures it would hold, a month is turned where
    every line fits the other better than itself,

        r² / 2s² + ln s > q² / 2s'² + ln s'        (normal in logarithms; s' of the other line),

    and Σ|q| ≤ Σ|r| / 2. Over the longest run of such months, of `least_months` at least, the means must differ by
    `apart` a pair, fit to `fit` and to `reach` times the other line's spread (as a figure of that line it would not be
    doubted), and each line be `least_odds` times likelier as the other. A run is judged by its
    means as one draw: what really changes (another machine) stays changed, so months are no independent witnesses.
    A line is told in one ring, that of the greatest weight: of two lines of a ring of three one may pass for a pair.
    """
    this, own = np.log(_positive(now)), np.log(_positive(usual))
    s = np.asarray(spread, dtype=float)
    if this.ndim != 2 or this.shape != own.shape or s.shape != this.shape[:1] or not np.all(s > 0):
        raise ValueError("now and usual are lines × months of one shape, spread one positive figure a line")
    with np.errstate(invalid="ignore"):
        strays = (np.abs(this - own) > s[:, None]).sum(axis=1) >= least_months
    found = []
    if strays.sum() <= _MOST_LINES:
        for lines in _rings(np.flatnonzero(strays).tolist()):
            ring = _judged(this, own, s, lines, apart, fit, least_months, least_odds, reach)
            found += [ring] if ring is not None else []
    told: list[Ring] = []
    for ring in sorted(found, key=lambda each: -each.weight):
        if not any(set(ring.lines) & set(other.lines) for other in told):
            told.append(ring)
    return tuple(told)


def _judged(
    this: np.ndarray,
    own: np.ndarray,
    s: np.ndarray,
    lines: tuple[int, ...],
    apart: float,
    fit: float,
    least_months: int,
    least_odds: float,
    reach: float,
) -> Ring | None:
    one = list(lines)
    other = one[1:] + one[:1]
    straight, crossed = this[one] - own[one], this[one] - own[other]
    s_one, s_other = s[one][:, None], s[other][:, None]

    def gain(r: np.ndarray, q: np.ndarray) -> np.ndarray:
        return r**2 / (2 * s_one**2) + np.log(s_one) - q**2 / (2 * s_other**2) - np.log(s_other)

    better = gain(straight, crossed).min(axis=0) > 0  # NaN, a month that is not known of all, is no better
    turned_months = better & (np.abs(crossed).sum(axis=0) <= np.abs(straight).sum(axis=0) / 2)
    months = _longest(turned_months)
    if len(months) < least_months:
        return None
    r, q = (each[:, months].mean(axis=1, keepdims=True) for each in (straight, crossed))
    won = gain(r, q)
    off, left, odds = np.abs(r).sum(), np.abs(q).sum(), float(won.min())
    if off < apart * len(lines) / 2 or left > fit * off or odds < math.log(least_odds):
        return None
    if (np.abs(q) > reach * s_other).any():
        return None
    return Ring(lines, tuple(months), math.exp(min(odds, 700.0)), float(won.sum()))


def _rings(lines: Sequence[int]) -> Iterator[tuple[int, ...]]:
    yield from combinations(lines, 2)
    for a, b, c in combinations(lines, 3):
        yield a, b, c
        yield a, c, b


def _longest(flags: np.ndarray) -> list[int]:
    """The positions of the longest run of true flags, the first of those of one length."""
    best: list[int] = []
    run: list[int] = []
    for at, flag in enumerate(flags):
        run = [*run, at] if flag else []
        best = run if len(run) > len(best) else best
    return best


def _positive(values: ArrayLike) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return np.where(array > 0, array, np.nan)
