"""Photos of a quick assessment: looked at by their content, encoded anew, kept once.

A photo from a phone carries the place where it was taken, the camera and more. Nothing of that is kept but the
moment: the picture is turned upright, brought to a bounded size and written as a new JPEG.
"""

import contextlib
import datetime
import io
import uuid
import warnings
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from sachhon.apps.assessment.models import Assessment, Photo
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.quick_sync import sheet_of
from sachhon.apps.people import audit
from sachhon.apps.people.models import User

LARGEST_MB = 12
MOST_PIXELS = 60_000_000
MOST_AT_A_QUESTION = 8
SIDE, THUMB_SIDE = 2000, 360
FORMATS = ("JPEG", "PNG", "WEBP")
_TAKEN, _EXIF_IFD = 36867, 0x8769  # EXIF tags: DateTimeOriginal, and where it stands


def add_photo(
    actor: User, assessment: Assessment, *, photo_id: uuid.UUID, question: str, file: BinaryIO, size: int
) -> Photo:
    """Keeps a photo at a question; the same id again gives the photo kept the first time."""
    before = Photo.objects.filter(pk=photo_id).first()
    if before is None:
        image, taken_at = _read(file, size)
        return _keep(actor, assessment, photo_id, question, image, taken_at)
    if before.by_id != actor.pk or before.sheet.assessment_id != assessment.pk:
        raise AssessmentError(_("This photo belongs to somebody else."))
    return before


@transaction.atomic
def remove_photo(actor: User, photo: Photo, *, now: datetime.datetime) -> None:
    """Takes a photo off its question. The file stays until the assessment goes."""
    stored = locked_for_edit(actor, photo.sheet.assessment)
    if Photo.objects.filter(pk=photo.pk, removed_at=None).update(removed_at=now):
        audit.record(
            actor, "assessment.photo_off", stored, before={"question": photo.question, "id": str(photo.pk)}
        )


@transaction.atomic
def _keep(actor, assessment, photo_id, question: str, image: Image.Image, taken_at) -> Photo:
    stored = locked_for_edit(actor, assessment)
    before = Photo.objects.filter(pk=photo_id).first()
    if before is not None:  # the same one came twice at once
        return before
    sheet = sheet_of(stored)
    if question not in {q["code"] for q in sheet.questions}:
        raise AssessmentError(
            _("Question “%(code)s” is not on this checklist: open the checklist again.")
            % {"code": question[:64]}
        )
    if sheet.photos.filter(question=question, removed_at=None).count() >= MOST_AT_A_QUESTION:
        raise AssessmentError(
            _("A question holds at most %(n)s photos: take one off first.") % {"n": MOST_AT_A_QUESTION}
        )
    photo = Photo(
        id=photo_id,
        sheet=sheet,
        question=question,
        by=actor,
        by_name=actor.display_name(),
        taken_at=taken_at,
    )
    written = []
    try:
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        photo.width, photo.height = image.size
        for field, side in (("image", SIDE), ("thumb", THUMB_SIDE)):
            getattr(photo, field).save(f"{photo_id}-{side}.jpg", ContentFile(_jpeg(image, side)), save=False)
            written.append(getattr(photo, field))
        photo.save(force_insert=True)
        audit.record(actor, "assessment.photo", stored, after={"question": question, "id": str(photo_id)})
    except BaseException:
        for file in written:  # no file without its row
            file.storage.delete(file.name)
        raise
    return photo


def _read(file: BinaryIO, size: int) -> tuple[Image.Image, datetime.datetime | None]:
    """The picture, upright and decoded to the end, and when it was taken."""
    if size > LARGEST_MB * 1024 * 1024:
        raise AssessmentError(
            _(
                "The photo has %(size)s MB, at most %(most)s MB can be kept: take it again at a lower resolution."
            )
            % {"size": size // (1024 * 1024), "most": LARGEST_MB}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise AssessmentError(
                    _("The photo has too many points (%(width)s × %(height)s): take it again smaller.")
                    % {"width": image.width, "height": image.height}
                )
            taken_at = _taken(image)
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise AssessmentError(
            _("This file is not a photo that can be read (JPEG, PNG or WebP): choose another one.")
        ) from None
    return upright, taken_at


def _taken(image: Image.Image) -> datetime.datetime | None:
    """When the camera says it was taken, by Vietnamese time; None where it says nothing readable."""
    with contextlib.suppress(Exception):  # EXIF is whatever a camera wrote: never a reason to lose the photo
        words = image.getexif().get_ifd(_EXIF_IFD).get(_TAKEN)
        moment = datetime.datetime.strptime(str(words), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - made aware below
        return timezone.make_aware(moment)
    return None


def _jpeg(image: Image.Image, side: int) -> bytes:
    """A new JPEG of at most `side` pixels a side, with nothing in it but the picture."""
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    copy.info.clear()
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()
