"""What a trade consumes per unit of product by the benchmarks of the library: for factories with nothing else to
compare with.

A benchmark is of one process, often from memory; a factory is of several. So the range is from the best to the
poorest figure of any process of the trade whose unit fits, and is widened by the reach of data/rules.csv. Fuels are
compared together, by their heat; materials by their mass alone (`evidence`). Not here: own earlier years
(`own_history`) and the others of the trade (`peers`).
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from sachhon.apps.registry.models import Resource
from sachhon.apps.reporting.services.factors import reference_factors
from sachhon.apps.reporting.services.rules import rule
from sachhon.reference import knowledge
from sachhon.reference.library import Benchmark
from sachhon.reference.units import UnitError, convert, dimension

FUELS = (Resource.Kind.FUEL, Resource.Kind.HEAT)
KIND_OF_ROWS = {
    Resource.Kind.ELECTRICITY: "electricity",
    Resource.Kind.WATER: "water",
    **dict.fromkeys(FUELS, "fuel"),
}
GJ_OF_TOE = 41.868


@dataclass(frozen=True)
class Limits:
    """From low to high per unit of product, already widened, in `unit` of what is consumed."""

    low: float
    high: float
    unit: str


def heat_of(resource: Resource, year: int) -> float | None:
    """GJ in one unit of a fuel; None where no factor is known."""
    toe, _co2, _price = reference_factors(resource.code, year)
    return float(toe.value) * GJ_OF_TOE if toe else None


@cache
def limits(
    trade: str, vsic: str, resource: str, kind: str, unit: str, product_unit: str, year: int
) -> Limits | None:
    """The range for a resource (code, kind, unit) in factories of a registry trade; None without a benchmark that fits.

    For a fuel it is in GJ, its own rows in mass or volume brought to heat by its factor.
    """
    owner = knowledge.library_trades()[knowledge.library_trade_of(trade, vsic)]
    values = [
        value
        for row in knowledge.library_benchmarks().values()
        if row.system in owner.systems
        and row.resource == KIND_OF_ROWS.get(kind)
        and not row.higher_is_better
        and (row.valid_to is None or row.valid_to.year >= year)
        for value in _values(row, resource, kind, unit, product_unit, year)
    ]
    if not values:
        return None
    reach = rule("plausibility.reference_reach")
    return Limits(min(values) / reach, max(values) * reach, "GJ" if kind in FUELS else unit)


def _values(row: Benchmark, resource: str, kind: str, unit: str, product_unit: str, year: int) -> list[float]:
    """The figures of a benchmark per unit of product; none where its unit does not fit."""
    consumed, _slash, made = row.unit_code.partition("/")
    try:
        per_product = _times(product_unit, made)
        one = _heat(consumed, resource, unit, year) if kind in FUELS else _times(consumed, unit, resource)
    except UnitError:
        return []
    if one is None:
        return []
    return [float(v) * one * per_product for v in (row.poor, row.average, row.good, row.best) if v]


def _heat(consumed: str, resource: str, unit: str, year: int) -> float | None:
    try:
        return _times(consumed, "GJ")
    except UnitError:
        if dimension(consumed) != dimension(unit):
            return None  # a row of litres of diesel says nothing of tonnes of coal
        toe, _co2, _price = reference_factors(resource, year)
        return _times(consumed, unit) * float(toe.value) * GJ_OF_TOE if toe else None


def _times(one: str, other: str, resource: str | None = None) -> float:
    """How many of `other` are in one of `one`. A brick counts as a standard one: the range is wide."""
    one, other = (unit.removesuffix("_qtc") for unit in (one, other))
    return float(convert(Decimal(1), one, other, resource=resource))
