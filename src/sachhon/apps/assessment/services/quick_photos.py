"""Photos of a quick assessment: at a question, encoded anew (photo_files.py), kept once."""

import datetime
import uuid
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from sachhon.apps.assessment.models import Assessment, Photo
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.assessment.services.photo_files import SIDE, THUMB_SIDE, jpeg, read_photo
from sachhon.apps.assessment.services.quick_sync import sheet_of
from sachhon.apps.people import audit
from sachhon.apps.people.models import User

MOST_AT_A_QUESTION = 8


def add_photo(
    actor: User, assessment: Assessment, *, photo_id: uuid.UUID, question: str, file: BinaryIO, size: int
) -> Photo:
    """Keeps a photo at a question; the same id again gives the photo kept the first time."""
    before = Photo.objects.filter(pk=photo_id).first()
    if before is None:
        image, taken_at = read_photo(file, size)
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
            getattr(photo, field).save(f"{photo_id}-{side}.jpg", ContentFile(jpeg(image, side)), save=False)
            written.append(getattr(photo, field))
        photo.save(force_insert=True)
        audit.record(actor, "assessment.photo", stored, after={"question": question, "id": str(photo_id)})
    except BaseException:
        for file in written:  # no file without its row
            file.storage.delete(file.name)
        raise
    return photo
