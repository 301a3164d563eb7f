"""Which limits contradict each other when nothing can be chosen, and the least that would have to give.

1. A set of limits is irreducible if together they cannot be kept but without any one of them they can. It is found by
   the deletion filter: drop each limit in turn and leave it out if the rest still contradicts (Chinneck 2008,
   Feasibility and Infeasibility in Optimization).
2. The least change: each limit may be overstepped at a price of one per share of its amount; the cheapest way to
   feasibility says which limits to relax and by how much (the elastic programme, ibid.).

Both look at whole options; where a step runs out of time its answer for fractions of options stands instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.portfolio.highs import Programme, solve_lp, solve_mip
from sachhon.science.portfolio.model import Limit, Model
from sachhon.science.portfolio.words import limit_name, number
from sachhon.science.uncertainty import ScienceError

SECONDS = 10.0


@dataclass(frozen=True)
class Relaxation:
    """A limit and the amount at which the choice becomes possible."""

    limit: Limit
    amount: float


class ContradictingLimits(ScienceError):
    """No choice keeps all limits.

    conflict : limits that cannot be kept together, none of them to spare; cures : the least change that helps. Options
    that must be in may be part of the contradiction (`forced`).
    """

    def __init__(self, conflict: tuple[Limit, ...], cures: tuple[Relaxation, ...], forced: bool) -> None:
        self.conflict = conflict
        self.cures = cures
        self.forced = forced
        super().__init__(self.sentence("en"))

    def sentence(self, lang: str = "vi") -> str:
        """What contradicts what, and what to change."""
        vi = lang == "vi"
        names = [f"{limit_name(one, lang)} ({number(one.amount, lang)})" for one in self.conflict]
        if self.forced or not names:
            names.append("các giải pháp bắt buộc" if vi else "the options that must be in")
        what = "; ".join(names)
        cures = "; ".join(
            f"{limit_name(cure.limit, lang)} {number(cure.limit.amount, lang)} → {number(cure.amount, lang)}"
            for cure in self.cures
        )
        if vi:
            end = f" Sửa ít nhất: {cures}." if cures else " Hãy bớt giải pháp bắt buộc."
            return f"Không có cách chọn nào giữ được mọi giới hạn. Mâu thuẫn nhau: {what}.{end}"
        end = f" The least change: {cures}." if cures else " Take some of the forced options off."
        return f"No choice keeps all limits. These contradict each other: {what}.{end}"


def contradiction(model: Model) -> ContradictingLimits:
    """The error that explains an infeasible model."""
    p = model.programme
    count = len(model.limits)
    free = np.zeros(len(p.low), dtype=bool)
    for k in range(count):
        free[k] = True
        if not _infeasible(_without(p, free)):
            free[k] = False
    conflict = tuple(model.limits[k] for k in range(count) if not free[k])
    forced = bool(model.must) and not _infeasible(_without_must(model, free))
    return ContradictingLimits(conflict, _cures(model), forced)


def _without(p: Programme, free: np.ndarray) -> Programme:
    return replace(p, low=np.where(free, -np.inf, p.low), high=np.where(free, np.inf, p.high))


def _without_must(model: Model, free: np.ndarray) -> Programme:
    released = free.copy()
    released[len(free) - len(model.must) :] = True
    return _without(model.programme, released)


def _infeasible(p: Programme) -> bool:
    empty = replace(p, c=np.zeros_like(p.c))
    if solve_lp(empty).infeasible:
        return True
    return solve_mip(empty, gap=1.0, time_limit=SECONDS).infeasible


def _cures(model: Model) -> tuple[Relaxation, ...]:
    from scipy.sparse import coo_array, csr_array, hstack

    p, count = model.programme, len(model.limits)
    if not count:
        return ()
    k = np.arange(count)
    sign = np.array([1.0 if limit.kind == "target" else -1.0 for limit in model.limits])
    slack = coo_array((sign, (k, k)), shape=(len(p.low), count))
    share = np.array([1 / max(abs(limit.amount), 1e-9) for limit in model.limits])
    elastic = Programme(
        np.concatenate([np.zeros(len(p.c)), -share]),
        csr_array(hstack([p.a, slack])),
        p.low,
        p.high,
        np.concatenate([p.lower, np.zeros(count)]),
        np.concatenate([p.upper, np.full(count, np.inf)]),
        np.concatenate([p.integer, np.zeros(count, dtype=bool)]),
    )
    answer = solve_mip(elastic, gap=1e-6, time_limit=SECONDS)
    if answer.x is None:
        return ()
    over = answer.x[len(p.c) :]
    return tuple(
        Relaxation(limit, limit.amount - float(sign[i]) * float(over[i]))
        for i, limit in enumerate(model.limits)
        if over[i] > 1e-7 * max(1.0, abs(limit.amount))
    )
