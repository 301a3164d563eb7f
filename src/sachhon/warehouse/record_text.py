"""Record batches of the `record` table from the CSV that a database writes by itself (`text`).

The words of an item, the same in each of its rows, are put to its key here instead of joined there.

Not here: the queries (the apps own them).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute

from sachhon.warehouse.schema import RECORD
from sachhon.warehouse.snapshot import BadFacts
from sachhon.warehouse.text import text_batch

TEXT = pa.schema(
    [
        RECORD.schema.field("facility_id"),
        RECORD.schema.field("month"),
        pa.field("item", pa.int64(), nullable=False),
        *(RECORD.schema.field(name) for name in ("flow", "meter", "quantity", "cost_vnd", "quality")),
    ]
)
"""The columns of the text, in this order; `item` is a key."""

pc = cast(Any, pyarrow.compute)


@dataclass(frozen=True)
class Items:
    """What a record can be of, by the key its text names it with: code, kind and unit."""

    keys: pa.Array
    codes: pa.Array
    kinds: pa.Array
    units: pa.Array

    @classmethod
    def of(cls, rows: Iterable[tuple[int, str, str, str]]) -> Items:
        """From rows of key, code, kind, unit."""
        keys, codes, kinds, units = zip(*rows, strict=True)
        return cls(pa.array(keys, pa.int64()), *(pa.array(c, pa.string()) for c in (codes, kinds, units)))


def record_batch(text: bytes, year: int, items: Items) -> pa.RecordBatch:
    """The records of `year` that `text` holds, one a line; `BadFacts` for what is no record."""
    found = text_batch(text, TEXT, f"record of {year}")
    places = pc.index_in(found.column("item"), items.keys)
    if places.null_count:
        raise BadFacts(f"record: {places.null_count} rows of {year} are of an unknown item; publish again.")
    columns = {
        **{name: found.column(name) for name in TEXT.names if name != "item"},
        "year": pa.repeat(pa.scalar(year, pa.int16()), found.num_rows),
        "item_code": items.codes.take(places),
        "item_kind": items.kinds.take(places),
        "unit": items.units.take(places),
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in RECORD.schema.names], schema=RECORD.schema)
