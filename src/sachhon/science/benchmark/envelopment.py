"""Data envelopment analysis, input-oriented: how far a unit could shrink its inputs for the same outputs.

    θ* = min θ    subject to   Σ λ_j x_j + s⁻ = θ x_o,   Σ λ_j y_j − s⁺ = y_o,   [Σ λ_j = 1],   λ, s ≥ 0
    second phase: max Σ s⁻/x̄ + Σ s⁺/ȳ   with θ = θ* held

Constant returns to scale ("crs": Charnes, Cooper & Rhodes 1978) without the bracket, variable returns ("vrs":
Banker, Charnes & Cooper 1984) with it. Slacks are weighed by the means x̄, ȳ of each input and output, so
that units of measure do not matter. A unit is efficient in full where θ* = 1 and every slack is 0.
Not here: which inputs and outputs belong in the comparison, outliers, statistical bias of θ* (upwards in small
groups, Simar & Wilson 1998).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.benchmark.simplex import solve
from sachhon.science.uncertainty import ScienceError

EFFICIENT = 1e-7  # θ* this close to 1 counts as 1
PEER = 1e-7  # least weight λ of a peer


@dataclass(frozen=True)
class Efficiency:
    """Results of n units with m inputs and s outputs.

    efficiency : (n,) θ*, between 0 and 1; slacks : (n, m + s), inputs that could go and outputs that could come
    besides, in their own units; peers : for each unit its peers' numbers → weights λ.
    """

    efficiency: np.ndarray
    slacks: np.ndarray
    peers: tuple[dict[int, float], ...]
    returns_to_scale: Literal["crs", "vrs"]

    @property
    def efficient(self) -> np.ndarray:
        """Units (n,) that can shrink no input, alone or with the others, nor add any output."""
        return (self.efficiency >= 1 - EFFICIENT) & (self.slacks <= EFFICIENT).all(axis=1)


def dea(inputs: ArrayLike, outputs: ArrayLike, returns_to_scale: Literal["crs", "vrs"] = "crs") -> Efficiency:
    """Efficiency of units against each other.

    inputs : (n, m), outputs : (n, s), or (n,) for a single one; not negative, at least one input and one output
    above zero for each unit. `ScienceError` names the unit that is not so.
    """
    x, y = _read(inputs, "input"), _read(outputs, "output")
    if len(x) != len(y):
        raise ScienceError(f"inputs are of {len(x)} units, outputs of {len(y)}; give one row a unit in both.")
    if returns_to_scale not in ("crs", "vrs"):
        raise ScienceError(f"returns to scale {returns_to_scale!r} are unknown; choose crs or vrs.")
    variable = returns_to_scale == "vrs"
    x_mean, y_mean = _means(x), _means(y)
    solved = solve((x / x_mean, y / y_mean), (x / x_mean, y / y_mean), variable, own=np.arange(len(x)))
    theta = solved.theta.copy()
    for unit in np.flatnonzero(solved.stuck | ~np.isfinite(theta)):
        theta[unit] = _least_theta(x / x_mean, y / y_mean, int(unit), variable)
    theta = np.clip(theta, 0.0, 1.0)
    theta[theta > 1 - EFFICIENT] = 1.0
    frontier = np.flatnonzero(theta == 1.0)
    slacks, peers = np.zeros((len(x), x.shape[1] + y.shape[1])), []
    for unit in range(len(x)):
        slack, weights = _second_phase(x / x_mean, y / y_mean, unit, theta[unit], frontier, variable)
        slacks[unit] = slack * np.concatenate([x_mean, y_mean])
        peers.append(weights)
    slacks[slacks < EFFICIENT * np.concatenate([x_mean, y_mean])] = 0.0
    return Efficiency(theta, slacks, tuple(peers), returns_to_scale)


def _read(values: ArrayLike, what: str) -> np.ndarray:
    table = np.asarray(values, dtype=float)
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim != 2 or not table.size:
        raise ScienceError(f"{what}s have shape {table.shape}; give a table of one row a unit.")
    bad = np.flatnonzero(~(np.isfinite(table) & (table >= 0)).all(axis=1) | ~(table > 0).any(axis=1))
    if len(bad):
        raise ScienceError(
            f"unit {bad[0]} has an {what} that is negative or not a number, or none above zero; correct it or "
            "leave the unit out."
        )
    return table


def _means(table: np.ndarray) -> np.ndarray:
    mean = table.mean(axis=0)
    return np.where(mean > 0, mean, 1.0)


def _least_theta(x: np.ndarray, y: np.ndarray, unit: int, variable: bool) -> float:
    """One programme by itself, for the few that rounding kept the batch from."""
    from scipy.optimize import linprog

    n, m = x.shape
    upper = np.block([[-x[unit][:, None], x.T], [np.zeros((y.shape[1], 1)), -y.T]])
    found = linprog(
        np.concatenate([[1.0], np.zeros(n)]),
        A_ub=upper,
        b_ub=np.concatenate([np.zeros(m), -y[unit]]),
        A_eq=np.concatenate([[0.0], np.ones(n)])[None, :] if variable else None,
        b_eq=[1.0] if variable else None,
        method="highs",
    )
    if found.status != 0:
        raise ScienceError(
            f"the programme of unit {unit} was not solved ({found.message}); check its figures."
        )
    return float(found.x[0])


def _second_phase(
    x: np.ndarray, y: np.ndarray, unit: int, theta: float, frontier: np.ndarray, variable: bool
) -> tuple[np.ndarray, dict[int, float]]:
    """The greatest sum of slacks with θ held, and the weights of the peers that reach it."""
    from scipy.optimize import linprog

    members = np.union1d(frontier, [unit])
    count, m, s = len(members), x.shape[1], y.shape[1]
    balance = np.block(
        [
            [x[members].T, np.eye(m), np.zeros((m, s))],
            [y[members].T, np.zeros((s, m)), -np.eye(s)],
        ]
    )
    right = np.concatenate([theta * x[unit], y[unit]])
    if variable:
        balance = np.vstack([balance, np.concatenate([np.ones(count), np.zeros(m + s)])])
        right = np.append(right, 1.0)
    goal = np.concatenate([np.zeros(count), -np.ones(m + s)])
    found = linprog(goal, A_eq=balance, b_eq=right, method="highs")
    if found.status != 0:  # θ* rounded down by a hair leaves no room: give the hair back
        right[:m] += 1e-7 * x[unit]
        found = linprog(goal, A_eq=balance, b_eq=right, method="highs")
    if found.status != 0:
        raise ScienceError(f"the slacks of unit {unit} were not found ({found.message}); check its figures.")
    weights = found.x[:count]
    chosen = {int(members[k]): float(weights[k]) for k in np.flatnonzero(weights > PEER)}
    return np.maximum(found.x[count:], 0.0), chosen
