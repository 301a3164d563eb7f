"""Peers by sector and size: quantiles of each group, and the position of a factory in the narrowest one that serves.

A factory is compared within its sector and size; where that group has too few factories to be shown (`Rules`),
within its sector; where that has too few, not at all. Quantiles by `quantile`, positions by `position`; the
least and the greatest figure of a group are never shown as an end of an interval.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.benchmark.disclosure import DEFAULT, Rules, Withheld, require
from sachhon.science.benchmark.position import Position, position
from sachhon.science.benchmark.quantile import Quantile, checked, quantile
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Group:
    """quantiles: empty where the group is withheld, and `refusal` then says why."""

    sector: Hashable
    size: Hashable | None
    count: int
    quantiles: tuple[Quantile, ...]
    refusal: Withheld | None = None

    @property
    def withheld(self) -> bool:
        return not self.quantiles

    @property
    def words(self) -> str:
        return "" if self.refusal is None else str(self.refusal)

    def __getitem__(self, share: float) -> Quantile:
        """The quantile of a share, `group[0.25]`."""
        for found in self.quantiles:
            if abs(found.share - share) < 1e-12:
                return found
        raise self.refusal or ScienceError(
            f"quantile {share} was not asked for.", f"phân vị {comma(share)} không được yêu cầu từ trước."
        )


@dataclass(frozen=True)
class Standing:
    """A factory's position, and the group it was found in (size None: the whole sector)."""

    position: Position
    sector: Hashable
    size: Hashable | None


@dataclass(frozen=True, eq=False)
class Peers:
    """Figures of n factories, one each (a specific consumption, say), with the sector and size of each.

    values (n,), none below zero; sector (n,) and size (n,) labels, size may be None; lower_is_better as for
    consumption.
    """

    values: np.ndarray
    sector: Sequence[Hashable]
    size: Sequence[Hashable] | None = None
    lower_is_better: bool = True
    rules: Rules = DEFAULT

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", checked(self.values))
        if (self.values < 0).any():
            unit = int(np.flatnonzero(self.values < 0)[0])
            raise ScienceError(
                f"factory {unit} has the figure {self.values[unit]:g}, below zero; correct it or leave it out.",
                f"cơ sở {unit} có con số {comma(float(self.values[unit])):g}, nhỏ hơn 0; hãy sửa hoặc bỏ cơ sở ấy ra.",
            )
        for labels in (self.sector, self.size):
            if labels is not None and len(labels) != self.values.size:
                raise ScienceError(
                    "give one sector (and one size) for each factory.",
                    "mỗi cơ sở cần một ngành (và một quy mô).",
                )

    def groups(
        self, shares: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 0.9), level: float = 0.95
    ) -> tuple[Group, ...]:
        """Every sector, and in it every size, in order of label."""
        keys: dict[tuple[Hashable, Hashable | None], None] = {}
        for sector in sorted(set(self.sector), key=str):
            keys[sector, None] = None
            if self.size is not None:
                inside = {z for s, z in zip(self.sector, self.size, strict=True) if s == sector}
                keys.update({(sector, size): None for size in sorted(inside, key=str)})
        return tuple(self._group(sector, size, shares, level) for sector, size in keys)

    def stand(
        self,
        unit: int,
        *,
        level: float = 0.95,
        standard_uncertainty: float = 0.0,
        population: int | None = None,
    ) -> Standing:
        """Position of factory `unit` (0 … n − 1) among the others of its kind; see `position`."""
        if not 0 <= unit < self.values.size:
            raise ScienceError(
                f"there is no factory {unit}; they are numbered 0 to {self.values.size - 1}.",
                f"không có cơ sở {unit}; các cơ sở đánh số từ 0 đến {self.values.size - 1}.",
            )
        sector = self.sector[unit]
        levels = [None] if self.size is None else [self.size[unit], None]
        for size in levels:
            members = self._members(sector, size)
            if members.sum() >= self.rules.least:
                members[unit] = False
                found = position(
                    float(self.values[unit]),
                    self.values[members],
                    level=level,
                    lower_is_better=self.lower_is_better,
                    standard_uncertainty=standard_uncertainty,
                    population=population,
                )
                return Standing(found, sector, size)
        require(int(self._members(sector, None).sum()), self.rules, f"sector {sector!r}")
        raise AssertionError("unreachable")

    def _members(self, sector: Hashable, size: Hashable | None) -> np.ndarray:
        inside = np.array([label == sector for label in self.sector])
        if size is not None and self.size is not None:
            inside &= np.array([label == size for label in self.size])
        return inside

    def _group(self, sector: Hashable, size: Hashable | None, shares: Sequence[float], level: float) -> Group:
        values = self.values[self._members(sector, size)]
        name = f"sector {sector!r}" + (f", size {size!r}" if size is not None else "")
        try:
            require(values.size, self.rules, name)
        except Withheld as why:
            return Group(sector, size, values.size, (), why)
        found = tuple(quantile(values, p, level, extremes=False) for p in shares)
        return Group(sector, size, values.size, found)


def peers(
    values: ArrayLike,
    sector: Sequence[Hashable],
    size: Sequence[Hashable] | None = None,
    *,
    lower_is_better: bool = True,
    rules: Rules = DEFAULT,
) -> Peers:
    """Factories to compare; see `Peers`."""
    return Peers(checked(values), sector, size, lower_is_better, rules)
