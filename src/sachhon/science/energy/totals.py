"""TOE and CO₂ totals of several energy resources, with their uncertainty.

    TOE = Σ Q_i t_i          CO₂ = Σ Q_i c_i / 1000 (t, with c in kg per unit)
    u²  = Σ (Q_i f_i)² (u_Q² + u_f²)        u relative, resources independent of each other

Source: IPCC 2006 Guidelines, volume 1, chapter 3, equations 3.1 and 3.2 (approach 1). The factors are the
caller's, with their date and source; none stands here. Not here: scopes, methane and nitrous oxide apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sachhon.science.numeric import finite, with_floats
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import Measured, ScienceError


@dataclass(frozen=True)
class EnergyUse:
    """One resource: quantity in its unit, factors per that unit (None: no factor), relative uncertainties."""

    resource: str
    quantity: float
    toe_per_unit: float | None = None
    kgco2_per_unit: float | None = None
    quantity_uncertainty: float = 0.0
    toe_uncertainty: float = 0.0
    co2_uncertainty: float = 0.0

    def __post_init__(self) -> None:
        with_floats(self, "quantity", "toe_per_unit", "kgco2_per_unit")
        with_floats(self, "quantity_uncertainty", "toe_uncertainty", "co2_uncertainty")


@dataclass(frozen=True)
class EnergyTotals:
    """Totals over the resources that have a factor, and those that have none (never counted as zero
    silently): `without_toe`, `without_co2` name them."""

    toe: Measured
    co2_t: Measured
    without_toe: tuple[str, ...]
    without_co2: tuple[str, ...]


def totals(uses: Sequence[EnergyUse]) -> EnergyTotals:
    """TOE and t CO₂ of `uses`; `ScienceError` for a figure that is negative or not finite."""
    for use in uses:
        if not finite(use.quantity) or use.quantity < 0:
            raise ScienceError(
                f"{use.resource}: quantity {use.quantity}; give a finite one that is not negative.",
                f"{use.resource}: lượng {comma(use.quantity)}; hãy cho số hữu hạn, không âm.",
            )
        for uncertainty in (use.quantity_uncertainty, use.toe_uncertainty, use.co2_uncertainty):
            if not (finite(uncertainty) and uncertainty >= 0):
                raise ScienceError(
                    f"{use.resource}: uncertainty {uncertainty}; give a relative one, 0.05 for 5 %.",
                    f"{use.resource}: độ không đảm bảo {comma(uncertainty)}; hãy cho giá trị tương đối, 0,05 cho 5 %.",
                )
    toe, without_toe = _weighted(
        [
            (use.resource, use.quantity, use.toe_per_unit, use.quantity_uncertainty, use.toe_uncertainty)
            for use in uses
        ]
    )
    co2, without_co2 = _weighted(
        [
            (use.resource, use.quantity, use.kgco2_per_unit, use.quantity_uncertainty, use.co2_uncertainty)
            for use in uses
        ]
    )
    return EnergyTotals(
        toe, Measured(co2.value / 1000, co2.standard_uncertainty / 1000), without_toe, without_co2
    )


def _weighted(
    rows: Sequence[tuple[str, float, float | None, float, float]],
) -> tuple[Measured, tuple[str, ...]]:
    value = variance = 0.0
    without = []
    for resource, quantity, factor, u_quantity, u_factor in rows:
        if factor is None:
            without.append(resource)
            continue
        if not (finite(factor) and factor >= 0):
            raise ScienceError(
                f"{resource}: factor {factor} is not finite or below zero; give None where there is none.",
                f"{resource}: hệ số {comma(factor)} không hữu hạn hoặc âm; chỗ không có hệ số hãy cho None.",
            )
        value += quantity * factor
        variance += (quantity * factor) ** 2 * (u_quantity**2 + u_factor**2)
    return Measured(value, float(np.sqrt(variance))), tuple(without)
