"""Import jobs, the files in them, what was wrong in them, how they were mapped and how they were fixed.

A file is never thrown away: refused ones wait here with their problems until fixed or set aside. What was
taken is written in one transaction per file, under the file's ``batch`` key, by which it can be undone.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Reach, Scope, ScopedQuerySet
from sachhon.workbooks.problems import Problem


def upload_path(instance, filename: str) -> str:
    """Stored under a name of our own: the sender's name is shown, never used as a path."""
    return f"inbox/{uuid.uuid4().hex}"


class ImportJob(models.Model):
    """One act of sending: some files dropped together."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being read")
        DONE = "done", _("Done")

    SCOPE = Scope(province="province_code", enterprise="enterprise", assigned="created_by")
    NAMED_IN_WORDS = True

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    province_code = models.CharField(max_length=2, db_index=True)
    enterprise = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=32, blank=True)  # who reads it now
    beat_at = models.DateTimeField(null=True)  # its last sign of life
    finished_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        when = localtime(self.created_at).strftime("%d/%m/%Y %H:%M") if self.created_at else ""
        return gettext("Sending of %(when)s (%(n)d files)") % {"when": when, "n": self.total}

    @property
    def is_over(self) -> bool:
        return self.state == self.State.DONE


class MappingProfile(models.Model):
    """How the columns of one layout of table are read: made once by a person, used for every later file.

    ``spec`` is a `sachhon.workbooks.profile.MappingProfile`; ``signature`` its layout. A workbook with several
    layouts (bills on one sheet, the meter's readings on another) has a profile for each.
    """

    SCOPE = Scope(facility="facility")

    name = models.CharField(_("name"), max_length=255)
    facility = models.ForeignKey("registry.Facility", models.CASCADE, related_name="mapping_profiles")
    shared = models.BooleanField(_("offered to other facilities"), default=False)
    signature = models.CharField(max_length=64, db_index=True)
    spec = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping profile")
        verbose_name_plural = _("mapping profiles")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint("facility", "signature", name="one_profile_a_layout")]

    def __str__(self) -> str:
        return self.name


class FileQuerySet(ScopedQuerySet):
    """Files are seen by those who see the job, and by those who see the facility they turned out to be of."""

    def visible_to(self, user):
        """The files this user may see: sent from their own desk, or of a facility within their reach."""
        sent = super().visible_to(user)
        if user is None or not user.is_authenticated or not user.is_active or user.reach == Reach.NOTHING:
            return sent
        facilities = self.model._meta.get_field("facility").related_model.objects.visible_to(user)
        return self.filter(
            Q(pk__in=sent.order_by().values("pk")) | Q(facility__in=facilities.order_by().values("pk"))
        )


class ImportFile(models.Model):
    """One file of a job. ``services.states`` says which state may follow which."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        NEEDS_MAPPING = "needs_mapping", _("Columns to be mapped")
        NEEDS_FACILITY = "needs_facility", _("Facility to be chosen")
        TAKEN = "taken", _("Taken")
        TAKEN_WITH_WARNINGS = "warnings", _("Taken with warnings")
        REFUSED = "refused", _("Refused")
        DUPLICATE = "duplicate", _("Already taken")
        OUTDONE = "outdone", _("Better figures kept")
        UNDONE = "undone", _("Undone")
        SET_ASIDE = "set_aside", _("Set aside")

    SCOPE = Scope(province="job__province_code", enterprise="job__enterprise", assigned="job__created_by")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="files")
    name = models.CharField(_("file"), max_length=255)
    name_key = models.CharField(max_length=255, editable=False)  # folded, to be found by
    sha256 = models.CharField(max_length=64, db_index=True)
    content = models.FileField(upload_to=upload_path)
    size = models.PositiveIntegerField()
    format = models.CharField(max_length=32, blank=True)  # key of the plugged-in format that reads it
    state = models.CharField(max_length=16, choices=State, default=State.WAITING, db_index=True)
    facility = models.ForeignKey("registry.Facility", models.SET_NULL, null=True, related_name="import_files")
    facility_chosen = models.BooleanField(default=False)  # by a person, not read out of the file
    profiles = models.ManyToManyField(MappingProfile, related_name="files")  # one for each layout in it
    year = models.PositiveSmallIntegerField(null=True)
    slot = models.CharField(max_length=64, blank=True)  # Read.slot and .digest of what was taken
    digest = models.CharField(max_length=64, blank=True)
    batch = models.CharField(max_length=64, blank=True, db_index=True)
    values_taken = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    same_as = models.ForeignKey("self", models.SET_NULL, null=True, related_name="copies")
    # On whose behalf it is read: the sender, or who corrected it last. They decide which facilities it may be of.
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering = ["job", "pk"]
        indexes = [
            models.Index("facility", "sha256", name="import_file_same"),
            models.Index("job", "state", name="import_file_job_state"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_taken(self) -> bool:
        return self.state in (self.State.TAKEN, self.State.TAKEN_WITH_WARNINGS)

    # Who sees the audit entries of a file that has no facility yet.
    @property
    def province_code(self) -> str:
        return self.job.province_code

    @property
    def enterprise_id(self) -> int | None:
        return self.job.enterprise_id


class ImportProblem(models.Model):
    """Something in a file that was wrong or doubtful: where, which rule; the words come from the catalogue."""

    class Level(models.TextChoices):
        ERROR = "error", _("Error")
        WARNING = "warning", _("Warning")
        INFO = "info", _("Note")

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="problems")
    level = models.CharField(max_length=8, choices=Level)
    rule = models.CharField(max_length=64)
    sheet = models.CharField(max_length=64, blank=True)
    cell = models.CharField(max_length=16, blank=True)
    params = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("problem in a file")
        verbose_name_plural = _("problems in files")
        ordering = ["file", "pk"]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell} {self.rule}"

    def as_problem(self) -> Problem:
        """The workbooks' own form of it, which has the words."""
        return Problem(self.level, self.rule, self.sheet or None, self.cell or None, self.params)  # type: ignore[arg-type]

    @property
    def rule_name(self) -> str:
        """What the rule looks after, in the reader's language."""
        return self.as_problem().rule_name(get_language() or "vi")

    @property
    def message(self) -> str:
        """What was found, in the language of the page."""
        return self.as_problem().message(get_language() or "vi")

    @property
    def cure(self) -> str:
        """What can be done, in the language of the page."""
        return self.as_problem().cure(get_language() or "vi")


class CellFix(models.Model):
    """A cell as an officer corrected it; laid over the file when it is read again. The file stays as sent."""

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="fixes")
    sheet = models.CharField(max_length=64)
    cell = models.CharField(max_length=16)
    value = models.CharField(max_length=1024, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("corrected cell")
        verbose_name_plural = _("corrected cells")
        ordering = ["file", "pk"]
        constraints = [
            models.UniqueConstraint("file", "sheet", "cell", name="one_fix_a_cell"),
            models.CheckConstraint(condition=~Q(cell=""), name="fix_names_a_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}"
