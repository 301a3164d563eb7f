"""What the inbox puts on the page "Today" and into the search field."""

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sachhon.apps.intake import queries
from sachhon.apps.intake.models import ImportFile
from sachhon.apps.people.finder import Hit
from sachhon.apps.people.models import Role
from sachhon.apps.people.today import TodayItem
from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.papers import Paper


def today_items(user, year: int, day) -> list[TodayItem]:
    """Files that wait for a person: to be given a facility, mapped, or put right."""
    if not user.may("intake.file.fix") or user.role == Role.ADMIN:
        return []
    count = queries.counts(user)["open"]
    if not count:
        return []
    return [
        TodayItem(
            kind="waiting",
            title=ngettext("%(n)d file in the inbox", "%(n)d files in the inbox", count) % {"n": count},
            detail=_("Not taken yet: see what is wrong in them and read them again."),
            url=reverse("intake:inbox") + "?state=open",
            count=count,
            level="warning",
        )
    ]


def papers(user, facility: Facility) -> list[Paper]:
    """The workbooks and bills sent for a facility, but those set aside."""
    if not user.may("intake.inbox.view"):
        return []
    rows = (
        ImportFile.objects.visible_to(user)
        .filter(facility=facility)
        .exclude(state=ImportFile.State.SET_ASIDE)
    )
    return [
        Paper(
            on=localtime(file.job.created_at).date(),
            name=file.name,
            kind=f"{_('File sent')} · {file.get_state_display()}",
            url=reverse("intake:file", args=[file.pk]),
            icon="file-spreadsheet",
        )
        for file in rows.select_related("job")
    ]


def find(user, folded: str, limit: int) -> list[Hit]:
    """Files by their name."""
    if not user.may("intake.inbox.view"):
        return []
    rows = ImportFile.objects.visible_to(user).select_related("facility")
    for word in folded.split():
        rows = rows.filter(name_key__contains=word)
    return [
        Hit(
            title=file.name,
            detail=" · ".join(
                filter(None, [file.get_state_display(), file.facility.name if file.facility else ""])
            ),
            url=reverse("intake:file", args=[file.pk]),
            icon="file-spreadsheet",
        )
        for file in rows.order_by("-pk")[:limit]
    ]
