"""Balances closed to the last digit: those without products solved at once, and what rounding left open taken back.

Flows that follow from others by balances err by the rounding of the largest on the way: 1e-6 beside a reading of 1e10.
Each closes its own balances again by a correction d of the unmeasured flows and of the readings that balances are
solved for, the least in shares of each flow, with every balance counted in what it carries:

    min Σ (d_k / x_k)²   subject to   J d = −g,      rows over Σ |terms|

so that a large flow takes a large one's rounding, and a small one keeps its digits. The estimate moves by no more than
the rounding it has.
"""

from __future__ import annotations

import numpy as np

from sachhon.science.balance.network import Floats, Readings
from sachhon.science.balance.products import System
from sachhon.science.balance.reduction import Reduction, reduce

CLOSED = 1e-11  # a balance is met when this share of what it carries is left
OPEN = 1e-13  # of what a balance carries: less is the rounding of its own sum
TIMES = 3


def at_once(system: System, readings: Readings) -> tuple[Floats, Floats, Floats, bool]:
    """x, λ and w = Jᵀ λ of balances without products, and whether those of fixed values alone close.

    The flows come from the balances themselves, not from a step to them, and need no second step.
    """
    part = reduce(system.linear, readings)
    x, lift, shift = part.solve(readings.value, system.constant)
    # what holds fixed values alone, or readings tied to each other, must close by itself
    solved = part.solved
    idle = np.concatenate([solved.nodes[solved.left], part.tied @ solved.nodes[solved.told]])
    closes = bool((np.abs(idle @ system.residual(x)) <= CLOSED * (np.abs(idle) @ system.carried(x))).all())
    return closed(system, x, readings, part), lift, shift, closes


def closed(system: System, x: Floats, readings: Readings, part: Reduction) -> Floats:
    """x with what rounding left of the balances taken back."""
    may = readings.unmeasured.copy()
    may[part.solved.row_of[part.solved.told]] = True
    columns = np.flatnonzero(may)
    for _ in range(TIMES):
        g, carried = system.residual(x), system.holds(x)
        if not (np.abs(g) > OPEN * carried).any():
            break
        per = 1 / np.where(carried > 0, carried, 1.0)
        size = np.abs(x[columns])
        matrix = system.jacobian(x)[:, columns] * size * per[:, None]
        step = x.copy()
        step[columns] -= size * np.linalg.lstsq(matrix, per * g, rcond=1e-13)[0]
        if not _nearer(system, step, x):
            break
        x = step
    return x


def _nearer(system: System, one: Floats, other: Floats) -> bool:
    """Whether the balance most open, in shares of what it carries, is less so."""
    of = [np.abs(system.residual(x)) / np.maximum(system.holds(x), 1e-300) for x in (one, other)]
    return float(of[0].max(initial=0.0)) < float(of[1].max(initial=0.0))
