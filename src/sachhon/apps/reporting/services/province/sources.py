"""Which records are behind a total of the province: how many, and the first of them to look at."""

from django.db.models import Count

from sachhon.apps.registry.models import Flow, Record
from sachhon.apps.reporting.facts import ProvinceFacts

IDS_KEPT = 300


def record_counts(source: ProvinceFacts) -> dict[str, tuple[int, int]]:
    """Resource code → its key and how many records of the year are behind its total."""
    rows = _of(source).values_list("resource__code", "resource_id").annotate(n=Count("pk"))
    return {item: (pk, n) for item, pk, n in rows}


def record_ids(source: ProvinceFacts, resource: int) -> list[int]:
    """The first few hundred records of one resource."""
    return list(_of(source).filter(resource_id=resource).values_list("pk", flat=True)[:IDS_KEPT])


def _of(source: ProvinceFacts):
    held = [facility for facility, year in source.held if year == source.year]
    records = Record.objects.filter(
        facility__province_code=source.province,
        facility__merged_into=None,
        year=source.year,
        flow=Flow.CONSUMPTION,
    )
    return records.exclude(facility__in=held).order_by()
