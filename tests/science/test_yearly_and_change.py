"""From a calculator's moment to a year's saving, and the TOE and CO₂ of a change of fuel."""

import numpy as np
import pytest

from sachhon.science.energy import EnergyUse, net_saving
from sachhon.science.equipment import yearly
from sachhon.science.finance import Triangular, simulate
from sachhon.science.uncertainty import ScienceError


def test_fuel_behind_a_steady_heat_by_hand():
    # 100 kW over 6000 h is 2160 GJ; at 80 % efficiency and 25 GJ/t it is 108 t
    found = yearly.fuel_of_heat(100, 6000, 0.8, 25)
    assert (found["heat_gj"], found["fuel_gj"], found["fuel"]) == pytest.approx((2160, 2700, 108))
    assert yearly.fuel_of_heat(100, 6000, 0.8, 25, count=3)["fuel"] == pytest.approx(324)


def test_a_better_efficiency_saves_what_the_us_doe_tip_sheet_says():
    # US DOE, Steam Tip Sheet 4: from 79 % to 81 % saves 1 − 79/81 = 2.469 % of the fuel
    found = yearly.better_efficiency(1000, 0.79, 0.81)
    assert found["saving"] == pytest.approx(24.69, abs=0.005)
    assert yearly.better_efficiency(1000, 0.81, 0.79)["saving"] < 0


def test_sheets_are_joined_in_order_and_a_name_stands_once():
    one, two = yearly.taken_away(100, 0.5), yearly.taken_away(40, 0.5)
    joined = yearly.joined("both", ("first", one), ("", two))
    assert [s.name for s in joined.steps] == ["first: saving", "saving"]
    assert joined["saving"] == 20
    with pytest.raises(ScienceError, match="saving"):
        yearly.joined("both", ("", one), ("", two))


def test_a_year_has_no_more_hours_than_it_has():
    with pytest.raises(ScienceError, match="8784"):
        yearly.fuel_of_heat(1, 9000, 0.8, 25)


def test_a_change_from_diesel_to_electricity_saves_the_one_and_adds_the_other():
    diesel = EnergyUse("diesel", 1000.0, toe_per_unit=0.00088, kgco2_per_unit=2.6, co2_uncertainty=0.05)
    power = EnergyUse("electricity", -2000.0, toe_per_unit=0.0001543, kgco2_per_unit=0.66)
    found = net_saving([diesel, power])
    assert found.co2_t.value == pytest.approx(2.6 - 1.32)
    assert found.co2_t.standard_uncertainty == pytest.approx(0.13)
    assert found.toe.value == pytest.approx(0.88 - 0.3086)


def test_the_interval_of_the_payback_has_no_end_where_a_draw_never_pays_back():
    def build(values):
        saving = values["saving"]
        return np.stack([np.full_like(saving, -100.0), *[saving] * 5], axis=-1)

    sure = simulate(build, {"saving": Triangular(40, 50, 60)}, rate=0.1, seed=1, draws=2000)
    low, high = sure.payback_interval(0.9)
    assert 100 / 60 < low < 2 < high < 100 / 40
    unsure = simulate(build, {"saving": Triangular(5, 30, 60)}, rate=0.1, seed=1, draws=2000)
    assert unsure.payback_interval(0.9)[1] is None
