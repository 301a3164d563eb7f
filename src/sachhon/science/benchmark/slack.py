"""Programmes for the units that the batch leaves open: the largest slacks, and a fallback for θ.

Phase two, with θ held:  max Σ s    Σ λ x + s⁻ = θ x_o,   Σ λ y − s⁺ = y_o,   [Σ λ = 1],   λ, s ≥ 0. Only efficient
units that the multipliers of phase one price at zero can take part (complementary slackness), mostly a handful.
The programmes of many units have nothing in common, so they are put side by side into one: the solver is called
once for a few hundred of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sachhon.science.uncertainty import ScienceError

_TOGETHER = 200  # units in one programme
_SLIPS = (0.0, 1e-10, 1e-8)  # θ is rounded: a hair's breadth may be missing
_PEER = 1e-9  # least weight of a peer


def largest_slacks(
    x: np.ndarray,
    y: np.ndarray,
    theta: np.ndarray,
    variable: bool,
    sizes: np.ndarray,
    units: np.ndarray,
    columns: Sequence[np.ndarray],
) -> tuple[np.ndarray, list[dict[int, float]]]:
    """Slacks (scaled, (U, m + s)) with the largest sum in the data's units (`sizes`), and the peers that leave them.

    columns: for each of the U units the reference units that may take part.
    """
    slacks, peers = np.zeros((units.size, x.shape[1] + y.shape[1])), []
    for start in range(0, units.size, _TOGETHER):
        part = slice(start, start + _TOGETHER)
        found = _solve(x, y, theta, variable, sizes, units[part], columns[part], _SLIPS[0])
        if found is None:  # one of them is short of a hair: each by itself
            found = [
                weights
                for unit, cols in zip(units[part], columns[part], strict=True)
                for weights in _alone(x, y, theta, variable, sizes, unit, cols)
            ]
        for k, weights in enumerate(found, start=start):
            unit, cols = units[k], columns[k]
            taken = np.concatenate([weights @ x[cols], -(weights @ y[cols])])
            right = np.concatenate([theta[unit] * x[unit], -y[unit]])
            slacks[k] = np.maximum(right - taken, 0.0)
            peers.append({int(j): float(w) for j, w in zip(cols, weights, strict=True) if w > _PEER})
    return slacks, peers


def _alone(x, y, theta, variable, sizes, unit, cols) -> list[np.ndarray]:
    for slip in _SLIPS:
        found = _solve(x, y, theta, variable, sizes, np.array([unit]), [cols], slip)
        if found is not None:
            return found
    raise ScienceError(
        f"slacks of unit {unit} could not be solved; the data are of too unlike sizes.",
        f"phần dư của đơn vị {unit} không giải được; số liệu quá chênh lệch về độ lớn.",
    )


def _solve(x, y, theta, variable, sizes, units, columns, slip) -> list[np.ndarray] | None:
    """Weights λ of each unit's columns, None where no solution was found."""
    from scipy.optimize import linprog
    from scipy.sparse import block_diag

    blocks, right, cost = [], [], []
    for unit, cols in zip(units, columns, strict=True):
        rows = np.concatenate([x[cols].T, -y[cols].T])
        # s = right − rows λ ≥ 0, so that max Σ size s is min Σ size rows λ
        price = sizes @ rows
        blocks.append(rows)
        right.append(np.concatenate([theta[unit] * x[unit], -y[unit]]) + slip)
        cost.append(price / (np.abs(price).max() or 1.0))
    equal = (None, None)
    if variable:
        equal = (block_diag([np.ones((1, cols.size)) for cols in columns], "csr"), np.ones(units.size))
    solved = linprog(
        np.concatenate(cost),
        block_diag(blocks, "csr"),
        np.concatenate(right),
        *equal,
        bounds=(0, None),
        method="highs",
    )
    if solved.status != 0:
        return None
    return np.split(solved.x, np.cumsum([cols.size for cols in columns])[:-1])


def one_programme(x: np.ndarray, y: np.ndarray, unit: int, variable: bool) -> float:
    """θ of one unit by a general solver."""
    from scipy.optimize import linprog

    n = x.shape[0]
    rows = np.block([[-x[[unit]].T, x.T], [np.zeros((y.shape[1], 1)), -y.T]])
    right = np.concatenate([np.zeros(x.shape[1]), -y[unit]])
    equal = (np.r_[0.0, np.ones(n)][None], [1.0]) if variable else (None, None)
    solved = linprog(np.r_[1.0, np.zeros(n)], rows, right, equal[0], equal[1], (0, None), method="highs")
    if solved.status != 0:
        raise ScienceError(
            f"unit {unit} could not be solved; the data are of too unlike sizes.",
            f"đơn vị {unit} không giải được; số liệu quá chênh lệch về độ lớn.",
        )
    return float(min(solved.fun, 1.0))
