"""Step 3 in the detailed report: the solutions, their screening, what each saves, the calculations behind."""

from django.utils.translation import gettext as _

from sachhon.apps.assessment.calculators import CALCULATORS
from sachhon.apps.assessment.calculators.words import step_word
from sachhon.apps.assessment.documents.detailed.told import Told, decimal, told_table
from sachhon.apps.assessment.option_pages import closed_name
from sachhon.apps.assessment.queries.options import is_closed
from sachhon.documents.compose import Block
from sachhon.documents.numbers import UNKNOWN
from sachhon.documents.shapes import Column
from sachhon.reference.catalogue import option_groups
from sachhon.reference.units import unit_label


def found(told: Told) -> list[Block]:
    """The solutions, what each saves, and the calculations of equipment."""
    if not told.options:
        return []
    groups = {f.code: f.name(told.lang) for f in option_groups()}
    rows = [
        (
            o.code,
            closed_name(told.user, o),
            groups.get(o.group, o.group),
            str(o.get_origin_display()),
            str(o.get_screening_display()),
            _("confidential") if is_closed(told.user, o) else o.screening_reason or UNKNOWN,
        )
        for o in told.options
    ]
    columns = [
        Column(_("Code")),
        Column(_("Solution"), width=3),
        Column(_("Group"), width=2),
        Column(_("Origin"), width=2),
        Column(_("Screening"), width=1.4),
        Column(_("Reason"), width=2),
    ]
    blocks: list[Block] = [told_table("options", _("Solutions and their screening"), columns, rows)]
    savings = [
        (
            o.code,
            told.names[c].name,
            decimal(r["low"]),
            decimal(r["likely"]),
            decimal(r["high"]),
            unit_label(told.names[c].unit, told.lang),
        )
        for o in told.options
        for c, r in o.savings.items()
        if c in told.names
    ]
    if savings:
        columns = [
            Column(_("Code")),
            Column(_("Resource"), width=2),
            Column(_("At least"), "quantity"),
            Column(_("Most likely"), "quantity"),
            Column(_("At most"), "quantity"),
            Column(_("Unit")),
        ]
        blocks.append(told_table("savings", _("What each solution saves a year"), columns, savings))
    runs = [
        (
            run.by_name,
            run.label or str(CALCULATORS[run.calculator].title),
            step_word(step["name"]),
            step["formula"],
            decimal(step["value"]),
            "" if step["unit"] in ("1", "units") else step["unit"],
        )
        for run in told.assessment.runs.all()
        for step in run.steps
    ]
    if runs and not any(is_closed(told.user, o) for o in told.options):
        columns = [
            Column(_("By")),
            Column(_("Equipment"), width=2),
            Column(_("Step"), width=2),
            Column(_("Formula"), width=2),
            Column(_("Value"), "quantity"),
            Column(_("Unit")),
        ]
        blocks.append(told_table("runs", _("Calculations of equipment"), columns, runs))
    return blocks
