"""The inventory by scope: printed conversions, correlation of shared factors, simulation."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.energy import (
    Emission,
    Factor,
    Missing,
    Settings,
    Use,
    inventory,
    simulate,
    standard_from_95,
)
from sachhon.science.uncertainty import ScienceError

CASES = Path(__file__).parents[1] / "cases" / "energy"
GRID = Factor("grid-2022", 0.6766, 0.03)
TOE = Factor("toe-3505", 0.0001543, 0.0)


def case(name):
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def power(quantity, **changes):
    return replace(
        Use("power", quantity, toe=TOE, emissions=(Emission(2, GRID),), quantity_uncertainty=0.02), **changes
    )


def test_the_printed_source_energy_of_four_recommendations():
    told = case("source_energy_ok0839")
    for kwh, mmbtu in zip(told["kwh"], told["mmbtu"], strict=True):
        factor = Factor("source", told["mmbtu_per_kwh"] * told["gj_per_mmbtu"])
        result = inventory([Use("power", kwh, primary_gj=factor)])
        assert round(result.primary_gj.value / told["gj_per_mmbtu"]) == mmbtu


def test_the_conversions_of_the_ministry_s_letter():
    told = case("toe_3505")["toe"]
    uses = [Use(name, 1000, toe=Factor(name, value)) for name, value in told.items()]
    assert inventory(uses).toe.value == pytest.approx(0.1543 + 600 + 1020 + 990 + 1090)


def digits(value, printed):
    return f"{value:.{len(printed.split('.')[1])}f}"


def test_the_printed_emissions_of_gas_by_the_therm_and_the_thousand_cubic_feet():
    told = case("epa_equivalencies")
    for carbon, printed in told["gas"]:
        factor = Factor("gas", carbon * told["dioxide"] / told["carbon"])
        result = inventory([Use("gas", told["mmbtu_per_therm"], emissions=(Emission(1, factor),))])
        assert digits(result.scope1.value, printed) == printed
    mcf = told["mcf"]
    burnt = Use("gas", mcf["therms"], emissions=(Emission(1, Factor("therm", 1000 * mcf["t_per_therm"])),))
    assert digits(inventory([burnt]).total.value, mcf["t"]) == mcf["t"]
    rule = told["rule"]
    burnt = Use("gas", 0.1, emissions=(Emission(1, Factor("table C-1", rule["kg_per_mmbtu"])),))
    assert digits(inventory([burnt]).scope1.value, rule["t"]) == rule["t"]


def test_the_printed_railcar_of_coal_is_met_as_far_as_its_rounded_factors_go():
    told = case("epa_equivalencies")
    car = told["railcar"]
    factor = Factor("coal", car["mmbtu_per_t"] * car["kg_c_per_mmbtu"] * told["dioxide"] / told["carbon"])
    found = inventory([Use("coal", car["t_coal"], emissions=(Emission(1, factor),))]).scope1.value
    assert found == pytest.approx(car["printed"], rel=0.005 / car["mmbtu_per_t"])
    assert round(found, 2) != car["printed"]


def test_ipcc_default_factors_make_the_emissions_of_a_tonne_and_wood_stands_apart():
    told = case("toe_3505")["fuels"]
    gwp = {"CH4": Factor("ch4-ar5", 28.0), "N2O": Factor("n2o-ar5", 265.0)}
    uses = []
    for name, f in told.items():
        gases = [
            Emission(1, Factor(f"{name} co2", f["ncv"] * f["co2"] / 1000), biogenic=f.get("biogenic", False))
        ]
        for gas in ("CH4", "N2O"):
            gases.append(
                Emission(1, Factor(f"{name} {gas}", f["ncv"] * f[gas.lower()] / 1000), gas, gwp[gas])
            )
        uses.append(Use(name, 1, emissions=tuple(gases)))
    diesel, _, wood = (inventory([one]) for one in uses)
    assert diesel.by_gas["CO2"] == pytest.approx(3.1863)
    assert diesel.scope1.value == pytest.approx(3.1863 + 0.043 * 3 * 28e-3 + 0.043 * 0.6 * 265e-3)
    assert wood.biogenic.value == pytest.approx(1.7472)
    assert wood.scope1.value == pytest.approx((15.6 * 30 * 28 + 15.6 * 4 * 265) / 1e6)
    assert wood.total.value == wood.scope1.value


def test_the_ipcc_product_rule():
    """5 % of activity and 10 % of factor, both at 95 %, make 11.2 % (IPCC 2006, volume 1, 3.2.3.1)."""
    use = Use(
        "coal",
        100,
        emissions=(Emission(1, Factor("f", 2.0, standard_from_95(0.10))),),
        quantity_uncertainty=standard_from_95(0.05),
    )
    assert 1.96 * inventory([use]).total.relative == pytest.approx(0.112, abs=5e-4)


def test_one_factor_over_twelve_months_is_as_unsure_as_once_and_readings_average_out():
    year = inventory([power(1000.0) for _ in range(12)])
    by_hand = 12 * 0.6766 * np.hypot(0.03, 0.02 / np.sqrt(12))
    assert year.total.standard_uncertainty == pytest.approx(by_hand)
    one_meter = inventory([power(1000.0, meter="main") for _ in range(12)])
    assert one_meter.total.relative == pytest.approx(np.hypot(0.03, 0.02))
    assert one_meter.causes == pytest.approx({"factor grid-2022": 9 / 13, "quantity main": 4 / 13})


def test_factors_of_two_dates_err_apart():
    other = Emission(2, replace(GRID, code="grid-2023", value=0.6592))
    two = inventory([power(1000.0), power(1000.0, emissions=(other,))])
    same = inventory([power(1000.0), power(1000.0)])
    assert two.total.relative < same.total.relative


@given(st.lists(st.floats(1, 1e6), min_size=1, max_size=6), st.floats(0, 0.2), st.floats(0, 0.2))
def test_the_scopes_add_up_and_the_causes_explain_all(quantities, u, u_factor):
    grid = replace(GRID, uncertainty=u_factor)
    uses = [
        Use("mix", q, emissions=(Emission(1, Factor("f", 2.0, u)), Emission(2, grid)), quantity_uncertainty=u)
        for q in quantities
    ]
    result = inventory(uses)
    assert result.scope1.value + result.scope2.value + result.scope3.value == pytest.approx(
        result.total.value
    )
    assert sum(result.by_gas.values()) == pytest.approx(result.total.value)
    if result.causes:
        assert sum(result.causes.values()) == pytest.approx(1)


@given(st.permutations(range(4)))
def test_the_order_of_uses_does_not_matter(order):
    uses = [power(q, meter=m) for q, m in ((10.0, "a"), (20.0, "b"), (30.0, "a"), (40.0, "c"))]
    shuffled = inventory([uses[i] for i in order])
    assert shuffled.total.standard_uncertainty == pytest.approx(inventory(uses).total.standard_uncertainty)


def test_simulation_agrees_with_the_formula():
    gwp = Factor("ch4", 28.0, 0.2)
    uses = [
        power(1000.0, meter="main"),
        power(1500.0, meter="main"),
        Use(
            "husk",
            800.0,
            emissions=(
                Emission(1, Factor("husk co2", 1.16, 0.05), biogenic=True),
                Emission(1, Factor("husk ch4", 0.35, 0.25), "CH4", gwp),
            ),
            quantity_uncertainty=0.1,
        ),
    ]
    exact, drawn = inventory(uses), simulate(uses, seed=1, draws=40_000)
    for name in ("toe", "scope1", "scope2", "biogenic", "total"):
        assert drawn[name].value == pytest.approx(getattr(exact, name).value, rel=0.01)
        # products of terms of 20 % and 25 % differ in second order
        assert drawn[name].standard_uncertainty == pytest.approx(
            getattr(exact, name).standard_uncertainty, rel=0.04
        )


def test_what_has_no_factor_is_named_and_not_zero_silently():
    result = inventory([Use("husk", 5.0), Use("sun", 5.0, toe=TOE, primary_gj=TOE, no_emissions=True)])
    assert result.missing == (
        Missing("husk", "toe"),
        Missing("husk", "primary_gj"),
        Missing("husk", "emissions"),
    )


@pytest.mark.parametrize(
    ("uses", "told"),
    [
        ([Use("x", -1.0)], "x: quantity -1.0"),
        ([Use("x", 1.0, toe=Factor("t", float("nan")))], "t: value nan"),
        ([power(1.0), power(1.0, toe=replace(TOE, uncertainty=0.5))], "two uncertainties"),
        ([power(1.0), power(1.0, toe=replace(TOE, value=9.0))], "two values"),
        ([Use("x", 1.0, emissions=(Emission(1, GRID, "CH4", biogenic=True),))], "only CO2 is biogenic"),
        ([Use("x", 1.0, quantity_uncertainty=-0.1)], "relative one"),
    ],
)
def test_a_figure_that_cannot_be_is_told_by_name(uses, told):
    with pytest.raises(ScienceError, match=told):
        inventory(uses)


WOOD = Use("wood", 10, emissions=(Emission(1, Factor("wood", 1500.0, 0.1), biogenic=True),))


def test_the_guidelines_ways_depart_from_nothing_and_every_other_is_told():
    year = [power(1000, primary_gj=Factor("gj", 0.0036)) for _ in range(12)]
    assert inventory(year).departures() == ()
    apart = inventory(year, Settings(shared_factors=False))
    assert apart.departures("vi") == (
        "Coi sai số của cùng một hệ số ở các tháng là độc lập: tổng trông chắc chắn hơn thực tế.",
    )
    assert apart.total.value == inventory(year).total.value
    both = (0.02**2 + 0.03**2) ** 0.5
    assert apart.total.relative == pytest.approx(both / 12**0.5)
    assert sum(apart.causes.values()) == pytest.approx(1)
    counted = inventory([WOOD], Settings(biogenic="counted"))
    assert (counted.scope1.value, counted.biogenic.value) == pytest.approx((15, 0))
    assert (inventory([WOOD]).scope1.value, inventory([WOOD]).biogenic.value) == pytest.approx((0, 15))
    assert "GHG Protocol keeps it apart" in counted.departures("en")[0]
    assert "lognormal from 10 %" in Settings(lognormal_above=0.1).departures("en")[0]


def test_what_an_inventory_leaves_out_or_takes_as_exact_is_told():
    found = inventory([Use("steam", 5.0), WOOD]).departures("en")
    assert found == (
        "No factor for TOE, so not counted: steam, wood.",
        "No factor for primary energy, so not counted: steam, wood.",
        "No factor for emissions, so not counted: steam.",
        "Taken as exact, since no uncertainty is given: steam.",
    )
    assert inventory([Use("steam", 5.0)]).departures()[-1].startswith("Coi là chính xác")


@pytest.mark.parametrize("wrong", [{"biogenic": "left out"}, {"lognormal_above": 30}])
def test_a_setting_of_the_inventory_that_cannot_be_is_refused(wrong):
    with pytest.raises(ScienceError, match=r"unknown|from 0 to 1"):
        Settings(**wrong)


def test_the_simulation_draws_as_its_settings_say():
    uses = [power(1000, quantity_uncertainty=0.5)]
    same, other = (simulate(uses, seed=1, settings=Settings(lognormal_above=x)) for x in (0.3, 0.6))
    assert same["total"] == simulate(uses, seed=1)["total"]
    assert other["total"] != same["total"]
