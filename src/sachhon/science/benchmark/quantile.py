"""Quantiles of a small group: a smooth estimate, its standard error, and an interval free of any distribution.

Harrell & Davis 1982 (Biometrika 69:635): every ordered value has a share in the quantile p,

    q = Σ w_i x_(i),     w_i = I_{i/n}(a, b) − I_{(i−1)/n}(a, b),     a = (n + 1) p,  b = (n + 1)(1 − p)

I the incomplete beta function: steadier than a single order statistic and never one factory's own figure. Standard
error by the jackknife. Interval (David & Nagaraja, Order Statistics, 7.1): for any continuous distribution

    P(x_(l) ≤ q < x_(u)) = P(l ≤ B < u),     B binomial(n, p)

with at most (1 − level)/2 on either side; in a small group an end may not exist (None). The values are taken as
independent draws of like factories; the interval is not for a group that was counted out in full.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Quantile:
    """Quantile `share` of a group of n: estimate, standard error, and (low, high) at `level`.

    An end that the group is too small for is None (open). reached: the probability that the ends have by their
    ranks, at least `level` where both exist.
    """

    share: float
    estimate: float
    standard_error: float
    low: float | None
    high: float | None
    level: float
    reached: float


def harrell_davis(values: ArrayLike, share: float | ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and jackknife standard errors, in the shape of `share`; the error of one value alone is nan."""
    from scipy.special import betainc

    x = np.sort(checked(values))
    p = np.asarray(share, dtype=float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ScienceError(f"a quantile is a share from 0 to 1, not {share}; give 25 % as 0.25.")

    def weights(n: int) -> np.ndarray:
        a, b = (n + 1) * p[..., None], (n + 1) * (1 - p[..., None])
        inside = (a > 0) & (b > 0)
        steps = betainc(np.where(inside, a, 1.0), np.where(inside, b, 1.0), np.arange(n + 1) / n)
        edge = np.arange(1, n + 1) == np.where(p[..., None] <= 0, 1, n)
        return np.where(inside, np.diff(steps, axis=-1), edge)

    estimate = weights(x.size) @ x
    if x.size < 2:
        return estimate, np.full(p.shape, np.nan)
    w = weights(x.size - 1)
    # without value i: those before it keep their place, those after it move up by one
    before = np.cumsum(w * x[:-1], axis=-1)
    after = np.cumsum((w * x[1:])[..., ::-1], axis=-1)[..., ::-1]
    zero = np.zeros((*p.shape, 1))
    without = np.concatenate([zero, before], axis=-1) + np.concatenate([after, zero], axis=-1)
    return estimate, np.sqrt((x.size - 1) * without.var(axis=-1))


def order_interval(n: int, share: float, level: float = 0.95) -> tuple[int | None, int | None, float]:
    """Ranks (from 1) of the ordered values that enclose the quantile, None where there is none; their level."""
    from scipy.special import bdtr

    if not 0 < level < 1:
        raise ScienceError(f"level {level} is outside 0 to 1; give 95 % as 0.95.")
    tail = (1 - level) / 2 + 1e-12
    ranks = np.arange(1, n + 1)
    below = bdtr(ranks - 1, n, share)  # P(q < x_(rank)): fewer than `rank` values lie below q
    lower, upper = ranks[below <= tail], ranks[1 - below <= tail]
    low, high = (int(lower[-1]) if lower.size else None), (int(upper[0]) if upper.size else None)
    miss_low = float(below[low - 1]) if low else 0.0
    miss_high = float(1 - below[high - 1]) if high else 0.0
    return low, high, 1 - miss_low - miss_high


def quantile(values: ArrayLike, share: float, level: float = 0.95, extremes: bool = True) -> Quantile:
    """One quantile of a group (n,) with its interval.

    The ends are figures of two of the factories; without `extremes` the least and the greatest are never shown.
    """
    x = np.sort(checked(values))
    estimate, error = harrell_davis(x, share)
    low, high, reached = order_interval(x.size, share, level)
    if not extremes:
        low, high = (None if low == 1 else low), (None if high == x.size else high)
    return Quantile(
        share,
        float(estimate),
        float(error),
        float(x[low - 1]) if low else None,
        float(x[high - 1]) if high else None,
        level,
        reached,
    )


def checked(values: ArrayLike) -> np.ndarray:
    """Finite numbers (n,), at least one."""
    x = np.asarray(values, dtype=float)
    if x.ndim != 1 or not x.size or not np.isfinite(x).all():
        raise ScienceError("figures to compare must be finite, one for each factory; leave gaps out.")
    return x
