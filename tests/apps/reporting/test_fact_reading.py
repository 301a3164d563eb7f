"""Facts are the same whichever way they are read from the store, and read again when they changed."""

import datetime
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from django.db import connection, transaction

from sachhon.apps.registry.models import Product, Record, Resource
from sachhon.apps.reporting import fact_columns
from sachhon.apps.reporting.facts import ProvinceFacts
from sachhon.apps.reporting.models import AnnualReport, ReportState, Saving

TODAY = datetime.date(2025, 2, 1)


@pytest.fixture
def store(cast):
    """Records of every flow and quality, with and without meter and cost, and savings of both kinds of null."""
    product = Product.objects.create(facility=cast.brick, name="Gạch", search_key="gach", unit="viên")
    power, coal = (Resource.objects.get(code=code) for code in ("electricity", "coal_cam_5_6"))
    rows = []
    for facility in (cast.brick, cast.quarry, cast.stranger):
        for year in (2022, 2024):
            common = {"facility": facility, "year": year}
            rows += [
                Record(
                    **common, month=month, flow="consumption", resource=power, meter=meter, cost_vnd=cost,
                    quantity=Decimal("1234567.000001") * month, quality=quality,
                )
                for month, meter, cost, quality in (
                    (1, "", None, "good"), (2, 'M "1", cũ\nmới', 10**13, "estimated"), (12, "", 0, "suspect"),
                )
            ]  # fmt: skip
            rows += [
                Record(**common, month=3, flow=flow, resource=coal, quantity=Decimal("0.1"))
                for flow in ("consumption", "waste", "emission")
            ]
    rows.append(
        Record(facility=cast.brick, year=2024, month=1, flow="output", product=product, quantity=Decimal(70))
    )
    Record.objects.bulk_create(rows)
    for facility, toe in ((cast.brick, None), (cast.quarry, Decimal("1.5"))):
        report = AnnualReport.objects.create(facility=facility, year=2024, state=ReportState.ACCEPTED)
        Saving.objects.create(
            report=report, resource=power, state="reported", baseline_year=2022, quantity=Decimal("-3.25"),
            expected=Decimal(10), actual=Decimal("13.25"), relative_pct=Decimal("-32.5"), coverage_pct=100, vnd=-5,
            toe=toe, co2_t=None,
        )  # fmt: skip
    cast.product = product
    return cast


def published(root):
    """Table → rows of a publication under `root`, in an order of their own; and the stamps of the years."""
    snapshot = ProvinceFacts("20", 2024, TODAY).publish(root)
    rows = {
        name: sorted(
            (
                row
                for file in (snapshot.path / name).glob("*.parquet")
                for row in pq.read_table(file).to_pylist()
            ),
            key=repr,
        )
        for name in ("record", "saving")
    }
    return rows, {key: part.stamp for key, part in snapshot.parts.items() if key.startswith("record/")}


@pytest.mark.django_db(transaction=True)
def test_a_process_and_a_cursor_read_the_same(store, tmp_path, monkeypatch):
    monkeypatch.setattr(fact_columns, "FEW", 0)
    apart, _stamps = published(tmp_path / "apart")
    with transaction.atomic():
        here, _stamps = published(tmp_path / "here")
    assert apart == here
    assert len(here["record"]) == 25
    assert {row["facility_id"] for row in here["record"]} == {store.brick.pk, store.quarry.pk}
    assert {row["flow"] for row in here["record"]} == {"consumption", "output", "waste", "emission"}
    metered = [row for row in here["record"] if row["meter"]]
    assert {(row["meter"], row["cost_vnd"], row["quality"]) for row in metered} == {
        ('M "1", cũ\nmới', 10**13, "estimated")
    }
    assert {row["quantity"] for row in metered} == {Decimal("2469134.000002")}
    assert [(row["quantity"], row["relative_pct"], row["toe"]) for row in here["saving"]] == [
        (Decimal("-3.25"), Decimal("-32.5"), None),
        (Decimal("-3.25"), Decimal("-32.5"), Decimal("1.5")),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is read on the connection itself")
def test_what_a_transaction_wrote_is_read_inside_it(store, tmp_path, monkeypatch):
    monkeypatch.setattr(fact_columns, "FEW", 0)
    with transaction.atomic():
        Record.objects.filter(facility=store.brick).update(quantity=7)
        rows, _stamps = published(tmp_path)
    assert {row["quantity"] for row in rows["record"] if row["facility_id"] == store.brick.pk} == {Decimal(7)}


@pytest.mark.django_db
def test_only_a_year_whose_facts_changed_is_read_again(store, tmp_path):
    _rows, first = published(tmp_path)
    _rows, same = published(tmp_path)
    assert first == same
    other = Product.objects.create(facility=store.brick, name="Ngói", search_key="ngoi", unit="viên")
    Record.objects.filter(product=store.product).update(product=other)
    rows, moved = published(tmp_path)
    assert {key for key in first if first[key] != moved[key]} == {"record/2024"}
    made = {row["item_code"] for row in rows["record"] if row["flow"] == "output"}
    assert made == {f"product-{other.pk}"}


@pytest.mark.django_db
def test_the_unit_of_a_product_is_published_anew(store, tmp_path):
    published(tmp_path)
    Product.objects.filter(pk=store.product.pk).update(unit="tấn")
    rows, _stamps = published(tmp_path)
    assert {row["unit"] for row in rows["record"] if row["flow"] == "output"} == {"tấn"}
