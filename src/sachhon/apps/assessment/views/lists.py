"""The list of assessments, and opening one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from sachhon.apps.assessment.forms import OpenForm
from sachhon.apps.assessment.models import AssessmentState, Kind
from sachhon.apps.assessment.queries.assessments import AssessmentFilter, assessment_list
from sachhon.apps.assessment.services import opening
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.chips import chip
from sachhon.apps.people.columns import ListColumn, columns_of
from sachhon.apps.people.downloads import field, rows_download
from sachhon.apps.people.focus import current_province
from sachhon.apps.people.models import Role
from sachhon.apps.registry.models import Facility

PER_PAGE = 50
COLUMNS = (
    ListColumn("facility", gettext_lazy("Facility"), sort="facility", fixed=True),
    ListColumn("kind", gettext_lazy("Kind")),
    ListColumn("state", gettext_lazy("State"), sort="state"),
    ListColumn("lead", gettext_lazy("Lead")),
    ListColumn("visit", gettext_lazy("Visit"), sort="visit"),
    ListColumn("opened", gettext_lazy("Opened"), sort="opened"),
)


@require_GET
@allow("assessment.view")
def assessments(request):
    """Every assessment the person may see."""
    wanted = AssessmentFilter.from_params(request.GET)
    rows = assessment_list(request.user, wanted, current_province(request))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": page.object_list,
        "q": wanted.q,
        "own": _own_facility(request.user),
        "columns": columns_of(request, "assessments", COLUMNS),
        "filters": [
            chip("kind", _("Kind"), wanted.kind, Kind.choices),
            chip("state", _("State"), wanted.state, [("open", _("Open")), *AssessmentState.choices]),
            chip("whose", _("Whose"), wanted.whose, [("mine", _("Mine"))]),
        ],
    }
    return render(request, "assessment/assessments.html", context)


def _own_facility(user) -> Facility | None:
    """The one facility of a factory, for which it may ask from here; with more it goes to the facility's page."""
    found = Facility.objects.visible_to(user)[:2] if user.role == Role.FACTORY else ()
    return found[0] if len(found) == 1 else None


@require_GET
@allow("assessment.view")
def export(request, kind: str):
    """The filtered list as .xlsx or .csv."""
    wanted = AssessmentFilter.from_params(request.GET)
    fields = [
        field(_("Code"), lambda a: a.facility.code),
        field(_("Facility"), lambda a: a.facility.name, width=3),
        field(_("Kind"), lambda a: a.get_kind_display(), width=1.5),
        field(_("State"), lambda a: a.get_state_display(), width=1.5),
        field(_("Lead"), lambda a: a.lead.display_name() if a.lead else "", width=2),
        field(_("Visit"), lambda a: a.visit_on),
        field(_("Opened"), lambda a: timezone.localtime(a.opened_at).date()),
    ]
    rows = assessment_list(request.user, wanted, current_province(request))
    return rows_download(kind, "danh-gia-sxsh", _("Assessments"), fields, rows)


@require_http_methods(["GET", "POST"])
@allow("assessment.request")
def begin(request, code: str):
    """Opens an assessment of a facility, or asks for one."""
    facility = get_visible(Facility.objects, request.user, code=code)
    initial = {"kind": request.GET.get("kind", Kind.QUICK)}
    form = OpenForm(request.POST or None, initial=initial, user=request.user, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            assessment = opening.open_assessment(request.user, facility, **form.cleaned_data)
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("The assessment is open.")
                if assessment.state != AssessmentState.REQUESTED
                else _("The request was sent to the Centre."),
            )
            return redirect("assessment:assessment", assessment.pk)
    context = {"form": form, "facility": facility, "asks": request.user.role == Role.FACTORY}
    return render(request, "assessment/begin.html", context)
