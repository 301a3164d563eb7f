"""Technologies that exclude each other, side by side: weighted criteria, hard limits, figures, what was chosen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.models.assessment import Assessment
from sachhon.apps.assessment.models.judged import Judged


class Comparison(Judged):
    """One choice of technology in an assessment: {"a1": {"name", "option": number of an option or None}}."""

    LETTERS = "SS"

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="comparisons")
    name = models.CharField(_("what is chosen"), max_length=255)
    purpose = models.TextField(_("what it has to do"), blank=True, max_length=2000)
    # {"c1": {"name", "kind", "unit", "figure", "more", "weight", "least", "most", "low", "high"}}: numbers as text
    criteria = models.JSONField(_("criteria"), default=dict, blank=True)
    # {"a1:c2": {"value": "12.5", "source": "quotation 3/2026"}}
    cells = models.JSONField(_("figures of the alternatives"), default=dict, blank=True)
    decided = models.JSONField(default=dict, editable=False)  # the result as it was when chosen

    class Meta(Judged.Meta):
        verbose_name = _("choice of technology")
        verbose_name_plural = _("choices of technology")
        constraints = [models.UniqueConstraint("assessment", "number", name="comparison_number_once")]
