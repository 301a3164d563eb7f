"""What was consumed, made and given off: totals by year, TOE and CO₂, specific consumption by trade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from sachhon.warehouse.rollup.scope import ACCEPTED, HANDED_IN, Scope, facilities, of_facilities
from sachhon.warehouse.snapshot import Warehouse


@dataclass(frozen=True)
class RecordSum:
    """A year's total of one item in its unit. not_good : the part of it that is estimated or suspect; accepted : the
    part of facilities whose annual report an officer accepted; unreported : that of facilities whose records stand
    in no report that was sent. What is left waits for acceptance."""

    year: int
    flow: str
    item_code: str
    item_kind: str
    unit: str
    quantity: Decimal
    not_good: Decimal | None
    accepted: Decimal | None
    unreported: Decimal | None
    cost_vnd: int | None
    facilities: int
    records: int


@dataclass(frozen=True)
class EnergySum:
    """A year's TOE and t CO₂ over the resources with a factor; the others are named, not counted as zero.

    accepted, unreported : the parts of toe and co2_t so called in `RecordSum`.
    """

    year: int
    toe: Decimal
    co2_t: Decimal
    without_toe: tuple[str, ...]
    without_co2: tuple[str, ...]
    accepted_toe: Decimal = Decimal(0)
    accepted_co2_t: Decimal = Decimal(0)
    unreported_toe: Decimal = Decimal(0)
    unreported_co2_t: Decimal = Decimal(0)


@dataclass(frozen=True)
class Paired:
    """The same facilities in two years: those with energy records in both. Without any, the sums are zero."""

    before: EnergySum
    now: EnergySum
    facilities: int


@dataclass(frozen=True)
class TradeIntensity:
    """Specific consumption of one resource in one trade, per unit of output.

    mean : Σ consumption / Σ output of the facilities that have both and make products of one unit only;
    q10 … q90 : quantiles over these facilities.
    """

    trade: str
    resource_code: str
    unit: str
    output_unit: str
    facilities: int
    mean: Decimal
    q10: float
    q25: float
    median: float
    q75: float
    q90: float


def record_totals(
    warehouse: Warehouse, scope: Scope, years: Sequence[int] | None = None, flow: str = "consumption"
) -> tuple[RecordSum, ...]:
    """Totals by year and item. Each of `years` (by default the scope's) is taken with its own facilities."""
    rows = warehouse.rows(record_sums(warehouse, scope, flow, years))
    return tuple(RecordSum(flow=flow, **row) for row in rows)


def energy_totals(
    warehouse: Warehouse,
    scope: Scope,
    years: Sequence[int] | None = None,
    records: Sequence[RecordSum] | None = None,
) -> tuple[EnergySum, ...]:
    """TOE and CO₂ of what was consumed, by year, with the factors of that year; exact in decimals.

    records : the totals of these years, where `record_totals` was asked for them already.
    """
    factors = {(row["year"], row["resource_code"]): row for row in warehouse.rows(warehouse.table("factor"))}
    sums: dict[int, EnergySum] = {
        year: EnergySum(year, Decimal(0), Decimal(0), (), ()) for year in sorted(set(years or [scope.year]))
    }
    for row in record_totals(warehouse, scope, years) if records is None else records:
        if row.item_kind not in ENERGY_KINDS:
            continue
        factor = factors.get((row.year, row.item_code), {})
        toe, kgco2 = factor.get("toe_per_unit"), factor.get("kgco2_per_unit")
        so_far = sums[row.year]
        parts = {"": row.quantity, "accepted_": row.accepted or 0, "unreported_": row.unreported or 0}
        added = {}
        for name, quantity in parts.items():
            added[f"{name}toe"] = getattr(so_far, f"{name}toe") + (quantity * toe if toe is not None else 0)
            co2 = quantity * kgco2 / 1000 if kgco2 is not None else 0
            added[f"{name}co2_t"] = getattr(so_far, f"{name}co2_t") + co2
        sums[row.year] = replace(
            so_far,
            **added,
            without_toe=(*so_far.without_toe, *([row.item_code] if toe is None else [])),
            without_co2=(*so_far.without_co2, *([row.item_code] if kgco2 is None else [])),
        )
    return tuple(sums.values())


ENERGY_KINDS = frozenset({"electricity", "fuel", "heat"})


def paired_energy(warehouse: Warehouse, scope: Scope, before: int) -> Paired:
    """TOE and CO₂ of the scope's year and of `before`, over the facilities with energy records in both.

    Totals of two years with other numbers of reports behind them tell nothing of a rise or fall.
    """
    years = (before, scope.year)
    both = paired_records(warehouse, scope, before)
    keys = ["year", "item_code", "item_kind", "unit"]
    sums = both.group_by(keys).agg(quantity=both.quantity.sum()).order_by(keys)
    records = [
        RecordSum(
            flow="consumption",
            not_good=None,
            accepted=None,
            unreported=None,
            cost_vnd=None,
            facilities=0,
            records=0,
            **row,
        )
        for row in warehouse.rows(sums)
    ]
    first, last = energy_totals(warehouse, scope, years, records)
    (count,) = warehouse.rows(both.aggregate(n=both.facility_id.nunique()))
    return Paired(first, last, count["n"])


def paired_records(warehouse: Warehouse, scope: Scope, before: int) -> Any:
    """Expression behind `paired_energy`: energy records of both years, of the facilities that have them in both.

    Summed by facility first: what follows then goes over a twelfth of the rows.
    """
    years = (before, scope.year)
    used = warehouse.table("record")
    used = used.filter(
        used.year.isin(years), used.flow == "consumption", used.item_kind.isin(sorted(ENERGY_KINDS))
    )
    keys = ["facility_id", "year", "item_code", "item_kind", "unit"]
    used = of_facilities(
        used.group_by(keys).agg(quantity=used.quantity.sum()), facilities(warehouse, scope, years)
    )
    spans = used.mutate(
        first_year=used.year.min().over(group_by="facility_id"),
        last_year=used.year.max().over(group_by="facility_id"),
    )
    return spans.filter(spans.first_year < spans.last_year).select(*keys, "quantity")


def energy_reporters(warehouse: Warehouse, scope: Scope, years: Sequence[int]) -> dict[int, int]:
    """How many facilities have energy records of each year: without it the totals of two years cannot be read."""
    found = {row["year"]: row["facilities"] for row in warehouse.rows(energy_counts(warehouse, scope, years))}
    return {year: found.get(year, 0) for year in years}


def energy_counts(warehouse: Warehouse, scope: Scope, years: Sequence[int]) -> Any:
    """Expression behind `energy_reporters`."""
    used = warehouse.table("record")
    used = used.filter(
        used.year.isin(list(years)), used.flow == "consumption", used.item_kind.isin(sorted(ENERGY_KINDS))
    )
    used = of_facilities(used, facilities(warehouse, scope, years))
    return used.group_by("year").agg(facilities=used.facility_id.nunique()).order_by("year")


def trade_intensities(warehouse: Warehouse, scope: Scope) -> tuple[TradeIntensity, ...]:
    """Specific consumption by trade and resource in the scope's year, for benchmarks and plausibility."""
    frame = warehouse.frame(facility_intensities(warehouse, scope))
    groups: dict[tuple[str, str, str, str], list[int]] = {}
    keys = zip(
        *(frame.column(name).to_pylist() for name in ("trade", "item_code", "unit", "output_unit")),
        strict=True,
    )
    for index, key in enumerate(keys):
        groups.setdefault(key, []).append(index)
    consumption, output = frame.column("consumption").to_pylist(), frame.column("output").to_pylist()
    found = []
    for (trade, resource, unit, output_unit), members in sorted(groups.items()):
        values = np.array([float(consumption[i]) / float(output[i]) for i in members])
        q10, q25, median, q75, q90 = (float(q) for q in np.quantile(values, [0.1, 0.25, 0.5, 0.75, 0.9]))
        mean = sum((consumption[i] for i in members), Decimal(0)) / sum(output[i] for i in members)
        found.append(
            TradeIntensity(trade, resource, unit, output_unit, len(members), mean, q10, q25, median, q75, q90)
        )
    return tuple(found)


def record_sums(warehouse: Warehouse, scope: Scope, flow: str, years: Sequence[int] | None = None) -> Any:
    """Expression behind `record_totals`."""
    span = list(years or [scope.year])
    table = warehouse.table("record")
    table = table.filter(table.year.isin(span), table.flow == flow)
    chosen = facilities(warehouse, scope, span).select("facility_id", "year", "report_state")
    table = table.inner_join(chosen, ["facility_id", "year"])
    keys = ["year", "item_code", "item_kind", "unit"]
    return (
        table.group_by(keys)
        .agg(
            quantity=table.quantity.sum(),
            not_good=table.quantity.sum(where=table.quality != "good"),
            accepted=table.quantity.sum(where=table.report_state.isin(ACCEPTED)),
            unreported=table.quantity.sum(where=table.report_state.notin(HANDED_IN)),
            cost_vnd=table.cost_vnd.sum(),
            facilities=table.facility_id.nunique(),
            records=table.count(),
        )
        .order_by(keys)
    )


def facility_intensities(warehouse: Warehouse, scope: Scope) -> Any:
    """Expression: trade, facility_id, item_code, unit, output_unit, consumption, output, for facilities
    whose output of the year is above zero and in one unit."""
    chosen = facilities(warehouse, scope).select("facility_id", "trade")
    table = warehouse.table("record")
    table = table.filter(table.year == scope.year)
    made = table.filter(table.flow == "output", table.quantity > 0)
    made = made.group_by("facility_id").agg(
        output=made.quantity.sum(), output_unit=made.unit.min(), units=made.unit.nunique()
    )
    made = made.filter(made.units == 1).drop("units")
    used = table.filter(table.flow == "consumption", table.quantity > 0)
    used = used.group_by("facility_id", "item_code", "unit").agg(consumption=used.quantity.sum())
    joined = used.join(made, "facility_id").join(chosen, "facility_id")
    return joined.select(
        "trade", "facility_id", "item_code", "unit", "output_unit", "consumption", "output"
    ).order_by("trade", "item_code", "facility_id", "unit")
