"""Who changed what in a flow-sheet, and each balance that was drawn of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet


class FlowAct(models.Model):
    """One thing a person did: a move, a paste of forty readings, an undo. It is undone as a whole."""

    class State(models.TextChoices):
        DONE = "done"
        UNDONE = "undone"  # can be done again
        GONE = "gone"  # undone, and something new was done since

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey("assessment.Assessment", models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)
    at = models.DateTimeField(auto_now_add=True)
    takes_back = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")  # an undo or a redo
    state = models.CharField(max_length=6, choices=State, default=State.DONE)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.by_name}, {self.at:%Y-%m-%d %H:%M}"


class FlowChange(models.Model):
    """The fields of one row before and after an act. Its key is the place in the sequence that pages ask from."""

    SCOPE = Scope(facility="act__assessment__facility")

    act = models.ForeignKey(FlowAct, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=12)
    row = models.PositiveBigIntegerField()
    version = models.PositiveIntegerField()  # of the row, after the change
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "row", "version"], name="flow_change_of_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row} v{self.version}"


class Reconciliation(models.Model):
    """A balance as it was drawn: what was found for each stream, and of which state of the flow-sheet."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey("assessment.Assessment", models.CASCADE, related_name="reconciliations")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)
    until = models.PositiveBigIntegerField(default=0)  # the last FlowChange it knows of
    content = models.JSONField()  # services/flow/balance.py: Balance.as_json
    costs = models.JSONField(null=True)  # services/flow/costs.py, once asked for

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.assessment}, {self.at:%Y-%m-%d %H:%M}"
