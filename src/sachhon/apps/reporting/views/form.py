"""The form: one section a page, saved as one types; without script by its button. Then check and send."""

from http import HTTPStatus

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.registry.models import Facility, Resource
from sachhon.apps.reporting import pages
from sachhon.apps.reporting.deadlines import correction_due, days_left, report_due
from sachhon.apps.reporting.forms import parse_section
from sachhon.apps.reporting.queries.reports import finding_views, line_views
from sachhon.apps.reporting.services import drafting, plausibility, verified_solutions, workflow
from sachhon.apps.reporting.services.checks import check_report
from sachhon.apps.reporting.services.errors import ReportError
from sachhon.apps.reporting.services.sections import FLOWS_OF, Section
from sachhon.apps.reporting.views.common import the_report, the_section


@require_POST
@allow("reporting.report.edit")
def start(request, code: str, year: int):
    """Begins the year's report, or goes on with it."""
    facility = get_visible(Facility.objects, request.user, code=code)
    copy = request.POST.get("copy", "yes") != "no"
    try:
        report = drafting.start_report(request.user, facility, year, copy, today=timezone.localdate())
    except ReportError as error:
        messages.error(request, str(error))
        return redirect("reporting:reports")
    if report.state not in drafting.EDITABLE:
        return redirect(pages.address(report, "report"))
    return redirect(pages.address(report, "edit", pages.SLUG_OF[Section.GENERAL]))


@require_http_methods(["GET", "POST"])
@allow("reporting.report.edit")
def edit(request, code: str, year: int, revision: int, slug: str):
    """One section of the form."""
    report, section = the_report(request, code, year, revision), the_section(slug)
    if report.state not in drafting.EDITABLE:
        return redirect(pages.address(report, "report"))
    if request.method == "GET":
        return render(request, "reporting/form.html", pages.form_context(request.user, report, section))
    return _saved(request, report, section)


@require_POST
@allow("reporting.report.edit")
def add(request, code: str, year: int, revision: int, slug: str):
    """Saves what was typed and adds a row."""
    report, section = the_report(request, code, year, revision), the_section(slug)
    row = _new_row(request.POST, section)
    if row is None:
        messages.error(request, _("Choose or name what is to be added."))
        return redirect(pages.address(report, "edit", slug))
    return _saved(request, report, section, extra={"new1": row})


@require_POST
@allow("reporting.report.edit")
def remove(request, code: str, year: int, revision: int, slug: str, key: int):
    """Saves what was typed and takes a row out."""
    report, section = the_report(request, code, year, revision), the_section(slug)
    return _saved(request, report, section, extra={str(key): None})


@require_POST
@allow("reporting.report.edit")
def take_over(request, code: str, year: int, revision: int):
    """Saves what was typed and adds a solution that was verified in an assessment."""
    report = the_report(request, code, year, revision)
    saved = _saved(request, report, Section.SOLUTIONS, extra={})
    if saved.status_code != HTTPStatus.FOUND:  # something typed could not be kept: that is mended first
        return saved
    try:
        key, page = request.POST.get("key", ""), request.POST.get("page", "")
        if verified_solutions.take_over(request.user, report, key, page):
            messages.success(request, _("Taken over into the report."))
        else:
            messages.info(request, _("The report has this solution already."))
    except ReportError as error:
        messages.error(request, str(error))
    return saved


@require_http_methods(["GET", "POST"])
@allow("reporting.report.submit")
def check(request, code: str, year: int, revision: int):
    """What is left to mend, what looks doubtful, and the button that sends the report."""
    report = the_report(request, code, year, revision)
    if report.state not in drafting.EDITABLE:
        return redirect(pages.address(report, "report"))
    if request.method == "POST" and request.POST.get("do") == "check":
        return _checked(request, report)
    if request.method == "POST":
        try:
            notes = workflow.submit(request.user, report, now=timezone.now())
        except ReportError as error:
            messages.error(request, str(error))
            return redirect(pages.address(report, "check"))
        for note in notes:
            messages.warning(request, note.message)
        report.refresh_from_db()
        sent = _("The report was sent on time.") if report.on_time else _("The report was sent, late.")
        messages.success(request, sent)
        return redirect(pages.address(report, "report"))
    return render(request, "reporting/check.html", _check_context(request.user, report))


def _checked(request, report):
    """Runs the plausibility rules; answers with the findings alone for htmx."""
    try:
        plausibility.check(request.user, report)
    except ReportError as error:
        messages.error(request, str(error))
    report.refresh_from_db()
    if request.htmx:
        return render(request, "reporting/parts/checked.html", _check_context(request.user, report))
    return redirect(pages.address(report, "check") + "#checked")


def _check_context(user, report) -> dict:
    nav, _issues = pages.nav(report)
    issues, findings = (
        check_report(report),
        finding_views(user, report, may_correct=True, may_explain=True),
    )
    return {
        "report": report,
        "facility": report.facility,
        "nav": nav,
        "check_current": True,
        "errors_left": [
            (i, pages.address(report, "edit", pages.SLUG_OF[i.section])) for i in issues if i.level == "error"
        ],
        "warnings": [
            (i, pages.address(report, "edit", pages.SLUG_OF[i.section])) for i in issues if i.level != "error"
        ],
        "findings": findings,
        "doubts_left": sum(f.finding.state == "open" and f.finding.level == "error" for f in findings),
        "is_checked": plausibility.is_current(report),
        "due": report_due(report.year),
        "correction_day": correction_due(report.year),
        "days_left": days_left(timezone.localdate(), report.year, report.revision),
    }


def _saved(request, report, section: str, extra: dict | None = None):
    """Saves the section; answers in pieces for htmx, as a page otherwise."""
    parsed = parse_section(report, section, request.POST)
    data = {**parsed.data, **(extra or {})}
    version = request.POST.get("version", "")
    page = request.POST.get("page", "")
    stale = refused = None
    try:
        opened = int(version) if version.isdigit() else report.version
        report = drafting.save_section(request.user, report, section, data, opened, page)
    except drafting.StaleSave as error:
        stale = error
    except ReportError as error:
        refused = error
    report = the_report(request, report.facility.code, report.year, report.revision)
    if request.htmx:
        return render(
            request,
            "reporting/parts/saved.html",
            _pieces(request.user, report, section, parsed.errors, stale, refused),
        )
    if stale or refused or parsed.errors:
        bound = request.POST if section in (Section.GENERAL, Section.CP) and parsed.errors else None
        context = pages.form_context(request.user, report, section, parsed.errors, bound)
        context |= {"stale": stale, "refused": refused}
        return render(request, "reporting/form.html", context, status=409 if stale else 200)
    if extra is None:
        messages.success(request, _("Saved."))
    to = request.POST.get("then", "")
    here = pages.address(report, "edit", pages.SLUG_OF[Section(section)])
    context = pages.form_context(request.user, report, section)
    if to == "next":
        return redirect(context["next_url"] or pages.address(report, "check"))
    return redirect(here + ("#add" if extra else ""))


def _pieces(user, report, section: str, errors: dict, stale, refused) -> dict:
    nav, issues = pages.nav(report, section)
    views = line_views(user, report, FLOWS_OF[section]) if section in FLOWS_OF else []
    return {
        "report": report,
        "nav": nav,
        "issues": issues[section],
        "errors": errors,
        "stale": stale,
        "refused": refused,
        "views": views,
        "last_year": report.year - 1,
        "now": timezone.localtime(),
        "pieces": True,
    }


def _new_row(post, section: str) -> dict | None:
    if section == Section.SOLUTIONS:
        return {"name": "", "group": "", "state": "done"}
    if section == Section.NEEDS:
        return {"kind": post.get("new-kind", "difficulty"), "category": "", "text": ""}
    name = post.get("new-name", "").strip()
    if section == Section.PRODUCTS:
        return (
            {"flow": "output", "item": "", "name": name, "unit": post.get("new-unit", "t")} if name else None
        )
    resource = Resource.objects.filter(code=post.get("new-item", "")).first()
    if resource is None:
        return None
    flow = resource.kind if resource.kind in ("waste", "emission") else "consumption"
    meter = name[:64] if post.get("new-second") else ""
    return {"flow": flow, "item": resource.code, "name": name, "unit": resource.unit, "meter": meter}
