"""The six workbooks as factories keep them, read with the suggested profile to what a careful clerk reads."""

import json
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from sachhon.workbooks.extract import extract
from sachhon.workbooks.grid import open_workbook
from sachhon.workbooks.profile import MappingProfile
from sachhon.workbooks.suggest import suggest

FILES = Path(__file__).parent / "files"
ANSWERS = json.loads((FILES / "answers.json").read_text(encoding="utf-8"))


def read(name):
    workbook = open_workbook(FILES / name)
    (profile,) = suggest(workbook)
    assert profile.undecided == ()
    assert MappingProfile.from_json(profile.to_json()) == profile
    return extract(workbook, profile)


def by_month(extraction, places=3):
    step = Decimal(1).scaleb(-places)
    return {r.period: float(r.quantity.quantize(step, ROUND_HALF_UP)) for r in extraction.readings}


def test_electricity_bills_are_spread_by_day_over_the_months():
    extraction = read("hoa_don_dien_2025.xlsx")
    assert by_month(extraction) == ANSWERS["electricity_kWh_by_month_2025_spread_by_day"]
    assert {r.unit for r in extraction.readings} == {"kWh"}
    assert {r.resource for r in extraction.readings} == {"electricity"}


def test_the_bills_total_row_is_compared_and_not_counted():
    (total,) = read("hoa_don_dien_2025.xlsx").totals
    assert (total.stated, total.computed, total.cell) == (Decimal(317088), Decimal(317088), "D23")


def test_an_estimated_bill_marks_the_month_it_reaches_into():
    extraction = read("hoa_don_dien_2025.xlsx")
    assert [r.period for r in extraction.readings if r.estimated] == ["2025-05"]
    assert [p.cell for p in extraction.problems if p.rule == "estimated"] == ["D13"]


def test_what_falls_into_other_years_is_told_not_lost():
    outside = [
        p.params["period"] for p in read("hoa_don_dien_2025.xlsx").problems if p.rule == "outside_year"
    ]
    assert outside == ["2024-12", "2026-01"]


def test_the_bills_money_is_spread_too_and_kept_whole():
    workbook = open_workbook(FILES / "hoa_don_dien_2025.xlsx")
    (profile,) = suggest(workbook)
    everything = extract(workbook, replace(profile, only_year=False))
    assert sum(r.cost_vnd for r in everything.readings) == 577_649_322
    assert sum(r.quantity for r in everything.readings) == 317_088
    assert [r.period for r in everything.readings if not r.complete] == ["2024-12", "2026-01"]


def test_coal_that_went_out_is_the_consumption_and_subtotals_agree():
    extraction = read("so_theo_doi_than.xlsx")
    assert by_month(extraction) == ANSWERS["coal_t_by_month"]
    assert {(r.flow, r.unit) for r in extraction.readings} == {("consumption", "t")}
    assert {r.source for r in extraction.readings} == {"ledger"}
    assert len(extraction.totals) == 12
    assert all(t.agrees for t in extraction.totals)
    assert extraction.problems == ()


def test_output_by_product_and_month_in_single_pieces():
    extraction = read("san_luong.xls")
    found: dict[str, dict[str, int]] = {}
    for r in extraction.readings:
        found.setdefault(r.label, {})[r.period] = int(r.quantity)
    assert found == ANSWERS["output_pieces_by_month"]
    assert {(r.flow, r.source) for r in extraction.readings} == {("output", "ledger")}
    assert len(extraction.totals) == 4
    assert all(t.agrees for t in extraction.totals)


def test_water_goes_on_from_the_new_meters_index():
    extraction = read("nuoc.ods")
    assert by_month(extraction) == ANSWERS["water_m3_by_month"]
    assert [(p.rule, p.cell) for p in extraction.problems] == [("meter_replaced", "B11")]


def test_an_old_form_in_tcvn3_gives_readings_of_the_year_and_money():
    extraction = read("bao_cao_2024_font_cu.xlsx")
    found = {f"{r.resource}_{r.unit}": int(r.quantity) for r in extraction.readings}
    want = ANSWERS["old_report_2024"]
    assert found == {
        "electricity_kWh": want["electricity_kWh"],
        "coal_cam_5_6_t": want["coal_t"],
        "water_m3": want["water_m3"],
    }
    (found,) = extraction.solutions
    money = (found.solution.investment_vnd, found.solution.saving_vnd_per_year)
    assert money == (want["investment_VND"], want["saving_VND_per_year"])
    assert found.origins == {"investment_vnd": ("BC", "E8"), "saving_vnd_per_year": ("BC", "E9")}
    assert (found.year, found.missing) == (2024, ("name", "group", "done"))
    assert {r.period for r in extraction.readings} == {"2024"}


def test_an_interval_export_with_gaps_a_repeat_and_a_unit_slip():
    extraction = read("cong_to_30phut.csv")
    (reading,) = extraction.readings
    want = ANSWERS["interval_meter_2025_10"]
    assert reading.period == "2025-10"
    assert float(reading.quantity) == pytest.approx(want["kWh_without_spike_error"], abs=1e-9)
    assert extraction.counts == {
        "interval_readings": want["readings"],
        "interval_missing": want["missing_half_hours"],
        "interval_duplicates": want["duplicates"],
        "interval_spikes": want["spikes_factor_1000"],
    }
    spike = next(p for p in extraction.problems if p.rule == "interval_spike")
    assert (spike.cell, spike.params["used"]) == ("B703", Decimal("15.48"))
    assert reading.origins == (("CSV", "B5:B55"), ("CSV", "B57:B1489"))
    assert reading.estimated  # half-hours are missing, so the sum is less than what was used
