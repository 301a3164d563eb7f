"""Cumulative sum of actual less expected consumption, with limits: when did the saving begin, or end?

    C_t = Σ_{i ≤ t} (y_i − ŷ_i)            the chart; a falling line saves, its slope is the saving a month
    S⁺_t = max(0, S⁺_{t−1} + z_t − k),  S⁻_t = max(0, S⁻_{t−1} − z_t − k),  z_t = (y_t − ŷ_t) / s

A signal when S⁺ (worse) or S⁻ (better) passes h; the change is dated to the month after that sum last stood
at zero. k = 1/2 and h = 5 look for a shift of one s (Page 1954; Montgomery, Statistical Quality Control,
9.1: average run of 465 months without a change, 10 to find one s). Harris 1989 brought it to energy.
The band of the chart, when a fit is given, is ± t u of the sum so far (`prediction.predicted_total`).
Not here: related residuals in S± (a fit with ρ > 0 signals too early; use the band).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.intensity.prediction import predicted_total
from sachhon.science.intensity.regression import EXACT, Fit
from sachhon.science.numeric import floats
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Signal:
    """at : index of the month that gave it; since : first month of the run; better : consumption fell."""

    at: int
    since: int
    better: bool


@dataclass(frozen=True, eq=False)
class Cusum:
    """Chart data, each (m,): difference y − ŷ, cumulative, upper and lower sums in units of s, half width of
    the band (zeros without a fit). limit : h."""

    difference: np.ndarray
    cumulative: np.ndarray
    upper: np.ndarray
    lower: np.ndarray
    band: np.ndarray
    limit: float
    signals: tuple[Signal, ...]


def cusum(
    actual: ArrayLike, expected: ArrayLike, spread: float, *, slack: float = 0.5, limit: float = 5.0
) -> Cusum:
    """CUSUM of (m,) against the expected (m,); spread : s of a single month. One signal for each run."""
    y, e = floats(actual, "actual", "số thực tế"), floats(expected, "expected", "số dự kiến")
    if y.shape != e.shape or y.ndim != 1 or not (np.isfinite(y).all() and np.isfinite(e).all()):
        raise ScienceError(
            "actual and expected need one finite figure for each month; leave out gaps.",
            "số thực tế và số dự kiến cần một con số hữu hạn cho mỗi tháng; hãy bỏ chỗ trống.",
        )
    if not spread > 0:
        raise ScienceError(
            f"spread {spread}: give the residual standard deviation of the baseline.",
            f"spread {spread}: hãy cho độ lệch chuẩn phần dư của đường cơ sở.",
        )
    z = (y - e) / spread
    up, down = _sums(z, slack), _sums(-z, slack)
    signals = [Signal(at, since, False) for at, since in _runs(up, limit)]
    signals += [Signal(at, since, True) for at, since in _runs(down, limit)]
    signals.sort(key=lambda one: one.at)
    return Cusum(y - e, np.cumsum(y - e), up, down, np.zeros(y.size), limit, tuple(signals))


def cusum_of_fit(fit: Fit, rows: ArrayLike, actual: ArrayLike, *, confidence: float = 0.90) -> Cusum:
    """CUSUM against a fitted baseline at (m, p) rows, with the band of the cumulative line."""
    from scipy.special import stdtrit

    x = np.asarray(rows, dtype=float).reshape(-1, len(fit.names))
    # of a baseline that meets every month exactly, whatever lies beyond rounding is off
    spread = fit.rmse or 100 * EXACT * float(np.abs(fit.observed).max())
    chart = cusum(actual, x @ fit.coefficients, spread)
    band = np.empty(x.shape[0])
    for i in range(x.shape[0]):
        total, dof = predicted_total(fit, x[: i + 1])
        band[i] = float(stdtrit(dof, (1 + confidence) / 2)) * total.standard_uncertainty
    return Cusum(
        chart.difference, chart.cumulative, chart.upper, chart.lower, band, chart.limit, chart.signals
    )


def _sums(z: np.ndarray, slack: float) -> np.ndarray:
    sums, held = np.empty(z.size), 0.0
    for i, step in enumerate(z):
        held = max(0.0, held + step - slack)
        sums[i] = held
    return sums


def _runs(sums: np.ndarray, limit: float) -> list[tuple[int, int]]:
    found, since, told = [], 0, False
    for i, value in enumerate(sums):
        if value == 0:
            since, told = i + 1, False
        elif value > limit and not told:
            found.append((i, since))
            told = True
    return found
