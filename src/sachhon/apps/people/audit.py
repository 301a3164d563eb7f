"""Writes the history of changes, in the same transaction as the change itself."""

import datetime
import decimal
from collections.abc import Iterable

from django.db import models

from sachhon.apps.people.models import AuditEntry

BATCH = 1000


def snapshot(obj: models.Model, fields: Iterable[str] | None = None) -> dict:
    """The stored values of `obj` as plain JSON, for the before and after of an entry."""
    wanted = set(fields) if fields is not None else None
    return {
        field.name: plain(field.value_from_object(obj))
        for field in obj._meta.concrete_fields
        if (wanted is None or field.name in wanted) and field.name not in {"password", "search_key"}
    }


def plain(value):
    """A JSON value of a field's value; decimals stay exact as text."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    return str(value)


def record(actor, verb: str, obj: models.Model, *, before: dict | None = None, after: dict | None = None):
    """Adds one entry: `actor` did `verb` to `obj`. Only what differs between before and after is kept.

    `obj` may have ``province_code`` and ``enterprise_id`` of its own, or a ``facility`` that has them;
    they decide who sees the entry.
    """
    entry = _entry(actor, verb, obj, before, after)
    entry.save(force_insert=True)
    return entry


def record_many(
    actor,
    verb: str,
    objects: Iterable[models.Model],
    *,
    before: dict | None = None,
    after: dict | None = None,
) -> None:
    """Adds an entry for each of `objects`, all of which went from `before` to `after`, in few statements."""
    entries = [_entry(actor, verb, obj, before, after) for obj in objects]
    for entry in entries:
        entry.set_key()
    AuditEntry.objects.bulk_create(entries, batch_size=BATCH)


def _entry(actor, verb: str, obj: models.Model, before: dict | None, after: dict | None) -> AuditEntry:
    if before is not None and after is not None:
        changed = [k for k in after if before.get(k) != after.get(k)]
        before = {k: before.get(k) for k in changed}
        after = {k: after[k] for k in changed}
    place = getattr(obj, "facility", None) or obj
    return AuditEntry(
        actor=actor,
        actor_name=actor.display_name() if actor is not None else "sachhon",
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:255],
        before=before,
        after=after,
        province_code=getattr(place, "province_code", "") or "",
        enterprise_id=getattr(place, "enterprise_id", None),
    )
