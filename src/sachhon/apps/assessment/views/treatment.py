"""Treatment of discharges: those of an assessment, one of them, its form, the choice."""

from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment import treatment_pages
from sachhon.apps.assessment.forms_treatment import BeginForm, TreatmentForm
from sachhon.apps.assessment.models import Treatment
from sachhon.apps.assessment.services import treating
from sachhon.apps.assessment.services.treatment_stream import waste_streams
from sachhon.apps.assessment.views import judged
from sachhon.apps.people.access import allow

ROOM = judged.Room(
    Treatment,
    treating,
    treatment_pages,
    begin_form=lambda user, assessment, data: BeginForm(data, streams=waste_streams(user, assessment)),
    edit_form=TreatmentForm,
    head=("name",),
    chosen=_("The choice was kept."),
)


@require_GET
@allow("assessment.view")
def treatments(request, pk: int):
    """The treatments of an assessment."""
    return judged.list_of(request, ROOM, pk)


@require_POST
@allow("assessment.edit")
def begin(request, pk: int):
    """Begins a treatment."""
    return judged.begun(request, ROOM, pk)


@require_GET
@allow("assessment.view")
def treatment(request, pk: int, number: int):
    """One treatment: alternatives against the limits, cost, what less at the source spares."""
    return judged.one(request, ROOM, pk, number)


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def edit(request, pk: int, number: int):
    """Changes discharge, concentrations and chains."""
    return judged.changed(request, ROOM, pk, number)


@require_POST
@allow("assessment.edit")
def choose(request, pk: int, number: int):
    """Chooses an alternative, with the reason."""
    return judged.chosen(request, ROOM, pk, number)
