"""Reconciliation within bounds: no stream flows backwards, no tank holds more than it can.

    min (x − y)ᵀ V⁻¹ (x − y)   subject to   A x = 0,   lower ≤ x ≤ upper

Where the least squares answer keeps the bounds it is the answer. Else the quadratic programme is solved by an
interior point method (Clarabel), which tells the bounds that hold x back; with those streams fixed there, least
squares gives the answer exactly, and the signs of the multipliers

    μ_i = (x_i − y_i)/v_i + a_iᵀλ        (≥ 0 at a lower bound, ≤ 0 at an upper one)

confirm it. μ is what χ²/2 falls by for each unit the bound gives way. Variances are those under the active bounds as
fixed values: first order, too small where a stream is barely held. χ² is that of all readings at the answer; given
which streams are held it has the degrees of freedom of the held problem, so that bounds the readings speak against show
in the p value. The problem without bounds is `unbounded`.
Sources: Narasimhan & Jordache 2000, 5.2; Nocedal & Wright, Numerical Optimization, 2006, 16; Bartholomew 1961 and
Silvapulle & Sen 2005, 3.4 (tests under inequality constraints, given the active ones).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.balance.linear import LinearResult, reconcile_linear
from sachhon.science.balance.network import (
    Bools,
    ContradictionError,
    Floats,
    Ints,
    Names,
    Readings,
    read_matrix,
    read_readings,
)
from sachhon.science.balance.programme import programme
from sachhon.science.uncertainty import ScienceError

WITHIN = 1e-9  # of a stream's size: a bound missed by less is kept
LEAST = 1e-7  # multiplier, in units of χ²/2 a standard uncertainty, from which a bound holds x back


@dataclass(frozen=True)
class ActiveBound:
    """A bound that holds a stream back. `multiplier`: fall of χ²/2 for each unit it gives way."""

    stream: int
    name: str
    side: str  # "lower" or "upper"
    bound: float
    multiplier: float

    def __str__(self) -> str:
        return f"{self.name} is held at its {self.side} bound {self.bound:.6g}"


@dataclass(frozen=True)
class BoundedResult:
    """Flows within bounds; arrays over streams, never NaN."""

    estimate: Floats
    active: tuple[ActiveBound, ...]
    held: LinearResult  # least squares with the active streams fixed at their bounds
    unbounded: LinearResult  # least squares without bounds
    chi2: float

    @property
    def variance(self) -> Floats:
        return self.held.variance

    @cached_property
    def observable(self) -> Bools:
        """Known from readings and active bounds."""
        return self.held.observable

    @property
    def dof(self) -> int:
        """Given what is held: bounds that the readings speak against show in the p value (Bartholomew 1961)."""
        measured = self.unbounded.measured
        return self.held.dof + sum(bool(measured[bound.stream]) for bound in self.active)

    @property
    def p_value(self) -> float:
        """Probability of a χ² this large without any gross error, given what is held at a bound."""
        from scipy.special import chdtrc

        return float(chdtrc(self.dof, self.chi2)) if self.dof else 1.0


def reconcile_bounded(
    A: ArrayLike | Any,
    measured: ArrayLike,
    variance: ArrayLike | Any,
    *,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    nodes: Sequence[str] | None = None,
    streams: Sequence[str] | None = None,
) -> BoundedResult:
    """Reconcile; see the module. `lower` and `upper` are numbers or (streams,), infinite where there is no bound."""
    matrix = read_matrix(A)
    names = Names(nodes, streams)
    readings = read_readings(matrix.shape[1], measured, variance, names)
    low, high = read_bounds(matrix.shape[1], lower, upper, readings, names)

    def least_squares(held: Bools, at: Floats) -> LinearResult:
        y, v = given(readings, variance, held, np.where(held, at, np.asarray(measured, dtype=float)))
        return reconcile_linear(matrix, y, v, nodes=nodes, streams=streams)

    free = least_squares(np.zeros(len(low), dtype=bool), low)
    slack = WITHIN * np.maximum(np.abs(free.estimate), np.sqrt(readings.variance))
    if ((free.estimate >= low - slack) & (free.estimate <= high + slack))[free.observable].all():
        inside = (free.estimate >= low) & (free.estimate <= high)
        if inside[~free.observable].all():
            return BoundedResult(free.estimate, (), free, free, free.chi2)
    x, push = programme(matrix, readings, low, high, names)
    unit = np.where(readings.measured, np.sqrt(readings.variance), np.maximum(np.abs(x), 1.0))
    side = np.where(push * unit > LEAST, 1, np.where(push * unit < -LEAST, -1, 0))  # 1 lower, −1 upper
    side[readings.fixed] = 0
    held, multiplier, side = _hold(least_squares, readings, low, high, side, unit)
    estimate = _settle(matrix, held, x, low, high)
    moved = np.where(readings.measured, readings.value - estimate, 0.0)
    active = active_bounds(side, multiplier, low, high, names)
    return BoundedResult(estimate, active, held, free, misfit(moved, readings))


def active_bounds(
    side: Ints, multiplier: Floats, low: Floats, high: Floats, names: Names
) -> tuple[ActiveBound, ...]:
    """Those of a problem; side: 1 lower, −1 upper, 0 none."""
    return tuple(
        ActiveBound(
            int(k), names.stream(int(k)), "lower" if side[k] > 0 else "upper",
            float(low[k] if side[k] > 0 else high[k]), float(abs(multiplier[k])),
        )
        for k in np.flatnonzero(side)
    )  # fmt: skip


def _hold(
    least_squares: Callable[[Bools, Floats], LinearResult],
    readings: Readings,
    low: Floats,
    high: Floats,
    side: Ints,
    unit: Floats,
) -> tuple[LinearResult, Floats, Ints]:
    """Least squares with the active streams fixed, their multipliers, and which they are: exact where signs agree.

    Starts from what the programme says, which near a bound may be wrong by its tolerance; side: 1 lower, −1 upper.
    """
    seen: set[bytes] = set()
    while True:
        seen.add(side.tobytes())
        held = least_squares(side != 0, np.where(side > 0, low, high))
        multiplier = pull(held, readings, side)
        known = held.observable & (side == 0) & ~readings.fixed
        under = known & (held.estimate < low - WITHIN * unit)
        over = known & (held.estimate > high + WITHIN * unit)
        kept = np.where(side * multiplier * unit < -LEAST, 0, side)
        changed = np.where(under, 1, np.where(over, -1, kept))
        if changed.tobytes() in seen:
            return held, multiplier, side
        side = changed


def read_bounds(
    count: int, lower: ArrayLike, upper: ArrayLike, readings: Readings, names: Names
) -> tuple[Floats, Floats]:
    low = np.array(np.broadcast_to(np.asarray(lower, dtype=float), (count,)))
    high = np.array(np.broadcast_to(np.asarray(upper, dtype=float), (count,)))
    if np.isnan(low).any() or np.isnan(high).any():
        raise ScienceError("a bound is not a number; use −inf or inf where there is none.")
    if (low > high).any():
        at = int(np.flatnonzero(low > high)[0])
        raise ScienceError(
            f"{names.stream(at)}: lower bound {low[at]:.6g} is above upper bound {high[at]:.6g}."
        )
    outside = readings.fixed & ((readings.value < low) | (readings.value > high))
    if outside.any():
        at = int(np.flatnonzero(outside)[0])
        raise ContradictionError(
            f"{names.stream(at)} is fixed at {readings.value[at]:.6g}, outside its bounds {low[at]:.6g} to "
            f"{high[at]:.6g}. Give it an uncertainty, or move the bound."
        )
    return low, high


def given(readings: Readings, variance: Any, held: Bools, y: Floats) -> tuple[Floats, Any]:
    """Readings and variances once the held streams are known; those that err with them learn from it."""
    if not held.any():
        return y, variance
    if readings.covariance is None:
        own = variance.diagonal() if np.ndim(variance) == 2 else variance
        return y, np.where(held, 0.0, np.broadcast_to(own, held.shape))
    v = readings.covariance.toarray()
    told = np.flatnonzero(held & readings.measured)
    slope = np.linalg.lstsq(v[np.ix_(told, told)], v[told], rcond=1e-12)[0].T
    moved = slope @ (y[told] - readings.value[told])
    rest = v - slope @ v[told]
    rest = np.where(held[:, None] | held[None, :], 0.0, (rest + rest.T) / 2)
    rest[readings.unmeasured & ~held, readings.unmeasured & ~held] = np.inf
    return np.where(held, y, y + moved), rest


def pull(held: LinearResult, readings: Readings, side: Ints) -> Floats:
    """μ of each active bound, 0 elsewhere."""
    out = held.model.shift(held.lift)
    if readings.covariance is not None:
        from scipy.sparse.linalg import lsqr

        out = out + lsqr(readings.covariance, held.estimate - readings.value, atol=1e-12, btol=1e-12)[0]
    else:
        own = np.zeros(len(out))
        np.divide(held.estimate - readings.value, readings.variance, out=own, where=readings.measured)
        out = out + own
    return np.where(side != 0, out, 0.0)


def _settle(matrix: Any, held: LinearResult, x: Floats, low: Floats, high: Floats) -> Floats:
    """The exact flows, and for those nothing determines the programme's, moved by what they miss the balances by."""
    unknown = ~held.observable
    if not unknown.any():
        return held.estimate
    estimate = np.where(unknown, np.clip(x, low, high), held.estimate)
    room = np.minimum(estimate - low, high - estimate)
    movable = np.flatnonzero(unknown & (room > 1e-7 * np.maximum(np.abs(estimate), 1e-300)))
    from scipy.sparse.linalg import lsqr

    columns = matrix[:, movable]
    for _ in range(2):  # once more, for what rounding left
        left = matrix @ estimate
        estimate[movable] -= lsqr(columns, left, atol=1e-15, btol=1e-15, iter_lim=20 * len(movable))[0]
    return estimate


def misfit(moved: Floats, readings: Readings) -> float:
    """(x − y)ᵀ V⁻¹ (x − y)."""
    if readings.covariance is None:
        v = readings.variance[readings.measured]
        return float((moved[readings.measured] ** 2 / v).sum())
    from scipy.sparse.linalg import lsqr

    return float(moved @ lsqr(readings.covariance, moved, atol=1e-12, btol=1e-12)[0])
