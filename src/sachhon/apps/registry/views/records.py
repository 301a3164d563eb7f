"""Monthly records of a facility: the list with its history, typing one in, deleting one, its evidence."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.chips import chip
from sachhon.apps.people.columns import ListColumn, columns_of
from sachhon.apps.people.downloads import field, rows_download
from sachhon.apps.registry.closed_costs import closed_costs, closed_word
from sachhon.apps.registry.forms import RecordForm
from sachhon.apps.registry.models import Facility, Quality, Record, RecordChange
from sachhon.apps.registry.queries.records import (
    RecordFilter,
    as_typed,
    filtered_records,
    item_choices,
    record_sums,
)
from sachhon.apps.registry.services.judged import YearJudged, judged_years
from sachhon.apps.registry.services.typing import take_out, type_record
from sachhon.reference import unit_label

PER_PAGE = 60
COLUMNS = (
    ListColumn("month", gettext_lazy("Month"), sort="month"),
    ListColumn("item", gettext_lazy("Product or resource"), sort="item", fixed=True),
    ListColumn("flow", gettext_lazy("Flow"), usual=False),
    ListColumn("meter", gettext_lazy("Meter"), usual=False),
    ListColumn("quantity", gettext_lazy("Quantity"), sort="quantity", num=True, fixed=True),
    ListColumn("unit", gettext_lazy("Unit"), fixed=True),
    ListColumn("entered", gettext_lazy("As written"), usual=False),
    ListColumn("cost", gettext_lazy("Cost"), sort="cost", num=True, unit=gettext_lazy("dong")),
    ListColumn("source", gettext_lazy("Source")),
    ListColumn("quality", gettext_lazy("Quality")),
    ListColumn("evidence", gettext_lazy("Evidence")),
)


@require_GET
@allow("registry.facility.view")
def records(request, code: str):
    """The records of one facility, newest month first, filtered, with their sums at the foot."""
    facility = get_visible(Facility.objects, request.user, code=code)
    wanted = RecordFilter.from_params(request.GET)
    rows = filtered_records(request.user, facility, wanted)
    closed = closed_costs(request.user, [facility.pk])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = closed.blanked(facility.pk, page.object_list)
    years = sorted(set(facility.records.values_list("year", flat=True)), reverse=True)
    context = {
        "facility": facility,
        "page": page,
        "sums": record_sums(rows, closed.of(facility.pk)),
        "columns": columns_of(request, "records", COLUMNS),
        "may_edit": request.user.may("registry.record.edit"),
        "filters": [
            chip("year", _("Year"), wanted.year, [(y, y) for y in years]),
            chip("item", _("Product or resource"), wanted.item, item_choices(facility)),
            chip("quality", _("Quality"), wanted.quality, Quality.choices),
            chip(
                "evidence",
                _("Evidence"),
                wanted.evidence,
                [("yes", _("Attached")), ("no", _("Not attached"))],
            ),
        ],
    }
    return render(request, "registry/records.html", context)


@require_GET
@allow("registry.facility.view")
def export(request, code: str, kind: str):
    """The whole filtered list of a facility's records as .xlsx or .csv, with its sums."""
    facility = get_visible(Facility.objects, request.user, code=code)
    rows = filtered_records(request.user, facility, RecordFilter.from_params(request.GET))
    closed = closed_costs(request.user, [facility.pk])
    sums = record_sums(rows, closed.of(facility.pk))
    language = "en" if get_language() == "en" else "vi"
    fields = [
        field(_("Year"), lambda r: r.year),
        field(_("Month"), lambda r: r.month),
        field(_("Product or resource"), lambda r: r.item.name, width=2.5),
        field(_("Flow"), lambda r: r.get_flow_display(), width=1.2),
        field(_("Meter"), lambda r: r.meter, width=1.2),
        field(_("Quantity"), lambda r: r.quantity, width=1.5),
        field(_("Unit"), lambda r: unit_label(r.unit, language)),
        field(_("Cost (VND)"), lambda r: closed_word() if r.cost_closed else r.cost_vnd, width=1.5),
        field(_("Source"), lambda r: r.get_source_display(), width=1.5),
        field(_("Quality"), lambda r: r.get_quality_display(), width=1.2),
        field(_("Evidence"), lambda r: _("Attached") if r.evidence else "", width=1.2),
    ]
    unit = unit_label(sums.unit, language) if sums.unit else ""
    cost = closed_word() if sums.cost_closed else sums.cost_vnd
    total = [_("Total"), None, None, None, None, sums.quantity, unit, cost, None, None, None]
    title = f"{facility.name}: {_('Monthly figures')}"
    return rows_download(
        kind, f"so-lieu-{facility.code}", title, fields, closed.blanked(facility.pk, rows), total=total
    )


@require_GET
@allow("registry.facility.view")
def record(request, code: str, pk: int):
    """One record and every change of it, with the file, sheet and cell it came from."""
    facility = get_visible(Facility.objects, request.user, code=code)
    row = get_visible(Record.objects, request.user, pk=pk, facility=facility)
    closed_costs(request.user, [facility.pk]).blanked(facility.pk, [row])
    changes = RecordChange.objects.visible_to(request.user).filter(record=row).select_related("actor")
    context = {
        "facility": facility,
        "record": row,
        "changes": changes,
        "may_edit": request.user.may("registry.record.edit"),
        "judged": bool(judged_years(facility, {row.year})),
    }
    return render(request, "registry/record.html", context)


@require_http_methods(["GET", "POST"])
@allow("registry.record.edit")
def type_in(request, code: str):
    """Types one record in; an existing one of the same month and meter is changed, with history.

    With `?record=` the form is filled with what that record holds, so that only what is wrong is written anew.
    """
    facility = get_visible(Facility.objects, request.user, code=code)
    items = item_choices(facility, everything=True)
    closed = closed_costs(request.user, [facility.pk])
    pk = request.GET.get("record", "")
    corrected = get_visible(Record.objects, request.user, pk=pk, facility=facility) if pk.isdigit() else None
    if corrected is not None:
        initial = as_typed(corrected, closed)
    else:
        initial = {name: request.GET.get(name, "") for name in ("item", "month")}
    form = RecordForm(
        request.POST or None,
        request.FILES or None,
        items=items,
        initial=initial,
        facility=facility,
        closed=closed,
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = type_record(request.user, facility, **form.values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved: %(record)s.") % {"record": row})
            return redirect("registry:records", code)
    title = _("Correct a record") if corrected is not None else _("Type in a record")
    context = {"form": form, "facility": facility, "title": title, "multipart": True}
    return render(request, "registry/small_form.html", context)


@require_POST
@allow("registry.record.edit")
def delete(request, code: str, pk: int):
    """Deletes one record; the history keeps it."""
    facility = get_visible(Facility.objects, request.user, code=code)
    row = get_visible(Record.objects, request.user, pk=pk, facility=facility)
    try:
        take_out(request.user, row)
    except YearJudged as refused:
        messages.error(request, refused.message)
        return redirect("registry:record", code, pk)
    messages.success(request, _("Deleted. The history keeps what it was."))
    return redirect("registry:records", code)


@require_GET
@allow("registry.facility.view")
def evidence(request, code: str, pk: int):
    """The evidence file of a record, always as a download."""
    facility = get_visible(Facility.objects, request.user, code=code)
    row = get_visible(Record.objects, request.user, pk=pk, facility=facility)
    closed = closed_costs(request.user, [facility.pk])
    if not row.evidence or (row.cost_vnd is not None and closed.holds(facility.pk, row.resource_id)):
        raise Http404  # a bill tells its price
    response = FileResponse(row.evidence.open(), as_attachment=True, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    return response
