"""Records as a store reads them out, and keys that repeat."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

import pyarrow as pa
import pytest

from sachhon.warehouse import parts
from sachhon.warehouse.publish import BadFacts, publish
from sachhon.warehouse.records import STORED, WHOSE, Items, record_batch
from sachhon.warehouse.schema import FLOWS, QUALITIES
from sachhon.warehouse.text import text_batch

ITEMS = Items.of([(7, "electricity", "electricity", "kWh"), (9, "coal_cam_5_6", "fuel", "t")])


def stored(*lines):
    """Rows of facility, year, month, item, flow, meter, quantity, cost, quality as they are read."""
    rows = [
        (
            None if None in (flow, quality) else ((((who * 128 + year - 2000) * 16 + month) * 4 + flow) * 4 + quality),
            item, meter, quantity, cost,
        )
        for who, year, month, item, flow, meter, quantity, cost, quality in lines
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(
        [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), STORED, strict=True)],
        schema=STORED,
    )


def test_the_number_that_sql_makes_is_taken_apart_again():
    with sqlite3.connect(":memory:") as database:
        for facility, year, month, flow, quality in (
            (1, 2000, 1, 0, 0),
            (2**31, 2100, 12, 3, 2),
            (7, 2024, 9, 1, 1),
        ):
            sql = WHOSE.format(facility_id=facility, year=year, month=month, flow=flow, quality=quality)
            (number,) = database.execute(f"SELECT {sql}").fetchone()
            row = pa.RecordBatch.from_pylist(
                [{"whose": number, "item": 7, "meter": None, "quantity": Decimal(1), "cost_vnd": None}],
                STORED,
            )
            (read,) = record_batch(row, ITEMS).to_pylist()
            assert (read["facility_id"], read["year"], read["month"]) == (facility, year, month)
            assert (read["flow"], read["quality"]) == (FLOWS[flow], QUALITIES[quality])


def test_each_row_becomes_a_record_with_the_words_of_its_item():
    first, second = record_batch(
        stored(
            (1, 2024, 3, 9, 0, None, Decimal("13.5"), None, 0),
            (2, 2023, 4, 7, 0, "M1", Decimal("1234.000001"), 2_500_000, 1),
        ),
        ITEMS,
    ).to_pylist()
    assert first == {
        "facility_id": 1,
        "year": 2024,
        "month": 3,
        "flow": "consumption",
        "item_code": "coal_cam_5_6",
        "item_kind": "fuel",
        "meter": "",
        "unit": "t",
        "quantity": Decimal("13.500000"),
        "cost_vnd": None,
        "quality": "good",
    }
    assert (second["year"], second["meter"], second["quality"]) == (2023, "M1", "estimated")
    assert (second["unit"], second["cost_vnd"]) == ("kWh", 2_500_000)
    assert second["quantity"] == Decimal("1234.000001")


def test_csv_of_a_database_is_read_as_it_writes_it():
    text = b'17,9,,13.500000,\n34,7,"M1, ""new""\nhall",1234.000001,2500000\n'
    first, second = text_batch(text, STORED, "record").to_pylist()
    assert (first["meter"], first["cost_vnd"], first["quantity"]) == ("", None, Decimal("13.5"))
    assert (second["meter"], second["quantity"]) == ('M1, "new"\nhall', Decimal("1234.000001"))
    assert text_batch(b"", STORED, "record").num_rows == 0
    for wrong in (b"17,9,,much,\n", b"17,9\n"):
        with pytest.raises(BadFacts, match="cannot be read"):
            text_batch(wrong, STORED, "record")


@pytest.mark.parametrize(
    ("item", "flow", "quality", "says"),
    [(8, 0, 0, "unknown item"), (9, None, 0, "a word not among"), (9, 0, None, "a word not among")],
)
def test_what_is_no_record_is_refused(item, flow, quality, says):
    with pytest.raises(BadFacts, match=says):
        record_batch(stored((1, 2024, 3, item, flow, None, Decimal(1), None, quality)), ITEMS)


@pytest.mark.parametrize("sorted_rows", [0, 10_000_000])
def test_a_key_that_repeats_is_named_whichever_way_it_is_looked_for(tmp_path, monkeypatch, sorted_rows):
    monkeypatch.setattr(parts, "_SORTED_ROWS", sorted_rows)
    line = (1, 2024, 3, 9, 0, "a", Decimal("13.5"), None, 0)
    other = (1, 2024, 3, 9, 0, "b", Decimal("13.5"), None, 0)
    once = record_batch(stored(line, other), ITEMS)
    publish({"record": once}, tmp_path)
    twice = pa.Table.from_batches([once, record_batch(stored(other), ITEMS)])
    with pytest.raises(BadFacts, match=r"more than one row.*meter=b"):
        publish({"record": twice}, tmp_path)
