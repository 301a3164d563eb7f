"""What others changed in the last days, for the page "Today": a line for each kind of thing, however many entries
it made."""

import datetime
import re
from collections import Counter
from contextlib import suppress
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Count, Max, QuerySet, Value
from django.db.models.functions import StrIndex, Substr
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sachhon.apps.people.labels import say_anew
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

    A line counts the things that were changed: a report sent, accepted and locked is one report; the yearly figures
    of a facility are a line of their own beside the facilities.
    """
    if not user.may("people.audit.view"):
        return []
    since = day - datetime.timedelta(days=DAYS)
    recent = AuditEntry.objects.visible_to(user).filter(at__date__gte=since).exclude(actor=user)
    recent = recent.order_by().annotate(subject=Substr("verb", 1, StrIndex("verb", Value(".")) - 1))
    kinds = recent.values("subject", "object_type").annotate(
        things=Count("object_id", distinct=True), last=Max("pk")
    )
    kinds = list(kinds.order_by("-last")[:LINES])
    subjects = Counter(one["subject"] for one in kinds)
    verbs = _verbs(recent)
    found = AuditEntry.objects.filter(pk__in=[one["last"] for one in kinds])
    latest = {e.pk: e for e in say_anew(veiled(user, found))}
    return [
        TodayItem(
            kind="changed",
            title=_title(one, several=subjects[one["subject"]] > 1),
            detail=_detail(latest[one["last"]], verbs[one["subject"], one["object_type"]]),
            url=_url(one, since),
            count=one["things"],
        )
        for one in kinds
    ]


def _title(one: dict, *, several: bool) -> str:
    """The subject; where it has things of several kinds, the kind."""
    if several:
        with suppress(LookupError, ValueError):  # of a model that is no more
            return capfirst(apps.get_model(one["object_type"])._meta.verbose_name_plural)
    return subject_text(one["subject"])


def _verbs(recent: QuerySet) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """Subject and kind → what was done and to how many, the most frequent first."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    rows = recent.values_list("subject", "object_type", "verb")
    rows = rows.annotate(things=Count("object_id", distinct=True))
    for subject, kind, verb, things in rows.order_by("-things", "verb"):
        found.setdefault((subject, kind), []).append((verb, things))
    return found


def _detail(entry: AuditEntry, verbs: list[tuple[str, int]]) -> str:
    done = ", ".join(f"{verb_text(verb)} ({format_number(n)})" for verb, n in verbs)
    what = "" if KEY.fullmatch(entry.object_label) else entry.object_label
    last = ", ".join(filter(None, (entry.actor_name, what)))
    return f"{done} · " + _("last: %(last)s") % {"last": last}


def _url(one: dict, since: datetime.date) -> str:
    wanted = {"verb": f"{one['subject']}.", "type": one["object_type"], "since": since.isoformat()}
    return f"{reverse('people:history')}?{urlencode(wanted)}"
