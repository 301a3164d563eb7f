"""What a flow-sheet tells: the balance, Sankeys, the cost of losses, energy by user, losses with their causes."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment.models import Stream
from sachhon.apps.assessment.queries import flow as flow_queries
from sachhon.apps.assessment.queries import flow_results as result_queries
from sachhon.apps.assessment.queries import flow_stocks
from sachhon.apps.assessment.queries.streams import losses as lost_streams
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.flow import costs as costing
from sachhon.apps.assessment.services.flow import pictures, reconciling
from sachhon.apps.assessment.views.flow import context_of, detailed
from sachhon.apps.people.access import allow, get_visible


@require_GET
@allow("assessment.view")
def balance(request, pk: int):
    """Measured, reconciled, adjustment, residual; what is suspected and why."""
    assessment = detailed(request, pk)
    flow = flow_queries.flow_page(request.user, assessment)
    stocks, shares = flow_stocks.found(assessment, flow.latest, flow.closed)
    context = context_of(request, assessment, "balance", page=flow, stocks=stocks, shares=shares)
    return render(request, "assessment/flow/balance.html", context)


@require_POST
@allow("assessment.edit")
def reconcile(request, pk: int):
    """Balances the flow-sheet as it stands and keeps the answer; the canvas asks for it as JSON and stays."""
    assessment = detailed(request, pk)
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        kept = reconciling.reconcile(request.user, assessment)
    except AssessmentError as error:
        if wants_json:
            return JsonResponse({"error": str(error)}, status=409)
        messages.error(request, str(error))
    else:
        if wants_json:
            return JsonResponse(kept.content)
        if kept.content["streams"]:
            messages.success(request, _("Reconciled."))
        else:
            messages.warning(request, _("Nothing could be reconciled: see below what is missing."))
    return redirect("assessment:flow_balance", pk)


@require_GET
@allow("assessment.view")
def sankey(request, pk: int, layer: str):
    """Mass, energy or money as bands, with the table of them."""
    assessment = detailed(request, pk)
    if layer not in pictures.LAYERS:
        raise Http404(layer)
    view = result_queries.sankey_view(request.user, assessment, layer)
    context = context_of(request, assessment, "sankey", view=view, layer=layer)
    if view.svg:
        context["svg"] = mark_safe(view.svg)  # noqa: S308  (drawn by documents.drawings, which escapes every word)
    return render(request, "assessment/flow/sankey.html", context)


@require_http_methods(["GET", "POST"])
@allow("assessment.view")
def costs(request, pk: int):
    """The cost of what does not become product, by quantity centre and by stream."""
    assessment = detailed(request, pk)
    if request.method == "POST":
        try:
            costing.account(request.user, assessment)
            messages.success(request, _("Computed."))
        except AssessmentError as error:
            messages.error(request, str(error))
        return redirect("assessment:flow_costs", pk)
    view = result_queries.cost_view(request.user, assessment)
    return render(request, "assessment/flow/costs.html", context_of(request, assessment, "costs", view=view))


@require_GET
@allow("assessment.view")
def energy(request, pk: int):
    """Who uses how much energy."""
    assessment = detailed(request, pk)
    rows = result_queries.energy_by_user(request.user, assessment)
    return render(
        request, "assessment/flow/energy.html", context_of(request, assessment, "energy", rows=rows)
    )


@require_GET
@allow("assessment.view")
def losses(request, pk: int):
    """Every stream that is lost, the dearest first, with what it holds and how many causes were found."""
    assessment = detailed(request, pk)
    lost = lost_streams(request.user, assessment)
    context = context_of(
        request, assessment, "losses", lost=result_queries.characterised(request.user, assessment, lost)
    )
    return render(request, "assessment/flow/losses.html", context)


@require_GET
@allow("assessment.view")
def loss(request, pk: int, row: int):
    """One lost stream: its causes as a fishbone, and the whys behind them."""
    assessment = detailed(request, pk)
    stream = get_visible(Stream.objects, request.user, pk=row, assessment=assessment, removed=False)
    fact = (
        next(s for s in lost_streams(request.user, assessment) if s.code == stream.code)
        if stream.is_loss
        else None
    )
    if fact is None:
        raise Http404("loss")
    amount = result_queries.amount_words(fact)
    context = context_of(
        request,
        assessment,
        "losses",
        stream=stream,
        fact=fact,
        amount=amount,
        causes=result_queries.cause_tree(request.user, stream),
    )
    context["svg"] = mark_safe(pictures.fishbone_svg(stream, amount))  # noqa: S308  (escaped by documents.drawings)
    return render(request, "assessment/flow/loss.html", context)
