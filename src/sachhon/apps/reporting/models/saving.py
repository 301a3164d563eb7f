"""The saving per unit of product of a report against its baseline, by resource."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

RELATIVE_LIMIT = 100_000  # percent; beyond it a relative saving is a slip, and the columns end there


def is_beyond(percent: Decimal) -> bool:
    """Whether a relative saving lies beyond what is kept: the number then is a limit, no figure."""
    return abs(percent) >= RELATIVE_LIMIT


class Saving(models.Model):
    """One resource of one report. Estimated, reported and verified savings are never added together."""

    class State(models.TextChoices):
        ESTIMATED = "estimated", _("Estimated")
        REPORTED = "reported", _("Reported")
        VERIFIED = "verified", _("Verified")

    report = models.ForeignKey("reporting.AnnualReport", models.CASCADE, related_name="resource_savings")
    resource = models.ForeignKey("registry.Resource", models.PROTECT)
    baseline_year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.REPORTED)
    expected = models.DecimalField(
        max_digits=20, decimal_places=6
    )  # baseline intensities × this year's outputs
    actual = models.DecimalField(max_digits=20, decimal_places=6)
    quantity = models.DecimalField(
        max_digits=20, decimal_places=6
    )  # expected − actual; negative: a worsening
    relative_pct = models.DecimalField(max_digits=12, decimal_places=4)
    relative_low_pct = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    relative_high_pct = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    coverage_pct = models.DecimalField(max_digits=7, decimal_places=3)
    vnd = models.BigIntegerField(null=True)
    toe = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    co2_t = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    figure = models.ForeignKey("registry.Figure", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("saving")
        verbose_name_plural = _("savings")
        ordering = ["report", "pk"]
        constraints = [models.UniqueConstraint("report", "resource", name="saving_once_a_resource")]

    @property
    def is_beyond(self) -> bool:
        """Whether `relative_pct` is a limit, no figure."""
        return is_beyond(self.relative_pct)

    def __str__(self) -> str:
        return f"{self.resource} {self.relative_pct} %"
