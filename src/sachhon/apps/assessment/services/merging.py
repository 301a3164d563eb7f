"""Two people change the same row: the later one's fields are laid over the earlier's, what collides is shown.

Everyone sends the version the form was opened on. From the history of the row the values at that version are
read back; what the sender changed against them is kept, what others changed since is kept too. Only a field that
both changed, to different values, stops the save: nothing is stored then, and both values are told.

A JSON object counts key by key: two people who each fill another resource of `savings` do not collide.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, RowChange
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.people import audit
from sachhon.apps.people.models import User


@dataclass(frozen=True)
class Clash:
    """One field that two people changed: its path ("name", "savings.electricity") and both values as plain JSON."""

    field: str
    mine: object
    theirs: object
    by: str


class Collision(AssessmentError):
    """The row was changed meanwhile in the same fields; nothing was stored.

    merged : the values with both people's changes in, the sender's where they clash: what a form goes on with, on
    top of `version`.
    """

    def __init__(self, clashes: list[Clash], version: int, merged: dict[str, object]):
        super().__init__(
            _("Somebody else changed the same fields in the meantime. Nothing was overwritten: choose below.")
        )
        self.clashes = clashes
        self.version = version
        self.merged = merged


def row_key(row: models.Model) -> str:
    """How the history calls a row: "option:12"."""
    return f"{row._meta.model_name}:{row.pk}"


def merge(
    actor: User,
    assessment: Assessment,
    row: models.Model,
    typed: Mapping[str, object],
    version: int,
    *,
    reason: str = "",
    keep: Collection[str] = (),
) -> list[str]:
    """Lays `typed` (field → value as the model keeps it) over `row`, which was locked by the caller; saves it.

    keep : paths whose stored value stays, whatever was typed. Returns the paths that changed, none where nothing
    did. Raises Collision.
    """
    stored = flat({name: _plain(row, name) for name in typed})
    mine = flat({name: audit.plain(value) for name, value in typed.items()})
    later = list(RowChange.objects.filter(row=row_key(row), version__gt=version).order_by("version"))
    base, changed_by = dict(stored), {}
    for change in reversed(later):
        base |= {path: value for path, value in change.before.items() if path in base or path in mine}
        changed_by |= dict.fromkeys(change.after, change.by_name)
    paths = sorted(base.keys() | mine.keys() | stored.keys())
    changes = {p: mine.get(p) for p in paths if p not in keep and not same(mine.get(p), base.get(p))}
    clashes = [
        Clash(p, value, stored.get(p), changed_by[p])
        for p, value in changes.items()
        if p in changed_by and not same(value, stored.get(p))
    ]
    if clashes:
        raise Collision(clashes, row.version, deep({**stored, **changes}, typed))
    changes = {p: value for p, value in changes.items() if not same(value, stored.get(p))}
    if not changes:
        return []
    _lay(row, typed, changes)
    row.version += 1
    _clean(row, typed)
    row.save()
    log(
        actor,
        assessment,
        row,
        before={p: stored.get(p) for p in changes},
        after=changes,
        reason=reason,
    )
    return list(changes)


def log(actor: User, assessment: Assessment, row, *, before: dict, after: dict, reason: str = "") -> None:
    """Writes one change of a row whose version was raised already."""
    RowChange.objects.create(
        assessment=assessment,
        row=row_key(row),
        version=row.version,
        before=before,
        after=after,
        reason=reason.strip()[:512],
        by=actor,
        by_name=actor.display_name(),
    )


def flat(values: Mapping[str, object]) -> dict[str, object]:
    """{"savings": {"coal": …}} → {"savings.coal": …}: objects one level deep, everything else as it is."""
    found: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            found[name] = value
    return found


def deep(values: Mapping[str, object], like: Mapping[str, object]) -> dict[str, object]:
    """The way back from `flat`, for the fields of `like`."""
    found: dict[str, object] = {
        name: {} if isinstance(value, Mapping) else value for name, value in like.items()
    }
    for path, value in values.items():
        name, _dot, key = path.partition(".")
        if key and value not in (None, "", {}):
            found[name][key] = value
        elif not key:
            found[name] = value
    return found


def same(a: object, b: object) -> bool:
    """Whether two plain values say the same; an absent one is an empty one."""
    empty = (None, "", [], {})
    return (a in empty and b in empty) or json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def _clean(row: models.Model, typed: Mapping[str, object]) -> None:
    """The model's own checks of what was typed, told as every other refusal."""
    try:
        row.full_clean(
            exclude=[f.name for f in row._meta.fields if f.name not in typed], validate_unique=False
        )
    except ValidationError as error:
        raise AssessmentError(" ".join(error.messages)) from error


def _plain(row: models.Model, name: str) -> object:
    return audit.plain(row._meta.get_field(name).value_from_object(row))


def _lay(row: models.Model, typed: Mapping[str, object], changes: Mapping[str, object]) -> None:
    for path, value in changes.items():
        name, _dot, key = path.partition(".")
        if not key:
            setattr(row, row._meta.get_field(name).attname, typed[name])
            continue
        whole = dict(getattr(row, name))
        if value in (None, "", {}):
            whole.pop(key, None)
        else:
            whole[key] = value
        setattr(row, name, whole)
