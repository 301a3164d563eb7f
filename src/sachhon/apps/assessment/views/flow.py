"""The flow-sheet editor: the page with canvas and table, changes from the canvas, news of others, undo, layout."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.assessment.models import Assessment, Kind
from sachhon.apps.assessment.queries import flow as flow_queries
from sachhon.apps.assessment.queries import freshness
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.services.errors import AssessmentError, FieldsWrong
from sachhon.apps.assessment.services.flow import arranging, editing
from sachhon.apps.assessment.services.flow.disclosure import sees_secrets
from sachhon.apps.assessment.services.flow.editing import Edit, Outcome
from sachhon.apps.assessment.services.flow.fields import field_label
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import allow

KINDS = ("process", "stream", "layer", "measurement", "stock", "share", "cause")
MOST_EDITS = 2000


def detailed(request, pk: int) -> Assessment:
    """The detailed assessment, if the person may see it; a quick one has no flow-sheet."""
    assessment = the_assessment(request, pk)
    if assessment.kind != Kind.DETAILED:
        raise Http404("flow")
    return assessment


def context_of(request, assessment: Assessment, tab: str, **more) -> dict:
    """What every page of the flow-sheet shares."""
    if "page" not in more and tab not in ("start", "flow"):
        latest = freshness.latest_balance(request.user, assessment)
        more["stale"] = freshness.stale_words(freshness.stale_since(latest))
    return {
        "assessment": assessment,
        "facility": assessment.facility,
        "tab": tab,
        "may_edit": may_edit(request.user, assessment),
        "may_keep": sees_secrets(request.user),
        **more,
    }


@require_GET
@allow("assessment.view")
def page(request, pk: int):
    """Canvas left, table right; without script the table alone."""
    assessment = detailed(request, pk)
    flow = flow_queries.flow_page(request.user, assessment)
    context = context_of(request, assessment, "flow", flow=flow, page=flow)
    context["graph"] = flow_queries.graph(request.user, flow) | {
        "mayEdit": context["may_edit"],
        "urls": {
            "news": reverse("assessment:flow_news", args=[pk]),
            "change": reverse("assessment:flow_change", args=[pk]),
            "undo": reverse("assessment:flow_undo", args=[pk]),
            "redo": reverse("assessment:flow_redo", args=[pk]),
            "arrange": reverse("assessment:flow_arrange", args=[pk]),
            "reconcile": reverse("assessment:flow_reconcile", args=[pk]),
        },
        "words": _words(),
    }
    return render(request, "assessment/flow/editor.html", context)


@require_GET
@allow("assessment.view")
def news(request, pk: int):
    """What changed after a place in the sequence, ready for canvas and table; 204 where nothing did."""
    assessment = detailed(request, pk)
    after = request.GET.get("after", "")
    after = int(after) if after.isdigit() else 0
    changes = flow_queries.changes_since(request.user, assessment, after)
    if not changes:
        return HttpResponse(status=204)
    return JsonResponse(_news(request, assessment, changes))


def _news(request, assessment: Assessment, changes) -> dict:
    flow = flow_queries.flow_page(request.user, assessment)
    context = context_of(request, assessment, "flow", flow=flow, page=flow)
    html = {
        name: render_to_string(f"assessment/flow/parts/{name}.html", context, request)
        for name in ("stream_table", "process_table", "look")
    }
    others = [c.act for c in changes if c.act.by_id != request.user.pk]
    told = {a.by_name: a for a in others}
    return flow_queries.graph(request.user, flow) | {"html": html, "by": sorted(told)}


@require_POST
@allow("assessment.edit")
def change(request, pk: int):
    """An act of the canvas as JSON: {"edits": [{kind, row, version, values}]}."""
    assessment = detailed(request, pk)
    try:
        edits = [
            Edit(
                str(e["kind"]),
                dict(e["values"]),
                int(e["row"]) if e.get("row") else None,
                int(e.get("version") or 0),
            )
            for e in json.loads(request.body)["edits"][:MOST_EDITS]
        ]
        if any(e.kind not in KINDS for e in edits):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("The request was not understood: load the page again.")}, status=400)
    try:
        outcome = editing.change(request.user, assessment, edits)
    except FieldsWrong as wrong:
        return JsonResponse({"error": str(wrong), "fields": wrong.fields}, status=422)
    except AssessmentError as error:
        return JsonResponse({"error": str(error)}, status=409)
    return JsonResponse(_answer(outcome))


def _answer(outcome: Outcome) -> dict:
    return {
        "seq": outcome.seq,
        "rows": [
            {"kind": r._meta.model_name, "id": r.pk, "code": r.code, "version": r.version}
            for r in outcome.rows
        ],
        "conflicts": [conflict_words(c) for c in outcome.conflicts],
    }


def conflict_words(c) -> str:
    """A collision in one sentence."""
    return _("%(code)s, %(field)s: %(by)s wrote “%(theirs)s” in the meantime; yours, “%(mine)s”, was not stored.") % {
        "code": c.code, "field": field_label(c.kind, c.field), "by": c.by, "theirs": c.theirs, "mine": c.mine,
    }  # fmt: skip


@require_POST
@allow("assessment.edit")
def undo(request, pk: int):
    """Takes back the person's last act."""
    return _step(request, pk, editing.undo)


@require_POST
@allow("assessment.edit")
def redo(request, pk: int):
    """Does it again."""
    return _step(request, pk, editing.redo)


@require_POST
@allow("assessment.edit")
def arrange(request, pk: int):
    """Puts every process in its place from left to right."""
    return _step(request, pk, arranging.arrange)


def _step(request, pk: int, act):
    assessment = detailed(request, pk)
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        outcome = act(request.user, assessment)
    except AssessmentError as error:
        if wants_json:
            return JsonResponse({"error": str(error)}, status=409)
        messages.warning(request, str(error))
    else:
        if wants_json:
            return JsonResponse(_answer(outcome))
    return redirect("assessment:flow", pk)


def _words() -> dict[str, str]:
    """What the canvas says."""
    return {
        "newProcess": _("New process"),
        "newStream": _("New stream"),
        "pickTarget": _("Choose where the stream goes: a process, or Esc to stop."),
        "sameEnd": _("The stream starts here: choose another process, or Esc to stop."),
        "stopped": _("No stream was begun."),
        "by": _("Changed just now by"),
        "lost": _("No connection: what you do now is not stored. Trying again …"),
        "waits": _("No connection: where you put it is kept, and stored when the connection is back."),
        "back": _("Connected again."),
        "reconciled": _("Reconciled."),
        "selected": _("Selected"),
        "stock": _("with a stock"),
        "noInside": _("It has no sub-processes: choose at a process what it lies inside of."),
    }
