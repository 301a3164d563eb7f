"""What one unit of a resource is worth in a year: VND, TOE and CO₂, each fact with its date and source."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from sachhon.apps.registry.models import Resource
from sachhon.reference.facts import Fact, FactNotFound
from sachhon.reference.resources import co2_factor, reference_price, toe_factor


@dataclass(frozen=True)
class Factors:
    """Factors of one resource for one year; None where none is known, never zero instead."""

    price: float | None
    price_fact: Fact | None  # set where the factory's own price was not known
    toe: Fact | None
    co2: Fact | None

    def vnd(self, quantity: float) -> int | None:
        """The money of a quantity, whole dong."""
        return None if self.price is None else round(quantity * self.price)

    def toe_of(self, quantity: float) -> Decimal | None:
        """Tonnes of oil equivalent of a quantity."""
        return None if self.toe is None else _six(quantity * float(self.toe.value))

    def co2_of(self, quantity: float) -> Decimal | None:
        """Tonnes of CO₂e of a quantity; the factor is in kg a unit."""
        return None if self.co2 is None else _six(quantity * float(self.co2.value) / 1000)

    @property
    def facts(self) -> list[Fact]:
        return [f for f in (self.price_fact, self.toe, self.co2) if f is not None]


def factors_of(resource: Resource, year: int, own_price: float | None = None) -> Factors:
    """The factors valid at the end of `year`; the factory's own price of the year goes before a reference."""
    toe, co2, price = reference_factors(resource.code, year)
    if own_price is not None:
        return Factors(own_price, None, toe, co2)
    return Factors(float(price.value) if price else None, price, toe, co2)


@cache
def reference_factors(code: str, year: int) -> tuple[Fact | None, Fact | None, Fact | None]:
    """(TOE, CO₂, price) of a resource at the end of a year."""
    day = datetime.date(year, 12, 31)
    return (_found(toe_factor, code, day), _found(co2_factor, code, day), _found(reference_price, code, day))


def _found(finder, code: str, day: datetime.date) -> Fact | None:
    try:
        fact = finder(code, day)
    except FactNotFound:
        return None
    return fact if fact.value is not None else None


def _six(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.000001"))
