"""Choosing under a budget: a slider redraws what is in; without script the same form is sent by its button."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.assessment.choice_pages import choice_page, read_wish
from sachhon.apps.assessment.services import choosing
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import allow


@require_GET
@allow("assessment.view")
def choice(request, pk: int):
    """The options in and out at the budget of the address (?budget= in million VND, ?aim=)."""
    assessment = the_assessment(request, pk)
    context = choice_page(request.user, assessment, read_wish(request.GET))
    whole = not request.htmx or request.htmx.target != "choice"
    name = "assessment/options/choice.html" if whole else "assessment/options/parts/choice.html"
    return render(request, name, context)


@require_POST
@allow("assessment.edit")
def decide(request, pk: int):
    """Keeps the choice; what is in becomes chosen."""
    assessment = the_assessment(request, pk)
    wish = read_wish(request.POST)
    try:
        choosing.decide(request.user, assessment, wish.budget, wish.aim, today=timezone.localdate())
    except AssessmentError as error:
        messages.error(request, str(error))
        return redirect("assessment:choice", pk)
    messages.success(request, _("The choice was kept. Next: who carries out what, and when."))
    return redirect("assessment:plan_of_action", pk)
