"""Single programmes for the units that the batch leaves open: the largest slacks, and a fallback for θ.

Phase two, with θ held:  max Σ s    Σ λ x + s⁻ = θ x_o,   Σ λ y − s⁺ = y_o,   [Σ λ = 1],   λ, s ≥ 0. Only units
that the multipliers of phase one price at zero can take part (complementary slackness), mostly a handful.
"""

from __future__ import annotations

import numpy as np

from sachhon.science.uncertainty import ScienceError


def largest_slacks(
    x: np.ndarray,
    y: np.ndarray,
    unit: int,
    theta: float,
    variable: bool,
    sizes: np.ndarray,
    tight: np.ndarray,
) -> tuple[np.ndarray, dict[int, float]]:
    """Slacks (scaled) with the largest sum in the data's units (`sizes`), and the peers that leave them."""
    from scipy.optimize import linprog

    columns = np.union1d(tight, [unit])
    rows = np.concatenate([x[columns].T, -y[columns].T])
    right = np.concatenate([theta * x[unit], -y[unit]])
    # s = right − rows λ ≥ 0, so that max Σ size s is min Σ size rows λ
    cost = sizes @ rows
    cost = cost / (np.abs(cost).max() or 1.0)
    equal = (np.ones((1, columns.size)), [1.0]) if variable else (None, None)
    for slip in (0.0, 1e-10, 1e-8):  # θ is rounded: a hair's breadth may be missing
        solved = linprog(cost, rows, right + slip, equal[0], equal[1], (0, None), method="highs")
        if solved.status == 0:
            weights = solved.x
            slacks = np.maximum(right - rows @ weights, 0.0)
            peers = {int(j): float(w) for j, w in zip(columns, weights, strict=True) if w > 1e-9}
            return slacks, peers
    raise ScienceError(f"slacks of unit {unit} could not be solved; the data are of too unlike sizes.")


def one_programme(x: np.ndarray, y: np.ndarray, unit: int, variable: bool) -> float:
    """θ of one unit by a general solver."""
    from scipy.optimize import linprog

    n = x.shape[0]
    rows = np.block([[-x[[unit]].T, x.T], [np.zeros((y.shape[1], 1)), -y.T]])
    right = np.concatenate([np.zeros(x.shape[1]), -y[unit]])
    equal = (np.r_[0.0, np.ones(n)][None], [1.0]) if variable else (None, None)
    solved = linprog(np.r_[1.0, np.zeros(n)], rows, right, equal[0], equal[1], (0, None), method="highs")
    if solved.status != 0:
        raise ScienceError(f"unit {unit} could not be solved; the data are of too unlike sizes.")
    return float(min(solved.fun, 1.0))
