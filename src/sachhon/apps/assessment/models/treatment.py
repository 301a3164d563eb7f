"""What is left after cleaner production, and how it is treated: chains of steps against the limits, side by side.

Treatment is no cleaner production and never becomes a solution of the plan; it stands beside, so that what less at
the source spares of it can be seen.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.models.assessment import Assessment
from sachhon.apps.assessment.models.judged import Judged


class Medium(models.TextChoices):
    """What carries it away; the codes are those of the tables of limits."""

    WATER = "wastewater", _("Wastewater")
    AIR = "air", _("Exhaust gas")


class Treatment(Judged):
    """One discharge of an assessment with its alternatives of treatment: {"a1": {"name", "steps"}}."""

    LETTERS = "XL"

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="treatments")
    name = models.CharField(_("discharge"), max_length=255)
    medium = models.CharField(_("what carries it"), max_length=10, choices=Medium)
    stream = models.CharField(_("stream of the flow-sheet"), max_length=12, blank=True)  # "S7"
    # {"flow", "per_year", "set", "column", "receiver", "size", "reliability", "ph_low", "ph_high"}: numbers as text
    basis = models.JSONField(_("discharge and receiving body"), default=dict, blank=True)
    # {parameter: {"mean", "cv", "cut", "limit", "source"}}: concentration, variation and less load in percent
    contents = models.JSONField(_("concentrations"), default=dict, blank=True)
    cuts = models.JSONField(_("less at the source"), default=dict, blank=True)  # {"flow": percent, "source"}

    class Meta(Judged.Meta):
        verbose_name = _("treatment of a discharge")
        verbose_name_plural = _("treatments of discharges")
        constraints = [models.UniqueConstraint("assessment", "number", name="treatment_number_once")]
