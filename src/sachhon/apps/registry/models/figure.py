"""A derived figure with its lineage: the answer to "Số này từ đâu?"."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet
from sachhon.apps.registry.closed_costs import open_figures
from sachhon.apps.registry.figure_kinds import opened_to


class FigureQuerySet(ScopedQuerySet):
    """Who may see a figure: whom its place is shown to, and whose role may open the page it stands on."""

    def visible_to(self, user):
        """The figures of the user's places, of the kinds that their role may open."""
        rows = super().visible_to(user)
        return (
            rows.filter(opened_to(user), open_figures(user))
            if user is not None and user.is_authenticated
            else rows
        )


class Figure(models.Model):
    """A computed number, the formula with the numbers put in, and everything it was computed from.

    ``code`` is what a page's dotted underline, a document's footnote and ``sachhon explain`` use. Recomputing
    replaces the row; a figure of an issued report (``issued``) is a snapshot and is never changed.
    """

    class State(models.TextChoices):
        MEASURED = "measured", _("Measured")
        ESTIMATED = "estimated", _("Estimated")
        REPORTED = "reported", _("Reported")
        VERIFIED = "verified", _("Verified")
        DERIVED = "derived", _("Derived")

    SCOPE = Scope(
        province="province_code", enterprise="facility__enterprise", assigned="facility__assignments__user"
    )

    code = models.CharField(max_length=160, unique=True)
    label_vi = models.CharField(max_length=255)
    label_en = models.CharField(max_length=255)
    value = models.DecimalField(max_digits=30, decimal_places=9, null=True)
    unit = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DERIVED)
    low = models.DecimalField(max_digits=30, decimal_places=9, null=True)
    high = models.DecimalField(max_digits=30, decimal_places=9, null=True)
    # Probability in percent that low…high holds the value; null: from the least to the most that was entered.
    level = models.PositiveSmallIntegerField(null=True, default=95)
    formula = models.CharField(max_length=512, blank=True)
    # [{"symbol", "label_vi", "label_en", "value", "unit", "figure": code or null, "fact": code or null}, …]
    terms = models.JSONField(default=list)
    # {"count": n, "ids": [first few hundred], "query": {"facility": .., "year": .., ...}} of registry.Record; of a
    # figure that counts facilities also "facilities": [all it counts], "of_which": [those its term x counts]
    records = models.JSONField(default=dict)
    # [{"code", "value", "unit", "source", "valid_from", "confidence"}, …] as they were at computation
    facts = models.JSONField(default=list)
    function = models.CharField(max_length=160, blank=True)
    function_version = models.CharField(max_length=32, blank=True)
    note_vi = models.CharField(max_length=512, blank=True)
    note_en = models.CharField(max_length=512, blank=True)
    province_code = models.CharField(max_length=2, blank=True, db_index=True)
    facility = models.ForeignKey("registry.Facility", models.CASCADE, null=True, related_name="figures")
    issued = models.BooleanField(default=False)
    computed_at = models.DateTimeField(auto_now=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
