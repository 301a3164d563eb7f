"""Rows of a database cursor as record batches of a fact table, for `sachhon.warehouse.publish`.

Rows stream through: at most `size` of them are in memory. Values may be what a database driver gives:
Decimal, int or float for a quantity, 0 and 1 for a boolean. Not here: the queries (the apps own them).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from sachhon.warehouse.schema import TABLES
from sachhon.warehouse.snapshot import BadFacts

BATCH_ROWS = 65_536
CHUNK_ROWS = 512


def batches(
    table: str, rows: Iterable[Sequence[Any]], *, size: int = BATCH_ROWS, schema: pa.Schema | None = None
) -> Iterator[pa.RecordBatch]:
    """Record batches of `table` from rows in the order of its columns; None is null.

    schema : of the rows, where they are not yet those of the table.
    """
    schema = schema or TABLES[table].schema
    source = iter(rows)
    while True:
        # a few hundred rows at a time: more living tuples would set off the garbage collector all the time
        parts = [_batch(table, schema, chunk) for chunk in _chunks(islice(source, size))]
        if not parts:
            return
        yield pa.concat_batches(parts)


def _chunks(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield chunk


def _batch(table: str, schema: pa.Schema, chunk: list[Sequence[Any]]) -> pa.RecordBatch:
    if len(chunk[0]) != len(schema):
        raise BadFacts(f"{table}: rows of {len(chunk[0])} values, the schema has {len(schema)} columns.")
    columns = zip(*chunk, strict=True)
    return pa.RecordBatch.from_arrays(
        [_array(table, field, values) for field, values in zip(schema, columns, strict=True)], schema=schema
    )


def _array(table: str, field: pa.Field, values: Sequence[Any]) -> pa.Array:
    try:
        return pa.array(values, type=field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        pass  # a driver's own type (float for a decimal, 1 for true): let Arrow find it, then cast
    try:
        found = pa.array(values)
        if pa.types.is_decimal(field.type) and pa.types.is_integer(found.type):
            found = found.cast(pa.decimal128(38, field.type.scale))
        return found.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise BadFacts(f"{table}.{field.name}: cannot be stored as {field.type}: {error}") from error
