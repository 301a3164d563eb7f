"""Energy in TOE and primary energy, emissions by scope, with the uncertainty of figures and factors.

totals      TOE and CO₂ of several resources, each independent of the other (a first look)
change      TOE and CO₂ of what is saved less what is used more
settings    what departs from the guidelines
uses        quantities with their factors
inventory   by scope and gas, biogenic CO₂ apart, factors shared by months and meters fully correlated
"""

from sachhon.science.energy.change import net_saving
from sachhon.science.energy.inventory import Inventory, inventory, simulate, standard_from_95
from sachhon.science.energy.settings import Settings
from sachhon.science.energy.totals import EnergyTotals, EnergyUse, totals
from sachhon.science.energy.uses import Emission, Factor, Missing, Use

__all__ = [
    "Emission",
    "EnergyTotals",
    "EnergyUse",
    "Factor",
    "Inventory",
    "Missing",
    "Settings",
    "Use",
    "inventory",
    "net_saving",
    "simulate",
    "standard_from_95",
    "totals",
]
