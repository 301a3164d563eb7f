"""What was chosen: a portfolio as it was decided."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.models.assessment import Assessment
from sachhon.apps.people.scope import Scope, ScopedQuerySet


class Portfolio(models.Model):
    """A decision: these options, within this budget, for these reasons; kept as it was when taken."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="portfolios")
    budget_vnd = models.BigIntegerField(null=True, validators=[MinValueValidator(0)])
    aim = models.CharField(max_length=16)  # "value" or a saving ("co2_t", "toe")
    # [{"option": pk, "number", "name", "version", "in": bool, "reason_vi", "reason_en"}]
    rows = models.JSONField(default=list)
    totals = models.JSONField(default=dict)  # {"value", "cost", "toe", "co2_t"}
    facts = models.JSONField(default=list)
    function_version = models.CharField(max_length=32)
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of solutions")
        verbose_name_plural = _("choices of solutions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.assessment} {self.decided_at:%Y-%m-%d}"
