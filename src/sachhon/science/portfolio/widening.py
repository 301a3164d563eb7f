"""How much more of a limit brings in an option that does not fit it.

What is left beside the options chosen does not tell: with more of the limit others may make room, or come in first.
With z(d) the aim of the best choice when limit k is d wider, and z_i(d) that of the best one with option i in, the
option comes in at the least d with z_i(d) ≥ z(d). Both grow in steps, so from d = 0 on

    d' = least d with z_i(d) ≥ z(d_before)

is never beyond it (for smaller d, z_i(d) < z(d_before) ≤ z(d)), and is repeated until z_i(d') ≥ z(d'). Each step is
three mixed-integer programmes over whole options; meant for a factory's choice. Money that is carried over widens the
years after it too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.portfolio.greedy import ROUNDING, complete
from sachhon.science.portfolio.highs import Programme, row_sizes, solve_mip
from sachhon.science.portfolio.model import Limit, Model
from sachhon.science.portfolio.search import CORES, Found

SECONDS = 5.0
EQUAL = 1e-6
"""Of the largest worth of an option: aims nearer than this are one; the solver keeps a row to it."""
ROUNDS = 30


@dataclass(frozen=True)
class Widening:
    """limit: what grows; more: by how much, with all other limits as they are, so that a best choice holds the option;
    inf where no more of this limit alone brings it in."""

    limit: Limit
    more: float


def widening_of(model: Model, found: Found, i: int, k: int) -> Widening | None:
    """How far limit k must grow for option i, which is out; None for more than 150 options, or where time runs out."""
    if len(model.options) > CORES[0]:
        return None
    limit = model.limits[k]
    rows = np.array([k])
    if any(one.kind == "carried" for one in model.limits):
        money = [r for r, one in enumerate(model.limits) if one.kind in ("budget", "carried")]
        rows = np.array([r for r in money if r >= k]) if k in money else rows
    most = float(np.abs(model.programme.c).max()) or 1.0
    forced = _with_row(model.programme, np.isin(np.arange(len(model.programme.c)), _own(model, i)), 1.0, 1.0)
    aim, more = found.objective, 0.0
    for _ in range(ROUNDS):
        cheapest = solve_mip(_least(forced, rows, aim / most - EQUAL, most), gap=0.0, time_limit=SECONDS)
        if cheapest.infeasible:
            return Widening(limit, np.inf)
        if cheapest.x is None:
            return None
        whole = complete(model, np.round(cheapest.x[: len(model.option)]))
        over = model.programme.a[rows] @ whole - model.programme.high[rows]
        more = max(more, float(np.where(over > ROUNDING * row_sizes(model.programme)[rows], over, 0.0).max()))
        with_it, best = (_best(model, p, rows, more) for p in (forced, model.programme))
        if with_it is None or best is None:
            return None
        if with_it >= best - 10 * EQUAL * most:
            return Widening(limit, more)
        aim = best
    return None


def _own(model: Model, i: int) -> np.ndarray:
    return np.flatnonzero(model.option == i)


def _with_row(p: Programme, row: np.ndarray, low: float, high: float) -> Programme:
    from scipy.sparse import csr_array, vstack

    return replace(
        p,
        a=csr_array(vstack([p.a, csr_array(row[None, :].astype(float))])),
        low=np.append(p.low, low),
        high=np.append(p.high, high),
    )


def _least(p: Programme, rows: np.ndarray, aim: float, most: float) -> Programme:
    """The least d, a column more, by which the rows are overstepped, with c·x / most ≥ aim.

    d is counted in the largest figure of those rows: beside a one, rows of small figures would vanish in tolerances.
    """
    from scipy.sparse import csr_array, hstack

    p = _with_row(p, p.c / most, aim, np.inf)
    slack = np.zeros((len(p.low), 1))
    slack[rows] = -(row_sizes(p)[rows].max() or 1.0)
    return Programme(
        np.append(np.zeros(len(p.c)), -1.0),
        csr_array(hstack([p.a, csr_array(slack)])),
        p.low,
        p.high,
        np.append(p.lower, 0.0),
        np.append(p.upper, np.inf),
        np.append(p.integer, False),
    )


def _best(model: Model, p: Programme, rows: np.ndarray, more: float) -> float | None:
    """The greatest aim with the rows wider by `more`."""
    high = p.high.copy()
    high[rows] += more + 1e-9 * np.abs(high[rows] + more)
    answer = solve_mip(replace(p, high=high), gap=0.0, time_limit=SECONDS)
    if answer.x is None:
        return None
    return float(model.programme.c @ complete(model, np.round(answer.x[: len(model.option)])))
