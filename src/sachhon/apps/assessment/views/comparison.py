"""Choosing a technology: comparisons of an assessment, one of them, its form, the choice."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment.comparison_pages import clash_rows, comparison_page, list_page
from sachhon.apps.assessment.forms_comparison import BeginForm, ComparisonForm
from sachhon.apps.assessment.models import Comparison
from sachhon.apps.assessment.services import comparing
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import allow, get_visible


@require_GET
@allow("assessment.view")
def comparisons(request, pk: int):
    """The choices of technology of an assessment."""
    assessment = the_assessment(request, pk)
    context = list_page(request.user, assessment)
    if context["may_edit"]:
        context["form"] = BeginForm()
    return render(request, "assessment/options/comparisons.html", context)


@require_POST
@allow("assessment.edit")
def begin(request, pk: int):
    """Begins a comparison."""
    assessment = the_assessment(request, pk)
    form = BeginForm(request.POST)
    if form.is_valid():
        try:
            row = comparing.begin(request.user, assessment, **form.cleaned_data)
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            return redirect("assessment:edit_comparison", pk, row.number)
    context = list_page(request.user, assessment) | {"form": form}
    return render(request, "assessment/options/comparisons.html", context)


@require_GET
@allow("assessment.view")
def comparison(request, pk: int, number: int):
    """One comparison: figures, scores, how firm the order is."""
    row = the_comparison(request, pk, number)
    return render(request, "assessment/options/comparison.html", comparison_page(request.user, row))


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def edit(request, pk: int, number: int):
    """Changes alternatives, criteria and figures; a collision is shown side by side."""
    row = the_comparison(request, pk, number)
    given = {"name": row.name, "purpose": row.purpose, "version": row.version}
    form = ComparisonForm(request.POST or None, row=row, initial=given)
    context = {"assessment": row.assessment, "row": row}
    if request.method == "POST" and form.is_valid():
        version, keep = form.cleaned_data["version"], request.POST.getlist("keep")
        try:
            comparing.change(request.user, row, form.values(), version, keep=keep)
        except Collision as clash:
            merged = clash.merged
            given = {"name": merged["name"], "purpose": merged["purpose"], "version": clash.version}
            form = ComparisonForm(row=row, values=merged, initial=given)
            context |= {"clashes": clash_rows(clash, row), "told": str(clash)}
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("assessment:comparison", pk, number)
    return render(request, "assessment/options/comparison_edit.html", context | {"form": form})


@require_POST
@allow("assessment.edit")
def choose(request, pk: int, number: int):
    """Chooses an alternative, with the reason."""
    row, post = the_comparison(request, pk, number), request.POST
    version = int(post["version"]) if post.get("version", "").isdigit() else 0
    try:
        comparing.choose(
            request.user,
            row,
            post.get("alternative", ""),
            reason=post.get("reason", ""),
            version=version,
            now=timezone.localtime(),
        )
    except AssessmentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The choice was kept. Next: who carries out what, and when."))
    return redirect("assessment:comparison", pk, number)


def the_comparison(request, pk: int, number: int) -> Comparison:
    """The comparison of this assessment, if the person may see it."""
    rows = Comparison.objects.select_related("assessment__facility")
    return get_visible(rows, request.user, assessment=pk, number=number)
