"""The history is searched by the words of what was done, with or without tone marks."""

import pytest

from sachhon.apps.people import audit, queries


@pytest.mark.parametrize("words", ["hoan tac", "Hoàn tác", "hoan tac gach"])
def test_what_was_done_is_found_by_its_words(cast, words):
    officer = cast.user("centre")
    audit.record(officer, "records.undo", cast.brick, after={"records": 3})
    audit.record(officer, "facility.change", cast.brick, after={"name": "Gạch"})
    found = [entry.verb for entry in queries.history(officer, q=words)]
    assert "records.undo" in found
    assert "facility.change" not in found
