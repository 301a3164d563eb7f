"""Bounds in a problem with products: the unknowns that would pass a bound are held at it, as in `bounded`.

Those that least squares puts outside are fixed at their bound and the rest is solved anew; one whose multiplier says
that it would move inwards is let go. Where neither is left, the conditions of Karush, Kuhn and Tucker hold. What comes
round again is taken one at a time, the worst first.

Tests. Given which unknowns are held, χ² of all readings has the degrees of freedom of the held problem (`conditional`):
bounds that the readings speak against show in its p value. Without any held it is the usual global test.
Sources: Nocedal & Wright 2006, 16.5 (active sets); Bartholomew 1961 and Silvapulle & Sen 2005, 3.4 (conditional test
under inequality constraints).
Of unknowns that are not observable the estimate is one of many, and a bound tells nothing of each; but together they
need room within their bounds, and where there is none, those that lack it are held (`remainder`). What a multiplier of
a rough reading tells is the way it would go (`moves`), not its size. Whether what is held would do better far away is
for `elsewhere`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sachhon.science.balance.active_set import LEAST, WITHIN, moves
from sachhon.science.balance.bounded import ActiveBound, active_bounds, given, misfit, pull
from sachhon.science.balance.network import ContradictionError, Floats, Ints, Names, Readings
from sachhon.science.balance.quadratic import Solution
from sachhon.science.balance.remainder import without_room
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

if TYPE_CHECKING:
    from sachhon.science.balance.elsewhere import Endless


@dataclass(frozen=True)
class Within:
    """A problem with low ≤ x ≤ high, infinite where there is no bound.

    solve : takes readings (NaN unmeasured), variances and perhaps a start. free : the solution without bounds.
    """

    solve: Callable[..., Solution]
    free: Solution
    variance: Any
    low: Floats
    high: Floats
    names: Names

    @property
    def readings(self) -> Readings:
        return self.free.result.model.readings


@dataclass(frozen=True)
class Held:
    """A solution within bounds, and what is held at one. `side`: +1 at the lower bound, −1 at the upper, else 0.

    `endless`: what fits the readings the better the larger it is (see `elsewhere`); told as unobservable.
    """

    solution: Solution
    free: Solution  # without bounds
    side: Ints
    active: tuple[ActiveBound, ...]
    endless: tuple[Endless, ...] = ()

    @property
    def added_chi2(self) -> float:
        """What the bounds add to χ²."""
        return max(self.conditional[0] - self.free.result.chi2, 0.0)

    @property
    def conditional(self) -> tuple[float, int]:
        """χ² of all readings at the held solution, and its degrees of freedom given what is held."""
        result = self.free.result
        if not self.side.any():
            return result.chi2, result.dof
        readings = result.model.readings
        moved = np.where(readings.measured, self.solution.result.estimate - readings.value, 0.0)
        # a reading that is held away from no longer counts in the held problem, but does in χ²
        return misfit(moved, readings), self.solution.result.dof + int(
            (readings.measured & (self.side != 0)).sum()
        )


def unheld(free: Solution) -> Held:
    """A solution without bounds."""
    return Held(free, free, np.zeros(len(free.unit), dtype=np.int64), ())


def settle(problem: Within, side: Ints | None = None) -> Held:
    """Find the bounds that hold x back, starting with none or with those of `side`."""
    readings, unit, names, low, high = (
        problem.readings, problem.free.unit, problem.names, problem.low, problem.high,
    )  # fmt: skip
    side = np.zeros(len(low), dtype=np.int64) if side is None else side
    solution, multiplier = _solve(problem, side)
    seen, single = {side.tobytes()}, False
    kept: list[Held] = []  # within the bounds, though one held there would rather move inwards
    while True:
        result = solution.result
        known = result.observable & (side == 0) & ~readings.fixed
        past = np.where(known, np.maximum(low - result.estimate, result.estimate - high), 0.0) / unit
        eager = -side * multiplier * unit
        outside, inwards = (
            past > WITHIN,
            (eager > LEAST) | moves(result, readings, eager / unit, LEAST * unit),
        )
        toward = np.where(result.estimate < low, 1, -1)
        first = past == past.max(initial=0.0)
        if not outside.any():
            short = without_room(solution.system, result.estimate, ~result.observable, low, high, unit)
            outside = first = short != 0
            toward = short
        if not outside.any():
            active = active_bounds(side, multiplier, low, high, names)
            kept.append(Held(solution, problem.free, side, active))
            if not inwards.any():
                return kept[-1]
        one = side.copy()
        if outside.any():
            one[first] = toward[first]
        else:
            one[int(np.argmax(np.where(inwards, eager, -np.inf)))] = 0
        all_ = np.where(outside, toward, np.where(inwards, 0, side))
        single = single or all_.tobytes() in seen
        side_before, side = side, one if single else all_
        if side.tobytes() in seen:
            return _best(kept, side_before, side, names)
        try:
            solution, multiplier = _solve(problem, side)
        except ContradictionError:
            if single or (one == all_).all():
                raise
            single, side = True, one  # all at once they contradict each other
            if side.tobytes() in seen:
                return _best(kept, side_before, side, names)
            solution, multiplier = _solve(problem, side)
        seen.add(side.tobytes())


def _best(kept: list[Held], side: Ints, changed: Ints, names: Names) -> Held:
    """Where a flow of nothing makes its contents arbitrary, its multiplier may not say which way it would go: of what
    was found within the bounds the nearest to the readings stands."""
    if kept:
        return min(kept, key=lambda held: held.conditional[0])
    raise ScienceError(
        f"the bounds of {names.list_streams(np.flatnonzero(side != changed))} come to no end; widen one, or solve "
        "without bounds and look at what lies outside.",
        f"giới hạn của {names.list_streams(np.flatnonzero(side != changed), lang='vi')} tính mãi "
        "không xong; hãy nới một giới hạn, hoặc tính không giới hạn rồi xem cái gì nằm ngoài.",
    )


def _solve(problem: Within, side: Ints) -> tuple[Solution, Floats]:
    """The solution with the bounds of `side` met exactly, and their multipliers."""
    free, readings, names = problem.free, problem.readings, problem.names
    if not side.any():
        return free, np.zeros(len(side))
    at = np.where(side > 0, problem.low, np.where(side < 0, problem.high, 0.0))
    y = np.where(side != 0, at, np.where(readings.unmeasured, np.nan, readings.value))
    try:
        solution = problem.solve(*given(readings, problem.variance, side != 0, y))
        return solution, pull(solution.result, readings, side)
    except ContradictionError as error:
        first = np.flatnonzero(side)[:4]
        forced = ", ".join(
            f"{names.stream(int(k))} ({free.result.estimate[k]:.6g}) from "
            f"{'falling below' if side[k] > 0 else 'rising above'} {f'{at[k]:.6g}' if at[k] else 'zero'}"
            for k in first
        )
        forced_vi = ", ".join(
            f"{names.stream(int(k), 'vi')} ({comma(free.result.estimate[k]):.6g}) không "
            f"{'xuống dưới' if side[k] > 0 else 'vượt quá'} {comma(at[k]):.6g}"
            for k in first
        )
        raise ContradictionError(
            f"fixed values leave no way to keep {forced}. Give one of them an uncertainty, or solve without bounds to "
            "look at it.",
            f"các giá trị cố định không còn cách nào giữ cho {forced_vi}. Hãy cho một giá trị độ không đảm "
            "bảo, hoặc tính không giới hạn để xem.",
        ) from error
