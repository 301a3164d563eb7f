"""Treating what is left: a chain of steps, the outlet with its spread against a limit, its cost, what less at the
source spares.

    chain        Inlet, Removal, Outlet, through, after_source
    reliability  probability, coefficient_of_reliability, removal_needed
    cost         Range, investment, running, yearly_cost

For comparing alternatives before a design. Not here: hydraulics, reactor volumes, what a plant takes in the end; the
load and the gas of an anaerobic reactor stand in `science.equipment.wastewater`.
"""

from sachhon.science.treatment.chain import Inlet, Outlet, Removal, after_source, through
from sachhon.science.treatment.cost import Range, investment, running, yearly_cost
from sachhon.science.treatment.reliability import coefficient_of_reliability, probability, removal_needed

__all__ = [
    "Inlet",
    "Outlet",
    "Range",
    "Removal",
    "after_source",
    "coefficient_of_reliability",
    "investment",
    "probability",
    "removal_needed",
    "running",
    "through",
    "yearly_cost",
]
