"""Changing a flow-sheet: several rows in one act, merged field by field with what others changed meanwhile.

The page says which version of a row a person saw and which fields they changed. A field nobody else changed since
is stored; one that somebody did change is not: it comes back as a conflict, theirs beside mine, and the person
decides. An act is undone as a whole, by the same rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, FlowAct, FlowChange
from sachhon.apps.assessment.models.flow import FlowRow
from sachhon.apps.assessment.models.flow_kinds import LETTERS, ROWS
from sachhon.apps.assessment.services.errors import AssessmentError, FieldsWrong, RowsWrong
from sachhon.apps.assessment.services.flow.fields import read, settle
from sachhon.apps.assessment.services.flow.readers import Place
from sachhon.apps.assessment.services.flow.row_fields import FIELDS, NEEDED
from sachhon.apps.assessment.services.flow.secrets import close_figures, masked
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.reference.numbers import format_number

SILENT = {"x", "y"}  # moving a box is no news for the history
LINKS = {"records"}  # keys of other rows, which tell a reader of the history nothing


@dataclass(frozen=True)
class Edit:
    """What is wanted of one row: a new one where `row` is None, else fields of the row seen at `version`."""

    kind: str
    values: Mapping[str, Any]
    row: int | None = None
    version: int = 0
    code: str = ""  # a wished code of a new row, for a file that was made elsewhere


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: nothing was stored for it."""

    kind: str
    row: int
    code: str
    version: int  # of the row as it stands: save again with it to keep yours
    field: str
    mine: Any
    theirs: Any
    by: str


@dataclass
class Outcome:
    """What became of an act."""

    rows: list[FlowRow] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    seq: int = 0


@transaction.atomic
def change(actor: User, assessment: Assessment, edits: Sequence[Edit]) -> Outcome:
    """Stores an act; `FieldsWrong` refuses it whole, a conflict keeps back only the fields it is about."""
    stored = locked_for_edit(actor, assessment)
    return _store(actor, stored, edits)


@transaction.atomic
def undo(actor: User, assessment: Assessment) -> Outcome:
    """Takes back the person's own last act that still stands."""
    stored = locked_for_edit(actor, assessment)
    act = _own_acts(actor, stored, FlowAct.State.DONE).order_by("-pk").first()
    if act is None:
        raise AssessmentError(_("There is nothing of yours to undo."))
    return _again(actor, stored, act, undone=True)


@transaction.atomic
def redo(actor: User, assessment: Assessment) -> Outcome:
    """Does again what the person last undid, unless they did something new since."""
    stored = locked_for_edit(actor, assessment)
    act = _own_acts(actor, stored, FlowAct.State.UNDONE).order_by("pk").first()
    if act is None:
        raise AssessmentError(_("There is nothing to do again."))
    return _again(actor, stored, act, undone=False)


def _again(actor: User, assessment: Assessment, act: FlowAct, *, undone: bool) -> Outcome:
    """The other side of an act's changes, as an act of its own that knows which one it takes back."""
    changes = list(act.changes.order_by("-pk" if undone else "pk"))
    edits = []
    for c in changes:
        values = c.before if undone else c.after
        if not c.before:  # the act made the row
            values = {"removed": undone}
        row = ROWS[c.kind].objects.get(pk=c.row)
        # What the row holds now must be what the act left: a field that changed since is somebody's newer wish.
        left = (c.after if undone else c.before) or {"removed": not undone}
        kept = {
            k: _as_typed(row, k, v)
            for k, v in values.items()
            if k in FIELDS[c.kind] and _stored(row, k) == left.get(k)
        }
        edits.append(Edit(c.kind, kept, row.pk, row.version))
    outcome = _store(actor, assessment, [e for e in edits if e.values], takes_back=act)
    FlowAct.objects.filter(pk=act.pk).update(state=FlowAct.State.UNDONE if undone else FlowAct.State.DONE)
    return outcome


def _own_acts(actor: User, assessment: Assessment, state: FlowAct.State):
    return FlowAct.objects.filter(assessment=assessment, by=actor, takes_back=None, state=state)


def _store(
    actor: User, assessment: Assessment, edits: Sequence[Edit], takes_back: FlowAct | None = None
) -> Outcome:
    act = FlowAct.objects.create(
        assessment=assessment, by=actor, by_name=actor.display_name(), takes_back=takes_back
    )
    if takes_back is None:
        _own_acts(actor, assessment, FlowAct.State.UNDONE).update(state=FlowAct.State.GONE)
    outcome, place, told = Outcome(), Place(assessment), []
    numbers: dict[str, int] = {}
    wrong: dict[int, dict[str, str]] = {}
    for number, edit in enumerate(edits):
        try:
            if edit.row is None:
                _add(act, place, edit, outcome, told, numbers)
            else:
                _amend(act, place, edit, outcome, told)
        except FieldsWrong as error:
            if len(edits) == 1:
                raise
            wrong[number] = error.fields
    if wrong:
        raise RowsWrong(wrong)  # the transaction ends here: nothing of the act is stored
    last = act.changes.order_by("-pk").first()
    outcome.seq = last.pk if last else 0
    if last is None:
        act.delete()
    loud = [t for t in told if set(t["fields"]) - SILENT]
    if loud:
        close_figures(assessment)
        audit.record(actor, "flow.change", assessment, after={"rows": loud[:40], "count": len(loud)})
    return outcome


def _add(act, place: Place, edit: Edit, outcome: Outcome, told: list, numbers: dict[str, int]) -> None:
    values = read(edit.kind, edit.values, place)
    missing = {name: _("Fill this in.") for name in NEEDED[edit.kind] if values.get(name) in (None, "")}
    if missing:
        raise FieldsWrong(missing)
    row = ROWS[edit.kind](assessment=place.assessment, **values)
    row.code = _code(edit, place.assessment, numbers)
    settle(row)
    row.save()
    place.add(edit.kind, row)
    after = {name: _stored(row, name) for name in FIELDS[edit.kind]}
    FlowChange.objects.create(act=act, kind=edit.kind, row=row.pk, version=1, before={}, after=after)
    told.append(
        {
            "code": row.code,
            "fields": masked(row, {k: v for k, v in after.items() if v not in (None, "") and k not in LINKS}),
        }
    )
    outcome.rows.append(row)


def _amend(act, place: Place, edit: Edit, outcome: Outcome, told: list) -> None:
    row = ROWS[edit.kind].objects.filter(assessment=place.assessment, pk=edit.row).first()
    if row is None:
        raise AssessmentError(_("This row is not in the flow-sheet any more."))
    values = read(edit.kind, edit.values, place)
    since = list(
        FlowChange.objects.filter(kind=edit.kind, row=row.pk, version__gt=edit.version)
        .select_related("act")
        .order_by("pk")
    )
    before, kept = {}, {}
    for name, value in values.items():
        old = _stored(row, name)
        setattr(row, name, value)
        new = _stored(row, name)
        setattr(row, name, _value(row, name, old))
        if new == old:
            continue
        theirs = next((c for c in reversed(since) if name in c.after), None)
        if theirs is not None and new == next(c for c in since if name in c.before).before[name]:
            continue  # as this person saw it: the newer value of somebody else stays
        if theirs is not None:
            outcome.conflicts.append(
                Conflict(
                    edit.kind, row.pk, row.code, row.version, name,
                    shown(row, name, new), shown(row, name, old), theirs.act.by_name,
                )
            )  # fmt: skip
            continue
        before[name], kept[name] = old, value
    if not kept:
        if not outcome.conflicts:
            outcome.rows.append(row)
        return
    for name, value in kept.items():
        setattr(row, name, value)
    settle(row)
    row.version += 1
    row.save()
    place.forget()
    after = {name: _stored(row, name) for name in kept}
    FlowChange.objects.create(
        act=act, kind=edit.kind, row=row.pk, version=row.version, before=before, after=after
    )
    told.append({"code": row.code, "fields": masked(row, {k: v for k, v in after.items() if k not in LINKS})})
    outcome.rows.append(row)


def _code(edit: Edit, assessment: Assessment, numbers: dict[str, int]) -> str:
    """The wished code where it is free, else the next number of its kind."""
    model = ROWS[edit.kind]
    wished = edit.code.strip()[:12]
    if wished and not model.objects.filter(assessment=assessment, code=wished).exists():
        return wished
    letter = LETTERS[edit.kind]
    if edit.kind not in numbers:
        taken = model.objects.filter(assessment=assessment, code__startswith=letter).values_list(
            "code", flat=True
        )
        numbers[edit.kind] = max((int(c[1:]) for c in taken if c[1:].isdigit()), default=0)
    numbers[edit.kind] += 1
    return f"{letter}{numbers[edit.kind]}"


def _stored(row: FlowRow, name: str) -> Any:
    """A field as plain JSON; another row by its key."""
    value = row._meta.get_field(name).value_from_object(row)
    return _shortest(audit.plain(value))


def _shortest(value: Any) -> Any:
    """Decimals as text without zeros at the end: 5 and 5.000000000 are the same value."""
    if isinstance(value, str) and "." in value and value.replace(".", "", 1).replace("-", "", 1).isdigit():
        return value.rstrip("0").rstrip(".")
    return value


def _value(row: FlowRow, name: str, stored: Any) -> Any:
    """The Python value of a stored one; of another row, the row."""
    column = row._meta.get_field(name)
    if isinstance(column, models.ForeignKey):
        return column.related_model._base_manager.filter(pk=stored).first() if stored else None
    return column.to_python(stored)


def _as_typed(row: FlowRow, name: str, stored: Any) -> Any:
    """A stored value as `read` takes it: a number as a number, since "1.234" would be read as people write it."""
    column = row._meta.get_field(name)
    return column.to_python(stored) if isinstance(column, models.DecimalField) else stored


def shown(row: FlowRow, name: str, stored: Any) -> Any:
    """A stored value as people know it: the name of a row, the word of a choice."""
    column = row._meta.get_field(name)
    if isinstance(column, models.ForeignKey):
        found = _value(row, name, stored)
        return "–" if found is None else getattr(found, "name", str(found))
    if column.choices:
        return str(dict(column.flatchoices).get(stored, stored))
    if isinstance(column, models.DecimalField) and stored not in (None, ""):
        return format_number(Decimal(str(stored)), "en" if get_language() == "en" else "vi")
    return stored
