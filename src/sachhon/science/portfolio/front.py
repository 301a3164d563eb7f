"""Choices of which none is better in one aim without being worse in another: the Pareto front of two or more aims.

One aim f is maximised while each other, g_k, must reach a floor e_k (epsilon-constraint):

    max f + Σ_k δ_k g_k   with   g_k ≥ e_k

The small weights δ keep out points that are only as good (augmented epsilon-constraint: Mavrotas 2009, Applied
Mathematics and Computation 213(2)). The floors go up one aim inside the other, from none at all, and each next floor
lies above the least of g_k among the points just found: every point q that nothing beats has, for the highest floors
at or below it, an answer with f no less than f(q), and that answer is q itself unless one of its g_k lies below q's,
which then raises that floor no further than q. So nothing depends on a lower end of the range of an aim, which for
three aims or more no single choice tells (its nadir). Floors rise by a step at least, so that their number is bounded:
points that lie nearer than a step may be passed over. Finds also points that no weighting of the aims would.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.portfolio.choice import choose
from sachhon.science.portfolio.conflict import ContradictingLimits
from sachhon.science.portfolio.options import VALUE, Interaction, Limits, Option, Overlap, Settings
from sachhon.science.portfolio.result import Portfolio
from sachhon.science.uncertainty import ScienceError

TIE = 1e-3
"""Share of the first aim's range that all other aims together may move, to break ties on the front."""
ABOVE = 1e-6
"""Least rise of a floor, of an aim's greatest amount in one option; the solver keeps a row to that."""


@dataclass(frozen=True)
class Front:
    """Choices of which none is better in one aim without being worse in another.

    aims : their names; points : (k, n_aims), ordered by the first, descending; portfolios : one for each point.
    """

    aims: tuple[str, ...]
    points: np.ndarray
    portfolios: tuple[Portfolio, ...]


def front(
    options: Sequence[Option],
    limits: Limits,
    *,
    aims: Sequence[str],
    points: int = 11,
    interactions: Sequence[Interaction | Overlap] = (),
    settings: Settings | None = None,
) -> Front:
    """The Pareto front of two or more aims, "value" and resources saved, in any order.

    points : fineness; floors of an aim go up by at least 1/(points − 1) of the range between the choices that are best
    in one aim alone. Every point is found where those of the front differ by more than that in each aim but one, the
    value or else the first, and in that one by more than `TIE` of its range.
    """
    if len(aims) < 2 or len(set(aims)) < len(aims) or points < 2:
        raise ScienceError(
            "a front needs at least two different aims and two points.",
            "một đường biên cần ít nhất hai mục tiêu khác nhau và hai điểm.",
        )
    first = VALUE if VALUE in aims else aims[0]
    others = [name for name in aims if name != first]

    def best(weights: Mapping[str, float], least: Mapping[str, float]) -> Portfolio:
        targets = {**limits.targets, **{a: max(v, limits.targets.get(a, -np.inf)) for a, v in least.items()}}
        narrowed = replace(limits, targets=targets)
        return choose(options, narrowed, aim=weights, interactions=interactions, settings=settings)

    ends = [best({name: 1.0}, {}) for name in (first, *others)]
    width = {name: float(np.ptp([_total(end, name) for end in ends])) for name in (first, *others)}
    greatest = {name: _total(end, name) for name, end in zip(others, ends[1:], strict=True)}
    least = {name: ABOVE * _greatest(options, name) for name in (first, *others)}
    step = {name: max(width[name] / (points - 1), least[name]) for name in others}
    weights = {first: 1.0} | {
        name: TIE * (max(width[first], least[first]) or 1.0) / width[name] / len(others)
        for name in others
        if width[name] > least[name]
    }

    def above(floors: Mapping[str, float], rest: Sequence[str]) -> list[Portfolio]:
        """Points with these floors, the floors of the `rest` going up."""
        if not rest:
            try:
                return [best(weights, floors)]
            except ContradictingLimits:
                return []  # these floors cannot be reached together
        name, rest = rest[0], rest[1:]
        found = part = above(floors, rest)
        floor = min((_total(one, name) for one in part), default=np.inf)
        while part and step[name] > 0:
            lowest = min(_total(one, name) for one in part)
            floor = max(lowest + least[name], floor + step[name] * (1 - 1e-9))
            if floor > greatest[name]:
                break
            part = above({**floors, name: floor}, rest)
            found = found + part
        return found

    found = above({}, others)
    values = np.array([[_total(one, name) for name in aims] for one in found])
    keep = _undominated(values)
    order = keep[np.lexsort(tuple(-values[keep].T[::-1]))]
    return Front(tuple(aims), values[order], tuple(found[i] for i in order.tolist()))


def _total(portfolio: Portfolio, aim: str) -> float:
    return portfolio.totals.get(aim, 0.0)


def _greatest(options: Sequence[Option], aim: str) -> float:
    """The greatest amount of an aim in one option."""
    return max((abs(o.value if aim == VALUE else o.savings.get(aim, 0.0)) for o in options), default=0.0)


def _undominated(values: np.ndarray) -> np.ndarray:
    """Rows beaten by none; of equal rows the first."""
    kept: list[int] = []
    for i, row in enumerate(values):
        beaten = ((values >= row).all(axis=1) & (values > row).any(axis=1)).any()
        if not beaten and not any((values[j] == row).all() for j in kept):
            kept.append(i)
    return np.array(kept, dtype=int)
