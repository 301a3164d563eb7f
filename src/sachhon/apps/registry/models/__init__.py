"""What the registry stores, a module an idea."""

from sachhon.apps.registry.models.catalogue import Area, Product, Resource, Sector, Trade
from sachhon.apps.registry.models.facility import Assignment, Facility, FacilityYear
from sachhon.apps.registry.models.figure import Figure
from sachhon.apps.registry.models.merge import FacilityMerge
from sachhon.apps.registry.models.record import Flow, Quality, Record, RecordChange, RecordSource, RecordStamp

__all__ = [
    "Area",
    "Assignment",
    "Facility",
    "FacilityMerge",
    "FacilityYear",
    "Figure",
    "Flow",
    "Product",
    "Quality",
    "Record",
    "RecordChange",
    "RecordSource",
    "RecordStamp",
    "Resource",
    "Sector",
    "Trade",
]
