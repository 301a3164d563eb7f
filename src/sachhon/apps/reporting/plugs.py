"""What the reporting room puts into the search field and on a facility's page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.people.finder import Hit
from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.pages import Box, Event
from sachhon.apps.registry.papers import Paper
from sachhon.apps.reporting.models import AnnualReport, ReportState
from sachhon.apps.reporting.pages import address
from sachhon.apps.reporting.queries import open_findings
from sachhon.apps.reporting.queries.record_findings import record_finding_views
from sachhon.apps.reporting.queries.reports import report_of, total_figures


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


def papers(user, facility: Facility) -> list[Paper]:
    """Each report that was sent, as a filled-in workbook of the form."""
    if not user.may("reporting.report.view"):
        return []
    sent = AnnualReport.objects.visible_to(user).filter(facility=facility, submitted_at__isnull=False)
    return [
        Paper(
            on=timezone.localtime(report.submitted_at).date(),
            name=_("Annual report of %(year)s") % {"year": report.year}
            + (f", {_('revision %(n)s') % {'n': report.revision}}" if report.revision > 1 else ""),
            kind=f"Excel · {report.get_state_display()}",
            url=reverse("reporting:workbook", args=[facility.code, report.year, report.revision]),
            icon="report",
            is_download=True,
        )
        for report in sent
    ]


def boxes(user, facility: Facility, year: int) -> list[Box]:
    """What is open about figures that no report covers; the year's report and what it saves, or, while it saves
    nothing yet, what the newest earlier one saved."""
    if not user.may("reporting.report.view"):
        return []
    doubts = record_finding_views(user, facility, year)
    found = []
    if doubts:
        context = {
            "findings": doubts,
            "facility": facility,
            "may_explain": user.may("reporting.report.review"),
        }
        found.append(Box(_("Figures that no report covers"), "reporting/parts/record_findings.html", context))
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
        context["totals"] = total_figures(report)
    saved = AnnualReport.objects.visible_to(user).filter(
        facility=facility, year__lte=year, resource_savings__isnull=False
    )
    newest = saved.order_by("-year", "-revision").first()
    if newest is not None:
        context["savings"] = newest.resource_savings.select_related("resource", "figure").order_by("pk")
        context["savings_year"] = newest.year
        context["doubtful"] = open_findings(user, facility.code, newest.year).count()
    return [*found, Box(_("Annual reports and savings"), "reporting/parts/facility_box.html", context)]
