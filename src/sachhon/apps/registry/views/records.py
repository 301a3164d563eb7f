"""Monthly records of a facility: the list with its history, typing one in, deleting one, its evidence."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.chips import chip
from sachhon.apps.registry.forms import RecordForm
from sachhon.apps.registry.models import Facility, Quality, Record, RecordChange
from sachhon.apps.registry.queries.records import as_typed, item_choices, record_list
from sachhon.apps.registry.services.judged import YearJudged, judged_years
from sachhon.apps.registry.services.typing import take_out, type_record

PER_PAGE = 60


@require_GET
@allow("registry.facility.view")
def records(request, code: str):
    """The records of one facility, newest month first, filtered by year and item."""
    facility = get_visible(Facility.objects, request.user, code=code)
    year, item = request.GET.get("year", ""), request.GET.get("item", "")
    quality = request.GET.get("quality", "")
    rows = record_list(
        request.user, facility, year=int(year) if year.isdigit() else None, item=item, quality=quality
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    years = sorted(set(facility.records.values_list("year", flat=True)), reverse=True)
    context = {
        "facility": facility,
        "page": page,
        "may_edit": request.user.may("registry.record.edit"),
        "filters": [
            chip("year", _("Year"), year, [(y, y) for y in years]),
            chip("item", _("Product or resource"), item, item_choices(facility)),
            chip("quality", _("Quality"), quality, Quality.choices),
        ],
    }
    return render(request, "registry/records.html", context)


@require_GET
@allow("registry.facility.view")
def record(request, code: str, pk: int):
    """One record and every change of it, with the file, sheet and cell it came from."""
    facility = get_visible(Facility.objects, request.user, code=code)
    row = get_visible(Record.objects, request.user, pk=pk, facility=facility)
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
    pk = request.GET.get("record", "")
    corrected = get_visible(Record.objects, request.user, pk=pk, facility=facility) if pk.isdigit() else None
    if corrected is not None:
        initial = as_typed(corrected)
    else:
        initial = {name: request.GET.get(name, "") for name in ("item", "month")}
    form = RecordForm(
        request.POST or None, request.FILES or None, items=items, initial=initial, facility=facility
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
    if not row.evidence:
        raise Http404
    response = FileResponse(row.evidence.open(), as_attachment=True, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    return response
