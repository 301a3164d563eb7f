"""Parts of a problem with products that share no unknown, each with its own search for the best answer (`elsewhere`).

Several plants in one call are as many problems: what one of them holds at a bound says nothing of the others, and the
few quantities that a search may try are counted for each part alone. The parts' answers are the start from which the
whole is solved once more, which gives its covariance and its tests.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sachhon.science.balance import quadratic
from sachhon.science.balance.bounded import active_bounds, given, pull
from sachhon.science.balance.elsewhere import Endless, best, without_end
from sachhon.science.balance.holding import Held, Within
from sachhon.science.balance.network import Floats, Ints, Names, read_readings
from sachhon.science.balance.products import System


def best_of_parts(problem: Within) -> Held:
    """The best of the answers within the bounds that are known, part by part."""
    parts = _parts(problem)
    if len(parts) < 2:
        return best(problem)
    free = problem.free
    estimate, shift = free.result.estimate.copy(), free.result.shift.copy()
    side = np.zeros(len(estimate), dtype=np.int64)
    endless: list[Endless] = []
    steps = 0
    for rows, columns in parts:
        held = best(_part(problem, rows, columns))
        result = held.solution.result
        estimate[columns], shift[columns], side[columns] = result.estimate, result.shift, held.side
        steps = max(steps, held.solution.steps)
        endless += [
            replace(one, variable=int(columns[one.variable]), grows=tuple(columns[list(one.grows)].tolist()))
            for one in held.endless
        ]
    readings, low, high = problem.readings, problem.low, problem.high
    at = np.where(side > 0, low, np.where(side < 0, high, 0.0))
    y = np.where(side != 0, at, np.where(readings.unmeasured, np.nan, readings.value))
    start = replace(free, result=replace(free.result, estimate=estimate, shift=shift))
    solution = problem.solve(*given(readings, problem.variance, side != 0, y), start)
    multiplier = pull(solution.result, readings, side)
    active = active_bounds(side, multiplier, low, high, problem.names)
    whole = Held(replace(solution, steps=steps), free, side, active)
    return without_end(whole, tuple(endless)) if endless else whole


def _parts(problem: Within) -> list[tuple[Ints, Ints]]:
    """(balances, unknowns) of each part; what stands in no balance is a part of its own."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    system = problem.free.system
    rows, n = system.linear.shape
    row, column = np.nonzero(system.linear)
    a = np.concatenate([row, system.row, system.row])
    b = np.concatenate([column, system.left, system.right]) + rows
    if problem.readings.covariance is not None:
        tied = problem.readings.covariance.tocoo()
        a, b = np.concatenate([a, tied.row + rows]), np.concatenate([b, tied.col + rows])
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(rows + n, rows + n))
    count, label = connected_components(graph, directed=False)
    parts = [(np.flatnonzero(label[:rows] == p), np.flatnonzero(label[rows:] == p)) for p in range(count)]
    return [part for part in parts if len(part[1])]


def _part(problem: Within, rows: Ints, columns: Ints) -> Within:
    """One of them as a problem by itself."""
    whole, names = problem.free.system, problem.names
    place_row, place = (
        np.zeros(len(whole.constant), dtype=np.int64),
        np.zeros(len(problem.low), dtype=np.int64),
    )
    place_row[rows], place[columns] = np.arange(len(rows)), np.arange(len(columns))
    inside = np.isin(whole.row, rows)
    system = System(
        whole.linear[np.ix_(rows, columns)],
        place_row[whole.row[inside]],
        place[whole.left[inside]],
        place[whole.right[inside]],
        whole.factor[inside],
        whole.constant[rows],
    )
    called = Names(
        [names.node(int(k)) for k in rows],
        [names.stream(int(k)) for k in columns],
        [names.node(int(k), "vi") for k in rows],
        [names.stream(int(k), "vi") for k in columns],
    )
    unit = problem.free.unit[columns]

    def solve(value: Floats, variance: Any, start: quadratic.Solution | None = None) -> quadratic.Solution:
        readings = read_readings(len(value), value, variance, called)
        return quadratic.reconcile(system, readings, called, unit, start)

    v = (
        problem.variance[np.ix_(columns, columns)]
        if np.ndim(problem.variance) == 2
        else problem.variance[columns]
    )
    readings = problem.readings
    free = solve(np.where(readings.unmeasured, np.nan, readings.value)[columns], v)
    return Within(solve, free, v, problem.low[columns], problem.high[columns], called)
