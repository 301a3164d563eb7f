"""A factory's consent to a verified option being told without its name, and the case that was made of it.

Only this room knows which factory a case of the library is of; the library does not.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.models.option import Option
from sachhon.apps.people.scope import Scope, ScopedQuerySet


class LessonConsent(models.Model):
    """One consent, given and perhaps withdrawn; none is taken for granted, and a new one is a new row."""

    SCOPE = Scope(facility="option__assessment__facility")

    option = models.ForeignKey(Option, models.CASCADE, related_name="consents")
    person = models.CharField(_("who of the factory consents"), max_length=255)
    position = models.CharField(_("position"), max_length=255)
    paper = models.CharField(_("signed paper (number, day)"), max_length=255, blank=True)
    given_on = models.DateField(_("consented on"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_by_name = models.CharField(max_length=255)
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=255, blank=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=512, blank=True)
    case = models.CharField(_("case of the library"), max_length=48, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to a case")
        verbose_name_plural = _("consents to cases")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["option"], condition=Q(withdrawn_at=None), name="lesson_consent_once"
            ),
            models.UniqueConstraint(fields=["case"], condition=~Q(case=""), name="lesson_case_once"),
        ]

    def __str__(self) -> str:
        return f"{self.option} – {self.person}"

    @property
    def facility(self):
        return self.option.assessment.facility
