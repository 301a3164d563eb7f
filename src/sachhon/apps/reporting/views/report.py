"""Reading one report: what stands in it, findings, savings, history; and what can be done with it from there."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.people.access import allow
from sachhon.apps.reporting import pages
from sachhon.apps.reporting.models import AnnualReport, Finding
from sachhon.apps.reporting.queries.reports import (
    between_revisions,
    finding_views,
    history,
    savings_of,
    total_figures,
)
from sachhon.apps.reporting.queries.verified import offers_of
from sachhon.apps.reporting.services import content, drafting, plausibility, savings, workflow
from sachhon.apps.reporting.services.errors import ReportError
from sachhon.apps.reporting.services.uncomputed import uncomputed
from sachhon.apps.reporting.views.common import the_report
from sachhon.documents.export import XLSX_MIME
from sachhon.workbooks.annual.template import write_template


@require_GET
@allow("reporting.report.view")
def report(request, code: str, year: int, revision: int):
    """The report to read and print."""
    return render(request, "reporting/report.html", read_context(request, code, year, revision))


@require_GET
@allow("reporting.report.view")
def newest(request, code: str, year: int):
    """The newest revision of a facility's report of a year."""
    return redirect(pages.address(the_report(request, code, year), "report"))


@require_GET
@allow("reporting.report.view")
def changes(request, code: str, year: int, revision: int):
    """Every save, and what the revisions differ in."""
    shown = the_report(request, code, year, revision)
    revisions = _revisions(shown)
    before = next((r for r in revisions if r.revision == shown.revision - 1), None)
    context = {
        "report": shown,
        "facility": shown.facility,
        "revisions": revisions,
        "before": before,
        "between": [
            (pages.LABELS[section], found)
            for section, found in between_revisions(request.user, before, shown).items()
        ]
        if before
        else [],
        "changes": [(change, pages.LABELS[change.section]) for change in history(request.user, shown)],
    }
    return render(request, "reporting/history.html", context)


@require_GET
@allow("reporting.report.view")
def workbook(request, code: str, year: int, revision: int):
    """The report as a workbook of the form, filled in."""
    shown = the_report(request, code, year, revision)
    lang = "en" if get_language() == "en" else "vi"
    made = write_template(
        content.to_data(shown, request.user),
        lines=content.lines_of_last_year(shown, request.user),
        lang=lang,
        demo=settings.DEMO,
    )
    response = HttpResponse(made, content_type=XLSX_MIME)
    response["Content-Disposition"] = f'attachment; filename="bao-cao-nam-{year}-{code}-{revision}.xlsx"'
    return response


@require_POST
@allow("reporting.report.edit")
def revise(request, code: str, year: int, revision: int):
    """Begins a revision of an accepted report."""
    shown = the_report(request, code, year, revision)
    try:
        shown = drafting.revise(request.user, shown)
    except ReportError as error:
        messages.error(request, str(error))
        return redirect(pages.address(shown, "report"))
    messages.success(
        request,
        _("This is revision %(n)s, a draft. The accepted one stays as it was.") % {"n": shown.revision},
    )
    return redirect(pages.address(shown, "edit", next(iter(pages.SLUGS))))


@require_POST
@allow("reporting.report.submit")
def recall(request, code: str, year: int, revision: int):
    """Takes a report back that nobody has looked at yet."""
    return _do(
        request, the_report(request, code, year, revision), workflow.recall, _("The report is a draft again.")
    )


@require_POST
@allow("reporting.report.edit")
def baseline(request, code: str, year: int, revision: int):
    """Changes the year the savings are measured against."""
    shown = the_report(request, code, year, revision)
    text = request.POST.get("year", "")

    def change(user, report):
        if not text.isdigit():
            raise ReportError(_("Choose the baseline year."))
        drafting.set_baseline(
            user, report, int(text), request.POST.get("reason", ""), today=timezone.localdate()
        )

    return _do(request, shown, change, _("The savings are measured against %(year)s now.") % {"year": text})


@require_POST
@allow("reporting.finding.explain")
def finding(request, code: str, year: int, revision: int, pk: int):
    """Explains a finding, or corrects the figure as suggested."""
    shown = the_report(request, code, year, revision)
    found = shown.findings.filter(pk=pk).select_related("line__resource", "line__product").first()
    if found is None:
        return redirect(pages.address(shown, "report"))

    def act(user, report):
        if request.POST.get("do") == "correct":
            plausibility.apply_suggestion(user, found, now=timezone.now())
        else:
            plausibility.explain(user, found, request.POST.get("explanation", ""), now=timezone.now())

    return _do(request, shown, act, _("Noted."), anchor="#findings")


def read_context(request, code: str, year: int, revision: int) -> dict:
    """What the reading page and the reviewing page show."""
    shown = the_report(request, code, year, revision)
    user = request.user
    revisions = _revisions(shown)
    editable = shown.state in drafting.EDITABLE and user.may("reporting.report.edit")
    may_correct, may_explain = _may_correct(user, shown), user.may("reporting.finding.explain")
    return {
        "report": shown,
        "facility": shown.facility,
        "revisions": revisions,
        "is_newest": shown.revision == revisions[0].revision,
        "findings": finding_views(user, shown, may_correct=may_correct, may_explain=may_explain),
        "remarks": shown.remarks.select_related("by"),
        "doubtful": shown.findings.filter(state=Finding.State.OPEN).count(),
        "savings": savings_of(user, shown),
        "changed": offers_of(user, shown)["changed"],
        "uncomputed": uncomputed(shown),
        "totals": total_figures(shown),
        "baseline": shown.baseline_year or savings.first_year(shown.facility),
        "baseline_changes": shown.baseline_changes.select_related("changed_by"),
        "baseline_years": _years_before(shown),
        "steps": {step.action: step for step in workflow.possible(user, shown)},
        "may_edit": editable,
        "may_set_baseline": user.may("reporting.report.edit"),
        "may_explain": may_explain,
        "may_correct": may_correct,
        "may_revise": shown.state in drafting.REVISABLE
        and shown.revision == revisions[0].revision
        and user.may("reporting.report.edit"),
        **pages.read_sections(request.user, shown),
    }


def _may_correct(user, shown: AnnualReport) -> bool:
    if shown.state in drafting.EDITABLE:
        return user.may("reporting.report.edit")
    return shown.state == "submitted" and user.may("reporting.report.review")


def _revisions(shown: AnnualReport) -> list[AnnualReport]:
    return list(shown.facility.annual_reports.filter(year=shown.year).order_by("-revision"))


def _years_before(shown: AnnualReport) -> list[int]:
    years = shown.facility.records.filter(year__lt=shown.year).values_list("year", flat=True)
    return sorted(set(years), reverse=True)


def _do(request, shown: AnnualReport, act, done: str, anchor: str = ""):
    """Does one thing with a report and goes back to where the person was."""
    try:
        act(request.user, shown)
    except ReportError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    back = {"review": "review", "check": "check"}.get(request.POST.get("from", ""), "report")
    return redirect(pages.address(shown, back) + anchor)
