"""Gross errors where flows have bounds: a cause is tested by what χ² falls by with the bounds kept.

A reading that makes an unmeasured outlet come out below zero speaks against itself twice: once at each of its nodes.
Without the bound the second is not seen, for the outlet takes it up, and every meter of the first node explains the
rest equally well. So the likelihood ratio is that of the bounded problem: the reading of a meter is left out, or a node
is given an outlet past the meters, and the whole is solved again within bounds,

    T = χ²(all readings) − χ²(without the cause)

A correction beyond a bound is then no explanation: the meter of a stream that cannot carry less than nothing gains no
more than the way down to nothing. Which causes are tried: those that least squares, free and with the streams that the
bounds hold fixed there, do not exclude. Source: Silvapulle & Sen 2005, 4.3 (likelihood ratio tests under inequality
constraints); serial elimination as in `gross`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from sachhon.science.balance.bounded import ActiveBound
from sachhon.science.balance.causes import Cause
from sachhon.science.balance.diagnosis import Diagnosis, GrossError
from sachhon.science.balance.gross import CLOSE, MOST_ALTERNATIVES, diagnose
from sachhon.science.balance.linear import LinearResult, chance
from sachhon.science.balance.network import Bools, Floats
from sachhon.science.balance.settings import Settings
from sachhon.science.uncertainty import ScienceError

MOST_ERRORS = 8
EQUAL = 1e-6  # of χ², by which two causes explain the readings equally well
WITHIN = 1e-9  # of a bound


class Bounded(Protocol):
    """What is asked of a problem solved within bounds: a `BoundedResult`, or a part of a flow-sheet."""

    @property
    def problem(self) -> Any: ...  # `bounded.Problem`, or the like of it
    @property
    def unbounded(self) -> LinearResult: ...
    @property
    def held(self) -> LinearResult: ...
    @property
    def active(self) -> tuple[ActiveBound, ...]: ...
    @property
    def estimate(self) -> Floats: ...
    @property
    def variance(self) -> Floats: ...
    @property
    def observable(self) -> Bools: ...
    @property
    def chi2(self) -> float: ...
    @property
    def dof(self) -> int: ...
    @property
    def p_value(self) -> float: ...


def diagnose_bounded(result: Bounded, *, settings: Settings, leaky: Sequence[int] | None) -> Diagnosis:
    """As `diagnose`, with the bounds kept in every test; where no bound plays a part, exactly that."""
    free = diagnose(result.unbounded, settings=settings, leaky=leaky)
    if not result.active and all(is_possible(result, error.cause) for error in _said(free)):
        return free
    errors: list[GrossError] = []
    now = result
    while len(errors) < min(MOST_ERRORS, result.dof):
        found = _next(now, settings, leaky)
        if found is None:
            break
        error, now = found
        errors.append(error)
    return Diagnosis(
        tuple(errors),
        result.chi2,
        result.dof,
        result.p_value,
        now.chi2,
        now.dof,
        now.p_value,
        free.unchecked,
        settings,
    )


def _said(found: Diagnosis) -> list[GrossError]:
    """Every cause that would be named, as an error of its own."""
    return [
        GrossError(cause, error.standard_uncertainty, error.p_value, error.p_holm, (), ())
        for error in found.errors
        for cause in (error.cause, *error.same, *error.close)
    ]


def is_possible(result: Bounded, cause: Cause) -> bool:
    """Whether the value that the meter should have read lies within its bounds."""
    if cause.kind != "meter" or cause.at >= len(result.problem.measured):
        return True
    value = result.problem.measured[cause.at] - cause.size
    slack = WITHIN * (1.0 + abs(value))
    return bool(result.problem.lower[cause.at] - slack <= value <= result.problem.upper[cause.at] + slack)


def _next(now: Bounded, settings: Settings, leaky: Sequence[int] | None) -> tuple[GrossError, Bounded] | None:
    """The cause that explains most within the bounds, and the problem without it; None where none stands out."""
    tried: dict[tuple[str, int], tuple[float, Cause, float, Bounded]] = {}
    for linear in (now.unbounded, now.held):
        for error in _said(diagnose(linear, settings=settings, leaky=leaky)):
            key = error.cause.kind, error.cause.at
            if key not in tried and (one := _tested(now, error.cause)) is not None:
                tried[key] = one
    if not tried:
        return None
    order = sorted(tried.values(), key=lambda one: (-round(one[0], 6), one[1].kind != "meter", one[1].at))
    best, cause, spread, after = order[0]
    nodes = len(now.unbounded.lift) if leaky is None else len(leaky)
    tests = int(now.unbounded.redundant.sum()) + (nodes if settings.leaks else 0)
    p = chance(best, 1)
    if p * tests >= settings.significance:
        return None
    others = [(t, c) for t, c, _u, _r in order[1:] if t > best - CLOSE and is_possible(now, c)]
    same = tuple(c for t, c in others if t >= best - EQUAL * (1 + best))
    close = tuple(c for t, c in others if t < best - EQUAL * (1 + best))
    return GrossError(cause, spread, p, min(1.0, p * tests), same, close[:MOST_ALTERNATIVES]), after


def _tested(now: Bounded, cause: Cause) -> tuple[float, Cause, float, Bounded] | None:
    """(T, the cause with its size within bounds, standard uncertainty of the size, what is left)."""
    problem, meter = now.problem, cause.kind == "meter"
    if meter and np.isnan(problem.measured[cause.at]):
        return None
    try:
        after = problem.without(cause.at) if meter else problem.leaking(cause.at)
    except ScienceError:  # products may come to no end without it: then nothing tells its size
        return None
    at, sign, own = (
        (cause.at, -1.0, problem.variance_of(cause.at)) if meter else (len(problem.measured), 1.0, 0.0)
    )
    if not after.observable[at]:
        return None
    value = float(after.estimate[at])
    size = value if sign > 0 else float(problem.measured[at]) - value
    sized = Cause(cause.kind, cause.at, cause.name, size, max(now.chi2 - after.chi2, 0.0), cause.name_vi)
    if not is_possible(now, sized) or not size:
        return None
    return sized.statistic, sized, float(np.sqrt(own + after.variance[at])), after
