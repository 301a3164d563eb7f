"""Two writers of the same years at once, on a store that lets them: neither waits for the other, neither is missed."""

import threading
from decimal import Decimal
from itertools import product

import pytest
from django.db import connection, connections, transaction
from django.db.models import F

from sachhon.apps.registry.models import Record, RecordStamp, Resource
from sachhon.apps.registry.record_stamps import record_stamps

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
YEARS = (2023, 2024)
PATIENCE = 20  # seconds; a deadlock is told after one


@pytest.fixture
def store(cast):
    """January and February of both years at two facilities of the province, a statement for each record."""
    electricity = Resource.objects.get(code="electricity")
    for facility, year, month in product((cast.brick, cast.quarry), YEARS, (1, 2)):
        Record.objects.create(
            facility=facility, year=year, month=month, flow="consumption", resource=electricity, quantity=Decimal(1)
        )  # fmt: skip
    return cast


def together(store, *writers) -> list[Exception]:
    """Each writer changes the records of its month at its facilities, in that order, in one transaction of its own;
    after the first place it waits until all have begun. Returns what went wrong."""
    meeting, faults = threading.Barrier(len(writers)), []

    def write(month: int, facilities) -> None:
        try:
            with transaction.atomic():
                for place, facility in enumerate(facilities):
                    Record.objects.filter(facility=facility, year=2024, month=month).update(
                        quantity=F("quantity") + 1
                    )
                    if place == 0:
                        meeting.wait(PATIENCE)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(month, order)) for month, order in enumerate(writers, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENCE)
    return faults


def test_two_writers_in_opposite_order_both_get_through_and_are_seen(store):
    places = [store.brick, store.quarry]
    before = record_stamps("20", *YEARS)
    assert together(store, places, places[::-1]) == []
    after = record_stamps("20", *YEARS)
    assert after[2024] != before[2024]
    assert after[2023] == before[2023]
    assert Record.objects.filter(year=2024, quantity=2).count() == 4


def test_what_two_writers_left_beside_each_other_is_one_row_after_the_next(store):
    together(store, [store.brick], [store.brick])
    rows = RecordStamp.objects.filter(facility_id=store.brick.pk, year=2024)
    assert rows.count() == 2
    between = record_stamps("20", *YEARS)
    Record.objects.filter(facility=store.brick, year=2024).update(cost_vnd=1)
    assert rows.count() == 1
    assert record_stamps("20", *YEARS)[2024] != between[2024]


def test_a_stamp_seen_before_does_not_come_back_when_the_slower_writer_ends(store):
    """The faster one commits first; what the slower one wrote must still show once it commits."""
    seen = [record_stamps("20", *YEARS)[2024]]
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Record.objects.filter(facility=store.brick, year=2024, month=1).update(cost_vnd=1)
            begun.set()
            may_end.wait(PATIENCE)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(PATIENCE)
    Record.objects.filter(facility=store.brick, year=2024, month=2).update(cost_vnd=2)
    seen.append(record_stamps("20", *YEARS)[2024])
    may_end.set()
    thread.join(PATIENCE)
    seen.append(record_stamps("20", *YEARS)[2024])
    assert len(set(seen)) == 3
