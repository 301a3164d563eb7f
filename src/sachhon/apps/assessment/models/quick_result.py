"""The figures a quick assessment rests on, what was computed of them, and what became of its advice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon.apps.people.scope import Scope, ScopedQuerySet


class TypedFigure(models.Model):
    """A figure of the period read from a bill or a book on site; it goes before the monthly records."""

    SCOPE = Scope(facility="sheet__assessment__facility")

    sheet = models.ForeignKey("assessment.QuickSheet", models.CASCADE, related_name="typed")
    resource = models.ForeignKey("registry.Resource", models.PROTECT, null=True, blank=True)
    product = models.ForeignKey("registry.Product", models.PROTECT, null=True, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6, null=True, blank=True)
    cost_vnd = models.BigIntegerField(_("cost (VND)"), null=True, blank=True)
    by_name = models.CharField(max_length=255)
    at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("typed figure")
        verbose_name_plural = _("typed figures")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resource=None, product__isnull=False) | Q(resource__isnull=False, product=None),
                name="quick_figure_of_one_thing",
            ),
            models.CheckConstraint(
                condition=(Q(quantity=None) | Q(quantity__gte=0)) & (Q(cost_vnd=None) | Q(cost_vnd__gte=0)),
                name="quick_figure_not_negative",
            ),
            models.UniqueConstraint("sheet", "resource", name="quick_figure_once_a_resource"),
            models.UniqueConstraint("sheet", "product", name="quick_figure_once_a_product"),
        ]

    def __str__(self) -> str:
        return f"{self.resource or self.product}: {self.quantity}"


class QuickResult(models.Model):
    """What was computed last, with a fingerprint of what went in; of a signed assessment it is never computed again."""

    SCOPE = Scope(facility="sheet__assessment__facility")

    sheet = models.OneToOneField("assessment.QuickSheet", models.CASCADE, related_name="result")
    fingerprint = models.CharField(
        max_length=64
    )  # of answers, figures, library: another one, and it is computed anew
    content = models.JSONField(default=dict)
    computed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of a quick assessment")
        verbose_name_plural = _("results of quick assessments")

    def __str__(self) -> str:
        return f"{self.sheet}: {self.computed_at:%d/%m/%Y %H:%M}"


class OptionReply(models.Model):
    """What the factory says about one of the options it was advised to look at."""

    class Reply(models.TextChoices):
        WILL_DO = "will_do", _("Will do")
        CONSIDER = "consider", _("Will look into it")
        NOT_FIT = "not_fit", _("Does not fit")

    SCOPE = Scope(facility="sheet__assessment__facility")

    sheet = models.ForeignKey("assessment.QuickSheet", models.CASCADE, related_name="option_replies")
    option = models.CharField(max_length=32)
    reply = models.CharField(_("reply"), max_length=8, choices=Reply)
    note = models.TextField(_("reason or remark"), max_length=2000, blank=True)
    by_name = models.CharField(max_length=255)
    at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply to an option")
        verbose_name_plural = _("replies to options")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("sheet", "option", name="quick_reply_once_an_option")]

    def __str__(self) -> str:
        return f"{self.option}: {self.reply}"


class FollowUp(models.Model):
    """What was carried out of the advice, 3, 6 or 12 months after the signature."""

    class Done(models.TextChoices):
        NOT_BEGUN = "not_begun", _("Has not begun")
        UNDER_WAY = "under_way", _("Is being carried out")
        CARRIED_OUT = "carried_out", _("Has been carried out")
        GIVEN_UP = "given_up", _("Was given up")

    SCOPE = Scope(facility="sheet__assessment__facility")

    sheet = models.ForeignKey("assessment.QuickSheet", models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField(_("months after"))
    states = models.JSONField(default=dict)  # {option: {"state": .., "note": ..}}
    note = models.TextField(_("remark"), max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=255)
    at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["sheet", "months"]
        constraints = [
            models.UniqueConstraint("sheet", "months", name="quick_follow_up_once"),
            models.CheckConstraint(condition=Q(months__in=(3, 6, 12)), name="quick_follow_up_3_6_12"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} + {self.months}"
