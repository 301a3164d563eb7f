"""The reports of a year: list, export, acting on many, templates to download."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.chips import chip
from sachhon.apps.people.columns import ListColumn, columns_of
from sachhon.apps.people.downloads import field, file_download, rows_download
from sachhon.apps.people.focus import current_year
from sachhon.apps.registry.models import Facility, Trade
from sachhon.apps.registry.models.facility import TriState
from sachhon.apps.reporting.deadlines import days_left, report_due
from sachhon.apps.reporting.models import AnnualReport, ReportState
from sachhon.apps.reporting.pages import address
from sachhon.apps.reporting.queries.lists import (
    BEHIND,
    MISSING,
    NOT_REPORTED,
    ReportFilter,
    report_rows,
    standing,
    waiting_reports,
    with_doubts,
)
from sachhon.apps.reporting.services import content, reminders, workflow
from sachhon.apps.reporting.services.errors import ReportError
from sachhon.documents.export import XLSX_MIME
from sachhon.workbooks.annual.template import write_template

PER_PAGE = 50
MOST_TOLD = 10  # refusals told one by one
STEPS = ("accept", "return", "lock")
COLUMNS = (
    ListColumn("code", gettext_lazy("Code"), sort="code"),
    ListColumn("name", gettext_lazy("Facility"), sort="name", fixed=True),
    ListColumn("tax_code", gettext_lazy("Tax code"), usual=False),
    ListColumn("trade", gettext_lazy("Trade"), sort="trade"),
    ListColumn("area", gettext_lazy("Commune"), sort="area"),
    ListColumn("state", gettext_lazy("State"), sort="state"),
    ListColumn("sent", gettext_lazy("Sent"), sort="sent", num=True),
    ListColumn("timing", gettext_lazy("Against the deadline")),
    ListColumn("doubts", gettext_lazy("Findings"), sort="doubts", num=True),
    ListColumn("phone", gettext_lazy("Phone"), usual=False),
    ListColumn("email", gettext_lazy("E-mail"), usual=False),
)


@require_GET
@allow("reporting.report.view")
def reports(request):
    """Báo cáo năm: every facility with its report of the year; who has not reported; acting on many."""
    wanted, year = ReportFilter.from_params(request.GET), current_year(request)
    context = list_context(request, wanted, year) | {
        "standing": standing(request.user, year),
        "chips": _chips(request.user, year, wanted),
        "due": report_due(year),
        "waiting_url": _first_waiting(request.user),
    }
    return render(request, "reporting/reports.html", context)


def list_context(request, wanted: ReportFilter, year: int) -> dict:
    """What reporting/parts/report_list.html shows; the province's page has the same list of those behind."""
    rows = report_rows(request.user, wanted, year).select_related("trade", "area", "enterprise")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "rows": with_doubts(list(page.object_list), year),
        "filters": _filters(wanted),
        "q": wanted.q,
        "wanted": wanted,
        "columns": columns_of(request, "reports", COLUMNS),
        "year": year,
        "days_left": days_left(timezone.localdate(), year),
        "steps": _step_labels() if request.user.may("reporting.report.review") else [],
        "may_remind": request.user.may("reporting.reminder.send"),
    }


@require_GET
@allow("reporting.report.view")
def export(request, kind: str):
    """The whole filtered list as .xlsx or .csv."""
    wanted, year = ReportFilter.from_params(request.GET), current_year(request)
    rows = report_rows(request.user, wanted, year).select_related("trade", "area", "enterprise")
    labels = state_labels()
    fields = [
        field(_("Code"), lambda f: f.code),
        field(_("Facility"), lambda f: f.name, width=3),
        field(_("Tax code"), lambda f: f.tax_code, width=1.2),
        field(_("Trade"), lambda f: f.trade.name, width=1.8),
        field(_("Commune"), lambda f: f.area.name, width=1.6),
        field(_("State"), lambda f: str(labels[f.report_state]), width=1.4),
        field(_("Revision"), lambda f: f.report_revision, "integer"),
        field(_("Sent"), _sent_on, "date", width=1.2),
        field(_("Against the deadline"), _in_time, width=1.2),
        field(_("Open findings"), lambda f: f.doubts if f.report_id or f.doubts else None, "integer"),
        field(_("Phone"), lambda f: f.contact_phone, width=1.2),
        field(_("E-mail"), lambda f: f.contact_email, width=2),
    ]
    title = _("Annual reports of %(year)s") % {"year": year}
    return rows_download(kind, f"bao-cao-nam-{year}", title, fields, with_doubts(list(rows), year))


def _sent_on(facility):
    return timezone.localtime(facility.report_sent).date() if facility.report_sent else None


def _in_time(facility) -> str:
    if facility.report_on_time is None:
        return ""
    return _("On time") if facility.report_on_time else _("Late")


@require_POST
@allow("reporting.report.review")
def act(request):
    """One step for all that were ticked; says for each how it went."""
    action, year, codes = request.POST.get("action", ""), current_year(request), _chosen(request)
    if action not in STEPS:
        messages.error(request, _("Tick the facilities and choose what to do with them."))
        return _back(request)
    chosen = AnnualReport.objects.visible_to(request.user).filter(facility__code__in=codes, year=year)
    newest = {r.facility_id: r for r in chosen.select_related("facility").order_by("revision")}
    results = workflow.many(
        request.user, action, newest.values(), now=timezone.now(), remark=request.POST.get("remark", "")
    )
    return _told(request, codes, [(r.report.facility, r.ok, r.message) for r in results])


@require_POST
@allow("reporting.reminder.send")
def remind(request):
    """Reminds those ticked by e-mail; those that have reported are passed over."""
    codes = _chosen(request)
    facilities = Facility.objects.visible_to(request.user).filter(code__in=codes)
    results = reminders.remind(request.user, facilities, current_year(request), timezone.localdate())
    return _told(request, codes, [(r.facility, r.ok, r.message) for r in results])


@require_GET
@allow("reporting.report.view")
def template(request, code: str, year: int):
    """The year's form for a facility as a workbook: who it is and last year's lines, the months blank."""
    facility = get_visible(Facility.objects.select_related("trade", "area"), request.user, code=code)
    try:
        who, lines = content.blank_form(facility, year, today=timezone.localdate())
    except ReportError as error:
        messages.error(request, str(error))
        return redirect("reporting:reports")
    made = write_template(None, facility=who, lines=lines, lang=_lang(), demo=settings.DEMO)
    return file_download(made, XLSX_MIME, f"bao-cao-nam-{year}-{facility.code}.xlsx")


def state_labels() -> dict[str, str]:
    """The words for the states of the list."""
    return {MISSING: _("Not begun"), **{state.value: state.label for state in ReportState}}


def _first_waiting(user) -> str:
    """The first report of the officer's pile, for who may review."""
    first = waiting_reports(user).first() if user.may("reporting.report.review") else None
    return address(first, "review") if first else ""


def _chips(user, year: int, wanted: ReportFilter) -> list[tuple[str, str, int, bool]]:
    """(state, word, how many, whether chosen) for the row of chips; empty states are left out."""
    counts = standing(user, year)
    not_sent = counts.facilities - counts.sent
    chips = [(NOT_REPORTED, _("Not reported"), not_sent, wanted.state == NOT_REPORTED)]
    for state, label in state_labels().items():
        if counts.states.get(state):
            chips.append((state, label, counts.states[state], wanted.state == state))
    return chips


def _filters(wanted: ReportFilter) -> list[dict]:
    trades = [(t.code, t.name) for t in Trade.objects.order_by("search_key")]
    timing = [
        ("on_time", _("On time")),
        ("late", _("Late")),
        (BEHIND, _("Late or not reported")),
        ("never", _("Never reported")),
    ]
    doubts = [
        ("open", _("With open findings")),
        ("records", _("Figures without a report to be explained")),
        ("none", _("Without findings")),
    ]
    return [
        chip("timing", _("Against the deadline"), wanted.timing, timing),
        chip("doubts", _("Findings"), wanted.doubts, doubts),
        chip("key_energy_user", _("Key energy user"), wanted.key_energy_user, TriState.choices),
        chip("trade", _("Trade"), wanted.trade, trades),
    ]


def _step_labels() -> list[tuple[str, str]]:
    words = {"accept": _("Accept"), "return": _("Return with remarks"), "lock": _("Lock")}
    return [(step, words[step]) for step in STEPS]


def _chosen(request) -> list[str]:
    """The codes that were ticked; with "all", those of every facility that the filter in the address finds."""
    if not request.POST.get("all"):
        return request.POST.getlist("code")
    rows = report_rows(request.user, ReportFilter.from_params(request.GET), current_year(request))
    return list(rows.values_list("code", flat=True))


def _told(request, codes: list[str], told: list[tuple]):
    """Says how many were done and why the others were not; goes back to the list."""
    if not codes:
        messages.error(request, _("Tick the facilities and choose what to do with them."))
        return _back(request)
    done = sum(ok for _facility, ok, _message in told)
    messages.success(request, _("%(done)s of %(all)s done.") % {"done": done, "all": len(codes)})
    refused = [(facility, message) for facility, ok, message in told if not ok]
    for facility, message in refused[:MOST_TOLD]:
        messages.warning(request, f"{facility.code} {facility.name}: {message}")
    if (left := len(refused) - MOST_TOLD) > 0:
        text = ngettext("… and %(n)d more that was not done.", "… and %(n)d more that were not done.", left)
        messages.warning(request, text % {"n": left})
    return _back(request)


def _back(request):
    back = request.POST.get("back", "")
    return redirect(back if _own(back) else "reporting:reports")


def _own(address: str) -> bool:
    return address.startswith("/") and not address.startswith("//")


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
