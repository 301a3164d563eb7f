"""Reminders to factories whose report is not in: when they are due, who gets one, and sending them once.

A step of the series (30, 14, 7, 1 days before and after the deadline) that was missed because nobody ran the
command is not sent late: only the newest due step goes out. By hand an officer reminds whom he likes.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting.deadlines import reminder_offsets, report_due
from sachhon.apps.reporting.models import AnnualReport, Reminder
from sachhon.apps.reporting.queries.begun import begun
from sachhon.apps.reporting.services import letters


@dataclass(frozen=True)
class DueReminder:
    """One reminder to send: to whom, about which year, which step of the series (None: by hand)."""

    facility: Facility
    year: int
    offset_days: int | None
    email: str


@dataclass(frozen=True)
class Sent:
    """What became of one reminder; `message` says why it was not sent."""

    facility: Facility
    ok: bool
    message: str


def due_reminders(today: datetime.date, facilities=None) -> list[DueReminder]:
    """The reminders that the series calls for on `today` and that were not sent yet.

    `facilities`: a queryset to look among; all operating ones when None.
    """
    found = []
    for year in (today.year - 1, today.year):
        offset = _step(today, year)
        if offset is None:
            continue
        # Having been sent this step, or any later one, settles it.
        sent = Reminder.objects.filter(year=year, offset_days__gte=offset).values("facility_id")
        for facility in non_reporters(year, facilities).exclude(pk__in=sent):
            found.append(DueReminder(facility, year, offset, facility.contact_email))
    return found


def non_reporters(year: int, facilities=None):
    """The operating facilities, begun by that year, that have not sent a report of it."""
    facilities = begun(Facility.objects.all() if facilities is None else facilities, year)
    reported = AnnualReport.objects.filter(year=year, first_submitted_at__isnull=False).values("facility_id")
    return facilities.filter(status=Facility.Status.OPERATING, merged_into=None).exclude(pk__in=reported)


def send_reminders(actor: User | None, today: datetime.date) -> list[Sent]:
    """Sends what is due; `actor` None is the clock (the command run daily)."""
    facilities = None
    if actor is not None:
        require(actor, "reporting.reminder.send")
        facilities = Facility.objects.visible_to(actor)
    return [_send(actor, reminder, today) for reminder in due_reminders(today, facilities)]


def remind(actor: User, facilities: Iterable[Facility], year: int, today: datetime.date) -> list[Sent]:
    """Reminds these facilities now, whatever the series says; those that have reported are passed over."""
    require(actor, "reporting.reminder.send")
    wanted = [facility.pk for facility in facilities]
    missing = set(
        non_reporters(year, Facility.objects.visible_to(actor).filter(pk__in=wanted)).values_list(
            "pk", flat=True
        )
    )
    today_already = set(
        Reminder.objects.filter(facility__in=wanted, year=year, sent_at__date=today).values_list(
            "facility", flat=True
        )
    )
    results = []
    for facility in Facility.objects.visible_to(actor).filter(pk__in=wanted):
        if facility.pk not in missing:
            results.append(Sent(facility, False, _("has reported already")))
        elif facility.pk in today_already:
            results.append(Sent(facility, False, _("was reminded already")))
        else:
            results.append(_send(actor, DueReminder(facility, year, None, facility.contact_email), today))
    return results


def _step(today: datetime.date, year: int) -> int | None:
    """The newest step of the series that is due on `today`, while the next one has not come."""
    passed = [offset for offset in reminder_offsets() if (today - report_due(year)).days >= offset]
    if not passed:
        return None
    newest = max(passed)
    # After the last step the series is over; a week is left for a machine that was switched off.
    over = newest == max(reminder_offsets()) and (today - report_due(year)).days > newest + 7
    return None if over else newest


def _send(actor: User | None, reminder: DueReminder, today: datetime.date) -> Sent:
    if not reminder.email:
        return Sent(reminder.facility, False, _("has no e-mail address"))
    try:
        with transaction.atomic():
            row = Reminder.objects.create(
                facility=reminder.facility,
                year=reminder.year,
                offset_days=reminder.offset_days,
                sent_to=reminder.email,
            )
            audit.record(actor, "reminder.send", row, after=audit.snapshot(row))
            again = Reminder.objects.filter(pk=row.pk).delete  # not sent: the next run tries once more
            letters.post("reminder", reminder.email, _words(reminder, today), failed=again)
    except IntegrityError:
        return Sent(reminder.facility, False, _("was reminded already"))
    return Sent(reminder.facility, True, reminder.email)


def _words(reminder: DueReminder, today: datetime.date) -> dict:
    """What the letter says."""
    due = report_due(reminder.year)
    return {
        "facility": reminder.facility,
        "year": reminder.year,
        "last_day": due - datetime.timedelta(days=1),
        "due": due,
        "days": (due - today).days,
        "late_days": (today - due).days + 1,
    }
