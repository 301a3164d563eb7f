"""Keeping the library: drafts and their parts, steps, conflicts with a newer file, workbooks in and out."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.guidance import pages, words
from sachhon.apps.guidance.forms import DraftForm, PartForm, UploadForm
from sachhon.apps.guidance.models import Kind, LibraryVersion
from sachhon.apps.guidance.parts import new_part, part_of, parts_of, with_part, without_part
from sachhon.apps.guidance.services import library, transfer
from sachhon.apps.guidance.services.cp_rule import is_cleaner_production
from sachhon.apps.guidance.services.errors import LibraryError, NotGoodYet
from sachhon.apps.guidance.views.reading import the_item, wanted_of
from sachhon.apps.people.access import allow
from sachhon.apps.people.downloads import file_download
from sachhon.documents.export import XLSX_MIME

NEW = "moi"  # the address of a part that is not there yet


@require_POST
@allow("guidance.library.edit")
def start(request, kind: str, code: str):
    """Opens the draft of an item."""
    found = the_item(request, kind, code)
    try:
        version = library.start_draft(request.user, found)
    except LibraryError as error:
        messages.error(request, str(error))
        return redirect("guidance:item", kind, code)
    return _to(version, edit=kind in (Kind.OPTION, Kind.CASE))


@require_http_methods(["GET", "POST"])
@allow("guidance.library.edit")
def edit(request, kind: str, code: str, number: int, part: str):
    """One part of a draft: the option itself, a question, a benchmark row, or a new one."""
    version = _open_version(request, kind, code, number)
    new = part == NEW
    if new and kind == Kind.CASE:
        raise Http404(part)  # a case is drafted from a verified saving
    stored = new_part(kind, version.content) if new else part_of(kind, version.content, part)
    if stored is None:
        raise Http404(part)
    sent = request.POST or None
    form = PartForm(kind, stored, sent, new=new)
    draft = DraftForm(sent, initial={"why": version.why, "stamp": version.stamp})
    if request.method == "POST" and form.is_valid() & draft.is_valid():
        content = with_part(kind, version.content, form.content())
        if new and part_of(kind, version.content, form.content()["code"]):
            form.add_error("code", _("This code is taken: choose another one."))
        elif saved := _save(request, version, content, draft, form):
            return _to(saved)
    context = {
        "item": version.item,
        "shown": version,
        "form": form,
        "draft": draft,
        "part": part,
        "new": new,
    }
    return render(request, "guidance/edit.html", context)


@require_POST
@allow("guidance.library.edit")
def remove(request, kind: str, code: str, number: int, part: str):
    """Takes a question or a row out of a draft."""
    version = _open_version(request, kind, code, number)
    if kind in (Kind.OPTION, Kind.CASE) or part_of(kind, version.content, part) is None:
        raise Http404(part)
    content = without_part(kind, version.content, part)
    why = version.why or _("%(code)s taken out") % {"code": part}
    try:
        library.save_draft(request.user, version, content, why=why, stamp=version.stamp)
    except LibraryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return _to(version)


@require_http_methods(["GET", "POST"])
@allow("guidance.library.edit")
def create(request):
    """A new option; what is not cleaner production is refused with the reason."""
    form = PartForm(Kind.OPTION, new_part(Kind.OPTION, {}), request.POST or None, new=True)
    if request.method == "POST" and form.is_valid():
        content = form.content()
        refusal = is_cleaner_production(
            content["name_vi"], content["arc_code"], form.cleaned_data["declared"]
        )
        if refusal is not None:
            lang = words.lang()
            said = {"kind": refusal.name(lang), "reason": refusal.reason(lang)}
            form.add_error("name_vi", _("This is not cleaner production (%(kind)s). %(reason)s") % said)
        else:
            try:
                return _to(library.create(request.user, Kind.OPTION, content))
            except LibraryError as error:
                form.add_error(None, str(error))
    return render(request, "guidance/create.html", {"form": form})


@require_POST
@allow("guidance.library.review")
def move(request, kind: str, code: str, number: int, action: str):
    """Takes a step: review, send back, publish, discard, withdraw. Each asks for its own permission."""
    if action not in library.TRANSITIONS:
        raise Http404(action)
    found = the_item(request, kind, code)
    version = pages.the_version(request.user, found, number)
    if version is None:
        raise Http404(str(number))
    try:
        moved = library.move(request.user, version, action, request.POST.get("remark", ""))
    except LibraryError as error:
        messages.error(request, str(error))
        return _to(version)
    messages.success(request, str(moved.get_state_display()) + ".")
    return redirect("guidance:item", kind, code) if action == "discard" else _to(moved)


@require_POST
@allow("guidance.library.publish")
def settle(request, kind: str, code: str):
    """Takes a newer data file's content as a draft, or keeps what the centre wrote."""
    found = the_item(request, kind, code)
    try:
        draft = library.settle_conflict(request.user, found, request.POST.get("take") == "1")
    except LibraryError as error:
        messages.error(request, str(error))
        return redirect("guidance:item", kind, code)
    messages.success(request, _("Saved."))
    return _to(draft) if draft else redirect("guidance:item", kind, code)


@require_GET
@allow("guidance.library.view")
def export(request, kind: str):
    """The items of a kind, filtered as the list, as a workbook that can be edited and brought back."""
    if kind not in transfer.KINDS:
        raise Http404(kind)
    wanted = wanted_of(request)
    rows = pages.item_list(request.user, pages.Wanted(**{**wanted.__dict__, "kind": kind}))
    data = transfer.workbook(kind, rows.prefetch_related("versions"), words.lang(), demo=settings.DEMO)
    return file_download(data, XLSX_MIME, f"thu-vien-{kind}.xlsx")


@require_http_methods(["GET", "POST"])
@allow("guidance.library.edit")
def bring_back(request):
    """Takes an edited workbook in: drafts of what differs, or every problem and nothing stored."""
    form = UploadForm(request.POST or None, request.FILES or None)
    problems = []
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            taken = transfer.take_in(request.user, sent.read(), sent.name)
        except NotGoodYet as error:
            lang = words.lang()
            problems = [
                {"place": p.place, "text": p.message(lang), "cure": p.cure(lang)} for p in error.problems
            ]
        except LibraryError as error:
            problems = [{"place": "", "text": str(error), "cure": ""}]
        else:
            return render(request, "guidance/import.html", {"form": form, "drafts": taken.drafts})
    return render(request, "guidance/import.html", {"form": form, "problems": problems})


def _save(request, version: LibraryVersion, content: dict, draft: DraftForm, form: PartForm):
    """The saved draft, or None with the reason on the form."""
    given = draft.cleaned_data
    try:
        return library.save_draft(request.user, version, content, why=given["why"], stamp=given["stamp"])
    except LibraryError as error:
        form.add_error(None, str(error))
        return None


def _open_version(request, kind: str, code: str, number: int) -> LibraryVersion:
    found = the_item(request, kind, code)
    version = pages.the_version(request.user, found, number)
    if version is None or not parts_of(kind, version.content):
        raise Http404(str(number))
    return version


def _to(version: LibraryVersion, *, edit: bool = False):
    """The page of this very version, or of its form."""
    item = version.item
    if edit:
        return redirect("guidance:edit", item.kind, item.code, version.number, item.code)
    response = redirect("guidance:item", item.kind, item.code)
    response["Location"] += f"?so={version.number}"
    return response
