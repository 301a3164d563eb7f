"""Reminders sent to factories about a report that is due."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet


class Reminder(models.Model):
    """One reminder sent: the offset in days tells which of the series it was; each is sent once."""

    SCOPE = Scope(facility="facility")

    facility = models.ForeignKey("registry.Facility", models.CASCADE, related_name="reminders")
    year = models.PositiveSmallIntegerField()
    offset_days = models.SmallIntegerField(null=True)  # −30 … +30 from the deadline; null: sent by hand
    sent_to = models.EmailField()
    sent_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "year", "offset_days"],
                condition=models.Q(offset_days__isnull=False),
                name="reminder_once_a_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.year}"
