"""Record batches of the `record` table from the CSV that a database writes by itself.

A month's record is small and there are millions of them: a Python object a cell costs more than all the
rest. So the database writes CSV (PostgreSQL by COPY, SQLite by printf) and Arrow reads it; the words of an
item, the same in each of its rows, are put to its key here instead of joined there.

Not here: the queries (the apps own them), tables of other shapes (`batches`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from sachhon.warehouse.schema import QUANTITY, RECORD
from sachhon.warehouse.snapshot import BadFacts

COLUMNS = {
    "facility_id": pa.int64(),
    "month": pa.int8(),
    "item": pa.int64(),
    "flow": pa.string(),
    "meter": pa.string(),
    "quantity": QUANTITY,
    "cost_vnd": pa.int64(),
    "quality": pa.string(),
}
"""The columns of the text, in this order and without a header; an empty cost is null, `item` is a key."""

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
    if not text:
        return pa.RecordBatch.from_pylist([], schema=RECORD.schema)
    try:
        read = pyarrow.csv.read_csv(
            pa.py_buffer(text),
            pyarrow.csv.ReadOptions(column_names=list(COLUMNS), use_threads=False, block_size=len(text) + 1),
            pyarrow.csv.ParseOptions(newlines_in_values=True),
            pyarrow.csv.ConvertOptions(column_types=COLUMNS, null_values=[""], strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        raise BadFacts(f"record: what the store holds of {year} cannot be read: {error}") from error
    (found,) = read.combine_chunks().to_batches()
    places = pc.index_in(found.column("item"), items.keys)
    if places.null_count:
        raise BadFacts(f"record: {places.null_count} rows of {year} are of an unknown item; publish again.")
    columns = {
        **{name: found.column(name) for name in COLUMNS if name != "item"},
        "year": pa.repeat(pa.scalar(year, pa.int16()), found.num_rows),
        "item_code": items.codes.take(places),
        "item_kind": items.kinds.take(places),
        "unit": items.units.take(places),
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in RECORD.schema.names], schema=RECORD.schema)
