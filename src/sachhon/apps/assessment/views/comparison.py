"""Choosing a technology: comparisons of an assessment, one of them, its form, the choice."""

from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment import comparison_pages
from sachhon.apps.assessment.forms_comparison import BeginForm, ComparisonForm
from sachhon.apps.assessment.models import Comparison
from sachhon.apps.assessment.services import comparing
from sachhon.apps.assessment.views import judged
from sachhon.apps.people.access import allow

ROOM = judged.Room(
    Comparison,
    comparing,
    comparison_pages,
    begin_form=lambda user, assessment, data: BeginForm(data),
    edit_form=ComparisonForm,
    head=("name", "purpose"),
    chosen=_("The choice was kept. Next: who carries out what, and when."),
)


@require_GET
@allow("assessment.view")
def comparisons(request, pk: int):
    """The choices of technology of an assessment."""
    return judged.list_of(request, ROOM, pk)


@require_POST
@allow("assessment.edit")
def begin(request, pk: int):
    """Begins a comparison."""
    return judged.begun(request, ROOM, pk)


@require_GET
@allow("assessment.view")
def comparison(request, pk: int, number: int):
    """One comparison: figures, scores, how firm the order is."""
    return judged.one(request, ROOM, pk, number)


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def edit(request, pk: int, number: int):
    """Changes alternatives, criteria and figures."""
    return judged.changed(request, ROOM, pk, number)


@require_POST
@allow("assessment.edit")
def choose(request, pk: int, number: int):
    """Chooses an alternative, with the reason."""
    return judged.chosen(request, ROOM, pk, number)
