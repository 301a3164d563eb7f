"""Forms are opened only by those whose words will be stored: nobody types first and is refused then."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect

from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.services.opening import closed_words
from sachhon.apps.assessment.views.assessment import the_assessment


def for_its_team(view):
    """Sends who may only read the assessment, or whoever comes when it is closed, back to its page, told why.

    What is posted all the same is refused by the service, with the form still there.
    """

    @wraps(view)
    def opened(request, pk: int, *args, **kwargs):
        if request.method == "GET" and not may_edit(request.user, the_assessment(request, pk)):
            messages.warning(request, closed_words())
            return redirect("assessment:assessment", pk)
        return view(request, pk, *args, **kwargs)

    return opened
