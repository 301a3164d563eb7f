"""Step 1: scope and aims, meters, the plan with dates, the letter of the management."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.assessment.documents.letter import management_letter
from sachhon.apps.assessment.models import Charter, Meter, PlanTask
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.flow.planning import draft_plan
from sachhon.apps.assessment.views.flow import context_of, detailed
from sachhon.apps.people.access import allow
from sachhon.apps.people.downloads import file_download
from sachhon.documents.docx import DOCX_MIME


@require_GET
@allow("assessment.view")
def start(request, pk: int):
    """What was agreed at the start."""
    assessment = detailed(request, pk)
    mine = {"assessment": assessment, "removed": False}
    context = context_of(
        request,
        assessment,
        "start",
        charter=Charter.objects.visible_to(request.user).filter(**mine).first(),
        meters=Meter.objects.visible_to(request.user).filter(**mine),
        tasks=PlanTask.objects.visible_to(request.user).filter(**mine),
    )
    return render(request, "assessment/flow/start.html", context)


@require_POST
@allow("assessment.edit")
def plan(request, pk: int):
    """A first draft of the plan: the method's tasks one after another."""
    assessment = detailed(request, pk)
    try:
        draft_plan(request.user, assessment, assessment.visit_on or timezone.localdate())
        messages.success(request, _("Saved."))
    except AssessmentError as error:
        messages.error(request, str(error))
    return redirect("assessment:flow_start", pk)


@require_GET
@allow("assessment.view")
def letter(request, pk: int):
    """The letter by which management commits itself, to be signed."""
    assessment = detailed(request, pk)
    lang = "en" if get_language() == "en" else "vi"
    content = management_letter(request.user, assessment, lang, timezone.localdate())
    return file_download(content, DOCX_MIME, f"cam-ket-{assessment.facility.code}.docx")
