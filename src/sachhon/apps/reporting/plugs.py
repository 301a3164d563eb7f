"""What the reporting room puts on the page "Today", into the search field and on a facility's page."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sachhon.apps.people.finder import Hit
from sachhon.apps.people.models import Role
from sachhon.apps.people.scope import Reach
from sachhon.apps.people.today import TodayItem
from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.pages import Box, Event
from sachhon.apps.reporting.deadlines import days_left, report_due
from sachhon.apps.reporting.models import AnnualReport, ReportState
from sachhon.apps.reporting.pages import SLUGS, address
from sachhon.apps.reporting.queries.lists import expected, with_reports
from sachhon.apps.reporting.queries.reports import report_of, total_figures
from sachhon.apps.reporting.services.drafting import EDITABLE

SOON = 30  # days before the deadline from which it is "due soon"
SHOWN_FROM = 92  # days before the deadline from which a factory sees it at all


def today_items(user, year: int, day: datetime.date) -> list[TodayItem]:
    """For a factory: its own report; for officers: what waits for acceptance and who is late."""
    if user.reach in (Reach.OWN, Reach.ASSIGNED):
        return _own_reports(user, year, day) if user.may("reporting.report.edit") else []
    return [*_waiting(user, year), *_late(user, year, day)]


def find(user, folded: str, limit: int) -> list[Hit]:
    """Reports by the facility's name or code, the newest year first."""
    rows = AnnualReport.objects.visible_to(user).select_related("facility")
    for word in folded.split():
        rows = rows.filter(facility__search_key__contains=word)
    return [
        Hit(
            title=_("Annual report of %(year)s") % {"year": report.year},
            detail=f"{report.facility.name} · {report.get_state_display()}",
            url=address(report, "report"),
            icon="report",
        )
        for report in rows.order_by("-year", "facility__sort_key", "-revision")[:limit]
    ]


def events(user, facility: Facility) -> list[Event]:
    """When the facility's reports were sent and accepted."""
    found = []
    for report in AnnualReport.objects.visible_to(user).filter(facility=facility):
        url, detail = address(report, "report"), report.get_state_display()
        if report.revision > 1:
            detail = f"{_('revision %(n)s') % {'n': report.revision}} · {detail}"
        if report.first_submitted_at:
            day = timezone.localtime(report.first_submitted_at).date()
            found.append(
                Event(day, _("Report of %(year)s sent") % {"year": report.year}, detail, url, "send")
            )
        if report.reviewed_at and report.state in (ReportState.ACCEPTED, ReportState.LOCKED):
            day = timezone.localtime(report.reviewed_at).date()
            title = _("Report of %(year)s accepted") % {"year": report.year}
            found.append(Event(day, title, "", url, "check"))
    return found


def boxes(user, facility: Facility, year: int) -> list[Box]:
    """The year's report and what it saves."""
    if not user.may("reporting.report.view"):
        return []
    report = report_of(user, facility.code, year)
    context = {
        "report": report,
        "facility": facility,
        "year": year,
        "may_edit": user.may("reporting.report.edit"),
        "savings": [],
        "totals": [],
    }
    if report is not None:
        context["savings"] = report.resource_savings.select_related("resource", "figure").order_by("pk")
        context["totals"] = total_figures(report)
    return [Box(_("Annual reports and savings"), "reporting/parts/facility_box.html", context)]


def _own_reports(user, year: int, day: datetime.date) -> list[TodayItem]:
    found = []
    due, left = report_due(year), days_left(day, year)
    facilities = list(with_reports(expected(user), year))
    for facility in facilities:
        state = facility.report_state
        several = f"{facility.name} · " if len(facilities) > 1 else ""
        if state == ReportState.RETURNED:
            found.append(
                TodayItem(
                    kind="waiting",
                    title=_("Your report of %(year)s was returned") % {"year": year},
                    detail=several + _("Read the remarks, mend the report and send it again."),
                    url=_form(facility, year),
                    level="warning",
                )
            )
        elif facility.report_sent is None and left <= SHOWN_FROM:
            begun = facility.report_state in EDITABLE
            found.append(
                TodayItem(
                    kind="due" if left >= 0 else "late",
                    title=_("Your report of %(year)s") % {"year": year},
                    detail=several + (_("a draft, not sent yet") if begun else _("not begun")),
                    url=_form(facility, year) if begun else reverse("reporting:reports") + f"?year={year}",
                    due_date=due - datetime.timedelta(days=1),
                    level="danger" if left < 0 else "warning" if left <= SOON else "",
                )
            )
    return found


def _form(facility, year: int) -> str:
    first = next(iter(SLUGS))
    return reverse("reporting:edit", args=[facility.code, year, facility.report_revision, first])


def _waiting(user, year: int) -> list[TodayItem]:
    if not user.may("reporting.report.review") or user.role == Role.ADMIN:
        return []
    reports = AnnualReport.objects.visible_to(user).filter(state=ReportState.SUBMITTED)
    count = reports.count()
    if not count:
        return []
    newest = reports.order_by("-year").values_list("year", flat=True).first()
    at = year if reports.filter(year=year).exists() else newest
    return [
        TodayItem(
            kind="waiting",
            title=ngettext("%(n)d report to accept", "%(n)d reports to accept", count) % {"n": count},
            detail=_("Reports of the year wait for you."),
            url=reverse("reporting:reports") + f"?year={at}&state={ReportState.SUBMITTED}",
            count=count,
            level="info",
        )
    ]


def _late(user, year: int, day: datetime.date) -> list[TodayItem]:
    left = days_left(day, year)
    if not user.may("reporting.reminder.send") or user.role == Role.ADMIN or left > SOON:
        return []
    count = with_reports(expected(user), year).filter(report_sent=None).count()
    if not count:
        return []
    words = {"n": count}
    return [
        TodayItem(
            kind="late" if left < 0 else "due",
            title=ngettext("%(n)d facility has not reported", "%(n)d facilities have not reported", count)
            % words,
            detail=_("They have not reported and the deadline has passed.")
            if left < 0
            else _("Remind them by e-mail, all at once."),
            url=reverse("reporting:reports") + f"?year={year}&state=not_reported",
            count=count,
            due_date=report_due(year) - datetime.timedelta(days=1),
            level="danger" if left < 0 else "warning",
        )
    ]
