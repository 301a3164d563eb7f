"""Steps 1 and 2 in the detailed report: the assessment and its team; the analysis of the flow-sheet."""

from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.assessment.documents import agreed, analysis
from sachhon.apps.assessment.documents.detailed.told import Told, told_table
from sachhon.apps.assessment.documents.head import period
from sachhon.apps.assessment.queries.way import Step
from sachhon.documents.compose import Block, Heading, TableBlock
from sachhon.documents.numbers import UNKNOWN, format_date_short
from sachhon.documents.shapes import Column, Table


def started(told: Told) -> list[Block]:
    """The facility, the period, scope and aims, the team, the meters, the plan."""
    a = told.assessment
    charter = agreed.charter(told.user, a)
    rows = [
        (_("Facility"), f"{a.facility.name} ({a.facility.code})"),
        (_("Trade"), a.facility.trade.name),
        (_("Figures"), " – ".join(period(a, told.lang))),
        (_("Visit"), format_date_short(a.visit_on, told.lang)),
        (_("Reason or request"), a.reason or UNKNOWN),
        (_("Scope"), charter.scope.strip() or UNKNOWN),
        (_("Aims"), charter.goal.strip() or UNKNOWN),
    ]
    team = [
        (
            m.user.display_name(),
            m.user.organisation.name if m.user.organisation else UNKNOWN,
            m.duty or UNKNOWN,
        )
        for m in a.members.select_related("user__organisation")
    ]
    return [
        told_table("general", _("General"), [Column(_("Item")), Column(_("Value"), width=3)], rows),
        told_table(
            "team",
            _("Team"),
            [
                Column(_("Person"), width=2),
                Column(_("Organisation"), width=2),
                Column(_("Task in the team"), width=2),
            ],
            team,
        ),
        *(
            TableBlock(t.title, t)
            for t in (agreed.meters(told.user, a), agreed.plan(told.user, a, done=True))
            if t
        ),
    ]


def signed(told: Told, steps: list[Step]) -> list[Block]:
    """Who signed which step off, when, and whether it is still as it was signed."""
    rows = [
        (
            f"{s.number}. {s.name}",
            s.sign.by_name if s.sign else UNKNOWN,
            timezone.localtime(s.sign.at).date() if s.sign else None,
            s.changed_words or (_("as it was signed") if s.sign else _("Not signed off yet")),
        )
        for s in steps
    ]
    columns = [
        Column(_("Step"), width=2.4),
        Column(_("Signed off by"), width=1.6),
        Column(_("On"), "date"),
        Column(_("State"), width=2),
    ]
    return [TableBlock("", Table("signed", _("Signing off of the steps"), tuple(columns), tuple(rows)))]


def analysed(told: Told) -> list[Block]:
    """The flow-sheet's chapters, each under its own words."""
    found: list[Block] = []
    for number, section in enumerate(analysis.sections(told.assessment, told.lang, told.user), 1):
        found += [Heading(f"2.{number}. {section.heading}"), *section.blocks]
    return found
