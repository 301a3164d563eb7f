"""The equipment calculators: the list, a form, a run with its steps, and the option made of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment.calculators import CALCULATORS
from sachhon.apps.assessment.forms_options import CalculatorForm
from sachhon.apps.assessment.models import EquipmentRun
from sachhon.apps.assessment.option_pages import run_page
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.options import runs_of
from sachhon.apps.assessment.services import equipment
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import allow, get_visible


@require_GET
@allow("assessment.view")
def calculators(request, pk: int):
    """Every calculator, and the runs so far."""
    assessment = the_assessment(request, pk)
    runs = runs_of(request.user, assessment)
    context = {
        "assessment": assessment,
        "calculators": CALCULATORS.values(),
        "runs": [(run, CALCULATORS[run.calculator].title) for run in runs],
        "may_edit": may_edit(request.user, assessment),
    }
    return render(request, "assessment/options/calculators.html", context)


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def calculate(request, pk: int, code: str):
    """The form of one calculator; a run leads to its page."""
    assessment = the_assessment(request, pk)
    calculator = CALCULATORS.get(code)
    if calculator is None:
        raise Http404(code)
    form = CalculatorForm(request.POST or None, calculator=calculator)
    if request.method == "POST" and form.is_valid():
        values, relative = form.inputs()
        try:
            run = equipment.run_calculator(
                request.user,
                assessment,
                code,
                values,
                relative=relative,
                label=form.cleaned_data["label"],
            )
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            return redirect("assessment:run", pk, run.pk)
    context = {"assessment": assessment, "calculator": calculator, "form": form}
    return render(request, "assessment/options/calculate.html", context)


@require_GET
@allow("assessment.view")
def run(request, pk: int, run: int):
    """One run: inputs, steps, ranges, saving with its range."""
    found = the_run(request, pk, run)
    context = run_page(found) | {"may_edit": may_edit(request.user, found.assessment)}
    return render(request, "assessment/options/run.html", context)


@require_POST
@allow("assessment.edit")
def take(request, pk: int, run: int):
    """Makes an option of a run."""
    found = the_run(request, pk, run)
    try:
        option = equipment.option_of_run(request.user, found, name=request.POST.get("name", "")[:255])
    except AssessmentError as error:
        messages.error(request, str(error))
        return redirect("assessment:run", pk, run)
    messages.success(request, _("%(code)s was taken up.") % {"code": option.code})
    return redirect("assessment:option", pk, option.number)


def the_run(request, pk: int, run: int) -> EquipmentRun:
    """The run, if the person may see it."""
    rows = EquipmentRun.objects.select_related("assessment__facility", "by")
    found = get_visible(rows, request.user, assessment=pk, pk=run)
    return get_object_or_404(runs_of(request.user, found.assessment), pk=found.pk)
