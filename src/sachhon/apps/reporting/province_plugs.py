"""What the province's figures put on the page "Today"."""

import datetime

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sachhon import reference
from sachhon.apps.people.models import Role
from sachhon.apps.people.today import Bar, TodayItem
from sachhon.apps.programme.models import TargetResult
from sachhon.apps.programme.services.targets import code_of
from sachhon.apps.reporting.deadlines import correction_due, report_due
from sachhon.apps.reporting.models import ProvinceReport, ProvinceRollup

READERS = (Role.CENTRE, Role.DEPARTMENT, Role.INSPECTOR, Role.LEADER, Role.MINISTRY)


def today_items(user, year: int, day: datetime.date) -> list[TodayItem]:
    """The year's targets for those who answer for them; for the department, the report that is to be issued."""
    if user.role not in READERS or not user.may("reporting.province.view"):
        return []
    items = [_target(result) for result in _results(user, year)]
    if user.role == Role.DEPARTMENT and user.may("reporting.province.issue"):
        items += _to_issue(user, year, day)
    return items


def _results(user, year: int) -> list[TargetResult]:
    rows = TargetResult.objects.visible_to(user).filter(year=year, headline=True)
    first = rows.order_by("province_code").values_list("province_code", flat=True).first()
    return list(rows.filter(province_code=first).order_by("order"))


def _target(result: TargetResult) -> TodayItem:
    target = next(t for t in reference.targets(result.plan_code) if t.code == result.target_code)
    gap = ""
    if result.gap_facilities:
        count = result.gap_facilities
        gap = ngettext("%(n)d facility to go", "%(n)d facilities to go", count) % {"n": count}
    bar = Bar(
        value=result.estimate,
        target=target.value_low,
        low=result.low,
        high=result.high,
        gap=gap,
        figure=code_of(result.target_code, result.province_code, result.year) if result.figure_id else "",
    )
    level = {"yes": "ok", "no": "warning"}.get(result.met, "")
    title = target.name("en" if get_language() == "en" else "vi")
    return TodayItem("target", title, reverse("reporting:province"), level=level, bar=bar)


def _to_issue(user, year: int, day: datetime.date) -> list[TodayItem]:
    """From the deadline of the factories' reports on, until both reports of the year are out."""
    known = ProvinceRollup.objects.visible_to(user).filter(year=year).exclude(data_vi="").exists()
    if day < report_due(year) or not known:
        return []
    issued = set(
        ProvinceReport.objects.visible_to(user)
        .filter(year=year, state=ProvinceReport.State.ISSUED)
        .values_list("audience", flat=True)
    )
    missing = [str(label) for value, label in ProvinceReport.Audience.choices if value not in issued]
    if not missing:
        return []
    due = correction_due(year)
    return [
        TodayItem(
            "late" if day > due else "due",
            _("Report of the province for %(year)s to issue") % {"year": year},
            reverse("reporting:province_reports"),
            detail=", ".join(missing),
            count=len(missing),
            due_date=due,
            level="danger" if day > due else "warning",
        )
    ]
