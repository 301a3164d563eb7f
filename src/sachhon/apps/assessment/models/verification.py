"""How a saving is measured and verified, and the signatures under the six steps."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.models.assessment import Assessment
from sachhon.apps.assessment.models.option import Option
from sachhon.apps.people.scope import Scope, ScopedQuerySet


class VerificationState(models.TextChoices):
    """What an expert said of a measured saving."""

    PLANNED = "planned", _("Planned")
    COMPUTED = "computed", _("Computed, not judged")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Not verified")


class Verification(models.Model):
    """One resource of the facility, baseline months against report months, for one option or the whole assessment."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="verifications")
    options = models.ManyToManyField(Option, related_name="verifications")
    resource = models.ForeignKey("registry.Resource", models.PROTECT, verbose_name=_("resource"))
    meter = models.CharField(_("meter"), max_length=255, blank=True)
    who = models.CharField(_("who reads it"), max_length=255, blank=True)
    how_often = models.CharField(_("how often"), max_length=255, blank=True)
    baseline_from = models.DateField(_("baseline from"))
    baseline_to = models.DateField(_("baseline to"))
    report_from = models.DateField(_("report from"))
    report_to = models.DateField(_("report to"))
    confidence = models.PositiveSmallIntegerField(_("confidence (%)"), default=90)
    state = models.CharField(max_length=10, choices=VerificationState, default=VerificationState.PLANNED)
    result = models.JSONField(default=dict)  # as services/verification_result.py computed it
    figure = models.ForeignKey("registry.Figure", models.SET_NULL, null=True, related_name="+")
    note = models.TextField(_("what the expert says"), blank=True, max_length=4000)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification of a saving")
        verbose_name_plural = _("verifications of savings")
        ordering = ["assessment", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(baseline_to__gte=F("baseline_from"))
                & Q(report_to__gte=F("report_from"))
                & Q(report_from__gt=F("baseline_to")),
                name="verification_baseline_before_report",
            ),
            models.CheckConstraint(
                condition=Q(confidence__range=(50, 99)), name="verification_confidence_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.report_from:%m/%Y}–{self.report_to:%m/%Y}"

    @property
    def facility(self):
        return self.assessment.facility


class StepSign(models.Model):
    """The lead's signature under one of the six steps, with what was signed; taken back, it is kept with the reason."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="step_signs")
    step = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=512, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)
    of = models.JSONField(
        default=dict
    )  # part → digest of the state that was signed (services/fingerprint.py)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=255, blank=True)
    withdrawn_reason = models.CharField(max_length=512, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature under a step")
        verbose_name_plural = _("signatures under steps")
        ordering = ["step", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(step__range=(1, 6)), name="step_sign_one_to_six"),
            models.UniqueConstraint(
                fields=["assessment", "step"], condition=Q(withdrawn_at=None), name="step_signed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} – {self.step}"
