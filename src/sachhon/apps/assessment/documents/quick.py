"""The report of a quick assessment, four to six pages: puts the kept result into a `Paper`; the look is the house's."""

from collections import Counter
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sachhon.apps.assessment.documents.head import place_and_day
from sachhon.apps.assessment.documents.quick_grounds import sources, why
from sachhon.apps.assessment.documents.quick_uses import MILLION, figures, million, millions
from sachhon.apps.assessment.documents.quick_voices import photos, voices
from sachhon.apps.assessment.models import Assessment, AssessmentState, QuickResult, QuickSheet, Reply
from sachhon.apps.assessment.queries.quick_result import shown
from sachhon.apps.assessment.queries.quick_shown import Shown, UseShown
from sachhon.documents.charts import range_bars, stacked_bars
from sachhon.documents.compose import Block, FigureBlock, Paragraph, TableBlock
from sachhon.documents.docx import DOCX_MIME
from sachhon.documents.numbers import (
    UNKNOWN,
    format_date_short,
    format_interval,
    format_number,
    format_percent,
    format_quantity,
)
from sachhon.documents.paper import Paper, Section, Signer, paper_docx, paper_pdf
from sachhon.documents.pdf import PDF_MIME
from sachhon.documents.shapes import Column, Lang, Table
from sachhon.documents.texts import words
from sachhon.reference.text import fold

KINDS = {"docx": DOCX_MIME, "pdf": PDF_MIME}
WEAK_SHOWN = 12


def report(
    user, assessment: Assessment, sheet: QuickSheet, kept: QuickResult, lang: Lang, kind: str
) -> bytes:
    """The report as "docx" or "pdf"."""
    write = {"docx": paper_docx, "pdf": paper_pdf}[kind]
    return write(paper(user, assessment, sheet, kept, lang), lang)


def paper(user, assessment: Assessment, sheet: QuickSheet, kept: QuickResult, lang: Lang) -> Paper:
    """Everything the report says."""
    with override(lang):
        return _Report(assessment, sheet, shown(user, assessment, sheet, kept, lang), kept, lang).paper()


class _Report:
    def __init__(
        self, assessment: Assessment, sheet: QuickSheet, result: Shown, kept: QuickResult, lang: Lang
    ) -> None:
        self.a, self.sheet, self.result, self.kept, self.lang = assessment, sheet, result, kept, lang
        self.say = words(lang)
        self.answers = {x.question: x for x in sheet.answers.all()}
        self.day = timezone.localtime(assessment.signed_at or kept.computed_at).date()

    def paper(self) -> Paper:
        a, say = self.a, self.say
        lead = a.lead.display_name() if a.lead else ""
        issuing = a.facility.enterprise if a.by_factory or a.lead is None else a.lead.organisation
        banners = [say("demo.banner")] * settings.DEMO
        banners += [say("quick.unsigned")] * (a.state != AssessmentState.SIGNED)
        return Paper(
            issuing_body=issuing.name if issuing else "",
            right_head=(say("head.nation"), say("head.motto")),
            place_date=place_and_day(a, self.day, self.lang),
            kind=say("quick.kind"),
            subject=(a.facility.name,),
            sections=(
                Section(say("quick.s.general"), (self._general(),)),
                Section(say("quick.s.summary"), self._summary()),
                Section(say("quick.s.figures"), figures(self.result, self.lang)),
                Section(say("quick.s.practice"), self._practice()),
                Section(say("quick.s.options"), self._options()),
                Section(say("quick.s.why"), why(self.result, self.lang)),
                Section(
                    say("quick.s.sources"), sources(self.a, self.sheet, self.result, self.kept, self.lang)
                ),
            ),
            signers=(
                Signer(say("quick.sign.facility"), a.facility.contact_name),
                Signer(say("quick.sign.team"), lead),
            ),
            day=self.day,
            banner=" – ".join(banners),
        )

    # --- sections

    def _general(self) -> Block:
        a, say, r = self.a, self.say, self.result
        team = ", ".join(m.user.display_name() for m in a.members.select_related("user"))
        made = "; ".join(
            f"{p['name']}: {format_quantity(p['quantity'], self.lang)} {p['unit']}" for p in r.products
        )
        rows = [
            ("facility", f"{a.facility.name} ({a.facility.code})"),
            ("address", self._address()),
            ("trade", a.facility.trade.name),
            (
                "period",
                f"{format_date_short(a.data_from, self.lang)} – {format_date_short(a.data_to, self.lang)}",
            ),
            ("visit", format_date_short(a.visit_on, self.lang)),
            ("team", team or (say("quick.g.self") if a.by_factory else UNKNOWN)),
            ("reason", a.reason or UNKNOWN),
            ("output", made or UNKNOWN),
            ("answered", say("quick.g.of", n=r.answered, all=r.asked)),
        ]
        columns = (Column(say("quick.c.item"), width=1), Column(say("quick.c.value"), width=3))
        return TableBlock(
            "",
            Table(
                "general", say("quick.s.general"), columns, tuple((say(f"quick.g.{k}"), v) for k, v in rows)
            ),
        )

    def _summary(self) -> tuple[Block, ...]:
        r, say = self.result, self.say
        said = []
        if r.score:
            span = format_interval(*r.score_range, self.lang, 0, "") if r.score_range else ""
            said.append(
                say("quick.sum.score", value=format_number(r.score[1], self.lang, 0), range=span)
                if "–" in span
                else say("quick.sum.score_exact", value=span)
            )
        if r.vnd and r.cost:
            share = format_interval(*(Decimal(v) / r.cost * 100 for v in r.vnd), self.lang, 1)
            vnd = millions(r.vnd, self.lang)
            said.append(say("quick.sum.money", cost=million(r.cost, self.lang), range=vnd, share=share))
        for use in self._by_potential():
            said.append(
                say(
                    "quick.sum.kind",
                    name=use.name,
                    cost=format_percent(use.cost_share, self.lang, 0 if (use.cost_share or 0) >= 1 else 1),
                    share=format_interval(*use.share, self.lang, 1),
                    vnd=millions(use.vnd, self.lang),
                    basis=use.basis,
                )
            )
        if r.options:
            said.append(say("quick.sum.first", names="; ".join(o.name for o in r.options[:3])))
        if not r.score:
            said.append(say("quick.sum.none"))
        blocks: list[Block] = [Paragraph(text) for text in (*said, *r.remarks)]
        rows = [(u.name, u.vnd[0] / MILLION, u.vnd[1] / MILLION) for u in self._by_potential()]
        if rows:
            title = say("quick.chart.potential")
            chart = range_bars("potential", title, rows, self.lang, unit=say("quick.unit.million"))
            blocks.append(FigureBlock(title, chart))
        return tuple(blocks)

    def _practice(self) -> tuple[Block, ...]:
        say = self.say
        counted: dict[str, Counter] = {}
        for q in self.sheet.questions:
            given = self.answers[q["code"]].answer if q["code"] in self.answers else ""
            counted.setdefault(q[f"section_{self.lang}"], Counter())[given] += 1
        parts = [*((value, str(label)) for value, label in Reply.choices), ("", _("Not answered"))]
        rows = [
            (section, label, found[value]) for section, found in counted.items() for value, label in parts
        ]
        title = say("quick.chart.answers")
        blocks: list[Block] = [FigureBlock(title, stacked_bars("answers", title, rows, self.lang))]
        weak = [
            (q, self.answers[q["code"]])
            for q in self.sheet.questions
            if q["code"] in self.answers and self.answers[q["code"]].answer in (Reply.NO, Reply.PARTLY)
        ]
        weak.sort(key=lambda pair: (-pair[0]["weight"], pair[1].answer != Reply.NO))
        seen = photos(self.sheet, self.lang)
        if not weak:
            return (*blocks, Paragraph(say("quick.weak.none")), *seen)
        columns = (
            Column(say("quick.c.question"), width=3),
            Column(say("quick.c.answer"), width=0.9),
            Column(say("quick.c.note"), width=2.2),
        )
        lines = tuple(
            (q[f"text_{self.lang}"], str(x.get_answer_display()), x.note) for q, x in weak[:WEAK_SHOWN]
        )
        note = say("quick.weak.more", n=WEAK_SHOWN) if len(weak) > WEAK_SHOWN else ""
        return (
            *blocks,
            TableBlock(say("quick.t.weak"), Table("weak", say("quick.t.weak"), columns, lines, note=note)),
            *seen,
        )

    def _options(self) -> tuple[Block, ...]:
        say = self.say
        if not self.result.options:
            return (Paragraph(say("quick.none")),)
        columns = (
            Column(say("quick.c.rank"), "integer", width=0.4),
            Column(say("quick.c.option"), width=3.2),
            Column(say("quick.c.resource"), width=1.2),
            Column(say("quick.c.saving"), "number", width=1.4),
            Column(say("quick.c.payback"), "number", width=1),
        )
        rows = tuple(
            (
                o.rank,
                o.name,
                o.resources,
                o.not_told or millions(o.vnd, self.lang),
                format_interval(*o.payback, self.lang, 1, ""),
            )
            for o in self.result.options
        )
        table = Table("options", say("quick.t.options"), columns, rows, note=say("quick.note.ranges"))
        return (TableBlock(say("quick.t.options"), table), *voices(self.sheet, self.result, self.lang))

    # --- small words

    def _address(self) -> str:
        """The address as it was typed, with the area behind it unless it is named there already."""
        typed, area = self.a.facility.address, self.a.facility.area
        named = fold(typed)
        known = any(fold(name) in named for name in (area.name_vi, area.name_en) if name)
        return ", ".join(x for x in (typed, "" if known else area.name) if x)

    def _by_potential(self) -> list[UseShown]:
        return sorted((u for u in self.result.uses if u.vnd and any(u.vnd)), key=lambda u: -sum(u.vnd))
