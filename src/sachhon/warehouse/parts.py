"""One Parquet file of a snapshot: batches checked against the schema of their table, and written.

Not here: which parts a snapshot has and how it becomes visible (`publish`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from sachhon.warehouse.ahead import ahead
from sachhon.warehouse.schema import TableSpec
from sachhon.warehouse.snapshot import BadFacts

Batches = pa.Table | pa.RecordBatch | Iterable[pa.RecordBatch]

_ROW_GROUP = 131_072
_SORTED_ROWS = 10_000_000  # of a part, in memory at 8 bytes each
_LARGEST = 2**62

pc = cast(Any, pyarrow.compute)


def write_part(spec: TableSpec, source: Batches, file: Path) -> int:
    """Check the batches against the schema and write them to `file`; returns the number of rows."""
    with pq.ParquetWriter(file, spec.schema, compression="zstd", compression_level=1) as writer:

        def write(table: pa.Table) -> int:
            writer.write_table(table, row_group_size=_ROW_GROUP)
            return table.num_rows

        count = sum(ahead(write, _groups(spec, source)))
    _refuse_repeated_keys(spec, file)
    return count


def _groups(spec: TableSpec, source: Batches) -> Iterator[pa.Table]:
    """The batches, checked and gathered: a row group of a few rows makes every later reading slow."""
    waiting: list[pa.Table] = []
    for batch in _batches(source):
        waiting.append(_conform(spec, batch))
        if sum(table.num_rows for table in waiting) >= _ROW_GROUP:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _batches(source: Batches) -> Iterator[pa.RecordBatch | pa.Table]:
    if isinstance(source, pa.Table | pa.RecordBatch):
        yield source
    else:
        yield from source


def _conform(spec: TableSpec, batch: pa.RecordBatch | pa.Table) -> pa.Table:
    missing = [name for name in spec.schema.names if name not in batch.schema.names]
    extra = [name for name in batch.schema.names if name not in spec.schema.names]
    if missing or extra:
        raise BadFacts(
            f"{spec.name}: missing columns {missing or 'none'}, unknown columns {extra or 'none'};"
            " the schema is in sachhon.warehouse.schema."
        )
    columns = []
    for field in spec.schema:
        column = batch.column(field.name)
        if pa.types.is_floating(column.type) and pc.any(pc.invert(pc.is_finite(column))).as_py():
            raise BadFacts(f"{spec.name}.{field.name}: NaN or infinity; publish null for what is unknown.")
        try:
            if pa.types.is_decimal(field.type) and pa.types.is_integer(column.type):
                column = column.cast(pa.decimal128(38, field.type.scale))  # Arrow wants room for any int64
            column = column.cast(field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise BadFacts(f"{spec.name}.{field.name}: cannot be stored as {field.type}: {error}") from error
        if not field.nullable and column.null_count:
            raise BadFacts(f"{spec.name}.{field.name}: {column.null_count} empty values; it must be filled.")
        allowed = spec.vocabulary.get(field.name)
        if allowed:
            strange = set(pc.unique(column).to_pylist()) - allowed - {None}
            if strange:
                raise BadFacts(f"{spec.name}.{field.name}: {sorted(strange)} is not among {sorted(allowed)}.")
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=spec.schema)


def _refuse_repeated_keys(spec: TableSpec, file: Path) -> None:
    if not spec.key or _surely_unique(spec, file):
        return

    import duckdb

    key = ", ".join(f'"{name}"' for name in spec.key)
    with duckdb.connect(config={"memory_limit": "512MB", "temp_directory": str(file.parent)}) as connection:
        found = connection.execute(
            f"SELECT {key} FROM read_parquet(?) GROUP BY {key} HAVING count(*) > 1 LIMIT 1",  # noqa: S608 - names of our own schema
            [str(file)],
        ).fetchone()
    if found:
        shown = ", ".join(f"{name}={value}" for name, value in zip(spec.key, found, strict=True))
        raise BadFacts(f"{spec.name}: more than one row for {shown}; add them up before publishing.")


def _surely_unique(spec: TableSpec, file: Path) -> bool:
    """Each key as one number, sorted: five times as fast as grouping. False: let the database look closer."""
    if pq.read_metadata(file).num_rows > _SORTED_ROWS:
        return False
    words = [name for name in spec.key if pa.types.is_string(spec.schema.field(name).type)]
    table = pq.read_table(file, columns=list(spec.key), read_dictionary=words).unify_dictionaries()
    numbers, size = np.zeros(table.num_rows, np.int64), 1
    for name in spec.key if table.num_rows else ():
        column = table.column(name).combine_chunks()
        values = (column.indices if name in words else column).to_numpy(zero_copy_only=False)
        lowest, highest = int(values.min()), int(values.max())
        size *= highest - lowest + 1
        if size > _LARGEST:
            return False
        numbers = numbers * (highest - lowest + 1) + (values.astype(np.int64) - lowest)
    numbers.sort()
    return not bool((numbers[1:] == numbers[:-1]).any())
