"""Photovoltaic yield and wastewater, against published answers and the physics."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.equipment import solar, wastewater
from sachhon.science.uncertainty import ScienceError

CASES = json.loads((Path(__file__).parent.parent / "cases" / "equipment" / "sun_and_sewage.json").read_text())
MJ = 3.6
LANG_SON = {
    "latitude": 21.85,
    "irradiation": [2.4, 2.6, 2.9, 3.6, 4.6, 4.7, 4.9, 4.7, 4.4, 3.9, 3.3, 2.8],
    "temperature_c": [14, 15, 18, 23, 26, 28, 28, 28, 26, 23, 19, 15],
}


def test_the_sun_is_that_of_the_textbook():
    case = CASES["duffie"]
    for day, degrees, digit in case["declination"]:
        assert solar.declination(day) == pytest.approx(degrees, abs=digit)
    for latitude, day, printed in (case["april"], case["january"]):
        assert solar.extraterrestrial(latitude, day) * MJ == pytest.approx(printed, abs=0.05)
    latitude, tilt, day, printed = case["tilt_ratio"]
    assert solar.tilt_ratio(latitude, tilt, day) == pytest.approx(printed, abs=5e-3)
    found = [solar.extraterrestrial(45, day) * MJ for day in solar.MEAN_DAY]
    assert found == pytest.approx(case["north_45"], rel=0.015)  # the table has Spencer's declination


@given(st.floats(-60, 60), st.floats(1, 365))
def test_the_closed_form_is_the_integral_over_the_day(latitude, day):
    phi, delta = math.radians(latitude), math.radians(solar.declination(day))
    hours = np.linspace(-math.pi, math.pi, 20_001)
    height = np.sin(phi) * np.sin(delta) + np.cos(phi) * np.cos(delta) * np.cos(hours)
    shine = np.trapezoid(np.clip(height, 0, None), hours) * 24 / (2 * math.pi)
    distance = 1 + 0.033 * math.cos(math.radians(360 * day / 365))
    assert solar.extraterrestrial(latitude, day) == pytest.approx(
        1.367 * distance * shine, rel=1e-4, abs=1e-4
    )


@given(st.floats(5, 55), st.floats(1, 365), st.floats(0, 60))
def test_both_hemispheres_are_alike_half_a_year_apart_and_level_is_level(latitude, day, tilt):
    assert solar.tilt_ratio(latitude, 0, day) == pytest.approx(1)
    beam = solar.tilt_ratio(latitude, tilt, day) * solar.extraterrestrial(latitude, day)
    assert beam >= 0
    opposite = next(
        d for d in np.linspace(1, 365, 36_401) if abs(solar.declination(d) + solar.declination(day)) < 0.02
    )
    assert solar.tilt_ratio(-latitude, tilt, opposite) == pytest.approx(
        solar.tilt_ratio(latitude, tilt, day), rel=0.02, abs=0.02
    )


def test_diffuse_light_grows_with_clouds_and_both_seasons_have_their_own_curve():
    for sunset in (75, 95):
        shares = [solar.diffuse_share(k, sunset) for k in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)]
        assert shares == sorted(shares, reverse=True)
        assert 0 < shares[-1] < shares[0] < 1
    assert solar.diffuse_share(0.5, 81.5) > solar.diffuse_share(0.5, 81.4)


def test_a_roof_in_the_north_of_viet_nam():
    flat = solar.photovoltaic(100, tilt=0, **LANG_SON)
    tilted = solar.photovoltaic(100, tilt=15, **LANG_SON)
    days = (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    level = sum(h * d for h, d in zip(LANG_SON["irradiation"], days, strict=True))
    assert flat["plane_kwh_m2"] == pytest.approx(level)
    assert tilted["year_kwh"] > flat["year_kwh"]
    assert 950 < tilted["specific_kwh_kwp"] < 1250  # what plants there report
    assert solar.photovoltaic(50, tilt=15, **LANG_SON)["year_kwh"] == pytest.approx(tilted["year_kwh"] / 2)
    months = [tilted[f"month_{m}_kwh"] for m in range(1, 13)]
    assert sum(months) == pytest.approx(tilted["year_kwh"])
    cold = solar.photovoltaic(100, tilt=15, **{**LANG_SON, "temperature_c": [5.0] * 12})
    assert cold["year_kwh"] > tilted["year_kwh"]
    ideal = solar.photovoltaic(100, tilt=15, losses=0, gamma_per_k=0, **LANG_SON)
    assert ideal["performance_ratio"] == pytest.approx(1)
    assert [r.quantity for r in tilted.outside] == []
    dark = solar.photovoltaic(
        100, tilt=15, **{**LANG_SON, "irradiation": [1.2, *LANG_SON["irradiation"][1:]]}
    )
    assert [r.quantity for r in dark.outside] == ["clearness of month 1"]


def test_suns_that_cannot_be_are_refused():
    with pytest.raises(ScienceError, match="sum of the month"):
        solar.photovoltaic(1, tilt=10, **{**LANG_SON, "irradiation": [75.0] * 12})
    with pytest.raises(ScienceError, match="polar circles"):
        solar.extraterrestrial(80, 100)
    with pytest.raises(ScienceError, match="twelve months"):
        solar.photovoltaic(1, 20, 10, [4.0] * 11, [25.0] * 12)
    with pytest.raises(ScienceError, match=r"−0\.004"):
        solar.photovoltaic(1, tilt=10, gamma_per_k=0.4, **LANG_SON)


def test_the_published_loads_are_reproduced_to_the_digits_of_their_hand_formula():
    case = CASES["loads"]
    exact = case["litre_gallon"] / case["kg_lb"]
    assert round(exact, 2) == pytest.approx(case["hand"], abs=0.011)
    for mgd, mg_l, printed in case["rows"]:
        found = wastewater.load(mgd * 1e3 * case["litre_gallon"], mg_l)["load_kg_day"] / case["kg_lb"]
        digits = len(printed.partition(".")[2])
        assert round(found * case["hand"] / exact, digits) == float(printed)
    mgd, bod, solids, printed, right = case["wrong"]
    pounds = [
        wastewater.load(mgd * 1e3 * case["litre_gallon"], c)["load_kg_day"] / case["kg_lb"]
        for c in (bod, solids)
    ]
    assert [p * case["hand"] / exact for p in pounds] == pytest.approx([right, printed], abs=0.05)


def test_the_published_population_equivalents_are_reproduced():
    case, units = CASES["persons"], CASES["loads"]
    exact = units["litre_gallon"] / units["kg_lb"]
    grams = 1e3 * case["lb_person"] * units["kg_lb"] * exact / units["hand"]
    found = wastewater.load(case["mgd"] * 1e3 * units["litre_gallon"], case["mg_l"], grams)
    assert round(found["population_equivalents"]) == case["persons"]
    load = wastewater.load(case["lb_day"] * units["kg_lb"], 1000, 1e3 * case["lb_person"] * units["kg_lb"])
    assert load["population_equivalents"] == pytest.approx(case["persons_of_load"], abs=0.6)


def test_the_published_anaerobic_reactor_is_reproduced():
    case = CASES["eddy"]
    cod = wastewater.load(case["m3_day"], case["mg_l"])["load_kg_day"]
    assert cod == pytest.approx(case["load"])
    found = wastewater.anaerobic(cod, case["removed"], case["yield"])
    assert found["removed_kg_day"] == pytest.approx(case["gone"])
    assert found["methane_kg_day"] / wastewater.METHANE_PER_COD == pytest.approx(case["methane_cod"], abs=1)
    assert found["methane_m3_day"] / case["methane_cod"] == pytest.approx(case["litre_g"], abs=5e-4)


def test_the_factors_of_the_guidelines_are_the_stoichiometry():
    case = CASES["ipcc"]
    assert pytest.approx(case["potential"], rel=4e-3) == wastewater.METHANE_PER_COD
    found = wastewater.emission(1000, case["correction"])
    assert found["factor_kg_kg"] == pytest.approx(case["factor"])
    assert found["emitted_kg"] == pytest.approx(200)
    assert wastewater.emission(1000, 0.8, sludge_kg=100, recovered_kg=150)["emitted_kg"] == pytest.approx(30)


@given(st.floats(1, 1e5), st.floats(0.1, 1), st.floats(0, 0.3), st.floats(0, 1))
def test_an_anaerobic_reactor_keeps_the_oxygen_demand(cod, removed, growth, collected):
    found = wastewater.anaerobic(cod, removed, growth, collected=collected)
    kept = found["methane_kg_day"] / wastewater.METHANE_PER_COD + 1.42 * found["sludge_kg_day"]
    assert kept + cod * (1 - removed) == pytest.approx(cod, rel=1e-9)
    caught = found["collected_kwh_day"] * 3.6 / 50.03
    assert caught + found["escaped_kg_day"] == pytest.approx(found["methane_kg_day"], rel=1e-9)
    assert found["biogas_nm3_day"] > found["methane_nm3_day"]


def test_readings_that_cannot_be_are_refused():
    assert wastewater.load(100, 600, person_g_day=60)["population_equivalents"] == pytest.approx(1000)
    assert wastewater.biodegradability(100, 800).outside
    with pytest.raises(ScienceError, match="swapped"):
        wastewater.biodegradability(900, 800)
    with pytest.raises(ScienceError, match="gas meter counts biogas"):
        wastewater.emission(1000, 0.2, recovered_kg=100)
    with pytest.raises(ScienceError, match="leaves no COD"):
        wastewater.anaerobic(100, 0.9, sludge_yield=0.8)
