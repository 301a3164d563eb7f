"""Plans, their targets and the results of each year."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet
from sachhon.apps.registry.models.facility import TriState


class Plan(models.Model):
    """A decision or plan that sets targets for some years (a copy of the reference table, or the province's own)."""

    SCOPE = Scope(province="province_code")

    code = models.CharField(max_length=48, unique=True)
    name_vi = models.CharField(max_length=255)
    name_en = models.CharField(max_length=255, blank=True)
    document = models.CharField(max_length=255)
    province_code = models.CharField(max_length=2, blank=True)  # blank: the whole country
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=512, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-first_year", "code"]

    def __str__(self) -> str:
        return self.name_vi


class Target(models.Model):
    """One target: value, direction, year, who counts and how a facility is judged. All of it is data."""

    class Indicator(models.TextChoices):
        AWARE = "aware", _("Aware of cleaner production")
        APPLYING = "applying", _("Applying cleaner production")
        SAVING = "saving", _("Saving per unit of product of those applying")
        CP_UNIT = "cp_unit", _("Having a cleaner production unit")

    SCOPE = Scope(province="plan__province_code")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets")
    code = models.CharField(max_length=64, unique=True)
    indicator = models.CharField(max_length=10, choices=Indicator)
    low = models.DecimalField(max_digits=9, decimal_places=3)
    high = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    unit = models.CharField(max_length=8, default="%")
    year = models.PositiveSmallIntegerField()
    denominator_rule = models.CharField(max_length=32)
    judging_rule = models.CharField(max_length=64)
    source = models.CharField(max_length=255)
    confidence = models.CharField(max_length=16)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["plan", "pk"]

    def __str__(self) -> str:
        return self.code


class FacilityStanding(models.Model):
    """How a facility is judged in one year: yes, no or unknown for each question, by which rule, on what evidence."""

    SCOPE = Scope(facility="facility")

    facility = models.ForeignKey("registry.Facility", models.CASCADE, related_name="standings")
    year = models.PositiveSmallIntegerField()
    aware = models.CharField(max_length=8, choices=TriState, default=TriState.UNKNOWN)
    applying = models.CharField(max_length=8, choices=TriState, default=TriState.UNKNOWN)
    cp_unit = models.CharField(max_length=8, choices=TriState, default=TriState.UNKNOWN)
    # {"aware": {"rule": code, "version": n, "because_vi": …, "because_en": …, "source": "report:123"}, …}
    evidence = models.JSONField(default=dict)
    judged_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing of a facility")
        verbose_name_plural = _("standings of facilities")
        constraints = [models.UniqueConstraint("facility", "year", name="standing_once_a_year")]
        indexes = [models.Index("year", name="standing_year")]

    def __str__(self) -> str:
        return f"{self.facility} {self.year}"


class TargetResult(models.Model):
    """How far a target is met in a province and year: estimate, interval, coverage; recomputed, never typed."""

    class Met(models.TextChoices):
        YES = "yes", _("Met")
        NO = "no", _("Not met")
        UNCLEAR = "unclear", _("Cannot be told yet")

    SCOPE = Scope(province="province_code")

    target = models.ForeignKey(Target, models.CASCADE, related_name="results")
    province_code = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    estimate = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    low = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    met = models.CharField(max_length=8, choices=Met)
    gap_facilities = models.PositiveIntegerField(null=True)
    figure = models.ForeignKey("registry.Figure", models.SET_NULL, null=True, related_name="+")
    computed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of a target")
        verbose_name_plural = _("results of targets")
        constraints = [
            models.UniqueConstraint("target", "province_code", "year", name="target_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.year}"
