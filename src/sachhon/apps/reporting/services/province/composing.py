"""The rolled-up figures as the report says them, in one language: `ProvinceReportData` without a letterhead's date.

Words come from data/province.csv and the reference; targets from the stored results, so that the page, the
report and the panel "Số này từ đâu?" can only say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from django.conf import settings

from sachhon import reference
from sachhon.apps.programme.models import TargetResult
from sachhon.apps.programme.services.targets import code_of, target_text
from sachhon.apps.programme.words import denominator_text
from sachhon.apps.programme.words import say as programme_say
from sachhon.apps.registry.models import Figure as StoredFigure
from sachhon.apps.reporting.deadlines import correction_due, report_due
from sachhon.apps.reporting.services.province.codes import code
from sachhon.apps.reporting.services.province.letterhead import letterhead
from sachhon.apps.reporting.services.province.rolling import CUTS, Rolled, SolutionCount, money
from sachhon.apps.reporting.services.province.words import (
    group_name,
    province_name,
    resource_name,
    say,
    unit_name,
)
from sachhon.documents.model import (
    Breakdown,
    BreakdownKind,
    BreakdownRow,
    Consumption,
    ConsumptionRow,
    Figure,
    Footnote,
    Introduction,
    Lang,
    Plan,
    ProvinceReportData,
    ReportingRow,
    ReportingStatus,
    SavingFigures,
    SavingRow,
    SavingState,
    SavingTotal,
    SizeCount,
    SolutionRow,
    Solutions,
    TargetRow,
    Verdict,
    VoiceRow,
)
from sachhon.documents.report_tables import savings_table
from sachhon.reference import plan_in_force, targets
from sachhon.warehouse.rollup.consumption import RecordSum
from sachhon.warehouse.rollup.reporting import GroupCount

SIZES = ("micro", "small", "medium", "large")
STATES: tuple[SavingState, ...] = ("verified", "reported", "estimated")
LARGE = Decimal(1_000_000)  # from there on kWh are shown as MWh
MOST_RESOURCES = 12  # of a state in the report's own table; the appendix has all of them
FEW_CODES = 2


def compose(
    rolled: Rolled, results: Sequence[TargetResult], figures: Sequence[StoredFigure], lang: Lang
) -> ProvinceReportData:
    """Everything the report of the year says, as a draft to the People's Committee."""
    return _Composer(rolled, results, figures, lang).data()


class _Composer:
    def __init__(self, rolled, results, figures, lang: Lang) -> None:
        self.rolled: Rolled = rolled
        self.results: Sequence[TargetResult] = results
        self.figures: Sequence[StoredFigure] = figures
        self.lang: Lang = lang
        self.known = {figure.code for figure in figures}

    def data(self) -> ProvinceReportData:
        return self._full_savings(self._data())

    def _data(self) -> ProvinceReportData:
        rolled, lang = self.rolled, self.lang
        return ProvinceReportData(
            letterhead=letterhead(rolled.province, "peoples_committee", rolled.as_of, lang),
            audience="peoples_committee",
            province=province_name(rolled.province, lang),
            year=rolled.year,
            plan=self._plan(),
            introduction=self._introduction(),
            reporting=self._reporting(),
            targets=tuple(self._target(result) for result in self.results),
            savings=self._savings(),
            saving_totals=self._saving_totals(),
            breakdowns=tuple(self._breakdown(cast(BreakdownKind, kind)) for kind in CUTS),
            solutions=self._solutions(),
            consumption=self._consumption(),
            difficulties=self._voices("difficulty"),
            requests=self._voices("request"),
            footnotes=tuple(self._footnote(figure) for figure in self.figures),
            baseline_year=rolled.baseline_years[0] if len(rolled.baseline_years) == 1 else None,
            demo=settings.DEMO,
        )

    def _code(self, *parts: str) -> str:
        return code(self.rolled.province, self.rolled.year, *parts)

    def _plan(self) -> Plan:
        plan = plan_in_force(self.rolled.province, self.rolled.year)
        return Plan(plan.name(self.lang), plan.document, plan.year_from, plan.year_to)

    def _introduction(self) -> Introduction:
        rolled, lang, plan = self.rolled, self.lang, self._plan()
        sizes = {count.group: count.facilities for count in rolled.cuts["size"]}
        by_size = [SizeCount(say(f"size.{s}", lang), sizes[s]) for s in SIZES if sizes.get(s)]
        if sizes.get(None):
            by_size.append(SizeCount(say("size.none", lang), sizes[None]))
        further = [
            Figure(
                say("key_users", lang), rolled.key_energy_users, say("unit.facilities", lang),
                self._code("key_users"),
            )
        ]  # fmt: skip
        now = rolled.energy[-1]
        for kind, value in (("toe", now.toe), ("co2", now.co2_t)):
            unit = say(f"unit.{kind}", lang)
            further.append(Figure(say(f"{kind}.total", lang), value, unit, self._code(kind)))
        return Introduction(
            legal_basis=(say("basis.plan", lang, name=plan.name, document=plan.document),),
            facilities=Figure(
                say("facilities", lang), rolled.total.facilities, say("unit.facilities", lang),
                self._code("facilities"),
            ),
            by_size=tuple(by_size),
            sectors=len(rolled.cuts["sector"]),
            areas=len(rolled.cuts["area"]),
            further=tuple(further),
        )  # fmt: skip

    def _reporting(self) -> ReportingStatus:
        rolled, total = self.rolled, self.rolled.total
        return ReportingStatus(
            due=report_due(rolled.year),
            as_of=rolled.as_of,
            required=total.facilities,
            on_time=total.on_time,
            late=total.late,
            missing=total.missing,
            accepted=total.accepted,
            with_estimated_months=rolled.estimated,
            figure_code=self._code("reporting"),
            correction_due=correction_due(rolled.year),
            rows=tuple(
                ReportingRow(
                    r.name,
                    r.tax_code,
                    r.area,
                    reference.trade(r.trade).name(self.lang),
                    r.submitted,
                    r.days_late,
                )
                for r in rolled.late
            ),
        )

    def _target(self, result: TargetResult) -> TargetRow:
        target = next(t for t in targets(result.plan_code) if t.code == result.target_code)
        name = target.name(self.lang)
        if result.basis:
            name += f" ({programme_say('figures', f'basis.{result.basis}', self.lang)})"
        return TargetRow(
            code=target.code,
            name=name,
            unit="%",
            target_low=target.value_low,
            target_high=target.value_high if target.value_high != target.value_low else None,
            target_text=target_text(target),
            numerator=result.numerator,
            denominator=result.denominator,
            known=result.known,
            unknown=result.unknown,
            estimate=result.estimate,
            interval_low=result.low,
            interval_high=result.high,
            met=cast(Verdict, str(result.met)),
            gap_facilities=result.gap_facilities,
            judging_rule=reference.judging_rule(target.judging_rule).text(self.lang),
            denominator_rule=denominator_text(target, self.rolled.year, self.lang),
            figure_code=code_of(
                target.code, result.province_code, result.year, "" if result.headline else result.basis
            ),
            target_year=target.year,
        )

    def _savings(self) -> tuple[SavingRow, ...]:
        """The resources worth most of each state, the others in one row; the appendix lists every one."""
        rows: list[SavingRow] = []
        for state in STATES:
            mine = [r for r in self._all_savings() if r.state == state]
            rest = mine[MOST_RESOURCES:]
            if len(rest) < 2:
                rows += mine
                continue
            rows += mine[:MOST_RESOURCES]
            first = {r.figure_code.rpartition(":")[2] for r in mine[:MOST_RESOURCES]}
            facilities = {f for f, s, resource in self.rolled.savers if s == state and resource not in first}
            rows.append(
                SavingRow(
                    state, say("savings.others", self.lang, count=len(rest)), "", None,
                    _sum(r.vnd for r in rest), _sum(r.toe for r in rest), _sum(r.co2_t for r in rest),
                    len(facilities), self._code("saving", state),
                )
            )  # fmt: skip
        return tuple(rows)

    def _all_savings(self) -> list[SavingRow]:
        rows = [
            SavingRow(
                state=cast(SavingState, s.state),
                resource=resource_name(s.resource_code or "", self.lang),
                unit=unit_name(s.unit or "", self.lang),
                quantity=s.quantity,
                vnd=money(s.vnd),
                toe=s.toe,
                co2_t=s.co2_t,
                facilities=s.facilities,
                figure_code=self._code("saving", s.state, s.resource_code or ""),
            )
            for s in self.rolled.savings
        ]
        return sorted(rows, key=lambda r: (STATES.index(r.state), -(r.vnd or 0), r.resource))

    def _full_savings(self, data: ProvinceReportData) -> ProvinceReportData:
        """With the table of every resource as an appendix, where the report's own table leaves some out."""
        rows = tuple(self._all_savings())
        if len(rows) == len(data.savings):
            return data
        table = savings_table(replace(data, savings=rows), self.lang)
        title = say("savings.all", self.lang, year=self.rolled.year)
        return replace(data, appendix_tables=(replace(table, code="savings-all", title=title),))

    def _saving_totals(self) -> tuple[SavingTotal, ...]:
        rows = [
            SavingTotal(
                cast(SavingState, s.state),
                money(s.vnd),
                s.toe,
                s.co2_t,
                s.facilities,
                self._code("saving", s.state),
            )
            for s in self.rolled.saving_totals
        ]
        return tuple(sorted(rows, key=lambda r: STATES.index(r.state)))

    def _breakdown(self, kind: BreakdownKind) -> Breakdown:
        savings = {(s.group, s.state): s for s in self.rolled.saving_cuts[kind]}
        rows = [
            self._row(
                group_name(kind, count.group, self.rolled.area_names, self.lang),
                count,
                {s: savings.get((count.group, s)) for s in STATES},
                self._code(kind, count.group or "none"),
            )
            for count in self.rolled.cuts[kind]
        ]
        if kind == "size":
            order = {group_name("size", s, {}, self.lang): i for i, s in enumerate(SIZES)}
            rows.sort(key=lambda r: order.get(r.name, len(order)))
        else:
            rows.sort(key=lambda r: (-r.facilities, r.name))
        totals = {s.state: s for s in self.rolled.saving_totals}
        total = self._row(
            say("total", self.lang), self.rolled.total, {s: totals.get(s) for s in STATES}, self._code(kind)
        )
        return Breakdown(kind, tuple(rows), total, self._code(kind))

    @staticmethod
    def _row(name: str, count: GroupCount, savings: dict, figure_code: str) -> BreakdownRow:
        def saved(state: str) -> SavingFigures:
            found = savings[state]
            return SavingFigures(money(found.vnd), found.toe, found.co2_t) if found else SavingFigures()

        return BreakdownRow(
            name, count.facilities, count.reported, count.aware, count.applying, count.cp_unit,
            saved("estimated"), saved("reported"), saved("verified"), figure_code,
        )  # fmt: skip

    def _solutions(self) -> Solutions:
        names = {f.code: f.name(self.lang) for f in reference.option_groups()}

        def row(s: SolutionCount) -> SolutionRow:
            parts = ("solutions",) if s.group is None else ("solutions", s.group)
            name = say("total", self.lang) if s.group is None else names[s.group]
            return SolutionRow(
                s.group or "total", name, s.solutions, s.facilities, money(s.investment_vnd), money(s.saving_vnd),
                self._code(*parts),
            )  # fmt: skip

        *groups, total = self.rolled.solutions
        return Solutions(tuple(row(g) for g in groups), row(total), "reported", self.rolled.treatments)

    def _consumption(self) -> Consumption:
        sums: dict[tuple[str, str], dict[int, RecordSum]] = {}
        for found in self.rolled.consumption:
            sums.setdefault((found.item_code, found.unit), {})[found.year] = found
        order = {r.code: i for i, r in enumerate(reference.resources())}
        rows = [
            self._consumed(item, unit, by_year)
            for (item, unit), by_year in sorted(sums.items(), key=lambda e: order.get(e[0][0], len(order)))
        ]
        totals = []
        for kind in ("toe", "co2"):
            values = [(e.toe if kind == "toe" else e.co2_t) or None for e in self.rolled.energy]
            totals.append(
                ConsumptionRow(
                    say(kind, self.lang), say(f"unit.{kind}", self.lang), tuple(values), self._code(kind)
                )
            )
        return Consumption(self.rolled.years, tuple(rows), tuple(totals), bool(self.rolled.estimated))

    def _consumed(self, item: str, unit: str, by_year: dict[int, RecordSum]) -> ConsumptionRow:
        values = [by_year[y].quantity if y in by_year else None for y in self.rolled.years]
        most = max(v for v in values if v is not None)
        if unit == "kWh" and most >= LARGE:
            unit, values = "MWh", [None if v is None else v / 1000 for v in values]
        return ConsumptionRow(
            resource_name(item, self.lang), unit_name(unit, self.lang), tuple(values),
            self._code("consumption", item), 0 if most >= 1000 else 1,
        )  # fmt: skip

    def _voices(self, kind: str) -> tuple[VoiceRow, ...]:
        mine = [v for v in self.rolled.voices if v.kind == kind]
        return tuple(
            VoiceRow(
                v.name or say("voices.more", self.lang), v.facilities, self._code(kind, str(i)), v.examples
            )
            for i, v in enumerate(mine, 1)
        )

    def _footnote(self, figure: StoredFigure) -> Footnote:
        english = self.lang == "en"
        return Footnote(
            figure.code,
            figure.label_en if english else figure.label_vi,
            figure.formula,
            self._sources(figure.facts),
            f"{figure.function} {figure.function_version}".strip(),
        )

    def _sources(self, entries: list[dict]) -> tuple[str, ...]:
        """Each source once, with the codes of its facts where they are few; what is not certain is said."""
        by_source: dict[tuple[str, bool], list[str]] = {}
        for entry in entries:
            by_source.setdefault((entry["source"], entry["confidence"] == "found"), []).append(entry["code"])
        found = []
        for (source, sure), codes in by_source.items():
            text = f"{source} [{', '.join(codes)}]" if len(codes) <= FEW_CODES else source
            found.append(text if sure else f"{text} ({say('fact.unsure', self.lang)})")
        return tuple(found)


def _sum(values: Iterable) -> Any:
    """What is known of the values added up; None where nothing is."""
    known = [v for v in values if v is not None]
    return sum(known) if known else None
