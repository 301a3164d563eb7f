"""Which limits contradict each other when nothing can be chosen, and the least that would have to give.

Limits, options forced in and options ruled out are looked at alike:

1. A set of limits is irreducible if together they cannot be kept but without any one of them they can. It is found by
   the deletion filter: drop each limit in turn and leave it out if the rest still contradicts (Chinneck 2008,
   Feasibility and Infeasibility in Optimization).
2. The least change: each limit may be overstepped at a price of one per share of its amount; the cheapest way to
   feasibility says which limits to relax and by how much (the elastic programme, ibid.).

Both look at whole options; where a step runs out of time its answer for fractions of options stands instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.portfolio.highs import Programme, row_sizes, solve_lp, solve_mip
from sachhon.science.portfolio.model import Limit, Model
from sachhon.science.portfolio.order import Order, brought, orders
from sachhon.science.portfolio.words import apart, limit_name, number
from sachhon.science.uncertainty import ScienceError

SECONDS = 10.0


@dataclass(frozen=True)
class Relaxation:
    """A limit and the amount at which the choice becomes possible."""

    limit: Limit
    amount: float


class ContradictingLimits(ScienceError):
    """No choice keeps all limits.

    conflict : limits that cannot be kept together, none of them to spare; cures : the least change of limits;
    forced, forbidden : options in `must` and `never` that take part, none of them to spare; needs : (option, what it
    requires) among them; rivals : options among them of which only one can be in; orders : where one of them must
    begin before what it requires can.
    """

    def __init__(
        self,
        conflict: tuple[Limit, ...],
        cures: tuple[Relaxation, ...],
        forced: tuple[str, ...] = (),
        forbidden: tuple[str, ...] = (),
        needs: tuple[tuple[str, str], ...] = (),
        rivals: tuple[tuple[str, ...], ...] = (),
        orders: tuple[Order, ...] = (),
    ) -> None:
        self.conflict = conflict
        self.cures = cures
        self.forced = forced
        self.forbidden = forbidden
        self.needs = needs
        self.rivals = rivals
        self.orders = orders
        super().__init__(self.sentence("en"), self.sentence("vi"))

    def sentence(self, lang: str = "vi") -> str:
        """What contradicts what, and what to change."""
        vi = lang == "vi"
        forced, forbidden = ", ".join(self.forced), ", ".join(self.forbidden)
        names = [f"{limit_name(one, lang)} ({number(one.amount, lang)})" for one in self.conflict]
        if forced:
            names.append(f"giải pháp bắt buộc: {forced}" if vi else f"options that must be in: {forced}")
        if forbidden:
            names.append(f"giải pháp bị loại: {forbidden}" if vi else f"options ruled out: {forbidden}")
        told = {(one.code, one.required) for one in self.orders}
        names += [f"{a} cần {b}" if vi else f"{a} needs {b}" for a, b in self.needs if (a, b) not in told]
        for group in self.rivals:
            codes = ", ".join(group)
            names.append(f"chỉ chọn được một trong {codes}" if vi else f"only one can be in of {codes}")
        names += [one.sentence(lang) for one in self.orders]
        cures = [
            f"{limit_name(cure.limit, lang)} {' → '.join(apart(cure.limit.amount, cure.amount, lang))}"
            for cure in self.cures
        ]
        end = ""
        if cures:
            end = f" {'Sửa ít nhất' if vi else 'The least change'}: {'; '.join(cures)}."
        if forced:
            least = "Hoặc bớt" if cures else "Hãy bớt"
            end += (
                f" {least} một giải pháp bắt buộc trong số: {forced}."
                if vi
                else f" {'Or take' if cures else 'Take'} one of these off what must be in: {forced}."
            )
        if forbidden:
            end += f" Hoặc cho phép {forbidden}." if vi else f" Or allow {forbidden}."
        if vi:
            return f"Không có cách chọn nào giữ được mọi giới hạn. Mâu thuẫn nhau: {'; '.join(names)}.{end}"
        return f"No choice keeps all limits. These contradict each other: {'; '.join(names)}.{end}"


def contradiction(model: Model) -> ContradictingLimits:
    """The error that explains an infeasible model."""
    count = len(model.limits)
    never = list(model.never)
    kept = np.ones(count + len(model.must) + len(never), dtype=bool)
    for k in range(kept.size):
        kept[k] = False
        if not _infeasible(_released(model, never, kept)):
            kept[k] = True
    forced = [model.must[k - count] for k in np.flatnonzero(kept) if count <= k < count + len(model.must)]
    forbidden = [
        never[k - count - len(model.must)] for k in np.flatnonzero(kept) if k >= count + len(model.must)
    ]
    codes = [option.code for option in model.options]
    needs, involved = brought(model, forced)
    rivals = [
        tuple(codes[i] for i in sorted(involved) if model.group[i] == group)
        for group in sorted({int(model.group[i]) for i in involved} - {-1})
    ]
    return ContradictingLimits(
        tuple(model.limits[k] for k in range(count) if kept[k]),
        _cures(model),
        tuple(codes[i] for i in forced),
        tuple(codes[i] for i in forbidden),
        tuple((codes[a], codes[b]) for a, b in needs),
        tuple(group for group in rivals if len(group) > 1),
        orders(model, needs),
    )


def _released(model: Model, never: Sequence[int], kept: np.ndarray) -> Programme:
    """The programme without the limits, the options forced and those forbidden that are not kept."""
    p, count, must = model.programme, len(model.limits), len(model.must)
    free = np.zeros(len(p.low), dtype=bool)
    free[:count] = ~kept[:count]
    free[len(free) - must :] = ~kept[count : count + must]  # the last rows
    allowed = [i for i, k in zip(never, kept[count + must :], strict=True) if not k]
    columns = np.zeros(len(p.upper), dtype=bool)
    columns[: len(model.option)] = np.isin(model.option, allowed) & ~model.late
    return replace(
        p,
        low=np.where(free, -np.inf, p.low),
        high=np.where(free, np.inf, p.high),
        upper=np.where(columns, 1.0, p.upper),
    )


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
    amount = np.array([limit.amount for limit in model.limits])
    # counted in shares of the amount; in what the largest option has of it where nothing is allowed, at any price
    unit = np.where(amount == 0, row_sizes(p)[:count], np.abs(amount))
    slack = coo_array((sign * unit, (k, k)), shape=(len(p.low), count))
    elastic = Programme(
        np.concatenate([np.zeros(len(p.c)), np.where(amount == 0, -1e9, -1.0)]),
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
    # the solver's own slack may hide in its tolerance what a choice of whole options lacks, or show what it does not
    chosen = np.where(p.integer, np.round(answer.x[: len(p.c)]), answer.x[: len(p.c)])
    reached = (p.a @ chosen)[:count]
    over = np.maximum(p.low[:count] - reached, reached - p.high[:count]) / unit
    return tuple(
        Relaxation(limit, float(amount[i] - sign[i] * unit[i] * over[i]))
        for i, limit in enumerate(model.limits)
        if over[i] > 1e-7
    )
