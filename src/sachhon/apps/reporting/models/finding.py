"""What the plausibility rules found in a report."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Finding(models.Model):
    """One doubt about one figure: the rule, what was seen, what was expected, and what was done about it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CORRECTED = "corrected", _("Corrected")
        EXPLAINED = "explained", _("Explained")

    report = models.ForeignKey("reporting.AnnualReport", models.CASCADE, related_name="findings")
    line = models.ForeignKey("reporting.ReportLine", models.CASCADE, null=True, related_name="findings")
    rule = models.CharField(max_length=48)
    key = models.CharField(max_length=160)  # rule, thing and month: a re-run finds its own finding by it
    level = models.CharField(max_length=8)  # error: blocks acceptance until explained; warning
    params = models.JSONField(default=dict)  # observed, low, high, factor, suggestion …
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    explanation = models.CharField(max_length=512, blank=True)
    explained_at = models.DateTimeField(null=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["report", "pk"]
        constraints = [models.UniqueConstraint("report", "key", name="finding_once_a_report")]

    def __str__(self) -> str:
        return self.rule
