"""Technologies that exclude each other, side by side: criteria with weights and hard limits, figures, what was chosen.

One row, one version: two people who fill different cells are merged cell by cell (services/merging.py), because each
entry of a JSON object counts on its own.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.models.assessment import Assessment
from sachhon.apps.people.scope import Scope, ScopedQuerySet


class Comparison(models.Model):
    """One choice of technology in an assessment, numbered within it (SS-01 …)."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="comparisons")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("what is chosen"), max_length=255)
    purpose = models.TextField(_("what it has to do"), blank=True, max_length=2000)
    # {"c1": {"name", "kind", "unit", "figure", "more", "weight", "least", "most", "low", "high"}}: numbers as text
    criteria = models.JSONField(_("criteria"), default=dict, blank=True)
    # {"a1": {"name", "option": number of an option or None}}
    alternatives = models.JSONField(_("alternatives"), default=dict, blank=True)
    # {"a1:c2": {"value": "12.5", "source": "quotation 3/2026"}}
    cells = models.JSONField(_("figures of the alternatives"), default=dict, blank=True)
    result = models.JSONField(default=dict, editable=False)  # as services/comparison_result.py computed it
    chosen = models.CharField(_("chosen"), max_length=8, blank=True)  # code of the alternative
    chosen_reason = models.CharField(_("why it was chosen"), max_length=512, blank=True)
    chosen_at = models.DateTimeField(null=True)
    chosen_by_name = models.CharField(max_length=255, blank=True)
    decided = models.JSONField(default=dict, editable=False)  # the result as it was when chosen
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of technology")
        verbose_name_plural = _("choices of technology")
        ordering = ["assessment", "number"]
        constraints = [models.UniqueConstraint("assessment", "number", name="comparison_number_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def code(self) -> str:
        """As people call it: SS-01."""
        return f"SS-{self.number:02d}"

    @property
    def facility(self):
        return self.assessment.facility
