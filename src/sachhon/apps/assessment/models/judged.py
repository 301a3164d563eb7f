"""What a treatment and a choice of technology have in common: alternatives side by side, and one of them chosen.

One row, one version: two people who change different entries of a JSON object are merged entry by entry
(services/merging.py).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet


class Judged(models.Model):
    """Alternatives of an assessment, numbered within it, with what was computed of them and what was chosen.

    A kind of it has `assessment` (with the reverse name people look for) and `name` (what is judged).
    """

    SCOPE = Scope(facility="assessment__facility")
    LETTERS: ClassVar[str]  # the first part of the code people say

    number = models.PositiveSmallIntegerField()
    alternatives = models.JSONField(_("alternatives"), default=dict, blank=True)  # by "a1", "a2" …
    result = models.JSONField(default=dict, editable=False)  # as the room's services computed it
    chosen = models.CharField(_("chosen"), max_length=8, blank=True)  # code of the alternative
    chosen_reason = models.CharField(_("why it was chosen"), max_length=512, blank=True)
    chosen_at = models.DateTimeField(null=True)
    chosen_by_name = models.CharField(max_length=255, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["assessment", "number"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def code(self) -> str:
        """As people call it: XL-01, SS-01."""
        return f"{self.LETTERS}-{self.number:02d}"

    @property
    def facility(self):
        return self.assessment.facility
