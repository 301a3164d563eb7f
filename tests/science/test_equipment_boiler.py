"""Combustion, the heat of gases and boilers, against published answers and the physics."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sachhon.science.equipment import boiler, combustion, gas_heat, water
from sachhon.science.equipment.combustion import Fuel, burn
from sachhon.science.uncertainty import ScienceError

CASES = json.loads((Path(__file__).parent.parent / "cases" / "equipment" / "boiler.json").read_text())
KCAL, LB, BTU_LB, PSI = 4.1868, 0.45359237, 2.326, 6.894757293168361
METHANE = combustion.gas({"CH4": 1})


@st.composite
def fuels(draw) -> Fuel:
    moisture, ash = draw(st.floats(0, 0.5)), draw(st.floats(0, 0.3))
    dry = 1 - moisture - ash
    assume(dry > 0.3)
    hydrogen, oxygen = draw(st.floats(0.01, 0.2)) * dry, draw(st.floats(0, 0.4)) * dry
    sulphur, nitrogen = draw(st.floats(0, 0.05)) * dry, draw(st.floats(0, 0.02)) * dry
    carbon = 1 - moisture - ash - hydrogen - oxygen - sulphur - nitrogen
    return Fuel(
        carbon=carbon, hydrogen=hydrogen, oxygen=oxygen, nitrogen=nitrogen, sulphur=sulphur,
        moisture=moisture, ash=ash, gross_kj_kg=33_800 * carbon + 144_200 * max(hydrogen - oxygen / 8, 0) + 1000,
    )  # fmt: skip


def test_the_losses_of_the_published_coal_boiler_are_reproduced():
    case = CASES["bee_coal"]
    fuel = Fuel(**case["fuel"], gross_kj_kg=case["gross_kcal_kg"] * KCAL)
    book, constants = case["book"], {k: v * KCAL for k, v in case["constants_kcal"].items()}
    flue = {
        "dry_gas": book["dry_gas"], "hydrogen_water": 9 * fuel.hydrogen, "moisture_water": fuel.moisture,
        "air_water": book["air"] * case["humidity"], "co2_dry": case["co2_dry"], "co_dry": case["co_dry"],
    }  # fmt: skip
    found = boiler.losses(
        fuel, flue, case["flue_c"], case["air_c"],
        ash=[(part * fuel.ash, heat * KCAL) for part, heat in case["ash_kcal"]],
        surface=case["surface_kcal_h"] / (case["fuel_kg_h"] * case["gross_kcal_kg"]),
        gas_kj_kgk=constants["gas"], vapour_kj_kgk=constants["vapour"],
        latent_kj_kg=constants["latent"], co_kj_kg_carbon=constants["co"],
    )  # fmt: skip
    for step, printed in case["percent"].items():
        # each printed loss is cut or rounded to 0.01, the sum gathers up to three of them
        assert 100 * found[step] == pytest.approx(
            printed, abs=0.021 if step in {"losses", "efficiency"} else 0.01
        )


def test_the_chemistry_of_that_book_is_the_exact_one_to_some_percent():
    """The book has round atomic weights, 23 % of oxygen in air by mass and a short formula of the excess air."""
    case = CASES["bee_coal"]
    fuel = Fuel(**case["fuel"], gross_kj_kg=case["gross_kcal_kg"] * KCAL)
    flue = burn(fuel, carbon_dioxide_dry=case["co2_dry"], co_dry=case["co_dry"], humidity=case["humidity"])
    book = case["book"]
    assert flue["stoichiometric_air"] == pytest.approx(book["theoretical_air"], rel=0.01)
    assert flue["co2_max"] == pytest.approx(book["co2_max"], rel=0.015)
    assert flue["air"] == pytest.approx(book["air"], rel=0.04)
    assert flue["dry_gas"] == pytest.approx(book["dry_gas"], rel=0.04)
    found = boiler.losses(fuel, flue, case["flue_c"], case["air_c"])
    printed = sum(
        case["percent"][k] for k in ("dry_gas", "hydrogen", "moisture", "air_humidity", "carbon_monoxide")
    )
    assert 100 * found["losses"] == pytest.approx(printed, abs=0.15)


def test_the_flue_gas_losses_of_the_published_furnace_are_reproduced():
    case = CASES["bee_furnace_oil"]
    constants = {k: v * KCAL for k, v in case["constants_kcal"].items()}
    fuel = Fuel(
        carbon=1 - case["hydrogen"] - case["moisture"], hydrogen=case["hydrogen"], moisture=case["moisture"],
        gross_kj_kg=case["gross_kcal_kg"] * KCAL,
    )  # fmt: skip
    flue = {
        "dry_gas": case["dry_gas"], "hydrogen_water": 9 * fuel.hydrogen, "moisture_water": fuel.moisture,
        "air_water": 0.0, "co2_dry": 0.1, "co_dry": 0.0,
    }  # fmt: skip
    found = boiler.losses(
        fuel, flue, case["flue_c"], case["air_c"],
        gas_kj_kgk=constants["gas"], vapour_kj_kgk=constants["vapour"], latent_kj_kg=constants["latent"],
    )  # fmt: skip
    for step, printed in case["percent"].items():
        assert 100 * found[step] == pytest.approx(printed, abs=0.0051), step


def test_siegert_is_that_of_the_published_examples():
    for case in CASES["siegert"]["cases"]:
        inputs = {k: v for k, v in case.items() if k != "percent"}
        assert 100 * boiler.siegert(**inputs)["loss"] == pytest.approx(case["percent"], abs=0.005)


@pytest.mark.parametrize(
    ("fuel", "a2", "b"),
    [
        (METHANE, 0.66, 0.009),
        (Fuel(carbon=0.86, hydrogen=0.136, sulphur=0.004, gross_kj_kg=45_500), 0.68, 0.007),
    ],
)
@pytest.mark.parametrize("oxygen", [2, 4, 7])
def test_siegert_agrees_with_the_losses_one_by_one(fuel, a2, b, oxygen):
    by_losses = boiler.losses(fuel, burn(fuel, oxygen_dry=oxygen / 100), 200, 20)
    short = boiler.siegert(200, 20, b, a2=a2, oxygen_percent=oxygen)
    assert by_losses["efficiency_net"] == pytest.approx(short["efficiency"], abs=0.004)


def test_the_heat_of_gases_is_that_of_the_tables():
    for gas, printed in CASES["janaf"]["kj_mol"].items():
        for kelvin, value in zip((500, 1000), printed, strict=True):
            assert gas_heat.enthalpy_rise(gas, 25, kelvin - 273.15) == pytest.approx(value, rel=1.2e-3), gas
    air = gas_heat.mean_heat_capacity(gas_heat.AIR, 20, 20)
    assert air == pytest.approx(1.006, abs=2e-3)
    with pytest.raises(ScienceError, match="0–1700"):
        gas_heat.enthalpy_rise("N2", 20, 2500)


def test_burning_is_that_of_the_textbook():
    case = CASES["cengel"]["octane"]
    octane = Fuel(carbon=8 * 12.011 / 114.23, hydrogen=18 * 1.008 / 114.23, gross_kj_kg=47_890)
    flue = burn(octane, oxygen_dry=case["o2_dry"], co_dry=case["co_dry"])
    assert flue["air"] == pytest.approx(case["air_fuel"], abs=5e-3)
    assert 1 + flue["excess_air"] == pytest.approx(case["theoretical_air"], abs=5e-3)
    assert flue["co2_dry"] == pytest.approx(case["co2_dry"], abs=6e-4)
    case = CASES["cengel"]["methane"]
    assert burn(METHANE, excess_air=0)["stoichiometric_air"] == pytest.approx(
        case["stoichiometric_air"], abs=0.05
    )
    assert METHANE.gross_kj_kg == pytest.approx(case["gross_kj_kg"], rel=1e-3)
    assert METHANE.net_kj_kg == pytest.approx(case["net_kj_kg"], rel=1e-3)
    case = CASES["cengel"]["natural_gas"]
    humidity = 0.62198 * case["water_kpa"] / (101.325 - case["water_kpa"])
    found = burn(combustion.gas(case["shares"]), excess_air=0, humidity=humidity)["dew_point_c"]
    assert found == pytest.approx(case["dew_point_c"], abs=0.06)


@given(fuels(), st.floats(0, 0.15), st.floats(0, 0.004), st.floats(0, 0.03))
def test_burning_keeps_mass_and_every_reading_leads_back(fuel, oxygen, co, humidity):
    flue = burn(fuel, oxygen_dry=oxygen, co_dry=co, humidity=humidity)
    out = sum(flue[k] for k in ("dry_gas", "hydrogen_water", "moisture_water", "air_water"))
    assert out == pytest.approx(1 - fuel.ash + flue["air"] * (1 + humidity), rel=1e-9)
    again = burn(fuel, carbon_dioxide_dry=flue["co2_dry"], co_dry=co, humidity=humidity)
    assert again["air"] == pytest.approx(flue["air"], rel=1e-9)
    if flue["excess_air"] >= 0:
        third = burn(fuel, excess_air=flue["excess_air"], co_dry=co, humidity=humidity)
        assert third["dry_gas"] == pytest.approx(flue["dry_gas"], rel=1e-9)
    more = burn(fuel, oxygen_dry=oxygen + 0.01, co_dry=co)
    assert more["air"] > flue["air"]
    assert flue["co2_dry"] <= flue["co2_max"] + 1e-12


@given(fuels(), st.floats(0, 0.15), st.floats(100, 400))
def test_a_hotter_stack_or_more_air_loses_more(fuel, oxygen, flue_c):
    flue = burn(fuel, oxygen_dry=oxygen)
    found = boiler.losses(fuel, flue, flue_c, 25)
    assert boiler.losses(fuel, flue, flue_c + 20, 25)["losses"] > found["losses"]
    assert boiler.losses(fuel, burn(fuel, oxygen_dry=oxygen + 0.01), flue_c, 25)["losses"] > found["losses"]
    parts = found.steps[:7]
    assert math.fsum(s.value for s in parts) + found["efficiency"] == pytest.approx(1, rel=1e-12)


@given(st.floats(10, 1e5), st.floats(2000, 3500), st.floats(0, 900), st.floats(1, 1e4), st.floats(1e3, 5e4))
def test_the_direct_efficiency_does_not_depend_on_the_size(steam, high, low, fuel, heat):
    one = boiler.direct(steam, high, low, fuel, heat)
    ten = boiler.direct(10 * steam, high, low, 10 * fuel, heat)
    assert ten["efficiency"] == pytest.approx(one["efficiency"])
    assert ten["useful_kw"] == pytest.approx(10 * one["useful_kw"])
    assert bool(one.outside) == (not 0.3 <= one["efficiency"] <= 1)


def test_blow_down_is_that_of_the_published_examples():
    case = CASES["blowdown"]["yamatho"]
    found = boiler.blowdown(case["steam_kg_h"], case["feed"], case["boiler"], 1000, 15, 0.8)
    assert found["blowdown_kg_h"] == pytest.approx(case["kg_h"], abs=0.05)
    case = CASES["blowdown"]["steam_tip_9"]
    before, after = (
        boiler.blowdown(
            case["steam_lb_h"] * LB, 100 * part, 100, water.absolute(case["psig"] * PSI),
            (case["makeup_f"] - 32) / 1.8, 0.8,
        )
        for part in (case["from"], case["to"])
    )  # fmt: skip
    saved = before["blowdown_kg_h"] - after["blowdown_kg_h"]
    assert before["share_of_feed"] == pytest.approx(case["from"])
    assert saved / LB == pytest.approx(
        case["saved_lb_h"], abs=1
    )  # the sheet takes the difference of whole pounds
    per_pound = (before["heat_kw"] - after["heat_kw"]) * 3600 / saved / BTU_LB
    assert per_pound == pytest.approx(case["btu_lb"], abs=0.05)


def test_radiation_is_the_power_law_of_the_standard():
    assert boiler.radiation(10_000, 0.0113)["loss_kw"] == pytest.approx(1e3 * 0.0113 * 10**0.7)
    assert boiler.radiation(500, 0.0113).outside  # a fire-tube boiler is smaller than the standard's


def test_readings_that_do_not_fit_the_fuel_are_told():
    with pytest.raises(ScienceError, match="do not fit the fuel"):
        burn(METHANE, carbon_dioxide_dry=0.15)  # methane gives 11.7 % at most
    with pytest.raises(ScienceError, match="that of air"):
        burn(METHANE, oxygen_dry=0.21)
    with pytest.raises(ScienceError, match="give one of"):
        burn(METHANE, oxygen_dry=0.03, excess_air=0.2)
    with pytest.raises(ScienceError, match="not 1"):
        Fuel(carbon=0.5, hydrogen=0.05, gross_kj_kg=20_000)
    with pytest.raises(ScienceError, match="unknown gas"):
        combustion.gas({"CH5": 1.0})
    with pytest.raises(ScienceError, match="swapped"):
        boiler.siegert(20, 200, 0.009, a2=0.66, oxygen_percent=3)
    with pytest.raises(ScienceError, match="treat the water first"):
        boiler.blowdown(1000, 300, 250, 800, 20, 0.8)


def test_a_cold_or_sooty_stack_is_told_outside_the_range():
    flue = burn(METHANE, oxygen_dry=0.03, co_dry=0.02)
    found = boiler.losses(METHANE, flue, 60, 20)
    assert [r.quantity for r in found.outside] == ["flue gas", "carbon monoxide"]
    assert boiler.siegert(60, 20, 0.009, a2=0.66, oxygen_percent=16).outside
