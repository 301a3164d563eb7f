"""The figures of a province and year, rolled up from its snapshot: plain numbers and codes, no words.

One pass over the snapshot in force; `composing` puts the words to it, `figures` the lineage.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from sachhon import reference
from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting.deadlines import LOCAL, report_due
from sachhon.apps.reporting.facts import YEARS_BACK, ProvinceFacts
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.services.province.closing import Secret, close_cut, close_solutions, secrets_of
from sachhon.apps.reporting.services.province.closing_prices import (
    Sums,
    close_sums,
    priced_secrets,
    prices_of,
)
from sachhon.apps.reporting.services.province.counted import Member, SolutionCount
from sachhon.warehouse.publish import Warehouse
from sachhon.warehouse.rollup import (
    Scope,
    energy_reporters,
    energy_totals,
    facilities_with_estimates,
    group_counts,
    paired_energy,
    record_totals,
    saving_totals,
)
from sachhon.warehouse.rollup.consumption import EnergySum, Paired, RecordSum
from sachhon.warehouse.rollup.reporting import GroupCount
from sachhon.warehouse.rollup.savings import SavingSum
from sachhon.warehouse.rollup.scope import facilities, of_facilities

CUTS = {"sector": "trade", "area": "area_key", "size": "size_class"}
MOST_VOICES = 12
EXAMPLES = 3


@dataclass(frozen=True)
class Voice:
    """A difficulty or request as factories put it, and how many named it. `name` empty: all further ones."""

    kind: str
    name: str
    facilities: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Late:
    """A facility that was late or has not reported."""

    name: str
    tax_code: str
    area: str
    area_key: str
    trade: str
    submitted: datetime.date | None
    days_late: int | None


@dataclass(frozen=True)
class Rolled:
    """Everything the province's pages and report say about one year, in numbers and codes."""

    province: str
    year: int
    as_of: datetime.date
    years: tuple[int, ...]
    total: GroupCount
    cuts: dict[str, tuple[GroupCount, ...]]
    area_names: dict[str, str]
    savings: tuple[SavingSum, ...]
    saving_totals: tuple[SavingSum, ...]
    savings_of_applying: tuple[SavingSum, ...]
    savers: frozenset[tuple[int, str, str]]  # (facility, state, resource)
    saving_cuts: dict[str, tuple[SavingSum, ...]]
    baseline_years: tuple[int, ...]
    solutions: tuple[SolutionCount, ...]  # of this and all earlier years, the total last
    solutions_of_year: SolutionCount
    treatments: int
    consumption: tuple[RecordSum, ...]
    energy: tuple[EnergySum, ...]
    energy_reporters: dict[int, int]  # by year
    estimated: int
    members: tuple[Member, ...]  # every facility counted in `total`
    key_energy_users: int
    voices: tuple[Voice, ...]
    late: tuple[Late, ...]
    held: tuple[str, ...]  # facilities whose report waits with a grave doubt: their quantities are in no sum
    held_records: tuple[str, ...]  # those whose records, which no report covers, wait with one
    paired: Paired
    on_changed_records: tuple[
        str, ...
    ]  # facilities with a saving verified on records that were changed since


def roll(warehouse: Warehouse, source: ProvinceFacts) -> Rolled:
    """Rolls the province of `source` up from its snapshot."""
    province, year = source.province, source.year
    scope = Scope(year, province_code=province)
    years = tuple(range(year - YEARS_BACK, year + 1))
    table = facilities(warehouse, scope)
    names = warehouse.rows(table.select("area_key", "commune_name").distinct())
    members = _members(warehouse, table, province)
    operating = {m.facility_id for m in members}
    total, *_none = group_counts(warehouse, scope)
    consumption = record_totals(warehouse, scope, years)
    hidden, prices = secrets_of(province, year), prices_of(province)
    secrets = (*hidden, *priced_secrets(prices, year))
    sums = close_sums(
        _sums(warehouse, scope, [s for s in hidden if s.year == year]),
        _savers(warehouse, scope, valued=True),
        prices,
        members,
    )
    return Rolled(
        province=province,
        year=year,
        as_of=source.today,
        years=years,
        total=total,
        cuts={kind: group_counts(warehouse, scope, by) for kind, by in CUTS.items()},
        area_names={row["area_key"]: row["commune_name"] for row in names},
        savings=sums.by_resource,
        saving_totals=sums.totals,
        savings_of_applying=sums.of_applying,
        savers=_savers(warehouse, scope),
        saving_cuts={kind: sums.cuts[by] for kind, by in CUTS.items()},
        baseline_years=_baselines(warehouse, scope),
        solutions=close_solutions(_solutions(warehouse, _until(warehouse, scope)), secrets),
        solutions_of_year=close_solutions(_solutions(warehouse, _of_year(warehouse, scope))[-1:], secrets)[0],
        treatments=_treatments(warehouse, scope),
        consumption=consumption,
        energy=energy_totals(warehouse, scope, years, consumption),
        energy_reporters=energy_reporters(warehouse, scope, years),
        estimated=facilities_with_estimates(warehouse, scope),
        members=members,
        key_energy_users=sum(m.key_energy_user for m in members),
        voices=_voices(warehouse, scope),
        late=_late(source, operating),
        held=_held(source, operating, has_report=True),
        held_records=_held(source, operating, has_report=False),
        paired=paired_energy(warehouse, scope, year - 1),
        on_changed_records=source.on_changed_records,
    )


def _members(warehouse: Warehouse, table, province: str) -> tuple[Member, ...]:
    """The facilities of `table`, in the order of their keys."""
    key_users = set(
        Facility.objects.filter(province_code=province, merged_into=None, key_energy_user="yes").values_list(
            "pk", flat=True
        )
    )
    groups = ("facility_id", *CUTS.values())
    rows = warehouse.rows(table.select(*groups, "applying", "submitted_on_time").order_by("facility_id"))
    return tuple(
        Member(
            **{name: row[name] for name in groups},
            key_energy_user=row["facility_id"] in key_users,
            applying=row["applying"] == 1,
            on_time=row["submitted_on_time"] is True,
        )
        for row in rows
    )


def _held(source: ProvinceFacts, operating: set[int], *, has_report: bool) -> tuple[str, ...]:
    """Names of the facilities whose year is in no sum, with a report of it or without."""
    counting = {key for key, found in source.counting.items() if found.report is not None}
    keys = {key for key in source.held if (key in counting) == has_report}
    return tuple(f.name for f in source.facilities if f.pk in operating and (f.pk, source.year) in keys)


def _sums(warehouse: Warehouse, scope: Scope, secrets: list[Secret]) -> Sums:
    """The savings of the year, each cut without what tells one of its `secrets`."""
    return Sums(
        saving_totals(warehouse, scope, by_resource=True),
        saving_totals(warehouse, scope),
        saving_totals(warehouse, scope, applying=True),
        {
            by: close_cut(saving_totals(warehouse, scope, by=by), _rows_of(warehouse, scope, by, secrets))
            for by in CUTS.values()
        },
    )


def _rows_of(warehouse: Warehouse, scope: Scope, by: str, secrets: list[Secret]) -> set[str | None]:
    """The rows of a cut that the factories of the secrets are counted in."""
    if not secrets:
        return set()
    table = facilities(warehouse, scope)
    table = table.filter(table.facility_id.isin(sorted({s.facility for s in secrets})))
    return {row[by] for row in warehouse.rows(table.select(by).distinct())}


def _baselines(warehouse: Warehouse, scope: Scope) -> tuple[int, ...]:
    table = warehouse.table("saving")
    table = table.filter(table.year == scope.year, table.state.isin(["reported", "verified"]))
    table = of_facilities(table, facilities(warehouse, scope))
    return tuple(
        sorted(row["baseline_year"] for row in warehouse.rows(table.select("baseline_year").distinct()))
    )


def _savers(warehouse: Warehouse, scope: Scope, *, valued: bool = False) -> frozenset[tuple[int, str, str]]:
    """Facility, state and resource of the year's savings; `valued`: of those with money."""
    table = warehouse.table("saving")
    table = of_facilities(table.filter(table.year == scope.year), facilities(warehouse, scope))
    if valued:
        table = table.filter(table.vnd.notnull())
    columns = warehouse.frame(table.select("facility_id", "state", "resource_code")).to_pydict()
    return frozenset(zip(*columns.values(), strict=True))


def _until(warehouse: Warehouse, scope: Scope):
    """Solutions of this and all earlier years, of the facilities in the scope."""
    table = warehouse.table("solution")
    return table.filter(table.year <= scope.year).semi_join(facilities(warehouse, scope), "facility_id")


def _of_year(warehouse: Warehouse, scope: Scope):
    """Those that the year's own reports name."""
    table = _until(warehouse, scope)
    return table.filter(table.year == scope.year)


def _solutions(warehouse: Warehouse, table) -> tuple[SolutionCount, ...]:
    """By group in the order of the reference, the total last."""
    table = table.filter(table.is_cp)
    sums = {
        "solutions": table["count"].sum(),
        "facilities": table.facility_id.nunique(),
        "investment_vnd": table.investment_vnd.sum(),
        "saving_vnd": table.saving_vnd.sum(),
    }
    found = {row.pop("group_code"): row for row in warehouse.rows(table.group_by("group_code").agg(**sums))}
    nothing = {"solutions": 0, "facilities": 0, "investment_vnd": None, "saving_vnd": None}
    by_group = [SolutionCount(f.code, **found.get(f.code, nothing)) for f in reference.option_groups()]
    (total,) = warehouse.rows(table.aggregate(**sums))
    return (*by_group, SolutionCount(None, **total | {"solutions": total["solutions"] or 0}))


def _treatments(warehouse: Warehouse, scope: Scope) -> int:
    table = _until(warehouse, scope)
    (row,) = warehouse.rows(table.filter(~table.is_cp).aggregate(n=table["count"].sum()))
    return row["n"] or 0


def _voices(warehouse: Warehouse, scope: Scope) -> tuple[Voice, ...]:
    """Grouped by category, or where none was chosen by the words themselves, whatever their case and marks."""
    table = warehouse.table("need")
    table = of_facilities(table.filter(table.year == scope.year), facilities(warehouse, scope))
    rows = warehouse.rows(table.select("facility_id", "kind", "category", "text").order_by("facility_id"))
    groups: dict[tuple[str, str], list[dict]] = {}
    for row in rows:
        groups.setdefault((row["kind"], row["category"] or reference.fold(row["text"])), []).append(row)
    found = []
    for kind in ("difficulty", "request"):
        mine = [members for (k, _key), members in groups.items() if k == kind]
        mine.sort(key=lambda members: (-len({m["facility_id"] for m in members}), members[0]["text"]))
        found += [_voice(kind, members) for members in mine[:MOST_VOICES]]
        if rest := [m for members in mine[MOST_VOICES:] for m in members]:
            examples = tuple(dict.fromkeys(m["text"] for m in rest))[:EXAMPLES]
            found.append(Voice(kind, "", len({m["facility_id"] for m in rest}), examples))
    return tuple(found)


def _voice(kind: str, members: list[dict]) -> Voice:
    texts = Counter(m["text"] for m in members)
    name = texts.most_common(1)[0][0]
    others = tuple(text for text, _n in texts.most_common(EXAMPLES + 1) if text != name)
    return Voice(kind, name, len({m["facility_id"] for m in members}), others[:EXAMPLES])


def _late(source: ProvinceFacts, operating: set[int]) -> tuple[Late, ...]:
    """Late ones first, the latest on top, then those that have not reported, by name."""
    year, due = source.year, report_due(source.year)
    sent = {
        facility: moment.astimezone(LOCAL).date()
        for facility, moment in AnnualReport.objects.filter(
            Q(revision=1) & Q(first_submitted_at__isnull=False),
            facility__province_code=source.province,
            year=year,
        ).values_list("facility_id", "first_submitted_at")
    }
    contacts = dict(
        Facility.objects.filter(province_code=source.province)
        .exclude(tax_code="")
        .values_list("pk", "tax_code")
    )
    rows = []
    for f in source.facilities:
        counting = source.counting.get((f.pk, year))
        on_time = counting.on_time if counting else None
        if f.pk not in operating or on_time:
            continue
        day = sent.get(f.pk) if on_time is False else None
        days = (day - due).days + 1 if day is not None else None
        key, area = source.place(f)
        rows.append(Late(f.name, contacts.get(f.pk, ""), area, key, f.trade, day, days))
    return tuple(
        sorted(rows, key=lambda r: (r.submitted is None, -(r.days_late or 0), reference.fold(r.name)))
    )


def money(value: int | Decimal | None) -> int | None:
    """A sum of VND as the documents want it."""
    return None if value is None else int(value)
