"""TOE and CO₂ of a change of use: what is saved less what is used more, each with its own factor.

    ΔTOE = Σ ΔQ_i t_i,   ΔCO₂ = Σ ΔQ_i c_i / 1000        ΔQ > 0 saved, < 0 used more

as `totals` of the saved less `totals` of the added (IPCC 2006, volume 1, 3.2). A change from diesel to electricity
saves the one and adds the other; uncertainties of both sides add in quadrature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sachhon.science.energy.totals import EnergyTotals, EnergyUse, totals
from sachhon.science.uncertainty import Measured


def net_saving(changes: Sequence[EnergyUse]) -> EnergyTotals:
    """TOE and t CO₂ saved; `quantity` of each is what is saved, negative where more is used."""
    saved = totals([c for c in changes if not c.quantity < 0])
    added = totals([replace(c, quantity=-c.quantity) for c in changes if c.quantity < 0])
    return EnergyTotals(
        _less(saved.toe, added.toe),
        _less(saved.co2_t, added.co2_t),
        saved.without_toe + added.without_toe,
        saved.without_co2 + added.without_co2,
    )


def _less(a: Measured, b: Measured) -> Measured:
    return Measured(a.value - b.value, float(np.hypot(a.standard_uncertainty, b.standard_uncertainty)))
