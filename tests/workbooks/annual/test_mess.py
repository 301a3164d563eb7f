"""What people make of a form is read to the same report, or to what the kind of mess says is lost."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.workbooks.annual.reports import FULL, LAST_YEAR

from sachhon.workbooks.annual.mess import KINDS, make_messy
from sachhon.workbooks.annual.model import to_json
from sachhon.workbooks.annual.pages import pages_of, to_xls
from sachhon.workbooks.annual.read import ReadReport, looks_like_annual, read_annual
from sachhon.workbooks.annual.template import write_template
from sachhon.workbooks.grid import open_workbook

CLEAN = write_template(FULL, lines=LAST_YEAR)

EXPECTED_RULES = {
    "moved_columns": set(),
    "merged_cells": set(),
    "text_numbers": {"annual_numbers_as_text", "number_ambiguous"},
    "unit_spellings": {"annual_unit_converted"},
    "dates_as_text": set(),
    "extra_sheets": {"annual_sheet_other_year", "annual_sheet_ignored"},
    "renamed_sheets": {"annual_sheet_ignored"},
    "empty_rows": set(),
    "old_form": {"annual_form_foreign"},
    "old_font": {"legacy_text_repaired"},
    "xls": set(),
    "ods": set(),
}


def messy(kind: str, seed: int) -> ReadReport:
    content, ending = make_messy(CLEAN, kind, seed)
    workbook = open_workbook(content, f"bao cao.{ending}")
    assert looks_like_annual(workbook)
    return read_annual(workbook)


def test_every_kind_is_tried():
    assert set(EXPECTED_RULES) == set(KINDS)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_messy_workbook_is_read_to_the_same_report(kind, seed):
    found = messy(kind, seed)
    assert found.data == FULL
    assert not found.has_errors
    assert {problem.rule for problem in found.problems} <= EXPECTED_RULES[kind]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"xls"}))
def test_the_same_seed_makes_the_same_mess(kind):
    assert make_messy(CLEAN, kind, 7) == make_messy(CLEAN, kind, 7)


def test_last_years_form_has_no_place_for_a_products_code():
    coded = replace(FULL, lines=(replace(FULL.lines[0], resource_code="SP-1"), *FULL.lines[1:]))
    clean = write_template(coded)
    assert read_annual(open_workbook(clean)).data == coded
    content, _ = make_messy(clean, "old_form", 1)
    assert read_annual(open_workbook(content)).data == FULL


def test_a_blank_total_saved_as_zero_in_an_old_file_is_no_figure():
    clean = write_template(FULL, lines=(*LAST_YEAR, replace(LAST_YEAR[0], name="Ngói")))
    pages = pages_of(clean)
    for page in pages:
        for row in page.rows:
            row[:] = [0.0 if value == " " else value for value in row]
    found = read_annual(open_workbook(to_xls(pages)))
    assert found.data == FULL
    assert [(each.rule, each.params["name"]) for each in found.problems] == [("annual_line_empty", "Ngói")]


def test_what_was_converted_is_remembered_as_it_was_typed():
    converted = [messy("unit_spellings", seed) for seed in range(12)]
    typed = {words for found in converted for words in found.as_typed.values()}
    assert {"MWh", "nghìn kWh", "kg"} & typed
    found = next(found for found in converted if "MWh" in found.as_typed.values())
    path = next(path for path, words in found.as_typed.items() if words == "MWh")
    note = next(problem for problem in found.problems if problem.params.get("unit") == "MWh")
    assert found.data.lines[int(path.split(".")[1])].unit == "kWh"
    assert (note.sheet, note.cell) == found.origins[path]
    assert "MWh" in note.message("en")
    assert "1,000" in note.message("en")


def test_an_unknown_kind_of_mess_is_refused():
    with pytest.raises(ValueError, match="choose one of"):
        make_messy(CLEAN, "coffee", 1)


def test_the_snapshot_of_a_messy_report_is_that_of_the_clean_one():
    assert to_json(messy("renamed_sheets", 1).data) == to_json(read_annual(open_workbook(CLEAN)).data)


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_a_form_opened_and_saved_in_libreoffice_is_read_without_a_word(ending):
    """The three files are `CLEAN` converted once by LibreOffice (`--convert-to`)."""
    found = read_annual(open_workbook(Path(__file__).parent / "files" / f"saved_by_libreoffice.{ending}"))
    assert found.data == FULL
    assert found.problems == ()
