"""Consumption per unit of product: saving, baseline, decomposition, and whether a change is real.

per_unit        specific consumption, reference-weighted index for a product mix, saving per unit
lmdi            what activity, structure and intensity each did to a total (LMDI-I)
"""

from sachhon.science.intensity.lmdi import Decomposition, activity_structure_intensity, lmdi
from sachhon.science.intensity.per_unit import (
    Period,
    ReferenceOutput,
    SavingPerUnit,
    SavingState,
    reference_weighted_output,
    saving_per_unit,
    specific_consumption,
)

__all__ = [
    "Decomposition",
    "Period",
    "ReferenceOutput",
    "SavingPerUnit",
    "SavingState",
    "activity_structure_intensity",
    "lmdi",
    "reference_weighted_output",
    "saving_per_unit",
    "specific_consumption",
]
