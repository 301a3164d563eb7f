"""What others changed in the last days, for the page "Today": one line a kind of change."""

import datetime
from urllib.parse import urlencode

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _

from sachhon.apps.people.models import AuditEntry
from sachhon.apps.people.today import TodayItem
from sachhon.apps.people.verbs import verb_text

DAYS = 7
LINES = 8


def changed_items(user, year: int, day: datetime.date) -> list[TodayItem]:
    """The latest kinds of change by other people that `user` may look up in the history, newest first."""
    if not user.may("people.audit.view"):
        return []
    since = day - datetime.timedelta(days=DAYS)
    recent = AuditEntry.objects.visible_to(user).filter(at__date__gte=since).exclude(actor=user)
    kinds = list(
        recent.order_by().values("verb").annotate(n=Count("pk"), last=Max("pk")).order_by("-last")[:LINES]
    )
    latest = AuditEntry.objects.in_bulk([kind["last"] for kind in kinds])
    return [_line(latest[kind["last"]], kind["n"], since) for kind in kinds]


def _line(entry: AuditEntry, count: int, since: datetime.date) -> TodayItem:
    query = urlencode({"verb": entry.verb, "since": since.isoformat()})
    return TodayItem(
        kind="changed",
        title=verb_text(entry.verb),
        detail=_("last: %(who)s, %(what)s") % {"who": entry.actor_name, "what": entry.object_label},
        url=f"{reverse('people:history')}?{query}",
        count=count,
    )
