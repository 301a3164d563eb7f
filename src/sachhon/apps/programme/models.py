"""How facilities stand and how far the targets of the plan in force are met, year by year.

Plans, targets and rules themselves are rows of `sachhon.reference`; here is only what was judged and computed.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet
from sachhon.apps.registry.models.facility import TriState


class FacilityStanding(models.Model):
    """How a facility is judged in one year: yes, no or unknown for each question, by which rule, on what evidence."""

    SCOPE = Scope(facility="facility")

    facility = models.ForeignKey("registry.Facility", models.CASCADE, related_name="standings")
    year = models.PositiveSmallIntegerField()
    aware = models.CharField(max_length=8, choices=TriState, default=TriState.UNKNOWN)
    applying = models.CharField(max_length=8, choices=TriState, default=TriState.UNKNOWN)
    cp_unit = models.CharField(max_length=8, choices=TriState, default=TriState.UNKNOWN)
    # {"aware": {"rule": "aware.v1", "version": 1, "reason": code, "params": {…}, "source": "report:123"}, …}
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
    """How far a target is met in a province and year: estimate, interval, coverage; recomputed, never typed.

    A target on savings has a row for each state of the savings (``basis``), because they are never added up;
    ``headline`` marks the one that is shown first. ``estimate``, ``low`` and ``high`` are in percent.
    """

    class Met(models.TextChoices):
        YES = "yes", _("Met")
        NO = "no", _("Not met")
        UNCLEAR = "unclear", _("Cannot be told yet")

    class Basis(models.TextChoices):
        STANDING = "", _("Standings of the facilities")
        VERIFIED = "verified", _("Verified savings")
        REPORTED = "reported", _("Reported savings")
        ESTIMATED = "estimated", _("Estimated savings")

    SCOPE = Scope(province="province_code")

    plan_code = models.CharField(max_length=48)
    target_code = models.CharField(max_length=64)
    basis = models.CharField(max_length=10, choices=Basis, blank=True, default=Basis.STANDING)
    headline = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)
    province_code = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    undecided = models.PositiveIntegerField(default=0)  # not known whether they belong to the denominator
    estimate = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    low = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    share = models.DecimalField(max_digits=12, decimal_places=4, null=True)  # of facilities, for a saving
    in_mean = models.PositiveIntegerField(
        null=True
    )  # for a saving: facilities whose energy is in the estimate
    probability = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    met = models.CharField(max_length=8, choices=Met)
    gap_facilities = models.PositiveIntegerField(null=True)
    figure = models.ForeignKey("registry.Figure", models.SET_NULL, null=True, related_name="+")
    # {"yes": [facility keys], "no": […], "unknown": […]}: who is behind the numbers; long, so read it alone
    members = models.JSONField(default=dict)
    computed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of a target")
        verbose_name_plural = _("results of targets")
        ordering = ["province_code", "-year", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["target_code", "basis", "province_code", "year"], name="target_result_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_code} {self.basis} {self.year}".replace("  ", " ")

    @property
    def unknown(self) -> int:
        """Facilities of the denominator of which nothing is known."""
        return self.denominator - self.known


class SectorResult(models.Model):
    """How far one sector of the country's plan is, in a province and year; recomputed, never typed.

    ``estimate``, ``low`` and ``high`` are of the fuel saved, in percent; ``numerator`` counts facilities with at least
    one raw material, fuel or material at the target, of the ``known`` ones.
    """

    SCOPE = Scope(province="province_code")

    plan_code = models.CharField(max_length=48)
    target_code = models.CharField(max_length=64)
    sector = models.CharField(max_length=32)
    basis = models.CharField(max_length=10, choices=TargetResult.Basis)
    order = models.PositiveSmallIntegerField(default=0)
    province_code = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    estimate = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    low = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    met = models.CharField(max_length=8, choices=TargetResult.Met)
    figure = models.ForeignKey("registry.Figure", models.SET_NULL, null=True, related_name="+")
    computed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of a sector")
        verbose_name_plural = _("results of sectors")
        ordering = ["province_code", "-year", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["target_code", "sector", "province_code", "year"], name="sector_result_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_code} {self.sector} {self.year}"
