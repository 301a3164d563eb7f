"""The lists a facility is described with: areas, sectors, trades, resources, and its own products.

Areas, sectors, trades and resources are copies of `sachhon.reference` (kept by ``services.catalogue``), so
that the database can join on them; products belong to a facility.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet
from sachhon.reference.text import fold


class Named(models.Model):
    """Something with a Vietnamese and an English name, found by either without tone marks."""

    name_vi = models.CharField(_("name (Vietnamese)"), max_length=255)
    name_en = models.CharField(_("name (English)"), max_length=255, blank=True)
    search_key = models.CharField(max_length=512, editable=False, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi

    def save(self, *args, **kwargs):
        self.search_key = fold(f"{self.name_vi} {self.name_en}")[:512]
        super().save(*args, **kwargs)


class Area(Named):
    """A province, district or commune while it existed. Codes were reused in 2025; ``key`` never is."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("Province")
        DISTRICT = "district", _("District")
        COMMUNE = "commune", _("Commune")

    key = models.CharField(max_length=16, unique=True)  # "06037@2025"
    code = models.CharField(max_length=5, db_index=True)
    level = models.CharField(max_length=8, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    province_code = models.CharField(max_length=2, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, related_name="predecessors")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["code", "valid_from"]


class Sector(Named):
    """A class of the Vietnamese standard industrial classification (VSIC)."""

    code = models.CharField(max_length=5, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["code"]


class Trade(Named):
    """A trade of the province as officers speak of it (brick, quarry, rosin…): the peer group of a factory."""

    code = models.SlugField(max_length=32, unique=True)

    class Meta:
        verbose_name = _("trade")
        verbose_name_plural = _("trades")
        ordering = ["code"]


class Resource(Named):
    """Something consumed or given off: raw material, fuel, material, electricity, water, waste, emission."""

    class Kind(models.TextChoices):
        RAW_MATERIAL = "raw_material", _("Raw material")
        FUEL = "fuel", _("Fuel")
        MATERIAL = "material", _("Material")
        ELECTRICITY = "electricity", _("Electricity")
        WATER = "water", _("Water")
        HEAT = "heat", _("Heat")
        WASTE = "waste", _("Waste")
        EMISSION = "emission", _("Emission")

    code = models.SlugField(max_length=48, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, db_index=True)
    unit = models.CharField(_("unit"), max_length=16)

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["kind", "code"]


class Product(models.Model):
    """What one facility makes. The unit is the one its output is always stored in."""

    SCOPE = Scope(facility="facility")

    facility = models.ForeignKey("registry.Facility", models.CASCADE, related_name="products")
    name = models.CharField(_("name"), max_length=255)
    search_key = models.CharField(max_length=255, editable=False)
    unit = models.CharField(_("unit"), max_length=16)
    norm_weight = models.DecimalField(
        _("weight in the mix"),
        max_digits=12,
        decimal_places=6,
        default=1,
        help_text=_(
            "Consumption per unit relative to the main product, by design or norm; 1 when not known."
        ),
    )
    is_active = models.BooleanField(_("still made"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["facility", "pk"]
        constraints = [
            models.UniqueConstraint("facility", "search_key", name="product_name_once_per_facility"),
            models.CheckConstraint(condition=Q(norm_weight__gt=0), name="product_weight_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.search_key = fold(self.name)[:255]
        super().save(*args, **kwargs)
