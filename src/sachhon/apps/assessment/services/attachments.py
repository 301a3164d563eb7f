"""Attaching files: evidence of a reading or a verification, photos of a plan. What is sent is never trusted.

A photo is decoded and encoded anew (photo_files.py); a PDF, a workbook, a Word document or a table is known by its
content, bounded (registry's guard of evidence) and only ever given back as a download. The name is the sender's, kept
as words with the ending of what it is, and used for no path.
"""

import datetime
import hashlib
import uuid
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import (
    Assessment,
    Attachment,
    Measurement,
    Option,
    StockLevel,
    Verification,
)
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.photo_files import SIDE, THUMB_SIDE, jpeg, read_photo
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.registry.services.evidence import check_evidence

Owner = Measurement | StockLevel | Verification | Option
FIELDS: dict[type, str] = {
    Measurement: "measurement",
    StockLevel: "stock",
    Verification: "verification",
    Option: "option",
}
MOST = 12  # at one thing
PHOTOS = (b"\xff\xd8", b"\x89PNG")


def attach(actor: User, owner: Owner, file: UploadedFile, *, caption: str = "") -> Attachment:
    """Keeps a file at `owner`; AssessmentError says what is wrong with it and what to send instead."""
    start = file.read(12)
    file.seek(0)
    made = Attachment(
        assessment=owner.assessment,
        by=actor,
        by_name=actor.display_name(),
        name=_called(file.name or ""),
        caption=" ".join(caption.split())[:255],
        **{FIELDS[type(owner)]: owner},
    )
    if start.startswith(PHOTOS) or start[8:] == b"WEBP":
        image, made.taken_at = read_photo(file, file.size or 0)
        made.kind, content, thumb = Attachment.Kind.PHOTO, jpeg(image, SIDE), jpeg(image, THUMB_SIDE)
    else:
        try:
            made.kind = Attachment.Kind(check_evidence(file))
        except ValidationError as error:
            raise AssessmentError(" ".join(error.messages)) from None
        content, thumb = file.read(), None
        made.name = _ending(made.name, made.kind)
    return _keep(actor, made, content, thumb)


@transaction.atomic
def detach(actor: User, attachment: Attachment, *, now: datetime.datetime) -> None:
    """Takes a file off; the file stays until the assessment goes, and the history says who took it off."""
    stored = locked_for_edit(actor, attachment.assessment)
    if Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=now):
        audit.record(actor, "attachment.off", stored, before=_told(attachment))


@transaction.atomic
def _keep(actor: User, made: Attachment, content: bytes, thumb: bytes | None) -> Attachment:
    stored: Assessment = locked_for_edit(actor, made.assessment)
    owner = next(name for name in FIELDS.values() if getattr(made, f"{name}_id"))
    there = Attachment.objects.filter(removed_at=None, **{owner: getattr(made, owner)})
    made.size, made.sha256 = len(content), hashlib.sha256(content).hexdigest()
    same = there.filter(sha256=made.sha256).first()
    if same is not None:  # the same file once more: the button was pressed twice
        return same
    if there.count() >= MOST:
        raise AssessmentError(
            _("At most %(n)s files can be attached here: take one off first.") % {"n": MOST}
        )
    made.id = uuid.uuid4()
    ending = "jpg" if made.kind == Attachment.Kind.PHOTO else made.kind
    written = []
    try:
        made.file.save(f"{made.id}.{ending}", ContentFile(content), save=False)
        written.append(made.file)
        if thumb is not None:
            made.thumb.save(f"{made.id}-{THUMB_SIDE}.jpg", ContentFile(thumb), save=False)
            written.append(made.thumb)
        made.save(force_insert=True)
        audit.record(actor, "attachment.on", stored, after=_told(made))
    except BaseException:
        for file in written:  # no file without its row
            file.storage.delete(file.name)
        raise
    return made


def _told(made: Attachment) -> dict:
    owner = next(name for name in FIELDS.values() if getattr(made, f"{name}_id"))
    return {"of": f"{owner} {getattr(getattr(made, owner), 'code', '')}".strip(), "sha256": made.sha256}


def _ending(name: str, kind: str) -> str:
    """The name with the ending of what it is: a PDF called "a.exe" is not given back as one."""
    return name if name.lower().endswith(f".{kind}") else f"{name[: 119 - len(kind)]}.{kind}"


def _called(name: str) -> str:
    """The sender's name of the file, without folders and control characters."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[-120:].strip() or _("file")
