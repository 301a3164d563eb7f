"""The sentences of the province's report, as an officer would write them.

Every function gives paragraphs of one section. A figure with lineage is cited by its code; the writers turn
the cite into a footnote (`cites.split_cites`). What the year came to stands in `narrative_results`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sachhon.documents.model import Figure, VoiceRow
from sachhon.documents.narrative_results import Results
from sachhon.documents.numbers import format_date_long, format_number, format_percent
from sachhon.documents.report_tables import share
from sachhon.documents.texts import clean

HELD_NAMED = 12  # more names than these make no sentence


class Narrative(Results):
    """The sentences around the results: opening, who reported, where, difficulties, closing."""

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
            facilities=self._amount(intro.facilities) + self._cite(intro.facilities.figure_code),
            spread=spread,
            sizes=self.say("general.sizes", sizes=self._list(sizes)) if sizes else "",
        )
        texts = [first]
        for figure in intro.further:
            value = self._amount(figure) + self._cite(figure.figure_code)
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
            submitted=self._count(submitted),
            required=self._count(status.required),
            share=format_percent(share(submitted, status.required), self.lang),
            on_time_share=format_percent(share(status.on_time, status.required), self.lang),
            on_time=self._count(status.on_time),
            late=self._count(status.late),
            missing=self._count(status.missing),
            cite=self._cite(status.figure_code),
        )
        text += " " + self.say("reporting.accepted", accepted=self._count(status.accepted))
        texts = [text]
        for kind, held in (("held", status.held), ("held_records", status.held_records)):
            if held:
                names = "; ".join(
                    [*map(clean, held[:HELD_NAMED]), *(["…"] if len(held) > HELD_NAMED else [])]
                )
                texts.append(self.say(f"reporting.{kind}", count=self._count(len(held)), names=names))
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

    def cuts(self, area_appendix: str | None) -> list[str]:
        texts = []
        sector = self.data.breakdown("sector")
        if sector and sector.rows:
            leaders = sorted((r for r in sector.rows if r.applying), key=lambda r: -r.applying)[:3]
            named = [
                self.say(
                    "cuts.leader",
                    name=clean(r.name),
                    applying=self._count(r.applying),
                    facilities=self._count(r.facilities),
                )
                for r in leaders
            ]
            if named:
                texts.append(self.say("cuts.sector", leaders="; ".join(named)))
        if area_appendix:
            texts.append(self.say("cuts.area", appendix=area_appendix))
        return texts

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

    def _amount(self, figure: Figure) -> str:
        """What is counted as a count, what is measured with the digits of its figure."""
        if isinstance(figure.value, int):
            return self._count(figure.value)
        return format_number(figure.value, self.lang, figure.decimals)

    def closing(self) -> str:
        data = self.data
        return self.say(
            f"closing.{data.audience}",
            year=data.year,
            province=clean(data.province),
            body=self._body(),
            addressee=self._list([clean(a) for a in data.letterhead.addressees]),
        )

    def _body(self) -> str:
        return clean(self.data.letterhead.issuing_body_name)

    def _list(self, items: Sequence[str]) -> str:
        if len(items) < 2:
            return "".join(items)
        return ", ".join(items[:-1]) + self.say("list.and") + items[-1]
