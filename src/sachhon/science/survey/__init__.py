"""Sample surveys of a finite population: how to plan, draw, weight and estimate, and what a census lacks.

`sample_size` and `allocate` plan, `draw`, `draw_strata` and `draw_by_size` select, `nonresponse` and `rake` weight.
`Design` estimates totals, means, ratios and shares of a drawn sample, by domain. `proportion`, `ratio`,
`stratified_proportion` and `prob_target_met` serve a census of which a part answered: the limiting case.
"""

from __future__ import annotations

from sachhon.science.survey.allocation import Allocation, allocate
from sachhon.science.survey.calibration import Answered, Raked, nonresponse, rake
from sachhon.science.survey.census import (
    Bounds,
    Estimate,
    Interval,
    StratumCount,
    bounds_with_unknown,
    proportion,
    ratio,
    stratified_proportion,
)
from sachhon.science.survey.design import Design
from sachhon.science.survey.estimate import DesignEstimate
from sachhon.science.survey.selection import Selection, draw, draw_by_size, draw_strata
from sachhon.science.survey.settings import Settings
from sachhon.science.survey.simple import sample_size
from sachhon.science.survey.target import Share, prob_target_met, stratified_prob_target_met

__all__ = [
    "Allocation",
    "Answered",
    "Bounds",
    "Design",
    "DesignEstimate",
    "Estimate",
    "Interval",
    "Raked",
    "Selection",
    "Settings",
    "Share",
    "StratumCount",
    "allocate",
    "bounds_with_unknown",
    "draw",
    "draw_by_size",
    "draw_strata",
    "nonresponse",
    "prob_target_met",
    "proportion",
    "rake",
    "ratio",
    "sample_size",
    "stratified_prob_target_met",
    "stratified_proportion",
]
