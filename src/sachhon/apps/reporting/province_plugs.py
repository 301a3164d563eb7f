"""What the province's figures put on the page "Today"."""

import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sachhon import reference
from sachhon.apps.people.models import Role
from sachhon.apps.people.today import Bar, Level, TodayItem
from sachhon.apps.programme.models import TargetResult
from sachhon.apps.programme.queries import standings_url
from sachhon.apps.programme.services.targets import code_of
from sachhon.apps.programme.words import province_area
from sachhon.apps.reporting.deadlines import correction_due, report_due
from sachhon.apps.reporting.models import ProvinceReport, ProvinceRollup

READERS = (Role.CENTRE, Role.DEPARTMENT, Role.INSPECTOR, Role.LEADER, Role.MINISTRY)


def today_items(user, year: int, day: datetime.date) -> list[TodayItem]:
    """The year's targets for those who answer for them; for the department the report that is to be issued.

    A leader sees what holds each target back and the report that is awaited; the ministry how every province
    stands and what it has issued.
    """
    if user.role not in READERS or not user.may("reporting.province.view"):
        return []
    results = _results(user, year)
    items = [_target(result) for result in results]
    match user.role:
        case Role.DEPARTMENT | Role.LEADER:
            items += _to_issue(user, year, day)
        case Role.MINISTRY:
            items += _provinces(user, year)
    if user.role == Role.LEADER:
        items += [item for result in results for item in _held_back(result)]
    return items


def _headlines(user, year: int):
    rows = TargetResult.objects.visible_to(user).filter(year=year, headline=True)
    return rows.defer("members").order_by("province_code", "order")


def _results(user, year: int) -> list[TargetResult]:
    """Those of the person's province; of the first with figures for who sees them all."""
    rows = list(_headlines(user, year))
    return [row for row in rows if row.province_code == rows[0].province_code]


def _plan_target(result: TargetResult) -> reference.Target:
    return next(t for t in reference.targets(result.plan_code) if t.code == result.target_code)


def _target(result: TargetResult) -> TodayItem:
    target = _plan_target(result)
    bar = Bar(
        value=result.estimate,
        target=target.value_low,
        target_high=target.value_high,
        low=result.low,
        high=result.high,
        gap=_gap(result),
        figure=code_of(result.target_code, result.province_code, result.year) if result.figure_id else "",
    )
    level: Level = "ok" if result.met == "yes" else "warning" if result.met == "no" else ""
    return TodayItem("target", target.name(_lang()), reverse("reporting:province"), level=level, bar=bar)


def _gap(result: TargetResult) -> str:
    count = result.gap_facilities
    if not count:
        return ""
    return ngettext("%(n)d facility to go", "%(n)d facilities to go", count) % {"n": count}


def _held_back(result: TargetResult) -> list[TodayItem]:
    """Why a target is not met, or cannot be told yet; the line opens the facilities behind the larger reason."""
    if result.met == TargetResult.Met.YES:
        return []
    no = result.known - result.numerator
    reasons = [_gap(result)]
    if no:
        reasons.append(ngettext("%(n)d does not fulfil it", "%(n)d do not fulfil it", no) % {"n": no})
    if result.unknown:
        words = ngettext("nothing is known of %(n)d", "nothing is known of %(n)d", result.unknown)
        reasons.append(words % {"n": result.unknown})
    met = result.met == TargetResult.Met.NO
    return [
        TodayItem(
            "watch",
            _plan_target(result).name(_lang()),
            standings_url(result.target_code, result.year, "no" if no > result.unknown else "unknown"),
            detail=" · ".join([str(result.get_met_display()), *filter(None, reasons)]),
            count=max(no, result.unknown) or None,
            level="danger" if met else "warning",
        )
    ]


def _provinces(user, year: int) -> list[TodayItem]:
    """A line a province with figures or a report: what it issued, and how many of its targets are met."""
    met: dict[str, list[bool]] = {}
    for result in _headlines(user, year):
        met.setdefault(result.province_code, []).append(result.met == TargetResult.Met.YES)
    issued: dict[str, list[ProvinceReport]] = {}
    reports = ProvinceReport.objects.visible_to(user).filter(year=year, state=ProvinceReport.State.ISSUED)
    for report in reports.defer("data").order_by("province_code", "audience", "-issue"):
        issued.setdefault(report.province_code, []).append(report)
    return [
        TodayItem(
            "watch",
            _province_name(code),
            _province_url(code, year, issued.get(code, [])),
            detail=" · ".join([_issued_words(issued.get(code, [])), *_met_words(met.get(code, []))]),
            level="" if code in issued else "info",
        )
        for code in sorted({*met, *issued})
    ]


def _province_name(code: str) -> str:
    area = province_area(code)
    return area.name_en if _lang() == "en" else area.name


def _province_url(code: str, year: int, issued: list[ProvinceReport]) -> str:
    """The report to the ministry where it was issued, else the page of the province."""
    for report in issued:
        if report.audience == ProvinceReport.Audience.MINISTRY:
            return reverse("reporting:province_issued", args=[report.pk])
    return f"{reverse('reporting:province')}?{urlencode({'province': code, 'year': year})}"


def _issued_words(issued: list[ProvinceReport]) -> str:
    if not issued:
        return _("report not issued yet")
    seen = dict.fromkeys(str(report.get_audience_display()) for report in issued)
    return _("report issued to: %(audiences)s") % {"audiences": ", ".join(seen)}


def _met_words(met: list[bool]) -> list[str]:
    if not met:
        return []
    return [_("%(met)d of %(all)d targets met") % {"met": sum(met), "all": len(met)}]


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
            (
                _("Report of the province for %(year)s to issue")
                if user.may("reporting.province.issue")
                else _("Report of the province for %(year)s waits to be issued")
            )
            % {"year": year},
            reverse("reporting:province_reports"),
            detail=", ".join(missing),
            count=len(missing),
            due_date=due,
            level="danger" if day > due else "warning",
        )
    ]


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
