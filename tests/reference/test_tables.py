"""Every table of facts: legal confidence, a source, known units, no two truths on one day, no untold gap."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest

from sachhon.reference import CONFIDENCES, FactNotFound, describe, fact, facts, normalise_unit, tables
from sachhon.reference.facts import rows

# Tables whose every code must be covered without a gap from its first day to its last.
GAPLESS = ("co2", "toe", "prices", "sizes", "bodies", "deadlines", "conversions")


@pytest.mark.parametrize("table", tables())
def test_every_fact_has_a_source_two_names_and_a_legal_confidence(table):
    found = facts(table)
    assert found
    for f in found:
        assert f.code, f
        assert f.source.strip(), f.full_code
        assert f.name_vi.strip(), f.full_code
        assert f.name_en.strip(), f.full_code
        assert f.confidence in CONFIDENCES, f.full_code


@pytest.mark.parametrize("table", tables())
def test_every_unit_is_known(table):
    for f in facts(table):
        if f.unit:
            assert normalise_unit(f.unit) == f.unit, f.full_code


@pytest.mark.parametrize("table", tables())
def test_no_two_versions_of_a_fact_hold_on_one_day(table):
    for code, versions in _versions(table).items():
        for a, b in itertools.pairwise(versions):
            assert a.valid_to is not None, f"{code}: an open version is followed by another"
            assert a.valid_to < (b.valid_from or date.min), f"{code}: versions overlap"


@pytest.mark.parametrize("table", GAPLESS)
def test_versions_follow_each_other_without_a_gap(table):
    for code, versions in _versions(table).items():
        for a, b in itertools.pairwise(versions):
            assert a.valid_to is not None
            assert b.valid_from == a.valid_to + timedelta(days=1), code


@pytest.mark.parametrize("table", tables())
def test_values_lie_between_their_bounds(table):
    for f in facts(table):
        if f.valid_from and f.valid_to:
            assert f.valid_from <= f.valid_to, f.full_code
        if f.low is not None and f.high is not None:
            assert f.low <= f.high, f.full_code
        if f.value is not None and f.low is not None and f.high is not None:
            assert f.low <= f.value <= f.high, f.full_code
        if f.relative_uncertainty is not None:
            assert 0 < f.relative_uncertainty < 1, f.full_code


def test_every_row_has_as_many_cells_as_its_head():
    for name in (
        *tables(),
        "unit_aliases",
        "unit_multipliers",
        "resource_aliases",
        "area_successors",
        "labels",
        "source_words",
    ):
        for row in rows(name):
            assert None not in row, (name, row)
            assert None not in row.values(), (name, row)


def test_a_range_gives_its_midpoint_and_keeps_the_ends():
    coke = fact("toe.coke", date(2024, 6, 1))
    assert (coke.low, coke.value, coke.high) == (Decimal("0.70"), Decimal("0.725"), Decimal("0.75"))


def test_a_fact_is_found_by_its_bare_code_where_one_table_has_it():
    assert fact("annual_report", date(2025, 1, 1)) is fact("deadlines.annual_report", date(2025, 1, 1))


def test_a_missing_fact_names_the_code_the_day_and_the_nearest_validity():
    with pytest.raises(FactNotFound, match=r"co2\.electricity.*2009-05-01.*2010-01-01") as caught:
        fact("co2.electricity", date(2009, 5, 1))
    assert caught.value.code == "co2.electricity"
    assert caught.value.nearest is not None
    with pytest.raises(FactNotFound, match="no such code"):
        fact("co2.unobtainium", date(2024, 1, 1))


def test_a_bare_code_of_several_tables_is_not_guessed():
    with pytest.raises(FactNotFound):
        fact("diesel", date(2024, 1, 1))


def test_describe_tells_value_source_and_confidence_in_both_languages():
    vi, en = (describe("toe.diesel", date(2024, 1, 1), lang) for lang in ("vi", "en"))
    assert "Giá trị: 0,00088 TOE/lít" in vi
    assert "Nguồn: Công văn 3505/BCT-KHCN" in vi
    assert "19/04/2011" in vi
    assert "Value: 0.00088 toe/l" in en
    assert "Confidence: found in a document" in en


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("table", tables())
def test_every_table_can_be_described_in_words(table, lang):
    first = facts(table)[0]
    text = describe(first.full_code, first.valid_to or first.valid_from or date(2024, 1, 1), lang)
    assert first.name(lang) in text
    assert "_" not in "".join(line.partition(":")[0] for line in text.splitlines()[1:])


def test_a_range_is_described_with_its_ends():
    assert "Giá trị: 0,725 (0,7 – 0,75) TOE/tấn" in describe("toe.coke", date(2024, 1, 1), "vi")


def test_amounts_are_written_in_the_manner_of_the_language():
    day = date(2024, 1, 1)
    assert "Doanh thu tối đa (đồng): 50.000.000.000" in describe("sizes.industry.small", day, "vi")
    assert "Revenue at most (VND): 50,000,000,000" in describe("sizes.industry.small", day, "en")
    assert "ARC code: 2.1233" in describe("options.BLR-01", day, "en")


def test_describe_of_a_bare_code_shows_every_table_that_has_it():
    text = describe("diesel", date(2024, 1, 1), "en")
    for full_code in ("toe.diesel", "co2.diesel", "prices.diesel", "resources.diesel"):
        assert f"{full_code}: " in text


def test_describe_of_an_unknown_code_is_refused():
    with pytest.raises(FactNotFound):
        describe("nothing.here", date(2024, 1, 1), "vi")


def _versions(table):
    found = {}
    for f in facts(table):
        found.setdefault(f.code, []).append(f)
    return {code: sorted(fs, key=lambda f: f.valid_from or date.min) for code, fs in found.items()}
