"""The best answer within bounds, where holding a quantity at one gives only the nearest.

Balances with products may have several answers that nothing better is near to. Held at zero, a flow that came out below
may yet be better off well above; so each unmeasured quantity that is held and that the balances without products leave
open is also fixed at shares and multiples of its unit, and let go from the best of these (`_released`).

A recycle whose flow and content nobody measures is the worst of them: readings tell 1/f, and what comes out below zero
has passed infinity, so that a very large recycle may fit better than none. Where it has an upper bound, the answer at
that end is looked at too, and the better stands. Where it has none, an ever larger recycle fits ever better, and no
flow is the best one: it is `Endless`, and it, with what grows with it, is told as unobservable. So is the content of a
flow that is held at nothing: with next to no flow and a content without limit it could carry what readings ask of it.
Not a search of everything: an answer that none of these starts leads to is not found, and where more than `MOST`
quantities are held the readings contradict each other, which χ² tells, and nothing is looked for elsewhere.
Source: the two-product formula, m (c₁ − c₂) / (c₂ − c₃), which passes through infinity where two contents meet
(Wills & Finch, Mineral Processing Technology, 2016, 3.4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sachhon.science.balance.holding import Held, Within, settle
from sachhon.science.balance.network import Bools, Floats, Ints
from sachhon.science.balance.projection import ProjectionModel, unobserved
from sachhon.science.balance.quadratic import Solution
from sachhon.science.phrases import number
from sachhon.science.uncertainty import ScienceError

MOST = 4
STARTS = (0.1, 0.3, 1.0, 3.0)  # of a quantity's unit, from the bound it is held at
FAR, FARTHER = 1e2, 1e4
NEXT_TO_NOTHING = 1e-6  # of a flow's unit
BETTER = 1e-6  # of 1 + χ²: a gain below this is rounding
GROWS = 10.0  # of its unit: what moves by more between the two grows with it


@dataclass(frozen=True)
class Endless:
    """A quantity that fits the readings the better the larger it is; `grows` are the numbers of all that grow with it.

    chi2 : at the answer, where it stands at its bound, and what it falls towards. `along` names the flow of nothing
    that would carry it, where it is a content.
    """

    variable: int
    names: tuple[str, str]  # in English, in Vietnamese
    grows: tuple[int, ...]
    chi2: tuple[float, float]
    along: tuple[str, str] | None = None

    def words(self, lang: str = "vi") -> str:
        now, then = (number(x, 3, lang) for x in self.chi2)
        if lang == "vi":
            name = self.names[1]
            if self.along is not None:
                return (
                    f"Theo số đọc, {self.along[1]} bằng không mà vẫn có thứ đi theo: {name} càng lớn thì số đọc càng "
                    f"khớp (χ² từ {now} xuống {then}). Hãy xem lại các đồng hồ quanh đó, hoặc cho hàm lượng một giới "
                    "hạn trên."
                )
            return (
                f"Số đọc không cho biết {name}: càng lớn thì số đọc càng khớp (χ² từ {now} xuống {then}). Hãy đo nó "
                "hoặc đo hàm lượng của nó, hoặc cho nó một giới hạn trên."
            )
        name = self.names[0]
        if self.along is not None:
            return (
                f"By the readings {self.along[0]} is nothing and yet something goes with it: the larger {name}, the "
                f"better they fit (χ² from {now} to {then}). Check the meters round it, or give the content an upper "
                "bound."
            )
        return (
            f"The readings do not tell {name}: the larger it is, the better they fit (χ² from {now} to {then}). "
            "Measure it or its content, or give it an upper bound."
        )


def best(problem: Within) -> Held:
    """The best of the answers within the bounds that are known; what has no best one is `endless`."""
    held = settle(problem)
    if not len(problem.free.system.row):
        return held  # linear balances: what is held is the best
    open_ = _left_open(problem)
    if (open_ & (held.side != 0)).sum() > MOST:
        return held
    for k in np.flatnonzero(open_ & (held.side != 0)):
        held = _released(problem, held, int(k))
    endless: list[Endless] = []
    for k in np.flatnonzero(open_ & (held.side != 0)):
        if not held.side[k]:
            continue  # a better answer found on the way lets it go
        at_bound = problem.low[k] if held.side[k] > 0 else problem.high[k]
        ways = [at_bound + held.side[k] * share * problem.free.unit[k] for share in (FAR, FARTHER)]
        side = _stopped_by(problem, int(k), ways)
        if side is None:
            continue
        if side.any():
            other = _settled(problem, side)
            held = other if other is not None and _better(other, held) else held
        elif (one := _far(problem, held, int(k), ways)) is not None:
            endless.append(one)
    told = {k for one in endless for k in one.grows}
    for flow, content in _loads(problem, held):
        if flow not in told and (one := _thin(problem, held, flow, content)) is not None:
            endless = [other for other in endless if other.variable != content] + [one]
    return without_end(held, tuple(endless)) if endless else held


def _left_open(problem: Within) -> Bools:
    """Unmeasured quantities that the balances without products do not determine."""
    system = problem.free.system
    plain = np.setdiff1d(np.arange(len(system.constant)), system.row)
    return unobserved(system.linear[plain] * problem.free.unit, problem.readings)


def _loads(problem: Within, held: Held) -> list[tuple[int, int]]:
    """(flow held at nothing, content that nobody measured or bounds) where they stand in one product."""
    system, hidden = problem.free.system, problem.readings.unmeasured
    nothing = held.side > 0
    nothing &= problem.low == 0
    return sorted(
        {
            (int(i), int(j))
            for i, j in zip(system.left, system.right, strict=True)
            if nothing[i] and hidden[i] and hidden[j] and np.isinf(problem.high[j])
        }
    )


def _released(problem: Within, held: Held, k: int) -> Held:
    """The better of the answer and of where a quantity goes when it is let go away from its bound."""
    if not held.side[k]:
        return held
    at_bound, unit = (problem.low[k] if held.side[k] > 0 else problem.high[k]), problem.free.unit[k]
    fixed = [_kept(problem, held, k, at_bound + held.side[k] * share * unit) for share in STARTS]
    best_ = min((one for one in fixed if one is not None), key=lambda one: one.conditional[0], default=None)
    if best_ is None or not _better(best_, held):
        return held
    readings = problem.readings
    y = np.where(readings.unmeasured, np.nan, readings.value)
    try:
        free = problem.solve(y, problem.variance, best_.solution)
        there = settle(replace(problem, free=free))
    except ScienceError:
        return held
    return there if _better(there, held) else held


def _stopped_by(problem: Within, k: int, ways: list[float]) -> Ints | None:
    """The bound that stops a quantity on its way from the first value to the second and on, as a `side`: all 0 where
    none does. None where it cannot go there."""
    near, far = (_fixed(problem, k, value) for value in ways)
    if near is None or far is None:
        return None
    side = np.zeros(len(problem.low), dtype=np.int64)
    start, way = near.result.estimate, far.result.estimate - near.result.estimate
    moves = np.abs(way) > GROWS * problem.free.unit
    bound = np.where(way > 0, problem.high, problem.low)
    stops = np.flatnonzero(moves & np.isfinite(bound) & near.result.observable)
    if len(stops):
        first = stops[np.argmin((bound - start)[stops] / way[stops])]
        side[first] = 1 if way[first] < 0 else -1
    return side


def _far(problem: Within, held: Held, k: int, ways: list[float]) -> Endless | None:
    """What fixing a quantity ever farther away does."""
    unit = problem.free.unit
    far, farther = (_kept(problem, held, k, value) for value in ways)
    if farther is None or not _better(farther, held):
        return None
    if far is None or far.conditional[0] < farther.conditional[0]:
        return None  # the best lies between
    moves = np.abs(farther.solution.result.estimate - far.solution.result.estimate)
    grows = np.flatnonzero((moves > GROWS * unit) & problem.readings.unmeasured)
    return Endless(
        k,
        _names(problem, k),
        tuple(sorted({*grows.tolist(), k})),
        (held.conditional[0], farther.conditional[0]),
    )


def _thin(problem: Within, held: Held, flow: int, content: int) -> Endless | None:
    """What next to no flow does, with a content as large as it takes."""
    thin = _kept(problem, held, flow, NEXT_TO_NOTHING * problem.free.unit[flow])
    if thin is None or not _better(thin, held):
        return None
    if thin.solution.result.estimate[content] < FAR * problem.free.unit[content]:
        return None
    names = _names(problem, content)
    chi2 = held.conditional[0], thin.conditional[0]
    return Endless(content, names, (content,), chi2, _names(problem, flow))


def _kept(problem: Within, held: Held, k: int, value: float) -> Held | None:
    """The answer with one quantity fixed, all others within their bounds; None where there is none.

    It starts with what is held already.
    """
    free = _fixed(problem, k, value)
    if free is None:
        return None
    side = held.side.copy()
    side[k] = 0
    return _settled(replace(problem, free=free, variance=_known(problem.variance, k)), side)


def _fixed(problem: Within, k: int, value: float) -> Solution | None:
    """The same without bounds."""
    y = np.where(problem.readings.unmeasured, np.nan, problem.readings.value)
    y[k] = value
    try:
        return problem.solve(y, _known(problem.variance, k))
    except ScienceError:
        return None


def _known(variance: Any, k: int) -> Floats:
    """Variances with that of one quantity, which is not measured, at 0."""
    out = np.array(variance, dtype=float)
    out[k] = 0.0
    if out.ndim == 2:
        out[:, k] = 0.0
    return out


def _settled(problem: Within, side: Ints | None = None) -> Held | None:
    try:
        return settle(problem, side)
    except ScienceError:
        return None


def _better(one: Held, other: Held) -> bool:
    return one.conditional[0] < other.conditional[0] - BETTER * (1 + other.conditional[0])


def _names(problem: Within, k: int) -> tuple[str, str]:
    return problem.names.stream(k), problem.names.stream(k, "vi")


def without_end(held: Held, endless: tuple[Endless, ...]) -> Held:
    """The answer with what has no best value told as unobservable."""
    lost = np.zeros(len(held.side), dtype=bool)
    lost[[k for one in endless for k in one.grows]] = True
    result = held.solution.result
    variance: Floats = np.where(lost, np.inf, result.variance)
    seen: Bools = result.observable & ~lost
    model = result.model
    if isinstance(model, ProjectionModel):
        model = replace(model, variance=variance, observable=seen)
    solution: Solution = replace(
        held.solution, result=replace(result, variance=variance, observable=seen, model=model)
    )
    active = tuple(bound for bound in held.active if not lost[bound.stream])
    return replace(held, solution=solution, active=active, endless=endless)
