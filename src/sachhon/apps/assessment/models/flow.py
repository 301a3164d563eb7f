"""The flow-sheet of a detailed assessment: processes, streams, substances, measurements, causes, as rows.

Every row has a code a person can say ("S7"), a version that rises with each change, and `removed` instead of
being deleted, so that a removal can be taken back. What was changed, by whom, stands in models/flow_log.py.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet

GOODS = "goods"  # the layer of mass that every stream of material carries
ENERGY = "energy"  # the layer of energy
MASS_UNIT, ENERGY_UNIT = "t", "GJ"  # what balances are held in


class FlowRow(models.Model):
    """What every row of a flow-sheet has."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey("assessment.Assessment", models.CASCADE, related_name="+")
    code = models.CharField(_("code"), max_length=12)
    removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code


class Process(FlowRow):
    """A process, which is a quantity centre of the costs; a process in a process is a sub-process."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("inside of")
    )
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    energy_vnd = models.DecimalField(
        _("further energy cost"), max_digits=18, decimal_places=0, null=True, blank=True
    )
    system_vnd = models.DecimalField(
        _("labour, depreciation, upkeep"), max_digits=18, decimal_places=0, null=True, blank=True
    )
    waste_vnd = models.DecimalField(
        _("cost of managing waste"), max_digits=18, decimal_places=0, null=True, blank=True
    )

    class Meta(FlowRow.Meta):
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        constraints = [models.UniqueConstraint("assessment", "code", name="flow_process_code_once")]


class OfResource(models.Model):
    """What may be a resource of the registry, so that its records and prices are found."""

    resource = models.ForeignKey(
        "registry.Resource",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resource"),
    )

    class Meta:
        abstract = True


class OfLayer(models.Model):
    """What is said of the mass, of the energy, or of one substance."""

    layer = models.CharField(_("of what"), max_length=12, default=GOODS)

    class Meta:
        abstract = True


class Stream(OfResource, FlowRow):
    """What runs from a process to a process; from or to outside where an end is empty."""

    class Kind(models.TextChoices):
        MATERIAL = "material", _("Material")
        ENERGY = "energy", _("Energy")
        WATER = "water", _("Water")
        WASTE = "waste", _("Waste")

    class Use(models.TextChoices):
        INPUT = "input", _("Input")
        INTERNAL = "internal", _("Between processes")
        PRODUCT = "product", _("Product")
        BYPRODUCT = "byproduct", _("By-product that is sold")
        LOSS = "loss", _("Loss")
        EMISSION = "emission", _("Emission")
        RECYCLE = "recycle", _("Recycled")
        OPEN = "open", _("Not chosen yet")  # leaves the system, and nobody said as what

    name = models.CharField(_("name"), max_length=120)
    source = models.ForeignKey(
        Process, models.PROTECT, null=True, blank=True, related_name="outflows", verbose_name=_("comes from")
    )
    target = models.ForeignKey(
        Process, models.PROTECT, null=True, blank=True, related_name="inflows", verbose_name=_("goes to")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.MATERIAL)
    use = models.CharField(_("what it is for"), max_length=10, choices=Use, default=Use.INTERNAL)
    unit = models.CharField(_("unit"), max_length=16, default=MASS_UNIT)
    layers = models.CharField(_("substances it carries"), max_length=120, blank=True)  # "Cr,Ni"; "-goods"
    price = models.DecimalField(_("price of a unit"), max_digits=20, decimal_places=4, null=True, blank=True)
    price_layer = models.CharField(_("priced by"), max_length=12, blank=True)  # "" by its own quantity
    price_secret = models.BooleanField(_("the price is confidential"), default=False)
    secret = models.BooleanField(_("the quantity is confidential"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta(FlowRow.Meta):
        verbose_name = _("stream")
        verbose_name_plural = _("streams")
        constraints = [
            models.UniqueConstraint("assessment", "code", name="flow_stream_code_once"),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(target__isnull=True) | ~Q(source=models.F("target")),
                name="flow_stream_goes_on",
            ),
        ]

    @property
    def is_loss(self) -> bool:
        """Whether it is bought or made and not sold: thrown away, or taken back into a process."""
        return self.use in (self.Use.LOSS, self.Use.EMISSION, self.Use.RECYCLE)


class Layer(FlowRow):
    """A substance whose balance is held besides that of mass: chromium, moisture, COD."""

    name = models.CharField(_("name"), max_length=120)

    class Meta(FlowRow.Meta):
        verbose_name = _("substance")
        verbose_name_plural = _("substances")
        constraints = [models.UniqueConstraint("assessment", "code", name="flow_layer_code_once")]


class Reading(OfLayer, FlowRow):
    """A value somebody read, over a month or the whole period, with its uncertainty as it was given."""

    class Spread(models.TextChoices):
        ABSOLUTE = "abs", _("± in the unit")
        PERCENT = "pct", _("% of the value")
        CLASS = "class", _("accuracy class of the meter")

    class SpreadAt(models.TextChoices):
        STANDARD = "sd", _("one standard deviation")
        WIDE = "95", _("95 %: 1.96 standard deviations")

    class Source(models.TextChoices):
        METER = "meter", _("Meter")
        BILL = "bill", _("Bill or stock book")
        WEIGHING = "weighing", _("Weighing")
        LABORATORY = "lab", _("Laboratory")
        CALCULATION = "calc", _("Calculation")
        ESTIMATE = "estimate", _("Estimate")

    period = models.CharField(_("month"), max_length=7, blank=True)  # "2025-03"; "" the whole period
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=9)
    unit = models.CharField(_("unit"), max_length=16)
    spread_kind = models.CharField(
        _("uncertainty given as"), max_length=5, choices=Spread, default=Spread.PERCENT
    )
    spread = models.DecimalField(_("uncertainty"), max_digits=24, decimal_places=9, default=5)
    spread_at = models.CharField(
        _("uncertainty stands for"), max_length=2, choices=SpreadAt, default=SpreadAt.STANDARD
    )
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.METER)
    meter = models.CharField(_("meter or document"), max_length=120, blank=True)
    evidence = models.CharField(_("evidence"), max_length=255, blank=True)

    class Meta(FlowRow.Meta):
        abstract = True


class Measurement(Reading):
    """One value known of a stream: how much ran, or how much of a substance was in it."""

    class What(models.TextChoices):
        FLOW = "flow", _("Quantity")
        CONTENT = "content", _("Content")

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="measurements", verbose_name=_("stream"))
    what = models.CharField(_("kind"), max_length=8, choices=What, default=What.FLOW)
    # the monthly records it is the sum of, as they were (services/flow/record_link.py); empty where it was typed
    records = models.JSONField(_("monthly records"), default=dict, blank=True)

    class Meta(FlowRow.Meta):
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        constraints = [
            models.UniqueConstraint("assessment", "code", name="flow_measurement_code_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="flow_measurement_not_negative"),
            models.CheckConstraint(condition=Q(spread__gte=0), name="flow_spread_not_negative"),
        ]


class StockLevel(OfResource, Reading):
    """How much lay in the stock of a process: at the beginning, at the end, or at the end of a month.

    A process with such a row has a stock: what goes in need not come out in the same period.
    """

    class Moment(models.TextChoices):
        OPENING = "opening", _("At the beginning of the period")
        CLOSING = "closing", _("At the end of the period or month")

    process = models.ForeignKey(
        Process, models.PROTECT, related_name="stock_levels", verbose_name=_("process")
    )
    moment = models.CharField(_("when"), max_length=8, choices=Moment, default=Moment.CLOSING)

    class Meta(FlowRow.Meta):
        verbose_name = _("stock")
        verbose_name_plural = _("stocks")
        constraints = [
            models.UniqueConstraint("assessment", "code", name="flow_stock_code_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="flow_stock_not_negative"),
            models.CheckConstraint(condition=Q(spread__gte=0), name="flow_stock_spread_not_negative"),
        ]


class TransferShare(OfLayer, FlowRow):
    """Which share of all that flows into a process leaves it by this stream: a transfer coefficient.

    Known from the supplier, a handbook or an earlier test; left empty, the balance finds it where it can.
    """

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="shares", verbose_name=_("stream"))
    share = models.DecimalField(_("share (%)"), max_digits=9, decimal_places=6, null=True, blank=True)
    spread = models.DecimalField(
        _("standard uncertainty (percentage points)"), max_digits=9, decimal_places=6, default=1
    )
    source = models.CharField(_("where it is from"), max_length=255, blank=True)

    class Meta(FlowRow.Meta):
        verbose_name = _("transfer coefficient")
        verbose_name_plural = _("transfer coefficients")
        constraints = [
            models.UniqueConstraint("assessment", "code", name="flow_share_code_once"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__range=(0, 100)), name="flow_share_of_a_whole"
            ),
            models.CheckConstraint(condition=Q(spread__gte=0), name="flow_share_spread_not_negative"),
        ]


class Cause(FlowRow):
    """Why a stream is lost: a bone of the fishbone; a cause of a cause answers the next "why?"."""

    class Branch(models.TextChoices):
        MATERIAL = "material", _("Materials")
        MACHINE = "machine", _("Equipment")
        METHOD = "method", _("Method and operation")
        PEOPLE = "people", _("People")
        MEASUREMENT = "measurement", _("Measurement and control")
        SURROUNDINGS = "surroundings", _("Surroundings")

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="causes", verbose_name=_("stream"))
    branch = models.CharField(_("group of causes"), max_length=12, choices=Branch, default=Branch.METHOD)
    because = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="deeper", verbose_name=_("cause of")
    )
    name = models.CharField(_("cause"), max_length=255)
    is_root = models.BooleanField(_("root cause: something can be done about it"), default=False)

    class Meta(FlowRow.Meta):
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        constraints = [models.UniqueConstraint("assessment", "code", name="flow_cause_code_once")]
