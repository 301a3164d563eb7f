"""Which records are behind a total of the province: the first of them to look at."""

from sachhon.apps.registry.models import Flow, Record
from sachhon.apps.reporting.facts import ProvinceFacts

IDS_KEPT = 300


def record_ids(source: ProvinceFacts, resource: str) -> list[int]:
    """The first few hundred records of one resource in the year, of facilities that its total counts."""
    left_out = [
        f.pk
        for f in source.facilities
        if (f.pk, source.year) in source.held or not source.operated(f, source.year)
    ]
    records = Record.objects.filter(
        facility__province_code=source.province,
        facility__merged_into=None,
        year=source.year,
        flow=Flow.CONSUMPTION,
        resource__code=resource,
    ).exclude(facility__in=left_out)
    return list(records.order_by().values_list("pk", flat=True)[:IDS_KEPT])
