"""The report of a detailed assessment in the chapters of the method: put together at every stage, never retyped.

A chapter that is not reached yet says so. What the factory keeps to itself is closed as on the pages: the report is
written for the person who asks for it.
"""

from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sachhon.apps.assessment.choice_pages import Wish
from sachhon.apps.assessment.choice_pages import charts as choice_charts
from sachhon.apps.assessment.documents import analysis
from sachhon.apps.assessment.documents.head import period, place_and_day
from sachhon.apps.assessment.models import Assessment, Option, Portfolio, Verification
from sachhon.apps.assessment.option_charts import tornado_spec
from sachhon.apps.assessment.option_pages import closed_name, path_word, value_word
from sachhon.apps.assessment.plan_pages import planned, schedule
from sachhon.apps.assessment.queries.options import history_of, is_closed, options_of
from sachhon.apps.assessment.queries.way import Step, way
from sachhon.apps.assessment.services import choosing
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.sheets import SHEETS
from sachhon.apps.assessment.verification_pages import charts as verification_charts
from sachhon.apps.registry.models import Resource
from sachhon.documents.compose import Block, FigureBlock, Heading, Paragraph, TableBlock
from sachhon.documents.docx import DOCX_MIME
from sachhon.documents.export import XLSX_MIME
from sachhon.documents.numbers import UNKNOWN, format_date_short, format_number
from sachhon.documents.paper import Paper, Section, Signer, paper_docx, paper_pdf
from sachhon.documents.paper_xlsx import paper_xlsx
from sachhon.documents.pdf import PDF_MIME
from sachhon.documents.shapes import Column, Lang, Table
from sachhon.documents.texts import words
from sachhon.reference.catalogue import option_groups
from sachhon.reference.units import unit_label

KINDS = {"docx": DOCX_MIME, "xlsx": XLSX_MIME, "pdf": PDF_MIME}
WRITERS = {"docx": paper_docx, "xlsx": paper_xlsx, "pdf": paper_pdf}
MILLION = 1e6
TORNADOS = 3  # of the options worth most; the others stand in the table


def report(user, assessment: Assessment, lang: Lang, kind: str) -> bytes:
    """The report as "docx", "xlsx" or "pdf"."""
    return WRITERS[kind](paper(user, assessment, lang), lang)


def paper(user, assessment: Assessment, lang: Lang) -> Paper:
    """Everything the report says to this person."""
    with override(lang):
        return _Report(user, assessment, lang).paper()


class _Report:
    def __init__(self, user, assessment: Assessment, lang: Lang) -> None:
        self.user, self.a, self.lang = user, assessment, lang
        self.steps = way(user, assessment, lang)
        self.options = list(options_of(user, assessment))
        self.names = {
            r.code: r for r in Resource.objects.filter(code__in={c for o in self.options for c in o.savings})
        }
        self.day = (
            timezone.localtime(assessment.signed_at).date() if assessment.signed_at else timezone.localdate()
        )

    def paper(self) -> Paper:
        a, say = self.a, words(self.lang)
        banners = [say("demo.banner")] * settings.DEMO
        banners += [_("Not signed off yet")] * any(s.sign is None for s in self.steps)
        chapters = {
            1: self._start,
            2: self._analysis,
            3: self._found,
            4: self._selected,
            5: self._plan,
            6: self._sustained,
        }
        return Paper(
            issuing_body=a.lead.organisation.name if a.lead and a.lead.organisation else "",
            right_head=(say("head.nation"), say("head.motto")),
            place_date=place_and_day(a, self.day, self.lang),
            kind=_("REPORT OF A DETAILED ASSESSMENT OF CLEANER PRODUCTION"),
            subject=(a.facility.name,),
            sections=tuple(
                Section(f"{step.number}. {step.name}", self._chapter(step, chapters[step.number]()))
                for step in self.steps
            ),
            signers=(
                Signer(_("FOR THE FACTORY"), a.facility.contact_name),
                Signer(_("LEAD OF THE TEAM"), a.lead.display_name() if a.lead else ""),
            ),
            day=self.day,
            banner=" – ".join(banners),
        )

    def _chapter(self, step: Step, blocks: list[Block]) -> tuple[Block, ...]:
        blocks = blocks or [Paragraph(_("This step is not reached yet."))]
        if step.sign:
            on = format_date_short(timezone.localtime(step.sign.at).date(), self.lang)
            blocks.append(
                Paragraph(_("Signed off by %(who)s on %(on)s.") % {"who": step.sign.by_name, "on": on})
            )
        return tuple(blocks)

    # --- chapters

    def _start(self) -> list[Block]:
        a = self.a
        rows = [
            (_("Facility"), f"{a.facility.name} ({a.facility.code})"),
            (_("Trade"), a.facility.trade.name),
            (_("Figures"), " – ".join(period(a, self.lang))),
            (_("Visit"), format_date_short(a.visit_on, self.lang)),
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
            self._table("general", _("General"), [Column(_("Item")), Column(_("Value"), width=3)], rows),
            self._table(
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

    def _analysis(self) -> list[Block]:
        """The flow-sheet's chapters, each under its own words."""
        found: list[Block] = []
        for number, section in enumerate(analysis.sections(self.a, self.lang, self.user), 1):
            found += [Heading(f"2.{number}. {section.heading}"), *section.blocks]
        return found

    def _found(self) -> list[Block]:
        if not self.options:
            return []
        groups = {f.code: f.name(self.lang) for f in option_groups()}
        rows = [
            (
                o.code,
                closed_name(self.user, o),
                groups.get(o.group, o.group),
                str(o.get_origin_display()),
                str(o.get_screening_display()),
                o.screening_reason or UNKNOWN,
            )
            for o in self.options
        ]
        columns = [
            Column(_("Code")),
            Column(_("Solution"), width=3),
            Column(_("Group"), width=2),
            Column(_("Origin"), width=2),
            Column(_("Screening"), width=1.4),
            Column(_("Reason"), width=2),
        ]
        blocks: list[Block] = [self._table("options", _("Solutions and their screening"), columns, rows)]
        savings = [
            (
                o.code,
                self.names[c].name,
                self._dec(r["low"]),
                self._dec(r["likely"]),
                self._dec(r["high"]),
                unit_label(self.names[c].unit, self.lang),
            )
            for o in self.options
            for c, r in o.savings.items()
            if c in self.names
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
            blocks.append(self._table("savings", _("What each solution saves a year"), columns, savings))
        runs = [
            (
                run.by_name,
                run.label or run.calculator,
                step["name"],
                step["formula"],
                self._dec(step["value"]),
                "" if step["unit"] in ("1", "units") else step["unit"],
            )
            for run in self.a.runs.all()
            for step in run.steps
        ]
        if runs and not any(is_closed(self.user, o) for o in self.options):
            columns = [
                Column(_("By")),
                Column(_("Equipment"), width=2),
                Column(_("Step"), width=2),
                Column(_("Formula"), width=2),
                Column(_("Value"), "quantity"),
                Column(_("Unit")),
            ]
            blocks.append(self._table("runs", _("Calculations of equipment"), columns, runs))
        return blocks

    def _selected(self) -> list[Block]:
        valued = [o for o in self.options if "npv" in o.result]
        if not valued:
            return []
        rows = [
            (
                o.code,
                closed_name(self.user, o),
                self._m(o.result["saving_vnd"][1]),
                self._m(o.result["investment"][1]),
                self._dec(o.result["payback"]),
                self._m(o.result["npv_low"]),
                self._m(o.result["npv"]),
                self._m(o.result["npv_high"]),
                self._dec(o.result["co2_t"][1]) if o.result["co2_t"] else None,
            )
            for o in valued
        ]
        million = _("million dong")
        columns = [
            Column(_("Code")),
            Column(_("Solution"), width=2.4),
            Column(_("Saving a year"), "number", million),
            Column(_("Investment"), "number", million),
            Column(_("Payback"), "number", _("years")),
            Column(_("NPV at least"), "number", million),
            Column(_("NPV likely"), "number", million),
            Column(_("NPV at most"), "number", million),
            Column("CO₂", "number", "t"),
        ]
        blocks: list[Block] = [self._table("worth", _("Economic feasibility"), columns, rows)]
        best = sorted(valued, key=lambda o: -abs(o.result["npv"]))
        for o in [o for o in best if o.result["tornado"]][:TORNADOS]:
            blocks.append(
                FigureBlock(f"{o.code} {closed_name(self.user, o)}", tornado_spec(o, self.names, self.lang))
            )
        blocks += self._sheets("technical", _("Technical feasibility"))
        blocks += self._sheets("environmental", _("Environmental feasibility"))
        return blocks + self._chosen()

    def _sheets(self, name: str, title: str) -> list[Block]:
        rows = [
            (o.code, str(a.label), value_word(f"{name}.{a.name}", getattr(o, name)[a.name]))
            for o in self.options
            if not is_closed(self.user, o)
            for a in SHEETS[name]
            if getattr(o, name).get(a.name)
        ]
        columns = [Column(_("Code")), Column(_("Question"), width=2), Column(_("Answer"), width=4)]
        return [self._table(name, title, columns, rows)] if rows else []

    def _chosen(self) -> list[Block]:
        decided = Portfolio.objects.visible_to(self.user).filter(assessment=self.a).first()
        if decided is None:
            return []
        on = format_date_short(timezone.localtime(decided.decided_at).date(), self.lang)
        budget = (
            _("without a limit")
            if decided.budget_vnd is None
            else f"{format_number(decided.budget_vnd / MILLION, self.lang, 0)} {_('million dong')}"
        )
        closed = {o.pk for o in self.options if is_closed(self.user, o)}
        said = _(
            "Choice kept by %(who)s on %(on)s; budget: %(budget)s. Values in the reasons are in million dong."
        )
        rows = [
            (
                f"GP-{r['number']:02d}",
                _("Trade secret of the factory") if r["option"] in closed else r["name"],
                _("in") if r["in"] else _("out"),
                r[f"reason_{self.lang}"],
            )
            for r in decided.rows
        ]
        columns = [
            Column(_("Code")),
            Column(_("Solution"), width=2),
            Column(_("In")),
            Column(_("Why"), width=4),
        ]
        blocks: list[Block] = [
            Paragraph(said % {"who": decided.by_name, "on": on, "budget": budget}),
            self._table("choice", _("Choice under a budget"), columns, rows),
        ]
        budget_m = None if decided.budget_vnd is None else decided.budget_vnd / MILLION
        try:
            found = choosing.choose(self.a, budget_m, Wish(budget_m, decided.aim).aim)
        except AssessmentError:
            return blocks
        return blocks + [FigureBlock(c.title, c) for c in choice_charts(self.a, found, self.lang)]

    def _plan(self) -> list[Block]:
        chosen = planned(self.user, self.a)
        if not chosen:
            return []
        rows = [
            (
                o.code,
                closed_name(self.user, o),
                str(o.get_state_display()),
                o.responsible,
                o.starts_on,
                o.ends_on,
                self._m(o.budget_vnd),
                self._m(o.spent_vnd),
            )
            for o in chosen
        ]
        million = _("million dong")
        columns = [
            Column(_("Code")),
            Column(_("Solution"), width=2.4),
            Column(_("State"), width=1.4),
            Column(_("Person in charge"), width=1.6),
            Column(_("Begins"), "date", width=1.2),
            Column(_("To be done by"), "date", width=1.2),
            Column(_("Set aside"), "number", million),
            Column(_("Spent"), "number", million),
        ]
        blocks: list[Block] = [self._table("plan", _("Action plan"), columns, rows)]
        chart = schedule(self.user, chosen, timezone.localdate())
        if chart is not None:
            blocks.append(FigureBlock(chart.title, chart))
        changes = [row for o in chosen for row in self._plan_changes(o)]
        if changes:
            columns = [
                Column(_("Code")),
                Column(_("When"), "date"),
                Column(_("By"), width=1.5),
                Column(_("Change"), width=3),
                Column(_("Reason"), width=2),
            ]
            blocks.append(self._table("changes", _("Changes of the plan"), columns, changes))
        return blocks

    def _plan_changes(self, option: Option) -> list[tuple]:
        told = ("state", "responsible", "starts_on", "ends_on", "budget_vnd")
        return [
            (
                option.code,
                timezone.localtime(h.at).date(),
                h.by_name,
                "; ".join(
                    f"{path_word(p)}: {value_word(p, h.before.get(p))} → {value_word(p, v)}"
                    for p, v in h.after.items()
                    if p in told
                ),
                h.reason,
            )
            for h in reversed(history_of(self.user, option))
            if set(told) & set(h.after)
        ]

    def _sustained(self) -> list[Block]:
        rows = (
            Verification.objects.visible_to(self.user)
            .filter(assessment=self.a)
            .select_related("resource", "judged_by")
        )
        found = [r for r in rows if "saving" in r.result]
        blocks: list[Block] = []
        planned_rows = [
            (
                r.resource.name,
                r.meter,
                r.who,
                r.how_often,
                f"{r.baseline_from:%m/%Y} – {r.baseline_to:%m/%Y}",
                f"{r.report_from:%m/%Y} – {r.report_to:%m/%Y}",
            )
            for r in rows
        ]
        if planned_rows:
            columns = [
                Column(_("What is measured"), width=1.5),
                Column(_("Meter or bill"), width=1.5),
                Column(_("Who reads it")),
                Column(_("How often")),
                Column(_("Baseline"), width=1.5),
                Column(_("Report months"), width=1.5),
            ]
            blocks.append(self._table("measuring", _("Plan of measuring"), columns, planned_rows))
        if found:
            results = [
                (
                    r.resource.name,
                    self._dec(r.result["saving"]),
                    self._dec(r.result["low"]),
                    self._dec(r.result["high"]),
                    unit_label(r.resource.unit, self.lang),
                    r.result[f"model_{self.lang}"],
                    r.result[f"words_{self.lang}"],
                    str(r.get_state_display()),
                    r.judged_by.display_name() if r.judged_by else "",
                )
                for r in found
            ]
            columns = [
                Column(_("What is measured"), width=1.3),
                Column(_("Saving"), "quantity"),
                Column(_("At least"), "quantity"),
                Column(_("At most"), "quantity"),
                Column(_("Unit")),
                Column(_("Model"), width=1.6),
                Column(_("What can be said"), width=2),
                Column(_("State")),
                Column(_("By")),
            ]
            blocks.append(self._table("verified", _("Verification of savings"), columns, results))
        for r in found:
            blocks += [
                FigureBlock(f"{r.resource.name}: {c.title}", c) for c in verification_charts(r, self.lang)
            ]
        return blocks

    # --- small things

    def _table(self, code: str, title: str, columns: list[Column], rows: list[tuple]) -> TableBlock:
        return TableBlock(title, Table(code, title, tuple(columns), tuple(rows)))

    @staticmethod
    def _m(vnd) -> Decimal | None:
        return None if vnd is None else Decimal(f"{float(vnd) / MILLION:.6g}")

    @staticmethod
    def _dec(value) -> Decimal | None:
        return None if value is None else Decimal(f"{float(value):.6g}")
