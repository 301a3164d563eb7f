"""Files attached to readings, verifications and planned solutions: listed, sent, given back, taken off."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.assessment.models import Attachment
from sachhon.apps.assessment.queries import attachments as queries
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.services import attachments as services
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import allow, get_visible

SIZES = {"nho": "thumb", "lon": "file"}
CLOSED_BOX = {
    "Cache-Control": "private, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@require_GET
@allow("assessment.view")
def attached(request, pk: int, kind: str, row: int):
    """What is attached to one thing, and a form to send more."""
    return _page(request, pk, kind, row)


@require_POST
@allow("assessment.edit")
def attach(request, pk: int, kind: str, row: int):
    """Keeps what was sent; a file that cannot be kept is told with the cure, and the others stay."""
    _assessment, owner = _owner(request, pk, kind, row)
    files, told, kept = request.FILES.getlist("file"), [], 0
    for file in files:
        try:
            services.attach(request.user, owner, file, caption=request.POST.get("caption", ""))
            kept += 1
        except AssessmentError as error:
            told.append(f"{file.name}: {error}" if len(files) > 1 else str(error))
    if not files:
        told.append(_("Choose a file first."))
    if told:
        return _page(request, pk, kind, row, told=told, status=422)
    messages.success(request, _("Saved."))
    return redirect("assessment:attached", pk, kind, row)


@require_GET
@allow("assessment.view")
def download(request, pk: int, file, size: str):
    """A photo to be seen, a PDF only as a download; a browser may neither guess nor run it."""
    found = _file(request, pk, file)
    handle = getattr(found, SIZES.get(size, ""), None)
    if not handle:
        raise Http404(size)
    try:
        stream = handle.open("rb")
    except FileNotFoundError:
        raise Http404(handle.name) from None
    if found.kind == Attachment.Kind.PHOTO:
        return FileResponse(
            stream, content_type="image/jpeg", headers=CLOSED_BOX | {"Content-Disposition": "inline"}
        )
    return FileResponse(
        stream,
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
        headers=CLOSED_BOX,
    )


@require_POST
@allow("assessment.edit")
def detach(request, pk: int, file):
    """Takes a file off."""
    found = _file(request, pk, file)
    try:
        services.detach(request.user, found, now=timezone.now())
        messages.success(request, _("Taken off. The history keeps that it was there."))
    except AssessmentError as error:
        messages.error(request, str(error))
    kind = next(name for name in queries.OWNERS if getattr(found, f"{name}_id"))
    return redirect("assessment:attached", pk, kind, getattr(found, f"{kind}_id"))


def _page(request, pk: int, kind: str, row: int, *, told=(), status: int = 200):
    assessment, owner = _owner(request, pk, kind, row)
    context = {
        "assessment": assessment,
        "facility": assessment.facility,
        "owner_name": queries.owner_name(owner),
        "kind": kind,
        "row": row,
        "files": queries.files_of(request.user, owner),
        "may_edit": may_edit(request.user, assessment),
        "told": told,
        "back": _back(pk, kind, owner),
    }
    return render(request, "assessment/attached.html", context, status=status)


def _back(pk: int, kind: str, owner) -> tuple[str, str]:
    """(words, address) of the page the thing is on."""
    if kind in ("measurement", "stock"):
        return _("Measurements"), reverse("assessment:flow_readings", args=[pk])
    if kind == "verification":
        return _("Verification"), reverse("assessment:verification", args=[pk, owner.pk])
    return _("Action plan"), reverse("assessment:plan_of_action", args=[pk])


def _owner(request, pk: int, kind: str, row: int):
    assessment = the_assessment(request, pk)
    owner = queries.owner_of(request.user, assessment, kind, row)
    if owner is None:
        raise Http404(kind)
    return assessment, owner


def _file(request, pk: int, file) -> Attachment:
    rows = Attachment.objects.select_related("assessment__facility").filter(removed_at=None)
    found = get_visible(rows, request.user, pk=file, assessment=pk)
    owner = found.measurement or found.stock or found.verification or found.option
    if not queries.may_see(request.user, owner):
        raise Http404(file)
    return found
