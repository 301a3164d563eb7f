"""The monthly records of a facility's year as lines that the plausibility rules read, beside those of a report.

Not here: the comparison (`evidence`), the putting together (`gathering`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sachhon.apps.registry.models import Flow, Product, Record, Resource
from sachhon.apps.registry.models.record import Quality


@dataclass(eq=False)
class StoredLine:
    """One product, resource or waste at one meter; quantities by month in the unit of the product or resource.

    pk : a number of its own within the year, as a line of a report has one; priced_months : those with a cost;
    incomplete : those a bill or meter covers in part only, which says why they are small.
    """

    pk: int
    flow: str
    product: Product | None
    resource: Resource | None
    meter: str
    months: dict[int, float] = field(default_factory=dict)
    cost_vnd: int | None = None
    priced_months: set[int] = field(default_factory=set)
    incomplete: set[int] = field(default_factory=set)

    @property
    def item(self) -> Product | Resource:
        return self.product if self.flow == Flow.OUTPUT else self.resource

    @property
    def product_id(self) -> int | None:
        return self.product.pk if self.product else None

    @property
    def resource_id(self) -> int | None:
        return self.resource.pk if self.resource else None

    @property
    def label(self) -> str:
        """The name in the catalogue, with the meter where it has one."""
        return f"{self.item} ({self.meter})" if self.meter else str(self.item)


def stored_lines(records: Iterable[Record]) -> list[StoredLine]:
    """The lines of the records of one facility and year, with their product and resource."""
    found: dict[tuple, StoredLine] = {}
    for record in records:
        key = (record.flow, record.product_id, record.resource_id, record.meter)
        line = found.get(key)
        if line is None:
            line = StoredLine(len(found) + 1, record.flow, record.product, record.resource, record.meter)
            found[key] = line
        line.months[record.month] = float(record.quantity)
        if record.quality == Quality.SUSPECT:
            line.incomplete.add(record.month)
        if record.cost_vnd is not None:
            line.cost_vnd = (line.cost_vnd or 0) + record.cost_vnd
            line.priced_months.add(record.month)
    return list(found.values())


def too_small_for_a_reason(line: object, month: int, factor: float) -> bool:
    """Whether a month that looks like a slip downwards is known in part only: its bill ends early."""
    return factor > 1 and isinstance(line, StoredLine) and month in line.incomplete
