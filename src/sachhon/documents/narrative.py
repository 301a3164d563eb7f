"""The sentences of the province's report, as an officer would write them.

Every function gives paragraphs of one section. A figure with lineage is cited by its code; the writers turn
the cite into a footnote (`cites.split_cites`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import cycle

from sachhon.documents.cites import Citing
from sachhon.documents.model import (
    ConsumptionRow,
    SavingTotal,
    TargetRow,
    VoiceRow,
)
from sachhon.documents.numbers import (
    format_count,
    format_date_long,
    format_interval,
    format_number,
    format_percent,
    format_vnd,
)
from sachhon.documents.report_tables import STATES, share
from sachhon.documents.texts import clean

NO_BREAK = "\u00a0"
HELD_NAMED = 12  # more names than these make no sentence
_LETTERS = "abcdđeghiklmnopq"


class Narrative(Citing):
    def opening(self) -> str:
        data = self.data
        values = {"year": data.year, "body": self._body(), "province": clean(data.province)}
        basis = "; ".join(clean(b) for b in data.introduction.legal_basis)
        return self.say("opening", basis=basis, **values) if basis else self.say("opening.bare", **values)

    def general(self) -> list[str]:
        data, intro = self.data, self.data.introduction
        total = intro.facilities.value
        spread = ""
        if intro.sectors is not None:
            spread += self.say("general.sectors", sectors=self._count(intro.sectors))
        if intro.areas is not None:
            spread += self.say("general.areas", areas=self._count(intro.areas))
        sizes = [
            self.say(
                "general.size",
                count=self._count(s.facilities),
                name=clean(s.name),
                share=format_percent(share(s.facilities, int(total or 0)), self.lang),
            )
            for s in intro.by_size
        ]
        first = self.say(
            "general.facilities",
            province=clean(data.province),
            facilities=format_number(total, self.lang, 0) + self._cite(intro.facilities.figure_code),
            spread=spread,
            sizes=self.say("general.sizes", sizes=self._list(sizes)) if sizes else "",
        )
        texts = [first]
        for figure in intro.further:
            value = format_number(figure.value, self.lang, figure.decimals) + self._cite(figure.figure_code)
            texts.append(
                self.say("general.figure", name=clean(figure.name), value=value, unit=clean(figure.unit))
            )
        texts += [clean(remark) for remark in intro.remarks]
        plan, period = data.plan, ""
        if plan.first_year and plan.last_year:
            period = self.say("general.plan_years", first=plan.first_year, last=plan.last_year)
        texts.append(self.say("general.plan", plan=clean(plan.titled), period=period))
        return texts

    def reporting(self, appendix: str | None) -> list[str]:
        status = self.data.reporting
        submitted = status.on_time + status.late
        text = self.say(
            "reporting.count",
            year=self.data.year,
            due=format_date_long(status.due, self.lang),
            as_of=format_date_long(status.as_of, self.lang),
            submitted=self._number(submitted),
            required=self._number(status.required),
            share=format_percent(share(submitted, status.required), self.lang),
            on_time_share=format_percent(share(status.on_time, status.required), self.lang),
            on_time=self._count(status.on_time),
            late=self._count(status.late),
            missing=self._count(status.missing),
            cite=self._cite(status.figure_code),
        )
        text += " " + self.say("reporting.accepted", accepted=self._count(status.accepted))
        texts = [text]
        if status.held:
            names = "; ".join(clean(name) for name in status.held[:HELD_NAMED])
            if len(status.held) > HELD_NAMED:
                names += "; …"
            texts.append(self.say("reporting.held", count=self._count(len(status.held)), names=names))
        if status.with_estimated_months:
            correction = ""
            if status.correction_due:
                due = format_date_long(status.correction_due, self.lang)
                correction = self.say("reporting.correction", due=due)
            count = self._count(status.with_estimated_months)
            texts.append(self.say("reporting.estimates", count=count, correction=correction))
        if appendix:
            texts.append(self.say("reporting.list", appendix=appendix))
        return texts

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

    def cuts(self, area_appendix: str | None) -> list[str]:
        texts = []
        sector = self.data.breakdown("sector")
        if sector and sector.rows:
            leaders = sorted((r for r in sector.rows if r.applying), key=lambda r: -r.applying)[:3]
            named = [
                self.say(
                    "cuts.leader",
                    name=clean(r.name),
                    applying=self._number(r.applying),
                    facilities=self._number(r.facilities),
                )
                for r in leaders
            ]
            if named:
                texts.append(self.say("cuts.sector", leaders="; ".join(named)))
        if area_appendix:
            texts.append(self.say("cuts.area", appendix=area_appendix))
        return texts

    def consumption(self) -> list[str]:
        lines = [self._consumed(row) for row in self.data.consumption.totals if row.by_year[-1] is not None]
        counted = self.data.consumption.reporters
        uneven = counted is not None and len(set(counted.by_year)) > 1
        reporters = self.say("consumption.reporters") if uneven else ""
        return [self.say("consumption.intro", reporters=reporters), *lines]

    def voices(self, kind: str, rows: Sequence[VoiceRow]) -> list[str]:
        if not rows:
            return [self.say(f"{kind}.none")]
        most = max(rows, key=lambda r: r.facilities)
        return [
            self.say(
                f"{kind}.count",
                count=self._count(len(rows)),
                name=clean(most.name).rstrip("."),
                facilities=self._count(most.facilities),
            )
        ]

    def closing(self) -> str:
        data = self.data
        return self.say(
            f"closing.{data.audience}",
            year=data.year,
            province=clean(data.province),
            body=self._body(),
            addressee=self._list([clean(a) for a in data.letterhead.addressees]),
        )

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
        return self.say(
            line,
            mark=mark,
            name=clean(target.name),
            target=clean(target.target_text).replace(" ", NO_BREAK),
            until=until,
            numerator=self._count_or_dash(target.numerator),
            known=self._count(target.known),
            unknown=self._count(target.unknown),
            denominator=self._count_or_dash(target.denominator),
            estimate=format_number(target.estimate, self.lang, 1) + unit,
            cite=self._cite(target.figure_code),
            interval=interval,
            verdict=self.say(verdict, gap=self._count(target.gap_facilities or 0)),
        )

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

    def _body(self) -> str:
        return clean(self.data.letterhead.issuing_body_name)

    def _number(self, value: Decimal | int | None) -> str:
        return format_number(value, self.lang, 0)

    def _count(self, value: int) -> str:
        return format_count(value, self.lang)

    def _count_or_dash(self, value: int | None) -> str:
        return self._number(None) if value is None else self._count(value)

    def _list(self, items: Sequence[str]) -> str:
        if len(items) < 2:
            return "".join(items)
        return ", ".join(items[:-1]) + self.say("list.and") + items[-1]
