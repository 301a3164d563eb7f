"""The annex of the detailed report: by which code each figure opens on the site, with formula, records and sources."""

from django.db.models import Q
from django.utils.translation import gettext as _

from sachhon.apps.assessment.documents.detailed.told import Told, decimal, told_table
from sachhon.apps.assessment.models import Comparison, Verification
from sachhon.apps.assessment.queries.options import is_closed
from sachhon.apps.registry.models import Figure
from sachhon.documents.compose import Block, Paragraph
from sachhon.documents.shapes import Column
from sachhon.reference.units import unit_label

OF_OPTION = ("npv", "saving", "payback")


def traced(told: Told) -> list[Block]:
    """A row a figure: those of the solutions, of the choices of technology, of what was verified."""
    options = [o.pk for o in told.options if not is_closed(told.user, o)]
    wanted = Q(code__in=[f"option:{pk}:{kind}" for pk in options for kind in OF_OPTION])
    for pk in Comparison.objects.filter(assessment=told.assessment).values_list("pk", flat=True):
        wanted |= Q(code__startswith=f"comparison:{pk}:")
    verified = Verification.objects.filter(assessment=told.assessment).exclude(figure=None)
    wanted |= Q(pk__in=verified.values("figure"))
    figures = Figure.objects.visible_to(told.user).filter(wanted, facility=told.assessment.facility)
    rows = [
        (
            f.label_en if told.lang == "en" else f.label_vi,
            decimal(f.value),
            _("years") if f.unit == "year" else unit_label(f.unit, told.lang) if f.unit else "",
            f.code,
        )
        for f in figures.order_by("code")
    ]
    if not rows:
        return []
    columns = [
        Column(_("Figure"), width=3.2),
        Column(_("Value"), "quantity"),
        Column(_("Unit")),
        Column(_("Code"), width=1.5),
    ]
    said = _("Each of these figures opens on the site by its code, with its formula, records and sources.")
    return [Paragraph(said), told_table("traced", _("Figures and their codes"), columns, rows)]
