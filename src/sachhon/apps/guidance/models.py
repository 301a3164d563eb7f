"""Library items and every version of them that ever was.

An item is an option, a whole checklist, the benchmarks of one system, or an anonymous case of a factory. What it
says stands in its versions as plain JSON (see `content`); the item repeats only what lists filter by. At most one
version of an item is published and at most one is being worked on; the database sees to both.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.models import User
from sachhon.reference.text import fold


class Kind(models.TextChoices):
    OPTION = "option", _("Option")
    CHECKLIST = "checklist", _("Checklist")
    BENCHMARK = "benchmark", _("Benchmarks")
    CASE = "case", _("Case of the province")


class State(models.TextChoices):
    """Where a version stands; services/library.py holds the table of transitions."""

    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")
    PUBLISHED = "published", _("Published")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_STATES = (State.DRAFT, State.REVIEWED)


class LibraryQuerySet(models.QuerySet):
    """The library belongs to no province: whoever may open it sees what is published; who keeps it sees all."""

    def visible_to(self, user):
        """The items this user may see."""
        if not user.is_authenticated or not user.may("guidance.library.view"):
            return self.none()
        return self if user.may("guidance.library.edit") else self.filter(published=True)


class LibraryItem(models.Model):
    """One thing of the library. `state` is that of its newest version, `published` whether any is in force."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    code = models.CharField(_("code"), max_length=48)
    system = models.CharField(_("system"), max_length=32, blank=True, db_index=True)
    trade = models.CharField(_("trade"), max_length=32, blank=True, db_index=True)
    group = models.CharField(_("group"), max_length=32, blank=True, db_index=True)
    resources = models.CharField(max_length=120, blank=True)  # ";electricity;fuel;"
    name_vi = models.CharField(_("name (Vietnamese)"), max_length=400)
    name_en = models.CharField(_("name (English)"), max_length=400, blank=True)
    search_key = models.TextField(editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, db_index=True)
    published = models.BooleanField(default=False)
    order = models.PositiveIntegerField(default=0)
    # what the data file said when it was last taken or declined; a newer file that meets edits is a conflict
    file_digest = models.CharField(max_length=64, blank=True)
    file_content = models.JSONField(null=True)  # the newer file's, while the conflict is open

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = _("library item")
        verbose_name_plural = _("library items")
        ordering = ["kind", "order", "code"]
        constraints = [models.UniqueConstraint("kind", "code", name="library_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi

    @property
    def has_conflict(self) -> bool:
        """Whether a newer data file waits for somebody to decide."""
        return self.file_content is not None

    def save(self, *args, **kwargs):
        self.search_key = fold(f"{self.code} {self.name_vi} {self.name_en}")
        super().save(*args, **kwargs)


class LibraryVersion(models.Model):
    """What an item said, from when to when, by whom written, reviewed, published; never deleted."""

    class Origin(models.TextChoices):
        FILE = "file", _("Data file")
        PERSON = "person", _("Edited on the site")

    item = models.ForeignKey(LibraryItem, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.PERSON)
    content = models.JSONField()
    why = models.CharField(_("what was changed and why"), max_length=500, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    stamp = models.PositiveIntegerField(
        default=1
    )  # goes up with every save of the draft: who saves last is told
    authors = models.JSONField(default=list)  # ids of all who saved this draft: none of them may review it
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint("item", "number", name="library_version_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state=State.PUBLISHED), name="library_one_published"
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(state__in=OPEN_STATES), name="library_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} v{self.number}"
