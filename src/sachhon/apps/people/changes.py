"""What others changed in the last days, for the page "Today": one line a subject, however many entries it made."""

import datetime
import re
from urllib.parse import urlencode

from django.db.models import Count, Max, QuerySet, Value
from django.db.models.functions import StrIndex, Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from sachhon.apps.people.models import AuditEntry
from sachhon.apps.people.today import TodayItem
from sachhon.apps.people.veils import veiled
from sachhon.apps.people.verbs import subject_text, verb_text
from sachhon.documents.numbers import format_number

DAYS = 7
LINES = 8
KEY = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")  # a key of the machine's is no name


def changed_items(user, year: int, day: datetime.date) -> list[TodayItem]:
    """What other people worked on that `user` may look up in the history, the latest first.

    A line counts the things that were changed: a report sent, accepted and locked is one report.
    """
    if not user.may("people.audit.view"):
        return []
    since = day - datetime.timedelta(days=DAYS)
    recent = AuditEntry.objects.visible_to(user).filter(at__date__gte=since).exclude(actor=user)
    recent = recent.order_by().annotate(subject=Substr("verb", 1, StrIndex("verb", Value(".")) - 1))
    subjects = recent.values("subject").annotate(
        things=Count("object_id", distinct=True), entries=Count("pk"), last=Max("pk")
    )
    subjects = list(subjects.order_by("-last")[:LINES])
    verbs = _verbs(recent)
    found = AuditEntry.objects.filter(pk__in=[one["last"] for one in subjects])
    latest = {e.pk: e for e in veiled(user, found)}
    return [
        TodayItem(
            kind="changed",
            title=subject_text(one["subject"]),
            detail=_detail(latest[one["last"]], verbs[one["subject"]]),
            url=_url(one["subject"], since),
            count=one["things"],
        )
        for one in subjects
    ]


def _verbs(recent: QuerySet) -> dict[str, list[tuple[str, int]]]:
    """Subject → what was done and to how many, the most frequent first."""
    found: dict[str, list[tuple[str, int]]] = {}
    rows = recent.values_list("subject", "verb").annotate(things=Count("object_id", distinct=True))
    for subject, verb, things in rows.order_by("-things", "verb"):
        found.setdefault(subject, []).append((verb, things))
    return found


def _detail(entry: AuditEntry, verbs: list[tuple[str, int]]) -> str:
    done = ", ".join(f"{verb_text(verb)} ({format_number(n)})" for verb, n in verbs)
    what = "" if KEY.fullmatch(entry.object_label) else entry.object_label
    last = ", ".join(filter(None, (entry.actor_name, what)))
    return f"{done} · " + _("last: %(last)s") % {"last": last}


def _url(subject: str, since: datetime.date) -> str:
    return f"{reverse('people:history')}?{urlencode({'verb': subject + '.', 'since': since.isoformat()})}"
