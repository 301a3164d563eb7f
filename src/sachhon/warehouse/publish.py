"""Write a snapshot of the fact tables, and open one with DuckDB or Spark.

A snapshot is a folder `ROOT/<id>/` with a folder of Parquet files a table (one file, or one a year) and
a `manifest.json` (rows, checksums, stamps and code version). Its id is taken from the contents, so
publishing the same facts twice gives the same snapshot. It becomes visible in one step: it is written to a
hidden folder, renamed, and only then does `ROOT/CURRENT` (replaced atomically) point to it; a killed or
failed publication leaves the former snapshot in force.

Not here: what the facts mean (`schema`), how they are summed (`rollup`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import takewhile
from pathlib import Path

import pyarrow as pa

from sachhon.warehouse.parts import Batches, write_part, write_years
from sachhon.warehouse.schema import TABLES
from sachhon.warehouse.snapshot import (
    MANIFEST,
    POINTER,
    BadFacts,
    NoSnapshot,
    Part,
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
    "ByYear",
    "NoSnapshot",
    "Snapshot",
    "Warehouse",
    "WarehouseError",
    "current_snapshot",
    "open_snapshot",
    "publish",
]

_ABANDONED_SECONDS = 24 * 3600
_PREFIX = ".publishing-"


@dataclass(frozen=True)
class ByYear:
    """A large table given year by year, so that a year whose facts did not change is not read again.

    stamps : year → a text that changes whenever a fact of that year changes;
    read : gives batches that hold all rows of some years, in any order (rows of other years are left out); called
    once, for the years whose stamp is new;
    apart : `read` needs nothing of the caller's thread, such as its database connection: it is then called at
    once in another, beside the other tables.
    """

    stamps: Mapping[int, str]
    read: Callable[[Sequence[int]], Batches]
    apart: bool = False


def publish(tables: Mapping[str, Batches | ByYear], root: Path | str, *, keep: int = 3) -> Snapshot:
    """Write `tables` as a snapshot under `root`, make it the current one, and return it.

    A table may be an Arrow table or an iterable of record batches, which is streamed: memory stays at
    about one batch. A table `ByYear` keeps the files of years whose stamp is that of the current snapshot
    (written by this version of the code). Columns may come in any order and are cast to the schema where
    nothing is lost. Tables not given are published empty. The newest `keep` snapshots stay, older ones are
    removed.

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
        former = _former(root)
        parts = _parts(tables, former, work)
        described = {key: asdict(part) for key, part in parts.items()}
        snapshot_id = hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()[:16]
        final = root / snapshot_id
        manifest = {
            "id": snapshot_id,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "code_version": _code_version(),
            "parts": described,
        }
        (work / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        work.chmod(0o755)
        _put_in_place(work, final)
        _point_to(root, snapshot_id)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        pa.default_memory_pool().release_unused()  # what follows, the roll-up, wants memory of its own
    _tidy(root, keep)
    return read_manifest(final)


def _parts(tables: Mapping[str, Batches | ByYear], former: Snapshot | None, work: Path) -> dict[str, Part]:
    """All files of the snapshot; those of tables that are read apart in a second thread, begun first."""
    for name in TABLES:
        (work / name).mkdir()
    parts: dict[str, Part] = {}
    years = {name: table for name, table in tables.items() if isinstance(table, ByYear) and table.stamps}
    stopped = threading.Event()
    with ThreadPoolExecutor(1) as thread:
        apart = [
            thread.submit(_years, name, table, former, work, stopped)
            for name, table in years.items()
            if table.apart
        ]
        try:
            for name, spec in TABLES.items():
                source = tables.get(name, ())
                if not isinstance(source, ByYear) or name not in years:
                    batches = () if isinstance(source, ByYear) else source
                    file = work / name / "all.parquet"
                    parts[f"{name}/all"] = Part(write_part(spec, batches, file), checksum(file), "")
                elif not source.apart:
                    parts.update(_years(name, source, former, work, stopped))
            for done in apart:
                parts.update(done.result())
        finally:
            stopped.set()  # of a publication that fails nobody needs the rest
    return parts


def _years(
    name: str, source: ByYear, former: Snapshot | None, work: Path, stopped: threading.Event
) -> dict[str, Part]:
    """The parts of a table by year: those of the former snapshot where the stamp is the same, else written."""
    kept = {year: _kept(former, f"{name}/{year}", stamp, work) for year, stamp in source.stamps.items()}
    files = {year: work / name / f"{year}.parquet" for year in sorted(kept) if kept[year] is None}
    batches = source.read(list(files)) if files else ()
    if not isinstance(batches, pa.Table | pa.RecordBatch):
        batches = takewhile(lambda _batch: not stopped.is_set(), batches)
    rows = write_years(TABLES[name], batches, files) if files else {}
    return {
        f"{name}/{year}": part or Part(rows[year], checksum(files[year]), source.stamps[year])
        for year, part in sorted(kept.items())
    }


def _former(root: Path) -> Snapshot | None:
    """The current snapshot, if its parts may be used again."""
    try:
        former = current_snapshot(root)
    except NoSnapshot:
        return None
    return former if former.code_version == _code_version() else None


def _kept(former: Snapshot | None, key: str, stamp: str, work: Path) -> Part | None:
    """The former snapshot's part under the same stamp, linked into the new one; None when there is none."""
    part = former.parts.get(key) if former and stamp else None
    if former is None or part is None or part.stamp != stamp:
        return None
    old, new = former.file(key), work / f"{key}.parquet"
    if not old.is_file() or checksum(old) != part.checksum:
        return None
    try:
        os.link(old, new)
    except OSError:  # a file system without hard links
        shutil.copyfile(old, new)
    return part


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
