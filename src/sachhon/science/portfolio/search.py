"""From a relaxation to a choice with a proven gap.

fast    1. the linear relaxation gives an upper bound and a reduced cost for every option;
        2. options far from zero reduced cost keep their rounded value, those near it and the fractional ones (the
           "core", Balas and Zemel 1980, Operations Research 28(5)) are chosen anew by a small mixed-integer programme,
           which also repairs what rounding broke;
        3. gap = (bound − found) / |found|; the core grows until the gap is small enough.
exact   with the found value as a floor, an option whose reduced cost alone would sink the bound under the floor
        cannot change (reduced cost fixing; Dantzig, Fulkerson and Johnson 1954); the programme of the others is
        solved to the end by branch and cut.

The greedy list is a candidate in both, so that no answer is worse than it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.portfolio.greedy import complete, feasible, greedy
from sachhon.science.portfolio.highs import Answer, Programme, row_sizes, solve_lp, solve_mip
from sachhon.science.portfolio.model import Model
from sachhon.science.portfolio.options import Settings

CORES = (150, 600, 2400)
"""Sizes of the core that are tried before all options are taken."""


NOTHING = 1e-9
"""Share of the largest worth below which a worth is rounding."""


@dataclass(frozen=True)
class Found:
    """The best vector of columns, None where there is none; bound is proven; relaxation holds prices."""

    x: np.ndarray | None
    objective: float
    bound: float
    relaxation: Answer

    @property
    def gap(self) -> float:
        """Proven relative distance to the optimum."""
        return np.inf if self.x is None else relative_gap(self.bound, self.objective)


def prices_of(model: Model, found: Found) -> np.ndarray:
    """The relaxation's price of each limit, 0 where what it asks for the largest need of it is rounding."""
    assert found.relaxation.price is not None
    p, count = model.programme, len(model.limits)
    price = found.relaxation.price[:count]
    asked = np.abs(price) * row_sizes(p)[:count]
    return np.where(asked > NOTHING * np.abs(p.c).max(initial=0.0), price, 0.0)


def relative_gap(bound: float, objective: float) -> float:
    """How much better a choice could be, as a share of the aim; inf where that is 0 and a better one may exist."""
    more = max(bound - objective, 0.0)
    return more / abs(objective) if objective else (np.inf if more else 0.0)


def search(
    model: Model, settings: Settings, *, exact: bool, clock: Callable[[], float] = time.monotonic
) -> Found:
    """The best choice; `Found.x` is None only where nothing is feasible or time ran out first."""
    until = clock() + settings.time_limit
    relaxation = solve_lp(model.programme)
    if relaxation.infeasible or relaxation.x is None:
        return Found(None, -np.inf, -np.inf, relaxation)
    found = Found(None, -np.inf, relaxation.bound, relaxation)
    if len(model.options) <= CORES[0]:
        found = _better(model, found, greedy(model))
        return _finish(model, found, 0.0 if exact else settings.gap, until - clock())
    found = _better(model, found, _by_cores(model, found, settings, until, clock))
    found = _better(model, found, greedy(model))
    if exact or found.gap > settings.gap:
        found = _finish(model, found, 0.0 if exact else settings.gap, until - clock())
    return found


def _by_cores(
    model: Model, found: Found, settings: Settings, until: float, clock: Callable[[], float]
) -> np.ndarray | None:
    p, lp = model.programme, found.relaxation
    assert lp.x is not None
    assert lp.reduced is not None
    rounded = np.where(p.integer, np.round(lp.x), lp.x)
    settled = np.abs(lp.x - rounded) < 1e-7
    distance = np.where(settled & p.integer, np.abs(lp.reduced), -1.0)
    order = np.argsort(distance, kind="stable")
    always = int((distance < 0).sum())
    best = None
    for size in CORES:
        core = order[: always + size]
        if len(core) >= len(order) or clock() > until:
            break
        part, constant = _restrict(p, core, rounded)
        answer = solve_mip(part, gap=settings.gap / 4, time_limit=until - clock())
        if answer.x is None:
            continue
        x = rounded.copy()
        x[core] = answer.x
        best = x
        if found.bound - (answer.objective + constant) <= settings.gap * abs(answer.objective + constant):
            break
    return best


def _restrict(p: Programme, keep: np.ndarray, fixed: np.ndarray) -> tuple[Programme, float]:
    """The programme of some columns, the others at their fixed values."""
    rest = fixed.copy()
    rest[keep] = 0.0
    used = p.a @ rest
    part = p.a[:, keep]
    rows = np.flatnonzero(np.diff(part.indptr) > 0)
    programme = Programme(
        p.c[keep],
        part[rows],
        p.low[rows] - used[rows],
        p.high[rows] - used[rows],
        p.lower[keep],
        p.upper[keep],
        p.integer[keep],
    )
    return programme, float(p.c @ rest)


def _finish(model: Model, found: Found, gap: float, seconds: float) -> Found:
    """Branch and cut over the columns that reduced costs leave open."""
    p, lp = model.programme, found.relaxation
    keep = np.arange(len(p.c))
    fixed = np.zeros(len(p.c))
    if found.x is not None and lp.x is not None and lp.reduced is not None:
        floor = found.objective - 1e-9 * max(1.0, abs(found.objective))
        closed = p.integer & (np.abs(lp.x - np.round(lp.x)) < 1e-9) & (lp.bound - np.abs(lp.reduced) < floor)
        keep = np.flatnonzero(~closed)
        fixed = np.where(closed, np.round(lp.x), 0.0)
    if not len(keep):
        return replace(found, bound=found.objective)
    part, constant = _restrict(p, keep, fixed)
    start = None
    if found.x is not None and np.array_equal(np.round(found.x[fixed > 0]), fixed[fixed > 0]):
        start = found.x[keep]
    answer = solve_mip(part, gap=gap, time_limit=seconds, start=start)
    bound = min(found.bound, answer.bound + constant)
    if answer.x is not None:
        x = fixed.copy()
        x[keep] = answer.x
        found = _better(model, found, x)
    if found.x is None:
        return replace(found, bound=bound)
    return replace(found, bound=max(bound, found.objective))


def _better(model: Model, found: Found, x: np.ndarray | None) -> Found:
    """The better of what was found and another vector, its whole columns rounded and the others drawn from them."""
    if x is None:
        return found
    full = complete(model, np.round(x[: len(model.option)]))
    value = float(model.programme.c @ full)
    if value <= found.objective or not feasible(model, full):
        return found
    return replace(found, x=full, objective=value)
