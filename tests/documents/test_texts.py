"""The wording: complete in both languages, in one way of writing tone marks, and strict when filled."""

import csv
import re
import unicodedata
from importlib import resources

import pytest

from sachhon.documents.texts import TextMissing, clean, words

ROWS = [
    row
    for file in resources.files("sachhon.documents").joinpath("texts").iterdir()
    if file.name.endswith(".csv")
    for row in csv.DictReader(file.read_text("utf-8").splitlines())
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_each_text_stands_in_both_languages_with_the_same_places_to_fill(row):
    assert set(row) == {"key", "vi", "en"}, "a comma too many"
    assert row["vi"]
    assert row["en"]
    places = [set(re.findall(r"\{(\w+)[|}]", row[lang])) for lang in ("vi", "en")]
    assert places[0] == places[1]
    assert unicodedata.is_normalized("NFC", row["vi"])


def test_a_missing_text_or_value_is_an_error_not_a_hole():
    with pytest.raises(TextMissing, match=r"no text 'not\.there'"):
        words("vi")("not.there")
    with pytest.raises(KeyError):
        words("vi")("date.long", day="05")


def test_english_chooses_its_word_by_the_number():
    say = words("en")
    assert "1 facility short" in say("targets.no_gap", gap="1")
    assert "41 facilities short" in say("targets.no_gap", gap="41")


def test_text_from_outside_cannot_carry_control_or_private_characters():
    assert clean("a\x00b\x0bc\ue000d\ue001 ") == "a b c d"
    assert clean("Cơ sở Ộ ự") == "Cơ sở Ộ ự"
