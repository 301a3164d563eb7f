"""Measurements as a table, pasted from a spreadsheet; the whole sheet as a file, out and in."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from sachhon.apps.assessment.queries import attachments, flow_records, flow_stocks, freshness
from sachhon.apps.assessment.queries import flow as flow_queries
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.flow import pasting, pictures, transfer
from sachhon.apps.assessment.services.flow.disclosure import closed_for
from sachhon.apps.assessment.views.flow import context_of, detailed
from sachhon.apps.people.access import allow
from sachhon.apps.people.downloads import file_download
from sachhon.documents.export import XLSX_MIME

MOST_BYTES = 20 * 1024 * 1024


@require_GET
@allow("assessment.view")
def readings(request, pk: int):
    """Every measurement, and what is known and unknown with them."""
    return _readings(request, detailed(request, pk))


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def paste(request, pk: int):
    """Takes rows pasted from a spreadsheet, all or none; opened by its address it is the page with the field."""
    assessment = detailed(request, pk)
    if request.method == "GET":
        return redirect("assessment:flow_readings", pk)
    text = request.POST.get("rows", "")[:1_000_000]
    try:
        outcome = pasting.paste(request.user, assessment, text)
    except pasting.PasteRefused as refused:
        return _readings(request, assessment, refused=refused.problems, text=text, status=422)
    except AssessmentError as error:
        messages.error(request, str(error))
    else:
        count = len(outcome.rows)
        told = ngettext("%(n)d measurement was stored.", "%(n)d measurements were stored.", count)
        messages.success(request, told % {"n": count})
    return redirect("assessment:flow_readings", pk)


def _readings(request, assessment, refused=(), text="", status=200):
    flow = flow_queries.flow_page(request.user, assessment)
    rows = list(flow_queries.measurements(request.user, assessment))
    files = attachments.counts(request.user, assessment, "measurement")
    at_stocks = attachments.counts(request.user, assessment, "stock")
    linked = flow_records.links(request.user, assessment, rows)
    context = context_of(
        request,
        assessment,
        "readings",
        page=flow,
        rows=[(m, linked.get(m.pk), files.get(m.pk, 0)) for m in rows],
        stocks=[(k, at_stocks.get(k.pk, 0)) for k in flow_stocks.stock_rows(request.user, assessment)],
        shares=flow_stocks.share_rows(request.user, assessment),
        refused=refused,
        text=text,
    )
    return render(request, "assessment/flow/readings.html", context, status=status)


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def take_in(request, pk: int):
    """Takes a flow-sheet in from JSON or a workbook."""
    assessment = detailed(request, pk)
    context = context_of(request, assessment, "flow")
    file = request.FILES.get("file")
    if request.method == "POST" and file is None:
        context["bad"] = [transfer.Bad("", "", _("Choose a file first."))]
    elif request.method == "POST" and file.size > MOST_BYTES:
        context["bad"] = [
            transfer.Bad("", "", _("The file is larger than 20 MB: take out what is no flow-sheet."))
        ]
    elif request.method == "POST":
        try:
            outcome = transfer.take_in(request.user, assessment, file.name, file.read())
        except transfer.ImportRefused as refused:
            context["bad"] = refused.bad
        except AssessmentError as error:
            context["bad"] = [transfer.Bad("", "", str(error))]
        else:
            told = ngettext("%(n)d row was taken in.", "%(n)d rows were taken in.", len(outcome.rows))
            messages.success(request, told % {"n": len(outcome.rows)} + " " + _("“Undo” takes it back."))
            return redirect("assessment:flow", pk)
    return render(request, "assessment/flow/import.html", context, status=422 if context.get("bad") else 200)


@require_GET
@allow("assessment.view")
def export(request, pk: int, kind: str):
    """The flow-sheet as .json, .xlsx or a picture."""
    assessment = detailed(request, pk)
    name = f"so-do-dong-{assessment.facility.code}"
    if kind == "json":
        return file_download(transfer.as_json(request.user, assessment), "application/json", f"{name}.json")
    if kind == "xlsx":
        return file_download(transfer.as_workbook(request.user, assessment), XLSX_MIME, f"{name}.xlsx")
    if kind == "svg":
        latest = freshness.latest_balance(request.user, assessment)
        closed = closed_for(request.user, assessment).all
        svg = pictures.sheet_svg(assessment, latest.content if latest else None, closed)
        return file_download(svg.encode(), "image/svg+xml", f"{name}.svg")
    raise Http404(kind)
