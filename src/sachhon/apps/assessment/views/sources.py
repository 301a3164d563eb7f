"""Where options come from: the causes of the losses, and the library for the trade."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.assessment.option_pages import offer_rows
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.freshness import latest_balance, stale_since, stale_words
from sachhon.apps.assessment.queries.streams import losses
from sachhon.apps.assessment.services import library
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import allow


@require_GET
@allow("assessment.view")
def sources(request, pk: int):
    """Losses with their causes, and what the library has for what the facility uses."""
    assessment = the_assessment(request, pk)
    context = {
        "assessment": assessment,
        "losses": losses(request.user, assessment),
        "stale": stale_words(stale_since(latest_balance(request.user, assessment))),
        "offers": offer_rows(library.offers(request.user, assessment)),
        "may_edit": may_edit(request.user, assessment),
    }
    return render(request, "assessment/options/sources.html", context)


@require_POST
@allow("assessment.edit")
def take(request, pk: int, code: str):
    """Takes up an option of the library."""
    assessment = the_assessment(request, pk)
    try:
        option = library.take_from_library(request.user, assessment, code)
    except AssessmentError as error:
        messages.error(request, str(error))
        return redirect("assessment:sources", pk)
    messages.success(request, _("%(code)s was taken up.") % {"code": option.code})
    return redirect("assessment:option", pk, option.number)
