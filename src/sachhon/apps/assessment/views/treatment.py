"""Treatment of discharges: those of an assessment, one of them, its form, the choice."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment.forms_treatment import BeginForm, TreatmentForm
from sachhon.apps.assessment.models import Treatment
from sachhon.apps.assessment.services import treating
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.services.treatment_stream import waste_streams
from sachhon.apps.assessment.treatment_pages import clash_rows, list_page, treatment_page
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import allow, get_visible


@require_GET
@allow("assessment.view")
def treatments(request, pk: int):
    """The treatments of an assessment."""
    assessment = the_assessment(request, pk)
    context = list_page(request.user, assessment)
    if context["may_edit"]:
        context["form"] = BeginForm(streams=waste_streams(request.user, assessment))
    return render(request, "assessment/options/treatments.html", context)


@require_POST
@allow("assessment.edit")
def begin(request, pk: int):
    """Begins a treatment."""
    assessment = the_assessment(request, pk)
    form = BeginForm(request.POST, streams=waste_streams(request.user, assessment))
    if form.is_valid():
        try:
            row = treating.begin(request.user, assessment, **form.cleaned_data)
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            return redirect("assessment:edit_treatment", pk, row.number)
    context = list_page(request.user, assessment) | {"form": form}
    return render(request, "assessment/options/treatments.html", context)


@require_GET
@allow("assessment.view")
def treatment(request, pk: int, number: int):
    """One treatment: alternatives against the limits, cost, what less at the source spares."""
    row = the_treatment(request, pk, number)
    return render(request, "assessment/options/treatment.html", treatment_page(request.user, row))


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def edit(request, pk: int, number: int):
    """Changes discharge, concentrations and chains; a collision is shown side by side."""
    row = the_treatment(request, pk, number)
    form = TreatmentForm(request.POST or None, row=row, initial={"name": row.name, "version": row.version})
    context = {"assessment": row.assessment, "row": row}
    if request.method == "POST" and form.is_valid():
        version, keep = form.cleaned_data["version"], request.POST.getlist("keep")
        try:
            treating.change(request.user, row, form.values(), version, keep=keep)
        except Collision as clash:
            given = {"name": clash.merged["name"], "version": clash.version}
            form = TreatmentForm(row=row, values=clash.merged, initial=given)
            context |= {"clashes": clash_rows(clash, row), "told": str(clash)}
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("assessment:treatment", pk, number)
    return render(request, "assessment/options/treatment_edit.html", context | {"form": form})


@require_POST
@allow("assessment.edit")
def choose(request, pk: int, number: int):
    """Chooses an alternative, with the reason."""
    row, post = the_treatment(request, pk, number), request.POST
    version = int(post["version"]) if post.get("version", "").isdigit() else 0
    try:
        treating.choose(
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
        messages.success(request, _("The choice was kept."))
    return redirect("assessment:treatment", pk, number)


def the_treatment(request, pk: int, number: int) -> Treatment:
    """The treatment of this assessment, if the person may see it."""
    rows = Treatment.objects.select_related("assessment__facility")
    return get_visible(rows, request.user, assessment=pk, number=number)
