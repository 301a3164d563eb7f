"""Consumption per unit of product: saving, baseline, decomposition, and whether a change is real.

calendar        bills spread by day over calendar months before anything is compared (`sachhon.science.calendar`)
per_unit        specific consumption, reference-weighted index for a product mix, saving per unit
lmdi            what activity, structure and intensity each did to a total (LMDI-I)
baseline        every regression model tried (drivers, season, change points of temperature), the best taken
savings         savings verified against a baseline, with their interval and what can be said
cusum, breaks   when a change began, and whether at a known date there was one
"""

from sachhon.science.calendar import Bill, calendar_issues, estimated_share, rounded, spread_by_day
from sachhon.science.intensity.baseline import Baseline, Candidate, Model, fit_baseline
from sachhon.science.intensity.breaks import Breaks, KnownChange, change_at, change_points
from sachhon.science.intensity.criteria import Rejection, Settings
from sachhon.science.intensity.cusum import Cusum, Signal, cusum, cusum_of_fit
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
from sachhon.science.intensity.prediction import predicted_total
from sachhon.science.intensity.regression import Fit, ols, ratio
from sachhon.science.intensity.savings import (
    Verdict,
    VerifiedSaving,
    fractional_savings_uncertainty,
    normalised_saving,
    verify,
)

__all__ = [
    "Baseline",
    "Bill",
    "Breaks",
    "Candidate",
    "Cusum",
    "Decomposition",
    "Fit",
    "KnownChange",
    "Model",
    "Period",
    "ReferenceOutput",
    "Rejection",
    "SavingPerUnit",
    "SavingState",
    "Settings",
    "Signal",
    "Verdict",
    "VerifiedSaving",
    "activity_structure_intensity",
    "calendar_issues",
    "change_at",
    "change_points",
    "cusum",
    "cusum_of_fit",
    "estimated_share",
    "fit_baseline",
    "fractional_savings_uncertainty",
    "lmdi",
    "normalised_saving",
    "ols",
    "predicted_total",
    "ratio",
    "reference_weighted_output",
    "rounded",
    "saving_per_unit",
    "specific_consumption",
    "spread_by_day",
    "verify",
]
