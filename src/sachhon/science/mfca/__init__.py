"""Material flow cost accounting: what the product costs, and what is paid for what never becomes product."""

from __future__ import annotations

from sachhon.science.mfca.allocation import KINDS, Allocation, CentreCosts, Costs, Flow, allocate
from sachhon.science.mfca.carried import Carried, Year, from_balance
from sachhon.science.mfca.centre import Centre, Material, Settings
from sachhon.science.mfca.inputs import CentreCost, Price
from sachhon.science.mfca.masses import Unmatched
from sachhon.science.mfca.sankey import Link, mass_links, money_links

__all__ = [
    "KINDS",
    "Allocation",
    "Carried",
    "Centre",
    "CentreCost",
    "CentreCosts",
    "Costs",
    "Flow",
    "Link",
    "Material",
    "Price",
    "Settings",
    "Unmatched",
    "Year",
    "allocate",
    "from_balance",
    "mass_links",
    "money_links",
]
