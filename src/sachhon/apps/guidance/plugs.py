"""What the library puts on the page "Today" and into the search field."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sachhon.apps.guidance.models import Kind, LibraryItem, LibraryVersion, State
from sachhon.apps.guidance.words import word
from sachhon.apps.people.finder import Hit
from sachhon.apps.people.models import Role
from sachhon.apps.people.today import TodayItem

ICONS = {
    Kind.OPTION: "bulb",
    Kind.CHECKLIST: "checklist",
    Kind.BENCHMARK: "chart-bar",
    Kind.CASE: "building-factory-2",
}


def find(user, folded: str, limit: int) -> list[Hit]:
    """Library items by code or name."""
    rows = LibraryItem.objects.visible_to(user)
    for part in folded.split():
        rows = rows.filter(search_key__contains=part)
    return [
        Hit(
            title=item.name,
            detail=f"{item.get_kind_display()} · {item.code}"
            + (f" · {word('system', item.system)}" if item.system else ""),
            url=reverse("guidance:item", args=[item.kind, item.code]),
            icon=ICONS[Kind(item.kind)],
        )
        for item in rows[:limit]
    ]


def today_items(user, year: int, day) -> list[TodayItem]:
    """Drafts that wait for this person's review, reviewed ones to publish, conflicts with a newer data file."""
    if not user.may("guidance.library.review") or user.role == Role.ADMIN:
        return []
    home = reverse("guidance:home")
    drafts = LibraryVersion.objects.filter(state=State.DRAFT)
    to_review = sum(user.pk not in authors for authors in drafts.values_list("authors", flat=True))
    found = []
    if to_review:
        words = ngettext(
            "%(n)d draft of the library to review", "%(n)d drafts of the library to review", to_review
        )
        found.append(TodayItem("waiting", words % {"n": to_review}, f"{home}?state=draft", count=to_review))
    if not user.may("guidance.library.publish"):
        return found
    ready = LibraryVersion.objects.filter(state=State.REVIEWED).count()
    if ready:
        words = ngettext(
            "%(n)d reviewed item of the library to publish",
            "%(n)d reviewed items of the library to publish",
            ready,
        )
        found.append(TodayItem("waiting", words % {"n": ready}, f"{home}?state=reviewed", count=ready))
    conflicts = LibraryItem.objects.exclude(file_content=None).count()
    if conflicts:
        words = ngettext(
            "%(n)d item of the library has a newer data file",
            "%(n)d items of the library have a newer data file",
            conflicts,
        )
        detail = _("Your edit stands; decide whether to take what the file says.")
        found.append(
            TodayItem(
                "waiting",
                words % {"n": conflicts},
                f"{home}?state=conflict",
                detail,
                conflicts,
                level="warning",
            )
        )
    return found
