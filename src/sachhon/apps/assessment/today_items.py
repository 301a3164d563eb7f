"""What assessments put on the page "Today": requests, one's own work, signatures, follow-ups that are due."""

import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.models import AssessmentState as S
from sachhon.apps.assessment.queries.quick_follow import due
from sachhon.apps.assessment.services.opening import TEAM_ROLES
from sachhon.apps.people.models import Role
from sachhon.apps.people.today import TodayItem

AHEAD = 14  # days before a follow-up is due from which it is shown
SHOWN = 5


def today_items(user, year: int, day: datetime.date) -> list[TodayItem]:
    """The team and the factory: follow-ups. The Centre: requests, and what factories did by themselves."""
    items = _mine(user)
    if user.may("assessment.edit") and user.role in (Role.FACTORY, Role.EXPERT, Role.CENTRE):
        items += [_follow_up(assessment, one, day) for assessment, one in due(user, day, AHEAD)[:SHOWN]]
    if user.may("assessment.manage"):
        seen = Assessment.objects.visible_to(user)
        title = _("Self-assessments of factories to review")
        items += _count(title, seen.filter(state=S.IN_REVIEW, by_factory=True), state=S.IN_REVIEW)
        title = _("Requests of facilities for an assessment")
        items += _count(title, seen.filter(state=S.REQUESTED), state=S.REQUESTED)
    return items


def _mine(user) -> list[TodayItem]:
    """What a person works on, and what waits for their signature."""
    if user.role not in TEAM_ROLES:
        return []
    mine = Assessment.objects.visible_to(user).filter(members__user=user)
    under_way = mine.filter(state=S.UNDERWAY)
    to_sign = mine.filter(state=S.IN_REVIEW, lead=user)
    return [
        *_count(_("Assessments for you to sign off"), to_sign, state=S.IN_REVIEW, whose="mine"),
        *_count(_("Assessments you work on"), under_way, state=S.UNDERWAY, whose="mine"),
    ]


def _count(title: str, rows, **wanted: str) -> list[TodayItem]:
    """One line with how many there are, to the list of them; none where there is none."""
    count = rows.count()
    url = f"{reverse('assessment:assessments')}?{urlencode(wanted)}"
    return [TodayItem("waiting", title, url, count=count)] if count else []


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
