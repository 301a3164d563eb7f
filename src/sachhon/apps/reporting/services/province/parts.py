"""The tables of the province's report, row by row, from the rolled-up figures in one language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from sachhon import reference
from sachhon.apps.reporting.services.province.codes import code
from sachhon.apps.reporting.services.province.counted import SolutionCount
from sachhon.apps.reporting.services.province.rolling import Rolled, money
from sachhon.apps.reporting.services.province.words import group_name, resource_name, say, unit_name
from sachhon.documents.model import (
    Breakdown,
    BreakdownKind,
    BreakdownRow,
    Consumption,
    ConsumptionRow,
    ProvinceReportData,
    SavingFigures,
    SavingRow,
    SavingState,
    SavingTotal,
    SolutionRow,
    Solutions,
    VoiceRow,
)
from sachhon.documents.report_tables import savings_table
from sachhon.documents.shapes import Lang
from sachhon.warehouse.rollup.consumption import RecordSum
from sachhon.warehouse.rollup.reporting import GroupCount

SIZES = ("micro", "small", "medium", "large")
STATES: tuple[SavingState, ...] = ("verified", "reported", "estimated")
LARGE = Decimal(1_000_000)  # from there on kWh are shown as MWh
MOST_RESOURCES = 10  # of a state in the report's own table; the appendix has all of them


class Parts:
    """Makes the tables of one year in one language."""

    def __init__(self, rolled: Rolled, lang: Lang) -> None:
        self.rolled = rolled
        self.lang: Lang = lang

    def savings(self) -> tuple[SavingRow, ...]:
        """The resources that weigh most in each state, gain or loss, the others in one row; the appendix has all."""
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
                    len(facilities), self._code("saving", state), any(r.closed for r in rest),
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
                closed=s.closed,
            )
            for s in self.rolled.savings
        ]
        return sorted(rows, key=lambda r: (STATES.index(r.state), -abs(r.vnd or 0), r.resource))

    def with_full_savings(self, data: ProvinceReportData) -> ProvinceReportData:
        """With the table of every resource as an appendix, where the report's own table leaves some out."""
        rows = tuple(self._all_savings())
        if len(rows) == len(data.savings):
            return data
        table = savings_table(replace(data, savings=rows), self.lang)
        title = say("savings.all", self.lang, year=self.rolled.year)
        return replace(
            data, appendix_tables=(*data.appendix_tables, replace(table, code="savings-all", title=title))
        )

    def saving_totals(self) -> tuple[SavingTotal, ...]:
        applying = {s.state: s for s in self.rolled.savings_of_applying}
        rows = []
        for s in self.rolled.saving_totals:
            of_them = applying.get(s.state)
            own = (
                SavingTotal(
                    cast(SavingState, s.state), money(of_them.vnd), of_them.toe, of_them.co2_t, of_them.facilities,
                    self._code("saving_of_applying", s.state), closed=of_them.closed,
                )
                if of_them
                else None
            )  # fmt: skip
            rows.append(
                SavingTotal(
                    cast(SavingState, s.state), money(s.vnd), s.toe, s.co2_t, s.facilities,
                    self._code("saving", s.state), own, s.closed,
                )
            )  # fmt: skip
        return tuple(sorted(rows, key=lambda r: STATES.index(r.state)))

    def breakdown(self, kind: BreakdownKind) -> Breakdown:
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
            return (
                SavingFigures(money(found.vnd), found.toe, found.co2_t, found.closed)
                if found
                else SavingFigures()
            )

        return BreakdownRow(
            name, count.facilities, count.reported, count.aware, count.applying, count.cp_unit,
            saved("estimated"), saved("reported"), saved("verified"), figure_code,
        )  # fmt: skip

    def solutions(self) -> Solutions:
        names = {f.code: f.name(self.lang) for f in reference.option_groups()}

        def row(s: SolutionCount) -> SolutionRow:
            parts = ("solutions",) if s.group is None else ("solutions", s.group)
            name = say("total", self.lang) if s.group is None else names[s.group]
            return SolutionRow(
                s.group or "total", name, s.solutions, s.facilities, money(s.investment_vnd), money(s.saving_vnd),
                self._code(*parts), s.closed,
            )  # fmt: skip

        *groups, total = self.rolled.solutions
        of_year = replace(row(self.rolled.solutions_of_year), figure_code=self._code("solutions_of_year"))
        # What a solution saves is calculated for it, by the facility or an expert: the state of those savings.
        return Solutions(
            tuple(row(g) for g in groups), row(total), of_year, "estimated", self.rolled.treatments
        )

    def consumption(self) -> Consumption:
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
            field = "toe" if kind == "toe" else "co2_t"
            values = [getattr(e, field) or None for e in self.rolled.energy]
            before, now = getattr(self.rolled.paired.before, field), getattr(self.rolled.paired.now, field)
            latest = self.rolled.energy[-1]
            totals.append(
                ConsumptionRow(
                    say(kind, self.lang),
                    say(f"unit.{kind}", self.lang),
                    tuple(values),
                    self._code(kind),
                    change_percent=(now - before) / before * 100 if before else None,
                    accepted_percent=_percent(getattr(latest, f"accepted_{field}"), values[-1]),
                    unreported_percent=_percent(getattr(latest, f"unreported_{field}"), values[-1]),
                )
            )
        return Consumption(
            self.rolled.years,
            tuple(rows),
            tuple(totals),
            bool(self.rolled.estimated),
            self.rolled.paired.facilities,
            ConsumptionRow(
                say("energy_reporters", self.lang),
                say("unit.facilities", self.lang),
                tuple(Decimal(self.rolled.energy_reporters[year]) for year in self.rolled.years),
                self._code("energy_reporters"),
            ),
        )

    def _consumed(self, item: str, unit: str, by_year: dict[int, RecordSum]) -> ConsumptionRow:
        values = [by_year[y].quantity if y in by_year else None for y in self.rolled.years]
        most = max(v for v in values if v is not None)
        if unit == "kWh" and most >= LARGE:
            unit, values = "MWh", [None if v is None else v / 1000 for v in values]
        latest = by_year.get(self.rolled.year)
        return ConsumptionRow(
            resource_name(item, self.lang), unit_name(unit, self.lang), tuple(values),
            self._code("consumption", item), 0 if most >= 1000 else 1,
            accepted_percent=_percent(latest.accepted, latest.quantity) if latest else None,
            unreported_percent=_percent(latest.unreported, latest.quantity) if latest else None,
        )  # fmt: skip

    def voices(self, kind: str) -> tuple[VoiceRow, ...]:
        mine = [v for v in self.rolled.voices if v.kind == kind]
        return tuple(
            VoiceRow(
                v.name or say("voices.more", self.lang), v.facilities, self._code(kind, str(i)), v.examples
            )
            for i, v in enumerate(mine, 1)
        )

    def _code(self, *parts: str) -> str:
        return code(self.rolled.province, self.rolled.year, *parts)


def _percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """The part in percent; None where there is no whole."""
    return (part or Decimal(0)) / whole * 100 if whole else None


def _sum(values: Iterable) -> Any:
    """What is known of the values added up; None where nothing is."""
    known = [v for v in values if v is not None]
    return sum(known) if known else None
