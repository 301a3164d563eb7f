"""TOE and CO₂ totals with uncertainty."""

from __future__ import annotations

import numpy as np
import pytest

from sachhon.science.energy import EnergyUse, totals
from sachhon.science.uncertainty import ScienceError


def test_toe_and_co2_of_electricity_and_coal_by_hand():
    # 1 GWh at 0.0001543 toe/kWh is 154.3 toe (official letter 3505/BCT-KHCN of 19 April 2011);
    # 1000 t of coal at 0.6 toe/t is 600 toe
    result = totals(
        [
            EnergyUse("electricity", 1_000_000, 0.0001543, 0.6592),
            EnergyUse("coal", 1000, 0.6, 2468.0),
            EnergyUse("husk", 50),
        ]
    )
    assert result.toe.value == pytest.approx(754.3)
    assert result.co2_t.value == pytest.approx(659.2 + 2468)
    assert result.without_toe == result.without_co2 == ("husk",)


def test_the_ipcc_rule_for_a_product_and_a_sum_of_uncertainties():
    # IPCC 2006, volume 1, 3.2.3.1: 5 % activity and 10 % factor make 11.2 % of the product
    one = totals([EnergyUse("coal", 100, 0.6, None, 0.05, 0.10)])
    assert one.toe.relative == pytest.approx(0.1118, abs=5e-5)
    both = totals(
        [EnergyUse("coal", 100, 0.6, None, 0.05), EnergyUse("oil", 50, 1.0, 3000.0, 0.02, 0.0, 0.03)]
    )
    assert both.toe.standard_uncertainty == pytest.approx(np.hypot(3.0, 1.0))
    assert both.co2_t.standard_uncertainty == pytest.approx(150 * np.hypot(0.02, 0.03))


def test_nothing_used_is_zero_and_exact():
    result = totals([])
    assert (result.toe.value, result.toe.standard_uncertainty) == (0, 0)


@pytest.mark.parametrize(
    "use", [EnergyUse("x", -1, 1), EnergyUse("x", float("nan"), 1), EnergyUse("x", 1, float("inf"))]
)
def test_figures_that_are_none_are_refused_by_name(use):
    with pytest.raises(ScienceError, match="x: "):
        totals([use])
