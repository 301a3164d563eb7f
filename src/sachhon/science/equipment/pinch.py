"""Pinch analysis: the least hot and cold utility of a set of streams, before any exchanger is drawn.

Problem table: hot streams are shifted down and cold ones up by ΔT_min/2; in each interval of shifted
temperature the surplus is  (Σ CP_hot − Σ CP_cold) ΔT;  summed from the top downwards it is the cascade. The
least hot utility lifts the cascade's lowest point to zero: there is the pinch.

    Q_hot = max(0, −min cascade),   Q_cold = Q_hot + last of cascade,   recovered = Σ cold duty − Q_hot

Sources: B. Linnhoff and J. R. Flower (1978), AIChE J. 24; Linnhoff et al., A User Guide on Process Integration
(1982). Not here: area and units targets, the network itself, forbidden matches. A stream that condenses or
boils is given over a small span, such as 0.1 K.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sachhon.science.equipment.sheet import celsius, positive
from sachhon.science.uncertainty import ScienceError

_ZERO = 1e-9


@dataclass(frozen=True)
class Stream:
    """A stream that must go from supply to target temperature; hot where it must cool. CP in kW/K."""

    name: str
    supply_c: float
    target_c: float
    cp_kw_k: float

    def __post_init__(self) -> None:
        positive(cp_kw_k=self.cp_kw_k)
        celsius(supply_c=self.supply_c, target_c=self.target_c)
        if self.supply_c == self.target_c:
            raise ScienceError(
                f"stream {self.name}: give a condensing or boiling stream a span of 0.1 K.",
                f"dòng {self.name}: dòng ngưng tụ hoặc sôi hãy cho chênh 0,1 K.",
            )

    @property
    def hot(self) -> bool:
        """True where it gives heat."""
        return self.supply_c > self.target_c

    @property
    def duty_kw(self) -> float:
        """Heat it gives or takes, positive."""
        return abs(self.supply_c - self.target_c) * self.cp_kw_k


@dataclass(frozen=True)
class Targets:
    """Least utilities in kW and the pinch.

    pinch_c : (hot, cold) temperatures of each pinch, none in a threshold problem. shifted_c (n,) from the top,
    surplus_kw (n − 1,) of each interval and cascade_kw (n,) with the hot utility in, are the problem table and
    the grand composite curve. hot_curve, cold_curve : (n, 2) enthalpy in kW and temperature in °C, the cold
    one set off so that both stand ΔT_min apart at the pinch.
    """

    hot_utility_kw: float
    cold_utility_kw: float
    recovered_kw: float
    pinch_c: tuple[tuple[float, float], ...]
    shifted_c: NDArray[np.float64]
    surplus_kw: NDArray[np.float64]
    cascade_kw: NDArray[np.float64]
    hot_curve: NDArray[np.float64]
    cold_curve: NDArray[np.float64]


def targets(streams: Sequence[Stream], dt_min_k: float) -> Targets:
    """Targets of a set of streams for a least temperature difference in every exchanger."""
    positive(dt_min_k=dt_min_k)
    if not streams:
        raise ScienceError("give at least one stream.", "hãy cho ít nhất một dòng.")
    half = dt_min_k / 2
    top = np.array([max(s.supply_c, s.target_c) - (half if s.hot else -half) for s in streams])
    bottom = np.array([min(s.supply_c, s.target_c) - (half if s.hot else -half) for s in streams])
    signed = np.array([s.cp_kw_k if s.hot else -s.cp_kw_k for s in streams])
    edges = np.unique(np.concatenate([top, bottom]))[::-1]
    middle = (edges[:-1] + edges[1:]) / 2
    inside = (bottom[:, None] < middle) & (middle < top[:, None])
    surplus = signed @ inside * (edges[:-1] - edges[1:])
    cascade = np.concatenate([[0.0], np.cumsum(surplus)])
    hot_utility = max(0.0, -float(cascade.min()))
    cascade = cascade + hot_utility
    cold_utility = max(0.0, float(cascade[-1]))
    scale = float(np.abs(surplus).max(initial=1.0))
    pinches = tuple(
        (float(t) + half, float(t) - half)
        for t, flow in zip(edges[1:-1], cascade[1:-1], strict=True)
        if abs(flow) <= _ZERO * scale
    )
    wanted = sum(s.duty_kw for s in streams if not s.hot)
    return Targets(
        hot_utility_kw=hot_utility,
        cold_utility_kw=cold_utility,
        recovered_kw=wanted - hot_utility,
        pinch_c=pinches,
        shifted_c=edges,
        surplus_kw=surplus,
        cascade_kw=cascade,
        hot_curve=_curve([s for s in streams if s.hot], 0.0),
        cold_curve=_curve([s for s in streams if not s.hot], cold_utility),
    )


def _curve(streams: Sequence[Stream], start_kw: float) -> NDArray[np.float64]:
    """Composite curve from its cold end upwards: enthalpy, temperature."""
    ends = np.array([sorted((s.supply_c, s.target_c)) for s in streams]).reshape(-1, 2)
    cps = np.array([s.cp_kw_k for s in streams])
    edges = np.unique(ends)
    middle = (edges[:-1] + edges[1:]) / 2
    inside = (ends[:, :1] < middle) & (middle < ends[:, 1:])
    enthalpy = start_kw + np.concatenate([[0.0], np.cumsum(cps @ inside * np.diff(edges))])[: len(edges)]
    return np.column_stack([enthalpy, edges])
