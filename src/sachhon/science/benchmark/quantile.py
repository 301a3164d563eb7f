"""Quantiles of a small group: a smooth and robust estimate, its standard error, a distribution-free interval.

Harrell & Davis 1982 (Biometrika 69:635): every ordered value has a share in the quantile p,

    q = Σ w_i x_(i),     w_i = I_{i/n}(a, b) − I_{(i−1)/n}(a, b),     a = (n + 1) p,  b = (n + 1)(1 − p)

I the incomplete beta function: steadier than a single order statistic and never one factory's own figure, but one wild
figure moves it. Trimmed (Akinshin 2022, Communications in Statistics, 10.1080/03610918.2022.2050396): the beta
distribution is cut to the interval of width 1/√n on which it is densest, so that figures far from the quantile have no
share. `quantile` uses the trimmed one. Standard error by the jackknife.

Interval (David & Nagaraja, Order Statistics, 7.1): for any continuous distribution

    P(x_(l) ≤ q < x_(u)) = P(l ≤ B < u),     B binomial(n, p)

with at most (1 − level)/2 on either side; in a small group an end may not exist (None). The values are taken as
independent draws of like factories; the interval is not for a group that was counted out in full.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats
from sachhon.science.phrases import comma
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


def harrell_davis(
    values: ArrayLike, share: float | ArrayLike, trimmed: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and jackknife standard errors, in the shape of `share`; the error of one value alone is
    infinite: nothing tells it."""
    x = np.sort(checked(values))
    p = np.asarray(share, dtype=float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ScienceError(
            f"a quantile is a share from 0 to 1, not {share}; give 25 % as 0.25.",
            f"phân vị là một phần từ 0 đến 1, không phải {comma(share)}; 25 % hãy viết 0.25.",
        )
    estimate = _weights(x.size, p, trimmed) @ x
    if x.size < 2:
        return estimate, np.full(p.shape, np.inf)
    w = _weights(x.size - 1, p, trimmed)
    # without value i: those before it keep their place, those after it move up by one
    before = np.cumsum(w * x[:-1], axis=-1)
    after = np.cumsum((w * x[1:])[..., ::-1], axis=-1)[..., ::-1]
    zero = np.zeros((*p.shape, 1))
    without = np.concatenate([zero, before], axis=-1) + np.concatenate([after, zero], axis=-1)
    return estimate, np.sqrt((x.size - 1) * without.var(axis=-1))


def _weights(n: int, p: np.ndarray, trimmed: bool) -> np.ndarray:
    """w (…, n) of the ordered values; the ends p = 0 and 1 are the least and the greatest."""
    from scipy.special import betainc

    a, b = (n + 1) * p, (n + 1) * (1 - p)
    inside = (p > 0) & (p < 1)
    low, high = densest(a, b, 1 / np.sqrt(n)) if trimmed else (np.zeros_like(p), np.ones_like(p))
    a, b = np.where(inside, a, 1.0)[..., None], np.where(inside, b, 1.0)[..., None]
    at = np.clip(np.arange(n + 1) / n, low[..., None], high[..., None])
    steps = np.diff(betainc(a, b, at), axis=-1)
    edge = np.arange(1, n + 1) == np.where(p[..., None] <= 0, 1, n)
    return np.where(inside[..., None], steps / steps.sum(axis=-1, keepdims=True), edge)


def densest(a: np.ndarray, b: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    """The interval of this width on which Beta(a, b) has most: its density is alike at both ends."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if width >= 1:
        return np.zeros(a.shape), np.ones(a.shape)
    low, high = np.zeros(a.shape), np.full(a.shape, 1 - width)
    for _ in range(60):
        middle = (low + high) / 2
        with np.errstate(divide="ignore"):
            rise = (a - 1) * (np.log(middle + width) - np.log(middle))
            fall = (b - 1) * (np.log1p(-middle) - np.log1p(-(middle + width)))
        up = rise > fall  # denser at the right end: the interval lies further right
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    # no mode inside: the end where the density grows without bound, or the middle of an even one
    at = np.where(a <= 1 + 1e-9, np.where(b <= 1 + 1e-9, (1 - width) / 2, 0.0), (low + high) / 2)
    at = np.where((a > 1 + 1e-9) & (b <= 1 + 1e-9), 1 - width, at)
    return at, at + width


def order_interval(n: int, share: float, level: float = 0.95) -> tuple[int | None, int | None, float]:
    """Ranks (from 1) of the ordered values that enclose the quantile, None where there is none; their level."""
    from scipy.special import bdtr

    if not 0 < level < 1:
        raise ScienceError(
            f"level {level} is outside 0 to 1; give 95 % as 0.95.",
            f"mức tin cậy {comma(level)} nằm ngoài 0 đến 1; 95 % hãy viết 0.95.",
        )
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
    estimate, error = harrell_davis(x, share, trimmed=True)
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
    x = floats(values, "values", "các con số (values)")
    if x.ndim != 1 or not x.size or not np.isfinite(x).all():
        raise ScienceError(
            "figures to compare must be finite, one for each factory; leave gaps out.",
            "các con số để so sánh phải hữu hạn, mỗi cơ sở một số; hãy bỏ chỗ trống ra.",
        )
    return x
