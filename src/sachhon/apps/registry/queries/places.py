"""The province by area: how many facilities of which trade stand where, for the map and its table."""

from dataclasses import dataclass

from django.db.models import Count

from sachhon.apps.registry.models import Area, Facility
from sachhon.reference.text import fold


@dataclass(frozen=True)
class PlaceCount:
    """One commune and what is there."""

    area: Area
    facilities: int
    operating: int
    key_energy_users: int
    trades: tuple[tuple[str, int], ...]


def by_commune(user, province_code: str, *, trade: str = "", status: str = "") -> list[PlaceCount]:
    """Facilities counted by commune; communes without any are in the list too, with zero."""
    rows = Facility.objects.visible_to(user).filter(merged_into=None, province_code=province_code)
    if trade:
        rows = rows.filter(trade__code=trade)
    if status:
        rows = rows.filter(status=status)
    counts = rows.values("area", "trade__name_vi", "status", "key_energy_user").annotate(n=Count("pk"))
    found: dict[int, list] = {}
    for row in counts:
        found.setdefault(row["area"], []).append(row)
    communes = Area.objects.filter(province_code=province_code, level=Area.Level.COMMUNE, valid_to=None)
    older = Area.objects.filter(pk__in=found).exclude(pk__in=communes)
    places = [_place(area, found.get(area.pk, [])) for area in [*communes, *older]]
    return sorted(places, key=lambda p: (-p.facilities, fold(p.area.name)))


def _place(area: Area, rows: list[dict]) -> PlaceCount:
    trades: dict[str, int] = {}
    for row in rows:
        trades[row["trade__name_vi"]] = trades.get(row["trade__name_vi"], 0) + row["n"]
    return PlaceCount(
        area=area,
        facilities=sum(r["n"] for r in rows),
        operating=sum(r["n"] for r in rows if r["status"] == Facility.Status.OPERATING),
        key_energy_users=sum(r["n"] for r in rows if r["key_energy_user"] == "yes"),
        trades=tuple(sorted(trades.items(), key=lambda t: -t[1])),
    )
