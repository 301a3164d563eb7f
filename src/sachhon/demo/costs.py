"""What a demo factory pays for what it consumes: the prices of the recipe, else of the reference."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from sachhon import reference
from sachhon.demo.recipes import recipe

Flows = Mapping[tuple[str, str], Mapping[int, tuple[Decimal, ...]]]


def unit_price(trade: str, item: str, year: int) -> Decimal | None:
    """VND per unit of a resource in that year; None where neither the recipe nor the reference has a price."""
    price = next((part.price_vnd for part in recipe(trade) if part.item == item), None)
    if price is not None:
        return Decimal(price)
    try:
        return reference.reference_price(item, dt.date(year, 7, 1)).value
    except reference.FactNotFound:
        return None


def cost_of_year(trade: str, flows: Flows, year: int) -> Decimal:
    """VND for everything consumed in the year."""
    return sum(
        (
            sum(by_year[year]) * (unit_price(trade, item, year) or 0)
            for (flow, item), by_year in flows.items()
            if flow == "consumption"
        ),
        Decimal(0),
    )
