"""Measurements taken from the facility's monthly records."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sachhon.apps.assessment.models import Assessment, Measurement, Stream
from sachhon.apps.assessment.queries import flow_records
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.flow.from_records import TakingRefused, Wanted, take
from sachhon.apps.assessment.services.flow.record_link import link_of
from sachhon.apps.assessment.views.flow import context_of, detailed
from sachhon.apps.people.access import allow

WEIGHT = "kg:"  # of the weight of a piece
FIELD = "stream:"  # name of the choice of a stream, before the key of the records


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def from_records(request, pk: int):
    """What the facility recorded in the period, each line with the stream it is of."""
    assessment = detailed(request, pk)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        wanted = [
            Wanted(
                name.removeprefix(FIELD), int(value), request.POST.get(WEIGHT + name.removeprefix(FIELD), "")
            )
            for name, value in request.POST.items()
            if name.startswith(FIELD) and value.isdigit()
        ]
        try:
            outcome = take(request.user, assessment, wanted, monthly=request.POST.get("by") == "month")
        except TakingRefused as refused:
            problems = refused.problems
        except AssessmentError as error:
            problems = [("", str(error))]
        else:
            count = sum(isinstance(row, Measurement) and not row.removed for row in outcome.rows)
            told = ngettext("%(n)d measurement was stored.", "%(n)d measurements were stored.", count)
            messages.success(request, told % {"n": count})
            return redirect("assessment:flow_readings", pk)
    context = context_of(request, assessment, "readings", **_lines(request, assessment, problems))
    return render(request, "assessment/flow/from_records.html", context, status=422 if problems else 200)


def _lines(request, assessment: Assessment, problems: list[tuple[str, str]]) -> dict:
    streams = list(Stream.objects.visible_to(request.user).filter(assessment=assessment, removed=False))
    measured = Measurement.objects.filter(assessment=assessment, removed=False, stream__removed=False)
    linked = {link.key: (m.stream_id, link) for m in measured if (link := link_of(m))}
    told = dict(problems)
    offered = flow_records.series(request.user, assessment)
    lines = [
        {
            "series": s,
            "field": FIELD + s.key,
            "chosen": request.POST.get(FIELD + s.key) or str(linked.get(_key(s), ("", None))[0]),
            "weight_field": WEIGHT + s.key,
            "weight": request.POST.get(WEIGHT + s.key) or _weight(linked.get(_key(s))),
            "problem": told.get(s.key, ""),
        }
        for s in offered
    ]
    by = request.POST.get("by") or ("month" if measured.exclude(period="").exists() else "whole")
    return {
        "lines": lines,
        "streams": streams,
        "by": by,
        "problems": [(next((s.name for s in offered if s.key == key), ""), words) for key, words in problems],
    }


def _key(series: flow_records.Series) -> tuple[str, str, str]:
    return series.flow, series.item, series.meter


def _weight(taken) -> str:
    """What a piece was taken to weigh the last time."""
    return flow_records.typed_weight(taken[1].piece_kg) if taken else ""
