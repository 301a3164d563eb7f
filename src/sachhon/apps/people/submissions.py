"""A form sent twice is stored once: where the first answer was lost on its way, the second is the same answer.

The page sends a key with each form (static/site/sending.js), as the field `submission_key` or the header
`X-Submission-Key`. Without a key – no script, another program – a form is what it always was. What was refused may be
sent again under its key. A cookie tells the page which key has arrived.
"""

import datetime
import hashlib
import re
import time

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.people.models import Submission

FIELD, HEADER, COOKIE = "submission_key", "X-Submission-Key", "sachhon_received"
ALREADY = "X-Stored-Before"  # tells htmx that the first sending was stored, and this other content was not
KEY = re.compile(r"[0-9a-f-]{16,64}")
JSON = "application/json"
KEPT = datetime.timedelta(days=3)
ABANDONED = datetime.timedelta(minutes=2)  # a server that stopped in the middle has stored nothing
PATIENCE, PAUSE, MOST_BODY = 5.0, 0.1, 100_000  # s, s, characters


class OnceOnly:
    """Answers a form that was stored already with the answer of then."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = _key(request) if request.method == "POST" and request.user.is_authenticated else ""
        if not key:
            return self.get_response(request)
        digest = _digest(request)
        claim, mine = _claim(request.user, key, digest)
        response = self._first(request, claim) if mine else _again(request, claim, digest)
        if response.status_code < 400:
            response.set_cookie(COOKIE, key, samesite="Lax", secure=request.is_secure())
        return response

    def _first(self, request, claim: Submission) -> HttpResponse:
        before = _errors(request)
        response = self.get_response(request)
        is_json = response.get("Content-Type", "").startswith(JSON) and not response.streaming
        is_json = is_json and len(response.content) < MOST_BODY
        is_answer = response.status_code in (204, 302) or (response.status_code == 200 and is_json)
        if is_answer and _errors(request) == before:
            claim.status = response.status_code
            claim.location = response.get("Location", "")
            claim.trigger = response.get("HX-Trigger", "")
            claim.body = response.content.decode() if is_json else ""
            claim.save()
        else:
            claim.delete()
        return response


def _errors(request) -> int:
    """How many errors wait to be shown: a view that refuses leads back to a page with one, and stored nothing."""
    waiting = messages.get_messages(request)
    count = sum(message.level >= messages.ERROR for message in waiting)
    waiting.used = False  # they are for the page that follows
    return count


def _key(request) -> str:
    given = request.headers.get(HEADER, "")
    if not given and request.content_type != JSON:
        given = request.POST.get(FIELD, "")
    return given if KEY.fullmatch(given) else ""


def _digest(request) -> str:
    """Of what was sent and where to; the tokens of the page are not part of what a person wrote."""
    if request.content_type == JSON:
        content = request.body
    else:
        fields = [(k, v) for k, v in sorted(request.POST.lists()) if k not in (FIELD, "csrfmiddlewaretoken")]
        files = [(k, f.name, f.size) for k, rows in sorted(request.FILES.lists()) for f in rows]
        content = repr((fields, files)).encode()
    return hashlib.sha256(request.get_full_path().encode() + b"\0" + content).hexdigest()


def _claim(user, key: str, digest: str) -> tuple[Submission, bool]:
    """The row of this key, and whether it is for this request to answer it."""
    now = timezone.now()
    Submission.objects.filter(at__lt=now - KEPT).delete()
    Submission.objects.filter(user=user, key=key, status=0, at__lt=now - ABANDONED).delete()
    try:
        with transaction.atomic():
            return Submission.objects.create(user=user, key=key, digest=digest, at=now), True
    except IntegrityError:
        return Submission.objects.filter(user=user, key=key).first() or Submission(status=0), False


def _again(request, claim: Submission, digest: str) -> HttpResponse:
    end = time.monotonic() + PATIENCE
    while claim.pk and not claim.status and time.monotonic() < end:
        time.sleep(PAUSE)
        claim = Submission.objects.filter(pk=claim.pk).first() or Submission(status=0)
    if not claim.status:
        return HttpResponse(
            _("This form is being stored. Look in a moment whether it is there, and send it again if not."),
            status=409,
        )
    told = _("This was stored the first time already: nothing was doubled.")
    if claim.digest != digest:
        told = _(
            "This was stored already, as it was sent the first time. What you changed since is not: change it there."
        )
        if claim.status != 302:
            return HttpResponse(told, status=409, headers={ALREADY: "1"})
    if claim.status == 302:
        level = messages.SUCCESS if claim.digest == digest else messages.WARNING
        messages.add_message(request, level, told)
        return HttpResponseRedirect(claim.location)
    response = HttpResponse(claim.body, status=claim.status, content_type=JSON if claim.body else None)
    if claim.trigger:
        response["HX-Trigger"] = claim.trigger
    return response
