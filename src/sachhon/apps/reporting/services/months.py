"""Monthly records of many facilities read in one query and put in order for the computations.

Nothing is judged or computed here beyond adding up meters of one thing in one month.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sachhon.apps.registry.models import Flow, Product, Record
from sachhon.apps.reporting.services.rules import uncertainty_of

Month = tuple[int, int]  # (year, month)


@dataclass
class Amount:
    """One thing in one month: all meters together. `doubt` is the sum of |quantity| · relative uncertainty."""

    quantity: float = 0.0
    doubt: float = 0.0
    cost: int = 0
    priced: float = 0.0  # the part of the quantity that has a cost
    ids: list[int] = field(default_factory=list)

    def add(self, other: "Amount") -> None:
        self.quantity += other.quantity
        self.doubt += other.doubt
        self.cost += other.cost
        self.priced += other.priced
        self.ids += other.ids

    @property
    def relative(self) -> float:
        """Relative standard uncertainty, readings of one source erring alike."""
        return self.doubt / self.quantity if self.quantity else 0.0

    @property
    def price(self) -> float | None:
        """VND a unit, from the months that have a cost."""
        return self.cost / self.priced if self.priced and self.cost else None


@dataclass
class FacilityMonths:
    """What one facility made and consumed, by month."""

    outputs: dict[Month, dict[int, Amount]] = field(default_factory=lambda: defaultdict(dict))
    consumption: dict[int, dict[Month, Amount]] = field(default_factory=lambda: defaultdict(dict))
    waste: dict[int, dict[Month, Amount]] = field(default_factory=lambda: defaultdict(dict))

    def resources(self, year: int) -> list[int]:
        """Ids of the resources consumed in the year."""
        return sorted(r for r, months in self.consumption.items() if any(m[0] == year for m in months))

    def shared_months(self, resource: int, year: int) -> list[Month]:
        """The months of the year for which both the consumption and an output are known."""
        return sorted(m for m in self.consumption.get(resource, {}) if m[0] == year and self.outputs.get(m))

    def consumed(self, resource: int, months: Iterable[Month]) -> Amount:
        """Consumption over the months."""
        return _sum(self.consumption[resource][m] for m in months if m in self.consumption[resource])

    def made(self, months: Iterable[Month]) -> dict[int, Amount]:
        """Output over the months, by product."""
        found: dict[int, Amount] = defaultdict(Amount)
        for month in months:
            for product, amount in self.outputs.get(month, {}).items():
                found[product].add(amount)
        return dict(found)

    def by_year(self, flow: str, thing: int) -> dict[int, dict[int, float]]:
        """Year → month → quantity of one product, resource or waste."""
        found: dict[int, dict[int, float]] = defaultdict(dict)
        if flow == Flow.OUTPUT:
            months = {month: made[thing] for month, made in self.outputs.items() if thing in made}
        else:
            months = (self.consumption if flow == Flow.CONSUMPTION else self.waste).get(thing, {})
        for (year, month), amount in months.items():
            found[year][month] = amount.quantity
        return dict(found)

    def usual(self, flow: str, thing: int) -> tuple[float, float] | None:
        """The least and the greatest month in which there was any; None where there never was."""
        seen = [q for year in self.by_year(flow, thing).values() for q in year.values() if q > 0]
        return (min(seen), max(seen)) if seen else None

    def year_of(self, table: dict[int, dict[Month, Amount]], thing: int, year: int) -> Amount:
        """One thing of `consumption` or `waste` over a whole year."""
        return _sum(a for m, a in table.get(thing, {}).items() if m[0] == year)


def load(facilities: Iterable[int], years: Iterable[int]) -> dict[int, FacilityMonths]:
    """Facility id → its months in `years`; one query for all."""
    found: dict[int, FacilityMonths] = defaultdict(FacilityMonths)
    rows = Record.objects.filter(facility_id__in=list(facilities), year__in=list(years)).values_list(
        "pk", "facility_id", "year", "month", "flow", "resource_id", "product_id", "quantity", "cost_vnd",
        "source", "quality",
    )  # fmt: skip
    for (
        pk,
        facility,
        year,
        month,
        flow,
        resource,
        product,
        quantity,
        cost,
        source,
        quality,
    ) in rows.iterator():
        number = float(quantity)
        amount = Amount(
            number, number * uncertainty_of(source, quality), cost or 0, 0.0 if cost is None else number, [pk]
        )
        place = found[facility]
        if flow == Flow.OUTPUT:
            _put(place.outputs[year, month], product, amount)
        elif flow == Flow.CONSUMPTION:
            _put(place.consumption[resource], (year, month), amount)
        else:
            _put(place.waste[resource], (year, month), amount)
    return found


@dataclass(frozen=True)
class Mix:
    """How a facility's products add up to one number: weights by product and the unit of the main product."""

    weights: dict[int, float]
    unit: str

    def output(self, made: dict[int, Amount]) -> float:
        """The weighted output."""
        return sum(self.weights.get(p, 1.0) * amount.quantity for p, amount in made.items())


def mix_of(products: Iterable[Product]) -> Mix | None:
    """The mix of a facility's products; None where their units differ and nobody gave weights."""
    products = list(products)
    weights = {p.pk: float(p.norm_weight) for p in products}
    units = {p.unit for p in products}
    if not products or (len(units) > 1 and all(w == 1 for w in weights.values())):
        return None
    main = min(products, key=lambda p: (abs(float(p.norm_weight) - 1), p.pk))
    return Mix(weights, main.unit)


def _sum(amounts: Iterable[Amount]) -> Amount:
    whole = Amount()
    for amount in amounts:
        whole.add(amount)
    return whole


def _put(table: dict, key, amount: Amount) -> None:
    if key in table:
        table[key].add(amount)
    else:
        table[key] = amount
