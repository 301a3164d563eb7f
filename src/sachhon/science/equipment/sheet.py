"""The sheet a calculator fills: every step with its formula, and the ranges in which its formulas hold.

Not for the formulas themselves; each calculator brings its own. A calculator opens a `Sheet`, writes its
steps in order, notes each range it relies on, and closes it with `result`. What comes back can be printed
line by line, and says by itself where it was used outside its range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Step:
    """One line of a calculation: what, by which formula, how much."""

    name: str
    formula: str
    value: float
    unit: str


@dataclass(frozen=True)
class Range:
    """A range a correlation holds in, and the value it was used with."""

    quantity: str
    value: float
    low: float
    high: float
    unit: str
    source: str

    @property
    def holds(self) -> bool:
        """True where the value lies inside the range."""
        return self.low <= self.value <= self.high

    def __str__(self) -> str:
        """The sentence for a reader: inside, or outside and what follows."""
        unit = f" {self.unit}" if self.unit else ""
        span = f"{self.low:g}–{self.high:g}{unit} ({self.source})"
        if self.holds:
            return f"{self.quantity} {self.value:g}{unit} lies within {span}."
        return f"{self.quantity} {self.value:g}{unit} lies outside {span}: take the result as a guess."


@dataclass(frozen=True)
class Result:
    """What a calculator found: `steps` in order, `ranges` it relied on, `source` of the method.

    `result["name"]` is the value of a step, `result.unit("name")` its unit; `outside` lists the ranges left.
    """

    calculator: str
    source: str
    steps: tuple[Step, ...]
    ranges: tuple[Range, ...] = ()

    def __getitem__(self, name: str) -> float:
        """Value of the step `name`; `KeyError` naming the steps there are."""
        return self._step(name).value

    def unit(self, name: str) -> str:
        """Unit of the step `name`."""
        return self._step(name).unit

    @property
    def outside(self) -> tuple[Range, ...]:
        """The ranges that the inputs left; empty where every correlation holds."""
        return tuple(r for r in self.ranges if not r.holds)

    def _step(self, name: str) -> Step:
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(
            f"{self.calculator} has no step {name!r}; it has {', '.join(s.name for s in self.steps)}."
        )


@dataclass
class Sheet:
    """A calculation being written; see the module."""

    calculator: str
    source: str
    _steps: list[Step] = field(default_factory=list)
    _ranges: list[Range] = field(default_factory=list)

    def step(self, name: str, formula: str, value: float, unit: str) -> float:
        """Write one step and hand its value on; `ScienceError` where it is not a finite number."""
        value = float(value)
        if not math.isfinite(value):
            raise ScienceError(
                f"{self.calculator}: {name} = {formula} is not finite; check the inputs it uses."
            )
        self._steps.append(Step(name, formula, value, unit))
        return value

    def within(self, quantity: str, value: float, low: float, high: float, unit: str, source: str) -> None:
        """Note that a formula of this sheet holds for low ≤ value ≤ high."""
        self._ranges.append(Range(quantity, float(value), low, high, unit, source))

    def result(self) -> Result:
        """The finished sheet."""
        return Result(self.calculator, self.source, tuple(self._steps), tuple(self._ranges))


def positive(**inputs: float) -> None:
    """`ScienceError` unless every input is a finite number above zero."""
    for name, value in inputs.items():
        if not (math.isfinite(value) and value > 0):
            raise ScienceError(f"{name} is {value}; give a number above zero.")


def not_negative(**inputs: float) -> None:
    """`ScienceError` unless every input is finite and not below zero."""
    for name, value in inputs.items():
        if not (math.isfinite(value) and value >= 0):
            raise ScienceError(f"{name} is {value}; give a number that is not negative.")


def celsius(**inputs: float) -> None:
    """`ScienceError` unless every input is a temperature in °C that can be: above absolute zero, finite."""
    for name, value in inputs.items():
        if not -273.15 < value < math.inf:
            raise ScienceError(f"{name} is {value}; give a temperature in °C.")


def share(**inputs: float) -> None:
    """`ScienceError` unless every input is a share between 0 and 1."""
    for name, value in inputs.items():
        if not 0 <= value <= 1:
            raise ScienceError(f"{name} is {value}; give a share between 0 and 1 (0.85 for 85 %).")
