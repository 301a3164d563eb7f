"""The equipment calculators, against published answers and the physics."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.equipment import electrical
from sachhon.science.uncertainty import ScienceError

AMO = json.loads((Path(__file__).parent.parent / "cases" / "equipment" / "amo.json").read_text())


def test_three_phase_power_is_that_of_the_published_case():
    case = AMO["three_phase"]
    result = electrical.three_phase_energy(
        case["voltage_v"], case["current_a"], case["power_factor"], case["hours"]
    )
    # 47.11178197: the source cuts the last digit off, it does not round
    assert 0 <= result["power_kw"] - case["power_kw"] < 1e-6
    assert result["energy_kwh"] == pytest.approx(case["energy_kwh"], abs=5e-3)


def test_the_capacitor_is_that_of_the_published_case():
    case = AMO["power_factor"]
    result = electrical.power_factor_correction(case["active_kw"], case["apparent_kva"], case["target"])
    for step in (
        "reactive_kvar",
        "target_apparent_kva",
        "released_kva",
        "target_reactive_kvar",
        "capacitor_kvar",
    ):
        assert result[step] == pytest.approx(case[step], abs=5e-5), step
    assert result["angle_deg"] == pytest.approx(case["angle_deg"], abs=5e-3)


def test_the_load_of_the_published_motor_is_reproduced():
    case = AMO["doe_motor"]
    drawn = electrical.three_phase_energy(case["voltage_v"], case["current_a"], case["power_factor"], 1)[
        "power_kw"
    ]
    assert 0 <= drawn - case["input_kw"] < 0.1  # 22.97, cut to 22.9 there
    found = electrical.motor_load(case["input_kw"], case["horsepower"] * 0.746, case["efficiency"])
    assert found["load"] == pytest.approx(case["load"], abs=5e-4)
    assert not found.outside


@given(st.floats(0.1, 500), st.floats(0.5, 1), st.floats(0.6, 0.99), st.floats(0.6, 0.99))
def test_a_motor_saves_what_it_draws_less(rated, load, old, new):
    result = electrical.motor_replacement(rated, load, 1000, old, new)
    drawn = result["input_old_kw"] - result["input_new_kw"]
    assert result["saving_kwh"] == pytest.approx(drawn * 1000, abs=1e-6)
    assert result["saving_kwh"] * (new - old) >= 0
    assert not result.outside


def test_a_motor_at_little_load_is_told_outside_the_range_of_its_plate():
    result = electrical.motor_load(3, 30, 0.9)
    assert [r.quantity for r in result.outside] == ["load"]
    assert "take the result as a guess" in str(result.outside[0])


def test_a_power_factor_that_is_good_already_and_swapped_powers_are_refused():
    with pytest.raises(ScienceError, match="nothing to correct"):
        electrical.power_factor_correction(98, 100, 0.95)
    with pytest.raises(ScienceError, match="swapped"):
        electrical.power_factor_correction(100, 87, 0.95)


def test_new_lamps_save_the_difference_and_their_ballasts():
    result = electrical.lighting(100, 36, 8, 3000, 100, 18, 2500)
    assert result["saving_kwh"] == pytest.approx(13200 - 4500)
    with pytest.raises(KeyError, match="it has before_kwh, after_kwh, saving_kwh"):
        result["cost"]
