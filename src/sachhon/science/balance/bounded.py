"""Reconciliation within bounds: no stream flows backwards, no tank holds more than it can.

    min (x − y)ᵀ V⁻¹ (x − y)   subject to   A x = 0,   lower ≤ x ≤ upper

Where the least squares answer keeps the bounds it is the answer. Else an interior point (`programme`) comes near, and
the active set method (`active_set`) goes on from there to the bounds that hold x back; with those streams fixed there,
least squares gives the answer exactly. μ, the multiplier of such a bound, is what χ²/2 falls by for each unit the bound
gives way. A stream may also be held by the flow-sheet alone, as the outlets of a node that nothing enters: its μ is 0.
What neither readings nor bounds determine is not observable, and no bound of it is active. A stream that stands at its
bound without being named is one that the bound does not hold back: without the bound, or fixed at it, χ² is the same to
1e-6 of 1 + χ², and dof the same. That is told by μ of at most 1e-7 a unit of the stream, where without the bound it
would not pass it by 1e-6 of the usual flow either (a rough reading goes far for next to no μ); one that is nobody's
reading and would be past its bound by so little ends at it, counted as free, and dof with it fixed would be one more.

Variances are those under the active bounds as fixed values: first order, too small where a stream is barely held. χ² is
that of all readings at the answer; given which streams are held it has the degrees of freedom of the held problem, so
that bounds the readings speak against show in the p value. The problem without bounds is `unbounded`.
Sources: Narasimhan & Jordache 2000, 5.2; Nocedal & Wright, Numerical Optimization, 2006, 16; Bartholomew 1961 and
Silvapulle & Sen 2005, 3.4 (tests under inequality constraints, given the active ones).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.balance.active_set import LEAST, WITHIN, Scale, descend, felt, implied
from sachhon.science.balance.linear import LinearResult, chance, reconcile_linear
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
from sachhon.science.balance.programme import near, size, within
from sachhon.science.balance.reduction import correlation, weighed
from sachhon.science.balance.settings import DEFAULT, Settings
from sachhon.science.numeric import floats
from sachhon.science.phrases import comma, number
from sachhon.science.uncertainty import ScienceError

SMALL = 1e-4  # of the usual flow: no stream is counted in less


@dataclass(frozen=True)
class ActiveBound:
    """A bound that holds a stream back. `multiplier`: fall of χ²/2 for each unit it gives way."""

    stream: int
    name: str
    side: str  # "lower" or "upper"
    bound: float
    multiplier: float
    name_vi: str = ""

    def __str__(self) -> str:
        return self.words("en")

    def words(self, lang: str = "vi") -> str:
        at = number(self.bound, 6, lang)
        if lang == "vi":
            side = "dưới" if self.side == "lower" else "trên"
            return f"{self.name_vi or self.name} bị giữ ở giới hạn {side} {at}"
        return f"{self.name} is held at its {self.side} bound {at}"


@dataclass(frozen=True)
class Problem:
    """What was asked, to ask it again without one meter or with a node that loses something."""

    matrix: Any
    measured: Floats
    variance: Any
    lower: Floats
    upper: Floats
    nodes: Sequence[str] | None
    streams: Sequence[str] | None

    def variance_of(self, meter: int) -> float:
        """That of one reading."""
        if np.ndim(self.variance) == 2:
            return float(self.variance.diagonal()[meter])
        return float(np.broadcast_to(np.asarray(self.variance, dtype=float), self.measured.shape)[meter])

    def read(self, measured: Floats) -> BoundedResult:
        """The same with other readings of the same meters."""
        return self._solve(self.matrix, measured, self.variance, self.lower, self.upper, self.streams)

    def without(self, meter: int) -> BoundedResult:
        """The same, that meter's reading left out."""
        measured = self.measured.copy()
        measured[meter] = np.nan
        return self.read(measured)

    def leaking(self, node: int) -> BoundedResult:
        """The same with one more stream, by which something leaves the node or comes in, past all meters."""
        from scipy.sparse import block_diag, csc_array, hstack

        outlet = csc_array(([-1.0], ([node], [0])), shape=(self.matrix.shape[0], 1))
        if np.ndim(self.variance) == 2:
            variance = block_diag([self.variance, np.eye(1)], format="csr")
        else:
            variance = np.append(
                np.broadcast_to(np.asarray(self.variance, dtype=float), self.measured.shape),
                1.0,
            )
        return self._solve(
            hstack([self.matrix, outlet], format="csc"),
            np.append(self.measured, np.nan),
            variance,
            np.append(self.lower, -np.inf),
            np.append(self.upper, np.inf),
            None if self.streams is None else [*self.streams, "leak"],
        )

    def _solve(
        self, matrix: Any, measured: Floats, variance: Any, lower: Floats, upper: Floats, streams: Any
    ) -> BoundedResult:
        return reconcile_bounded(
            matrix, measured, variance, lower=lower, upper=upper, nodes=self.nodes, streams=streams
        )


@dataclass(frozen=True)
class BoundedResult:
    """Flows within bounds; arrays over streams, never NaN."""

    estimate: Floats
    active: tuple[ActiveBound, ...]
    held: LinearResult = field(repr=False)  # least squares with the active streams fixed at their bounds
    unbounded: LinearResult = field(repr=False)  # least squares without bounds
    chi2: float
    problem: Problem = field(repr=False)

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """Every setting that is not the usual method's, in words."""
        return self.unbounded.departures(lang)

    @property
    def variance(self) -> Floats:
        return self.held.variance

    @property
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
        return chance(self.chi2, self.dof)


def reconcile_bounded(
    A: ArrayLike | Any,
    measured: ArrayLike,
    variance: ArrayLike | Any,
    *,
    lower: ArrayLike | None = None,
    upper: ArrayLike = np.inf,
    settings: Settings = DEFAULT,
    nodes: Sequence[str] | None = None,
    streams: Sequence[str] | None = None,
) -> BoundedResult:
    """Reconcile; see the module. `lower` and `upper` are numbers or (streams,), infinite where there is no bound.

    Without `lower` no flow is below zero, unless the settings let it be.
    """
    if lower is None:
        lower = 0.0 if settings.nonnegative else -np.inf
    matrix = read_matrix(A)
    names = Names(nodes, streams).fitting(matrix.shape)
    readings = read_readings(matrix.shape[1], measured, variance, names)
    read = floats(measured, "measured", "số đọc (measured)", gaps=True)
    low, high = read_bounds(matrix.shape[1], lower, upper, readings, names)

    def least_squares(side: Ints) -> LinearResult:
        at = np.where(side > 0, low, np.where(side < 0, high, read))
        y, v = given(readings, variance, side != 0, at)
        return reconcile_linear(matrix, y, v, settings=settings, nodes=nodes, streams=streams)

    def solve(side: Ints) -> tuple[LinearResult, Floats]:
        result = least_squares(side)
        return result, pull(result, readings, side)

    nothing = np.zeros(len(low), dtype=np.int64)
    free = least_squares(nothing)
    unit = np.where(readings.measured, np.sqrt(readings.variance), np.abs(free.estimate))
    usual = size(readings)
    doubt = np.maximum(unit, SMALL * usual)
    # no bound is kept less well than the flows allow, however rough the readings
    flow = np.maximum(np.minimum(unit, np.maximum(np.abs(readings.value), usual)), SMALL * usual)
    scale = Scale(flow, doubt, usual)
    x, side, multiplier = free.estimate, nothing, np.zeros(len(low))
    if ((x < low - WITHIN * flow) | (x > high + WITHIN * flow))[~readings.fixed].any():
        x, push = near(matrix, readings, low, high, names)
        firm = np.abs(push) * doubt > np.maximum(LEAST, np.minimum(x - low, high - x) / doubt)
        side = np.where(firm, np.sign(push), 0).astype(np.int64)
        try:
            x, side, multiplier = descend(solve, matrix, x, side, low, high, scale, readings)
        except ContradictionError:  # the interior point took a bound for met that is not
            x = within(matrix, readings, low, high, names)
            x, side, multiplier = descend(solve, matrix, x, nothing, low, high, scale, readings)
        side = felt(least_squares(side), readings, side, multiplier, scale)
    held = least_squares(side) if side.any() else free
    if not held.observable.all():
        more = implied(matrix, ~held.observable, x, low, high, flow)
        if more.any():
            side = np.where(more != 0, more, side)
            held = least_squares(side)
        x = np.where(side > 0, low, np.where(side < 0, high, x))
    moved = np.where(readings.measured, readings.value - x, 0.0)
    chi2 = misfit(moved, readings) if side.any() else free.chi2
    asked = Problem(matrix, np.array(read), variance, low, high, nodes, streams)
    return BoundedResult(x, active_bounds(side, multiplier, low, high, names), held, free, chi2, asked)


def active_bounds(
    side: Ints, multiplier: Floats, low: Floats, high: Floats, names: Names
) -> tuple[ActiveBound, ...]:
    """Those of a problem; side: 1 lower, −1 upper, 0 none."""
    return tuple(
        ActiveBound(
            int(k), names.stream(int(k)), "lower" if side[k] > 0 else "upper",
            float(low[k] if side[k] > 0 else high[k]), float(abs(multiplier[k])), names.stream(int(k), "vi"),
        )
        for k in np.flatnonzero(side)
    )  # fmt: skip


def read_bounds(
    count: int, lower: ArrayLike, upper: ArrayLike, readings: Readings, names: Names
) -> tuple[Floats, Floats]:
    low = np.array(np.broadcast_to(floats(lower, "lower", "giới hạn dưới (lower)"), (count,)))
    high = np.array(np.broadcast_to(floats(upper, "upper", "giới hạn trên (upper)"), (count,)))
    if np.isnan(low).any() or np.isnan(high).any():
        raise ScienceError(
            "a bound is not a number; use −inf or inf where there is none.",
            "có giới hạn không phải là số; chỗ không giới hạn hãy dùng −inf hoặc inf.",
        )
    if (low > high).any():
        at = int(np.flatnonzero(low > high)[0])
        raise ScienceError(
            f"{names.stream(at)}: lower bound {low[at]:.6g} is above upper bound {high[at]:.6g}.",
            f"{names.stream(at, lang='vi')}: giới hạn dưới {comma(low[at]):.6g} cao hơn giới hạn trên "
            f"{comma(high[at]):.6g}.",
        )
    outside = readings.fixed & ((readings.value < low) | (readings.value > high))
    if outside.any():
        at = int(np.flatnonzero(outside)[0])
        raise ContradictionError(
            f"{names.stream(at)} is fixed at {readings.value[at]:.6g}, outside its bounds {low[at]:.6g} to "
            f"{high[at]:.6g}. Give it an uncertainty, or move the bound.",
            f"{names.stream(at, lang='vi')} được cố định ở {comma(readings.value[at]):.6g}, ngoài giới hạn "
            f"{comma(low[at]):.6g} đến {comma(high[at]):.6g}. Hãy cho nó một độ không đảm bảo, hoặc dời giới hạn.",
        )
    return low, high


def given(readings: Readings, variance: Any, held: Bools, y: Floats) -> tuple[Floats, Any]:
    """Readings and variances once the held streams are known; those that err with them learn from it."""
    if not held.any():
        return y, variance
    if readings.covariance is None:
        own = variance.diagonal() if np.ndim(variance) == 2 else variance
        return y, np.where(held, 0.0, np.broadcast_to(own, held.shape))
    own = np.sqrt(readings.variance)
    link = correlation(readings.covariance, own).toarray()
    told = np.flatnonzero(held & readings.measured)
    slope = np.linalg.lstsq(link[np.ix_(told, told)], link[told], rcond=1e-12)[0].T
    moved = own * (slope @ ((y[told] - readings.value[told]) / own[told]))
    rest = own[:, None] * (link - slope @ link[told]) * own
    rest = np.where(held[:, None] | held[None, :], 0.0, (rest + rest.T) / 2)
    rest[readings.unmeasured & ~held, readings.unmeasured & ~held] = np.inf
    return np.where(held, y, y + moved), rest


def pull(held: LinearResult, readings: Readings, side: Ints) -> Floats:
    """μ of each active bound, 0 elsewhere."""
    out = held.shift + weighed(readings, held.estimate - readings.value)
    return np.where(side != 0, out, 0.0)


def misfit(moved: Floats, readings: Readings) -> float:
    """(x − y)ᵀ V⁻¹ (x − y)."""
    return float((moved * weighed(readings, moved)).sum())
