"""One row of the flow-sheet as a form: in the side panel, or as a page of its own without script."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sachhon.apps.assessment.flow_forms import RowForm, SecretForm
from sachhon.apps.assessment.models import Stream
from sachhon.apps.assessment.models.flow_kinds import ROWS
from sachhon.apps.assessment.services.errors import AssessmentError, FieldsWrong
from sachhon.apps.assessment.services.flow import editing, secrets
from sachhon.apps.assessment.services.flow.editing import Edit
from sachhon.apps.assessment.views.flow import conflict_words, context_of, detailed
from sachhon.apps.people.access import allow, get_visible

START = "assessment:flow_start"
TABS = {
    "measurement": "assessment:flow_readings",
    "stock": "assessment:flow_readings",
    "share": "assessment:flow_readings",
    "cause": "assessment:flow_losses",
    "charter": START,
    "meter": START,
    "task": START,
}


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def add(request, pk: int, kind: str):
    """A new row."""
    assessment = detailed(request, pk)
    if kind not in ROWS:
        raise Http404(kind)
    initial = {
        name: request.GET[name]
        for name in ("stream", "because", "branch", "source", "target", "process", "parent")
        if name in request.GET
    }
    form = RowForm(kind, assessment, request.POST or None, initial=initial)
    if request.method == "POST":
        answer = _store(request, assessment, form, Edit(kind, form.posted()))
        if answer:
            return answer
    return _form(request, assessment, kind, form, None)


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def edit(request, pk: int, kind: str, row: int):
    """A row that is there."""
    assessment = detailed(request, pk)
    found = _row(request, assessment, kind, row)
    form = RowForm(kind, assessment, request.POST or None, row=found)
    if request.method == "POST":
        version = request.POST.get("version", "")
        wanted = Edit(kind, form.posted(), found.pk, int(version) if version.isdigit() else 0)
        answer = _store(request, assessment, form, wanted)
        if answer:
            return answer
    return _form(request, assessment, kind, form, found)


@require_POST
@allow("assessment.edit")
def remove(request, pk: int, kind: str, row: int):
    """Takes a row away; undo brings it back."""
    assessment = detailed(request, pk)
    found = _row(request, assessment, kind, row)
    try:
        editing.change(request.user, assessment, [Edit(kind, {"removed": True}, found.pk, found.version)])
        messages.success(request, _("%(code)s was taken away. “Undo” brings it back.") % {"code": found.code})
    except AssessmentError as error:
        messages.error(request, str(error))
    return _done(request, assessment, kind)


@require_http_methods(["GET", "POST"])
@allow("assessment.secrets")
def secret(request, pk: int, row: int):
    """What the factory keeps to itself of a stream."""
    assessment = detailed(request, pk)
    stream = get_visible(Stream.objects, request.user, pk=row, assessment=assessment)
    seen = {"price": stream.price_secret, "quantity": stream.secret}
    form = SecretForm(request.POST or None, initial=seen)
    if request.method == "POST" and form.is_valid():
        secrets.keep_secret(request.user, stream, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return _done(request, assessment, "stream")
    context = context_of(request, assessment, "flow", form=form, row=stream)
    return render(request, "assessment/flow/secret.html", context | _layout(request))


def _store(request, assessment, form: RowForm, wanted: Edit):
    """The answer where all was stored; None where the form must be shown again, with what is wrong."""
    try:
        outcome = editing.change(request.user, assessment, [wanted])
    except FieldsWrong as wrong:
        form.told(wrong.fields)
        return None
    except AssessmentError as error:
        form.told({"": str(error)})
        return None
    if outcome.conflicts:
        form.told(
            {c.field: conflict_words(c) + " " + _("Save again to keep yours.") for c in outcome.conflicts}
        )
        form.data = form.data.copy()
        form.data["version"] = str(outcome.conflicts[0].version)
        return None
    messages.success(request, _("Saved."))
    return _done(request, assessment, wanted.kind)


def _done(request, assessment, kind: str):
    """Back to the page the row is on. In the panel: the page hears of it and closes the panel."""
    if request.htmx:
        list(messages.get_messages(request))
        response = HttpResponse(status=204)
        response["HX-Trigger"] = "flow-changed"
        return response
    return redirect(TABS.get(kind, "assessment:flow"), assessment.pk)


def _form(request, assessment, kind: str, form: RowForm, row):
    context = context_of(request, assessment, "flow", form=form, row=row, kind=kind, title=_title(kind, row))
    context["action"] = (
        reverse("assessment:flow_edit", args=[assessment.pk, kind, row.pk])
        if row
        else reverse("assessment:flow_add", args=[assessment.pk, kind])
    )
    context["back"] = reverse(TABS.get(kind, "assessment:flow"), args=[assessment.pk])
    return render(request, "assessment/flow/row.html", context | _layout(request))


def _title(kind: str, row) -> str:
    if row:
        return f"{row.code} {getattr(row, 'name', '')}".strip()
    return {
        "process": _("New process"),
        "stream": _("New stream"),
        "layer": _("New substance"),
        "measurement": _("New measurement"),
        "stock": _("New stock reading"),
        "share": _("New transfer coefficient"),
        "cause": _("New cause"),
        "charter": _("Scope and aims"),
        "meter": _("New meter"),
        "task": _("New task"),
    }[kind]


def _layout(request) -> dict:
    """In the panel the form is sent from there; as a page of its own it is an ordinary form."""
    return {"layout": "panel.html" if request.htmx else "base.html", "in_panel": bool(request.htmx)}


def _row(request, assessment, kind: str, row: int):
    if kind not in ROWS:
        raise Http404(kind)
    return get_object_or_404(ROWS[kind].objects.visible_to(request.user), pk=row, assessment=assessment)
