"""A second opinion: closeness to the best that could be (TOPSIS, Hwang and Yoon 1981).

    r_ij = x_ij / √Σ_i x_ij²,   y_ij = w_j r_ij,   A⁺ = best of each column, A⁻ = worst
    C_i = |y_i − A⁻| / (|y_i − A⁺| + |y_i − A⁻|)

Squared distances let one very bad figure count for more than in a weighted sum. Not what decides here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sachhon.science.decision.table import Criterion


def closeness(x: np.ndarray, criteria: Sequence[Criterion], weights: np.ndarray) -> np.ndarray:
    """(m,) from 0 (the worst of all columns) to 1; 1 for all where nothing tells them apart."""
    norm = np.sqrt(np.square(x).sum(axis=0))
    y = weights * np.divide(x, norm, out=np.zeros_like(x, dtype=float), where=norm > 0)
    more = np.array([c.more for c in criteria])
    best = np.where(more, y.max(axis=0), y.min(axis=0))
    worst = np.where(more, y.min(axis=0), y.max(axis=0))
    away, near = np.linalg.norm(y - worst, axis=1), np.linalg.norm(y - best, axis=1)
    whole = away + near
    return np.divide(away, whole, out=np.ones(len(x)), where=whole > 0)
