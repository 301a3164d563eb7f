"""The records of a province for the warehouse: read as text the database writes, year by year.

Both databases give the columns of `warehouse.record_text`: PostgreSQL by COPY, SQLite by printf, some
hundred facilities at a time (its index of records serves a facility's year in order).

Not here: which years are read again (`facts`), what the columns mean (`warehouse.schema`).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute
from django.db import connection

from sachhon.apps.registry.models import Product, Resource
from sachhon.warehouse.publish import Batches
from sachhon.warehouse.record_text import Items, record_batch

pc = cast(Any, pyarrow.compute)

FACILITIES_AT_ONCE = 400
TEXT_AT_ONCE = 4_000_000  # bytes, some eighty thousand records

SQLITE = """
    SELECT group_concat(printf('%%d,%%d,%%d,%%s,"%%w",%%.6f,%%s,%%s', r.facility_id, r.month,
                               coalesce(r.resource_id, -r.product_id), r.flow, r.meter, r.quantity,
                               coalesce(r.cost_vnd, ''), r.quality), char(10))
    FROM registry_facility f
    JOIN registry_record r ON r.facility_id = f.id
    WHERE f.province_code = %s AND f.merged_into_id IS NULL AND f.id BETWEEN %s AND %s AND r.year = %s"""

POSTGRESQL = """
    COPY (SELECT r.facility_id, r.month, coalesce(r.resource_id, -r.product_id), r.flow, r.meter, r.quantity,
                 r.cost_vnd, r.quality
          FROM registry_record r
          JOIN registry_facility f ON f.id = r.facility_id
          WHERE f.province_code = %s AND f.merged_into_id IS NULL AND r.year = %s)
    TO STDOUT (FORMAT csv)"""


class RecordFacts:
    """The records of `facilities` (their keys in order), all those of `province`; without the `held` years."""

    def __init__(
        self, province: str, facilities: Sequence[int], held: Collection[tuple[int, int]] = ()
    ) -> None:
        self.province, self.facilities, self.held = province, facilities, held

    def of_year(self, year: int) -> Batches:
        """The records of one year, a part at a time."""
        items = self._items()
        texts = self._copied(year) if connection.vendor == "postgresql" else self._printed(year)
        held = pa.array(
            sorted(facility for facility, held_year in self.held if held_year == year), pa.int64()
        )
        for text in texts:
            batch = record_batch(text, year, items)
            yield batch.filter(pc.invert(pc.is_in(batch.column("facility_id"), held))) if len(held) else batch

    def _printed(self, year: int) -> Iterator[bytes]:
        for start in range(0, len(self.facilities), FACILITIES_AT_ONCE):
            block = self.facilities[start : start + FACILITIES_AT_ONCE]
            with connection.cursor() as cursor:
                cursor.execute(SQLITE, [self.province, block[0], block[-1], year])
                (text,) = cursor.fetchone()
            if text is not None:
                yield text.encode()

    def _copied(self, year: int) -> Iterator[bytes]:
        waiting, size = [], 0
        with (
            connection.cursor() as cursor,
            cursor.cursor.copy(POSTGRESQL, [self.province, year]) as lines,
        ):
            for line in lines:
                waiting.append(bytes(line))
                size += len(line)
                if size >= TEXT_AT_ONCE:
                    yield b"".join(waiting)
                    waiting, size = [], 0
        if waiting:
            yield b"".join(waiting)

    def _items(self) -> Items:
        """Resources by their key, products by its negative."""
        resources = Resource.objects.values_list("pk", "code", "kind", "unit")
        products = Product.objects.filter(facility__province_code=self.province).values_list("pk", "unit")
        return Items.of(
            [*resources, *((-pk, f"product-{pk}", "product", unit) for pk, unit in products.iterator(2000))]
        )
