"""What a quick assessment stores: its pinned checklist, the answers, how they came, and the photos.

The checklist is pinned as it was when the walk began, so that a later edit of the library changes no answer's
meaning. Every change of an answer arrives as one `Change` with an id that the phone made: it is the proof that
the change was taken (sent twice, it counts once), the history, and, where two people answered differently, the
side that waits for a person to choose.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet


class Reply(models.TextChoices):
    """Is the good practice followed? "" is not answered, never a yes."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class QuickSheet(models.Model):
    """The checklist of one quick assessment, pinned with the versions of its questions."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.OneToOneField("assessment.Assessment", models.CASCADE, related_name="quick")
    trade = models.CharField(max_length=32)  # of the library
    # [{"code", "version", "section", "section_vi", "section_en", "text_vi", …}] in the order of the walk
    questions = models.JSONField(default=list)
    # {kind of resource: the benchmark a person chose to compare with, pinned with its version}
    benchmarks = models.JSONField(default=dict)
    version = models.PositiveIntegerField(
        default=1
    )  # of the figures form: benchmarks and typed figures together
    pinned_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist of an assessment")
        verbose_name_plural = _("checklists of assessments")

    def __str__(self) -> str:
        return f"{self.trade}: {len(self.questions)}"


class Answer(models.Model):
    """What stands now for one question: the answer and the note, each with a version of its own."""

    SCOPE = Scope(facility="sheet__assessment__facility")

    sheet = models.ForeignKey(QuickSheet, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=64)
    answer = models.CharField(_("answer"), max_length=16, choices=Reply, blank=True)
    answer_version = models.PositiveIntegerField(default=0)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    note_version = models.PositiveIntegerField(default=0)
    by_name = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["sheet", "question"]
        constraints = [models.UniqueConstraint("sheet", "question", name="quick_answer_once")]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer or '–'}"


class Change(models.Model):
    """One change of one field of one answer, as a device sent it, and what became of it."""

    class Field(models.TextChoices):
        ANSWER = "answer", _("Answer")
        NOTE = "note", _("Note")

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("Taken")
        SAME = "same", _("Already so")
        CONFLICT = "conflict", _("Answered differently by two people")

    SCOPE = Scope(facility="sheet__assessment__facility")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # made by the device
    sheet = models.ForeignKey(QuickSheet, models.CASCADE, related_name="changes")
    question = models.CharField(max_length=64)
    field = models.CharField(max_length=8, choices=Field)
    value = models.TextField(blank=True)
    base = models.PositiveIntegerField()  # the version that the person saw
    outcome = models.CharField(max_length=8, choices=Outcome)
    version = models.PositiveIntegerField()  # of the field afterwards
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)
    device = models.CharField(max_length=36, blank=True)
    made_at = models.DateTimeField(null=True)  # by the clock of the device
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)  # of a conflict: when a person chose
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an answer")
        verbose_name_plural = _("changes of answers")
        ordering = ["at", "pk"]
        indexes = [
            models.Index("sheet", "question", "field", "version", name="quick_change_place"),
            models.Index(
                fields=["sheet"],
                condition=Q(outcome="conflict", settled_at=None),
                name="quick_change_open_conflict",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}.{self.field} = {self.value[:40]}"


def photo_path(photo: "Photo", name: str) -> str:
    """Under the media home, where a backup takes it along; the name tells nothing about the sender's file."""
    return f"assessment/{photo.sheet.assessment_id}/{name}"


class Photo(models.Model):
    """A photo taken at a question, encoded anew by the server: no place, no camera, a bounded size."""

    SCOPE = Scope(facility="sheet__assessment__facility")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # made by the device: sent twice, kept once
    sheet = models.ForeignKey(QuickSheet, models.CASCADE, related_name="photos")
    question = models.CharField(max_length=64)
    image = models.FileField(upload_to=photo_path, max_length=200)
    thumb = models.FileField(upload_to=photo_path, max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)
    taken_at = models.DateTimeField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["question", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.question}: {self.id}"
