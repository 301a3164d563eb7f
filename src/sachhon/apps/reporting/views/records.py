"""What an officer does about a doubt on records that no report covers, from the facility's page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting.queries.record_findings import record_findings
from sachhon.apps.reporting.services import record_doubts
from sachhon.apps.reporting.services.errors import ReportError


@require_POST
@allow("reporting.report.review")
def finding(request, code: str, pk: int):
    """Explains a finding, or corrects the stored figures as suggested."""
    facility = get_visible(Facility.objects, request.user, code=code)
    found = record_findings(facility=facility, pk=pk).select_related("facility").first()
    if found is None:
        messages.info(request, _("This is settled already."))
        return redirect(_back(facility))
    try:
        if request.POST.get("do") == "correct":
            record_doubts.correct(request.user, found, now=timezone.now())
        else:
            explanation = request.POST.get("explanation", "")
            record_doubts.explain(request.user, found, explanation, now=timezone.now())
    except (ReportError, ValidationError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
    else:
        messages.success(request, _("Noted."))
    return redirect(_back(facility))


def _back(facility: Facility) -> str:
    return reverse("registry:facility", args=[facility.code]) + "#findings"
