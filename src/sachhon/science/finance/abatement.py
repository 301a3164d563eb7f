"""Marginal abatement cost curve, with the flaw of its left half kept out of sight and a Pareto ranking instead.

    cost of abatement_i = annual net cost_i / abatement_i         money per unit abated, for options that cost

Options that cost are put in ascending order of it; the curve's area is the cost of a total abatement. Where an
option *earns* (net cost below zero) the ratio misleads: of two options that earn the same, it puts first the one
that abates less, since the same gain is divided by a smaller number. No index repairs this (Taylor 2012, The
ranking of negative-cost emissions reduction measures, Energy Policy 48, 430–438; Levihn 2016, Energy 114).
So the ratio is not given for those. They are ranked by Pareto fronts in (gain, abatement), both to be as great as
can be: an option in the first front is beaten on both counts by none, one in the second only by some of the first,
and so on; within a front the order is by gain and says nothing. Fronts are a partial order, which is all there is.

Units: any money a year and any unit a year. Not here: options that exclude or overlap each other (see `portfolio`)
or interact (the curve adds them up as if each stood alone).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Block:
    """One option of the curve.

    cost_per_unit : None where the option earns; front : 1 for the best, None where it costs; start, end : its place on
    the axis of abatement.
    """

    name: str
    net_cost: float
    abatement: float
    cost_per_unit: float | None
    front: int | None
    start: float
    end: float


@dataclass(frozen=True)
class Curve:
    """Blocks from left to right: those that earn by front, those that cost by cost per unit, those left out.

    worthless : names of options that abate nothing or add to emissions, and do not belong on the curve.
    """

    blocks: tuple[Block, ...]
    worthless: tuple[str, ...]

    def abatement_within(self, price: float) -> float:
        """Abatement of all options that earn or cost at most `price` a unit."""
        chosen = (b.abatement for b in self.blocks if b.cost_per_unit is None or b.cost_per_unit <= price)
        return float(sum(chosen))

    def notes(self, lang: str = "vi") -> tuple[str, ...]:
        """What the reader must know before using the curve."""
        notes = []
        vi = lang == "vi"
        if any(b.front is not None for b in self.blocks):
            notes.append(
                "Giải pháp có lãi không xếp theo chi phí trên một đơn vị giảm phát thải vì chỉ số này sai khi "
                "chi phí âm (Taylor 2012); chúng được xếp theo lớp Pareto của lợi ích và lượng giảm."
                if vi
                else "Options that earn are not ranked by cost per unit abated, which misleads below zero "
                "(Taylor 2012); they stand in Pareto fronts of gain and abatement."
            )
        if self.worthless:
            names = ", ".join(self.worthless)
            notes.append(
                f"Không giảm phát thải nên không đưa vào: {names}."
                if vi
                else f"Left out, since they abate nothing: {names}."
            )
        notes.append(
            "Đường cong cộng các giải pháp như thể độc lập; khi chúng trùng hoặc loại trừ nhau thì dùng bài toán "
            "chọn danh mục."
            if vi
            else "The curve adds options as if they stood alone; where they overlap or exclude each other, "
            "choose a portfolio."
        )
        return tuple(notes)


def abatement_curve(names: Sequence[str], net_cost: ArrayLike, abatement: ArrayLike) -> Curve:
    """Curve of options with a yearly net cost (annuity of all costs less all gains; negative: it earns)."""
    cost = floats(net_cost, "net_cost", "chi phí ròng (net_cost)")
    abated = floats(abatement, "abatement", "lượng giảm phát thải (abatement)")
    if not (cost.shape == abated.shape == (len(names),)):
        raise ScienceError(
            "names, net costs and abatements must be as many.",
            "số tên, số chi phí ròng và số lượng giảm phát thải phải bằng nhau.",
        )
    if not (np.isfinite(cost).all() and np.isfinite(abated).all()):
        raise ScienceError(
            "a cost or an abatement is missing or infinite; leave the option out.",
            "có chi phí hoặc lượng giảm bị thiếu hoặc vô hạn; hãy bỏ giải pháp ấy ra.",
        )
    useful = abated > 0
    earning = np.flatnonzero(useful & (cost <= 0))
    costing = np.flatnonzero(useful & (cost > 0))
    fronts = pareto_fronts(-cost[earning], abated[earning])
    by_front = np.lexsort((cost[earning], fronts))
    by_cost = np.argsort(cost[costing] / abated[costing], kind="stable")
    order = np.concatenate([earning[by_front], costing[by_cost]])
    ends = np.cumsum(abated[order])
    front_of = dict(zip(earning.tolist(), fronts.tolist(), strict=True))
    blocks = tuple(
        Block(
            names[int(i)],
            float(cost[i]),
            float(abated[i]),
            None if i in front_of else float(cost[i] / abated[i]),
            front_of.get(i),
            float(end - abated[i]),
            float(end),
        )
        for i, end in zip(order.tolist(), ends, strict=True)
    )
    return Curve(blocks, tuple(names[i] for i in np.flatnonzero(~useful).tolist()))


def pareto_fronts(*aims: ArrayLike) -> np.ndarray:
    """Front of each option, 1 the best; every aim is to be as great as can be.

    aims : (n,) each. An option dominates another if it is at least as good in all aims and better in one; equals share
    a front. Two aims take n log n, more take n² a front.
    """
    table = np.stack([floats(aim, "an aim", "một mục tiêu") for aim in aims], axis=1)
    if not np.isfinite(table).all():
        raise ScienceError(
            "an aim is missing or infinite; leave the option out.",
            "có mục tiêu bị thiếu hoặc vô hạn; hãy bỏ giải pháp ấy ra.",
        )
    front = np.zeros(len(table), dtype=int)
    left = np.arange(len(table))
    level = 0
    while left.size:
        level += 1
        first = _undominated(table[left])
        front[left[first]] = level
        left = left[~first]
    return front


def _undominated(table: np.ndarray) -> np.ndarray:
    if table.shape[1] == 2:
        order = np.lexsort((-table[:, 1], -table[:, 0]))
        a, b = table[order].T
        before = np.concatenate([[-np.inf], np.maximum.accumulate(b)[:-1]])
        same = np.concatenate([[False], (a[1:] == a[:-1]) & (b[1:] == b[:-1])])
        good = b > before
        for i in np.flatnonzero(same):  # an equal of the option before it shares its fate
            good[i] = good[i - 1]
        result = np.empty(len(table), dtype=bool)
        result[order] = good
        return result
    return np.array(
        [not ((table >= row).all(axis=1) & (table > row).any(axis=1)).any() for row in table], dtype=bool
    )
