"""What there is to choose from, and within which limits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sachhon.science.numeric import with_floats
from sachhon.science.phrases import comma, vi
from sachhon.science.uncertainty import ScienceError

VALUE = "value"
"""The aim that every option has: its net present value, in money."""


@dataclass(frozen=True)
class Option:
    """One option of a factory, or one project asking for the fund's money.

    value : net present value (or any worth in money); cost : money asked for in each year from its start on, or one
    figure for the first; staff : persons (or days) needed likewise; savings : by resource or aim ("toe", "co2",
    "water"), a year; group : of options with the same one at most one is chosen; requires : codes that must be chosen
    too, begun no later; sector : for caps; starts : years (0 = first) in which it may begin.
    """

    code: str
    value: float
    cost: float | Sequence[float] = 0.0
    savings: Mapping[str, float] = field(default_factory=dict)
    staff: float | Sequence[float] = 0.0
    group: str | None = None
    requires: tuple[str, ...] = ()
    sector: str | None = None
    starts: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        with_floats(self, "value", "cost", "savings", "staff")


@dataclass(frozen=True)
class Interaction:
    """What changes when both options are chosen: negative for an overlap, positive for a synergy.

    value, savings : added to the sums when both are in.
    """

    first: str
    second: str
    value: float = 0.0
    savings: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with_floats(self, "value", "savings")

    @property
    def codes(self) -> tuple[str, ...]:
        """Of the options it is about."""
        return self.first, self.second


@dataclass(frozen=True)
class Overlap:
    """Options that each save a share of one consumption, each of what the others left.

    With shares s_i of the options chosen, together they save 1 − Π (1 − s_i) of it instead of Σ s_i; what the sum of
    their savings has too much is taken off, in proportion to value and savings of the whole consumption.

    shares : code → share saved alone, 0 to 1; value, savings : what saving all of the consumption would be worth and
    save, in the units of the options.
    """

    shares: Mapping[str, float]
    value: float = 0.0
    savings: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with_floats(self, "shares", "value", "savings")

    @property
    def codes(self) -> tuple[str, ...]:
        """Of the options it is about."""
        return tuple(self.shares)


def overlap(options: Sequence[Option], resource: str, base: float, price: float = 0.0) -> Overlap:
    """The overlap of the options that save of one resource.

    base : consumption a year that all act on, in the resource's unit; price : present value of one unit a year over
    the life, to lower the value too. Exact for any number of options.
    """
    shares = {}
    for option in options:
        saved = option.savings.get(resource, 0.0)
        if not (base > 0 and 0 <= saved <= base):
            raise ScienceError(
                f"{option.code}: its saving of {resource} must lie between 0 and the {base} used.",
                f"{option.code}: mức tiết kiệm {resource} phải nằm giữa 0 và lượng đang dùng {comma(base)}.",
            )
        if saved:
            shares[option.code] = saved / base
    return Overlap(shares, price * base, {resource: base})


@dataclass(frozen=True)
class Limits:
    """Within what the choice must stay; None or absent: no limit.

    budget, staff : by year, or one figure for a single year; carry_over : money not spent may be spent later;
    sector_caps : most money for a sector over all years; targets : least saving by resource; most_options : count;
    must, never : codes.
    """

    budget: float | Sequence[float] | None = None
    staff: float | Sequence[float] | None = None
    carry_over: bool = False
    sector_caps: Mapping[str, float] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)
    most_options: int | None = None
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        with_floats(self, "budget", "staff", "sector_caps", "targets")


@dataclass(frozen=True)
class Settings:
    """How the choice is computed.

    method : "exact" proves the optimum; "fast" stops at a proven gap; "auto" is exact up to `exact_up_to` options.
    gap : largest relative distance to the proven bound in "fast"; time_limit : seconds for the exact search, after
    which the best found stands with its proven gap; rate : by which the value of a later start is discounted.
    """

    method: Literal["auto", "exact", "fast"] = "auto"
    gap: float = 1e-3
    exact_up_to: int = 500
    time_limit: float = 60.0
    rate: float = 0.0

    def __post_init__(self) -> None:
        if self.method not in ("auto", "exact", "fast"):
            raise ScienceError(
                f'the method "{self.method}" is unknown; use "auto", "exact" or "fast".',
                f'phương pháp "{self.method}" không có; hãy dùng "auto", "exact" hoặc "fast".',
            )
        for name, value, fits, cure in (
            (
                "gap",
                self.gap,
                0 <= self.gap < 1,
                "a share from 0 to below 1: 0.001 stops within 0.1 % of the best",
            ),
            ("exact_up_to", self.exact_up_to, self.exact_up_to >= 0, "a number of options, 0 or more"),
            ("time_limit", self.time_limit, self.time_limit > 0, "seconds above 0"),
            ("rate", self.rate, -1 < self.rate < math.inf, "a fraction a year above −1: 0.08 for 8 %"),
        ):
            if not fits:  # NaN fits nowhere
                raise ScienceError(
                    f"{name} is {value:g}; give {cure}.", f"{name} là {comma(value):g}; hãy cho {vi(cure)}."
                )

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """In words, where the result may differ from the proven optimum."""
        vi = lang == "vi"
        found = []
        if self.method == "fast" or self.method == "auto":
            size = "" if self.method == "fast" else f"> {self.exact_up_to}: "
            percent = f"{100 * self.gap:g}"
            found.append(
                f"{comma(size)}nghiệm cách cận trên đã chứng minh không quá {percent.replace('.', ',')}%."
                if vi
                else f"{size}the answer lies within {percent}% of the proven bound."
            )
        return tuple(found)
