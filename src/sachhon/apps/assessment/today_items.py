"""What quick assessments put on the page "Today": follow-ups that are due, and self-assessments to review."""

import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, AssessmentState
from sachhon.apps.assessment.queries.quick_follow import due
from sachhon.apps.people.models import Role
from sachhon.apps.people.today import TodayItem

AHEAD = 14  # days before a follow-up is due from which it is shown
SHOWN = 5


def today_items(user, year: int, day: datetime.date) -> list[TodayItem]:
    """The team and the factory: follow-ups. The Centre: what factories did by themselves and sent for review."""
    items = []
    if user.may("assessment.edit") and user.role in (Role.FACTORY, Role.EXPERT, Role.CENTRE):
        items += [_follow_up(assessment, one, day) for assessment, one in due(user, day, AHEAD)[:SHOWN]]
    if user.may("assessment.manage"):
        waiting = (
            Assessment.objects.visible_to(user)
            .filter(state=AssessmentState.IN_REVIEW, by_factory=True)
            .count()
        )
        if waiting:
            url = f"{reverse('assessment:assessments')}?state={AssessmentState.IN_REVIEW}"
            title = _("Self-assessments of factories to review")
            items.append(TodayItem("waiting", title, url, count=waiting))
    return items


def _follow_up(assessment: Assessment, one, day: datetime.date) -> TodayItem:
    late = one.due_on < day
    return TodayItem(
        kind="late" if late else "due",
        title=_("Follow-up after %(n)s months: %(name)s")
        % {"n": one.months, "name": assessment.facility.name},
        url=f"{reverse('assessment:quick_follow', args=[assessment.pk])}?thang={one.months}",
        detail=_("Say how far each of the options is."),
        due_date=one.due_on,
        level="danger" if late else "warning",
    )
