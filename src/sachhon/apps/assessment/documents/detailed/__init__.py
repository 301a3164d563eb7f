"""The report of a detailed assessment in the chapters of the method: put together at every stage, never retyped.

A chapter that is not reached yet says so. What the factory keeps to itself is closed as on the pages: the report is
written for the person who asks for it.
"""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sachhon.apps.assessment.documents.detailed.carried_out import carried_out
from sachhon.apps.assessment.documents.detailed.found import found
from sachhon.apps.assessment.documents.detailed.selected import selected
from sachhon.apps.assessment.documents.detailed.started import analysed, signed, started
from sachhon.apps.assessment.documents.detailed.sustained import sustained
from sachhon.apps.assessment.documents.detailed.told import Told
from sachhon.apps.assessment.documents.detailed.traced import traced
from sachhon.apps.assessment.documents.head import place_and_day
from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.queries.options import options_of
from sachhon.apps.assessment.queries.way import Step, way
from sachhon.apps.registry.models import Resource
from sachhon.documents.compose import Block, Paragraph
from sachhon.documents.docx import DOCX_MIME
from sachhon.documents.export import XLSX_MIME
from sachhon.documents.numbers import format_date_short
from sachhon.documents.paper import Paper, Section, Signer, paper_docx, paper_pdf
from sachhon.documents.paper_xlsx import paper_xlsx
from sachhon.documents.pdf import PDF_MIME
from sachhon.documents.shapes import Lang
from sachhon.documents.texts import words

KINDS = {"docx": DOCX_MIME, "xlsx": XLSX_MIME, "pdf": PDF_MIME}
WRITERS = {"docx": paper_docx, "xlsx": paper_xlsx, "pdf": paper_pdf}
CHAPTERS = {1: started, 2: analysed, 3: found, 4: selected, 5: carried_out, 6: sustained}


def report(user, assessment: Assessment, lang: Lang, kind: str) -> bytes:
    """The report as "docx", "xlsx" or "pdf"."""
    return WRITERS[kind](paper(user, assessment, lang), lang)


def paper(user, assessment: Assessment, lang: Lang) -> Paper:
    """Everything the report says to this person."""
    with override(lang):
        options = list(options_of(user, assessment))
        used = {c for o in options for c in o.savings}
        names = {r.code: r for r in Resource.objects.filter(code__in=used)}
        return _paper(Told(user, assessment, lang, options, names))


def _paper(told: Told) -> Paper:
    a, say = told.assessment, words(told.lang)
    steps = way(told.user, a, told.lang)
    day = timezone.localtime(a.signed_at).date() if a.signed_at else timezone.localdate()
    banners = [say("demo.banner")] * settings.DEMO
    banners += [_("Not signed off yet")] * any(s.sign is None for s in steps)
    banners += [_("Changed after it was signed")] * any(s.changed for s in steps)
    return Paper(
        issuing_body=a.lead.organisation.name if a.lead and a.lead.organisation else "",
        right_head=(say("head.nation"), say("head.motto")),
        place_date=place_and_day(a, day, told.lang),
        kind=_("REPORT OF A DETAILED ASSESSMENT OF CLEANER PRODUCTION"),
        subject=(a.facility.name,),
        sections=(
            *(Section(f"{step.number}. {step.name}", _chapter(told, step)) for step in steps),
            Section(_("Signing off of the steps"), tuple(signed(told, steps))),
            *_annex(told),
        ),
        signers=(
            Signer(_("FOR THE FACTORY"), a.facility.contact_name),
            Signer(_("LEAD OF THE TEAM"), a.lead.display_name() if a.lead else ""),
        ),
        day=day,
        banner=" – ".join(banners),
    )


def _annex(told: Told) -> tuple[Section, ...]:
    blocks = traced(told)
    return (Section(_("Annex: where the figures come from"), tuple(blocks)),) if blocks else ()


def _chapter(told: Told, step: Step) -> tuple[Block, ...]:
    blocks = CHAPTERS[step.number](told) or [Paragraph(_("This step is not reached yet."))]
    if step.sign:
        on = format_date_short(timezone.localtime(step.sign.at).date(), told.lang)
        blocks.append(Paragraph(_("Signed off by %(who)s on %(on)s.") % {"who": step.sign.by_name, "on": on}))
    if step.changed:
        blocks.append(Paragraph(step.changed_words))
    return tuple(blocks)
