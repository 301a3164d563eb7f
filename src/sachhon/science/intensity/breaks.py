"""Change points in time: where a level, or a relation to drivers, changed; and whether at a known date it did.

`change_points` finds the best partition for every number of breaks by dynamic programming (Bai & Perron 2003,
J. Applied Econometrics 18, 1–22), exact where binary segmentation is greedy, and takes the number by

    BIC = n (ln(RSS/n) + ln 2π + 1) + ((k + 1)(p + 1)) ln n,   k breaks, p coefficients a segment

`change_at` tests a date known beforehand, for example that of an investment (Chow 1960, Econometrica 28):

    F = ((RSS_whole − RSS_parts) / p) / (RSS_parts / (n − 2p))

A date found from the same data makes that p too small: use `change_points`' BIC instead. Shapes: y : (n,),
x : (n, p) with its constant; without x the level alone. Not here: related residuals (BIC then finds too
many), changes of variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.intensity.regression import EXACT
from sachhon.science.numeric import floats, whole_number
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Breaks:
    """chosen : number of observations before each break, of the partition with the least BIC.
    partitions : for 0, 1, 2 … breaks; rss, bic : of each."""

    chosen: tuple[int, ...]
    partitions: tuple[tuple[int, ...], ...]
    rss: tuple[float, ...]
    bic: tuple[float, ...]


@dataclass(frozen=True)
class KnownChange:
    """F and p of a change at a known date; coefficients before and after."""

    f: float
    p_value: float
    before: tuple[float, ...]
    after: tuple[float, ...]


def change_points(
    y: ArrayLike, x: ArrayLike | None = None, *, max_breaks: int = 5, smallest: int | None = None
) -> Breaks:
    """Partitions of a series with up to `max_breaks` breaks; smallest : observations in the shortest segment
    (15 % of n when not given, and more than p)."""
    values, design = _checked(y, x)
    n, p = design.shape
    max_breaks = whole_number(max_breaks, "max_breaks", "max_breaks")
    least = max(int(0.15 * n) if smallest is None else whole_number(smallest, "smallest", "smallest"), p + 1)
    if n < least:
        raise ScienceError(
            f"{n} observations are fewer than one segment of {least}; add months.",
            f"{n} quan sát ít hơn một đoạn {least}; hãy thêm tháng.",
        )
    cost = _costs(values, design, least)
    most = min(max_breaks, n // least - 1)
    best = [cost[0]]
    came: list[np.ndarray] = []
    for _ in range(most):
        through = best[-1][:, None] + cost
        came.append(np.argmin(through, axis=0))
        best.append(np.min(through, axis=0))
    partitions = []
    for k in range(most + 1):
        at, cuts = n, []
        for step in reversed(range(k)):
            at = int(came[step][at])
            cuts.append(at)
        partitions.append(tuple(reversed(cuts)))
    rss = [float(row[n]) for row in best]
    least_rss = _rounding(values) or np.finfo(float).tiny
    bic = [
        n * (np.log(max(r, least_rss) / n) + np.log(2 * np.pi) + 1) + (k + 1) * (p + 1) * np.log(n)
        for k, r in enumerate(rss)
    ]
    chosen = partitions[int(np.argmin(bic))]
    return Breaks(chosen, tuple(partitions), tuple(rss), tuple(float(b) for b in bic))


def change_at(y: ArrayLike, at: int, x: ArrayLike | None = None) -> KnownChange:
    """Chow's test of a change after the first `at` observations."""
    from scipy.special import fdtrc

    values, design = _checked(y, x)
    n, p = design.shape
    at = whole_number(at, "at", "at")
    if not p < at < n - p:
        raise ScienceError(
            f"a change after {at} of {n} leaves too few observations on a side for {p} terms.",
            f"thay đổi sau {at} trên {n} để lại quá ít quan sát ở một phía cho {p} số hạng.",
        )
    parts = [_solve(values[side], design[side]) for side in (slice(None, at), slice(at, None))]
    rss = parts[0][1] + parts[1][1]
    whole, noise = _solve(values, design)[1], _rounding(values)
    if rss <= noise:
        f, p_value = (float("inf"), 0.0) if whole > noise else (0.0, 1.0)
    else:
        f = max(whole - rss, 0.0) / p / (rss / (n - 2 * p))
        p_value = float(fdtrc(p, n - 2 * p, f))
    return KnownChange(f, p_value, tuple(map(float, parts[0][0])), tuple(map(float, parts[1][0])))


def _checked(y: ArrayLike, x: ArrayLike | None) -> tuple[np.ndarray, np.ndarray]:
    values = floats(y, "y", "y")
    design = np.ones((values.size, 1)) if x is None else floats(x, "x", "x")
    if values.ndim != 1 or design.ndim != 2 or design.shape[0] != values.size:
        raise ScienceError(
            "y must be (n,) and x (n, p), in time order.",
            "y phải có dạng (n,) và x (n, p), theo thứ tự thời gian.",
        )
    if not (np.isfinite(values).all() and np.isfinite(design).all()):
        raise ScienceError(
            "figures must be finite; leave out the months with a gap.",
            "các con số phải hữu hạn; hãy bỏ những tháng thiếu số liệu.",
        )
    return values, design


def _rounding(y: np.ndarray) -> float:
    """The sum of squares that computing leaves of an exact series, in which no change may be read: rounding of the
    figures, and of the running sums of their squares about the mean."""
    of_sums = np.finfo(float).eps * y.size * float(np.square(y - y.mean()).sum())
    return y.size * float(EXACT * np.abs(y).max()) ** 2 + of_sums


def _solve(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, float]:
    b = np.linalg.lstsq(x, y, rcond=None)[0]
    return b, float(np.square(y - x @ b).sum())


def _costs(y: np.ndarray, x: np.ndarray, least: int) -> np.ndarray:
    """RSS of every segment [i, j), (n + 1, n + 1), infinite below the smallest length."""
    n, p = x.shape
    cost = np.full((n + 1, n + 1), np.inf)
    if p == 1 and np.ptp(x) == 0:
        centred = y - y.mean()
        sums, squares = np.r_[0.0, np.cumsum(centred)], np.r_[0.0, np.cumsum(centred**2)]
        i, j = np.triu_indices(n + 1, least)
        cost[i, j] = np.maximum(squares[j] - squares[i] - (sums[j] - sums[i]) ** 2 / (j - i), 0.0)
        return cost
    for i in range(n - least + 1):
        for j in range(i + least, n + 1):
            cost[i, j] = _solve(y[i:j], x[i:j])[1]
    return cost
