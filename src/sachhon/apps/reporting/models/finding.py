"""What the plausibility rules found in a report, or in the monthly records of a year without one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Finding(models.Model):
    """One doubt about one figure: the rule, what was seen, what was expected, and what was done about it.

    The figure stands in a line of a report, or (`facility` and `year`, no `report`) in the records of a year that
    no report covers: bills, ledgers, meters, what was typed in.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CORRECTED = "corrected", _("Corrected")
        EXPLAINED = "explained", _("Explained")

    report = models.ForeignKey("reporting.AnnualReport", models.CASCADE, null=True, related_name="findings")
    facility = models.ForeignKey(
        "registry.Facility", models.CASCADE, null=True, related_name="record_findings"
    )
    year = models.PositiveSmallIntegerField(null=True)
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
        constraints = [
            models.UniqueConstraint("report", "key", name="finding_once_a_report"),
            models.UniqueConstraint("facility", "year", "key", name="finding_once_a_year"),
            models.CheckConstraint(
                condition=Q(report__isnull=False, facility__isnull=True, year__isnull=True)
                | Q(report__isnull=True, line__isnull=True, facility__isnull=False, year__isnull=False),
                name="finding_of_report_or_records",
            ),
        ]

    def __str__(self) -> str:
        return self.rule

    @property
    def mark(self) -> str:
        """What an officer's confirmation of the explanation refers to: another one has another mark."""
        written = self.explained_at.isoformat() if self.explained_at else ""
        return f"{self.pk}|{written}"

    @property
    def thing(self) -> tuple[str, int, str] | None:
        """Flow, key of the product or resource, and meter that it is about; None where it is about the whole."""
        place = self.key.partition("|")[2].rpartition("|")[0]
        flow, _colon, rest = place.partition(":")
        item, _colon, meter = rest.partition(":")
        return (flow, int(item), meter) if item else None
