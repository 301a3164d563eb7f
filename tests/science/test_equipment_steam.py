"""Water, steam, leaks, flash and condensate, against published answers and the physics."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.equipment import boiler, steam, water
from sachhon.science.uncertainty import ScienceError

CASES = json.loads((Path(__file__).parent.parent / "cases" / "equipment" / "steam.json").read_text())
AMO, IF97, LEAK = CASES["amo"], CASES["if97"], CASES["leak"]
PSI, LB, INCH, BTU_LB = 6.894757293168361, 0.45359237, 25.4, 2.326


def celsius(fahrenheit: float) -> float:
    return (fahrenheit - 32) / 1.8


@pytest.mark.parametrize(("kelvin", "mpa", "volume", "enthalpy", "entropy"), IF97["forward"])
def test_water_is_that_of_the_verification_tables(kelvin, mpa, volume, enthalpy, entropy):
    found = water.state(pressure_kpa=mpa * 1e3, temperature_c=kelvin - 273.15)
    assert found.volume_m3_kg == pytest.approx(volume, rel=1e-8)
    assert found.enthalpy_kj_kg == pytest.approx(enthalpy, rel=1e-8)
    assert found.entropy_kj_kgk == pytest.approx(entropy, rel=1e-8)
    assert found.dryness is None


def test_saturation_is_that_of_the_verification_tables():
    for kelvin, mpa in IF97["saturation_pressure"]:
        found = water.state(temperature_c=kelvin - 273.15, dryness=1)
        assert found.pressure_kpa == pytest.approx(mpa * 1e3, rel=1e-8)
    for mpa, kelvin in IF97["saturation_temperature"]:
        assert water.state(pressure_kpa=mpa * 1e3, dryness=0).temperature_c + 273.15 == pytest.approx(
            kelvin, rel=1e-8
        )


def test_wet_and_saturated_steam_are_those_of_the_published_tool():
    case = AMO["wet_steam"]
    found = water.state(pressure_kpa=case["pressure_kpa"], enthalpy_kj_kg=case["enthalpy_kj_kg"])
    for name in ("temperature_c", "entropy_kj_kgk", "dryness", "volume_m3_kg"):
        assert getattr(found, name) == pytest.approx(case[name], rel=1e-10), name
    case = AMO["saturated_300_k"]
    liquid, vapour = (water.state(temperature_c=case["temperature_c"], dryness=x) for x in (0, 1))
    assert liquid.pressure_kpa == pytest.approx(case["pressure_kpa"], rel=1e-10)
    assert (liquid.enthalpy_kj_kg, vapour.enthalpy_kj_kg) == pytest.approx(
        (case["liquid_kj_kg"], case["vapour_kj_kg"]), rel=1e-10
    )
    assert (liquid.entropy_kj_kgk, vapour.entropy_kj_kgk) == pytest.approx(
        (case["liquid_kj_kgk"], case["vapour_kj_kgk"]), rel=1e-10
    )
    assert vapour.volume_m3_kg == pytest.approx(case["vapour_m3_kg"], rel=1e-10)
    case = AMO["heat_loss"]
    found = water.state(pressure_kpa=case["pressure_kpa"], temperature_c=case["temperature_k"] - 273.15)
    assert found.enthalpy_kj_kg * case["flow_kg_h"] == pytest.approx(case["energy_kj_h"], rel=1e-10)


@given(st.floats(1, 16000), st.floats(0.001, 0.999))
def test_enthalpy_and_entropy_lead_back_to_the_dryness(pressure, dryness):
    made = water.state(pressure_kpa=pressure, dryness=dryness)
    by_heat = water.state(pressure_kpa=pressure, enthalpy_kj_kg=made.enthalpy_kj_kg)
    by_entropy = water.state(pressure_kpa=pressure, entropy_kj_kgk=made.entropy_kj_kgk)
    for found in (by_heat, by_entropy):
        assert found.temperature_c == pytest.approx(made.temperature_c, abs=0.05)
        assert found.dryness == pytest.approx(dryness, abs=1e-9)


@given(st.floats(20, 15000), st.floats(1, 300))
def test_superheat_is_found_again_from_its_enthalpy(pressure, superheat):
    boiling = water.state(pressure_kpa=pressure, dryness=1).temperature_c
    made = water.state(pressure_kpa=pressure, temperature_c=boiling + superheat)
    found = water.state(pressure_kpa=pressure, enthalpy_kj_kg=made.enthalpy_kj_kg)
    assert found.temperature_c == pytest.approx(made.temperature_c, abs=0.05)


def test_water_outside_the_formulation_and_half_a_state_are_refused():
    with pytest.raises(ScienceError, match="IAPWS-IF97 has no water"):
        water.state(pressure_kpa=200_000, temperature_c=300)
    with pytest.raises(ScienceError, match="one other property"):
        water.state(pressure_kpa=800)
    with pytest.raises(ScienceError, match=r"dryness is 1\.2"):
        water.state(pressure_kpa=800, dryness=1.2)
    with pytest.raises(ScienceError, match="perfect vacuum"):
        water.absolute(-200)
    with pytest.raises(ScienceError, match="absolute pressure above zero"):
        water.state(pressure_kpa=-1, dryness=0)


def test_a_leak_is_that_of_the_relief_valve_standard():
    case = LEAK["api_520"]
    diameter = math.sqrt(4 * case["area_in2"] / math.pi) * INCH
    found = steam.leak(diameter, case["psia"] * PSI, case["discharge"])
    # the standard prints 51.5 for 3600/70 and rounds K_N 1.0113 to 1.01
    assert found["flow_kg_h"] / LB * (51.5 * 70 / 3600) * (1.01 / 1.0113) == pytest.approx(
        case["lb_h"], rel=3e-4
    )


def test_one_discharge_coefficient_gives_the_whole_published_table_of_trap_leaks():
    case = LEAK["steam_tip_1"]
    for inches, row in case["lb_h"].items():
        for psig, printed in zip(case["psig"], row, strict=True):
            if printed is None:
                continue
            found = steam.leak(float(inches) * INCH, (psig + 14.7) * PSI, case["discharge"])
            step = 0.1 if printed < 100 else 1.01  # the sheet rounds 4.738 to 4.8 and 18.96 to 18.9
            assert found["flow_kg_h"] / LB == pytest.approx(printed, abs=step), (inches, psig)
            assert not found.outside


def test_the_constant_of_the_hand_formula_is_napier_with_a_sharp_edge():
    case = LEAK["manczyk"]
    per_psi = steam.leak(INCH, 100 * PSI, case["discharge"])["flow_kg_h"] / LB / 100
    assert per_psi == pytest.approx(case["constant"], abs=0.005)
    assert steam.leak(0.1875 * INCH, 19.696 * PSI).outside  # where that paper used it all the same


@given(st.floats(0.5, 50), st.floats(110, 10_000), st.floats(0.1, 1))
def test_a_leak_grows_with_pressure_and_with_the_area(diameter, pressure, discharge):
    flow = steam.leak(diameter, pressure, discharge)["flow_kg_h"]
    assert steam.leak(diameter, pressure * 1.01, discharge)["flow_kg_h"] > flow
    assert steam.leak(2 * diameter, pressure, discharge)["flow_kg_h"] == pytest.approx(4 * flow)


def test_both_formulas_of_a_leak_meet_at_the_critical_pressure():
    critical = 5 / 3 * water.STANDARD_ATMOSPHERE_KPA
    below, above = (steam.leak(5, critical * f)["flow_kg_h"] for f in (1 - 1e-9, 1 + 1e-9))
    assert below == pytest.approx(above, rel=1e-6)


@pytest.mark.parametrize("pressure", [200.0, 500.0, 1000.0, 2000.0])
def test_a_leak_is_that_of_steam_expanding_without_loss(pressure):
    """The flow through a nozzle is the greatest that energy and entropy allow at any throat pressure."""
    inlet = water.state(pressure_kpa=pressure, dryness=1)
    flux = 0.0
    for step in range(1, 200):
        throat = max(pressure * (1 - step / 250), water.STANDARD_ATMOSPHERE_KPA)
        out = water.state(pressure_kpa=throat, entropy_kj_kgk=inlet.entropy_kj_kgk)
        speed = math.sqrt(2e3 * max(inlet.enthalpy_kj_kg - out.enthalpy_kj_kg, 0))
        flux = max(flux, speed / out.volume_m3_kg)
    ideal = flux * math.pi * 25 / 4 * 1e-6 * 3600
    assert steam.leak(5, pressure, discharge=1)["flow_kg_h"] == pytest.approx(ideal, rel=0.04)


def test_a_leak_costs_the_heat_the_boiler_gave():
    found = steam.leak(3, 800, feedwater_c=60)
    gained = (
        water.state(pressure_kpa=800, dryness=1).enthalpy_kj_kg
        - water.state(pressure_kpa=800, temperature_c=60).enthalpy_kj_kg
    )
    assert found["heat_kw"] == pytest.approx(found["flow_kg_h"] * gained / 3600)
    with pytest.raises(ScienceError, match="is it a gauge reading"):
        steam.leak(3, 80)


def test_flash_steam_is_that_of_the_published_tank_and_the_rule_of_thumb():
    case = AMO["flash_tank"]
    found = steam.flash(case["flow_kg_h"], case["enthalpy_kj_kg"], case["pressure_kpa"])
    assert found["flash_kg_h"] == pytest.approx(case["flash_kg_h"], rel=1e-10)
    assert found["liquid_kg_h"] == pytest.approx(case["liquid_kg_h"], rel=1e-10)
    assert found["flash_kw"] * 3600 == pytest.approx(case["flash_kj_h"], rel=1e-10)
    assert found["liquid_kw"] * 3600 == pytest.approx(case["liquid_kj_h"], rel=1e-10)
    case = CASES["flash_share"]
    hot = water.state(pressure_kpa=water.absolute(case["psig"] * PSI), dryness=0)
    found = steam.flash(1, hot.enthalpy_kj_kg, water.STANDARD_ATMOSPHERE_KPA)
    assert found["dryness"] == pytest.approx(case["share"], abs=5e-4)


@given(st.floats(150, 15_000), st.floats(0.02, 0.99), st.floats(1, 1e5))
def test_flashing_keeps_mass_and_energy(pressure, ratio, flow):
    enthalpy = water.state(pressure_kpa=pressure, dryness=0).enthalpy_kj_kg
    found = steam.flash(flow, enthalpy, pressure * ratio)
    assert found["flash_kg_h"] + found["liquid_kg_h"] == pytest.approx(flow, rel=1e-12)
    assert found["flash_kw"] + found["liquid_kw"] == pytest.approx(flow * enthalpy / 3600, rel=1e-9)
    assert steam.flash(flow, enthalpy, pressure * ratio * 0.9)["dryness"] > found["dryness"]


def test_cold_condensate_does_not_flash_and_steam_has_nothing_to_drain():
    cold = steam.flash(100, 200, 101.325)
    assert (cold["dryness"], cold["liquid_kw"]) == (0, pytest.approx(100 * 200 / 3600))
    with pytest.raises(ScienceError, match="nothing is left to drain"):
        steam.flash(100, 2800, 101.325)


def test_condensate_that_returns_saves_what_the_tip_sheet_says():
    case = CASES["condensate"]
    hot, cold = celsius(case["condensate_f"]), celsius(case["makeup_f"])
    found = steam.condensate_return(
        case["lb_h"] * LB, hot, cold, case["hours"], case["efficiency"], case["flash"]
    )
    enthalpies = [water.state(temperature_c=t, dryness=0).enthalpy_kj_kg / BTU_LB for t in (hot, cold)]
    assert enthalpies == pytest.approx([case["condensate_btu_lb"], case["makeup_btu_lb"]], abs=0.5)
    printed = (case["condensate_btu_lb"] - case["makeup_btu_lb"]) * BTU_LB * found["water_t"] / 1e3 / 0.8
    assert printed / 1.05505585262 == pytest.approx(case["fuel_mmbtu"], abs=0.5)
    assert found["fuel_gj"] == pytest.approx(printed, rel=1e-3)  # the sheet rounds enthalpies to a Btu
    with pytest.raises(ScienceError, match="swapped"):
        steam.condensate_return(100, 20, 80, 1, 0.8)


def test_the_fuel_of_a_boiler_is_that_of_the_published_tool():
    case = AMO["boiler"]
    feed = case["steam_kg_h"] / (1 - case["blowdown_share_of_feed"])
    hot, drain = (water.state(pressure_kpa=case["steam_kpa"], dryness=x).enthalpy_kj_kg for x in (1, 0))
    cold = water.state(pressure_kpa=case["feed_kpa"], dryness=0).enthalpy_kj_kg
    found = boiler.direct(
        case["steam_kg_h"], hot, cold, case["fuel_kj_h"] / 1000, 1000, feed - case["steam_kg_h"], drain
    )
    assert found["efficiency"] == pytest.approx(case["efficiency"], rel=1e-10)


def test_the_steam_of_a_deaerator_is_that_of_the_published_tool():
    case = AMO["deaerator"]
    heating = water.state(pressure_kpa=case["steam_kpa"], entropy_kj_kgk=case["steam_kj_kgk"])
    found = steam.deaerator(
        case["feed_kg_h"], case["pressure_kpa"], case["water_kj_kg"], heating.enthalpy_kj_kg, case["vented"]
    )
    for step in ("vent_kg_h", "steam_kg_h", "water_kg_h"):
        assert found[step] == pytest.approx(case[step], rel=1e-9), step
    assert found["vent_kw"] * 3600 == pytest.approx(case["vent_kj_h"], rel=1e-10)


@given(st.floats(105, 400), st.floats(20, 400), st.floats(0, 0.004))
def test_a_deaerator_keeps_mass_and_energy_and_hot_condensate_saves_steam(pressure, cold, vented):
    hot = water.state(pressure_kpa=1000, dryness=1).enthalpy_kj_kg
    found = steam.deaerator(1000, pressure, cold, hot, vented)
    assert found["steam_kg_h"] + found["water_kg_h"] == pytest.approx(1000 + found["vent_kg_h"])
    out = 1000 * water.state(pressure_kpa=pressure, dryness=0).enthalpy_kj_kg / 3600 + found["vent_kw"]
    assert (found["steam_kg_h"] * hot + found["water_kg_h"] * cold) / 3600 == pytest.approx(out)
    assert steam.deaerator(1000, pressure, cold + 10, hot, vented)["steam_kg_h"] < found["steam_kg_h"]
    with pytest.raises(ScienceError, match="needs no steam"):
        steam.deaerator(1000, pressure, 600 + pressure, hot)
