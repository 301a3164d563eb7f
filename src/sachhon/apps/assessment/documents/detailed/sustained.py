"""Step 6 in the detailed report: the plan of measuring, and what was verified."""

from django.utils.translation import gettext as _

from sachhon.apps.assessment.documents.detailed.told import Told, decimal, told_table
from sachhon.apps.assessment.documents.evidence import evidence
from sachhon.apps.assessment.lesson_pages import lesson_rows
from sachhon.apps.assessment.models import Verification
from sachhon.apps.assessment.option_pages import closed_name
from sachhon.apps.assessment.queries.verified import superseded
from sachhon.apps.assessment.services.verification_doubts import doubts
from sachhon.apps.assessment.verification_pages import charts as verification_charts
from sachhon.apps.assessment.verification_pages import state_word, what_can_be_said
from sachhon.documents.compose import Block, FigureBlock
from sachhon.documents.numbers import format_date_short
from sachhon.documents.shapes import Column
from sachhon.reference.units import unit_label


def sustained(told: Told) -> list[Block]:
    """What is measured, how, and what came of it."""
    rows = (
        Verification.objects.visible_to(told.user)
        .filter(assessment=told.assessment)
        .select_related("resource", "judged_by", "figure")
        .prefetch_related("options")
    )
    found = [r for r in rows if "saving" in r.result]
    blocks: list[Block] = []
    planned_rows = [
        (
            r.resource.name,
            _solutions(told, r),
            r.meter,
            r.who,
            r.how_often,
            f"{r.baseline_from:%m/%Y} – {r.baseline_to:%m/%Y}",
            _months(r),
        )
        for r in rows
    ]
    if planned_rows:
        columns = [
            Column(_("What is measured"), width=1.3),
            Column(_("Solutions"), width=2),
            Column(_("Meter or bill"), width=1.5),
            Column(_("Who reads it")),
            Column(_("How often")),
            Column(_("Baseline"), width=1.5),
            Column(_("Report months"), width=1.5),
        ]
        blocks.append(told_table("measuring", _("Plan of measuring"), columns, planned_rows))
    replaced = superseded(told.assessment.facility)
    if found:
        results = [
            (
                r.resource.name,
                "; ".join(o.code for o in r.options.all()),  # named in the plan above
                _months(r),
                # what is counted with another measurement stands in no column that is added up
                *(None if r.pk in replaced else decimal(r.result[end]) for end in ("saving", "low", "high")),
                unit_label(r.resource.unit, told.lang),
                r.result[f"model_{told.lang}"],
                what_can_be_said(r, told.lang, doubts(r)),
                state_word(r, replaced),
                r.judged_by.display_name() if r.judged_by else "",
            )
            for r in found
        ]
        columns = [
            Column(_("What is measured"), width=1.1),
            Column(_("Solutions"), width=0.9),
            Column(_("Report months"), width=1.2),
            Column(_("Saving"), "quantity"),
            Column(_("At least"), "quantity"),
            Column(_("At most"), "quantity"),
            Column(_("Unit")),
            Column(_("Model"), width=1.6),
            Column(_("What can be said"), width=2),
            Column(_("State"), width=1.5),
            Column(_("By")),
        ]
        blocks.append(told_table("verified", _("Verification of savings"), columns, results))
    blocks += evidence(told.user, told.assessment, verified=True)
    blocks += _lessons(told)
    for r in (r for r in found if r.pk not in replaced):
        blocks += [FigureBlock(f"{r.resource.name}: {c.title}", c) for c in verification_charts(r, told.lang)]
    return blocks


def _solutions(told: Told, row: Verification) -> str:
    """For which solutions it is measured: rows of one resource differ by them and by their months."""
    return "; ".join(f"{o.code} {closed_name(told.user, o)}" for o in row.options.all())


def _months(row: Verification) -> str:
    return f"{row.report_from:%m/%Y} – {row.report_to:%m/%Y}"


def _lessons(told: Told) -> list[Block]:
    """Which verified solutions may be told to others, by whose consent, and the case made of them."""
    rows = [
        (
            r["option"].code,
            r["name"],
            r["consent"].person if r["consent"] else _("not given"),
            format_date_short(r["consent"].given_on, told.lang) if r["consent"] else "–",
            f"{r['item'].code} ({r['item'].get_state_display()})" if r["item"] else "–",
        )
        for r in lesson_rows(told.user, told.assessment)
    ]
    columns = [
        Column(_("Code")),
        Column(_("Solution"), width=2.4),
        Column(_("Consent of the factory"), width=1.6),
        Column(_("Consented on")),
        Column(_("Case of the library"), width=1.4),
    ]
    return [told_table("lessons", _("Lessons for the library"), columns, rows)] if rows else []
