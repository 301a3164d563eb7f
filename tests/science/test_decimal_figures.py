"""Figures of a database (Decimal) and exact ones (Fraction) count as the float they are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from sachhon.science import energy, finance, intensity, mfca, survey
from sachhon.science.balance import Flowsheet, Process, Reading, Stream
from sachhon.science.energy.change import net_saving
from sachhon.science.energy.totals import EnergyUse, totals
from sachhon.science.portfolio import Interaction, Limits, Option, choose


def balance(of):
    sheet = Flowsheet(
        [Process("press")],
        [Stream("in", "", "press"), Stream("out", "press", "")],
        [Reading("in", of("10"), of("1"), factor=of("2")), Reading("out", of("18"), of("0.5"))],
    )
    return sheet.solve().flow("in").value


def portfolio(of):
    options = [
        Option("lamp", of("5"), of("3"), {"toe": of("2")}, staff=of("1")),
        Option("oven", of("6"), of("2"), {"toe": of("1")}),
    ]
    limits = Limits(budget=of("5"), staff=of("2"), targets={"toe": of("1.5")})
    return choose(options, limits, interactions=[Interaction("lamp", "oven", of("-1"))]).aim


def flow_costs(of):
    clay = mfca.Material("clay", of("9"), of("5"), of("4"))
    return mfca.allocate([mfca.Centre("press", [clay], energy=of("7"), system=of("2.5"))]).loss.total


def toe(of):
    return totals([EnergyUse("coal", of("100"), of("0.5"), of("2000"), of("0.02"), of("0.03"))]).toe


def toe_saved(of):
    return net_saving([EnergyUse("coal", of("-100"), of("0.5")), EnergyUse("power", of("9"), of("0.1"))]).toe


def inventory(of):
    coal = energy.Factor("coal", of("0.5"), of("0.03"))
    gas = energy.Emission(1, energy.Factor("coal-co2", of("2000")), "CH4", energy.Factor("gwp", of("28")))
    return energy.inventory([energy.Use("coal", of("3"), coal, None, (gas,), of("0.1"))]).total


def raked(of):
    design = survey.Design(weights=[1, 1, 1]).rake({"a": [0, 0, 1]}, {"a": {0: of("5"), 1: of("4.5")}})
    return design.total([1, 2, 3]).estimate


def saved(of):
    return intensity.saving_per_unit(
        intensity.Period({"brick": of("100")}, of("50"), consumption_uncertainty=of("0.02")),
        intensity.Period({"brick": of("90")}, of("40")),
    ).relative_measured


def drawn(of):
    figures = {"saving": finance.Normal(of("20"), of("3"))}
    return finance.sample(figures, 10, 1)["saving"].mean()


@pytest.mark.parametrize("kind", [Decimal, Fraction])
@pytest.mark.parametrize(
    "result", [balance, portfolio, flow_costs, toe, toe_saved, inventory, raked, saved, drawn]
)
def test_decimals_and_fractions_count_as_their_floats(result, kind):
    plain: Any = result(float)
    assert repr(result(kind)) == repr(plain)
