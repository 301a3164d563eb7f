"""Records as a database writes them, and keys that repeat."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from sachhon.warehouse import parts
from sachhon.warehouse.publish import BadFacts, publish
from sachhon.warehouse.record_text import Items, record_batch
from sachhon.warehouse.schema import RECORD

ITEMS = Items.of([(7, "electricity", "electricity", "kWh"), (9, "coal_cam_5_6", "fuel", "t")])


def test_each_line_becomes_a_record_with_the_words_of_its_item():
    text = b'1,3,9,consumption,,13.500000,,good\n2,4,7,consumption,"M1, ""new""\nhall",1234.000001,2500000,estimated\n'
    first, second = record_batch(text, 2024, ITEMS).to_pylist()
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
    assert second["meter"] == 'M1, "new"\nhall'
    assert (second["unit"], second["cost_vnd"]) == ("kWh", 2_500_000)
    assert second["quantity"] == Decimal("1234.000001")


def test_no_text_is_no_record():
    batch = record_batch(b"", 2024, ITEMS)
    assert batch.num_rows == 0
    assert batch.schema == RECORD.schema


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"1,3,8,consumption,,13.5,,good\n", "unknown item"),
        (b"1,3,9,consumption,,much,,good\n", "cannot be read"),
        (b"1,3,9,consumption\n", "cannot be read"),
    ],
)
def test_what_is_no_record_is_refused(line, says):
    with pytest.raises(BadFacts, match=says):
        record_batch(line, 2024, ITEMS)


@pytest.mark.parametrize("sorted_rows", [0, 10_000_000])
def test_a_key_that_repeats_is_named_whichever_way_it_is_looked_for(tmp_path, monkeypatch, sorted_rows):
    monkeypatch.setattr(parts, "_SORTED_ROWS", sorted_rows)
    line = b"1,3,9,consumption,%s,13.5,,good\n"
    once = record_batch(line % b"a" + line % b"b", 2024, ITEMS)
    publish({"record": once}, tmp_path)
    twice = pa.Table.from_batches([once, record_batch(line % b"b", 2024, ITEMS)])
    with pytest.raises(BadFacts, match=r"more than one row.*meter=b"):
        publish({"record": twice}, tmp_path)
