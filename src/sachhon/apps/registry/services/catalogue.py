"""Keeps the catalogue tables (areas, sectors, trades, resources) equal to the reference facts."""

from django.db import transaction
from django.utils import timezone

from sachhon import reference
from sachhon.apps.registry.models import Area, Resource, Sector, Trade
from sachhon.apps.registry.signals import reference_synced
from sachhon.reference.text import fold


@transaction.atomic
def sync_reference() -> dict[str, int]:
    """Adds and updates catalogue rows from `sachhon.reference`; run after every upgrade. Rows are never removed,
    because records point to them. Returns how many rows each table has.
    """
    _sync_areas()
    _sync(Trade, "code", [_named(t, code=t.code) for t in reference.trades()])
    _sync(Resource, "code", [_named(r, code=r.code, kind=r.kind, unit=r.unit) for r in reference.resources()])
    _sync_sectors()
    reference_synced.send(sender=Trade)
    return {model.__name__: model.objects.count() for model in (Area, Sector, Trade, Resource)}


def _named(fact, **fields) -> dict:
    return {
        "name_vi": fact.name_vi,
        "name_en": fact.name_en,
        "search_key": fold(f"{fact.name_vi} {fact.name_en}")[:512],
        **fields,
    }


def _sync(model, key: str, rows: list[dict]) -> None:
    fields = [name for name in rows[0] if name != key]
    model.objects.bulk_create(
        [model(**row) for row in rows],
        update_conflicts=True,
        unique_fields=[key],
        update_fields=fields,
        batch_size=500,
    )


def _sync_areas() -> None:
    everything = reference.all_areas()
    rows = [
        {
            "key": area.key,
            "code": area.code,
            "level": area.level,
            "province_code": area.province_code,
            "valid_from": area.valid_from,
            "valid_to": area.valid_to,
            "latitude": area.lat,
            "longitude": area.lon,
            "name_vi": area.name,
            "name_en": area.name_en,
            "search_key": fold(f"{area.name} {area.name_en}")[:512],
        }
        for area in everything
    ]
    _sync(Area, "key", rows)
    ids = dict(Area.objects.values_list("key", "pk"))
    parents = {a.key: a.parent_key for a in everything if a.parent_key}
    changed = []
    for area in Area.objects.filter(key__in=parents):
        area.parent_id = ids[parents[area.key]]
        changed.append(area)
    Area.objects.bulk_update(changed, ["parent"], batch_size=500)
    link = Area.successors.through
    link.objects.bulk_create(
        [
            link(from_area_id=ids[area.key], to_area_id=ids[successor])
            for area in everything
            for successor in area.successor_keys
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def _sync_sectors() -> None:
    today = timezone.localdate()
    classes = reference.vsic(today)
    _sync(Sector, "code", [_named(c, code=c.code) for c in classes])
    ids = dict(Sector.objects.values_list("code", "pk"))
    sectors = list(Sector.objects.filter(code__in=[c.code for c in classes if c.parent in ids]))
    parents = {c.code: c.parent for c in classes}
    for sector in sectors:
        sector.parent_id = ids[parents[sector.code]]
    Sector.objects.bulk_update(sectors, ["parent"], batch_size=500)
