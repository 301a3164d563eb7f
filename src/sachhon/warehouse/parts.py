"""The Parquet files of a table: batches checked against its schema, and written.

Not here: which parts a snapshot has and how it becomes visible (`publish`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from sachhon.warehouse.ahead import ahead
from sachhon.warehouse.schema import WORD, TableSpec
from sachhon.warehouse.snapshot import BadFacts

Batches = pa.Table | pa.RecordBatch | Iterable[pa.RecordBatch]

Year = int | None  # None: one file for all years

_ROW_GROUP = 131_072
_SORTED_ROWS = 10_000_000  # of a part, in memory at 8 bytes each
_LARGEST = 2**62

pc = cast(Any, pyarrow.compute)


def write_part(spec: TableSpec, source: Batches, file: Path) -> int:
    """Check the batches against the schema and write them to `file`; returns the number of rows."""
    return _write(spec, source, {None: file})[None]


def write_years(spec: TableSpec, source: Batches, files: Mapping[int, Path]) -> dict[int, int]:
    """The same for a table with a file a year, its rows in any order; returns the number of rows by year.

    Rows of years without a file are left out.
    """
    return {year: rows for year, rows in _write(spec, source, files).items() if year is not None}


def _write(spec: TableSpec, source: Batches, files: Mapping[Any, Path]) -> dict[Year, int]:
    words: Any = [field.name for field in spec.schema if _is_word(field.type)]
    counts: dict[Year, int] = dict.fromkeys(files, 0)
    with ExitStack() as stack:
        writers = {
            # a dictionary of words is small and quick, one of amounts neither
            year: stack.enter_context(
                pq.ParquetWriter(
                    file, spec.schema, compression="zstd", compression_level=1, use_dictionary=words
                )
            )
            for year, file in files.items()
        }

        def write(group: tuple[Year, pa.Table]) -> tuple[Year, int]:
            year, table = group
            writers[year].write_table(table, row_group_size=_ROW_GROUP)
            return year, table.num_rows

        for year, rows in ahead(write, _groups(spec, source, list(files))):
            counts[year] += rows
    for file in files.values():
        _refuse_repeated_keys(spec, file)
    return counts


def _groups(spec: TableSpec, source: Batches, years: Sequence[Year]) -> Iterator[tuple[Year, pa.Table]]:
    """The batches, checked, by year and gathered: a row group of a few rows makes every later reading slow."""
    waiting: dict[Year, list[pa.Table]] = {year: [] for year in years}
    for batch in _batches(source):
        for year, table in _by_year(_conform(spec, batch), years):
            waiting[year].append(table)
            if sum(one.num_rows for one in waiting[year]) >= _ROW_GROUP:
                yield year, pa.concat_tables(waiting[year])
                waiting[year] = []
    for year, tables in waiting.items():
        if tables:
            yield year, pa.concat_tables(tables)


def _by_year(table: pa.Table, years: Sequence[Year]) -> Iterator[tuple[Year, pa.Table]]:
    if years == [None]:
        yield None, table
        return
    span = pc.min_max(table.column("year")).as_py()
    if span["min"] == span["max"]:  # as a store gives them that is asked year by year: nothing to pick out
        if span["min"] in years:
            yield span["min"], table
        return
    for year in years:
        of_year = table.filter(pc.equal(table.column("year"), year))
        if of_year.num_rows:
            yield year, of_year


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


def _is_word(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or kind == WORD


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
    words = [name for name in spec.key if _is_word(spec.schema.field(name).type)]
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
