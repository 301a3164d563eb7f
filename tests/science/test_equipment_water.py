"""Cooling towers, drying, heat exchangers and pinch, against published answers and the physics."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sachhon.science.equipment import cooling_tower, drying, exchanger, pinch
from sachhon.science.equipment.humid_air import humid_air
from sachhon.science.equipment.pinch import Stream
from sachhon.science.uncertainty import ScienceError

CASES = json.loads((Path(__file__).parent.parent / "cases" / "equipment" / "water_and_heat.json").read_text())


def test_humid_air_is_that_of_the_published_tables():
    for temperature, humidity, enthalpy in CASES["saturated_air"]["rows"]:
        found = humid_air(temperature, relative_humidity=1)
        assert found.humidity == pytest.approx(humidity, rel=1e-4)
        assert found.enthalpy_kj_kg == pytest.approx(enthalpy, rel=1e-4)
    case = CASES["room_air"]
    found = humid_air(case["temperature_c"], relative_humidity=case["relative"], pressure_kpa=case["kpa"])
    assert found.humidity == pytest.approx(case["humidity"], abs=5e-5)
    assert found.enthalpy_kj_kg == pytest.approx(case["kj_kg"], abs=0.1)


@settings(max_examples=40)
@given(st.floats(5, 90), st.floats(0.05, 1))
def test_every_reading_of_humid_air_leads_back(temperature, relative):
    made = humid_air(temperature, relative_humidity=relative)
    assert humid_air(temperature, humidity=made.humidity).relative_humidity == pytest.approx(
        relative, rel=1e-6
    )
    assert humid_air(temperature, wet_bulb_c=made.wet_bulb_c).humidity == pytest.approx(
        made.humidity, rel=1e-3
    )
    assert made.dew_point_c <= made.wet_bulb_c + 1e-6 <= temperature + 2e-6


def test_drying_is_that_of_the_published_examples():
    case = CASES["food"]
    found = drying.heat_demand(1, case["from"], case["to"], case["kj_kgk"], case["from_c"], case["to_c"])
    assert found["water_kg_h"] == pytest.approx(case["water"], abs=5e-4)
    assert found["heat_kw"] * 3600 == pytest.approx(case["kj"], abs=0.6)
    assert drying.moisture(100, case["from"], case["to"])["product_kg_h"] == pytest.approx(22.2, abs=0.05)


@given(st.floats(1, 1e4), st.floats(0.1, 0.95), st.floats(0.01, 0.9))
def test_drying_keeps_the_dry_substance(wet, high, part):
    low = part * high
    found = drying.moisture(wet, high, low)
    assert found["product_kg_h"] * (1 - low) == pytest.approx(wet * (1 - high), rel=1e-9)
    assert found["product_kg_h"] + found["water_kg_h"] == pytest.approx(wet)


@settings(max_examples=15)
@given(st.floats(60, 150), st.floats(0.3, 0.9))
def test_hotter_air_and_a_damper_exhaust_dry_with_less_heat(hot, relative):
    outside = humid_air(25, relative_humidity=relative)
    coldest = humid_air(hot, humidity=outside.humidity).wet_bulb_c + 3
    warm = drying.convective(100, outside, hot, coldest + 5)
    damp = drying.convective(100, outside, hot, coldest)
    assert damp["specific_kj_kg"] < warm["specific_kj_kg"]
    hotter = drying.convective(100, outside, hot + 20, coldest + 5)
    assert hotter["specific_kj_kg"] < warm["specific_kj_kg"]
    assert 0 < warm["efficiency"] < 1
    # what the heater gives is what the exhaust takes away above the intake
    out = humid_air(coldest + 5, humidity=warm["exhaust_humidity"])
    carried = warm["air_kg_h"] * (out.enthalpy_kj_kg - outside.enthalpy_kj_kg) / 3600
    assert carried == pytest.approx(warm["heat_kw"], rel=1e-6)


def test_a_dryer_by_its_measured_exhaust():
    outside = humid_air(28, relative_humidity=0.8)
    adiabatic = drying.convective(100, outside, 90, 45)
    measured = drying.convective(100, outside, 90, 45, exhaust_humidity=adiabatic["exhaust_relative"])
    assert measured["air_kg_h"] == pytest.approx(adiabatic["air_kg_h"], rel=1e-6)
    worse = drying.convective(100, outside, 90, 45, exhaust_humidity=0.45)
    assert worse["specific_kj_kg"] > measured["specific_kj_kg"]
    with pytest.raises(ScienceError, match="cannot cool below"):
        drying.convective(100, outside, 90, 30)
    with pytest.raises(ScienceError, match="carries no water away"):
        drying.convective(100, outside, 90, 45, exhaust_humidity=0.1)


def test_the_water_of_cooling_towers_is_that_of_the_published_cases():
    case = CASES["towers"]
    for span, hours, drift, gallons in case["cases"]:
        found = cooling_tower.water_use(
            case["gpm"], span / 1.8, case["cycles"], hours, drift, case["per_f"] * 1.8
        )
        salty = found["evaporation_m3_h"] / (case["cycles"] - 1)
        tool = found["evaporation_m3_h"] + salty + found["drift_m3_h"]
        assert tool * 60 * hours == pytest.approx(gallons)
        assert found["makeup_m3_h"] == pytest.approx(
            found["evaporation_m3_h"] + max(salty, found["drift_m3_h"])
        )
    case = CASES["tower_bee"]
    flow = case["evaporation"] / (0.00085 * 1.8 * 6.4)
    found = cooling_tower.water_use(flow, 6.4, case["cycles"], 1, drift=0)
    assert found["evaporation_m3_h"] == pytest.approx(case["evaporation"])
    assert found["blowdown_m3_h"] == pytest.approx(case["blowdown"], abs=0.5)
    assert found["makeup_m3_h"] == pytest.approx(case["makeup"], abs=0.5)


@given(st.floats(1, 1e4), st.floats(1, 20), st.floats(1.2, 9), st.floats(0, 0.002))
def test_a_tower_keeps_water_and_salts(flow, span, cycles, drift):
    found = cooling_tower.water_use(flow, span, cycles, 1, drift)
    out = found["evaporation_m3_h"] + found["blowdown_m3_h"] + found["drift_m3_h"]
    assert found["makeup_m3_h"] == pytest.approx(out)
    if found["blowdown_m3_h"] > 0:
        salt_out = cycles * (found["blowdown_m3_h"] + found["drift_m3_h"])
        assert found["makeup_m3_h"] == pytest.approx(salt_out, rel=1e-9)
    more = cooling_tower.water_use(flow, span, cycles + 1, 1, drift)
    assert more["makeup_m3_h"] <= found["makeup_m3_h"] + 1e-9


def test_a_tower_does_not_cool_below_the_wet_bulb():
    found = cooling_tower.performance(100, 44, 37.6, 29.3)
    assert found["effectiveness"] == pytest.approx(0.4354, abs=5e-5)
    assert cooling_tower.performance(100, 35, 28, 27).outside
    with pytest.raises(ScienceError, match="cannot cool below"):
        cooling_tower.performance(100, 40, 28, 29)
    with pytest.raises(ScienceError, match="above 1"):
        cooling_tower.water_use(100, 8, 1, 1)


def test_exchangers_are_those_of_the_textbooks():
    case = CASES["exchangers"]["incropera"]
    found = exchanger.running(*case["hot"], *case["cold"], hot_kw_k=case["hot_kw_k"])
    assert found["duty_kw"] == pytest.approx(case["kw"])
    assert found["lmtd_k"] == pytest.approx(case["lmtd"], abs=0.05)
    case = CASES["exchangers"]["cengel"]
    found = exchanger.running(*case["hot"], *case["cold"], cold_kw_k=case["cold_kw_k"])
    assert found["duty_kw"] == pytest.approx(case["kw"], abs=5e-3)
    assert found["ua_kw_k"] / case["u"] == pytest.approx(case["m2"], abs=5e-3)
    assert found["effectiveness"] == pytest.approx(case["effectiveness"], abs=5e-5)
    ahead = exchanger.predict(
        case["hot"][0], case["cold"][0], case["hot_kw_k"], case["cold_kw_k"], case["u"] * case["m2"]
    )
    assert ahead["effectiveness"] == pytest.approx(case["effectiveness"], abs=3e-4)
    assert ahead["ntu"] == pytest.approx(case["ntu"], abs=1.1e-3)
    assert ahead["cold_out_c"] == pytest.approx(case["cold"][1], abs=0.1)


@given(
    st.floats(0.1, 50), st.floats(0.1, 50), st.floats(0.01, 100), st.floats(20, 300),
    st.sampled_from(exchanger.ARRANGEMENTS),
)  # fmt: skip
def test_exchangers_keep_energy_and_never_cross(hot_c, cold_c, ua, span, arrangement):
    found = exchanger.predict(20 + span, 20, hot_c, cold_c, ua, arrangement)
    assert hot_c * (20 + span - found["hot_out_c"]) == pytest.approx(found["duty_kw"], rel=1e-6, abs=1e-9)
    assert cold_c * (found["cold_out_c"] - 20) == pytest.approx(found["duty_kw"], rel=1e-6, abs=1e-9)
    assert found["hot_out_c"] >= 20 - 1e-6
    assert found["cold_out_c"] <= 20 + span + 1e-6
    counter = exchanger.predict(20 + span, 20, hot_c, cold_c, ua)
    assert found["duty_kw"] <= counter["duty_kw"] * (1 + 1e-9)
    assert exchanger.predict(20 + span, 20, hot_c, cold_c, ua * 1.1, arrangement)["duty_kw"] >= found[
        "duty_kw"
    ] * (1 - 1e-12)


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.floats(0.05, 3), st.sampled_from(["counter", "parallel"]))
def test_both_ways_of_reckoning_agree(hot_c, cold_c, ntu, arrangement):
    ua = ntu * min(hot_c, cold_c)
    ahead = exchanger.predict(150, 20, hot_c, cold_c, ua, arrangement)
    ends = ahead["hot_out_c"] - ahead["cold_out_c"]
    assume(arrangement == "counter" or ends > 0.01)
    back = exchanger.running(150, ahead["hot_out_c"], 20, ahead["cold_out_c"], hot_c, cold_c, arrangement)
    assert back["ua_kw_k"] == pytest.approx(ua, rel=1e-5)
    assert back["effectiveness"] == pytest.approx(ahead["effectiveness"], rel=1e-6)


def test_condensing_steam_and_impossible_exchangers():
    found = exchanger.predict(120, 20, math.inf, 4.18, 4.18)
    assert found["effectiveness"] == pytest.approx(1 - math.exp(-1))
    assert found["hot_out_c"] == 120
    with pytest.raises(ScienceError, match="cold side hotter"):
        exchanger.running(
            253.85, 21.2, 10.05, -1.0, hot_kw_k=4
        )  # the published case that breaks the second law
    with pytest.raises(ScienceError, match="temperatures cross"):
        exchanger.running(100, 40, 20, 60, hot_kw_k=1, arrangement="parallel")
    with pytest.raises(ScienceError, match="take one of"):
        exchanger.predict(100, 20, 1, 1, 1, "plate")
    assert exchanger.running(100, 60, 20, 50, hot_kw_k=1, cold_kw_k=1).outside  # the sides differ by 29 %


@pytest.mark.parametrize("case", [CASES["pinch_kemp"], *CASES["pinch"]], ids=lambda c: c["source"][:12])
def test_the_targets_of_the_published_problems_are_reproduced(case):
    found = pinch.targets([Stream(*row) for row in case["streams"]], case["dt"])
    assert found.hot_utility_kw == pytest.approx(case["hot"])
    assert found.cold_utility_kw == pytest.approx(case["cold"])
    assert found.pinch_c == (pytest.approx(tuple(case["pinch"])),)


streams = st.lists(
    st.builds(Stream, st.just("s"), st.integers(0, 100), st.integers(101, 300), st.floats(0.1, 10))
    | st.builds(Stream, st.just("s"), st.integers(101, 300), st.integers(0, 100), st.floats(0.1, 10)),
    min_size=1,
    max_size=8,
)


@given(streams, st.floats(0.5, 60))
def test_targets_keep_energy_stand_apart_and_grow_with_the_difference(found_streams, dt):
    found = pinch.targets(found_streams, dt)
    gives = sum(s.duty_kw for s in found_streams if s.hot)
    takes = sum(s.duty_kw for s in found_streams if not s.hot)
    assert found.hot_utility_kw + gives == pytest.approx(found.cold_utility_kw + takes, abs=1e-6)
    assert found.cascade_kw.min() >= -1e-9
    assert -1e-6 <= found.recovered_kw <= min(gives, takes) + 1e-6
    wider = pinch.targets(found_streams, dt + 5)
    assert wider.hot_utility_kw >= found.hot_utility_kw - 1e-6
    assert pinch.targets(found_streams[::-1], dt).hot_utility_kw == pytest.approx(
        found.hot_utility_kw, abs=1e-9
    )
    if found.recovered_kw > 1e-6:  # else the curves do not lie above one another
        shared = np.linspace(
            max(found.hot_curve[0, 0], found.cold_curve[0, 0]),
            min(found.hot_curve[-1, 0], found.cold_curve[-1, 0]),
            200,
        )
        gap = np.interp(shared, *found.hot_curve.T) - np.interp(shared, *found.cold_curve.T)
        assert gap.min() >= dt - 1e-6


def test_a_threshold_problem_has_no_pinch_and_a_stream_without_span_is_refused():
    found = pinch.targets([Stream("h", 200, 50, 1), Stream("c", 20, 60, 1)], 10)
    assert (found.hot_utility_kw, found.cold_utility_kw, found.pinch_c) == (0, pytest.approx(110), ())
    with pytest.raises(ScienceError, match=r"span of 0\.1 K"):
        Stream("steam", 120, 120, 50)
    with pytest.raises(ScienceError, match="at least one stream"):
        pinch.targets([], 10)
