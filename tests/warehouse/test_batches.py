"""Rows of a database cursor as record batches."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

import pytest

from sachhon.warehouse.batches import batches
from sachhon.warehouse.publish import BadFacts, open_snapshot, publish


def row(month=1, quantity=Decimal("1.5"), cost=10):
    return (1, 2024, month, "consumption", "coal", "fuel", "", "t", quantity, cost, "good")


def test_rows_come_in_batches_of_the_size_asked_for():
    sizes = [batch.num_rows for batch in batches("record", (row(m) for m in range(1, 8)), size=3)]
    assert sizes == [3, 3, 1]
    assert list(batches("record", [])) == []


@pytest.mark.parametrize(
    ("quantities", "stored"),
    [
        ([Decimal("1.234567"), None], [Decimal("1.234567"), None]),
        ([2, 3], [Decimal(2), Decimal(3)]),
        ([0.1, 2], [Decimal("0.1"), Decimal(2)]),
        ([1 / 3, None], [Decimal("0.333333"), None]),
    ],
)
def test_quantities_of_any_driver_become_decimals(quantities, stored):
    (batch,) = batches("record", [row(quantity=quantity) for quantity in quantities])
    assert batch.column("quantity").to_pylist() == stored


def test_zero_and_one_of_a_database_become_booleans():
    (batch,) = batches("solution", [(1, 2024, "control", n, "reported", None, 5, 1) for n in (0, 1)])
    assert batch.column("is_cp").to_pylist() == [False, True]


def test_a_cursor_is_published_as_it_streams(tmp_path):
    with sqlite3.connect(":memory:") as store:
        store.execute("CREATE TABLE record (month INTEGER, quantity NUMERIC)")
        store.executemany("INSERT INTO record VALUES (?, ?)", [(m, m / 10) for m in range(1, 13)])
        cursor = store.execute(
            "SELECT 1, 2024, month, 'consumption', 'coal', 'fuel', '', 't', quantity, NULL, 'good' FROM record"
        )
        publish({"record": batches("record", cursor, size=5)}, tmp_path)
    with open_snapshot(tmp_path) as warehouse:
        table = warehouse.table("record")
        assert warehouse.rows(table.aggregate(total=table.quantity.sum())) == [{"total": Decimal("7.8")}]


def test_rows_that_do_not_fit_are_refused_by_column():
    with pytest.raises(BadFacts, match="rows of 3 values"):
        list(batches("record", [(1, 2, 3)]))
    with pytest.raises(BadFacts, match=r"record\.quantity"):
        list(batches("record", [row(quantity="nhiều")]))
