"""Publishing a snapshot: nothing half visible, nothing wrong let in, the same facts the same snapshot."""

from __future__ import annotations

import itertools
import os
import threading
import time
from decimal import Decimal
from itertools import zip_longest

import pyarrow as pa
import pytest

from sachhon.warehouse import publish as publishing
from sachhon.warehouse.publish import BadFacts, ByYear, NoSnapshot, current_snapshot, open_snapshot, publish
from sachhon.warehouse.schema import RECORD, TABLES


def record(**changes):
    row = {
        "facility_id": 1,
        "year": 2024,
        "month": 1,
        "flow": "consumption",
        "item_code": "electricity",
        "item_kind": "electricity",
        "meter": "",
        "unit": "kWh",
        "quantity": Decimal("1234.500000"),
        "cost_vnd": 2_500_000,
        "quality": "good",
    }
    return row | changes


def batch(*rows):
    return pa.RecordBatch.from_pylist(list(rows), schema=RECORD.schema)


def test_a_snapshot_gives_back_the_rows_it_was_given(tmp_path):
    batches = (batch(record(month=month)) for month in range(1, 13))
    snapshot = publish({"record": batches}, tmp_path)
    assert snapshot.rows["record"] == 12
    assert set(snapshot.rows) == set(TABLES)
    with open_snapshot(tmp_path) as warehouse:
        rows = warehouse.rows(warehouse.table("record").order_by("month"))
    assert rows == [record(month=month) for month in range(1, 13)]


def test_the_same_facts_are_the_same_snapshot_and_other_facts_another(tmp_path):
    first = publish({"record": batch(record())}, tmp_path)
    again = publish({"record": batch(record())}, tmp_path)
    other = publish({"record": batch(record(quantity=Decimal("2")))}, tmp_path)
    assert first.id == again.id != other.id
    assert current_snapshot(tmp_path).id == other.id


def test_columns_in_any_order_and_of_narrower_types_are_taken(tmp_path):
    table = pa.Table.from_pylist([record(quantity=7)])
    shuffled = table.select(list(reversed(table.column_names)))
    publish({"record": shuffled}, tmp_path)
    with open_snapshot(tmp_path) as warehouse:
        assert warehouse.rows(warehouse.table("record"))[0]["quantity"] == Decimal(7)


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"records": []}, "no such table: records"),
        ({"record": pa.table({"facility_id": [1]})}, "missing columns"),
        ({"record": pa.Table.from_pylist([record(quantity=float("nan"))])}, "NaN"),
        ({"record": pa.Table.from_pylist([record(quantity=float("inf"))])}, "NaN or infinity"),
        ({"record": pa.Table.from_pylist([record(unit=None), record(month=2)])}, "must be filled"),
        ({"record": pa.Table.from_pylist([record(flow="used")])}, "is not among"),
        ({"record": pa.Table.from_pylist([record(year=70_000)])}, "cannot be stored"),
        ({"record": pa.Table.from_pylist([record(), record(cost_vnd=None)])}, "more than one row for"),
    ],
)
def test_wrong_facts_are_refused_in_words_and_leave_the_former_snapshot_in_force(tmp_path, tables, told):
    former = publish({"record": batch(record())}, tmp_path)
    with pytest.raises(BadFacts, match=told):
        publish(tables, tmp_path)
    assert current_snapshot(tmp_path).id == former.id
    assert sorted(item.name for item in tmp_path.iterdir()) == sorted(["CURRENT", former.id])


def test_a_source_that_fails_half_way_leaves_nothing_behind(tmp_path):
    def broken():
        yield batch(record())
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        publish({"record": broken()}, tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NoSnapshot, match="nothing was published"):
        current_snapshot(tmp_path)


def test_a_publication_killed_a_day_ago_is_tidied_away_and_a_running_one_is_not(tmp_path):
    for name, age in (("old", 2 * 86_400), ("running", 0)):
        folder = tmp_path / f".publishing-{name}"
        folder.mkdir()
        stamp = folder.stat().st_mtime - age
        os.utime(folder, (stamp, stamp))
    publish({"record": batch(record())}, tmp_path)
    assert not (tmp_path / ".publishing-old").exists()
    assert (tmp_path / ".publishing-running").exists()


def test_only_the_newest_snapshots_are_kept(tmp_path):
    snapshots = []
    for n in range(4):
        snapshots.append(publish({"record": batch(record(quantity=Decimal(n)))}, tmp_path, keep=2))
        stamp = 1_700_000_000 + n
        os.utime(snapshots[-1].path / "manifest.json", (stamp, stamp))
    assert [snapshot.path.exists() for snapshot in snapshots] == [False, False, True, True]


def test_a_changed_file_is_noticed_and_publishing_again_mends_it(tmp_path):
    snapshot = publish({"record": batch(record())}, tmp_path)
    snapshot.verify()
    (snapshot.file("record/all")).write_bytes(b"PAR1")
    with pytest.raises(NoSnapshot, match=r"all\.parquet"):
        snapshot.verify()
    publish({"record": batch(record())}, tmp_path).verify()


def test_a_damaged_manifest_is_told_as_such(tmp_path):
    snapshot = publish({}, tmp_path)
    (snapshot.path / "manifest.json").write_text("{")
    with pytest.raises(NoSnapshot, match="cannot be read"):
        open_snapshot(tmp_path)


def test_many_small_batches_become_few_row_groups(tmp_path):
    import pyarrow.parquet as pq

    batches = (batch(record(facility_id=n)) for n in range(500))
    snapshot = publish({"record": batches}, tmp_path)
    assert pq.ParquetFile(snapshot.file("record/all")).num_row_groups == 1


def test_an_unknown_engine_is_refused(tmp_path):
    publish({}, tmp_path)
    with pytest.raises(publishing.WarehouseError, match="duckdb or spark"):
        open_snapshot(tmp_path, engine="mysql")  # type: ignore[arg-type]


def years(store, read):
    """A store of year → record rows, as the publisher of a large table would give it."""

    def batches(wanted):
        read.extend(wanted)
        mixed = [row for rows in zip_longest(*store.values()) for row in rows if row]
        return batch(*(row for row in mixed if min(wanted) <= row["year"] <= max(wanted)))

    return ByYear({year: repr(rows) for year, rows in store.items()}, batches)


def test_only_the_years_whose_stamp_changed_are_read_again(tmp_path):
    store, read = {2023: [record(year=2023)], 2024: [record(), record(month=2)]}, []
    first = publish({"record": years(store, read)}, tmp_path)
    assert (read, first.rows["record"]) == ([2023, 2024], 3)
    read.clear()
    store[2024] = [record(quantity=Decimal(7))]
    second = publish({"record": years(store, read)}, tmp_path)
    assert (read, second.rows["record"]) == ([2024], 2)
    second.verify()
    with open_snapshot(tmp_path) as warehouse:
        rows = warehouse.rows(warehouse.table("record").order_by("year"))
    assert rows == [record(year=2023), record(quantity=Decimal(7))]


def test_a_kept_year_outlives_the_snapshot_it_was_first_written_in(tmp_path):
    store, read = {2023: [record(year=2023)], 2024: [record()]}, []
    first = publish({"record": years(store, read)}, tmp_path, keep=1)
    store[2024] = [record(quantity=Decimal(7))]
    second = publish({"record": years(store, read)}, tmp_path, keep=1)
    assert not first.path.exists()
    second.verify()


def test_a_year_no_longer_in_the_store_is_not_in_the_snapshot(tmp_path):
    store, read = {2023: [record(year=2023)], 2024: [record()]}, []
    publish({"record": years(store, read)}, tmp_path)
    del store[2023]
    assert publish({"record": years(store, read)}, tmp_path).rows["record"] == 1
    assert publish({"record": years({}, read)}, tmp_path).rows["record"] == 0
    with open_snapshot(tmp_path) as warehouse:
        assert warehouse.rows(warehouse.table("record")) == []


def test_a_damaged_year_and_one_of_another_version_are_read_again(tmp_path, monkeypatch):
    store, read = {2023: [record(year=2023)], 2024: [record()]}, []
    first = publish({"record": years(store, read)}, tmp_path)
    first.file("record/2023").write_bytes(b"PAR1")
    read.clear()
    publish({"record": years(store, read)}, tmp_path).verify()
    assert read == [2023]
    read.clear()
    monkeypatch.setattr(publishing, "_code_version", lambda: "another")
    publish({"record": years(store, read)}, tmp_path)
    assert read == [2023, 2024]


def test_without_hard_links_a_kept_year_is_copied(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(95, "Operation not supported")

    store, read = {2023: [record(year=2023)], 2024: [record()]}, []
    publish({"record": years(store, read)}, tmp_path)
    store[2024] = [record(quantity=Decimal(7))]
    monkeypatch.setattr("os.link", refuse)
    publish({"record": years(store, read)}, tmp_path).verify()


def test_a_table_that_is_read_apart_is_begun_first_and_in_another_thread(tmp_path):
    begun, threads = threading.Event(), []

    def read(_years):
        threads.append(threading.get_ident())
        begun.set()
        yield batch(record())

    def needs():
        assert begun.wait(10)
        yield from ()

    records = ByYear({2024: "1"}, read, apart=True)
    snapshot = publish({"need": needs(), "record": records}, tmp_path)
    assert snapshot.rows["record"] == 1
    assert threads != [threading.get_ident()]


def test_what_is_read_apart_stops_where_another_table_fails_and_nothing_is_published(tmp_path):
    given = []

    def read(_years):
        for month in itertools.count(1):
            given.append(month)
            yield batch(record(facility_id=month))
            time.sleep(0.001)

    def needs():
        raise BadFacts("a need that is none")
        yield

    with pytest.raises(BadFacts, match="a need that is none"):
        publish({"need": needs(), "record": ByYear({2024: "1"}, read, apart=True)}, tmp_path)
    count = len(given)
    time.sleep(0.05)
    assert len(given) == count
    assert list(tmp_path.iterdir()) == []


def test_what_fails_apart_is_told_and_nothing_is_published(tmp_path):
    with pytest.raises(BadFacts, match="more than one row"):
        publish({"record": ByYear({2024: "1"}, lambda _: batch(record(), record()), apart=True)}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_fails_half_way_keeps_nothing_from_the_one_read_apart(tmp_path):
    lock, held = threading.Lock(), threading.Event()

    def needs():
        with lock:
            held.set()
            yield pa.RecordBatch.from_pydict({"nothing": [1]})

    def read(_years):
        held.wait()
        with lock:
            yield batch(record())

    with pytest.raises(BadFacts, match="unknown columns"):
        publish({"need": needs(), "record": ByYear({2024: "1"}, read, apart=True)}, tmp_path)
    assert not lock.locked()
