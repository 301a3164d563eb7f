"""Record batches from the CSV that a database writes by itself.

There are millions of small rows: a Python object a cell costs more than all the rest. So the database writes
CSV (PostgreSQL by COPY) and Arrow reads it.

Not here: the queries (the apps own them), rows of other sources (`batches`).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.csv

from sachhon.warehouse.snapshot import BadFacts


def text_batch(text: bytes, schema: pa.Schema, named: str) -> pa.RecordBatch:
    """The rows that `text` holds, one a line and without a header; an empty value is null, in words it is "".

    `named` tells in an error what was being read; `BadFacts` for what is no row of this schema.
    """
    if not text:
        return pa.RecordBatch.from_pylist([], schema=schema)
    try:
        read = pyarrow.csv.read_csv(
            pa.py_buffer(text),
            pyarrow.csv.ReadOptions(column_names=schema.names, use_threads=False, block_size=len(text) + 1),
            pyarrow.csv.ParseOptions(newlines_in_values=True),
            pyarrow.csv.ConvertOptions(column_types=schema, null_values=[""], strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        raise BadFacts(f"{named}: what the store holds cannot be read: {error}") from error
    (found,) = read.combine_chunks().to_batches()
    return found
