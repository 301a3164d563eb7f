"""Số này từ đâu? The panel behind every derived figure."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.registry.models import Figure, Record
from sachhon.apps.registry.queries.lineage import explain


@require_GET
@allow("registry.figure.explain")
def figure(request, code: str):
    """Formula with the numbers, records, facts, state, interval; in the side panel or as a page of its own."""
    row = get_visible(Figure.objects, request.user, code=code)
    explanation = explain(request.user, row)
    layout = "panel.html" if request.htmx else "base.html"
    return render(
        request, "registry/figure.html", {"layout": layout, "figure": row, "explanation": explanation}
    )


@require_GET
@allow("registry.figure.explain")
def figure_records(request, code: str):
    """All records behind a figure, as far as the person may see them."""
    row = get_visible(Figure.objects, request.user, code=code)
    records = (
        Record.objects.visible_to(request.user)
        .filter(pk__in=row.records.get("ids", []))
        .select_related("facility", "resource", "product")
        .order_by("facility__code", "year", "month")
    )
    return render(request, "registry/figure_records.html", {"figure": row, "records": records})
