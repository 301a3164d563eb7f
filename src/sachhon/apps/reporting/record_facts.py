"""The records of a province for the warehouse, year by year, as text the database writes.

Not here: which years are read again (`facts`), what the columns mean (`warehouse.schema`).
"""

from collections.abc import Collection, Sequence
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute

from sachhon.apps.registry.models import Product, Resource
from sachhon.apps.reporting.fact_texts import TextQuery, texts
from sachhon.warehouse.ahead import ahead
from sachhon.warehouse.publish import Batches
from sachhon.warehouse.record_text import TEXT, Items, record_batch

pc = cast(Any, pyarrow.compute)

RECORDS = TextQuery(
    {
        "facility_id": "r.facility_id",
        "month": "r.month",
        "item": "coalesce(r.resource_id, -r.product_id)",
        "flow": "r.flow",
        "meter": "r.meter",
        "quantity": "r.quantity",
        "cost_vnd": "r.cost_vnd",
        "quality": "r.quality",
    },
    TEXT,
    joined="JOIN registry_record r ON r.facility_id = f.id",
    where="r.year = %s",
)


class RecordFacts:
    """The records of `facilities` (their keys in order), all those of `province`; without the `held` years."""

    def __init__(
        self, province: str, facilities: Sequence[int], held: Collection[tuple[int, int]] = ()
    ) -> None:
        self.province, self.facilities, self.held = province, facilities, held

    def of_year(self, year: int) -> Batches:
        """The records of one year, a part at a time."""
        items = self._items()
        held = pa.array(
            sorted(facility for facility, held_year in self.held if held_year == year), pa.int64()
        )

        def read(text: bytes) -> pa.RecordBatch:
            batch = record_batch(text, year, items)
            return (
                batch.filter(pc.invert(pc.is_in(batch.column("facility_id"), held))) if len(held) else batch
            )

        return ahead(read, texts(RECORDS, self.province, self.facilities, [year]))

    def _items(self) -> Items:
        """Resources by their key, products by its negative."""
        resources = Resource.objects.values_list("pk", "code", "kind", "unit")
        products = Product.objects.filter(facility__province_code=self.province).values_list("pk", "unit")
        return Items.of(
            [*resources, *((-pk, f"product-{pk}", "product", unit) for pk, unit in products.iterator(2000))]
        )
