"""The start of a detailed assessment: what it is to reach and who stands for it, the meters, the plan with dates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.models.flow import FlowRow


class Charter(FlowRow):
    """What management commits itself to: scope, aims, and who signs."""

    scope = models.TextField(_("scope: what is looked at and what is not"), blank=True)
    goal = models.TextField(_("aims"), blank=True)
    signer_title = models.CharField(_("who signs: office"), max_length=120, blank=True)
    signer = models.CharField(_("who signs: name"), max_length=120, blank=True)

    class Meta(FlowRow.Meta):
        verbose_name = _("charter")
        verbose_name_plural = _("charters")
        constraints = [models.UniqueConstraint("assessment", "code", name="start_charter_code_once")]


class Meter(FlowRow):
    """A meter or scale the assessment relies on."""

    name = models.CharField(_("meter"), max_length=120)
    place = models.CharField(_("where it is"), max_length=120, blank=True)
    measures = models.CharField(_("what it measures"), max_length=120, blank=True)
    accuracy = models.DecimalField(_("accuracy class"), max_digits=6, decimal_places=3, null=True, blank=True)
    calibrated_on = models.DateField(_("last calibrated"), null=True, blank=True)

    class Meta(FlowRow.Meta):
        verbose_name = _("meter")
        verbose_name_plural = _("meters")
        constraints = [models.UniqueConstraint("assessment", "code", name="start_meter_code_once")]


class PlanTask(FlowRow):
    """One of the method's tasks, or one of their own, with who does it and when."""

    name = models.CharField(_("task"), max_length=255)
    person = models.CharField(_("who does it"), max_length=120, blank=True)
    starts = models.DateField(_("from day"), null=True, blank=True)
    ends = models.DateField(_("to day"), null=True, blank=True)
    done = models.BooleanField(_("done"), default=False)

    class Meta(FlowRow.Meta):
        verbose_name = _("task of the plan")
        verbose_name_plural = _("tasks of the plan")
        constraints = [models.UniqueConstraint("assessment", "code", name="start_task_code_once")]
