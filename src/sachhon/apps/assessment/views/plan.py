"""The action plan: who does what until when with which money, the schedule, the steps of an option."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment.forms_options import PlanForm
from sachhon.apps.assessment.option_pages import clash_rows
from sachhon.apps.assessment.plan_pages import plan_page
from sachhon.apps.assessment.queries.verified import CARRIED_OUT
from sachhon.apps.assessment.services import plan as services
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.assessment.views.options import the_option
from sachhon.apps.assessment.views.writing import for_its_team
from sachhon.apps.people.access import allow


@require_GET
@allow("assessment.view")
def plan_of_action(request, pk: int):
    """What was chosen, who carries it out, and the schedule."""
    assessment = the_assessment(request, pk)
    context = plan_page(request.user, assessment, timezone.localdate())
    return render(request, "assessment/options/plan.html", context)


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
@for_its_team
def plan_option(request, pk: int, number: int):
    """Person, dates and money of one option."""
    option = the_option(request, pk, number)
    done = option.state in CARRIED_OUT
    form = PlanForm(request.POST or None, initial=PlanForm.initial_of(option), done=done)
    context = {"option": option, "assessment": option.assessment}
    if request.method == "POST" and form.is_valid():
        version, reason = form.cleaned_data["version"], form.cleaned_data["reason"]
        try:
            services.plan_option(request.user, option, form.values(), version, reason=reason)
        except Collision as clash:
            merged = {**clash.merged, "version": clash.version, "reason": reason}
            form = PlanForm(initial=merged, done=done)
            context |= {"clashes": clash_rows(clash), "told": str(clash)}
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("assessment:plan_of_action", pk)
    return render(request, "assessment/options/plan_option.html", context | {"form": form})


@require_POST
@allow("assessment.edit")
def move_option(request, pk: int, number: int, action: str):
    """Takes one step of an option: studied, chosen, begun, done, dropped."""
    if action not in services.MOVES or not services.MOVES[action].by_hand:
        raise Http404(action)
    option = the_option(request, pk, number)
    reason = request.POST.get("reason", "")
    try:
        services.move_option(request.user, option, action, today=timezone.localdate(), reason=reason)
    except AssessmentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("assessment:option", pk, number)
