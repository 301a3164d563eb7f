"""A facility's records as series: by month, by year, and per unit of product."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sachhon.apps.registry.closed_costs import closed_costs
from sachhon.apps.registry.models import Facility, Flow, Record


@dataclass(frozen=True)
class Series:
    """One thing over time. ``values`` maps (year, month) to a quantity in ``unit``."""

    flow: str
    code: str
    name: str
    unit: str
    values: dict[tuple[int, int], Decimal]
    cost_vnd: dict[tuple[int, int], int]
    estimated: frozenset[tuple[int, int]]
    closed_costs: frozenset[tuple[int, int]] = frozenset()  # months whose cost the reader may not know

    def of_year(self, year: int) -> Decimal | None:
        """The sum over the months of `year` that have a record; None when none has."""
        months = [q for (y, _m), q in self.values.items() if y == year]
        return sum(months, Decimal(0)) if months else None

    @property
    def years(self) -> list[int]:
        return sorted({year for year, _month in self.values})


def facility_series(user, facility: Facility) -> list[Series]:
    """Everything recorded at `facility`, one series a product or resource; meters of one resource are added up.

    Costs that `user` may not read are not in it.
    """
    rows = (
        Record.objects.visible_to(user)
        .filter(facility=facility)
        .select_related("resource", "product")
        .order_by("year", "month")
    )
    quantities: dict[tuple, dict] = defaultdict(lambda: defaultdict(Decimal))
    costs: dict[tuple, dict] = defaultdict(lambda: defaultdict(int))
    estimated: dict[tuple, set] = defaultdict(set)
    hidden: dict[tuple, set] = defaultdict(set)
    items, closed = {}, closed_costs(user, [facility.pk])
    for record in rows:
        item = record.item
        key = (record.flow, item.pk)
        items[key] = item
        month = (record.year, record.month)
        quantities[key][month] += record.quantity
        if record.cost_vnd is not None and closed.holds(facility.pk, record.resource_id):
            hidden[key].add(month)
        elif record.cost_vnd is not None:
            costs[key][month] += record.cost_vnd
        if record.quality == "estimated":
            estimated[key].add(month)
    order = list(Flow.values)
    return [
        Series(
            flow=flow,
            code=getattr(items[flow, pk], "code", f"product-{pk}"),
            name=items[flow, pk].name,
            unit=items[flow, pk].unit,
            values=dict(quantities[flow, pk]),
            cost_vnd=dict(costs[flow, pk]),
            estimated=frozenset(estimated[flow, pk]),
            closed_costs=frozenset(hidden[flow, pk]),
        )
        for flow, pk in sorted(quantities, key=lambda k: (order.index(k[0]), k[1]))
    ]


def weighted_output(outputs: list[Series], weights: dict[str, Decimal]) -> dict[tuple[int, int], Decimal]:
    """Output of all products in units of the main product: Σ weight × quantity, by month.

    Products of another unit than the first count by their weight all the same: the weight is per unit of each.
    """
    total: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for series in outputs:
        for month, quantity in series.values.items():
            total[month] += quantity * weights.get(series.code, Decimal(1))
    return dict(total)


def intensity_series(
    consumption: Series, output: dict[tuple[int, int], Decimal]
) -> dict[tuple[int, int], Decimal]:
    """Specific consumption by month: consumption / output, only where both are known and output is not zero."""
    return {
        month: quantity / output[month]
        for month, quantity in consumption.values.items()
        if output.get(month, Decimal(0)) > 0
    }
