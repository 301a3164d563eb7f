"""The lineage of the province's figures: what each was added up from, with records, factors and formula.

Made from the same `Rolled` numbers that the pages and the report print, in the same pass.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal

from sachhon import __version__, reference
from sachhon.apps.programme.services.targets import fact_entry, store_figures, term
from sachhon.apps.registry.models import Figure
from sachhon.apps.reporting.deadlines import report_due
from sachhon.apps.reporting.facts import ProvinceFacts
from sachhon.apps.reporting.models import Saving
from sachhon.apps.reporting.services.province.codes import code
from sachhon.apps.reporting.services.province.counted import Member, kept
from sachhon.apps.reporting.services.province.rolling import CUTS, Rolled, money
from sachhon.apps.reporting.services.province.sources import IDS_KEPT, record_ids
from sachhon.apps.reporting.services.province.words import (
    both,
    group_name,
    province_name,
    resource_name,
    unit_name,
)
from sachhon.documents.numbers import format_date_short, format_term
from sachhon.warehouse.rollup.consumption import ENERGY_KINDS
from sachhon.warehouse.rollup.reporting import GroupCount
from sachhon.warehouse.rollup.savings import SavingSum

TERMS_KEPT = 40
DONG = unit_name("VND", "vi")  # formulas are kept in their Vietnamese form
Terms = list[dict]


def keep(rolled: Rolled, source: ProvinceFacts) -> list[Figure]:
    """Stores the figures of the province and year, drops those of an older computation; returns them."""
    figures = _Maker(rolled, source).figures()
    store_figures(figures)
    own = Figure.objects.filter(code__startswith=code(rolled.province, rolled.year) + ":", issued=False)
    own.exclude(code__in=[f.code for f in figures]).delete()
    return figures


class _Maker:
    def __init__(self, rolled: Rolled, source: ProvinceFacts) -> None:
        self.rolled, self.source = rolled, source
        self.place = (province_name(rolled.province, "vi"), province_name(rolled.province, "en"))
        self.words = {"province": self.place, "year": rolled.year}

    def figures(self) -> list[Figure]:
        return [
            *self._counts(),
            *self._savings(),
            *self._solutions(),
            *self._consumption(),
            *self._cuts(),
            *self._voices(),
        ]

    def _counts(self) -> list[Figure]:
        total, members = self.rolled.total, self.rolled.members
        share = Decimal(100 * total.on_time) / total.facilities if total.facilities else None
        rows = [
            ("N", "required", total.facilities), ("x", "on_time", total.on_time), ("", "late", total.late),
            ("", "missing", total.missing), ("", "accepted", total.accepted),
        ]  # fmt: skip
        formula = (
            ""
            if share is None
            else f"p = x / N = {total.on_time} / {total.facilities} = {format_term(share)}%"
        )
        due = reference.fact("deadlines.annual_report", datetime.date(self.rolled.year, 12, 31))
        day = report_due(self.rolled.year)
        shown = (format_date_short(day, "vi"), format_date_short(day, "en"))
        return [
            self._figure(
                ("facilities",), "figure.facilities", total.facilities, note="note.facilities",
                records=kept(members),
            ),
            self._figure(
                ("key_users",), "figure.key_users", self.rolled.key_energy_users,
                records=kept(m for m in members if m.key_energy_user),
            ),
            self._figure(
                ("energy_reporters",), "figure.energy_reporters",
                self.rolled.energy_reporters[self.rolled.year],
                terms=[
                    term((str(year), str(year)), "n", count)
                    for year, count in self.rolled.energy_reporters.items()
                ],
            ),
            self._figure(
                ("reporting",), "figure.reporting", share, unit="%", formula=formula, note="note.reporting",
                terms=[term(both(f"term.{key}"), symbol, value) for symbol, key, value in rows],
                facts=[fact_entry(due, shown[0])], words={"due": shown},
                records=kept(members, lambda m: m.on_time),
            ),
        ]  # fmt: skip

    def _savings(self) -> list[Figure]:
        by_facility = self._facility_savings()
        made = []
        for s in self.rolled.saving_totals:
            terms = self._saving_terms(s)
            parts = [r for r in self.rolled.savings if r.state == s.state]
            for row in parts[:TERMS_KEPT]:
                name = (
                    resource_name(row.resource_code or "", "vi"),
                    resource_name(row.resource_code or "", "en"),
                )
                own = code(self.rolled.province, self.rolled.year, "saving", s.state, row.resource_code or "")
                terms.append(term(name, "Σ", money(row.vnd), "VND", own))
            made.append(
                self._figure(
                    ("saving", s.state), "figure.saving_total", money(s.vnd), unit="VND", state=s.state,
                    formula=_sum_of_money(s), terms=terms, note=f"note.saving.{s.state}",
                    words={"state": both(f"state.{s.state}")},
                )
            )  # fmt: skip
        for s in self.rolled.savings_of_applying:
            made.append(
                self._figure(
                    ("saving_of_applying", s.state), "figure.saving_of_applying", money(s.vnd), unit="VND",
                    state=s.state, formula=_sum_of_money(s), terms=self._saving_terms(s),
                    note=f"note.saving.{s.state}", words={"state": both(f"state.{s.state}")},
                )
            )  # fmt: skip
        for s in self.rolled.savings:
            item = s.resource_code or ""
            name = (resource_name(item, "vi"), resource_name(item, "en"))
            terms = self._saving_terms(s)
            for facility, quantity, own in by_facility.get((s.state, item), [])[:TERMS_KEPT]:
                label = both("term.of_facility", resource=name, facility=facility)
                terms.append(term(label, "ΔE", quantity, s.unit or "", own))
            made.append(
                self._figure(
                    ("saving", s.state, item), "figure.saving", s.quantity, unit=s.unit or "", state=s.state,
                    formula=f"Σ ΔE = {format_term(s.quantity)}", terms=terms, facts=self._factors(item),
                    note=f"note.saving.{s.state}", words={"resource": name, "state": both(f"state.{s.state}")},
                )
            )  # fmt: skip
        return made

    @staticmethod
    def _saving_terms(s: SavingSum) -> Terms:
        rows = [
            ("n", "facilities", s.facilities, ""), ("VND", "vnd", money(s.vnd), "VND"), ("TOE", "toe", s.toe, "TOE"),
            ("CO₂", "co2", s.co2_t, "tCO2e"),
        ]  # fmt: skip
        if s.rows_without_vnd:
            rows.append(("", "no_vnd", s.rows_without_vnd, ""))
        if s.rows_without_toe:
            rows.append(("", "no_toe", s.rows_without_toe, ""))
        return [term(both(f"term.{key}"), symbol, value, unit) for symbol, key, value, unit in rows]

    def _facility_savings(self) -> dict[tuple[str, str], list[tuple[str, Decimal, str | None]]]:
        """(state, resource) → facility, quantity, code of its own figure; the largest first."""
        found: dict[tuple[str, str], list] = {}
        rows = (
            Saving.objects.filter(
                report__facility__province_code=self.rolled.province, report__year=self.rolled.year
            )
            .order_by("-quantity")
            .values_list(
                "report_id", "state", "resource__code", "report__facility__code", "quantity", "figure__code"
            )
        )
        for report, state, resource, facility, quantity, own in rows.iterator(2000):
            if report in self.source.ids:
                found.setdefault((state, resource), []).append((facility, quantity, own))
        return found

    def _solutions(self) -> list[Figure]:
        names = {f.code: (f.name("vi"), f.name("en")) for f in reference.option_groups()}
        made = []
        named = [
            (s, ("solutions",) if s.group is None else ("solutions", s.group)) for s in self.rolled.solutions
        ]
        for s, parts in [*named, (self.rolled.solutions_of_year, ("solutions_of_year",))]:
            rows = [
                ("n", "facilities", s.facilities, ""), ("", "investment", money(s.investment_vnd), "VND"),
                ("", "yearly", money(s.saving_vnd), "VND"),
            ]  # fmt: skip
            made.append(
                self._figure(
                    parts, f"figure.{parts[0]}" if s.group is None else "figure.solution_group", s.solutions,
                    state=Figure.State.REPORTED,
                    terms=[term(both(f"term.{key}"), symbol, value, unit) for symbol, key, value, unit in rows],
                    words={} if s.group is None else {"group": names[s.group]},
                )
            )  # fmt: skip
        return made

    def _consumption(self) -> list[Figure]:
        now = [r for r in self.rolled.consumption if r.year == self.rolled.year]
        made, ids_of_energy = [], []
        for row in now:
            ids = record_ids(self.source, row.item_code)
            if row.item_kind in ENERGY_KINDS:
                ids_of_energy += ids[:40]
            name = (resource_name(row.item_code, "vi"), resource_name(row.item_code, "en"))
            terms = [term(both("term.facilities"), "n", row.facilities)]
            terms += _basis(row.quantity, row.accepted, row.unreported, row.unit)
            if row.not_good:
                terms.append(term(both("term.not_good"), "", row.not_good, row.unit))
            made.append(
                self._figure(
                    ("consumption", row.item_code), "figure.consumption", row.quantity, unit=row.unit,
                    state=Figure.State.REPORTED, formula=f"Σ E = {format_term(row.quantity)}", terms=terms,
                    records={"count": row.records, "ids": ids}, facts=self._factors(row.item_code),
                    note="note.estimated" if row.not_good else "", words={"resource": name},
                )
            )  # fmt: skip
        energy = [r for r in now if r.item_kind in ENERGY_KINDS]
        count = sum(r.records for r in energy)
        latest = self.rolled.energy[-1]
        for kind, field, unit, without in (
            ("toe", "toe", "TOE", latest.without_toe),
            ("co2", "co2_t", "tCO2e", latest.without_co2),
        ):
            value, facts = getattr(latest, field), []
            parts = (getattr(latest, f"{part}_{field}") for part in ("accepted", "unreported"))
            terms = _basis(value, *parts, unit)
            for row in energy:
                name = (resource_name(row.item_code, "vi"), resource_name(row.item_code, "en"))
                own = code(self.rolled.province, self.rolled.year, "consumption", row.item_code)
                terms.append(term(both("term.use", resource=name), "Q", row.quantity, row.unit, own))
                facts += self._factors(row.item_code, kind)
            note = ""
            if without:
                missing = tuple(", ".join(resource_name(c, lang) for c in without) for lang in ("vi", "en"))
                note = "note.without"
                self.words["resources"] = missing
            made.append(
                self._figure(
                    (kind,), f"figure.{kind}", value, unit=unit, state=Figure.State.REPORTED,
                    formula=f"Σ Q·f = {format_term(value)} {unit_name(unit, 'vi')}", terms=terms, facts=facts,
                    note=note,
                    records={"count": count, "ids": ids_of_energy[:IDS_KEPT]},
                )
            )  # fmt: skip
        return made

    def _cuts(self) -> list[Figure]:
        made = []
        for kind, column in CUTS.items():
            made.append(self._cut((kind,), self.place, self.rolled.total, self.rolled.members))
            for count in self.rolled.cuts[kind]:
                name = tuple(
                    group_name(kind, count.group, self.rolled.area_names, lang) for lang in ("vi", "en")
                )
                members = [m for m in self.rolled.members if getattr(m, column) == count.group]
                made.append(self._cut((kind, count.group or "none"), (name[0], name[1]), count, members))
        return made

    def _cut(
        self, parts: tuple[str, ...], name: tuple[str, str], count: GroupCount, members: Iterable[Member]
    ) -> Figure:
        rows = [
            ("N", "facilities", count.facilities), ("", "reported", count.reported), ("", "aware", count.aware),
            ("x", "applying", count.applying), ("", "cp_unit", count.cp_unit),
        ]  # fmt: skip
        terms = [term(both(f"term.{key}"), symbol, value) for symbol, key, value in rows]
        return self._figure(
            parts, "figure.cut", count.applying, terms=terms, words={"group": name},
            records=kept(members, lambda m: m.applying),
        )  # fmt: skip

    def _voices(self) -> list[Figure]:
        made = []
        for kind in ("difficulty", "request"):
            for i, voice in enumerate((v for v in self.rolled.voices if v.kind == kind), 1):
                name = (voice.name, voice.name) if voice.name else both("voices.more")
                short = (name[0][:180], name[1][:180])
                made.append(
                    self._figure((kind, str(i)), "figure.voice", voice.facilities, words={"name": short})
                )
        return made

    def _factors(self, item: str, kind: str = "") -> list[dict]:
        day = datetime.date(self.rolled.year, 12, 31)
        found = []
        for one, find in (("toe", reference.toe_factor), ("co2", reference.co2_factor)):
            if kind in ("", one):
                try:
                    found.append(fact_entry(find(item, day)))
                except reference.FactNotFound:
                    continue
        return found

    def _figure(
        self, parts, label, value, *, unit="", state=Figure.State.DERIVED, formula="", terms=(), facts=(),
        records=None, note="", words=None,
    ) -> Figure:  # fmt: skip
        params = {**self.words, **(words or {})}
        labels = both(label, **params)
        notes = both(note, **params) if note else ("", "")
        query = {"province": self.rolled.province, "year": self.rolled.year}
        return Figure(
            code=code(self.rolled.province, self.rolled.year, *parts),
            label_vi=labels[0][:255],
            label_en=labels[1][:255],
            value=None if value is None else Decimal(str(value)).quantize(Decimal("0.000000001")),
            unit=unit,
            state=state,
            formula=formula,
            terms=list(terms),
            records={"count": 0, "ids": [], **(records or {}), "query": query},
            facts=list(facts),
            function="sachhon.warehouse.rollup",
            function_version=__version__,
            note_vi=notes[0][:512],
            note_en=notes[1][:512],
            province_code=self.rolled.province,
        )


def _sum_of_money(s: SavingSum) -> str:
    return "" if s.vnd is None else f"Σ = {format_term(s.vnd)} {DONG}"


def _basis(whole: Decimal, accepted: Decimal | None, unreported: Decimal | None, unit: str) -> list[dict]:
    """What a sum stands on: reports accepted, reports that wait, and records of facilities without a report."""
    accepted, unreported = accepted or Decimal(0), unreported or Decimal(0)
    parts = {"accepted": accepted, "waiting": whole - accepted - unreported, "unreported": unreported}
    return [term(both(f"term.of_{name}"), "", value, unit) for name, value in parts.items()]
