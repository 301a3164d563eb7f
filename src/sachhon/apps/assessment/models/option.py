"""One option of an assessment, from the idea to the verified saving, and every change of it.

What belongs together is changed together: an option has one version, and each change is kept field by field
(`RowChange`), so that two people's changes can be merged and the whole history of a plan be read. Amounts of
money are whole dong, quantities decimals as text in the unit of their resource.
"""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sachhon.apps.assessment.models.assessment import Assessment
from sachhon.apps.people.scope import Scope, ScopedQuerySet


class Origin(models.TextChoices):
    """Where an option came from."""

    CAUSE = "cause", _("From a cause or a stream")
    LIBRARY = "library", _("From the library")
    EQUIPMENT = "equipment", _("From an equipment calculator")
    IDEA = "idea", _("Own idea")


class Screening(models.TextChoices):
    """What is done with an option after the first look."""

    OPEN = "open", _("Not screened")
    DO_NOW = "do_now", _("Do now")
    STUDY = "study", _("Study further")
    DROP = "drop", _("Drop")


class OptionState(models.TextChoices):
    """How far an option is; services/plan.py holds the table of transitions."""

    IDEA = "idea", _("Idea")
    STUDIED = "studied", _("Studied")
    CHOSEN = "chosen", _("Chosen")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")
    VERIFIED = "verified", _("Verified")
    DROPPED = "dropped", _("Dropped")


class Option(models.Model):
    """A measure that the team looks at, numbered within its assessment (GP-01 …)."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("solution"), max_length=255)
    group = models.CharField(_("group"), max_length=32)  # code of one of the eight
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.IDEA)
    origin_code = models.CharField(max_length=64, blank=True)  # "BLR-03@2", "stream:S7", "run:12"
    origin_facts = models.JSONField(default=dict, blank=True)  # what the library said when it was taken
    place = models.CharField(_("where"), max_length=255, blank=True)
    cause = models.CharField(_("cause"), max_length=512, blank=True)
    description = models.TextField(_("description"), blank=True, max_length=4000)
    screening = models.CharField(_("screening"), max_length=8, choices=Screening, default=Screening.OPEN)
    screening_reason = models.CharField(_("reason of the screening"), max_length=512, blank=True)
    confidential = models.BooleanField(_("trade secret of the factory"), default=False)
    # {resource code: {"low", "likely", "high", "price_vnd"}}: units saved a year (negative: more is used)
    savings = models.JSONField(_("saving a year"), default=dict, blank=True)
    # money and study, as services/sheets.py has them; each key is merged on its own
    economic = models.JSONField(_("economic sheet"), default=dict, blank=True)
    technical = models.JSONField(_("technical sheet"), default=dict, blank=True)
    environmental = models.JSONField(_("environmental sheet"), default=dict, blank=True)
    excludes = models.CharField(
        _("only one of"), max_length=64, blank=True
    )  # options with the same word exclude each other
    needs = models.JSONField(_("needs first"), default=list, blank=True)  # numbers of options
    state = models.CharField(_("state"), max_length=12, choices=OptionState, default=OptionState.IDEA)
    state_reason = models.CharField(_("reason"), max_length=512, blank=True)
    responsible = models.CharField(
        pgettext_lazy("of a solution", "person in charge"), max_length=255, blank=True
    )
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("to be done by"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    budget_vnd = models.BigIntegerField(
        _("money set aside (VND)"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    spent_vnd = models.BigIntegerField(
        _("money spent (VND)"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    result = models.JSONField(
        default=dict, editable=False
    )  # appraisal as last computed (services/economics.py)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("solution of an assessment")
        verbose_name_plural = _("solutions of an assessment")
        ordering = ["assessment", "number"]
        constraints = [
            models.UniqueConstraint("assessment", "number", name="option_number_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="option_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def code(self) -> str:
        """As people call it: GP-01."""
        return f"GP-{self.number:02d}"

    @property
    def facility(self):
        return self.assessment.facility

    @property
    def priced(self) -> bool:
        """Whether somebody said what it costs, be it nothing; else what rests on the investment is not known."""
        return self.economic.get("investment_likely") not in (None, "")


class EquipmentRun(models.Model):
    """One run of an equipment calculator: what went in, every step, the ranges it relied on."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="runs")
    calculator = models.CharField(max_length=32)
    label = models.CharField(_("equipment"), max_length=255, blank=True)
    inputs = models.JSONField(default=dict)  # as typed, in the units of the form
    steps = models.JSONField(default=list)  # [{"name", "formula", "value", "unit"}]
    ranges = models.JSONField(default=list)  # [{"text", "holds"}]
    saving = models.JSONField(default=dict)  # {"resource", "low", "likely", "high"}
    facts = models.JSONField(default=list)  # reference facts used
    source = models.CharField(max_length=512)
    function = models.CharField(max_length=160)
    function_version = models.CharField(max_length=32)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of a calculator")
        verbose_name_plural = _("runs of calculators")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.calculator} {self.label}".strip()


class RowChange(models.Model):
    """One person's change of one row of an assessment, field by field; the row had `version` afterwards."""

    SCOPE = Scope(facility="assessment__facility")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="row_changes")
    row = models.CharField(max_length=64, db_index=True)  # "option:12", "verification:3"
    version = models.PositiveIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=512, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("change in an assessment")
        verbose_name_plural = _("changes in an assessment")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint("row", "version", name="row_change_once")]

    def __str__(self) -> str:
        return f"{self.row} v{self.version}"
