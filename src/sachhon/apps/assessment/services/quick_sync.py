"""Taking what phones send: each change once, field by field, and never one person's answer over another's.

A change carries the version its writer saw. It is taken where nobody else has changed the field since (what the
same device sent in between counts as seen), and is nothing new where the field already says the same. Else it
is kept beside what stands until a person chooses. A change is known by the id that the device made, so that one
sent again after a lost connection is answered as the first time.
"""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Answer, Assessment, Change, QuickSheet, Reply
from sachhon.apps.assessment.services.errors import AlreadyMoved, AssessmentError
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.people import audit
from sachhon.apps.people.models import User

MOST_AT_ONCE = 200
LONGEST = 4000
NO_VERSION = 2**31 - 1


@dataclass(frozen=True)
class Sent:
    """One change as it came in."""

    id: uuid.UUID
    question: str
    field: str
    value: str
    base: int
    made_at: datetime.datetime | None = None


@transaction.atomic
def take(actor: User, assessment: Assessment, sent: Sequence[Sent], *, device: str = "") -> list[Change]:
    """Takes the changes in their order; returns what became of each. All or nothing of one sending is stored."""
    stored = locked_for_edit(actor, assessment)
    sheet = sheet_of(stored)
    if len(sent) > MOST_AT_ONCE:
        raise AssessmentError(_("At most %(n)s changes at once: send the rest after.") % {"n": MOST_AT_ONCE})
    asked = {q["code"] for q in sheet.questions}
    for one in sent:
        _check(one, asked)
    known = {c.pk: c for c in Change.objects.filter(pk__in=[one.id for one in sent])}
    answers = {a.question: a for a in sheet.answers.all()}
    done: list[Change] = []
    for one in sent:
        before = known.get(one.id)
        if before is None:
            answer = answers.setdefault(one.question, Answer(sheet=sheet, question=one.question))
            before = known[one.id] = _apply(actor, sheet, answer, one, device)
        elif before.sheet_id != sheet.pk or before.by_id != actor.pk:
            raise AssessmentError(_("The change %(id)s belongs to somebody else.") % {"id": one.id})
        done.append(before)
    return done


@transaction.atomic
def settle(actor: User, change: Change, *, keep_stored: bool, seen: int, now: datetime.datetime) -> Answer:
    """Chooses between what stands and what waits beside it; `seen` is the version that was looked at."""
    stored = locked_for_edit(actor, change.sheet.assessment)
    waiting = Change.objects.select_for_update().get(pk=change.pk)
    answer = waiting.sheet.answers.get(question=waiting.question)
    current = getattr(answer, f"{waiting.field}_version")
    if waiting.outcome != Change.Outcome.CONFLICT or waiting.settled_at is not None:
        raise AlreadyMoved(_("Somebody else has already chosen here."))
    if current != seen:
        raise AlreadyMoved(_("The answer was changed again in the meantime: look at both once more."))
    before = getattr(answer, waiting.field)
    if not keep_stored:
        _set(answer, waiting.field, waiting.value, current + 1, waiting.by_name)
        waiting.version = current + 1
    waiting.settled_at, waiting.settled_by = now, actor
    waiting.save(update_fields=["settled_at", "settled_by", "version"])
    audit.record(
        actor,
        "assessment.settle",
        stored,
        before={waiting.question: before},
        after={waiting.question: getattr(answer, waiting.field), "beside": waiting.value},
    )
    return answer


def sheet_of(assessment: Assessment) -> QuickSheet:
    """The checklist of a quick assessment."""
    sheet = QuickSheet.objects.filter(assessment=assessment).first()
    if sheet is None:
        raise AssessmentError(_("This assessment has no checklist: it is not a quick one."))
    return sheet


def _check(one: Sent, asked: set[str]) -> None:
    if one.question not in asked:
        raise AssessmentError(
            _("Question “%(code)s” is not on this checklist: open the checklist again.")
            % {"code": one.question[:64]}
        )
    fits = one.value in ("", *Reply.values) if one.field == Change.Field.ANSWER else len(one.value) <= LONGEST
    if one.field not in Change.Field.values or not fits or not 0 <= one.base <= NO_VERSION:
        raise AssessmentError(
            _(
                "The answer to “%(code)s” cannot be read: choose one of the four, and write at most %(n)s letters."
            )
            % {"code": one.question, "n": LONGEST}
        )


def _apply(actor: User, sheet: QuickSheet, answer: Answer, one: Sent, device: str) -> Change:
    current = getattr(answer, f"{one.field}_version")
    standing = getattr(answer, one.field)
    version = current
    if one.value == standing:
        outcome = Change.Outcome.SAME
    elif one.base == current or _all_mine(sheet, one, device):
        outcome, version = Change.Outcome.TAKEN, current + 1
        _set(answer, one.field, one.value, version, actor.display_name())
    else:
        outcome = Change.Outcome.CONFLICT
    return Change.objects.create(
        id=one.id,
        sheet=sheet,
        question=one.question,
        field=one.field,
        value=one.value,
        base=one.base,
        outcome=outcome,
        version=version,
        by=actor,
        by_name=actor.display_name(),
        device=device[:36],
        made_at=one.made_at,
    )


def _all_mine(sheet: QuickSheet, one: Sent, device: str) -> bool:
    """Whether every change since the version seen came from this very device, which therefore knew of it."""
    if not device:
        return False
    since = sheet.changes.filter(question=one.question, field=one.field, version__gt=one.base)
    since = since.exclude(outcome=Change.Outcome.SAME)
    return not since.exclude(device=device).exists()


def _set(answer: Answer, field: str, value: str, version: int, by_name: str) -> None:
    setattr(answer, field, value)
    setattr(answer, f"{field}_version", version)
    answer.by_name = by_name
    answer.save()
