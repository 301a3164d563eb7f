"""What nothing tells must still be possible: flows that no reading determines need room within their bounds.

Two unmeasured outlets of a process are each unknown, but their sum is known; where it comes out below zero, no choice
of the two keeps both at or above zero, and the readings are as impossible as with one outlet. Whether there is room is
a linear programme over the unknowns u that are not observable, the others standing where they are:

    min Σ |s|   subject to   J_u z + s = J_u x_u,   low ≤ z ≤ high

If the least is not 0, its prices y combine the balances so that Σ c_u z_u, c = Jᵀy, misses what it has to be although
each z_u with c_u ≠ 0 stands at the bound that brings it nearest (Farkas). At the answer nearest to the readings that
sum is met there, so those z_u are at their bounds.
A balance with a product of two unknowns is left out, for it is not linear in them: what is found impossible is so.
Source: Farkas' lemma, Nocedal & Wright, Numerical Optimization, 2006, 12.9; Narasimhan & Jordache 2000, 5.2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sachhon.science.balance.network import Bools, Floats, Ints
from sachhon.science.balance.products import System

OPEN = 1e-9  # of the unknowns' units: room missed by less is rounding
PRICED = 1e-6  # a reduced cost below this is none
FINEST = 1e-10  # what the solver takes for feasible: the least it may be told


def without_room(system: System, x: Floats, unknown: Bools, low: Floats, high: Floats, unit: Floats) -> Ints:
    """Of the `unknown`, those that must stand at a bound, for x leaves them no room within all of them.

    (n,): 1 at the lower, −1 at the upper bound, 0 elsewhere; all 0 where there is room. x keeps the balances.
    """
    side = np.zeros(len(x), dtype=np.int64)
    at = np.flatnonzero(unknown)
    if not ((x < low) | (x > high))[at].any():
        return side
    from scipy.optimize import linprog
    from scipy.sparse import csc_array, eye_array, hstack

    curved = system.row[unknown[system.left] & unknown[system.right]]
    columns = np.delete(system.in_units(unit).jacobian(x / unit)[:, at], curved, axis=0)
    size = np.abs(columns).max(axis=1, initial=0.0)
    columns = columns[size > 0] / size[size > 0, None]
    rows, either = len(columns), eye_array(len(columns))
    if not rows:
        return side
    solved: Any = linprog(
        np.r_[np.zeros(len(at)), np.ones(2 * rows)],
        A_eq=csc_array(hstack([csc_array(columns), either, -either])),
        b_eq=columns @ (x / unit)[at],
        bounds=np.c_[
            np.r_[(low / unit)[at], np.zeros(2 * rows)], np.r_[(high / unit)[at], np.full(2 * rows, np.inf)]
        ],
        method="highs",
        options={"primal_feasibility_tolerance": FINEST, "dual_feasibility_tolerance": FINEST},
    )
    if solved.x is None or solved.fun <= OPEN * max(1.0, float(np.abs((x / unit)[at]).max())):
        return side
    lower, upper = solved.lower.marginals[: len(at)], solved.upper.marginals[: len(at)]
    side[at] = np.where(lower > PRICED, 1, np.where(upper < -PRICED, -1, 0))
    return side
