"""One substance through a chain of treatment steps: the mean at the outlet and how far it spreads.

    mean         C_out = C_in Π (1 − η_i)            no step takes it below the floor it can reach
    spread       σ² = ln(1 + CV²) + Σ σ_i²,   σ_i = ln((1 − η_low)/(1 − η_high)) / (2 · 1.645)
    at source    C' = C (1 − less load) / (1 − less flow)

What passes a step multiplies, so concentrations are taken as log-normal, as those of plants are found to be (Niku,
Schroeder and Samaniego 1979, J. WPCF 51, 2841–2857). The range of a step, from its worst to its best removal, is
taken as 90 % of what is found; steps err independently of each other. Where a floor holds, the mean is the floor and
the spread stays: the outlet is rather told too bad than too good.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

Z90 = 1.6448536269514722  # the normal quantile of 95 %: an interval of 90 % reaches so far to either side


@dataclass(frozen=True)
class Inlet:
    """Mean concentration (any unit) and its coefficient of variation (standard deviation over mean)."""

    mean: float
    cv: float

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return math.sqrt(math.log1p(self.cv**2))


@dataclass(frozen=True)
class Removal:
    """What a step takes out, as shares of 1: at worst, usually, at best; `floor`: the least it reaches (unit of the
    inlet)."""

    low: float
    likely: float
    high: float
    floor: float = 0.0

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm of what passes."""
        return math.log((1 - self.low) / (1 - self.high)) / (2 * Z90)


@dataclass(frozen=True)
class Outlet:
    """What leaves: the mean, the standard deviation of its logarithm, the mean after each step, the steps whose floor
    held (numbers from 0)."""

    mean: float
    sigma: float
    after: tuple[float, ...]
    at_floor: tuple[int, ...]

    @property
    def cv(self) -> float:
        """Coefficient of variation."""
        return math.sqrt(math.expm1(self.sigma**2))

    def interval(self, coverage: float = Z90) -> tuple[float, float]:
        """The range that holds 90 % (another `coverage`: other normal quantiles)."""
        middle = self.mean * math.exp(-(self.sigma**2) / 2)
        return middle * math.exp(-coverage * self.sigma), middle * math.exp(coverage * self.sigma)


def through(inlet: Inlet, removals: Sequence[Removal | None]) -> Outlet:
    """Takes a substance through the steps in order; None is a step that does nothing to it."""
    _checked(inlet)
    mean, variance, after, floors = inlet.mean, inlet.sigma**2, [], []
    for number, step in enumerate(removals):
        if step is not None:
            _sound(step)
            passed = mean * (1 - step.likely)
            if passed < step.floor:
                passed = min(step.floor, mean)
                floors.append(number)
            mean, variance = passed, variance + step.sigma**2
        after.append(mean)
    return Outlet(mean, math.sqrt(variance), tuple(after), tuple(floors))


def after_source(flow: float, mean: float, less_flow: float, less_load: float) -> tuple[float, float]:
    """Flow and concentration after cleaner production at the source.

    less_flow, less_load : shares of 1 that no longer arise, below 1. Water saved without less of the substance makes
    what is left stronger: the limit is one of concentration.
    """
    for share in (less_flow, less_load):
        if not 0 <= share < 1:
            raise ScienceError(
                f"a reduction at the source of {share:g} is not from 0 to below 1: give a share of what arises now.",
                f"mức giảm tại nguồn {comma(share):g} không nằm từ 0 đến dưới 1: hãy cho phần của lượng "
                "đang phát sinh.",
            )
    return flow * (1 - less_flow), mean * (1 - less_load) / (1 - less_flow)


def _checked(inlet: Inlet) -> None:
    if not (math.isfinite(inlet.mean) and inlet.mean > 0 and math.isfinite(inlet.cv) and inlet.cv >= 0):
        raise ScienceError(
            f"an inlet of {inlet.mean:g} that varies by {inlet.cv:g} cannot be treated: give a concentration above 0 "
            "and a variation that is not negative.",
            f"không tính được đầu vào {comma(inlet.mean):g} với hệ số biến động {comma(inlet.cv):g}: hãy cho nồng độ "
            "lớn hơn 0 và hệ số biến động không âm.",
        )


def _sound(step: Removal) -> None:
    if not 0 <= step.low <= step.likely <= step.high < 1 or step.floor < 0:
        raise ScienceError(
            f"removals {step.low:g}, {step.likely:g}, {step.high:g} have to rise within 0 to below 1, with a floor "
            "that is not negative.",
            f"hiệu suất {comma(step.low):g}, {comma(step.likely):g}, {comma(step.high):g} phải tăng dần từ 0 đến "
            "dưới 1, mức thấp nhất đạt được không âm.",
        )
