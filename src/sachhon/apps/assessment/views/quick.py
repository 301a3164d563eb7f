"""The checklist of a quick assessment: the page, its plain form, and what the phone asks in the background."""

import datetime
import json
import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment.models import Change, Kind, Photo, Reply
from sachhon.apps.assessment.queries import quick as queries
from sachhon.apps.assessment.quick_words import page_words
from sachhon.apps.assessment.services import quick_photos, quick_sheet, quick_sync
from sachhon.apps.assessment.services.errors import AlreadyMoved, AssessmentError, NotYours
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import allow, get_visible

PHOTO_SIZES = {"nho": "thumb", "lon": "image"}


@never_cache
@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def checklist(request, pk: int):
    """One question a card on a phone, a list on a desktop; a plain form where scripts do not run."""
    assessment = quick_of(request, pk)
    sheet = queries.sheet_of_visible(request.user, assessment)
    if sheet is None:
        try:
            sheet = quick_sheet.pin(request.user, assessment)
        except AssessmentError:
            messages.error(request, queries.why_not(request.user, assessment))
            return redirect("assessment:assessment", pk)
    status, typed = 200, {}
    if request.method == "POST":
        error = _save_form(request, assessment, sheet)
        if not error:
            return redirect("assessment:quick_checklist", pk)
        messages.error(request, error)
        status, typed = 409, request.POST
    context = {
        "assessment": assessment,
        "questions": queries.asked(sheet),
        "replies": Reply.choices,
        "form_id": typed.get("form_id") or uuid.uuid4(),
        "typed": typed,
        "why_not": queries.why_not(request.user, assessment),
        "state": queries.state(request.user, assessment, sheet, csrf=get_token(request), whole=True),
        "words": page_words(),
    }
    return render(request, "assessment/quick/checklist.html", context, status=status)


@never_cache
@require_GET
@allow("assessment.edit")
def state(request, pk: int):
    """What stands now, for the phone's copy; the questions too unless `ngan` is asked."""
    assessment = quick_of(request, pk)
    sheet = _sheet(request, assessment)
    return JsonResponse(
        queries.state(
            request.user, assessment, sheet, csrf=get_token(request), whole="ngan" not in request.GET
        )
    )


@require_POST
@allow("assessment.edit")
def sync(request, pk: int):
    """Takes the changes that a phone kept; answers what became of each, and what stands now."""
    assessment = quick_of(request, pk)
    sheet = _sheet(request, assessment)
    try:
        device, sent = _read_changes(request.body)
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"words": _("What was sent cannot be read: open the page again.")}, status=400)
    try:
        done = quick_sync.take(request.user, assessment, sent, device=device)
    except NotYours:
        assessment.refresh_from_db()
        return JsonResponse({"words": queries.why_not(request.user, assessment)}, status=409)
    except AssessmentError as error:
        return JsonResponse({"words": str(error)}, status=422)
    return JsonResponse(
        {
            "results": [{"id": str(c.pk), "outcome": c.outcome, "version": c.version} for c in done],
            "state": queries.state(request.user, assessment, sheet, csrf=get_token(request), whole=False),
        }
    )


@require_POST
@allow("assessment.edit")
def settle(request, pk: int, change: uuid.UUID):
    """Chooses between two answers."""
    assessment = quick_of(request, pk)
    waiting = get_visible(
        Change.objects.select_related("sheet__assessment"),
        request.user,
        pk=change,
        sheet__assessment=assessment,
    )
    seen = request.POST.get("seen", "")
    try:
        quick_sync.settle(
            request.user,
            waiting,
            keep_stored=request.POST.get("keep") == "stored",
            seen=int(seen) if seen.isdigit() else -1,
            now=timezone.now(),
        )
    except AssessmentError as error:
        return _told(request, pk, str(error), 409)
    return _told(request, pk, "", 200)


@require_POST
@allow("assessment.edit")
def add_photo(request, pk: int):
    """Keeps one photo at a question."""
    assessment = quick_of(request, pk)
    file = request.FILES.get("photo")
    try:
        photo_id = uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        file = None
    if file is None:
        return _told(request, pk, _("Choose a photo first."), 422)
    try:
        quick_photos.add_photo(
            request.user,
            assessment,
            photo_id=photo_id,
            question=request.POST.get("question", ""),
            file=file,
            size=file.size,
        )
    except NotYours:
        assessment.refresh_from_db()
        return _told(request, pk, queries.why_not(request.user, assessment), 409)
    except AssessmentError as error:
        return _told(request, pk, str(error), 422)
    return _told(request, pk, "", 200)


@require_POST
@allow("assessment.edit")
def remove_photo(request, pk: int, photo: uuid.UUID):
    """Takes a photo off."""
    try:
        quick_photos.remove_photo(request.user, _photo(request, pk, photo), now=timezone.now())
    except AssessmentError as error:
        return _told(request, pk, str(error), 409)
    return _told(request, pk, "", 200)


@require_GET
@allow("assessment.view")
def photo(request, pk: int, photo: uuid.UUID, size: str):
    """A photo, for whoever sees the assessment and nobody else; a browser may neither guess nor run it."""
    if size not in PHOTO_SIZES:
        raise Http404(size)
    file = getattr(_photo(request, pk, photo), PHOTO_SIZES[size])
    try:
        handle = file.open("rb")
    except FileNotFoundError:
        raise Http404(file.name) from None
    return FileResponse(
        handle,
        content_type="image/jpeg",
        headers={
            "Cache-Control": "private, max-age=86400",
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )


def quick_of(request, pk: int):
    """The assessment, if it is a quick one that the person may see."""
    assessment = the_assessment(request, pk)
    if assessment.kind != Kind.QUICK:
        raise Http404(pk)
    return assessment


def _sheet(request, assessment):
    sheet = queries.sheet_of_visible(request.user, assessment)
    if sheet is None:
        raise Http404(assessment.pk)
    return sheet


def _photo(request, pk: int, photo: uuid.UUID) -> Photo:
    rows = Photo.objects.select_related("sheet__assessment__facility").filter(removed_at=None)
    return get_visible(rows, request.user, pk=photo, sheet__assessment=pk)


def _told(request, pk: int, words: str, status: int):
    """To a script as JSON, to a plain form as a message on the page."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"words": words}, status=status)
    if words:
        messages.error(request, words)
    else:
        messages.success(request, _("Saved."))
    return redirect("assessment:quick_checklist", pk)


def _read_changes(body: bytes) -> tuple[str, list[quick_sync.Sent]]:
    read = json.loads(body)
    sent = [
        quick_sync.Sent(
            id=uuid.UUID(one["id"]),
            question=str(one["question"]),
            field=str(one["field"]),
            value=str(one["value"]),
            base=int(one["base"]),
            made_at=_moment(one.get("made_at")),
        )
        for one in read["changes"]
    ]
    return str(read.get("device", "")), sent


def _moment(text) -> datetime.datetime | None:
    """A time with its zone; a phone that sends none, or none that exists, is not refused for it."""
    try:
        found = parse_datetime(str(text or ""))
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _save_form(request, assessment, sheet) -> str:
    """Sends what the plain form changed the way a phone does; returns why not, or ""."""
    try:
        form_id = uuid.UUID(request.POST.get("form_id", ""))
    except ValueError:
        return _("Open the checklist again.")
    sent = []
    for asked in queries.asked(sheet):
        for field in Change.Field.values:
            name = f"{field}-{asked.field}"
            value, base = request.POST.get(name), request.POST.get(f"base-{name}", "")
            if value is None or not base.isdigit() or value == request.POST.get(f"was-{name}", ""):
                continue
            value = value.replace("\r\n", "\n")
            change_id = uuid.uuid5(form_id, f"{name}={value}")
            sent.append(quick_sync.Sent(change_id, asked.code, field, value, int(base)))
    try:
        done = quick_sync.take(request.user, assessment, sent)
    except (NotYours, AlreadyMoved):
        return queries.why_not(request.user, assessment)
    except AssessmentError as error:
        return str(error)
    beside = sum(change.outcome == Change.Outcome.CONFLICT for change in done)
    messages.success(request, _("Saved."))
    if beside:
        messages.warning(
            request,
            ngettext(
                "%(n)s answer differs from what somebody else answered: choose below.",
                "%(n)s answers differ from what somebody else answered: choose below.",
                beside,
            )
            % {"n": beside},
        )
    return ""
