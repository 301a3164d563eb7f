"""The sentences of the province's report on what the year came to: targets, solutions, savings, consumption."""

from __future__ import annotations

from decimal import Decimal
from itertools import cycle

from sachhon.documents.cites import Citing
from sachhon.documents.model import ConsumptionRow, SavingTotal, TargetRow
from sachhon.documents.numbers import (
    format_count,
    format_interval,
    format_number,
    format_percent,
    format_vnd,
)
from sachhon.documents.report_tables import STATES
from sachhon.documents.texts import clean

NO_BREAK = "\u00a0"
_LETTERS = "abcdđeghiklmnopq"


class Results(Citing):
    """A paragraph of each result, and a line of each target, saving and resource."""

    def targets(self, appendix: str) -> list[str]:
        rows = self.data.targets
        met = {v: sum(t.met == v for t in rows) for v in ("yes", "no", "unclear")}
        verdicts = [self.say(f"targets.count_{v}", count=self._count(n)) for v, n in met.items() if n]
        count = self._count(len(rows))
        summary = self.say("targets.summary", count=count, verdicts=", ".join(verdicts), appendix=appendix)
        return [summary, *(self._target(t, mark) for t, mark in zip(rows, cycle(_LETTERS), strict=False))]

    def solutions(self) -> list[str]:
        found = self.data.solutions
        if not found.total.solutions:
            texts = [self.say("solutions.none")]
        else:
            most = max(found.rows, key=lambda r: r.solutions)
            texts = [
                self.say(
                    "solutions.count",
                    year=self.data.year,
                    facilities=self._count(found.total.facilities),
                    solutions=self._count(found.total.solutions) + self._cite(found.total.figure_code),
                    investment=format_vnd(found.total.investment_vnd, self.lang, "million"),
                    saving=format_vnd(found.total.saving_vnd, self.lang, "million"),
                    of_year=self._solutions_of_year(),
                    state=self.say(f"state.{found.saving_state}").lower(),
                    group=clean(most.name),
                    most=self._count(most.solutions),
                )
            ]
        if found.filed_as_treatment:
            texts.append(self.say("solutions.treatment", count=self._count(found.filed_as_treatment)))
        return texts

    def savings(self) -> list[str]:
        if not self.data.saving_totals:
            return [self.say("savings.none")]
        year = self.data.baseline_year
        baseline = self.say("savings.baseline", year=year) if year else ""
        texts = [self.say("savings.states", baseline=baseline)]
        for state in STATES:
            for total in (t for t in self.data.saving_totals if t.state == state):
                energy = ""
                if total.toe is not None and total.co2_t is not None:
                    toe, co2 = self._number(total.toe), self._number(total.co2_t)
                    energy = self.say("savings.energy", toe=toe, co2=co2)
                texts.append(
                    self.say(
                        "savings.line",
                        state=self.say(f"state.{state}"),
                        facilities=self._count(total.facilities),
                        money=format_vnd(total.vnd, self.lang, "million"),
                        cite=self._cite(total.figure_code),
                        energy=energy,
                        applying=self._applying(total),
                    )
                )
        return texts

    def consumption(self) -> list[str]:
        lines = [self._consumed(row) for row in self.data.consumption.totals if row.by_year[-1] is not None]
        counted = self.data.consumption.reporters
        uneven = counted is not None and len(set(counted.by_year)) > 1
        reporters = self.say("consumption.reporters") if uneven else ""
        return [self.say("consumption.intro", reporters=reporters), *lines, *self._basis()]

    def _solutions_of_year(self) -> str:
        row = self.data.solutions.of_year
        if row is None:
            return ""
        cite = self._cite(row.figure_code)
        if not row.solutions:
            return self.say("solutions.none_of_year", year=self.data.year, cite=cite)
        return self.say(
            "solutions.of_year",
            year=self.data.year,
            solutions=self._count(row.solutions) + cite,
            facilities=self._count(row.facilities),
            saving=format_vnd(row.saving_vnd, self.lang, "million"),
        )

    def _applying(self, total: SavingTotal) -> str:
        own = total.applying
        if own is None:
            return ""
        return self.say(
            "savings.applying",
            facilities=self._count(own.facilities),
            money=format_vnd(own.vnd, self.lang, "million"),
            cite=self._cite(own.figure_code),
        )

    def _target(self, target: TargetRow, mark: str) -> str:
        until = self.say("targets.until", year=target.target_year) if target.target_year else ""
        interval = ""
        if target.interval_low is not None and target.interval_high is not None:
            reach = format_interval(target.interval_low, target.interval_high, self.lang, unit=target.unit)
            interval = self.say("targets.interval", level=self.data.confidence_percent, interval=reach)
        if target.is_census:
            interval = self.say("targets.census")
        verdict = f"targets.{target.met}"
        if target.met == "no" and target.gap_facilities:
            verdict = "targets.no_gap"
        unit = target.unit if target.unit == "%" else f" {clean(target.unit)}"
        line = "targets.line" if target.unknown else "targets.line_all_known"
        if target.in_mean is not None:
            line = "targets.line_mean"
        return self.say(
            line,
            mark=mark,
            name=clean(target.name),
            target=clean(target.target_text).replace(" ", NO_BREAK),
            until=until,
            numerator=self._count_or_dash(target.numerator),
            known=self._count(target.known),
            unknown=self._count(target.unknown),
            no=self._count(target.known - (target.numerator or 0)),
            in_mean=self._count(target.in_mean or 0),
            denominator=self._count_or_dash(target.denominator),
            estimate=format_number(target.estimate, self.lang, 1) + unit,
            cite=self._cite(target.figure_code),
            interval=interval,
            verdict=self.say(verdict, gap=self._count(target.gap_facilities or 0)),
        )

    def _basis(self) -> list[str]:
        """What the energy total stands on, where not all of it is by accepted reports."""
        total = next(iter(self.data.consumption.totals), None)
        if total is None or total.accepted_percent is None or total.accepted_percent == 100:
            return []
        accepted, unreported = total.accepted_percent, total.unreported_percent or Decimal(0)
        parts = {"accepted": accepted, "waiting": 100 - accepted - unreported, "unreported": unreported}
        told = {name: format_percent(part, self.lang) for name, part in parts.items()}
        return [self.say("consumption.basis", year=self.data.year, **told)]

    def _consumed(self, row: ConsumptionRow) -> str:
        used = self.data.consumption
        now, percent = row.by_year[-1], row.change_percent
        change = ""
        if percent is not None:
            way = "same" if abs(percent) < Decimal("0.05") else "up" if percent > 0 else "down"
            text = format_percent(abs(percent), self.lang)
            pairs = self._count(used.paired_facilities)
            change = self.say(f"consumption.{way}", percent=text, year=used.years[-2], pairs=pairs)
        return self.say(
            "consumption.line_estimated" if used.last_year_estimated else "consumption.line",
            name=clean(row.resource),
            year=used.years[-1],
            value=format_number(now, self.lang, row.decimals) + self._cite(row.figure_code),
            unit=clean(row.unit),
            change=change,
        )

    def _number(self, value: Decimal | int | None) -> str:
        return format_number(value, self.lang, 0)

    def _count(self, value: int) -> str:
        return format_count(value, self.lang)

    def _count_or_dash(self, value: int | None) -> str:
        return self._number(None) if value is None else self._count(value)
