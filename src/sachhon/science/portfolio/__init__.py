"""Which options to carry out with the money, people and time there are.

    options     Option, Interaction, Overlap, overlap, Limits, Settings
    choice      choose
    front       Front, front
    robust      Scenarios
    result      Portfolio (chosen, gap, totals, uses with shadow prices, why)
    cause       Cause, Reason
    conflict    ContradictingLimits

The model stands in `portfolio.model`, the search and its proof in `portfolio.search`, what options do to each other in
`portfolio.joint`. From one factory's list to a
fund's 10,000 applications. Not for options that can be done in part, nor for values that depend on each other
in other ways than by pairs and by shares of one consumption.
"""

from sachhon.science.portfolio.cause import Cause, Reason
from sachhon.science.portfolio.choice import choose
from sachhon.science.portfolio.conflict import ContradictingLimits, Relaxation
from sachhon.science.portfolio.front import Front, front
from sachhon.science.portfolio.model import Limit
from sachhon.science.portfolio.options import Interaction, Limits, Option, Overlap, Settings, overlap
from sachhon.science.portfolio.result import Portfolio, Use
from sachhon.science.portfolio.robust import Scenarios
from sachhon.science.portfolio.steps import Step, next_step

__all__ = [
    "Cause",
    "ContradictingLimits",
    "Front",
    "Interaction",
    "Limit",
    "Limits",
    "Option",
    "Overlap",
    "Portfolio",
    "Reason",
    "Relaxation",
    "Scenarios",
    "Settings",
    "Step",
    "Use",
    "choose",
    "front",
    "next_step",
    "overlap",
]
