"""What the records say of a facility over the assessment's period: use a year, its own price, the factors."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.registry.models import Flow, Record, Resource
from sachhon.reference.facts import Fact, FactNotFound
from sachhon.reference.resources import co2_factor, reference_price, toe_factor


@dataclass(frozen=True)
class Used:
    """One resource in the period: months with a record, quantity and cost of them, and the records."""

    resource: Resource
    months: int
    quantity: Decimal
    cost_vnd: int | None
    priced: Decimal  # quantity of the records that have a cost
    records: tuple[int, ...]

    @property
    def a_year(self) -> float | None:
        """Twelve months at the mean of those recorded; None for fewer than three."""
        return float(self.quantity) / self.months * 12 if self.months >= 3 else None

    @property
    def own_price(self) -> float | None:
        """What the facility itself paid a unit."""
        return self.cost_vnd / float(self.priced) if self.cost_vnd and self.priced else None


@dataclass(frozen=True)
class Price:
    """VND a unit: the facility's own (from records) or the reference's, with how unsure it is (95 %, relative)."""

    vnd: float | None
    own: bool = False
    relative: float = 0.0
    fact: Fact | None = None
    records: tuple[int, ...] = ()


def used(assessment: Assessment) -> dict[str, Used]:
    """Everything consumed in the period, by resource code."""
    first, last = assessment.data_from, assessment.data_to
    rows = Record.objects.filter(facility=assessment.facility, flow=Flow.CONSUMPTION)
    rows = rows.filter(year__range=(first.year, last.year)).select_related("resource")
    found: dict[str, list[Record]] = {}
    for row in rows:
        if (first.year, first.month) <= (row.year, row.month) <= (last.year, last.month):
            found.setdefault(row.resource.code, []).append(row)
    return {code: _used(rows) for code, rows in found.items()}


def price_of(code: str, known: Used | None, on: datetime.date) -> Price:
    """The facility's own price goes before a reference's."""
    if known is not None and known.own_price is not None:
        return Price(known.own_price, own=True, records=known.records)
    fact = _found(reference_price, code, on)
    if fact is None:
        return Price(None)
    return Price(float(fact.value), relative=float(fact.relative_uncertainty or 0), fact=fact)


def toe_and_co2(code: str, on: datetime.date) -> tuple[Fact | None, Fact | None]:
    """TOE a unit and kg CO₂e a unit as valid on that day; None where none is known."""
    return _found(toe_factor, code, on), _found(co2_factor, code, on)


def fact_row(fact: Fact) -> dict:
    """A reference fact as it was when it was used, in the shape that `registry.Figure` keeps."""
    return {
        "code": fact.full_code,
        "value": str(fact.value),
        "unit": fact.unit,
        "source": fact.source,
        "valid_from": fact.valid_from.isoformat() if fact.valid_from else None,
        "confidence": fact.confidence,
    }


def _used(rows: list[Record]) -> Used:
    priced = [r for r in rows if r.cost_vnd is not None]
    return Used(
        resource=rows[0].resource,
        months=len({(r.year, r.month) for r in rows}),
        quantity=sum((r.quantity for r in rows), Decimal(0)),
        cost_vnd=sum(r.cost_vnd for r in priced) if priced else None,
        priced=sum((r.quantity for r in priced), Decimal(0)),
        records=tuple(r.pk for r in rows),
    )


def _found(finder, code: str, on: datetime.date) -> Fact | None:
    try:
        fact = finder(code, on)
    except FactNotFound:
        return None
    return fact if fact.value is not None else None
