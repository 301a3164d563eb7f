"""Who reported and when, how facilities stand group by group, and what they find difficult or ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sachhon.science.survey import Estimate, proportion
from sachhon.warehouse.rollup.scope import ACCEPTED, HANDED_IN, Scope, facilities, of_facilities
from sachhon.warehouse.snapshot import Warehouse

Cut = Literal["province_code", "sector_code", "trade", "area_key", "size_class"]


@dataclass(frozen=True)
class GroupCount:
    """Facilities of one group (None: all): reports and states of the three questions.

    on_time and late go by the first submission, a later return does not move it; `reported` are those that
    are in now (submitted, accepted, locked).
    """

    group: str | None
    facilities: int
    reported: int
    accepted: int
    on_time: int
    late: int
    aware: int
    aware_known: int
    applying: int
    applying_known: int
    cp_unit: int
    cp_unit_known: int

    @property
    def missing(self) -> int:
        """Facilities that never submitted a report."""
        return self.facilities - self.on_time - self.late

    def on_time_rate(self, confidence: float = 0.95) -> Estimate:
        """Share of all facilities that reported on time; everyone is known, so it has no width."""
        return proportion(self.on_time, self.facilities, self.facilities, confidence)


@dataclass(frozen=True)
class NeedCount:
    """A difficulty or request: how many facilities named it, how often, and some of their words."""

    kind: str
    category: str
    facilities: int
    mentions: int
    examples: tuple[str, ...]


def group_counts(warehouse: Warehouse, scope: Scope, by: Cut | None = None) -> tuple[GroupCount, ...]:
    """Counts of the scope, by group where asked; groups in order, unknown group (None) last."""
    rows = warehouse.rows(counts(warehouse, scope, by))
    found = [GroupCount(**{"group": None, **row}) for row in rows]
    return tuple(sorted(found, key=lambda count: (count.group is None, count.group or "")))


def needs(warehouse: Warehouse, scope: Scope, examples: int = 3) -> tuple[NeedCount, ...]:
    """Difficulties and requests by category, the most named first, each with a few distinct texts."""
    words: dict[tuple[str, str], list[str]] = {}
    for row in warehouse.rows(need_texts(warehouse, scope)):
        texts = words.setdefault((row["kind"], row["category"]), [])
        if len(texts) < examples and row["text"]:
            texts.append(row["text"])
    rows = warehouse.rows(need_counts(warehouse, scope))
    found = [NeedCount(**row, examples=tuple(words.get((row["kind"], row["category"]), ()))) for row in rows]
    return tuple(sorted(found, key=lambda need: (need.kind, -need.facilities, need.category)))


def facilities_with_estimates(warehouse: Warehouse, scope: Scope) -> int:
    """Facilities some of whose figures of the year are still estimated."""
    return warehouse.rows(estimated_facilities(warehouse, scope))[0]["facilities"]


def counts(warehouse: Warehouse, scope: Scope, by: Cut | None = None) -> Any:
    """Expression behind `group_counts`."""
    table = facilities(warehouse, scope)
    handed_in = table.report_state.isin(list(HANDED_IN))
    aggregates = {
        "facilities": table.count(),
        "reported": table.count(where=handed_in),
        "accepted": table.count(where=table.report_state.isin(list(ACCEPTED))),
        "on_time": table.count(where=table.submitted_on_time),
        "late": table.count(where=~table.submitted_on_time),
    }
    for question in ("aware", "applying", "cp_unit"):
        aggregates[question] = table.count(where=table[question] == 1)
        aggregates[f"{question}_known"] = table.count(where=table[question].notnull())
    if by is None:
        return table.aggregate(**aggregates)
    return table.group_by(group=table[by]).aggregate(**aggregates).order_by("group")


def need_counts(warehouse: Warehouse, scope: Scope) -> Any:
    """Expression: kind, category, facilities, mentions."""
    table = _needs(warehouse, scope)
    return table.group_by("kind", "category").agg(
        facilities=table.facility_id.nunique(), mentions=table.count()
    )


def need_texts(warehouse: Warehouse, scope: Scope) -> Any:
    """Expression: the distinct texts of each kind and category, in order."""
    return (
        _needs(warehouse, scope)
        .select("kind", "category", "text")
        .distinct()
        .order_by("kind", "category", "text")
    )


def estimated_facilities(warehouse: Warehouse, scope: Scope) -> Any:
    """Expression behind `facilities_with_estimates`."""
    table = warehouse.table("record")
    table = table.filter(table.year == scope.year, table.quality == "estimated")
    table = of_facilities(table, facilities(warehouse, scope))
    return table.aggregate(facilities=table.facility_id.nunique())


def _needs(warehouse: Warehouse, scope: Scope) -> Any:
    table = warehouse.table("need")
    return of_facilities(table.filter(table.year == scope.year), facilities(warehouse, scope))
