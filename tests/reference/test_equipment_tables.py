"""Surfaces, insulations and fuels: figures that a calculator can use."""

from __future__ import annotations

import pytest

from sachhon.reference import facts
from sachhon.science.equipment.combustion import Fuel, burn

PARTS = ("carbon", "hydrogen", "oxygen", "nitrogen", "sulphur", "moisture", "ash", "gross_kj_kg")


@pytest.mark.parametrize("fact", facts("fuel_analyses"), ids=lambda f: f.code)
def test_a_fuel_adds_up_and_its_heat_fits_its_analysis(fact):
    fuel = Fuel(**{k: float(fact.extra[k]) for k in PARTS})  # refuses shares that do not add up to 1
    # Channiwala and Parikh (2002), Fuel 81: gross calorific value of the dry substance, ± 1.5 % on average
    dry = 1 - fuel.moisture
    c, h, o, n, s, a = (
        100 * x / dry
        for x in (fuel.carbon, fuel.hydrogen, fuel.oxygen, fuel.nitrogen, fuel.sulphur, fuel.ash)
    )
    expected = 349.1 * c + 1178.3 * h + 100.5 * s - 103.4 * o - 15.1 * n - 21.1 * a
    assert fuel.gross_kj_kg / dry == pytest.approx(expected, rel=0.07)
    assert 0.11 < burn(fuel, excess_air=0)["co2_max"] < 0.21


def test_emissivities_and_conductivities_are_possible():
    for fact in facts("surfaces"):
        assert fact.value is not None
        assert fact.low is not None
        assert fact.high is not None
        assert 0 < fact.low <= fact.value <= fact.high <= 1
    for fact in facts("insulations"):
        hottest = float(fact.extra["k0_w_mk"]) + float(fact.extra["k1_w_mk_c"]) * float(fact.extra["max_c"])
        assert 0.02 < float(fact.extra["k0_w_mk"]) < hottest < 2


def test_motors_are_better_by_class_and_by_size():
    found = facts("motors")
    for fact in found:
        classes = [float(fact.extra[k]) for k in ("ie1", "ie2", "ie3", "ie4")]
        assert classes == sorted(set(classes))
        assert 0.7 < classes[0] < classes[-1] < 0.97
    for k in ("ie1", "ie2", "ie3", "ie4"):
        by_size = [float(f.extra[k]) for f in sorted(found, key=lambda f: float(f.extra["rated_kw"]))]
        assert by_size == sorted(by_size)
