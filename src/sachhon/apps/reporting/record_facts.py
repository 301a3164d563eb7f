"""The records of a province for the warehouse.

Not here: which years are read again (`facts`), what the columns mean (`warehouse.schema`).
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute

from sachhon.apps.registry.models import Product, Resource
from sachhon.apps.registry.record_stamps import record_stamps
from sachhon.apps.reporting.fact_columns import FactQuery, FactReader, coded
from sachhon.warehouse.ahead import ahead
from sachhon.warehouse.records import STORED, WHOSE, Items, record_batch
from sachhon.warehouse.schema import FLOWS, QUALITIES

pc = cast(Any, pyarrow.compute)

_YEARS = 10_000  # more than any year, so that a facility and a year make one number

RECORDS = FactQuery(
    "record",
    {
        "whose": WHOSE.format(
            facility_id="r.facility_id",
            year="r.year",
            month="r.month",
            flow=coded("r.flow", FLOWS),
            quality=coded("r.quality", QUALITIES),
        ),
        "item": "coalesce(r.resource_id, -r.product_id)",
        "meter": "nullif(r.meter, '')",
        "quantity": "r.quantity",
        "cost_vnd": "r.cost_vnd",
    },
    STORED,
    joined="JOIN registry_record r ON r.facility_id = f.id",
    where="r.year = %s",
)


class RecordFacts:
    """The records of a province, without the `held` years (facility, year)."""

    def __init__(self, reader: FactReader, held: Collection[tuple[int, int]] = ()) -> None:
        self.reader, self.held = reader, sorted(held)
        self.items = self._items()

    def stamps(self, first: int, last: int) -> dict[int, str]:
        """Year → what tells that its facts changed: the records, the words of resources, whose are held."""
        items = hashlib.sha256(repr([item for item in self.items if item[0] > 0]).encode()).hexdigest()
        return {
            year: f"{stamp} {items} {[facility for facility, held_year in self.held if held_year == year]}"
            for year, stamp in record_stamps(self.reader.province, first, last).items()
        }

    def of_years(self, years: Sequence[int]) -> Iterator[pa.RecordBatch]:
        """The records of these years, a part at a time."""
        items, held = Items.of(self.items), facility_years(self.held)

        def finished(found: pa.RecordBatch) -> pa.RecordBatch:
            return not_held(record_batch(found, items), held)

        found = chain.from_iterable(self.reader.read(RECORDS, [year]) for year in years)
        return ahead(finished, found)

    def _items(self) -> list[tuple]:
        """Key, code, kind and unit: resources by their key, products by its negative."""
        resources = Resource.objects.order_by("pk").values_list("pk", "code", "kind", "unit")
        products = Product.objects.filter(facility__province_code=self.reader.province).order_by("pk")
        return [
            *resources,
            *(
                (-pk, f"product-{pk}", "product", unit)
                for pk, unit in products.values_list("pk", "unit").iterator(2000)
            ),
        ]


def facility_years(pairs: Collection[tuple[int, int]]) -> pa.Array:
    """Facilities and years, each pair as one number."""
    return pa.array([facility * _YEARS + year for facility, year in pairs], pa.int64())


def not_held(found: pa.RecordBatch, held: pa.Array, year: str = "year") -> pa.RecordBatch:
    """The rows whose facility and year are not among `held`."""
    if not len(held):
        return found
    facilities, years = found.column("facility_id"), found.column(year)
    each = pc.add(pc.multiply(facilities, _YEARS), years.cast(pa.int64()))
    return found.filter(pc.invert(pc.is_in(each, held)))
