"""One file: what is wrong in it beside a view of its sheet, and everything a person can do with it."""

from collections.abc import Sequence
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.intake import meter_format, queries, solutions
from sachhon.apps.intake.closed import closed_words, is_closed, refuse_closed
from sachhon.apps.intake.formats import Followed, Format, all_formats
from sachhon.apps.intake.models import ImportFile
from sachhon.apps.intake.services import mending, receiving, running, undoing
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.services.states import State, may_become
from sachhon.apps.intake.sheetview import head_of, sheet_view, shown_sheets
from sachhon.apps.intake.solutionview import solution_lines
from sachhon.apps.people.access import allow, get_visible
from sachhon.workbooks.annotate import annotated_copy
from sachhon.workbooks.problems import WorkbookRefused

CHANGES_SHOWN = 50


@require_GET
@allow("intake.inbox.view")
def file(request, pk: int):
    """The file's page. `?sheet=` and `?cell=` (or `?row=`, `?column=`) say which part of it is in view."""
    one = _file(request, pk)
    closed = is_closed(request.user, one)
    problems = [] if closed else list(one.problems.all())
    view, refused = None, closed_words() if closed else None
    too_early = one.state == State.WAITING and one.size > running.LARGE
    if one.content and not too_early and not closed:
        try:
            view = sheet_view(
                one,
                shown_sheets(one),
                problems,
                sheet=request.GET.get("sheet", ""),
                cell=request.GET.get("cell", "").upper(),
                row=_number(request.GET.get("row")),
                column=_number(request.GET.get("column")),
            )
        except WorkbookRefused as reason:
            lang = get_language() or "vi"
            refused = f"{reason.problem.message(lang)} {reason.problem.cure(lang)}"
    changes = queries.records_of(one)
    may_fix = request.user.may("intake.file.fix")
    may_map = may_fix and view is not None and one.facility_id and one.format in ("", "mapped")
    near = (
        meter_format.nearest_of(one.facility, head_of(one)[0])
        if may_map and one.state == State.NEEDS_MAPPING
        else None
    )
    if near is not None:  # not a layout nobody has seen: the page proposes the mapping kept for one like it
        problems = [problem for problem in problems if problem.rule != "mapping_missing"]
    context = {
        "file": one,
        "closed": closed,
        "problems": problems,
        "view": view,
        "refused": refused,
        "too_early": too_early,
        "is_unattended": one.state == State.WAITING and running.is_unattended(),
        "fixes": one.fixes.none() if closed else one.fixes.select_related("by"),
        "history": queries.history(request.user, one),
        "changes": changes.select_related("record__resource", "record__product")[:CHANGES_SHOWN],
        "change_count": changes.count(),
        "facilities": queries.facilities(request.user),
        "link": _link(one),
        "followed": _followed(one),
        **({} if closed else _solutions(one)),
        "may_fix": may_fix,
        "may_retry": may_fix and bool(one.content) and (one.is_taken or may_become(one, State.WAITING)),
        "may_set_aside": may_fix and may_become(one, State.SET_ASIDE),
        "may_undo": request.user.may("intake.import.undo") and one.is_taken,
        "may_map": may_map,
        "near": near,
    }
    template = (
        "intake/parts/sheet.html" if request.htmx and request.htmx.target == "sheet" else "intake/file.html"
    )
    return render(request, template, context)


@require_POST
@allow("intake.file.fix")
def fix(request, pk: int):
    """Lays a corrected value over a cell; with `retry` the file is read again at once."""
    one = _file(request, pk)
    sheet, cell = request.POST.get("sheet", ""), request.POST.get("cell", "")
    try:
        refuse_closed(request.user, one)
        if "drop" in request.POST:
            mending.drop_fix(request.user, one, sheet, cell)
            messages.success(request, _("The cell counts as it was sent."))
        else:
            mending.fix_cell(request.user, one, sheet, cell, request.POST.get("value", ""))
            messages.success(
                request, _("%(cell)s is corrected. Read the file again when you are done.") % {"cell": cell}
            )
        if "retry" in request.POST:
            mending.retry(request.user, one)
            return redirect("intake:file", pk)
    except NotPossible as reason:
        messages.error(request, str(reason))
    return redirect(f"{reverse('intake:file', args=[pk])}?{urlencode({'sheet': sheet, 'cell': cell})}#sheet")


@require_POST
@allow("intake.file.fix")
def choose_facility(request, pk: int):
    """Says whose the file is."""
    one = _file(request, pk)
    code = request.POST.get("facility", "").strip()
    facility = queries.facility_by_code(request.user, code)
    if facility is None:
        messages.error(request, _("There is no facility with the code “%(code)s”.") % {"code": code[:32]})
        return redirect("intake:file", pk)
    return _do(request, one, lambda: mending.choose_facility(request.user, one, facility))


@require_POST
@allow("intake.file.fix")
def retry(request, pk: int):
    """Reads the file again."""
    one = _file(request, pk)
    return _do(request, one, lambda: mending.retry(request.user, one))


@require_POST
@allow("intake.file.fix")
def set_aside(request, pk: int):
    """Puts the file out of the list of work."""
    one = _file(request, pk)
    return _do(request, one, lambda: mending.set_aside(request.user, one))


@require_POST
@allow("intake.import.undo")
def undo(request, pk: int):
    """Takes back what the file brought."""
    one = _file(request, pk)

    def act():
        count = undoing.undo_file(request.user, one)
        messages.success(
            request, ngettext("%(n)d figure went back.", "%(n)d figures went back.", count) % {"n": count}
        )

    return _do(request, one, act)


@require_GET
@allow("intake.inbox.view")
def original(request, pk: int):
    """The file as it was sent, always as a download."""
    one = _file(request, pk)
    if is_closed(request.user, one):
        raise Http404(one.name)
    if not one.content:
        messages.error(request, _("This file was too large and was not kept."))
        return redirect("intake:file", pk)
    return _download(one.content.open("rb"), one.name)


@require_GET
@allow("intake.inbox.view")
def annotated(request, pk: int):
    """A copy of the workbook with its problem cells coloured and commented."""
    one = _file(request, pk)
    if is_closed(request.user, one):
        raise Http404(one.name)
    try:
        with one.content.open("rb") as handle:
            problems = [problem.as_problem() for problem in one.problems.all()]
            copy = annotated_copy(
                handle.read(), problems, get_language() or "vi", one.name, receiving.limits()
            )
    except (WorkbookRefused, ValueError) as reason:
        refused = (
            reason.problem.message(get_language() or "vi") if isinstance(reason, WorkbookRefused) else ""
        )
        messages.error(request, refused or _("This file cannot be opened, so it cannot be marked."))
        return redirect("intake:file", pk)
    stem = one.name.rsplit(".", 1)[0]
    return _download(BytesIO(copy), f"{stem} - {_('marked')}.xlsx")


def _link(one: ImportFile) -> tuple[str, str] | None:
    """What became of the file, where its format can still be asked."""
    format_ = _format_of(one)
    return format_.link(one) if format_ else None


def _followed(one: ImportFile) -> Sequence[Followed]:
    """What the file set going, where its format can still be asked."""
    format_ = _format_of(one)
    return format_.followed(one) if format_ else ()


def _format_of(one: ImportFile) -> Format | None:
    known = {each.key: each for each in all_formats()}
    return known.get(one.format) if one.is_taken and one.facility else None


def _solutions(one: ImportFile) -> dict:
    """The solutions found in the file, and the report each year's went into."""
    kept = one.summary.get("solutions", ())
    lines = solution_lines(
        kept if isinstance(kept, list) else ()
    )  # older annual files kept their number here
    years = sorted({line.year for line in lines}) if one.is_taken and one.facility else []
    return {
        "solutions": lines,
        "solution_reports": [(year, solutions.store().address(one.facility, year)) for year in years],
    }


def _file(request, pk: int) -> ImportFile:
    return get_visible(ImportFile.objects.select_related("job", "facility", "same_as"), request.user, pk=pk)


def _do(request, one: ImportFile, act) -> HttpResponse:
    try:
        act()
    except NotPossible as reason:
        messages.error(request, str(reason))
    return redirect("intake:file", one.pk)


def _download(content, name: str) -> FileResponse:
    # Never a type that a browser would open: what people send is not trusted.
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None
