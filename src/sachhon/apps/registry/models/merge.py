"""The merging of duplicate facilities, kept open so that it can be looked into and undone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet


class FacilityMerge(models.Model):
    """One merge: which facility went into which, what was moved and what was chosen."""

    SCOPE = Scope(facility="kept")

    kept = models.ForeignKey("registry.Facility", models.CASCADE, related_name="merges")
    absorbed = models.ForeignKey("registry.Facility", models.CASCADE, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    # {"fields": {name: [old, new]}, "moved": {"registry.record": [ids], …}, "left": {…}}
    moves = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of facilities")
        verbose_name_plural = _("merges of facilities")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.kept}"
