"""What the assessment room puts into the search field and on a facility's page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.people.finder import Hit
from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.pages import Box, Event


def find(user, folded: str, limit: int) -> list[Hit]:
    """Assessments by the facility's name or code, the newest first."""
    rows = Assessment.objects.visible_to(user).select_related("facility")
    for word in folded.split():
        rows = rows.filter(facility__search_key__contains=word)
    return [
        Hit(
            title=a.get_kind_display(),
            detail=f"{a.facility.name} · {a.get_state_display()}",
            url=reverse("assessment:assessment", args=[a.pk]),
            icon="clipboard-check",
        )
        for a in rows[:limit]
    ]


def events(user, facility: Facility) -> list[Event]:
    """When the facility's assessments were opened and signed off."""
    found = []
    for a in Assessment.objects.visible_to(user).filter(facility=facility):
        url, icon = reverse("assessment:assessment", args=[a.pk]), "clipboard-check"
        opened = timezone.localtime(a.opened_at).date()
        found.append(Event(opened, str(a.get_kind_display()), a.get_state_display(), url, icon))
    return found


def boxes(user, facility: Facility, year: int) -> list[Box]:
    """The facility's assessments with where they stand, and the way to a new one."""
    if not user.may("assessment.view"):
        return []
    rows = Assessment.objects.visible_to(user).filter(facility=facility).select_related("lead")
    context = {"assessments": rows, "facility": facility, "may_begin": user.may("assessment.request")}
    return [Box(_("Assessments"), "assessment/parts/facility_box.html", context)]
