"""What a chain of treatment steps costs: investment by size, running by what is treated, both as ranges.

    investment   I = I_ref (Q / Q_ref)^n           n of some 0.6 to 0.7: twice the plant does not cost twice
    running      R = r · V                         V treated a year
    a year       K = I / A(rate, years) + R        A the annuity factor of `science.finance`

The power law is that of Williams (1947, Chemical Engineering 54 (12), 124–125). It holds for some five times the
reference size either way; `investment` says so beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sachhon.science.finance.annuity import annuity
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

REACH = 5.0  # times the reference size within which the power law is used without a remark


@dataclass(frozen=True)
class Range:
    """Low, likely and high amount of money."""

    low: float
    likely: float
    high: float

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def times(self, factor: float) -> Range:
        """Every end times the factor."""
        return Range(self.low * factor, self.likely * factor, self.high * factor)


def investment(steps: Sequence[tuple[Range, float, float]], size: float) -> tuple[Range, bool]:
    """Investment of a chain at `size`, and whether the size lies within reach of every reference.

    steps : (investment at the reference size, reference size, exponent); sizes in one unit.
    """
    if not size > 0:
        raise ScienceError(
            f"a plant for {size:g} cannot be sized: give a flow above 0.",
            f"không tính được công trình cho lưu lượng {comma(size):g}: hãy cho lưu lượng lớn hơn 0.",
        )
    total, within = Range(0, 0, 0), True
    for reference, at, exponent in steps:
        total += reference.times((size / at) ** exponent)
        within &= at / REACH <= size <= at * REACH
    return total, within


def running(steps: Sequence[Range], treated: float) -> Range:
    """Money a year: `steps` cost so much a unit treated, `treated` units a year."""
    total = Range(0, 0, 0)
    for step in steps:
        total += step.times(treated)
    return total


def yearly_cost(invested: Range, run: Range, rate: float, years: float) -> Range:
    """Investment as an even sum a year (rate: share of 1, years: life) and running together."""
    even = Range(
        *(float(annuity(end, rate, years)) for end in (invested.low, invested.likely, invested.high))
    )
    return even + run
