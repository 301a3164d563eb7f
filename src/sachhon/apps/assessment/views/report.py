"""The report of a detailed assessment as a file, as it stands now and as far as the person may see it."""

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from sachhon.apps.assessment.documents import detailed
from sachhon.apps.assessment.models import Kind
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import allow


@require_GET
@allow("assessment.view")
def report(request, pk: int, kind: str):
    """The report as .docx, .xlsx or .pdf in the language of the page."""
    assessment = the_assessment(request, pk)
    if kind not in detailed.KINDS or assessment.kind != Kind.DETAILED:
        raise Http404(kind)
    lang = "en" if get_language() == "en" else "vi"
    answer = HttpResponse(
        detailed.report(request.user, assessment, lang, kind), content_type=detailed.KINDS[kind]
    )
    name = f"danh-gia-chi-tiet-{assessment.facility.code}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
