"""The figures of the province's report, from a snapshot: one function a figure, plain dataclasses out.

`scope` says which facilities, `targets` how far the plan is met, `savings` sums what was saved,
`consumption` what was used, `reporting` who reported and what they ask for. Each figure has beside it the
Ibis expression it comes from, so that it can be looked into and is tested on DuckDB and on Spark alike.
"""

from sachhon.warehouse.rollup.consumption import (
    energy_reporters,
    energy_totals,
    paired_energy,
    record_totals,
    trade_intensities,
)
from sachhon.warehouse.rollup.reporting import facilities_with_estimates, group_counts, needs
from sachhon.warehouse.rollup.savings import relative_savings, saving_totals, solution_totals
from sachhon.warehouse.rollup.scope import Scope
from sachhon.warehouse.rollup.targets import Target, target_figure, target_members

__all__ = [
    "Scope",
    "Target",
    "energy_reporters",
    "energy_totals",
    "facilities_with_estimates",
    "group_counts",
    "needs",
    "paired_energy",
    "record_totals",
    "relative_savings",
    "saving_totals",
    "solution_totals",
    "target_figure",
    "target_members",
    "trade_intensities",
]
