"""The pages that treatments and choices of technology have alike: the list, beginning, changing, choosing.

A `Room` says what is its own: model, forms, services, words. The views with their permissions stand in
views/treatment.py and views/comparison.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.models.judged import Judged
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import get_visible


@dataclass(frozen=True)
class Room:
    """What is its own of one kind.

    name : "treatment"; its templates and addresses are called by it: options/treatment.html, edit_treatment.
    services : has `begin`, `change`, `choose`. pages : has `list_page`, `one_page`, `clash_rows`.
    begin_form : (user, assessment, data or None) → the form that begins one.
    edit_form : takes `row`, `values`, and the fields of `head` as initial; its `values()` are what `change` takes.
    chosen : what is said when one was chosen.
    """

    model: type[Judged]
    services: ModuleType
    pages: ModuleType
    begin_form: Callable[[object, Assessment, object], forms.Form]
    edit_form: type[forms.Form]
    head: tuple[str, ...]
    chosen: str | Promise

    @property
    def name(self) -> str:
        return self.model._meta.model_name or ""

    def template(self, page: str) -> str:
        return f"assessment/options/{page}.html"


def list_of(request: HttpRequest, room: Room, pk: int) -> HttpResponse:
    """Those of an assessment, with the form that begins one."""
    assessment = the_assessment(request, pk)
    context = room.pages.list_page(request.user, assessment)
    if context["may_edit"]:
        context["form"] = room.begin_form(request.user, assessment, None)
    return render(request, room.template(f"{room.name}s"), context)


def begun(request: HttpRequest, room: Room, pk: int) -> HttpResponse:
    """Begins one; goes on to its form."""
    assessment = the_assessment(request, pk)
    form = room.begin_form(request.user, assessment, request.POST)
    if form.is_valid():
        try:
            row = room.services.begin(request.user, assessment, **form.cleaned_data)
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"assessment:edit_{room.name}", pk, row.number)
    context = room.pages.list_page(request.user, assessment) | {"form": form}
    return render(request, room.template(f"{room.name}s"), context)


def one(request: HttpRequest, room: Room, pk: int, number: int) -> HttpResponse:
    """One of them with its figures."""
    row = the_row(request, room, pk, number)
    return render(request, room.template(room.name), room.pages.one_page(request.user, row))


def changed(request: HttpRequest, room: Room, pk: int, number: int) -> HttpResponse:
    """Its form; a collision with another person's change is shown side by side."""
    row = the_row(request, room, pk, number)
    given = {n: getattr(row, n) for n in room.head} | {"version": row.version}
    form = room.edit_form(request.POST or None, row=row, initial=given)
    back = reverse(f"assessment:{room.name}", args=(pk, number))
    context = {"assessment": row.assessment, "row": row, "back_url": back}
    if request.method == "POST" and form.is_valid():
        version, keep = form.cleaned_data["version"], request.POST.getlist("keep")
        try:
            room.services.change(request.user, row, form.values(), version, keep=keep)
        except Collision as clash:
            given = {n: clash.merged[n] for n in room.head} | {"version": clash.version}
            form = room.edit_form(row=row, values=clash.merged, initial=given)
            context |= {"clashes": room.pages.clash_rows(clash, row), "told": str(clash)}
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    return render(request, room.template(f"{room.name}_edit"), context | {"form": form})


def chosen(request: HttpRequest, room: Room, pk: int, number: int) -> HttpResponse:
    """Chooses an alternative, with the reason."""
    row, post = the_row(request, room, pk, number), request.POST
    version = int(post["version"]) if post.get("version", "").isdigit() else 0
    try:
        room.services.choose(
            request.user,
            row,
            post.get("alternative", ""),
            reason=post.get("reason", ""),
            version=version,
            now=timezone.localtime(),
        )
    except AssessmentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(room.chosen))
    return redirect(f"assessment:{room.name}", pk, number)


def the_row(request: HttpRequest, room: Room, pk: int, number: int) -> Judged:
    """The one of this assessment, if the person may see it."""
    rows = room.model.objects.select_related("assessment__facility")
    return get_visible(rows, request.user, assessment=pk, number=number)
