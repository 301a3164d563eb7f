"""Steps 1 and 2 in the detailed report: the assessment and its team; the analysis of the flow-sheet."""

from django.utils.translation import gettext as _

from sachhon.apps.assessment.documents import analysis
from sachhon.apps.assessment.documents.detailed.told import Told, told_table
from sachhon.apps.assessment.documents.head import period
from sachhon.documents.compose import Block, Heading
from sachhon.documents.numbers import UNKNOWN, format_date_short
from sachhon.documents.shapes import Column


def started(told: Told) -> list[Block]:
    """The facility, the period, the team."""
    a = told.assessment
    rows = [
        (_("Facility"), f"{a.facility.name} ({a.facility.code})"),
        (_("Trade"), a.facility.trade.name),
        (_("Figures"), " – ".join(period(a, told.lang))),
        (_("Visit"), format_date_short(a.visit_on, told.lang)),
        (_("Reason or request"), a.reason or UNKNOWN),
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
    ]


def analysed(told: Told) -> list[Block]:
    """The flow-sheet's chapters, each under its own words."""
    found: list[Block] = []
    for number, section in enumerate(analysis.sections(told.assessment, told.lang, told.user), 1):
        found += [Heading(f"2.{number}. {section.heading}"), *section.blocks]
    return found
