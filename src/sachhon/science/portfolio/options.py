"""What there is to choose from, and within which limits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

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


@dataclass(frozen=True)
class Interaction:
    """What changes when both options are chosen: negative for an overlap, positive for a synergy.

    value, savings : added to the sums when both are in.
    """

    first: str
    second: str
    value: float = 0.0
    savings: Mapping[str, float] = field(default_factory=dict)


def overlap(
    first: Option, second: Option, base: Mapping[str, float], price: Mapping[str, float] | None = None
) -> Interaction:
    """The overlap of two options that each save a share of the same consumption.

    Shares s₁, s₂ of a base E together save E (s₁ + s₂ − s₁ s₂): the second works on what the first left. So the sum is
    lowered by saving₁ · saving₂ / E. Among three or more options on one base the pairs take off a little too much (the
    second Bonferroni bound): a saving is counted short, never twice.

    base : resource → consumption a year that both act on; price : resource → present value of one unit a year over
    the life, to lower the value too.
    """
    lost = {}
    for resource, consumption in base.items():
        a, b = first.savings.get(resource, 0.0), second.savings.get(resource, 0.0)
        if not (consumption > 0 and 0 <= a <= consumption and 0 <= b <= consumption):
            raise ScienceError(
                f"{first.code} and {second.code}: each saving of {resource} must lie between 0 and the "
                f"{consumption} used.",
                f"{first.code} và {second.code}: mỗi mức tiết kiệm {resource} phải nằm giữa 0 và lượng đang "
                f"dùng {comma(consumption)}.",
            )
        if a and b:
            lost[resource] = -a * b / consumption
    value = sum((price or {}).get(resource, 0.0) * amount for resource, amount in lost.items())
    return Interaction(first.code, second.code, value, lost)


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
