"""Weighted least squares reconciliation of flows under linear balances, in one sparse solve.

    min (x − y)ᵀ V⁻¹ (x − y)   subject to   A x = 0

`A` (nodes × streams) has +1 where a stream enters a node and −1 where it leaves; any other factor (a unit
conversion, a transfer coefficient) is allowed. `measured` (streams,) holds readings, NaN where there is
none; `variance` their variances, 0 for a fixed stream, or a full (dense or sparse) covariance matrix.

    χ² = (x − y)ᵀ V⁻¹ (x − y)  on  rank(A V Aᵀ of what is left without unmeasured streams)  degrees of freedom

A biased meter i changes the balances along a_i, a leak at node p along e_p. With λ = S⁻¹ A y, the
generalised likelihood ratio of the hypothesis "only this is wrong" is (aᵀλ)² / aᵀS⁻¹a, χ² with one degree of
freedom if nothing is; for a meter it is the square of the measurement test.
Sources: Kuehn & Davidson 1961; Crowe, Garcia Campos & Hrymak 1983; Narasimhan & Mah 1987; Narasimhan &
Jordache, Data Reconciliation and Gross Error Detection, 2000, chapters 3 and 7.
Not for bounds (see `bounded`) nor flows times concentrations (see `bilinear`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.balance.network import (
    Bools,
    Floats,
    Ints,
    Names,
    Readings,
    read_matrix,
    read_network,
    read_readings,
)
from sachhon.science.balance.settings import DEFAULT, Settings


class Model(Protocol):
    """A system ready for readings: a plain network, or a general one."""

    @property
    def readings(self) -> Readings: ...
    @property
    def names(self) -> Names: ...
    @property
    def observable(self) -> Bools: ...
    @property
    def variance(self) -> Floats: ...
    @property
    def strength(self) -> Floats: ...
    @property
    def node_strength(self) -> Floats: ...
    @property
    def degrees_of_freedom(self) -> int: ...
    @property
    def checks(self) -> Ints: ...
    def estimate(
        self, value: Floats, exact: bool = True, check: bool = True
    ) -> tuple[Floats, Floats, Floats]: ...
    def bias(self, stream: int) -> tuple[Floats, Floats]: ...
    def leak(self, node: int) -> tuple[Floats, Floats]: ...
    def covariance(self, streams: Ints) -> Floats: ...


class Suspect(int):
    """A stream's number (use it as an index), with how strongly its meter is suspected."""

    statistic: float
    p_value: float
    p_holm: float
    level: float

    def __new__(
        cls,
        stream: int,
        statistic: float,
        p_value: float,
        p_holm: float,
        level: float = DEFAULT.significance,
    ) -> Suspect:
        self = super().__new__(cls, stream)
        self.statistic, self.p_value, self.p_holm, self.level = statistic, p_value, p_holm, level
        return self

    @property
    def stream(self) -> int:
        return int(self)

    @property
    def significant(self) -> bool:
        """At the level of the settings, corrected (Holm) for as many tests as there are meters."""
        return self.p_holm < self.level

    def __repr__(self) -> str:
        return f"Suspect(stream={int(self)}, statistic={self.statistic:.3g}, p_holm={self.p_holm:.3g})"


@dataclass(frozen=True)
class Suspects(Sequence[Suspect]):
    """Every meter that a balance checks, the most suspected first."""

    streams: Ints
    statistic: Floats
    p_value: Floats
    p_holm: Floats
    level: float = DEFAULT.significance

    def __len__(self) -> int:
        return len(self.streams)

    @overload
    def __getitem__(self, at: int) -> Suspect: ...
    @overload
    def __getitem__(self, at: slice) -> list[Suspect]: ...
    def __getitem__(self, at: int | slice) -> Suspect | list[Suspect]:
        if isinstance(at, slice):
            return [self[k] for k in range(*at.indices(len(self)))]
        statistic, p_value, p_holm = (float(x[at]) for x in (self.statistic, self.p_value, self.p_holm))
        return Suspect(int(self.streams[at]), statistic, p_value, p_holm, self.level)

    def __iter__(self) -> Iterator[Suspect]:
        return (self[k] for k in range(len(self)))

    @property
    def significant(self) -> list[Suspect]:
        """The meters to look at: those suspected at the level of the settings after Holm's correction."""
        return self[: int(np.count_nonzero(self.p_holm < self.level))]


@dataclass(frozen=True)
class LinearResult:
    """Reconciled flows. Arrays over streams unless said otherwise; never NaN.

    A stream that is not `observable` has infinite `variance`; its `estimate` is one flow that keeps every
    balance (the one with the least sum of squares over such streams), not a finding.
    """

    estimate: Floats
    variance: Floats
    observable: Bools
    chi2: float
    dof: int
    model: Model = field(repr=False)
    lift: Floats = field(repr=False)  # λ of each node
    shift: Floats = field(
        repr=False
    )  # aᵀλ of each stream, which differences of λ would lose where it is small
    settings: Settings = DEFAULT

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """Every setting that is not the usual method's, in words."""
        return self.settings.departures(lang)

    @cached_property
    def p_value(self) -> float:
        """Probability of a χ² this large without any gross error; 1 where no balance checks a reading."""
        return chance(self.chi2, self.dof)

    @property
    def measured(self) -> Bools:
        return self.model.readings.measured

    @property
    def adjustment(self) -> Floats:
        """Estimate minus reading; 0 where there is no reading."""
        return np.where(self.model.readings.unmeasured, 0.0, self.estimate - self.model.readings.value)

    @cached_property
    def redundant(self) -> Bools:
        """Measured, and would be known without its own meter: its reading is checked by a balance."""
        return self.model.readings.measured & (self.model.strength > 0)

    @cached_property
    def statistics(self) -> Floats:
        """Measurement test |x − y|/σ(x − y) of each stream (as GLR, √ of it); 0 where nothing checks it."""
        return _ratio(self.shift, self.model.strength, self.redundant)

    @cached_property
    def node_statistics(self) -> Floats:
        """√ of the GLR of a leak at each node (nodes,); 0 where an unmeasured stream would hide it."""
        strength = self.model.node_strength
        return _ratio(self.lift, strength, strength > 0)

    @cached_property
    def suspects(self) -> Suspects:
        """Meters ranked by the measurement test, with p values alone and after Holm's correction."""
        tested = np.flatnonzero(self.redundant)
        statistic = self.statistics[tested]
        order = np.argsort(-statistic)
        p = two_sided(statistic[order])
        return Suspects(tested[order], statistic[order], p, holm(p), self.settings.significance)

    def covariance(self, streams: Iterable[int]) -> Floats:
        """Covariance matrix of the flows of chosen streams (all observable), in the order given."""
        return self.model.covariance(np.fromiter(streams, dtype=np.int64))


def reconcile_linear(
    A: ArrayLike | Any,
    measured: ArrayLike,
    variance: ArrayLike | Any,
    *,
    settings: Settings = DEFAULT,
    nodes: Sequence[str] | None = None,
    streams: Sequence[str] | None = None,
) -> LinearResult:
    """Reconcile; see the module. `nodes`, `streams`: names for messages; the settings' level is that of `suspects`."""
    model = prepare(A, measured, variance, nodes=nodes, streams=streams)
    return solve(model, model.readings.value, settings)


def prepare(
    A: ArrayLike | Any,
    measured: ArrayLike,
    variance: ArrayLike | Any,
    *,
    nodes: Sequence[str] | None = None,
    streams: Sequence[str] | None = None,
) -> Model:
    """Everything that does not depend on the readings' values: which streams, variances, tests' strengths."""
    matrix = read_matrix(A)
    names = Names(nodes, streams).fitting(matrix.shape)
    readings = read_readings(matrix.shape[1], measured, variance, names)
    network = read_network(matrix) if readings.covariance is None else None
    if network is not None:
        from sachhon.science.balance import contraction

        return contraction.build(network, readings, names)
    from sachhon.science.balance import projection

    return projection.build(matrix, readings, names)


def solve(model: Model, value: Floats, settings: Settings = DEFAULT) -> LinearResult:
    """Reconcile readings (streams,) with a prepared model."""
    flow, lift, shift = model.estimate(value)
    # χ² = λᵀ A (y − x): the balances of x are zero, and fixed streams are part of A y
    moved = np.where(model.readings.measured, value - flow, 0.0)
    chi2 = float((moved * shift).sum())  # a dot product of this length would go to all cores
    return LinearResult(
        flow,
        model.variance,
        model.observable,
        max(chi2, 0.0),
        model.degrees_of_freedom,
        model,
        lift,
        shift,
        settings,
    )


def chance(chi2: float, dof: int) -> float:
    """P(χ² with `dof` degrees of freedom > chi2); 1 where there are none."""
    if not dof:
        return 1.0
    from scipy.special import chdtrc

    return float(chdtrc(dof, chi2))


def two_sided(statistic: Floats) -> Floats:
    """P(|N(0, 1)| > statistic)."""
    from scipy.special import ndtr

    return 2 * ndtr(-np.abs(statistic))


def holm(p: Floats) -> Floats:
    """Holm's step-down correction (1979) of p values given in increasing order."""
    count = len(p)
    return np.minimum(np.maximum.accumulate(p * np.arange(count, 0, -1)), 1.0) if count else p


def _ratio(shift: Floats, strength: Floats, tested: Bools) -> Floats:
    at = np.flatnonzero(tested & (strength > 0))
    out = np.zeros(len(shift))
    out[at] = np.abs(shift[at]) / np.sqrt(strength[at])
    return out
