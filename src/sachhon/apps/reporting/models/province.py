"""The province's figures as last computed, and its report of a year to the People's Committee or the Ministry."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet


class ProvinceRollup(models.Model):
    """What the province's pages show of a year: computed by services/province, read as it stands, never on a GET.

    ``data_vi`` and ``data_en`` are the same `ProvinceReportData` in words of both languages (snapshot JSON).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being computed")
        DONE = "done", _("Computed")
        FAILED = "failed", _("Failed")

    SCOPE = Scope(province="province_code")

    province_code = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    queued = models.BooleanField(default=False)  # a task waits for it; many changes make one task
    step = models.PositiveSmallIntegerField(default=0)  # of services/province/refreshing.STEPS
    error = models.CharField(max_length=512, blank=True)
    changed_at = models.DateTimeField(null=True)  # facts changed after this moment are not in the figures
    computed_at = models.DateTimeField(null=True)
    snapshot = models.CharField(max_length=32, blank=True)  # of the warehouse
    code_version = models.CharField(max_length=32, blank=True)
    data_vi = models.TextField(blank=True)
    data_en = models.TextField(blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a province")
        verbose_name_plural = _("figures of provinces")
        ordering = ["province_code", "-year"]
        constraints = [models.UniqueConstraint("province_code", "year", name="province_rollup_once")]

    def __str__(self) -> str:
        return f"{self.province_code} {self.year}"

    @property
    def is_stale(self) -> bool:
        """Whether facts have changed since the figures were computed."""
        if self.computed_at is None or self.changed_at is None:
            return self.computed_at is None
        return self.changed_at > self.computed_at


class ProvinceReport(models.Model):
    """A draft, or an issued report: then the figures are a snapshot that nothing changes any more.

    A trigger of the database refuses any change of an issued row (services/province/guard.py).
    """

    class Audience(models.TextChoices):
        COMMITTEE = "peoples_committee", _("People's Committee")
        MINISTRY = "ministry", _("Ministry")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")

    SCOPE = Scope(province="province_code")
    NAMED_IN_WORDS = True

    province_code = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField(_("year"))
    audience = models.CharField(max_length=20, choices=Audience)
    issue = models.PositiveSmallIntegerField(default=1)  # 1 first issue, 2 … corrections
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    # {"remarks": [paragraphs], "next_tasks": [sentences], "proposals": [sentences]} as the officer wrote them
    texts = models.JSONField(default=dict)
    language = models.CharField(max_length=2, default="vi")
    number = models.CharField(_("number"), max_length=32, blank=True)
    dated = models.DateField(_("date"), null=True, blank=True)
    signer_title = models.CharField(_("title of signer"), max_length=255, blank=True)  # lines divided by |
    signer_name = models.CharField(_("signed by"), max_length=255, blank=True)
    data = models.JSONField(default=dict)  # the whole of ProvinceReportData as it was when issued
    docx = models.FileField(upload_to="issued/%Y/", blank=True)
    xlsx = models.FileField(upload_to="issued/%Y/", blank=True)
    pdf = models.FileField(upload_to="issued/%Y/", blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # A draft that the worker is issuing: since when, how far (services/province/queueing.STEPS), what failed.
    issuing_at = models.DateTimeField(null=True)
    issuing_step = models.PositiveSmallIntegerField(default=0)
    issuing_error = models.CharField(max_length=512, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("province's report")
        verbose_name_plural = _("province's reports")
        ordering = ["-year", "audience", "-issue"]
        constraints = [
            models.UniqueConstraint(
                "province_code", "year", "audience", "issue", name="province_report_once"
            ),
            models.UniqueConstraint(
                fields=["province_code", "year", "audience"],
                condition=Q(state="draft"),
                name="province_report_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()} {self.year}"

    @property
    def figure_suffix(self) -> str:
        """What is added to a figure's code for its copy in this issue."""
        return f"issue-{self.issue}-{self.audience}"
