"""Surfaces, insulations and fuels: figures that a calculator can use."""

from __future__ import annotations

import math

import numpy as np
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


# SI 2021/745 (UK), schedule 16, table 28, four poles, 0.75 to 200 kW: A, B, C, D of
# 100 η = A x³ + B x² + C x + D, x = log₁₀ of the rated kW (legislation.gov.uk/uksi/2021/745/schedule/16)
FOUR_POLES = {
    "ie2": (0.0278, -1.9247, 10.4395, 80.9761),
    "ie3": (0.0773, -1.8951, 9.2984, 83.7025),
    "ie4": (0.2412, -2.3608, 8.4460, 86.8321),
}
# Siemens' list after IEC 60034-30:2008, four poles (scribd.com 415167935)
IE1 = {0.75: 72.1, 1.1: 75.0, 1.5: 77.2, 2.2: 79.7, 3: 81.5, 4: 83.1, 5.5: 84.7, 7.5: 86.0, 11: 87.6}


def test_motors_have_the_efficiency_of_the_law_and_of_a_maker_s_list():
    found = {float(f.extra["rated_kw"]): f for f in facts("motors")}
    assert len(found) >= 22
    for kw, fact in found.items():
        assert fact.extra["poles"] == "4"
        for name, factors in FOUR_POLES.items():
            percent = round(float(np.polyval(factors, math.log10(kw))), 1)
            assert percent == pytest.approx(100 * float(fact.extra[name])), (kw, name)
        if kw in IE1:
            assert 100 * float(fact.extra["ie1"]) == pytest.approx(IE1[kw])
        assert (fact.confidence == "found") == (kw in IE1)
