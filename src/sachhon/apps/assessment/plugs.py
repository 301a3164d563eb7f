"""What the assessment room puts into the search field and on a facility's page."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sachhon.apps.assessment.models import (
    Assessment,
    AssessmentState,
    Attachment,
    Kind,
    Option,
    OptionState,
)
from sachhon.apps.assessment.queries.attachments import may_see
from sachhon.apps.assessment.queries.options import options_at
from sachhon.apps.assessment.queries.verified import on_changed_records
from sachhon.apps.people.finder import Hit
from sachhon.apps.people.models import Role
from sachhon.apps.people.today import TodayItem
from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.pages import Box, Event
from sachhon.apps.registry.papers import Paper

REPORTS = {Kind.QUICK: "assessment:quick_report", Kind.DETAILED: "assessment:detailed_report"}
MOST_LATE = 5  # lines on the page Today; the next come up when these are done


def find(user, folded: str, limit: int) -> list[Hit]:
    """Assessments by the facility's name or code, the newest first; nothing for who opens none."""
    if not user.may("assessment.view"):
        return []
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
    """When the facility's assessments were opened and signed off; nothing for who opens none."""
    if not user.may("assessment.view"):
        return []
    found = []
    for a in Assessment.objects.visible_to(user).filter(facility=facility):
        url, icon = reverse("assessment:assessment", args=[a.pk]), "clipboard-check"
        opened = timezone.localtime(a.opened_at).date()
        found.append(Event(opened, str(a.get_kind_display()), a.get_state_display(), url, icon))
    return found


def papers(user, facility: Facility) -> list[Paper]:
    """The reports of assessments that were signed off, and the photos and documents attached to them."""
    if not user.may("assessment.view"):
        return []
    signed = Assessment.objects.visible_to(user).filter(facility=facility, state=AssessmentState.SIGNED)
    found = [
        Paper(
            on=timezone.localtime(a.signed_at or a.opened_at).date(),
            name=str(a.get_kind_display()),
            kind=f"PDF · {a.get_state_display()}",
            url=reverse(REPORTS[a.kind], args=[a.pk, "pdf"]),
            icon="clipboard-check",
            is_download=True,
        )
        for a in signed
    ]
    files = Attachment.objects.visible_to(user).filter(assessment__facility=facility, removed_at=None)
    found += [
        Paper(
            on=timezone.localtime(file.at).date(),
            name=file.caption or file.name,
            kind=f"{file.get_kind_display()} · {file.assessment.get_kind_display()}",
            url=reverse("assessment:attachment", args=[file.assessment_id, file.pk, "lon"]),
            icon="file",
            is_download=file.kind != Attachment.Kind.PHOTO,
        )
        for file in files.select_related("assessment", "measurement", "stock", "verification", "option")
        if may_see(user, file.measurement or file.stock or file.verification or file.option)
    ]
    return found


def boxes(user, facility: Facility, year: int) -> list[Box]:
    """The facility's assessments with where they stand and the way to a new one, and the solutions they found."""
    if not user.may("assessment.view"):
        return []
    rows = Assessment.objects.visible_to(user).filter(facility=facility).select_related("lead")
    context = {
        "assessments": rows,
        "facility": facility,
        "may_begin": user.may("assessment.request"),
        "asks": user.role == Role.FACTORY,
    }
    found = [Box(_("Assessments"), "assessment/parts/facility_box.html", context)]
    if options := options_at(user, facility):
        context = {"options": options, "on_changed_records": on_changed_records(user, facility)}
        found.append(Box(_("Solutions"), "assessment/parts/facility_options.html", context))
    return found


def today_items(user, year: int, day: datetime.date) -> list[TodayItem]:
    """Work of the action plans that should be done by now, a line an assessment, for those who can see to it."""
    if not (user.may("assessment.edit") or user.may("assessment.manage")):
        return []
    rows = Option.objects.visible_to(user).filter(
        deleted_at=None, ends_on__lt=day, state__in=(OptionState.CHOSEN, OptionState.IN_PROGRESS)
    )
    late: dict[Assessment, list[Option]] = {}
    for option in rows.select_related("assessment__facility").order_by("ends_on"):
        late.setdefault(option.assessment, []).append(option)
    return [
        TodayItem(
            kind="late",
            title=ngettext("%(n)d solution is late", "%(n)d solutions are late", len(options))
            % {"n": len(options)},
            detail=f"{assessment.facility.name}: " + ", ".join(o.code for o in options),
            url=reverse("assessment:plan_of_action", args=[assessment.pk]),
            count=len(options),
            due_date=options[0].ends_on,
            level="warning",
        )
        for assessment, options in list(late.items())[:MOST_LATE]
    ]
