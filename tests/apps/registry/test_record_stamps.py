"""The stamp of a year's records moves with every change, whichever way it is written, and with nothing else."""

from decimal import Decimal

import pytest
from django.db import connection

from sachhon.apps.registry import record_stamps as stamping
from sachhon.apps.registry.models import Product, Record, Resource
from sachhon.apps.registry.record_stamps import install, record_stamps

pytestmark = pytest.mark.django_db
YEARS = (2022, 2023, 2024)


def record(facility, year=2024, month=1, code="electricity", **values):
    values = {"quantity": Decimal(10), **values}
    if "product" in values:
        return Record(facility=facility, year=year, month=month, flow="output", **values)
    resource = Resource.objects.get(code=code)
    return Record(facility=facility, year=year, month=month, flow="consumption", resource=resource, **values)


@pytest.fixture
def store(cast):
    """Two years of records at two facilities of the province, and one elsewhere."""
    for facility in (cast.brick, cast.quarry, cast.stranger):
        for year in (2023, 2024):
            Record.objects.bulk_create([record(facility, year, month) for month in (1, 2)])
    return cast


def stamps():
    return record_stamps("20", YEARS[0], YEARS[-1])


def raw(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def change_one(store):
    one = Record.objects.filter(facility=store.brick, year=2024).first()
    one.quantity += 1
    one.save()


def change_many(store):
    rows = list(Record.objects.filter(facility=store.brick, year=2024))
    for one in rows:
        one.quality = "suspect"
    Record.objects.bulk_update(rows, ["quality"])


CHANGES = {
    "save": (change_one, {2024}),
    "create": (lambda s: record(s.brick, month=7).save(), {2024}),
    "bulk_create": (lambda s: Record.objects.bulk_create([record(s.brick, month=m) for m in (7, 8)]), {2024}),
    "bulk_create of what may be there": (
        lambda s: Record.objects.bulk_create(
            [record(s.quarry, month=m) for m in (1, 9)], ignore_conflicts=True
        ),
        {2024},
    ),
    "bulk_update": (change_many, {2024}),
    "update": (lambda s: Record.objects.filter(facility=s.brick, year=2023).update(cost_vnd=5), {2023}),
    "update back and forth": (
        lambda s: [Record.objects.filter(facility=s.brick, year=2023).update(cost_vnd=v) for v in (5, None)],
        {2023},
    ),
    "SQL by hand": (
        lambda s: raw(
            "UPDATE registry_record SET quantity = quantity * 2 WHERE facility_id = %s AND year = 2024",
            s.quarry.pk,
        ),
        {2024},
    ),
    "moved to another year": (
        lambda s: Record.objects.filter(facility=s.brick, year=2024).update(year=2022),
        {2022, 2024},
    ),
    "moved to another province": (
        lambda s: Record.objects.filter(facility=s.brick, year=2024, month=1).update(facility=s.stranger, month=5),
        {2024},
    ),
    "delete": (lambda s: Record.objects.filter(facility=s.brick, year=2023).first().delete(), {2023}),
    "delete by hand": (lambda s: raw("DELETE FROM registry_record WHERE year = 2023"), {2023}),
    "merged facility": (
        lambda s: type(s.brick).objects.filter(pk=s.brick.pk).update(merged_into=s.quarry),
        {2023, 2024},
    ),
    "elsewhere": (lambda s: Record.objects.filter(facility=s.stranger).update(quantity=1), set()),
    "nothing": (lambda s: Record.objects.filter(facility=s.brick, year=1999).update(quantity=1), set()),
}  # fmt: skip


@pytest.mark.parametrize("way", CHANGES)
def test_a_change_moves_the_stamps_of_its_years_and_no_others(store, way):
    change, years = CHANGES[way]
    before = stamps()
    assert stamps() == before
    change(store)
    after = stamps()
    assert {year for year in YEARS if after.get(year) != before.get(year)} == years


def test_a_product_put_for_another_within_a_facility_moves_the_stamp(store):
    one, other = (
        Product.objects.create(facility=store.brick, name=name, search_key=name, unit="t")
        for name in ("a", "b")
    )
    record(store.brick, 2023, product=one).save()
    before = stamps()
    Record.objects.filter(product=one).update(product=other)
    assert stamps()[2023] != before[2023]
    assert stamps()[2024] == before[2024]


def test_a_product_of_another_unit_moves_the_stamps_of_the_years_it_was_made_in(store):
    made = Product.objects.create(facility=store.brick, name="a", search_key="a", unit="t")
    record(store.brick, 2023, product=made).save()
    before = stamps()
    made.name = "b"
    made.save()
    assert stamps() == before
    made.unit = "m3"
    made.save()
    assert stamps()[2023] != before[2023]
    assert stamps()[2024] == before[2024]


def test_a_change_made_while_a_trigger_was_gone_is_not_missed(store):
    before = stamps()
    install()
    assert stamps() == before, "nothing to renew while all triggers are in place"
    name = f"{stamping.PREFIX}_update"
    raw(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else " ON registry_record"))
    Record.objects.filter(facility=store.brick, year=2024).update(quantity=1)
    assert stamps() == before
    install()
    renewed = stamps()
    assert all(renewed[year] != before[year] for year in (2023, 2024))
    Record.objects.filter(facility=store.brick, year=2024).update(quantity=2)
    assert stamps()[2024] != renewed[2024]


def test_many_records_cost_a_fixed_number_of_questions(store, django_assert_num_queries):
    with django_assert_num_queries(1):
        stamps()
