"""What is left after cleaner production, and how it is treated: chains of steps against the limits, side by side.

Treatment is no cleaner production and never becomes a solution of the plan; it stands beside, so that what less at
the source spares of it can be seen. One row, one version: entries of a JSON object are merged each on its own.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.models.assessment import Assessment
from sachhon.apps.people.scope import Scope, ScopedQuerySet


class Medium(models.TextChoices):
    """What carries it away; the codes are those of the tables of limits."""

    WATER = "wastewater", _("Wastewater")
    AIR = "air", _("Exhaust gas")


class Treatment(models.Model):
    """One discharge of an assessment with its alternatives of treatment, numbered within it (XL-01 …)."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="treatments")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("discharge"), max_length=255)
    medium = models.CharField(_("what carries it"), max_length=10, choices=Medium)
    stream = models.CharField(_("stream of the flow-sheet"), max_length=12, blank=True)  # "S7"
    # {"flow", "per_year", "set", "column", "receiver", "size", "reliability"}: numbers as text
    basis = models.JSONField(_("discharge and receiving body"), default=dict, blank=True)
    # {parameter: {"mean", "cv", "cut", "limit", "source"}}: concentration, variation and less load in percent
    contents = models.JSONField(_("concentrations"), default=dict, blank=True)
    cuts = models.JSONField(_("less at the source"), default=dict, blank=True)  # {"flow": percent, "source"}
    alternatives = models.JSONField(_("alternatives"), default=dict, blank=True)  # {"a1": {"name", "steps"}}
    result = models.JSONField(default=dict, editable=False)  # as services/treatment_result.py computed it
    chosen = models.CharField(_("chosen"), max_length=8, blank=True)
    chosen_reason = models.CharField(_("why it was chosen"), max_length=512, blank=True)
    chosen_at = models.DateTimeField(null=True)
    chosen_by_name = models.CharField(max_length=255, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("treatment of a discharge")
        verbose_name_plural = _("treatments of discharges")
        ordering = ["assessment", "number"]
        constraints = [models.UniqueConstraint("assessment", "number", name="treatment_number_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def code(self) -> str:
        """As people call it: XL-01."""
        return f"XL-{self.number:02d}"

    @property
    def facility(self):
        return self.assessment.facility
