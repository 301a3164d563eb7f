"""The history of a report: every save of a section, and every change of the baseline."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportChange(models.Model):
    """One save of one section: what stood there before and after, who saved it, and as which version.

    It tells two people typing at once what the other changed, fills the history page, and lets an import
    that wrote over a draft be taken back.
    """

    report = models.ForeignKey("reporting.AnnualReport", models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()  # the report's version after this save
    section = models.CharField(max_length=16)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    page = models.CharField(
        max_length=32, blank=True
    )  # one opening of the form: its own saves are no conflict
    batch = models.CharField(max_length=64, blank=True, db_index=True)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        verbose_name = _("change of a report")
        verbose_name_plural = _("changes of reports")
        ordering = ["report", "-pk"]

    def __str__(self) -> str:
        return f"{self.section} v{self.version}"


class BaselineChange(models.Model):
    """The baseline year of a report was changed: when, why, and the savings as they stood before."""

    report = models.ForeignKey("reporting.AnnualReport", models.CASCADE, related_name="baseline_changes")
    from_year = models.PositiveSmallIntegerField(null=True)
    to_year = models.PositiveSmallIntegerField()
    reason = models.CharField(_("reason"), max_length=255)
    changed_on = models.DateField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    savings_before = models.JSONField(default=list)  # [{"resource", "quantity", "relative_pct"}, …]

    class Meta:
        verbose_name = _("change of a baseline")
        verbose_name_plural = _("changes of baselines")
        ordering = ["report", "-pk"]

    def __str__(self) -> str:
        return f"{self.from_year} → {self.to_year}"
