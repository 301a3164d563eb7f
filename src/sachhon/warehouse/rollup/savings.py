"""Savings and solutions summed, always apart by state: estimated, reported and verified never add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sachhon.warehouse.rollup.scope import Scope, facilities, of_facilities
from sachhon.warehouse.snapshot import Warehouse, WarehouseError

Cut = Literal["sector_code", "trade", "area_key", "size_class"]


@dataclass(frozen=True)
class SavingSum:
    """Savings of one state, and where asked of one resource or one group of facilities (`group`).

    quantity, unit : only by resource, else None. vnd, toe, co2_t : sums of what is known, None when nothing
    is; rows_without_vnd, rows_without_toe : how many savings the sum could not value. closed : its money is left
    out, since it would tell what a factory keeps to itself.
    """

    state: str
    resource_code: str | None
    group: str | None
    unit: str | None
    quantity: Decimal | None
    vnd: int | None
    toe: Decimal | None
    co2_t: Decimal | None
    facilities: int
    rows_without_vnd: int
    rows_without_toe: int
    closed: bool = False


@dataclass(frozen=True)
class RelativeSaving:
    """One resource over all facilities with both figures: relative_pct = 100 · saved / expected.

    Each facility counts with the first of the states asked for; None where nothing was expected.
    """

    resource_code: str
    unit: str
    facilities: int
    expected: Decimal
    saved: Decimal
    relative_pct: Decimal | None


@dataclass(frozen=True)
class SolutionSum:
    """Solutions carried out in the year, of one group and one state of their saving."""

    group_code: str
    is_cp: bool
    state: str
    solutions: int
    facilities: int
    investment_vnd: int | None
    saving_vnd: int | None


def saving_totals(
    warehouse: Warehouse,
    scope: Scope,
    *,
    by_resource: bool = False,
    by: Cut | None = None,
    applying: bool = False,
) -> tuple[SavingSum, ...]:
    """Savings of the year by state, and by resource and group of facilities where asked.

    applying : only of facilities judged to apply cleaner production; else of all, whose consumption changes for
    many reasons.
    """
    rows = warehouse.rows(saving_sums(warehouse, scope, by_resource=by_resource, by=by, applying=applying))
    return tuple(
        SavingSum(
            state=row["state"],
            resource_code=row.get("resource_code"),
            group=row.get("group"),
            unit=row.get("unit"),
            quantity=row.get("quantity"),
            vnd=row["vnd"],
            toe=row["toe"],
            co2_t=row["co2_t"],
            facilities=row["facilities"],
            rows_without_vnd=row["rows_without_vnd"],
            rows_without_toe=row["rows_without_toe"],
        )
        for row in rows
    )


def relative_savings(
    warehouse: Warehouse, scope: Scope, states: tuple[str, ...] = ("verified",)
) -> tuple[RelativeSaving, ...]:
    """Saving per unit of product by resource, weighted by expected consumption."""
    rows = warehouse.rows(relative_sums(warehouse, scope, states))
    return tuple(
        RelativeSaving(**row, relative_pct=100 * row["saved"] / row["expected"] if row["expected"] else None)
        for row in rows
    )


def best_savings(warehouse: Warehouse, scope: Scope, states: Sequence[str]) -> Any:
    """Expression: the year's savings, of each facility and resource the row of the first state in `states`,
    so that a verified saving replaces the reported one and the two are never added."""
    import ibis

    if not states:
        raise WarehouseError("name at least one state of savings: verified, reported or estimated.")
    table = warehouse.table("saving")
    table = table.filter(table.year == scope.year, table.state.isin(list(states)))
    if len(states) == 1:
        return table
    rank = ibis.cases(*[(table.state == state, place) for place, state in enumerate(states)])
    ranked = table.mutate(rank=rank)
    best = ranked.group_by("facility_id", "resource_code").agg(best=ranked["rank"].min())
    joined = ranked.join(best, ["facility_id", "resource_code"])
    return joined.filter(joined["rank"] == joined.best).select(*table.columns)


def relative_sums(warehouse: Warehouse, scope: Scope, states: Sequence[str]) -> Any:
    """Expression behind `relative_savings`."""
    table = of_facilities(best_savings(warehouse, scope, states), facilities(warehouse, scope))
    table = table.filter(table.expected.notnull())
    keys = ["resource_code", "unit"]
    return (
        table.group_by(keys)
        .agg(
            facilities=table.facility_id.nunique(),
            expected=table.expected.sum(),
            saved=table.quantity.sum(),
        )
        .order_by(keys)
    )


def solution_totals(warehouse: Warehouse, scope: Scope) -> tuple[SolutionSum, ...]:
    """Solutions of the year by group, cleaner production or not, and state."""
    return tuple(SolutionSum(**row) for row in warehouse.rows(solution_sums(warehouse, scope)))


def saving_sums(
    warehouse: Warehouse,
    scope: Scope,
    *,
    by_resource: bool = False,
    by: Cut | None = None,
    applying: bool = False,
) -> Any:
    """Expression behind `saving_totals`."""
    chosen = facilities(warehouse, scope)
    if applying:
        chosen = chosen.filter(chosen.applying == 1)
    table = warehouse.table("saving")
    table = table.filter(table.year == scope.year)
    keys = ["state"]
    if by:
        chosen = chosen.select("facility_id", group=chosen[by])
        table = table.join(chosen, "facility_id")
        keys.append("group")
    else:
        table = of_facilities(table, chosen)
    if by_resource:
        keys += ["resource_code", "unit"]
    sums: dict[str, Any] = {"quantity": table.quantity.sum()} if by_resource else {}
    sums |= {
        "vnd": table.vnd.sum(),
        "toe": table.toe.sum(),
        "co2_t": table.co2_t.sum(),
        "facilities": table.facility_id.nunique(),
        "rows_without_vnd": table.count(where=table.vnd.isnull()),
        "rows_without_toe": table.count(where=table.toe.isnull()),
    }
    return table.group_by(keys).agg(**sums).order_by(keys)


def solution_sums(warehouse: Warehouse, scope: Scope) -> Any:
    """Expression behind `solution_totals`."""
    table = warehouse.table("solution")
    table = of_facilities(table.filter(table.year == scope.year), facilities(warehouse, scope))
    keys = ["group_code", "is_cp", "state"]
    return (
        table.group_by(keys)
        .agg(
            solutions=table["count"].sum(),
            facilities=table.facility_id.nunique(),
            investment_vnd=table.investment_vnd.sum(),
            saving_vnd=table.saving_vnd.sum(),
        )
        .order_by(keys)
    )
