"""What a quick assessment rests on and what follows from it: the figures, the result, the report."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sachhon.apps.assessment.documents import quick as documents
from sachhon.apps.assessment.queries import quick as queries
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.like import stand_among_like
from sachhon.apps.assessment.queries.quick_figures import figures as figures_of
from sachhon.apps.assessment.queries.quick_result import shown
from sachhon.apps.assessment.quick_forms import FiguresForm
from sachhon.apps.assessment.services import quick_figures, quick_result, quick_sheet, workflow
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.views.quick import quick_of
from sachhon.apps.people.access import allow


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def figures(request, pk: int):
    """Output, use and cost of the period: the records, what was typed instead, and what to compare with."""
    assessment = quick_of(request, pk)
    sheet = sheet_or_pinned(request, assessment)
    found = figures_of(sheet)
    form = FiguresForm(request.POST or None, sheet=sheet, found=found)
    if request.method == "POST" and form.is_valid():
        try:
            quick_figures.set_figures(
                request.user,
                assessment,
                version=form.cleaned_data["version"],
                typed=form.typed(),
                benchmarks=form.benchmarks(),
            )
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("assessment:quick_result", pk)
    context = {
        "assessment": assessment,
        "form": form,
        "found": found,
        "may_edit": may_edit(request.user, assessment),
        "why_not": queries.why_not(request.user, assessment),
        "version_now": sheet.version,
    }
    return render(request, "assessment/quick/figures.html", context)


@require_GET
@allow("assessment.view")
def result(request, pk: int):
    """Score, potential by resource, the ten options to look at first, and what every number comes from."""
    assessment = quick_of(request, pk)
    sheet = sheet_or_pinned(request, assessment)
    kept = quick_result.current(assessment, sheet)
    context = {
        "assessment": assessment,
        "facility": assessment.facility,
        "result": shown(request.user, assessment, sheet, kept, _lang()),
        "kept": kept,
        "older_rules": quick_result.judged_by_older(kept),
        "rules": quick_result.VERSION,
        "may_reopen": any(step.action == "reopen" for step in workflow.possible(request.user, assessment)),
        "stand": stand_among_like(assessment.facility, assessment.data_to.year),
        "year": assessment.data_to.year,
        "may_edit": may_edit(request.user, assessment),
    }
    return render(request, "assessment/quick/result.html", context)


@require_GET
@allow("assessment.view")
def report(request, pk: int, kind: str):
    """The report of four to six pages, as Word or PDF, in either language."""
    if kind not in documents.KINDS:
        raise Http404(kind)
    lang = request.GET.get("ngon-ngu", _lang())
    if lang not in ("vi", "en"):
        raise Http404(lang)
    assessment = quick_of(request, pk)
    sheet = sheet_or_pinned(request, assessment)
    kept = quick_result.current(assessment, sheet)
    content = documents.report(request.user, assessment, sheet, kept, lang, kind)
    name = f"danh-gia-nhanh-{assessment.facility.code}.{kind}"
    return HttpResponse(
        content,
        content_type=documents.KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def sheet_or_pinned(request, assessment):
    """The checklist, pinned by the first who may."""
    sheet = queries.sheet_of_visible(request.user, assessment)
    if sheet is None and may_edit(request.user, assessment):
        sheet = quick_sheet.pin(request.user, assessment)
    if sheet is None:
        raise Http404(assessment.pk)
    return sheet


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
