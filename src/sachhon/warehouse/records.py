"""Record batches of the `record` table from columns as a store reads them out quickest.

There are millions of records: the words of an item, the same in each of its rows, are put to its key here
instead of joined there, and words of a closed vocabulary come as their place in it.

Not here: the queries (the apps own them).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute

from sachhon.warehouse.schema import FLOWS, QUALITIES, RECORD, WORD
from sachhon.warehouse.snapshot import BadFacts

STORED = pa.schema(
    [
        pa.field("whose", pa.int64()),
        pa.field("item", pa.int64(), nullable=False),
        pa.field("meter", pa.string()),
        *(RECORD.schema.field(name) for name in ("quantity", "cost_vnd")),
    ]
)
"""The columns as they are read, as few as can be: the time goes by the cell. `whose` is WHOSE (null: of a word that
is not in the vocabulary), `item` a key, `meter` null or empty where there is one meter only."""

WHOSE = "((({facility_id} * 128 + {year} - 2000) * 16 + {month}) * 4 + {flow}) * 4 + {quality}"
"""Facility, year, month and the places of flow and quality in FLOWS and QUALITIES as one number, in SQL."""

pc = cast(Any, pyarrow.compute)


@dataclass(frozen=True)
class Items:
    """What a record can be of, by the key its row names it with: code, kind and unit."""

    keys: pa.Array
    codes: pa.DictionaryArray
    kinds: pa.DictionaryArray
    units: pa.DictionaryArray

    @classmethod
    def of(cls, rows: Iterable[tuple[int, str, str, str]]) -> Items:
        """From rows of key, code, kind, unit."""
        keys, codes, kinds, units = zip(*rows, strict=True)
        return cls(pa.array(keys, pa.int64()), *(pa.array(c, WORD) for c in (codes, kinds, units)))


def record_batch(found: pa.RecordBatch, items: Items) -> pa.RecordBatch:
    """The records that `found`, of the columns STORED, holds; `BadFacts` for what is no record."""
    whose, places = found.column("whose"), pc.index_in(found.column("item"), items.keys)
    if whose.null_count:
        raise BadFacts(f"record: {whose.null_count} rows hold a word not among {FLOWS} or {QUALITIES}.")
    if places.null_count:
        raise BadFacts(f"record: {places.null_count} rows are of an unknown item; publish again.")
    columns = {
        "facility_id": pc.shift_right(whose, 15),
        "year": pc.add(_bits(whose, 8, 7), 2000),
        "month": _bits(whose, 4, 4),
        "flow": pa.array(FLOWS, WORD).take(_bits(whose, 2, 2)),
        "quality": pa.array(QUALITIES, WORD).take(_bits(whose, 0, 2)),
        "item_code": items.codes.take(places),
        "item_kind": items.kinds.take(places),
        "unit": items.units.take(places),
        "meter": pc.fill_null(found.column("meter"), ""),
        "quantity": found.column("quantity"),
        "cost_vnd": found.column("cost_vnd"),
    }
    fitted = [columns[field.name].cast(field.type) for field in RECORD.schema]
    return pa.RecordBatch.from_arrays(fitted, schema=RECORD.schema)


def _bits(numbers: pa.Array, first: int, count: int) -> pa.Array:
    return pc.bit_wise_and(pc.shift_right(numbers, first), 2**count - 1)
