"""Files of a detailed assessment: the evidence of a reading or a verification, photos of what is carried out."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet

OWNERS = ("measurement", "stock", "verification", "option")


def file_path(attachment: "Attachment", name: str) -> str:
    """Under the media home, where a backup takes it along; the name tells nothing about the sender's file."""
    return f"assessment/{attachment.assessment_id}/files/{name}"


def _one_owner() -> Q:
    whole = Q()
    for owner in OWNERS:
        whole |= Q(**{f"{other}__isnull": other != owner for other in OWNERS})
    return whole


class Attachment(models.Model):
    """A photo (encoded anew: no place, no camera), or a document as it was sent, of exactly one thing."""

    ICONS: ClassVar[dict[str, str]] = {
        "pdf": "file-type-pdf", "xlsx": "file-spreadsheet", "docx": "file-type-docx", "csv": "table",
    }  # fmt: skip

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"
        DOCX = "docx", "Word"
        CSV = "csv", "CSV"

    SCOPE = Scope(facility="assessment__facility")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    assessment = models.ForeignKey("assessment.Assessment", models.CASCADE, related_name="attachments")
    measurement = models.ForeignKey("assessment.Measurement", models.CASCADE, null=True, related_name="files")
    stock = models.ForeignKey("assessment.StockLevel", models.CASCADE, null=True, related_name="files")
    verification = models.ForeignKey(
        "assessment.Verification", models.CASCADE, null=True, related_name="files"
    )
    option = models.ForeignKey("assessment.Option", models.CASCADE, null=True, related_name="files")
    kind = models.CharField(max_length=5, choices=Kind)
    name = models.CharField(_("file"), max_length=120)  # as the sender called it
    caption = models.CharField(_("what it shows"), max_length=255, blank=True)
    file = models.FileField(upload_to=file_path, max_length=200)
    thumb = models.FileField(upload_to=file_path, max_length=200, blank=True)
    size = models.PositiveIntegerField()  # bytes of what is kept
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)
    taken_at = models.DateTimeField(null=True)  # what the camera says
    at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=_one_owner(), name="attachment_of_one_thing")]

    def __str__(self) -> str:
        return self.name

    @property
    def icon(self) -> str:
        """The icon of a document."""
        return self.ICONS.get(self.kind, "file")

    @property
    def image(self):
        """The picture of a photo, as `documents` print it."""
        return self.file
