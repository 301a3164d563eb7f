"""The rolled-up figures as the report says them, in one language: `ProvinceReportData` without a letterhead's date.

Words come from data/province.csv and the reference; targets from the stored results, so that the page, the
report and the panel "Số này từ đâu?" can only say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from django.conf import settings

from sachhon import reference
from sachhon.apps.programme.models import SectorResult, TargetResult
from sachhon.apps.programme.services.targets import code_of, target_text
from sachhon.apps.programme.words import denominator_text
from sachhon.apps.programme.words import say as programme_say
from sachhon.apps.registry.models import Figure as StoredFigure
from sachhon.apps.reporting.deadlines import correction_due, report_due
from sachhon.apps.reporting.services.province.codes import code
from sachhon.apps.reporting.services.province.letterhead import letterhead
from sachhon.apps.reporting.services.province.parts import SIZES, Parts
from sachhon.apps.reporting.services.province.rolling import CUTS, Rolled
from sachhon.apps.reporting.services.province.sectors import sector_table
from sachhon.apps.reporting.services.province.words import (
    area_name,
    province_name,
    say,
)
from sachhon.documents.model import (
    BreakdownKind,
    Figure,
    Footnote,
    Introduction,
    Plan,
    ProvinceReportData,
    ReportingRow,
    ReportingStatus,
    SizeCount,
    TargetRow,
    Verdict,
)
from sachhon.documents.shapes import Lang
from sachhon.reference import plan_in_force, targets


def compose(
    rolled: Rolled,
    results: Sequence[TargetResult],
    figures: Sequence[StoredFigure],
    lang: Lang,
    sectors: Sequence[SectorResult] = (),
) -> ProvinceReportData:
    """Everything the report of the year says, as a draft to the People's Committee."""
    data = _Composer(rolled, results, figures, lang).data()
    table = sector_table(sectors, lang)
    return data if table is None else replace(data, appendix_tables=(table, *data.appendix_tables))


class _Composer:
    def __init__(self, rolled, results, figures, lang: Lang) -> None:
        self.rolled: Rolled = rolled
        self.results: Sequence[TargetResult] = results
        self.figures: Sequence[StoredFigure] = figures
        self.lang: Lang = lang
        self.known = {figure.code for figure in figures}

    def data(self) -> ProvinceReportData:
        return Parts(self.rolled, self.lang).with_full_savings(self._data())

    def _data(self) -> ProvinceReportData:
        rolled, lang = self.rolled, self.lang
        parts = Parts(rolled, lang)
        return ProvinceReportData(
            letterhead=letterhead(rolled.province, "peoples_committee", rolled.as_of, lang),
            audience="peoples_committee",
            province=province_name(rolled.province, lang),
            year=rolled.year,
            plan=self._plan(),
            introduction=self._introduction(),
            reporting=self._reporting(),
            targets=tuple(self._target(result) for result in self.results),
            savings=parts.savings(),
            saving_totals=parts.saving_totals(),
            breakdowns=tuple(parts.breakdown(cast(BreakdownKind, kind)) for kind in CUTS),
            solutions=parts.solutions(),
            consumption=parts.consumption(),
            difficulties=parts.voices("difficulty"),
            requests=parts.voices("request"),
            footnotes=tuple(self._footnote(figure) for figure in self.figures),
            baseline_year=rolled.baseline_years[0] if len(rolled.baseline_years) == 1 else None,
            on_changed_records=rolled.on_changed_records,
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
            legal_basis=(plan.titled,),
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
            held=rolled.held,
            held_records=rolled.held_records,
            figure_code=self._code("reporting"),
            correction_due=correction_due(rolled.year),
            rows=tuple(
                ReportingRow(
                    r.name,
                    r.tax_code,
                    area_name(r.area_key, self.lang, r.area),
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
            in_mean=result.in_mean,
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
        """Each source once; what is not certain is said. The codes of the facts are on the figure's page."""
        sources = dict.fromkeys((entry["source"], entry["confidence"] == "found") for entry in entries)
        return tuple(
            reference.source_in(source, self.lang) + ("" if sure else f" ({say('fact.unsure', self.lang)})")
            for source, sure in sources
        )
