"""A facility among its like: those of its trade in the province that make the same in one unit, by electricity.

Only shares of a group are told, never a figure of another facility, and none where the group is too small to hide
one in (`science.benchmark.disclosure`). So all facilities of the province count, whoever asks.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from sachhon.apps.registry.models import Facility, Flow, Record
from sachhon.science.benchmark import position
from sachhon.science.benchmark.disclosure import Rules

FEWEST_PEERS = Rules().least


@dataclass(frozen=True)
class Stand:
    """Percent of the others that need less a unit of product, its range at 95 %, and how many others there are."""

    less: Decimal
    low: Decimal
    high: Decimal
    others: int


def stands(facilities: Collection[Facility], year: int) -> dict[int, Stand]:
    """Facility → where it stands by electricity a unit of product, where enough of `facilities` are like it."""
    found = {}
    for like in _groups(facilities, year).values():
        if len(like) - 1 < FEWEST_PEERS:
            continue
        for pk, value in like.items():
            found[pk] = _stand(value, [v for other, v in like.items() if other != pk])
    return found


def stand_among_like(facility: Facility, year: int) -> Stand | None:
    """Where one facility stands among all of its trade in its province; None where too few are like it."""
    rows = Facility.objects.filter(
        province_code=facility.province_code,
        trade_id=facility.trade_id,
        merged_into=None,
        status=Facility.Status.OPERATING,
    )
    return stands(list(rows), year).get(facility.pk)


def _stand(value: float, others: list[float]) -> Stand:
    at = position(value, others)
    less = [Decimal(repr(round(100 * (1 - share), 1))) for share in (at.share, at.high, at.low)]
    return Stand(*less, others=len(others))


def _groups(facilities: Collection[Facility], year: int) -> dict[tuple, dict[int, float]]:
    """(trade, unit) → facility → electricity a unit; one that makes things in several units is in none."""
    ids = [f.pk for f in facilities]
    power = Record.objects.filter(
        facility__in=ids, year=year, flow=Flow.CONSUMPTION, resource__code="electricity"
    )
    used = {r["facility"]: r["q"] for r in power.values("facility").annotate(q=Sum("quantity"))}
    made: dict[int, dict[str, Decimal]] = defaultdict(dict)
    output = Record.objects.filter(facility__in=ids, year=year, flow=Flow.OUTPUT)
    for r in output.values("facility", "product__unit", "product__norm_weight").annotate(q=Sum("quantity")):
        unit = made[r["facility"]]
        quantity = r["q"] * r["product__norm_weight"]
        unit[r["product__unit"]] = unit.get(r["product__unit"], Decimal(0)) + quantity
    groups: dict[tuple, dict[int, float]] = defaultdict(dict)
    for f in facilities:
        units = made.get(f.pk, {})
        if used.get(f.pk) and len(units) == 1:
            unit, quantity = next(iter(units.items()))
            if quantity:
                groups[f.trade_id, unit][f.pk] = float(used[f.pk] / quantity)
    return groups
