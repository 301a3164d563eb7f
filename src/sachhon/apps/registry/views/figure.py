"""Số này từ đâu? The panel behind every derived figure."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.registry.models import Figure, Record
from sachhon.apps.registry.queries.lineage import counted_facilities, explain, term_label

PER_PAGE = 50


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


@require_GET
@allow("registry.facility.view")
def figure_facilities(request, code: str):
    """The facilities that a figure counted when it was computed, as far as the person may see them."""
    row = get_visible(Figure.objects, request.user, code=code)
    if "facilities" not in row.records:
        raise Http404(code)
    found = counted_facilities(request.user, row, request.GET.get("q", ""))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    of_which = set(row.records.get("of_which", ()))
    context = {
        "figure": row,
        "label": row.label_en if get_language() == "en" else row.label_vi,
        "all": len(row.records["facilities"]),
        "page": page,
        "rows": [(facility, facility.pk in of_which) for facility in page.object_list],
        "of_which": term_label(row, "x") if "of_which" in row.records else "",
        "of_which_count": len(of_which),
        "q": request.GET.get("q", ""),
    }
    return render(request, "registry/figure_facilities.html", context)
