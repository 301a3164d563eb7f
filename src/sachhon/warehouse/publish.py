"""Write a snapshot of the fact tables, and open one with DuckDB or Spark.

A snapshot is a folder `ROOT/<id>/` of one Parquet file a table and a `manifest.json` (rows, checksums,
schema and code version). Its id is taken from the contents, so publishing the same facts twice gives the
same snapshot. It becomes visible in one step: it is written to a hidden folder, renamed, and only then
does `ROOT/CURRENT` (replaced atomically) point to it; a killed or failed publication leaves the former
snapshot in force.

Not here: what the facts mean (`schema`), how they are summed (`rollup`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from sachhon.warehouse.schema import TABLES, TableSpec
from sachhon.warehouse.snapshot import (
    MANIFEST,
    POINTER,
    BadFacts,
    NoSnapshot,
    Snapshot,
    Warehouse,
    WarehouseError,
    checksum,
    current_snapshot,
    open_snapshot,
    read_manifest,
)

__all__ = [
    "BadFacts",
    "Batches",
    "NoSnapshot",
    "Snapshot",
    "Warehouse",
    "WarehouseError",
    "current_snapshot",
    "open_snapshot",
    "publish",
]

Batches = pa.Table | pa.RecordBatch | Iterable[pa.RecordBatch]

_ROW_GROUP = 131_072
_ABANDONED_SECONDS = 24 * 3600
_PREFIX = ".publishing-"

pc = cast(Any, pyarrow.compute)


def publish(tables: Mapping[str, Batches], root: Path | str, *, keep: int = 3) -> Snapshot:
    """Write `tables` as a snapshot under `root`, make it the current one, and return it.

    A table may be an Arrow table or an iterable of record batches, which is streamed: memory stays at
    about one batch. Columns may come in any order and are cast to the schema where nothing is lost.
    Tables not given are published empty. The newest `keep` snapshots stay, older ones are removed.

    Raises `BadFacts` for an unknown table or column, a missing column, NaN, null where none may be, a word
    outside its vocabulary or a repeated key, before anything is visible to readers.
    """
    unknown = sorted(set(tables) - set(TABLES))
    if unknown:
        raise BadFacts(f"no such table: {', '.join(unknown)}; the tables are {', '.join(TABLES)}.")
    root = Path(root)
    root.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
    try:
        rows: dict[str, int] = {}
        checksums: dict[str, str] = {}
        for name, spec in TABLES.items():
            file = work / f"{name}.parquet"
            rows[name] = _write(spec, tables.get(name, ()), file)
            _refuse_repeated_keys(spec, file)
            checksums[name] = checksum(file)
        snapshot_id = hashlib.sha256(json.dumps(checksums, sort_keys=True).encode()).hexdigest()[:16]
        final = root / snapshot_id
        manifest = {
            "id": snapshot_id,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "code_version": _code_version(),
            "rows": rows,
            "checksums": checksums,
        }
        (work / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        work.chmod(0o755)
        _put_in_place(work, final)
        _point_to(root, snapshot_id)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _tidy(root, keep)
    return read_manifest(final)


def _write(spec: TableSpec, source: Batches, file: Path) -> int:
    count = 0
    waiting: list[pa.Table] = []
    with pq.ParquetWriter(file, spec.schema, compression="zstd", compression_level=1) as writer:

        def flush() -> None:
            # small batches are gathered: a row group of a few rows makes every later reading slow
            writer.write_table(pa.concat_tables(waiting), row_group_size=_ROW_GROUP)
            waiting.clear()

        for batch in _batches(source):
            table = _conform(spec, batch)
            waiting.append(table)
            count += table.num_rows
            if sum(part.num_rows for part in waiting) >= _ROW_GROUP:
                flush()
        if waiting:
            flush()
    return count


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
    if not spec.key:
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


def _point_to(root: Path, snapshot_id: str) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".current-", dir=root)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(snapshot_id + "\n")
        Path(name).chmod(0o644)
        Path(name).replace(root / POINTER)
    finally:
        Path(name).unlink(missing_ok=True)


def _put_in_place(work: Path, final: Path) -> None:
    """Rename, unless the same contents already stand there whole (an earlier or a simultaneous run)."""
    if final.exists():
        try:
            read_manifest(final).verify()
            return
        except NoSnapshot:
            shutil.rmtree(final)
    try:
        work.rename(final)
    except OSError:
        read_manifest(final).verify()


def _tidy(root: Path, keep: int) -> None:
    current = (root / POINTER).read_text(encoding="utf-8").strip()
    found = [file.parent for file in root.glob(f"*/{MANIFEST}") if file.parent.name != current]
    found.sort(key=lambda folder: (folder / MANIFEST).stat().st_mtime, reverse=True)
    limit = time.time() - _ABANDONED_SECONDS
    abandoned = [folder for folder in root.glob(f"{_PREFIX}*") if folder.stat().st_mtime < limit]
    for folder in [*found[max(keep - 1, 0) :], *abandoned]:
        shutil.rmtree(folder, ignore_errors=True)


def _code_version() -> str:
    try:
        return version("sachhon")
    except PackageNotFoundError:
        return "0+unknown"
