"""Monthly records: how much of what a facility made, consumed or gave off, and every change of that.

The quantity is always in the unit of its resource or product; what was written by the sender stands beside.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet


class Flow(models.TextChoices):
    """Which way it goes through the fence."""

    OUTPUT = "output", _("Output")
    CONSUMPTION = "consumption", _("Consumption")
    WASTE = "waste", _("Waste")
    EMISSION = "emission", _("Emission")


class RecordSource(models.TextChoices):
    """What the figure was read from."""

    METER = "meter", _("Meter")
    INVOICE = "invoice", _("Invoice")
    LEDGER = "ledger", _("Log or ledger")
    ESTIMATE = "estimate", _("Estimate")
    REPORT = "report", _("Factory's report")


class Quality(models.TextChoices):
    """How far the figure is to be trusted."""

    GOOD = "good", _("Good")
    ESTIMATED = "estimated", _("Estimated")
    SUSPECT = "suspect", _("Suspect")


class Record(models.Model):
    """One month of one resource or product at one facility (and one meter, where there are several)."""

    SCOPE = Scope(facility="facility")

    facility = models.ForeignKey("registry.Facility", models.CASCADE, related_name="records")
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"))
    flow = models.CharField(_("flow"), max_length=12, choices=Flow)
    resource = models.ForeignKey(
        "registry.Resource", models.PROTECT, null=True, blank=True, verbose_name=_("resource")
    )
    product = models.ForeignKey(
        "registry.Product", models.PROTECT, null=True, blank=True, verbose_name=_("product")
    )
    meter = models.CharField(_("meter"), max_length=64, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)
    entered_quantity = models.CharField(_("as written"), max_length=64, blank=True)
    entered_unit = models.CharField(_("unit as written"), max_length=64, blank=True)
    cost_vnd = models.BigIntegerField(_("cost (VND)"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=RecordSource, default=RecordSource.REPORT)
    quality = models.CharField(_("quality"), max_length=10, choices=Quality, default=Quality.GOOD)
    evidence = models.FileField(_("evidence"), upload_to="evidence/%Y/", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["facility", "year", "month", "flow", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(month__range=(1, 12)), name="record_month_1_to_12"),
            models.CheckConstraint(condition=Q(year__range=(2000, 2100)), name="record_year_sane"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="record_quantity_not_negative"),
            models.CheckConstraint(
                condition=Q(flow="output", product__isnull=False, resource__isnull=True)
                | (~Q(flow="output") & Q(product__isnull=True, resource__isnull=False)),
                name="record_output_of_product_else_resource",
            ),
            models.UniqueConstraint(
                fields=["facility", "year", "month", "flow", "resource", "meter"],
                condition=Q(resource__isnull=False),
                name="record_once_per_resource_month",
            ),
            models.UniqueConstraint(
                fields=["facility", "year", "month", "product", "meter"],
                condition=Q(product__isnull=False),
                name="record_once_per_product_month",
            ),
        ]
        indexes = [models.Index("facility", "year", "flow", name="record_facility_year_flow")]

    def __str__(self) -> str:
        return f"{self.item} {self.month:02d}/{self.year}"

    @property
    def item(self):
        """The resource or product the record is of."""
        return self.product if self.flow == Flow.OUTPUT else self.resource

    @property
    def unit(self) -> str:
        return self.item.unit


class RecordStamp(models.Model):
    """What tells that the records of a facility's year changed: the sum of its rows' tokens, new with every change.

    Kept by triggers of the database (record_stamps.py), so that no way of writing goes past it.
    """

    facility_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    token = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["facility_id", "year"], name="record_stamp_of_year")]

    def __str__(self) -> str:
        return f"{self.facility_id}/{self.year}"


class RecordChange(models.Model):
    """One change of one record, with the cell it came from; undo of an import reads it backwards.

    ``before`` or ``after`` is null where the record was made or removed. ``record_key`` holds the identity
    (facility, year, month, flow, item, meter), so that the history outlives the row.
    """

    SCOPE = Scope(facility="facility")

    record = models.ForeignKey(Record, models.SET_NULL, null=True, related_name="changes")
    facility = models.ForeignKey("registry.Facility", models.CASCADE, related_name="record_changes")
    record_key = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    batch = models.CharField(max_length=64, blank=True, db_index=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    file_name = models.CharField(max_length=255, blank=True)
    sheet = models.CharField(max_length=64, blank=True)
    cell = models.CharField(max_length=255, blank=True)
    undone_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a record")
        verbose_name_plural = _("changes of records")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.record_key}"
