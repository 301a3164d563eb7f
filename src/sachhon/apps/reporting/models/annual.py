"""The annual report of a factory for a year, as typed or read from a workbook.

A correction after acceptance is a new revision of the same year; the revision before it stays as it was.
"""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet
from sachhon.apps.registry.models.facility import TriState
from sachhon.apps.registry.models.record import Flow, RecordSource


class ReportState(models.TextChoices):
    """Where a report stands; services/workflow.py holds the table of transitions."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned with remarks")
    ACCEPTED = "accepted", _("Accepted")
    LOCKED = "locked", _("Locked")


HANDED_IN = (ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.LOCKED)


class AnnualReport(models.Model):
    """One factory, one year, one revision."""

    SCOPE = Scope(facility="facility")

    facility = models.ForeignKey("registry.Facility", models.PROTECT, related_name="annual_reports")
    year = models.PositiveSmallIntegerField(_("year"))
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT, db_index=True)
    version = models.PositiveIntegerField(
        default=1
    )  # rises with every save; a save on an older one is refused

    employees = models.PositiveIntegerField(
        _("employees"), null=True, blank=True, validators=[MaxValueValidator(1_000_000)]
    )
    revenue_vnd = models.BigIntegerField(_("revenue (VND)"), null=True, blank=True)
    capital_vnd = models.BigIntegerField(_("capital (VND)"), null=True, blank=True)
    contact_name = models.CharField(_("person in charge"), max_length=255, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=32, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)

    cp_aware = models.CharField(_("aware"), max_length=8, choices=TriState, default=TriState.UNKNOWN)
    cp_applying = models.CharField(_("applying"), max_length=8, choices=TriState, default=TriState.UNKNOWN)
    cp_since = models.PositiveSmallIntegerField(
        _("applying since"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    cp_unit = models.CharField(_("CP unit"), max_length=8, choices=TriState, default=TriState.UNKNOWN)
    cp_unit_decision = models.CharField(_("decision that set up the unit"), max_length=255, blank=True)
    cp_unit_people = models.JSONField(default=list)
    signer_name = models.CharField(_("signed by"), max_length=255, blank=True)
    signer_title = models.CharField(_("title of signer"), max_length=255, blank=True)
    baseline_year = models.PositiveSmallIntegerField(_("baseline year"), null=True, blank=True)
    baseline_reason = models.CharField(_("reason for the baseline"), max_length=255, blank=True)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    first_submitted_at = models.DateTimeField(null=True)  # decides on time or late; a return does not move it
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    on_time = models.BooleanField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)  # when the plausibility rules last ran on it
    signed_on = models.DateField(_("date signed"), null=True, blank=True)
    batch = models.CharField(max_length=64, blank=True, db_index=True)  # the import that brought it, if any
    record_batches = models.JSONField(default=list)  # batches under which its months were written
    origins = models.JSONField(default=dict)  # field → [file, sheet, cell]
    extra = models.JSONField(default=dict)  # what a form held besides, label → text

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("annual report")
        verbose_name_plural = _("annual reports")
        ordering = ["-year", "facility", "-revision"]
        constraints = [
            models.UniqueConstraint("facility", "year", "revision", name="annual_report_once"),
            models.CheckConstraint(condition=Q(year__range=(2000, 2100)), name="annual_report_year_sane"),
        ]
        indexes = [models.Index("year", "state", name="annual_report_year_state")]

    def __str__(self) -> str:
        return f"{self.facility} – {self.year}"


class ReportLine(models.Model):
    """One product made, or one resource consumed or given off, month by month."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="lines")
    flow = models.CharField(max_length=12, choices=Flow)
    product = models.ForeignKey("registry.Product", models.PROTECT, null=True, blank=True)
    resource = models.ForeignKey("registry.Resource", models.PROTECT, null=True, blank=True)
    name = models.CharField(_("name at the facility"), max_length=255, blank=True)
    meter = models.CharField(max_length=64, blank=True)  # tells two lines of one resource apart
    unit = models.CharField(_("unit"), max_length=16)
    months = models.JSONField(default=list)  # 12 of decimal text or null, January first, in `unit`
    estimated_months = models.JSONField(default=list)  # month numbers that are an estimate
    total = models.DecimalField(_("year"), max_digits=20, decimal_places=6, null=True, blank=True)
    cost_vnd = models.BigIntegerField(_("cost (VND)"), null=True, blank=True)
    source = models.CharField(max_length=10, choices=RecordSource, default=RecordSource.REPORT)
    note = models.CharField(max_length=255, blank=True)
    origins = models.JSONField(default=dict)  # "1".."12", "total", "cost_vnd" → [file, sheet, cell]

    class Meta:
        verbose_name = _("line of a report")
        verbose_name_plural = _("lines of reports")
        ordering = ["report", "flow", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "flow", "resource", "meter"],
                condition=Q(resource__isnull=False),
                name="line_resource_once",
            ),
            models.UniqueConstraint(
                fields=["report", "product"], condition=Q(product__isnull=False), name="line_product_once"
            ),
            models.CheckConstraint(
                condition=Q(flow="output", product__isnull=False, resource__isnull=True)
                | (~Q(flow="output") & Q(product__isnull=True)),
                name="line_output_of_product_else_resource",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def item(self):
        """The product or resource; None while nobody has said which resource it is."""
        return self.product if self.flow == Flow.OUTPUT else self.resource

    @property
    def label(self) -> str:
        """What the factory calls it, else the name in the catalogue."""
        return self.name or str(self.item or "")

    @property
    def shown_name(self) -> str:
        """The label for a reader: a name of the catalogue is said in the language of the page."""
        if self.resource is not None and self.name in ("", self.resource.name_vi, self.resource.name_en):
            return str(self.resource)
        return self.label

    @property
    def quantities(self) -> list[Decimal | None]:
        """The twelve months as numbers; None is not known."""
        months = [None if value is None else Decimal(value) for value in self.months]
        return months + [None] * (12 - len(months))


class ReportSolution(models.Model):
    """A measure carried out. What is not cleaner production is kept as treatment, with the reason."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        DOING = "doing", _("Under way")
        DONE = "done", _("Carried out")
        STOPPED = "stopped", _("Stopped")

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="solutions")
    name = models.CharField(_("solution"), max_length=512)
    group = models.CharField(_("group"), max_length=32)  # code of the eight groups, or "treatment"
    not_cp_reason = models.CharField(max_length=512, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DONE)
    started_on = models.DateField(_("started"), null=True, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)
    investment_vnd = models.BigIntegerField(_("investment (VND)"), null=True, blank=True)
    savings = models.JSONField(
        default=list
    )  # [{"resource": code, "quantity": "12.5", "unit": "t"}, …] a year
    saving_vnd_per_year = models.BigIntegerField(_("saving (VND a year)"), null=True, blank=True)
    origins = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("solution in a report")
        verbose_name_plural = _("solutions in reports")
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return self.name


class ReportNeed(models.Model):
    """A difficulty met or a request made, in the factory's words."""

    class Kind(models.TextChoices):
        DIFFICULTY = "difficulty", _("Difficulty")
        REQUEST = "request", _("Request")

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=10, choices=Kind)
    category = models.CharField(max_length=32, blank=True)
    text = models.TextField()

    class Meta:
        verbose_name = _("difficulty or request")
        verbose_name_plural = _("difficulties and requests")
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class ReportRemark(models.Model):
    """What the reviewing officer wrote when returning or accepting a report."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="remarks")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    section = models.CharField(max_length=32, blank=True)
    text = models.TextField()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
