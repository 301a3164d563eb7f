"""Residuals that resemble their predecessors: first-order autoregression, e_t = ρ e_{t−1} + white noise.

R_ij = ρ^|i−j| is the correlation matrix of such disturbances. r estimated from a few residuals comes out too
small, the more so the more parameters were fitted. For residuals e = A y of a linear fit the expectation is

    r(ρ) = Σ_t (A R A')_{t,t−1} / tr(A R A')

and the ρ that makes r(ρ) the r seen is taken. A negative ρ is not used: it would narrow intervals on weak
evidence. Source: the AR(1) model as in Durbin & Watson 1950; the correction is its own expectation, exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

HIGHEST = 0.95
_LONG = 400  # from here on the bias of r, of the order of 1/n, no longer matters


def lag_one(residuals: ArrayLike) -> float:
    """Lag-one autocorrelation Σ e_t e_{t−1} / Σ e_t² of residuals; 0 when all are zero."""
    e = np.asarray(residuals, dtype=float)
    scale = float(e @ e)
    return float(e[1:] @ e[:-1]) / scale if scale else 0.0


def effective_number(n: float, rho: float) -> float:
    """n' = n (1 − ρ) / (1 + ρ), as many independent observations as n related ones are worth."""
    return n * (1 - rho) / (1 + rho)


def related(columns: np.ndarray, rho: float) -> np.ndarray:
    """R x for each column of (n, k), by one pass each way instead of an n × n matrix."""
    if not rho:
        return columns
    total = -columns.astype(float)
    for step in (1, -1):
        carried = np.zeros(columns.shape[1])
        for i in range(columns.shape[0])[::step]:
            carried = columns[i] + rho * carried
            total[i] += carried
    return total


def estimate_rho(residuals: np.ndarray, maker: np.ndarray | None) -> float:
    """ρ of the disturbances, 0 to 0.95, from (n,) residuals; maker : A (n, n), None for a long series.

    0 where all residuals are zero: nothing is left that could be related.
    """
    if not residuals.any():
        return 0.0
    seen = lag_one(residuals)
    if maker is None or residuals.size > _LONG:
        return float(np.clip(seen, 0.0, HIGHEST))
    n = residuals.size
    band, whole = maker[:-1].T @ maker[1:], maker.T @ maker
    lags = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))

    def expected(rho: float) -> float:
        relation = np.power(rho, lags)
        return float(np.sum(band * relation) / np.sum(whole * relation))

    if seen <= expected(0.0):
        return 0.0
    if seen >= expected(HIGHEST):
        return HIGHEST
    low, high = 0.0, HIGHEST
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if expected(middle) < seen else (low, middle)
    return (low + high) / 2
