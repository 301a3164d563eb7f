"""A published snapshot: find it, check it, open it with DuckDB or Spark.

Not here: how a snapshot is written (`publish`), what its columns mean (`schema`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from sachhon.warehouse.schema import TABLES

Engine = Literal["duckdb", "spark"]

MANIFEST = "manifest.json"
POINTER = "CURRENT"


class WarehouseError(Exception):
    """A snapshot cannot be written or read; the message says what to do."""


class BadFacts(WarehouseError):
    """Facts that break the schema's rules were offered for publication."""


class NoSnapshot(WarehouseError):
    """Nothing was published yet, or what is there is damaged."""


@dataclass(frozen=True)
class Part:
    """One Parquet file of a table: all of it, or one year under the stamp its facts had."""

    rows: int
    checksum: str
    stamp: str


@dataclass(frozen=True)
class Snapshot:
    """A published set of tables: where it is, when and by which code it was written, what is in it."""

    path: Path
    id: str
    created_at: datetime
    code_version: str
    parts: Mapping[str, Part]
    """`table/year` or `table/all` → what its file holds."""

    @property
    def rows(self) -> dict[str, int]:
        """Rows by table."""
        counts = dict.fromkeys(TABLES, 0)
        for key, part in self.parts.items():
            counts[key.split("/")[0]] += part.rows
        return counts

    def file(self, key: str) -> Path:
        """The Parquet file of one part."""
        return self.path / f"{key}.parquet"

    def verify(self) -> None:
        """Compare every file with its checksum; raise `NoSnapshot` naming the file that differs."""
        for key, part in self.parts.items():
            file = self.file(key)
            if not file.is_file() or checksum(file) != part.checksum:
                raise NoSnapshot(f"{file} is missing or was changed after publication; publish again.")


def current_snapshot(root: Path | str) -> Snapshot:
    """The snapshot in force under `root`; `NoSnapshot` when there is none."""
    root = Path(root)
    try:
        snapshot_id = (root / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise NoSnapshot(f"nothing was published under {root} yet; publish a snapshot first.") from None
    return read_manifest(root / snapshot_id)


class Warehouse:
    """An opened snapshot: its tables as Ibis expressions, on one engine. Close it, or use `with`."""

    def __init__(self, snapshot: Snapshot, engine: Engine = "duckdb", *, memory_limit: str = "512MB") -> None:
        import ibis

        self.snapshot = snapshot
        self.engine: Engine = engine
        if engine == "duckdb":
            self._connection = ibis.duckdb.connect(memory_limit=memory_limit)
        elif engine == "spark":
            self._connection = _connect_spark()
        else:
            raise WarehouseError(f"no engine {engine!r}; choose duckdb or spark.")
        self._tables = {
            name: self._connection.read_parquet(str(snapshot.path / name / "*.parquet"), table_name=name)
            for name in TABLES
        }

    def table(self, name: str) -> Any:
        """The Ibis table of that name."""
        return self._tables[name]

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        """Run an Ibis table expression; one dict a row, plain Python values, null as None."""
        return self.frame(expression).to_pylist()

    def frame(self, expression: Any) -> pa.Table:
        """Run an Ibis table expression; the result as an Arrow table."""
        if self.engine == "spark":
            return self._connection.to_pyarrow(expression)
        # straight from DuckDB: the way through Ibis loads pandas, a second and 100 MB for nothing
        found = self._connection.con.sql(_compiled(expression.op())).to_arrow_table()
        return found.cast(expression.schema().to_pyarrow())

    def close(self) -> None:
        """Give back the engine's memory; the snapshot's files stay."""
        self._connection.disconnect()

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_snapshot(root: Path | str, engine: Engine = "duckdb", *, memory_limit: str = "512MB") -> Warehouse:
    """Open the current snapshot under `root` with DuckDB (embedded) or Spark (the `[spark]` extra)."""
    return Warehouse(current_snapshot(root), engine, memory_limit=memory_limit)


def read_manifest(path: Path) -> Snapshot:
    try:
        data = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        return Snapshot(
            path=path,
            id=data["id"],
            created_at=datetime.fromisoformat(data["created_at"]),
            code_version=data["code_version"],
            parts={key: Part(**part) for key, part in data["parts"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoSnapshot(f"the snapshot in {path} cannot be read ({error}); publish again.") from error


def checksum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@lru_cache(maxsize=512)
def _compiled(operation: Any) -> str:
    """DuckDB's SQL of an Ibis operation. Writing it takes longer than running it where a province is small, and
    a province asks the same each time: operations are equal whose tables have the same names and columns."""
    return operation.to_expr().compile()


def _connect_spark() -> Any:
    import ibis

    try:
        from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise WarehouseError(
            "Spark is not installed; pip install 'sachhon[spark]' (needs Java 17)."
        ) from None
    session = (
        SparkSession.builder.appName("sachhon")
        .config("spark.sql.session.timeZone", "Asia/Ho_Chi_Minh")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    return ibis.pyspark.connect(session)
