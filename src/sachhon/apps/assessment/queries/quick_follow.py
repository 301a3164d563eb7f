"""What becomes of the advice: the factory's replies, and the follow-ups at 3, 6 and 12 months."""

import calendar
import datetime
from dataclasses import dataclass

from django.utils import timezone

from sachhon.apps.assessment.models import (
    Assessment,
    AssessmentState,
    FollowUp,
    Kind,
    OptionReply,
    QuickSheet,
)
from sachhon.apps.people.models import Role

MONTHS = (3, 6, 12)


@dataclass(frozen=True)
class Round:
    """One follow-up: when it is due, and what was found if it was made."""

    months: int
    due_on: datetime.date
    made: FollowUp | None


def rounds(assessment: Assessment, sheet: QuickSheet) -> list[Round]:
    """The three follow-ups of a signed assessment; none before the signature."""
    if assessment.signed_at is None:
        return []
    signed = timezone.localtime(assessment.signed_at).date()
    made = {f.months: f for f in sheet.follow_ups.all()}
    return [Round(months, after(signed, months), made.get(months)) for months in MONTHS]


def after(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later, or the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def replies(sheet: QuickSheet) -> dict[str, OptionReply]:
    """Option → what the factory says about it."""
    return {r.option: r for r in sheet.option_replies.all()}


def due(user, day: datetime.date, ahead: int) -> list[tuple[Assessment, Round]]:
    """The follow-ups that this person's assessments wait for, due until `ahead` days from `day`, the oldest first."""
    rows = Assessment.objects.visible_to(user).filter(kind=Kind.QUICK, state=AssessmentState.SIGNED)
    if user.role != Role.FACTORY:
        rows = rows.filter(members__user=user)
    until = day + datetime.timedelta(days=ahead)
    found = []
    for assessment in rows.select_related("facility", "quick").filter(quick__isnull=False):
        waiting = [r for r in rounds(assessment, assessment.quick) if r.made is None and r.due_on <= until]
        if waiting:
            found.append((assessment, waiting[-1]))
    return sorted(found, key=lambda pair: pair[1].due_on)
