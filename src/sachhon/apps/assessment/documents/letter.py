"""The letter by which a factory's management commits itself to a detailed assessment, as a Word document to sign."""

import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from sachhon.apps.assessment.documents import agreed
from sachhon.apps.assessment.documents.head import period
from sachhon.apps.assessment.models import Assessment
from sachhon.documents.compose import Paragraph, TableBlock
from sachhon.documents.numbers import format_date_long
from sachhon.documents.paper import Paper, Section, Signer, paper_docx
from sachhon.documents.shapes import Column, Lang, Table
from sachhon.documents.texts import words


def management_letter(user, assessment: Assessment, lang: Lang, day: datetime.date) -> bytes:
    """The letter with what was agreed so far; what is still open is left out, not invented."""
    with override(lang):
        return paper_docx(_paper(user, assessment, lang, day), lang)


def _paper(user, assessment: Assessment, lang: Lang, day: datetime.date) -> Paper:
    facility, say = assessment.facility, words(lang)
    charter = agreed.charter(user, assessment)
    sections = [
        Section(_("Scope"), agreed.lines(charter.scope)),
        Section(_("Aims"), agreed.lines(charter.goal)),
        Section(_("Period of the figures"), (Paragraph(_period(assessment, lang)),)),
        Section(_("Team"), _team(assessment)),
        Section(_("Meters"), _table(agreed.meters(user, assessment))),
        Section(_("Plan"), _table(agreed.plan(user, assessment))),
        Section(_("What management commits itself to"), _promises(facility.name)),
    ]
    there = [s for s in sections if s.blocks]
    lead = assessment.lead.display_name() if assessment.lead else ""
    place = facility.area.name if facility.area else ""
    return Paper(
        issuing_body=facility.enterprise.name,
        right_head=(say("head.nation"), say("head.motto")),
        place_date=say("head.place_date", place=place, date=format_date_long(day, lang)),
        kind=_("LETTER OF COMMITMENT"),
        subject=(_("to a detailed cleaner-production assessment"), facility.name),
        sections=tuple(Section(f"{n}. {s.heading}", s.blocks) for n, s in enumerate(there, 1)),
        signers=(
            Signer(_("LEAD OF THE ASSESSMENT"), lead),
            Signer((charter.signer_title or _("Director")).upper(), charter.signer),
        ),
        day=day,
        banner=say("demo.banner") if settings.DEMO else "",
    )


def _table(table: Table | None) -> tuple[TableBlock, ...]:
    return (TableBlock("", table),) if table else ()


def _period(assessment: Assessment, lang: Lang) -> str:
    first, last = period(assessment, lang)
    return _(
        "The assessment goes over the figures from %(first)s to %(last)s, which later savings are compared with."
    ) % {
        "first": first,
        "last": last,
    }


def _team(assessment: Assessment) -> tuple[TableBlock, ...]:
    members = assessment.members.select_related("user", "user__organisation")
    rows = tuple(
        (m.user.display_name(), m.user.organisation.name if m.user.organisation else "", m.duty or "–")
        for m in members
    )
    columns = (
        Column(_("Name"), width=2),
        Column(_("Organisation"), width=2.5),
        Column(_("Task in the team"), width=2),
    )
    return (TableBlock("", Table("team", _("Team"), columns, rows)),) if rows else ()


def _promises(name: str) -> tuple[Paragraph, ...]:
    return (
        Paragraph(_("The management of %(name)s commits itself to:") % {"name": name}),
        Paragraph(
            "- "
            + _("give the team access to the lines, the meters, the bills and the stock books of the period;")
        ),
        Paragraph(
            "- "
            + _("name a person in charge and let the people of the team have the time the plan asks for;")
        ),
        Paragraph(
            "- " + _("consider the solutions found, and carry out at once those that cost little or nothing;")
        ),
        Paragraph("- " + _("measure the result of what is carried out, and report it truthfully.")),
    )
