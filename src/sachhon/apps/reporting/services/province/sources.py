"""Which records are behind a total of the province: how many, and the first of them to look at."""

from django.db.models import Count

from sachhon.apps.registry.models import Flow, Record

IDS_KEPT = 300


def record_counts(province: str, year: int) -> dict[str, tuple[int, int]]:
    """Resource code → its key and how many records of the year are behind its total."""
    rows = _of(province, year).values_list("resource__code", "resource_id").annotate(n=Count("pk"))
    return {item: (pk, n) for item, pk, n in rows}


def record_ids(province: str, year: int, resource: int) -> list[int]:
    """The first few hundred records of one resource."""
    return list(_of(province, year).filter(resource_id=resource).values_list("pk", flat=True)[:IDS_KEPT])


def _of(province: str, year: int):
    return Record.objects.filter(
        facility__province_code=province, facility__merged_into=None, year=year, flow=Flow.CONSUMPTION
    ).order_by()
