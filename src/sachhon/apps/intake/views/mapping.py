"""Mapping the columns of a workbook: its first rows, a role above each column, and the months that come of it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sachhon.apps.intake import mapform, meter_format, solutions
from sachhon.apps.intake.closed import refuse_closed
from sachhon.apps.intake.meter_format import Part
from sachhon.apps.intake.models import ImportFile
from sachhon.apps.intake.monthly import MonthlyWriter
from sachhon.apps.intake.own_products import with_products
from sachhon.apps.intake.services import mending, windows
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.sheetview import LEVELS, cell_text, head_of, open_file
from sachhon.apps.intake.solutionview import solution_lines
from sachhon.apps.people.access import allow, get_visible
from sachhon.reference.units import unit_label, units
from sachhon.workbooks.extract import extract
from sachhon.workbooks.problems import WorkbookRefused

PROBLEMS_SHOWN = 20


@require_http_methods(["GET", "POST"])
@allow("intake.file.fix")
def mapping(request, pk: int):
    """One layout of the file (`?layout=`): GET shows the suggestion, POST previews, confirms or skips it."""
    file = get_visible(ImportFile.objects.select_related("job", "facility"), request.user, pk=pk)
    try:
        refuse_closed(request.user, file)
        workbook, is_head = head_of(file)
        suggestions = {each.signature: each for each in meter_format.suggestions(workbook)}
        if is_head and not suggestions.keys() >= set(file.summary.get("layouts", ())):
            # A layout that begins further down: only the whole workbook shows it.
            workbook, is_head = open_file(file), False
            suggestions = {each.signature: each for each in meter_format.suggestions(workbook)}
    except NotPossible as reason:
        messages.error(request, str(reason))
        return redirect("intake:file", pk)
    except (WorkbookRefused, ValueError) as reason:
        lang = get_language() or "vi"
        refused = reason.problem.message(lang) if isinstance(reason, WorkbookRefused) else ""
        messages.error(request, refused or _("This file cannot be opened."))
        return redirect("intake:file", pk)
    if file.facility is None or not suggestions:
        left = _("Choose the facility first: the mapping is kept with it.")
        none = _("No table was found in this file that could be mapped.")
        messages.error(request, none if file.facility else left)
        return redirect("intake:file", pk)
    known = {profile.signature: profile for profile in reversed(meter_format.offered_to(file.facility))}
    wanted = request.GET.get("layout", "")
    layout = wanted if wanted in suggestions else _next(suggestions, known)
    profile = known.get(layout)
    near = None if profile else meter_format.nearest_profile(file.facility, suggestions[layout])
    products = list(file.facility.products.values_list("name", flat=True).order_by("name"))
    base = near.part if near else _base(with_products(suggestions[layout], products), profile)
    part = mapform.apply(base, request.POST, products) if request.method == "POST" else base
    act = request.POST.get("act", "preview")
    if request.method == "POST" and act in ("confirm", "skip"):
        chosen = Part(suggestions[layout], skipped=True) if act == "skip" else part
        name = request.POST.get("name", "")
        try:
            mending.choose_mapping(request.user, file, chosen, name, share="share" in request.POST)
        except NotPossible as reason:
            messages.error(request, str(reason))
        else:
            return _after(request, file, suggestions)
    context = {
        "file": file,
        "layouts": [_layout(each, known, layout) for each in suggestions.values()],
        "layout": layout,
        "profile": profile,
        "near": near,
        "name": request.POST.get("name") or (profile.name if profile else part.mapping.name),
        "head_rows": windows.ROWS_A_PIECE if is_head else None,
        "products": products,
        "share": "share" in request.POST if request.method == "POST" else bool(profile and profile.shared),
        **_choices(part),
        **_rows(workbook, part),
        **_preview(request.user, file, workbook, part),
    }
    fragment = request.htmx and request.htmx.target == "preview"
    return render(request, "intake/parts/preview.html" if fragment else "intake/mapping.html", context)


def _next(suggestions: dict, known: dict) -> str:
    """The first layout that nobody has decided on, else the first."""
    return next((each for each in suggestions if each not in known), next(iter(suggestions)))


def _base(suggestion, profile) -> Part:
    """What the page begins with: the mapping kept for the layout, else the suggestion."""
    if profile is None:
        return Part(suggestion)
    try:
        kept = Part.from_spec(profile.spec)
    except ValueError:
        return Part(suggestion)
    return Part(suggestion) if kept.skipped else kept


def _after(request, file: ImportFile, suggestions: dict):
    left = [each for each in mending.unmapped(file) if each in suggestions]
    if left:
        messages.success(request, _("Kept. One more table of this file is to be mapped."))
        return redirect(f"{reverse('intake:mapping', args=[file.pk])}?{urlencode({'layout': left[0]})}")
    messages.success(request, _("The mapping is kept, and the file is being read by it."))
    return redirect("intake:file", file.pk)


def _layout(suggestion, known: dict, layout: str) -> dict:
    profile = known.get(suggestion.signature)
    return {
        "signature": suggestion.signature,
        "name": suggestion.name,
        "current": suggestion.signature == layout,
        "skipped": bool(profile and profile.spec.get("skipped")),
        "mapped": bool(profile),
    }


def _choices(part: Part) -> dict:
    mapping = part.mapping
    lang = get_language() or "vi"
    return {
        "part": part,
        "mapping": mapping,
        "columns": mapform.column_views(mapping),
        "fields": mapform.field_views(mapping),
        "resource": mapform.resource_name(mapping.resource),
        "unit": unit_label(mapping.unit, lang) if mapping.unit else "",
        "roles": mapform.ROLES.items(),
        "kinds": mapform.KINDS.items(),
        "flows": mapform.FLOWS.items(),
        "field_names": mapform.FIELDS.items(),
        "separators": mapform.SEPARATORS.items(),
        "resource_names": mapform.resource_names(),
        "unit_names": [unit_label(code, lang) for code in units()],
    }


def _rows(workbook, part: Part) -> dict:
    sheet, top = mapform.first_rows(workbook, part.mapping)
    if sheet is None:
        return {"sheet": None, "rows": []}
    shown = range(top, min(top + mapform.ROWS_SHOWN, len(sheet.rows)))
    indexes = [column.index for column in sorted(part.mapping.columns, key=lambda column: column.index)]
    width = indexes or range(min(sheet.width, 12))
    return {
        "sheet": sheet,
        "rows": [
            {"number": row + 1, "cells": [cell_text(sheet.cell(row, c)) for c in width]} for row in shown
        ],
    }


def _preview(user, file: ImportFile, workbook, part: Part) -> dict:
    """What would be read, and what is wrong with it, beside the figures that are there, already."""
    left = mapform.words_left(part.mapping)
    if left:
        return {"left": left}
    found = extract(workbook, part.mapping)
    lang = get_language() or "vi"
    writer = MonthlyWriter(user, file.facility, "", file.name, is_all=not found.solutions)
    plan = writer.plan([(part.meter, reading) for reading in found.readings])
    told = [*workbook.problems, *found.problems, *plan.foreseen]
    if found.solutions:
        told += [*solutions.asked_for(found.solutions)]
        told += [*solutions.store().plan(user, file.facility, found.solutions)]
    problems = [
        {"level": p.level, "place": p.place, "message": p.message(lang), "cure": p.cure(lang)}
        for p in sorted(told, key=lambda p: LEVELS.index(p.level))
    ]
    return {
        "left": [],
        "months": mapform.by_month(found.readings),
        "solutions": solution_lines(solutions.summary_of(each) for each in found.solutions),
        "problems": problems[:PROBLEMS_SHOWN],
        "more_problems": max(len(problems) - PROBLEMS_SHOWN, 0),
    }
