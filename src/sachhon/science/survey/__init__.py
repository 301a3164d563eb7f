"""Sample surveys of a finite population: how to draw, weight and estimate, and what a census lacks.

`Design` estimates totals, means, ratios and shares of a drawn sample, by domain. `proportion`, `ratio`,
`stratified_proportion` and `prob_target_met` serve a census of which a part answered: the limiting case.
"""

from __future__ import annotations

from sachhon.science.survey.census import (
    Bounds,
    Estimate,
    Interval,
    Share,
    StratumCount,
    bounds_with_unknown,
    prob_target_met,
    proportion,
    ratio,
    stratified_proportion,
)
from sachhon.science.survey.design import Design
from sachhon.science.survey.estimate import DesignEstimate
from sachhon.science.survey.settings import Settings

__all__ = [
    "Bounds",
    "Design",
    "DesignEstimate",
    "Estimate",
    "Interval",
    "Settings",
    "Share",
    "StratumCount",
    "bounds_with_unknown",
    "prob_target_met",
    "proportion",
    "ratio",
    "stratified_proportion",
]
