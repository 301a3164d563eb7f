"""What is uncertain about an option: Monte Carlo over all inputs at once, tornado over one at a time.

Both call `build(values) -> cash flows`, a function of the caller that turns values of the inputs (each an array) into
flows with time last; usually `cash_flow(Project(…), settings).net` with the values put in. It is called with
arrays, so that a million draws cost a few array operations.

Source: JCGM 101:2008 (propagation of distributions by Monte Carlo); Eschenbach 1992, Interfaces 22(6) (spiderplots
and tornado diagrams). A tornado sees no interaction between inputs; the simulation does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.finance.appraisal import measures
from sachhon.science.finance.draws import Distribution, sample
from sachhon.science.finance.rates import npv
from sachhon.science.numeric import finite
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

Build = Callable[[Mapping[str, np.ndarray]], np.ndarray]
BLOCK = 50_000
BREAK_EVEN_STEPS = 60


@dataclass(frozen=True)
class Simulation:
    """Draws of the inputs and of the measures; measures (…, draws), options leading.

    irr and payback are masked in the draws that have none.
    """

    inputs: Mapping[str, np.ndarray]
    npv: np.ndarray
    irr: np.ma.MaskedArray
    payback: np.ma.MaskedArray
    seed: int

    @property
    def expected(self) -> np.ndarray | float:
        """Mean net present value."""
        return _number(self.npv.mean(axis=-1))

    @property
    def standard_error(self) -> np.ndarray | float:
        """Of `expected`, by plain draws; a Latin hypercube's is at most about this."""
        return _number(self.npv.std(axis=-1, ddof=1) / np.sqrt(self.npv.shape[-1]))

    @property
    def chance_of_gain(self) -> np.ndarray | float:
        """Share of draws with a net present value above zero."""
        return _number((self.npv > 0).mean(axis=-1))

    def interval(self, level: float = 0.9) -> tuple[np.ndarray | float, np.ndarray | float]:
        """The net present values between which `level` of the draws lie, equal tails."""
        low, high = np.quantile(self.npv, _tails(level), axis=-1)
        return _number(low), _number(high)

    def chance_of_payback(self, periods: float) -> np.ndarray | float:
        """Share of draws that are paid back within `periods`."""
        return _number((self.payback.filled(np.inf) <= periods).mean(axis=-1))

    def payback_interval(self, level: float = 0.9) -> tuple[float | None, float | None]:
        """The paybacks between which `level` of the draws of one option lie; None for an end that is never reached."""
        ends = np.quantile(self.payback.filled(np.inf), _tails(level), axis=-1, method="inverted_cdf")
        low, high = (None if np.isinf(end) else float(end) for end in ends)
        return low, high

    def importance(self) -> dict[str, np.ndarray | float]:
        """Rank correlation (Spearman) of each input with the net present value, the strongest first."""
        ranked = _ranks(self.npv)
        found = {name: _number(_correlation(_ranks(x), ranked)) for name, x in self.inputs.items()}
        return dict(sorted(found.items(), key=lambda item: -float(np.max(np.abs(item[1])))))


def _tails(level: float) -> list[float]:
    if not (finite(level) and 0 < level <= 1):
        raise ScienceError(
            f"level is {level}; give a share above 0 and at most 1: 0.9 for 90 % of the draws.",
            f"level là {comma(level)}; hãy cho một phần lớn hơn 0 và không quá 1: 0,9 cho 90 % số lần rút.",
        )
    return [(1 - level) / 2, (1 + level) / 2]


def simulate(
    build: Build,
    inputs: Mapping[str, Distribution],
    *,
    rate: ArrayLike,
    draws: int = 10_000,
    seed: int,
    correlation: np.ndarray | None = None,
    plain: bool = False,
) -> Simulation:
    """Net present value, rate of return and payback over `draws` draws of the inputs.

    build : from {name: (k,)} to flows (…, k, n + 1); rate : nominal, scalar or one for each leading axis but the last.
    Works in blocks, so that a million draws of many options fit in memory.
    """
    values = sample(inputs, draws, seed, correlation=correlation, plain=plain)
    parts = []
    for start in range(0, draws, BLOCK):
        size = min(BLOCK, draws - start)
        flows = np.asarray(build({name: x[start : start + size] for name, x in values.items()}))
        if flows.ndim < 2 or flows.shape[-2] != size:
            raise ScienceError(
                f"build gave flows of shape {flows.shape}; their last but one axis must be the {size} draws.",
                f"build cho dòng tiền dạng {flows.shape}; trục áp chót phải là {comma(size)} lần rút.",
            )
        parts.append(measures(np.asarray(rate)[..., None] if np.ndim(rate) else rate, flows))
    return Simulation(
        values,
        np.concatenate([part.npv for part in parts], axis=-1),
        np.ma.concatenate([part.irr for part in parts], axis=-1),
        np.ma.concatenate([part.payback for part in parts], axis=-1),
        seed,
    )


@dataclass(frozen=True)
class Bar:
    """One input of a tornado: its low and high value, the npv at each, and the value at which the npv is zero.

    break_even is None where the npv keeps its sign between low and high.
    """

    name: str
    low: float
    high: float
    npv_low: float
    npv_high: float
    break_even: float | None

    @property
    def swing(self) -> float:
        """How far the net present value moves."""
        return abs(self.npv_high - self.npv_low)


@dataclass(frozen=True)
class Tornado:
    """The npv with every input at its base, and a bar for each input, widest first."""

    base: float
    bars: tuple[Bar, ...]


def tornado(build: Build, ranges: Mapping[str, Sequence[float]], *, rate: float) -> Tornado:
    """Move one input at a time between low and high, all others at their base.

    ranges : name → (low, base, high). build gets arrays of all cases at once, flows (cases, n + 1).
    """
    names = list(ranges)
    for name, values in ranges.items():
        if len(values) != 3 or not values[0] <= values[1] <= values[2]:
            raise ScienceError(
                f"{name} needs three figures, low ≤ base ≤ high.", f"{name} cần ba con số, low ≤ base ≤ high."
            )
    base = {name: float(ranges[name][1]) for name in names}

    def value(cases: int, changed: Mapping[str, np.ndarray]) -> np.ndarray:
        full = {name: changed.get(name, np.full(cases, base[name])) for name in names}
        return np.atleast_1d(npv(rate, build(full)))

    k = len(names)
    table = {}
    for i, name in enumerate(names):
        table[name] = np.full(2 * k + 1, base[name])
        table[name][1 + 2 * i], table[name][2 + 2 * i] = ranges[name][0], ranges[name][2]
    worth = value(2 * k + 1, table)
    bars = []
    for i, name in enumerate(names):
        low, _, high = (float(figure) for figure in ranges[name])
        ends = float(worth[1 + 2 * i]), float(worth[2 + 2 * i])
        bars.append(Bar(name, low, high, *ends, _break_even(value, name, low, high, ends[0], ends[1])))
    return Tornado(float(worth[0]), tuple(sorted(bars, key=lambda bar: -bar.swing)))


def _break_even(
    value: Callable[[int, Mapping[str, np.ndarray]], np.ndarray],
    name: str,
    low: float,
    high: float,
    at_low: float,
    at_high: float,
) -> float | None:
    if at_low * at_high > 0 or low == high:
        return None
    for _ in range(BREAK_EVEN_STEPS):
        middle = (low + high) / 2
        at_middle = float(value(1, {name: np.array([middle])})[0])
        if at_middle == 0 or middle in (low, high):
            return middle
        if at_middle * at_low > 0:
            low, at_low = middle, at_middle
        else:
            high = middle
    return (low + high) / 2


def _ranks(x: np.ndarray) -> np.ndarray:
    return x.argsort(axis=-1).argsort(axis=-1).astype(float)


def _correlation(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    a, b = x - x.mean(axis=-1, keepdims=True), y - y.mean(axis=-1, keepdims=True)
    return (a * b).sum(axis=-1) / np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1))


def _number(x: np.ndarray) -> np.ndarray | float:
    return float(x) if np.ndim(x) == 0 else x
