"""Which facilities a figure speaks of: a year, and by choice a province, an area, a sector, a trade, a size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sachhon.warehouse.snapshot import Warehouse

HANDED_IN = ("submitted", "accepted", "locked")
"""States of an annual report that counts as handed in (a returned one is with the factory again)."""

ACCEPTED = ("accepted", "locked")


@dataclass(frozen=True)
class Scope:
    """A year and, where given, a part of the country; `operating_only` leaves out what stood still."""

    year: int
    province_code: str | None = None
    area_key: str | None = None
    sector_code: str | None = None
    trade: str | None = None
    size_class: str | None = None
    operating_only: bool = True


def facilities(warehouse: Warehouse, scope: Scope, years: Sequence[int] | None = None) -> Any:
    """The rows of facility_year in the scope, as an Ibis expression; of `years` instead of its year."""
    table = warehouse.table("facility_year")
    table = table.filter(table.year.isin(list(years)) if years else table.year == scope.year)
    for column in ("province_code", "area_key", "sector_code", "trade", "size_class"):
        wanted = getattr(scope, column)
        if wanted is not None:
            table = table.filter(table[column] == wanted)
    return table.filter(table.operating) if scope.operating_only else table


def of_facilities(table: Any, chosen: Any) -> Any:
    """The rows of a fact table that belong to the chosen facilities, year by year."""
    return table.semi_join(chosen, ["facility_id", "year"])
