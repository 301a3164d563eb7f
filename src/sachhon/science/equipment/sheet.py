"""The sheet a calculator fills: every step with its formula, and the ranges in which its formulas hold.

Not for the formulas themselves; each calculator brings its own. A calculator opens a `Sheet`, writes its
steps in order, notes each range it relies on, and closes it with `result`. What comes back can be printed
line by line, and says by itself where it was used outside its range.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from inspect import signature

from sachhon.science.equipment.words import ASSUMED, Language, number, vietnamese
from sachhon.science.numeric import finite
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

HOURS_OF_A_YEAR = 8784
"""Of a leap year."""


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

    def sentence(self, lang: Language = "vi") -> str:
        """For a reader: inside, or outside and what follows; in Vietnamese ("vi") or English ("en")."""
        vi = lang == "vi"
        quantity, unit, source = (
            vietnamese(words) if vi else words for words in (self.quantity, self.unit, self.source)
        )
        unit = f" {unit}" if unit else ""
        value, low, high = (number(x, lang) for x in (self.value, self.low, self.high))
        span = f"{low}–{high}{unit} ({source})"
        if vi:
            place = "nằm trong khoảng" if self.holds else "nằm ngoài khoảng"
            end = "." if self.holds else ": chỉ coi kết quả là ước đoán."
            return f"{quantity[0].upper()}{quantity[1:]} {value}{unit} {place} {span}{end}"
        place = "lies within" if self.holds else "lies outside"
        return (
            f"{quantity} {value}{unit} {place} {span}{'.' if self.holds else ': take the result as a guess.'}"
        )

    def __str__(self) -> str:
        return self.sentence("en")


@dataclass(frozen=True)
class Assumption:
    """A figure that the method assumes and the caller may set: what was used, and the method's own.

    usual : None where the method computes it.
    """

    code: str
    value: float | None
    usual: float | None

    @property
    def departs(self) -> bool:
        """Whether something else was used than the method's own."""
        return self.value != self.usual

    def sentence(self, lang: Language = "vi") -> str:
        """What was used instead of what, in Vietnamese ("vi") or English ("en")."""
        vi = lang == "vi"
        computed = "tự tính" if vi else "computed"
        value, usual = (computed if x is None else number(x, lang) for x in (self.value, self.usual))
        return f"{ASSUMED[self.code][not vi]}: {value} {'thay cho' if vi else 'instead of'} {usual}"


@dataclass(frozen=True)
class Result:
    """What a calculator found: `steps` in order, `ranges` it relied on, `source` of the method, its `assumptions`.

    `result["name"]` is the value of a step, `result.unit("name")` its unit; `outside` lists the ranges left.
    """

    calculator: str
    source: str
    steps: tuple[Step, ...]
    ranges: tuple[Range, ...] = ()
    assumptions: tuple[Assumption, ...] = ()

    def departures(self, lang: Language = "vi") -> tuple[str, ...]:
        """Every departure from the method, in words: figures set otherwise than it assumes, ranges left."""
        set_otherwise = tuple(one.sentence(lang) for one in self.assumptions if one.departs)
        return set_otherwise + tuple(one.sentence(lang) for one in self.outside)

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
    _assumptions: list[Assumption] = field(default_factory=list)

    def step(self, name: str, formula: str, value: float, unit: str) -> float:
        """Write one step and hand its value on; `ScienceError` where it is not a finite number."""
        value = float(value)
        if not math.isfinite(value):
            raise ScienceError(
                f"{self.calculator}: {name} = {formula} is not finite; check the inputs it uses.",
                f"{self.calculator}: {name} = {formula} không hữu hạn; hãy kiểm tra các số vào mà nó dùng.",
            )
        self._steps.append(Step(name, formula, value, unit))
        return value

    def within(self, quantity: str, value: float, low: float, high: float, unit: str, source: str) -> None:
        """Note that a formula of this sheet holds for low ≤ value ≤ high."""
        self._ranges.append(Range(quantity, float(value), low, high, unit, source))

    def in_a_year(self, *hours: float) -> None:
        """Note that hours of a year are at most those it has; more are those of several machines, or a mistake."""
        for one in hours:
            self.within("hours of a year", one, 0, HOURS_OF_A_YEAR, "h", "a year has no more")

    def assumes(self, calculator: Callable[..., Result], **used: float | None) -> None:
        """Note figures that the method assumes; its own are the calculator's defaults."""
        own = _defaults(calculator)
        self._assumptions += [Assumption(code, value, own[code]) for code, value in used.items()]

    def result(self) -> Result:
        """The finished sheet."""
        return Result(
            self.calculator, self.source, tuple(self._steps), tuple(self._ranges), tuple(self._assumptions)
        )


@lru_cache(maxsize=256)
def _defaults(calculator: Callable[..., Result]) -> Mapping[str, float | None]:
    return {name: one.default for name, one in signature(calculator).parameters.items()}


def positive(**inputs: float) -> None:
    """`ScienceError` unless every input is a finite number above zero."""
    for name, value in inputs.items():
        if not (finite(value) and value > 0):
            raise ScienceError(
                f"{name} is {value}; give a number above zero.",
                f"{name} là {comma(value)}; hãy cho số lớn hơn 0.",
            )


def not_negative(**inputs: float) -> None:
    """`ScienceError` unless every input is finite and not below zero."""
    for name, value in inputs.items():
        if not (finite(value) and value >= 0):
            raise ScienceError(
                f"{name} is {value}; give a number that is not negative.",
                f"{name} là {comma(value)}; hãy cho số không âm.",
            )


def celsius(**inputs: float) -> None:
    """`ScienceError` unless every input is a temperature in °C that can be: above absolute zero, finite."""
    for name, value in inputs.items():
        if not (finite(value) and value > -273.15):
            raise ScienceError(
                f"{name} is {value}; give a temperature in °C.",
                f"{name} là {comma(value)}; hãy cho nhiệt độ theo °C.",
            )


def share(**inputs: float) -> None:
    """`ScienceError` unless every input is a share between 0 and 1."""
    for name, value in inputs.items():
        if not (finite(value) and 0 <= value <= 1):
            raise ScienceError(
                f"{name} is {value}; give a share between 0 and 1 (0.85 for 85 %).",
                f"{name} là {comma(value)}; hãy cho một phần từ 0 đến 1 (0,85 cho 85 %).",
            )
