"""Step 5 in the detailed report: the action plan, its schedule, its changes."""

from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.assessment.documents.detailed.told import Told, millions, told_table
from sachhon.apps.assessment.documents.quick_voices import printed
from sachhon.apps.assessment.models import Option
from sachhon.apps.assessment.option_pages import closed_name, path_word, value_word
from sachhon.apps.assessment.plan_pages import planned, schedule
from sachhon.apps.assessment.queries import attachments
from sachhon.apps.assessment.queries.options import history_of, is_closed, reasons_spoken
from sachhon.apps.assessment.services.plan import PLANNED
from sachhon.documents.compose import Block, FigureBlock, Heading, PhotosBlock
from sachhon.documents.numbers import UNKNOWN
from sachhon.documents.shapes import Column

MOST_PHOTOS = 9
CHANGED = ("state", *PLANNED)


def carried_out(told: Told) -> list[Block]:
    """Who does what until when with which money, and every change of it."""
    chosen = planned(told.user, told.assessment)
    if not chosen:
        return []
    rows = [
        (
            o.code,
            closed_name(told.user, o),
            str(o.get_state_display()),
            o.responsible or UNKNOWN,
            o.starts_on,
            o.ends_on,
            o.done_on,
            millions(o.budget_vnd),
            millions(o.spent_vnd),
        )
        for o in chosen
    ]
    million = _("million VND")
    columns = [
        Column(_("Code")),
        Column(_("Solution"), width=2.4),
        Column(_("State"), width=1.4),
        Column(_("Person in charge"), width=1.6),
        Column(_("Begins"), "date", width=1.2),
        Column(_("To be done by"), "date", width=1.2),
        Column(_("Done on"), "date", width=1.2),
        Column(_("Money set aside"), "number", million),
        Column(_("Spent"), "number", million),
    ]
    blocks: list[Block] = [told_table("plan", _("Action plan"), columns, rows)]
    chart = schedule(told.user, chosen, timezone.localdate())
    if chart is not None:
        blocks.append(FigureBlock(chart.title, chart))
    seen = attachments.photos(told.user, told.assessment)[:MOST_PHOTOS]
    if seen:
        shown = tuple(
            printed(
                photo,
                f"{option.code}: {photo.caption or option.name} ({photo.taken_at or photo.at:%d/%m/%Y})",
            )
            for option, photo in seen
        )
        blocks += [Heading(_("Photos of what is carried out")), PhotosBlock(shown)]
    changes = [row for o in chosen for row in _plan_changes(told, o)]
    if changes:
        columns = [
            Column(_("Code")),
            Column(_("When"), "date"),
            Column(_("By"), width=1.5),
            Column(_("Change"), width=3),
            Column(_("Reason"), width=2),
        ]
        blocks.append(told_table("changes", _("Changes of the plan"), columns, changes))
    return blocks


def _plan_changes(told: Told, option: Option) -> list[tuple]:
    spoken = reasons_spoken(told.user, told.assessment)
    return [
        (
            option.code,
            timezone.localtime(h.at).date(),
            h.by_name,
            "; ".join(
                f"{path_word(p)}: {value_word(p, h.before.get(p))} → {value_word(p, v)}"
                for p, v in h.after.items()
                if p in CHANGED and v != h.before.get(p)
            ),
            _("confidential")
            if h.reason and is_closed(told.user, option)
            else spoken.get(h.reason, h.reason) or UNKNOWN,
        )
        for h in reversed(history_of(told.user, option))
        if any(p in CHANGED and v != h.before.get(p) for p, v in h.after.items())
    ]
