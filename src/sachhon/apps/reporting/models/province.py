"""The province's report of a year, to the People's Committee or to the Ministry."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet


class ProvinceReport(models.Model):
    """A draft, or an issued report: then the figures are a snapshot that nothing changes any more."""

    class Audience(models.TextChoices):
        COMMITTEE = "peoples_committee", _("People's Committee")
        MINISTRY = "ministry", _("Ministry")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")

    SCOPE = Scope(province="province_code")

    province_code = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField(_("year"))
    audience = models.CharField(max_length=20, choices=Audience)
    issue = models.PositiveSmallIntegerField(default=1)  # 1 first issue, 2 … corrections
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    number = models.CharField(_("number"), max_length=32, blank=True)
    dated = models.DateField(_("date"), null=True, blank=True)
    signer_title = models.CharField(_("title of signer"), max_length=255, blank=True)
    signer_name = models.CharField(_("signed by"), max_length=255, blank=True)
    data = models.JSONField(default=dict)  # the whole of ProvinceReportData as it was when issued
    docx = models.FileField(upload_to="issued/%Y/", blank=True)
    xlsx = models.FileField(upload_to="issued/%Y/", blank=True)
    pdf = models.FileField(upload_to="issued/%Y/", blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("province's report")
        verbose_name_plural = _("province's reports")
        ordering = ["-year", "audience", "-issue"]
        constraints = [
            models.UniqueConstraint(
                "province_code", "year", "audience", "issue", name="province_report_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()} {self.year}"
