"""One assessment of a facility, quick or detailed, who works on it, and what is said about it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.models import Role
from sachhon.apps.people.scope import Scope, ScopedQuerySet


class Kind(models.TextChoices):
    """How deep it goes: half a day on site, or the six steps over some months."""

    QUICK = "quick", _("Quick assessment")
    DETAILED = "detailed", _("Detailed assessment")


class AssessmentState(models.TextChoices):
    """Where an assessment stands; services/workflow.py holds the table of transitions."""

    REQUESTED = "requested", _("Requested")
    UNDERWAY = "underway", _("Under way")
    IN_REVIEW = "in_review", _("In review")
    SIGNED = "signed", _("Signed off")
    CANCELLED = "cancelled", _("Cancelled")


class AssessmentQuerySet(ScopedQuerySet):
    """Who may see an assessment, and who may work on it."""

    def editable_by(self, user):
        """Those that are open and that `user` works on: as a member, or as the factory that does its own."""
        open_ones = self.visible_to(user).filter(state=AssessmentState.UNDERWAY)
        mine = Q(pk__in=Member.objects.filter(user=user).values("assessment"))
        if user.role == Role.FACTORY:
            mine |= Q(by_factory=True)
        return open_ones.filter(mine)


class Assessment(models.Model):
    """One facility, one visit or project. A detailed one may follow a quick one."""

    SCOPE = Scope(facility="facility")
    NAMED_IN_WORDS = True

    facility = models.ForeignKey("registry.Facility", models.PROTECT, related_name="assessments")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(
        _("state"), max_length=10, choices=AssessmentState, default=AssessmentState.REQUESTED, db_index=True
    )
    by_factory = models.BooleanField(_("done by the factory itself"), default=False)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followed_by")
    reason = models.TextField(_("reason or request"), blank=True)
    data_from = models.DateField(_("figures from"))
    data_to = models.DateField(_("figures to"))
    visit_on = models.DateField(_("day of the visit"), null=True, blank=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="led_assessments"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)  # rises with every change of the row

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(data_to__gte=F("data_from")), name="assessment_period_forward")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.facility.name}"


class Member(models.Model):
    """A person who works on an assessment."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    duty = models.CharField(_("task in the team"), max_length=255, blank=True)
    since = models.DateField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the team")
        verbose_name_plural = _("members of the team")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("assessment", "user", name="assessment_member_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.assessment}"


class Comment(models.Model):
    """What a person says about an assessment, or about one place in it ("stream:S7", "option:12")."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="comments")
    place = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(_("comment"), max_length=4000)
    settled_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.text[:60]}"
