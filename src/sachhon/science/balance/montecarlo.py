"""The uncertainty of a balance by simulation: draw readings, reconcile each draw, look at the spread.

Readings are drawn round the reconciled values with the errors they are said to have, normal, uniform or triangular of
the same standard uncertainty (correlated ones normal); fixed values stay. For linear balances the spread is the
analytic one but for the chance of the draw (relative 1/√(2·draws)); for balances with products it also shows what first
order leaves out: bias and skewness (JCGM 101:2008). `agrees` tells whether the two are one within that chance.
Within bounds each draw is reconciled within them anew, which shows what holding streams at a bound leaves out; in a
flow-sheet what is held at zero stays there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np

from sachhon.science.balance.bilinear import BilinearResult
from sachhon.science.balance.bounded import BoundedResult
from sachhon.science.balance.flowsheet import GOODS
from sachhon.science.balance.flowsheet_parts import Key
from sachhon.science.balance.flowsheet_result import FlowsheetResult
from sachhon.science.balance.linear import LinearResult
from sachhon.science.balance.network import Floats, Readings
from sachhon.science.balance.quadratic import Solution
from sachhon.science.uncertainty import Measured, ScienceError

ERRORS = ("normal", "uniform", "triangular")
CHANCE = 4.5  # standard errors apart before a simulated spread counts as another
FIRST_ORDER = 0.02  # relative difference that is left to first order


@dataclass(frozen=True)
class Draws:
    """Simulated estimates (draws, variables), next to the analytic result."""

    values: Floats
    result: LinearResult

    @cached_property
    def mean(self) -> Floats:
        return self.values.mean(axis=0)

    @cached_property
    def standard_uncertainty(self) -> Floats:
        """Infinite where unobservable, as there is nothing to draw from."""
        return np.where(self.result.observable, self.values.std(axis=0, ddof=1), np.inf)

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Shortest is not sought: equal tails."""
        tail = (1 - level) / 2
        low, high = np.quantile(self.values, [tail, 1 - tail], axis=0)
        return low, high

    @cached_property
    def agrees(self) -> bool:
        """Every simulated standard uncertainty is the analytic one within chance and two per cent."""
        seen = self.result.observable & (self.result.variance > 0)
        analytic = np.sqrt(self.result.variance[seen])
        apart = np.abs(self.standard_uncertainty[seen] / analytic - 1)
        return bool((apart < CHANCE / np.sqrt(2 * len(self.values)) + FIRST_ORDER).all())


@dataclass(frozen=True)
class FlowsheetDraws:
    """Simulated estimates of a whole flow-sheet; `parts` share no unknown and are drawn with numbers of their own."""

    parts: tuple[Draws, ...]
    result: FlowsheetResult

    def values(self, key: Key) -> Floats:
        """(draws,) of an unknown, by key as `FlowsheetResult.quantity` takes it; ScienceError for one that is none."""
        if key not in self.result.place:
            return np.full(len(self.parts[0].values), self.result.quantity(key).value)  # fixed, or not there
        part, k = self.result.place[key]
        return self.parts[part].values[:, k]

    def flow(self, stream: str, layer: str = GOODS, period: str | None = None) -> Measured:
        """Mean and standard deviation of a flow; infinite where nothing tells it."""
        when = self.result.period_of(period)
        return self._told([("flow", layer, stream, when)])

    def total(self, stream: str, layer: str = GOODS) -> Measured:
        """The same over all periods."""
        return self._told([("flow", layer, stream, when) for when in self.result.sheet.periods])

    def _told(self, keys: list[Key]) -> Measured:
        drawn = sum(self.values(key) for key in keys)
        known = all(np.isfinite(self.result.quantity(key).uncertainty) for key in keys)
        return Measured(float(np.mean(drawn)), float(np.std(drawn, ddof=1)) if known else float("inf"))

    @cached_property
    def agrees(self) -> bool:
        """Every part does."""
        return all(part.agrees for part in self.parts)


@overload
def simulate(
    result: FlowsheetResult, draws: int = 2000, seed: int = 0, errors: str = "normal"
) -> FlowsheetDraws: ...
@overload
def simulate(
    result: LinearResult | BilinearResult | BoundedResult | Solution,
    draws: int = 2000,
    seed: int = 0,
    errors: str = "normal",
) -> Draws: ...
def simulate(
    result: LinearResult | BilinearResult | BoundedResult | Solution | FlowsheetResult,
    draws: int = 2000,
    seed: int = 0,
    errors: str = "normal",
) -> Draws | FlowsheetDraws:
    """Draw and reconcile again; one prepared solve for linear balances, one solve a draw for others.

    result : of a network, with products or within bounds or not, or a whole flow-sheet with all its periods.
    """
    if errors not in ERRORS:
        raise ScienceError(
            f"errors {errors!r} are not known; choose one of {', '.join(ERRORS)}.",
            f"không biết sai số kiểu {errors!r}; hãy chọn một trong {', '.join(ERRORS)}.",
        )
    if draws < 2:
        raise ScienceError(
            f"{draws} draws show no spread; take at least a few hundred.",
            f"{draws} lần rút thăm không cho thấy độ phân tán; hãy lấy ít nhất vài trăm.",
        )
    if isinstance(result, FlowsheetResult):
        parts = (
            simulate(solution, draws, seed + 7919 * k, errors) for k, solution in enumerate(result.solutions)
        )
        return FlowsheetDraws(tuple(parts), result)
    if isinstance(result, BoundedResult):
        return _within_bounds(result, draws, seed, errors)
    solution = result.solution if isinstance(result, BilinearResult) else result
    inner = solution.result if isinstance(solution, Solution) else solution
    readings = inner.model.readings
    centre = np.where(readings.measured, inner.estimate, readings.value)
    y = centre + _errors(readings, draws, seed, errors)
    if isinstance(solution, Solution):
        return Draws(np.array([solution.again(row) for row in y]), inner)
    values = inner.model.estimate(y.T, exact=False)[0].T
    return Draws(np.where(inner.observable, values, inner.estimate), inner)


def _within_bounds(result: BoundedResult, draws: int, seed: int, errors: str) -> Draws:
    """Without bounds all at once; a draw that passes one is reconciled anew within them."""
    free, problem = result.unbounded, result.problem
    readings = free.model.readings
    y = np.where(readings.measured, result.estimate, readings.value) + _errors(readings, draws, seed, errors)
    values = free.model.estimate(y.T, exact=False)[0].T
    slack = 1e-9 * np.abs(result.estimate).max(initial=0.0)
    past = (values < problem.lower - slack) | (values > problem.upper + slack)
    open_ = not free.observable.all()  # what the readings leave open, bounds may still tell
    for k in np.flatnonzero(past.any(axis=1) | open_):
        values[k] = problem.read(np.where(np.isnan(problem.measured), np.nan, y[k])).estimate
    return Draws(np.where(result.observable, values, result.estimate), result.held)


def _errors(readings: Readings, draws: int, seed: int, errors: str) -> Floats:
    random = np.random.default_rng(seed)
    shape = draws, len(readings.value)
    if readings.covariance is not None:
        value, vector = np.linalg.eigh(readings.covariance.toarray())
        return random.standard_normal(shape) @ (vector * np.sqrt(np.maximum(value, 0.0))).T
    sd = np.where(readings.measured, np.sqrt(readings.variance), 0.0)
    if errors == "uniform":
        return random.uniform(-np.sqrt(3), np.sqrt(3), shape) * sd
    if errors == "triangular":
        return random.triangular(-np.sqrt(6), 0.0, np.sqrt(6), shape) * sd
    return random.standard_normal(shape) * sd
