"""Bounds in a problem with products: the unknowns that would pass a bound are held at it, as in `bounded`.

Those that least squares puts outside are fixed at their bound and the rest is solved anew; one whose multiplier says
that it would move inwards is let go. Where neither is left, the conditions of Karush, Kuhn and Tucker hold. What comes
round again is taken one at a time, the worst first.

Tests. Given which unknowns are held, χ² of all readings has the degrees of freedom of the held problem (`conditional`):
bounds that the readings speak against show in its p value. Without any held it is the usual global test.
Sources: Nocedal & Wright 2006, 16.5 (active sets); Bartholomew 1961 and Silvapulle & Sen 2005, 3.4 (conditional test
under inequality constraints).
Not for unknowns that are not observable: their estimate is one of many, and a bound tells nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sachhon.science.balance.active_set import LEAST, WITHIN
from sachhon.science.balance.bounded import ActiveBound, active_bounds, given, misfit, pull
from sachhon.science.balance.network import ContradictionError, Floats, Ints, Names
from sachhon.science.balance.quadratic import Solution
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Held:
    """A solution within bounds, and what is held at one. `side`: +1 at the lower bound, −1 at the upper, else 0."""

    solution: Solution
    free: Solution  # without bounds
    side: Ints
    active: tuple[ActiveBound, ...]

    @property
    def added_chi2(self) -> float:
        """What the bounds add to χ²."""
        return max(self.conditional[0] - self.free.result.chi2, 0.0)

    @property
    def conditional(self) -> tuple[float, int]:
        """χ² of all readings at the held solution, and its degrees of freedom given what is held."""
        result = self.free.result
        if not self.active:
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


def hold(
    solve: Callable[[Floats, Any], Solution],
    free: Solution,
    variance: Any,
    low: Floats,
    high: Floats,
    names: Names,
) -> Held:
    """Keep low ≤ x ≤ high; `solve` takes readings (NaN unmeasured) and variances. Infinite where there is no bound."""
    readings, unit = free.result.model.readings, free.unit
    side, multiplier = np.zeros(len(low), dtype=np.int64), np.zeros(len(low))
    solution, seen, single = free, {side.tobytes()}, False
    kept: list[Held] = []  # within the bounds, though one held there would rather move inwards
    while True:
        result = solution.result
        known = result.observable & (side == 0) & ~readings.fixed
        past = np.where(known, np.maximum(low - result.estimate, result.estimate - high), 0.0) / unit
        eager = -side * multiplier * unit
        outside, inwards = past > WITHIN, eager > LEAST
        if not outside.any():
            kept.append(Held(solution, free, side, active_bounds(side, multiplier, low, high, names)))
            if not inwards.any():
                return kept[-1]
        toward = np.where(result.estimate < low, 1, -1)
        changed = np.where(outside, toward, np.where(inwards, 0, side))
        if single or changed.tobytes() in seen:
            single = True
            worst = int(np.argmax(past)) if outside.any() else int(np.argmax(eager))
            changed = side.copy()
            changed[worst] = toward[worst] if outside.any() else 0
        if changed.tobytes() in seen:
            return _best(kept, side, changed, names)
        seen.add(changed.tobytes())
        side = changed
        at = np.where(side > 0, low, np.where(side < 0, high, 0.0))
        y = np.where(side != 0, at, np.where(readings.unmeasured, np.nan, readings.value))
        solution = _solve(solve, free, *given(readings, variance, side != 0, y), side, at, names)
        multiplier = pull(solution.result, readings, side)


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


def _solve(
    solve: Callable[[Floats, Any], Solution],
    free: Solution,
    y: Floats,
    v: Any,
    side: Ints,
    at: Floats,
    names: Names,
) -> Solution:
    try:
        return solve(y, v)
    except ContradictionError as error:
        first = np.flatnonzero(side)[:4]
        forced = ", ".join(
            f"{names.stream(int(k))} ({free.result.estimate[k]:.6g}) from "
            f"{'falling below' if side[k] > 0 else 'rising above'} {f'{at[k]:.6g}' if at[k] else 'zero'}"
            for k in first
        )
        forced_vi = ", ".join(
            f"{names.stream(int(k), 'vi')} ({free.result.estimate[k]:.6g}) không "
            f"{'xuống dưới' if side[k] > 0 else 'vượt quá'} {at[k]:.6g}"
            for k in first
        )
        raise ContradictionError(
            f"fixed values leave no way to keep {forced}. Give one of them an uncertainty, or solve without bounds to "
            "look at it.",
            f"các giá trị cố định không còn cách nào giữ cho {forced_vi}. Hãy cho một giá trị độ không đảm "
            "bảo, hoặc tính không giới hạn để xem.",
        ) from error
