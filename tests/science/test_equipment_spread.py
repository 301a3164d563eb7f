"""The uncertainty of a calculator's steps, against closed forms and Monte Carlo."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.equipment import boiler, combustion, electrical, steam, water
from sachhon.science.equipment.sheet import Result
from sachhon.science.equipment.spread import spread
from sachhon.science.uncertainty import Measured, ScienceError

COAL = combustion.Fuel(carbon=0.57, hydrogen=0.03, oxygen=0.03, moisture=0.08, ash=0.29, gross_kj_kg=21_800)


def stack(oxygen: float, flue_c: float, air_c: float, co: float) -> Result:
    return boiler.losses(
        COAL, combustion.burn(COAL, oxygen_dry=oxygen, co_dry=co), flue_c, air_c, gas_kj_kgk=1.03
    )


@given(st.floats(0, 0.05), st.floats(0, 0.05), st.floats(0, 0.05))
def test_relative_uncertainties_of_a_product_add_in_squares(u, i, hours):
    found = spread(
        electrical.three_phase_energy, power_factor=0.8,
        voltage_v=Measured(400, 400 * u), current_a=Measured(30, 30 * i), hours=Measured(500, 500 * hours),
    )  # fmt: skip
    assert found["energy_kwh"].relative == pytest.approx(math.sqrt(u**2 + i**2 + hours**2), abs=1e-12)
    assert found["power_kw"].relative == pytest.approx(math.hypot(u, i), abs=1e-12)
    shares = found.shares["energy_kwh"]
    assert not shares or math.fsum(shares.values()) == pytest.approx(1)
    assert found.bent == ()


def test_the_closed_form_of_siegert():
    found = spread(
        boiler.siegert,
        flue_c=Measured(200, 2),
        air_c=Measured(20, 1),
        oxygen_percent=Measured(5, 0.2),
        a2=0.68,
        b=0.007,
    )
    slope = 0.68 / 16 + 0.007
    by_oxygen = 180 * 0.68 / 16**2 * 0.2
    expected = math.sqrt((2 * slope) ** 2 + slope**2 + by_oxygen**2) / 100
    assert found["loss"].standard_uncertainty == pytest.approx(expected, rel=1e-3)
    assert found["efficiency"].standard_uncertainty == pytest.approx(found["loss"].standard_uncertainty)
    assert max(found.shares["loss"], key=found.shares["loss"].__getitem__) == "flue_c"


def test_a_chain_of_calculators_agrees_with_monte_carlo():
    inputs = {
        "oxygen": Measured(0.09, 0.004),
        "flue_c": Measured(190, 3),
        "air_c": Measured(28, 1),
        "co": Measured(0.001, 0.0002),
    }
    found = spread(stack, **inputs)
    random = np.random.default_rng(3)
    draws = [
        stack(**{name: random.normal(x.value, x.standard_uncertainty) for name, x in inputs.items()})[
            "efficiency"
        ]
        for _ in range(3000)
    ]
    assert np.std(draws) == pytest.approx(found["efficiency"].standard_uncertainty, rel=0.05)
    assert np.mean(draws) == pytest.approx(found["efficiency"].value, abs=0.1 * np.std(draws))
    assert math.fsum(found.shares["efficiency"].values()) == pytest.approx(1)


def test_a_bend_within_the_uncertainty_is_told():
    boiling = water.state(pressure_kpa=101.325, dryness=0).enthalpy_kj_kg
    across = spread(steam.flash, flow_kg_h=1000.0, enthalpy_kj_kg=Measured(boiling, 20), pressure_kpa=101.325)
    assert across.bent == ("dryness", "flash_kg_h", "flash_kw", "liquid_kg_h", "liquid_kw")
    above = spread(steam.leak, diameter_mm=3.0, pressure_kpa=Measured(800, 20))
    assert above.bent == ()
    assert above["flow_kg_h"].relative == pytest.approx(20 / 800)


def test_readings_that_may_be_impossible_and_certain_inputs_are_told():
    with pytest.raises(ScienceError, match="pressure_kpa may be 90, and then"):
        spread(steam.leak, diameter_mm=3.0, pressure_kpa=Measured(110, 20))
    with pytest.raises(ScienceError, match="no input is uncertain"):
        spread(steam.leak, diameter_mm=3.0, pressure_kpa=800.0)
    with pytest.raises(ScienceError, match="not negative"):
        spread(steam.leak, diameter_mm=Measured(3, -1), pressure_kpa=800.0)
    certain = spread(steam.leak, diameter_mm=Measured(3, 0), pressure_kpa=800.0)
    assert certain["flow_kg_h"].standard_uncertainty == 0
    assert certain.shares["flow_kg_h"] == {}
    with pytest.raises(KeyError, match="it has area_mm2"):
        certain["cost"]
