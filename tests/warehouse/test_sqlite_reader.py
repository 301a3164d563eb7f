"""An SQLite file read in columns by a process of its own."""

from __future__ import annotations

import fcntl
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute
import pytest

from sachhon.warehouse.schema import QUANTITY
from sachhon.warehouse.snapshot import BadFacts, WarehouseError
from sachhon.warehouse.sqlite_reader import BATCH_ROWS, SqliteReader

SCHEMA = pa.schema([("number", pa.int64()), ("word", pa.string()), ("amount", QUANTITY)])
SELECT = "SELECT number, word, CAST(amount AS REAL) FROM thing WHERE number >= ? AND place = ?"


@pytest.fixture
def store(tmp_path):
    """A store in the mode of the site's, with a space and a question mark in its path."""
    file = tmp_path / "kho số?1.sqlite3"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE thing (number INTEGER, word TEXT, amount NUMERIC, place TEXT)")
    connection.commit()
    yield file, connection
    connection.close()


def fill(connection, rows):
    connection.executemany("INSERT INTO thing VALUES (?, ?, ?, 'ấp''1')", rows)
    connection.commit()


def test_rows_come_as_they_are_stored_several_queries_after_one_another(store):
    file, connection = store
    fill(connection, [(1, "gạch", 1234.000001), (2, None, 5), (3, "", None)])
    with SqliteReader(file) as reader:
        for first, count in ((1, 3), (2, 2), (9, 0)):
            found = list(reader.batches(SELECT, [first, "ấp'1"], SCHEMA, "thing"))
            rows = [row for batch in found for row in batch.to_pylist()]
            assert len(rows) == count
            assert all(batch.schema == SCHEMA for batch in found)
            if first == 1:
                assert rows == [
                    {"number": 1, "word": "gạch", "amount": Decimal("1234.000001")},
                    {"number": 2, "word": None, "amount": Decimal(5)},
                    {"number": 3, "word": "", "amount": None},
                ]


def test_types_do_not_depend_on_the_first_values(store):
    file, connection = store
    fill(connection, [(n, None, None) for n in range(BATCH_ROWS + 5)])
    fill(connection, [(BATCH_ROWS + 5, "muộn", 0.5)])
    with SqliteReader(file) as reader:
        found = list(reader.batches(SELECT, [0, "ấp'1"], SCHEMA, "thing"))
    assert sum(batch.num_rows for batch in found) == BATCH_ROWS + 6
    assert found[-1].to_pylist()[-1] == {"number": BATCH_ROWS + 5, "word": "muộn", "amount": Decimal("0.5")}


def test_what_is_committed_is_seen_and_what_is_not_is_not(store):
    file, connection = store
    fill(connection, [(1, "a", 1)])
    with SqliteReader(file) as reader:
        connection.execute("INSERT INTO thing VALUES (2, 'b', 2, 'ấp''1')")
        assert sum(b.num_rows for b in reader.batches(SELECT, [0, "ấp'1"], SCHEMA, "thing")) == 1
        connection.commit()
        assert sum(b.num_rows for b in reader.batches(SELECT, [0, "ấp'1"], SCHEMA, "thing")) == 2


def test_one_query_sees_one_moment(store):
    file, connection = store
    fill(connection, [(n, "a", 1) for n in range(4 * BATCH_ROWS)])
    with SqliteReader(file) as reader:
        answer = reader.batches(SELECT, [0, "ấp'1"], SCHEMA, "thing")
        count = next(answer).num_rows
        fill(connection, [(n, "late", 1) for n in range(10)])
        assert count + sum(batch.num_rows for batch in answer) == 4 * BATCH_ROWS


def test_nothing_is_written_and_what_cannot_be_read_is_said(store, tmp_path):
    file, connection = store
    fill(connection, [(2**40, "a", 1)])
    with SqliteReader(file) as reader, pytest.raises(WarehouseError, match="could not be read"):
        list(reader.batches("SELECT * FROM nothing", [], SCHEMA, "thing"))
    with SqliteReader(tmp_path / "absent.sqlite3") as reader, pytest.raises(WarehouseError):
        list(reader.batches(SELECT, [0, ""], SCHEMA, "thing"))
    assert not (tmp_path / "absent.sqlite3").exists()
    narrow = pa.schema([("number", pa.int8()), *list(SCHEMA)[1:]])
    with SqliteReader(file) as reader, pytest.raises(BadFacts, match="thing: what the store holds"):
        list(reader.batches(SELECT, [0, "ấp'1"], narrow, "thing"))


def test_a_reading_left_in_the_middle_ends_the_process(store):
    file, connection = store
    fill(connection, [(n, "a" * 50, 1) for n in range(3 * BATCH_ROWS)])
    with SqliteReader(file) as reader:
        next(reader.batches(SELECT, [0, "ấp'1"], SCHEMA, "thing"))
        process = reader._process
    assert process.returncode is not None


def test_threads_wait_for_one_another(store):
    file, connection = store
    fill(connection, [(n, f"{n}", n) for n in range(1, 3 * BATCH_ROWS)])
    with SqliteReader(file) as reader, ThreadPoolExecutor(4) as threads:

        def rows(least):
            found = reader.batches(SELECT, [least, "ấp'1"], SCHEMA, "thing")
            return sum(pa.compute.sum(batch.column("number")).as_py() for batch in found)

        least = [1, BATCH_ROWS, 2 * BATCH_ROWS, 7]
        assert list(threads.map(rows, least)) == [sum(range(n, 3 * BATCH_ROWS)) for n in least]


def test_the_rest_of_an_answer_read_half_way_is_not_taken_for_the_next(store):
    file, connection = store
    fill(connection, [(n, f"{n}", n) for n in range(1, 3 * BATCH_ROWS)])
    with SqliteReader(file) as reader:
        half = reader.batches(SELECT, [1, "ấp'1"], SCHEMA, "thing")
        next(half)
        half.close()
        with pytest.raises(WarehouseError):
            list(reader.batches(SELECT, [1, "ấp'1"], SCHEMA, "thing"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lets a pipe be widened")
def test_the_answer_has_room_for_large_pieces(store):
    with SqliteReader(store[0]) as reader:
        assert fcntl.fcntl(reader._process.stdout, fcntl.F_GETPIPE_SZ) == 1 << 20
