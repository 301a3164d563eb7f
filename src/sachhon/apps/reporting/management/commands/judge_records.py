"""Puts all monthly records that no report covers to the plausibility rules: once, for a store from before them."""

from django.core.management.base import BaseCommand

from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting.services.record_doubts import covered_years, judge


class Command(BaseCommand):
    """`sachhon judge_records`. What changes later is judged as it changes."""

    help = "Xét số liệu tháng của các năm chưa có báo cáo / judge monthly records of years without a report."

    def handle(self, *args, **options) -> None:
        years, doubts = 0, 0
        for facility in Facility.objects.filter(merged_into=None).order_by("pk").iterator(200):
            found = set(facility.records.order_by().values_list("year", flat=True).distinct())
            found -= covered_years(facility, found)
            years += len(found)
            doubts += len(judge(facility, sorted(found)))
        self.stdout.write(f"{years} years judged, {doubts} open findings")
