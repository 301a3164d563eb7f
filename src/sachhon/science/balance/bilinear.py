"""Flows and concentrations reconciled together, over any number of components.

    A f = 0        A (f ∘ c_k) = 0 for every component k        Σ_k c_k = whole, where the components are all there is

f (streams,) flows, c_k (streams,) the concentration of component k, ∘ stream by stream. Both are readings with
standard uncertainties, unmeasured (NaN) or fixed (variance 0); a flow nobody meters may follow from concentrations
alone, as in the two-product formula of mineral processing. Solved by `quadratic`, which tells the method.
A concentration may be any content that travels with the flow and mixes by it: mass fraction, moisture, °Brix,
COD, kJ/kg. Flows and concentrations are kept within bounds, at least 0 unless told otherwise, by `holding`; those held
there are `active`, and χ², its degrees of freedom and p value are given what is held. Where readings fit the better the
larger a flow is, without end, it is `endless`.
Sources: Crowe 1986; Simpson, Voller & Everett 1991; Rao & Narasimhan 1996; Narasimhan & Jordache 2000, chapter 4.
Not for components that react: give them balances over the elements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.balance import quadratic
from sachhon.science.balance.apart import best_of_parts
from sachhon.science.balance.bounded import ActiveBound, read_bounds
from sachhon.science.balance.elsewhere import Endless
from sachhon.science.balance.holding import Held, Within
from sachhon.science.balance.linear import LinearResult, Suspects, chance
from sachhon.science.balance.network import Bools, Floats, Names, read_matrix, read_readings
from sachhon.science.balance.settings import DEFAULT, Settings
from sachhon.science.numeric import floats
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class BilinearResult:
    """Flows (streams,) and concentrations (components, streams); variances are infinite where unobservable.

    `variables` is the result over flows and then concentrations, component by component, as one vector: its
    `suspects`, `covariance`, `statistics` and `node_statistics` speak of those; `name` tells what a number stands for.
    """

    held: Held
    streams: int
    components: int
    settings: Settings = DEFAULT

    def __repr__(self) -> str:
        return (
            f"BilinearResult(flow={self.flow!r}, concentration={self.concentration!r}, chi2={self.chi2!r}, "
            f"dof={self.dof!r}, active={[str(bound) for bound in self.active]!r})"
        )

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """Every setting that is not the usual method's, in words."""
        return self.settings.departures(lang)

    @property
    def solution(self) -> quadratic.Solution:
        return self.held.solution

    @property
    def variables(self) -> LinearResult:
        return self.solution.result

    @property
    def active(self) -> tuple[ActiveBound, ...]:
        """The bounds that hold a flow or a concentration back; `stream` is its number among the `variables`."""
        return self.held.active

    @property
    def endless(self) -> tuple[Endless, ...]:
        """Flows and contents that fit the readings the better the larger they are; unobservable, with what grows
        with them: their estimate is one of many."""
        return self.held.endless

    @property
    def unbounded(self) -> LinearResult:
        """Over the same variables, without bounds."""
        return self.held.free.result

    @property
    def steps(self) -> int:
        """Of Gauss–Newton."""
        return self.solution.steps

    @property
    def flow(self) -> Floats:
        return self.variables.estimate[: self.streams]

    @property
    def flow_variance(self) -> Floats:
        return self.variables.variance[: self.streams]

    @property
    def concentration(self) -> Floats:
        return self._table(self.variables.estimate)

    @property
    def concentration_variance(self) -> Floats:
        return self._table(self.variables.variance)

    @property
    def flow_observable(self) -> Bools:
        return self.variables.observable[: self.streams]

    @property
    def concentration_observable(self) -> Bools:
        return self.variables.observable[self.streams :].reshape(self.components, self.streams)

    @property
    def chi2(self) -> float:
        return self.held.conditional[0]

    @property
    def dof(self) -> int:
        return self.held.conditional[1]

    @property
    def p_value(self) -> float:
        """Probability of a χ² this large without any gross error, given what is held at a bound."""
        return chance(self.chi2, self.dof)

    @property
    def suspects(self) -> Suspects:
        return replace(self.variables.suspects, level=self.settings.significance)

    @cached_property
    def component_flow(self) -> Floats:
        """f c: (components, streams)."""
        return self.flow * self.concentration

    @cached_property
    def component_flow_variance(self) -> Floats:
        """First order, with the covariance of flow and concentration; infinite where either is unobservable."""
        out = np.full((self.components, self.streams), np.inf)
        model = self.variables.model
        for k, i in zip(*np.nonzero(self.flow_observable & self.concentration_observable), strict=True):
            pair = np.array([i, self.streams * (1 + k) + i])
            slope = np.array([self.concentration[k, i], self.flow[i]])
            out[k, i] = slope @ model.covariance(pair) @ slope
        return out

    def name(self, variable: int) -> str:
        """What a number of `variables` stands for."""
        return self.variables.model.names.stream(int(variable))

    def _table(self, values: Floats) -> Floats:
        return values[self.streams :].reshape(self.components, self.streams)


def reconcile_bilinear(
    A: ArrayLike | Any,
    flow: ArrayLike,
    flow_variance: ArrayLike,
    concentration: ArrayLike,
    concentration_variance: ArrayLike,
    *,
    whole: float | None = None,
    flow_bounds: tuple[ArrayLike, ArrayLike] | None = None,
    concentration_bounds: tuple[ArrayLike, ArrayLike] | None = None,
    settings: Settings = DEFAULT,
    nodes: Sequence[str] | None = None,
    streams: Sequence[str] | None = None,
    components: Sequence[str] | None = None,
) -> BilinearResult:
    """Reconcile; see the module.

    A : (nodes, streams); flow and flow_variance : (streams,); concentration and its variance : (components, streams);
    whole : what the components of every stream add up to (1, or 100 in per cent) where they are all listed;
    flow_bounds, concentration_bounds : lowest and highest, numbers or of the readings' shape; infinite where none.
    Without them nothing is below zero, unless the settings let it be. The settings' level is that of `suspects`.
    """
    usual = (0.0 if settings.nonnegative else -np.inf, np.inf)
    flow_bounds, concentration_bounds = flow_bounds or usual, concentration_bounds or usual
    matrix = read_matrix(A).toarray()
    places, count = matrix.shape
    c = np.atleast_2d(floats(concentration, "concentration", "nồng độ (concentration)", gaps=True))
    if c.shape[-1] != count or c.ndim != 2:
        raise ScienceError(
            f"concentration has shape {np.shape(concentration)}; A has {count} streams: give (components, {count}).",
            f"concentration có dạng {np.shape(concentration)}; A có {count} dòng: hãy cho (số thành phần, "
            f"{count}).",
        )
    kinds = len(c)
    if components is not None and len(components) != kinds:
        raise ScienceError(
            f"{len(components)} component names for {kinds} rows of concentrations.",
            f"có {len(components)} tên thành phần cho {kinds} hàng nồng độ.",
        )
    doubt = floats(
        concentration_variance, "concentration_variance", "phương sai nồng độ (concentration_variance)"
    )
    spread = np.broadcast_to(doubt, c.shape)
    names = _names(
        places, count, kinds, whole is not None, Names(nodes, streams).fitting((places, count)), components
    )
    flows = np.broadcast_to(
        floats(flow_variance, "flow_variance", "phương sai lưu lượng (flow_variance)"), (count,)
    )
    y = np.concatenate([floats(flow, "flow", "lưu lượng (flow)", gaps=True), c.ravel()])
    v = np.concatenate([flows, spread.ravel()])
    readings = read_readings(len(y), y, v, names)
    flow_ends = [floats(x, "flow_bounds", "giới hạn lưu lượng (flow_bounds)") for x in flow_bounds]
    other_ends = [
        floats(x, "concentration_bounds", "giới hạn nồng độ (concentration_bounds)")
        for x in concentration_bounds
    ]
    low, high = (
        np.concatenate(
            [np.broadcast_to(flow_ends[side], (count,)), np.broadcast_to(other_ends[side], c.shape).ravel()]
        )
        for side in (0, 1)
    )
    low, high = read_bounds(len(y), low, high, readings, names)
    balances = system(matrix, kinds, whole)
    free = quadratic.reconcile(balances, readings, names)

    def solve(value: Floats, variance: Floats, start: quadratic.Solution | None = None) -> quadratic.Solution:
        held = read_readings(len(value), value, variance, names)
        return quadratic.reconcile(balances, held, names, free.unit, start)

    return BilinearResult(best_of_parts(Within(solve, free, v, low, high, names)), count, kinds, settings)


def system(matrix: Floats, kinds: int, whole: float | None = None) -> quadratic.System:
    """The balances: total, then component by component, then the sums of the streams."""
    places, count = matrix.shape
    rows = places * (1 + kinds) + (count if whole is not None else 0)
    linear = np.zeros((rows, count * (1 + kinds)))
    linear[:places, :count] = matrix
    at, stream = np.nonzero(matrix)
    layer = np.repeat(np.arange(1, kinds + 1), len(at))
    constant = np.zeros(rows)
    if whole is not None:
        below = np.arange(places * (1 + kinds), rows)
        for k in range(1, kinds + 1):
            linear[below, np.arange(count) + k * count] = 1.0
        constant[below] = -whole
    return quadratic.System(
        linear,
        layer * places + np.tile(at, kinds),
        np.tile(stream, kinds),
        layer * count + np.tile(stream, kinds),
        np.tile(matrix[at, stream], kinds),
        constant,
    )


def _names(
    places: int, count: int, kinds: int, whole: bool, names: Names, components: Sequence[str] | None
) -> Names:
    kind = components or [f"component {k}" for k in range(kinds)]
    kind_vi = components or [f"thành phần {k}" for k in range(kinds)]
    each, number = range(count), range(places)
    balances = [names.node(p) for p in number] + [f"{names.node(p)} ({k})" for k in kind for p in number]
    vi = [names.node(p, "vi") for p in number] + [
        f"{names.node(p, 'vi')} ({k})" for k in kind_vi for p in number
    ]
    if whole:
        balances += [f"the sum of the components of {names.stream(s)}" for s in each]
        vi += [f"tổng thành phần của {names.stream(s, 'vi')}" for s in each]
    variables = [f"the flow of {names.stream(s)}" for s in each]
    variables += [f"{k} in {names.stream(s)}" for k in kind for s in each]
    variables_vi = [f"lưu lượng {names.stream(s, 'vi')}" for s in each]
    variables_vi += [f"hàm lượng {k} trong {names.stream(s, 'vi')}" for k in kind_vi for s in each]
    return Names(balances, variables, vi, variables_vi)
