"""The worked examples of the concept pages give what the pages print."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

CONCEPTS = Path(__file__).parents[2] / "docs" / "concepts"
WITHOUT_EXAMPLE = {"offline-sync.md", "plausibility.md", "reading-workbooks.md"}  # nothing is computed there


@pytest.mark.parametrize("page", sorted({p.name for p in CONCEPTS.glob("*.md")} - WITHOUT_EXAMPLE))
def test_the_worked_examples_of_a_page_are_true(page):
    result = doctest.testfile(str(CONCEPTS / page), module_relative=False, encoding="utf-8")
    assert result.attempted >= 3, f"{page} has no worked example"
    assert result.failed == 0


def test_the_example_in_the_calendar_module_is_true():
    from sachhon.science import calendar

    result = doctest.testmod(calendar, extraglobs={"date": calendar.date})
    assert result.attempted
    assert result.failed == 0
