"""One file that holds everything, and the way back from it.

The archive is a .tar.gz with ``manifest.json``, one JSON-lines file a table and the uploaded files. It does not
depend on the database: a backup of SQLite restores into PostgreSQL and the other way round.
"""

import datetime
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from sachhon import __version__

BATCH = 1000
# Rebuilt by themselves: nobody misses a login session after a restore, and triggers make the stamps of records.
LEFT_OUT = {"sessions.session", "registry.recordstamp"}


class BackupError(Exception):
    """The backup cannot be read or does not fit; nothing was changed."""


def backup(target: Path) -> dict[str, int]:
    """Writes a consistent backup to `target`; returns the number of rows by table. An existing file is replaced
    only when the new one is complete.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(descriptor)
    part = Path(name)
    outermost = not connection.in_atomic_block
    try:
        with tarfile.open(part, "w:gz", compresslevel=3) as archive, transaction.atomic():
            if outermost:
                _one_point_in_time()
            counts = {_label(model): _add_table(archive, model) for model in _models()}
            manifest = {
                "format": 1,
                "version": __version__,
                "made": datetime.datetime.now(datetime.UTC).isoformat(),
                "migrations": _migrations(),
                "rows": counts,
            }
            _add(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
            if Path(settings.MEDIA_ROOT).is_dir():
                archive.add(settings.MEDIA_ROOT, arcname="media")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return counts


def restore(source: Path) -> dict[str, int]:
    """Replaces everything in the store by what `source` holds, in one transaction; returns rows by table.

    Raises BackupError when the file is no backup or was made by other migrations; then nothing has changed.
    """
    try:
        with tarfile.open(source, "r:gz") as archive:
            manifest = json.load(_member(archive, "manifest.json"))
            if manifest["migrations"] != _migrations():
                raise BackupError(
                    f"The backup was made by version {manifest['version']} with other tables than this one "
                    f"({__version__}). Install that version, restore, then upgrade."
                )
            # The "data" filter keeps paths inside the folder; uploads are unpacked beside and swapped in last.
            media = Path(settings.MEDIA_ROOT)
            media.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=media.parent) as unpacked:
                members = [m for m in archive.getmembers() if m.name.startswith("media/")]
                archive.extractall(unpacked, members=members, filter="data")
                with transaction.atomic():
                    counts = _load_tables(archive, manifest["rows"])
                _swap(Path(unpacked) / "media", media)
    except (tarfile.TarError, EOFError, OSError, KeyError, ValueError) as error:
        raise BackupError(f"{source.name} is not a complete backup: {error}") from error
    return counts


def _models() -> list[type[models.Model]]:
    """Every table, link tables included."""
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if m._meta.managed and not m._meta.proxy and m._meta.label_lower not in LEFT_OUT]


def _label(model: type[models.Model]) -> str:
    return model._meta.label_lower


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _one_point_in_time() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _add_table(archive: tarfile.TarFile, model: type[models.Model]) -> int:
    fields = [f.attname for f in model._meta.concrete_fields]
    with tempfile.TemporaryFile() as lines:
        count = 0
        for row in model._base_manager.order_by("pk").values_list(*fields).iterator(BATCH):
            lines.write(json.dumps(row, cls=_Encoder, ensure_ascii=False).encode() + b"\n")
            count += 1
        entry = tarfile.TarInfo(f"tables/{_label(model)}.jsonl")
        entry.size = lines.tell()
        lines.seek(0)
        archive.addfile(entry, lines)
    return count


class _Encoder(DjangoJSONEncoder):
    """Times keep their microseconds (Django's own cuts them to milliseconds); bytes as hex."""

    def default(self, o):
        if isinstance(o, datetime.datetime):
            return o.isoformat()
        if isinstance(o, bytes | memoryview):
            return bytes(o).hex()
        return super().default(o)


def _member(archive: tarfile.TarFile, name: str):
    handle = archive.extractfile(name)
    if handle is None:
        raise KeyError(name)
    return handle


def _load_tables(archive: tarfile.TarFile, rows: dict[str, int]) -> dict[str, int]:
    tables = _models()
    statements = connection.ops.sql_flush(
        no_style(), [m._meta.db_table for m in tables], reset_sequences=True, allow_cascade=True
    )
    if connection.vendor == "postgresql":
        connection.check_constraints()  # nothing may be pending on a table that is truncated
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    counts = {}
    for model in tables:
        label = _label(model)
        counts[label] = _load(model, _member(archive, f"tables/{label}.jsonl"))
        if counts[label] != rows[label]:
            raise BackupError(f"{label}: {counts[label]} rows instead of {rows[label]}; the file is damaged.")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    return counts


def _load(model: type[models.Model], lines) -> int:
    fields = model._meta.concrete_fields
    count = 0
    for batch in _batches(json.loads(line) for line in lines):
        objects = []
        for row in batch:
            instance = model()
            for field, value in zip(fields, row, strict=True):
                setattr(instance, field.attname, _value(field, value))
            objects.append(instance)
        with _AsGiven(fields):
            model._base_manager.bulk_create(objects)
        count += len(objects)
    return count


def _value(field: models.Field, value):
    """A JSON value as the field holds it. JSON fields are taken as they are: "1" there is a text, not a number."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(value)
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return field.to_python(value)


class _AsGiven:
    """Keeps auto_now fields from writing the time of the restore over the time that was stored."""

    def __init__(self, fields):
        self.fields = [
            f for f in fields if getattr(f, "auto_now", False) or getattr(f, "auto_now_add", False)
        ]

    def __enter__(self):
        self.kept = [(f, f.auto_now, f.auto_now_add) for f in self.fields]
        for field in self.fields:
            field.auto_now = field.auto_now_add = False

    def __exit__(self, *_error):
        for field, auto_now, auto_now_add in self.kept:
            field.auto_now, field.auto_now_add = auto_now, auto_now_add


def _batches(rows: Iterator) -> Iterator[list]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _swap(new: Path, old: Path) -> None:
    """Puts the unpacked uploads in the place of the present ones."""
    new.mkdir(exist_ok=True)
    aside = old.with_name(f"{old.name}.before-restore")
    shutil.rmtree(aside, ignore_errors=True)
    if old.exists():
        old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)
