"""A facility: one site of an enterprise, its yearly size, and who was assigned to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.models import Organisation
from sachhon.apps.people.scope import Scope, ScopedQuerySet
from sachhon.reference.collation import sort_key
from sachhon.reference.text import fold


class TriState(models.TextChoices):
    """Yes, no, or not known: never a guess."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Unknown")


class Facility(models.Model):
    """One industrial production site."""

    class Status(models.TextChoices):
        OPERATING = "operating", _("Operating")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")

    class LicenceGroup(models.TextChoices):
        I = "I", _("Group I")  # noqa: E741 - the law's own name
        II = "II", _("Group II")
        III = "III", _("Group III")
        IV = "IV", _("Group IV")
        UNKNOWN = "unknown", _("Unknown")

    SCOPE = Scope(facility="")

    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=255)
    search_key = models.CharField(max_length=600, editable=False)
    sort_key = models.CharField(max_length=240, editable=False, default="")
    tax_code = models.CharField(_("tax code"), max_length=14, blank=True, db_index=True)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, related_name="facilities", verbose_name=_("enterprise")
    )
    sector = models.ForeignKey(
        "registry.Sector", models.PROTECT, null=True, blank=True, verbose_name=_("sector")
    )
    trade = models.ForeignKey("registry.Trade", models.PROTECT, verbose_name=_("trade"))
    province_code = models.CharField(_("province"), max_length=2, db_index=True)
    area = models.ForeignKey(
        "registry.Area", models.PROTECT, related_name="facilities", verbose_name=_("commune")
    )
    address = models.CharField(_("address"), max_length=255, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.OPERATING, db_index=True
    )
    started_on = models.DateField(_("in operation since"), null=True, blank=True)
    # When it was entered here: where nobody knows since when it operates, it is not looked for in earlier years.
    registered_on = models.DateField(null=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=255, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=32, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    licence_group = models.CharField(
        _("environmental licence group"), max_length=8, choices=LicenceGroup, default=LicenceGroup.UNKNOWN
    )
    key_energy_user = models.CharField(
        _("key energy user"), max_length=8, choices=TriState, default=TriState.UNKNOWN
    )
    has_potential = models.CharField(
        _("has potential for cleaner production"), max_length=8, choices=TriState, default=TriState.UNKNOWN
    )
    size_class = models.CharField(
        _("size"), max_length=8, default="unknown", editable=False
    )  # of the latest year
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["code"]
        # Each way of narrowing the list, with the order of the list behind it.
        indexes = [
            models.Index(
                fields=[*first, "province_code", *rest],
                condition=Q(merged_into=None),
                name=f"facility_by_{name}",
            )
            for name, first, rest in (
                ("code", [], ["code"]),
                ("name", [], ["sort_key", "code"]),
                ("trade", ["trade"], ["code"]),
                ("area", ["area"], ["code"]),
                ("size", ["size_class"], ["code"]),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Fills what is searched and sorted by; bulk writes call it themselves."""
        self.search_key = fold(" ".join([self.code, self.name, self.tax_code, self.address]))[:600]
        self.sort_key = sort_key(self.name)[:240]


class FacilityYear(models.Model):
    """What decides the size class in one year. The class itself is computed by the rule valid then."""

    SCOPE = Scope(facility="facility")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    revenue_vnd = models.BigIntegerField(_("revenue (VND)"), null=True, blank=True)
    capital_vnd = models.BigIntegerField(_("capital (VND)"), null=True, blank=True)
    size_class = models.CharField(_("size"), max_length=8, default="unknown", editable=False, db_index=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly figures of a facility")
        verbose_name_plural = _("yearly figures of facilities")
        ordering = ["facility", "-year"]
        constraints = [
            models.UniqueConstraint("facility", "year", name="facility_year_once"),
            models.CheckConstraint(
                condition=(Q(revenue_vnd__isnull=True) | Q(revenue_vnd__gte=0))
                & (Q(capital_vnd__isnull=True) | Q(capital_vnd__gte=0)),
                name="facility_year_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.year}"


class Assignment(models.Model):
    """An expert (or consultant) given access to one facility."""

    SCOPE = Scope(facility="facility")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="assignments")
    since = models.DateField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [models.UniqueConstraint("user", "facility", name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.facility}"
