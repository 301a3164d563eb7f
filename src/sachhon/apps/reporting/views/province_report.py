"""The official report: check → preview of the pages → number, date, signer → issued; and the issues before."""

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.focus import current_year
from sachhon.apps.reporting.models import ProvinceReport, ProvinceRollup
from sachhon.apps.reporting.province_forms import SignForm, TextsForm
from sachhon.apps.reporting.queries.reports import to_be_locked
from sachhon.apps.reporting.services import province as services
from sachhon.apps.reporting.services.province.issuing import KINDS, STEPS
from sachhon.apps.reporting.views.province import frame

ISSUE = "reporting.province.issue"
State = ProvinceReport.State
STEP_WORDS = {
    "figures": gettext_lazy("Gathering the figures"),
    "docx": gettext_lazy("Writing the .docx"),
    "xlsx": gettext_lazy("Writing the .xlsx"),
    "pdf": gettext_lazy("Writing the .pdf"),
    "lock": gettext_lazy("Locking the annual reports"),
}


@require_GET
@allow("reporting.province.view")
def reports(request):
    """What was issued, what is a draft, and the way to a new one."""
    context = frame(request)
    rows = (
        ProvinceReport.objects.visible_to(request.user)
        .filter(province_code=context["province"])
        .defer("data")
        .select_related("issued_by")
    )
    context |= {
        "issued": [r for r in rows if r.state == State.ISSUED],
        "drafts": [r for r in rows if r.state == State.DRAFT and context["may_issue"]],
        "audiences": ProvinceReport.Audience.choices,
    }
    return render(request, "reporting/province_reports.html", context)


@require_POST
@allow(ISSUE)
def start(request):
    """Opens the draft to one addressee, a new one where there is none."""
    audience = request.POST.get("audience", "")
    if audience not in ProvinceReport.Audience.values:
        raise Http404(audience)
    context = frame(request)
    try:
        if context["data"] is None:
            raise services.NotComputed(
                _("The figures of this year have not been computed yet; compute them first.")
            )
        report = services.draft(request.user, context["province"], current_year(request), audience)
    except services.ProvinceError as error:
        messages.error(request, str(error))
        return redirect("reporting:province_reports")
    return redirect("reporting:province_check", report.pk)


@require_http_methods(["GET", "POST"])
@allow(ISSUE)
def check(request, pk: int):
    """Step 1: what a careful officer looks at, and the officer's own words."""
    report = _draft(request, pk)
    form = TextsForm(request.POST) if request.method == "POST" else TextsForm.of(report)
    if request.method == "POST" and form.is_valid():
        services.write_texts(request.user, report, form.texts, lang=form.cleaned_data["language"])
        messages.success(request, _("Saved."))
        return redirect("reporting:province_preview", pk)
    context = {"report": report, "form": form, "warnings": services.check(report, localdate()), "step": 1}
    return render(request, "reporting/province_check.html", context)


@require_GET
@allow(ISSUE)
def preview(request, pk: int):
    """Step 2: the document as its pages."""
    report = _draft(request, pk)
    pages = range(1, len(services.preview(report)) + 1)
    return render(request, "reporting/province_preview.html", {"report": report, "pages": pages, "step": 2})


@require_http_methods(["GET", "POST"])
@allow(ISSUE)
def sign(request, pk: int):
    """Step 3: number, date and signer; then it is issued."""
    report = _draft(request, pk)
    if request.method == "GET" and services.is_issuing(report, now()):
        return redirect("reporting:province_issuing", pk)
    form = SignForm(request.POST) if request.method == "POST" else SignForm.of(report, localdate())
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_issue(request.user, report, now=now(), **form.cleaned_data)
        except services.ProvinceError as error:
            form.add_error(None, str(error))
        else:
            return redirect("reporting:province_issuing", pk)
    context = {"report": report, "form": form, "step": 3, **to_be_locked(report)}
    return render(request, "reporting/province_sign.html", context)


@require_GET
@allow(ISSUE)
def issuing(request, pk: int):
    """How far the issuing is, to be left and come back to; leads on when it is over."""
    report = get_visible(ProvinceReport.objects, request.user, pk=pk)
    if report.state == State.ISSUED or not services.is_issuing(report, now()):
        over = report.state == State.ISSUED
        # Told by the address: several polls may find the work done, each of which would leave a message.
        to = reverse("reporting:province_issued" if over else "reporting:province_sign", args=[pk])
        to += "?just=issued" if over else ""
        return HttpResponseClientRedirect(to) if request.htmx else redirect(to)
    context = {
        "report": report,
        "step": 3,
        "done": report.issuing_step,
        "steps": len(STEPS),
        "label": STEP_WORDS[STEPS[report.issuing_step]],
    }
    name = "reporting/province_issuing_box.html" if request.htmx else "reporting/province_issuing.html"
    return render(request, name, context)


@require_GET
@allow("reporting.province.view")
def issued(request, pk: int):
    """An issued report: its files, and which figures have changed since."""
    report = get_visible(ProvinceReport.objects.filter(state=State.ISSUED), request.user, pk=pk)
    context = {
        "report": report,
        "files": [(kind, getattr(report, kind)) for kind in KINDS],
        "differences": services.compare(report),
        "rollup": ProvinceRollup.objects.visible_to(request.user)
        .filter(province_code=report.province_code, year=report.year)
        .first(),
        "pages": range(1, len(services.preview(report)) + 1),
        "may_issue": request.user.may(ISSUE),
        "just_issued": request.GET.get("just") == "issued",
    }
    return render(request, "reporting/province_issued.html", context)


@require_GET
@allow("reporting.province.view")
def page(request, pk: int, number: int):
    """One page as a picture; a draft's only for those who may issue it."""
    report = _readable(request, pk)
    pages = services.preview(report)
    if not 1 <= number <= len(pages):
        raise Http404(number)
    response = FileResponse(pages[number - 1].open("rb"), content_type="image/png")
    response["Cache-Control"] = "private, no-cache"
    return response


@require_GET
@allow("reporting.province.view")
def download(request, pk: int, kind: str):
    """A file of an issued report."""
    report = get_visible(ProvinceReport.objects.filter(state=State.ISSUED), request.user, pk=pk)
    if kind not in KINDS or not (file := getattr(report, kind)):
        raise Http404(kind)
    return FileResponse(file.open("rb"), as_attachment=True, filename=Path(file.name).name)


def _draft(request, pk: int) -> ProvinceReport:
    return get_visible(ProvinceReport.objects.filter(state=State.DRAFT), request.user, pk=pk)


def _readable(request, pk: int) -> ProvinceReport:
    report = get_visible(ProvinceReport.objects, request.user, pk=pk)
    if report.state == State.DRAFT and not request.user.may(ISSUE):
        raise Http404(pk)
    return report
