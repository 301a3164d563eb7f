"""Which facilities reached a bound of saving per unit of product: yes, no, or not known.

Not here: who is counted, and the mean saving (`targets`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sachhon.warehouse.rollup.savings import best_savings
from sachhon.warehouse.rollup.scope import Scope
from sachhon.warehouse.snapshot import Warehouse

if TYPE_CHECKING:
    from sachhon.warehouse.rollup.targets import Target


def facility_results(warehouse: Warehouse, scope: Scope, target: Target) -> Any:
    """Expression: facility_id, with_result (1 reached the bound, 0 did not, null not known), measured (true), for
    facilities with savings.

    One resource at the bound is enough for `any`, one below it for `every`; the other answer needs a saving of each
    resource consumed in the year.
    """
    import ibis

    savings = counted_savings(warehouse, scope, target)
    savings = savings.filter(savings.relative_pct.notnull())
    any_is_enough = target.saving_rule == "any"
    grouped = savings.group_by("facility_id").agg(
        reached=savings.relative_pct.max() if any_is_enough else savings.relative_pct.min()
    )
    open_ones = _uncomputed(warehouse, scope, target, savings)
    judged = grouped.left_join(open_ones, "facility_id")
    reached = judged.reached >= target.low
    decided = (reached if any_is_enough else ~reached) | judged.uncomputed.isnull()
    return judged.select(
        "facility_id",
        with_result=ibis.ifelse(decided, reached.cast("int8"), ibis.null("int8")),
        measured=ibis.literal(True),
    )


def _uncomputed(warehouse: Warehouse, scope: Scope, target: Target, savings: Any) -> Any:
    """Expression: facility_id, uncomputed (how many): those that consumed something without a saving in `savings`."""
    records = warehouse.table("record")
    records = records.filter(
        records.year == scope.year, records.flow == "consumption", records.quantity > 0
    ).select("facility_id", resource_code=records.item_code)
    if target.resources:
        records = records.filter(records.resource_code.isin(list(target.resources)))
    left = records.distinct().anti_join(savings, ["facility_id", "resource_code"])
    return left.group_by("facility_id").agg(uncomputed=left.count())


def counted_savings(warehouse: Warehouse, scope: Scope, target: Target) -> Any:
    """The savings of the target's states, and of its resources where it names some."""
    savings = best_savings(warehouse, scope, target.states)
    return savings.filter(savings.resource_code.isin(list(target.resources))) if target.resources else savings
