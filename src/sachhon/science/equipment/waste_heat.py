"""Waste heat of exhaust gas: what there is, what of it a heat exchanger takes, what hot air saves.

    Q = m c̄_p (t₁ − t₂)                                   gas cooled from t₁ to t₂
    AH = 1 − (m_dry c̄ (t_g − t₀) + m_w (r + c̄_w (t_g − t₀)) − m_air c̄_a (t_a − t₀)) / H     available heat
    saving = 1 − AH₁ / AH₂                                 of fuel, by hotter air or less of it

Available heat is the share of the gross calorific value that stays in the furnace. Mean heat capacities
come from `gas_heat` (to 1700 °C). Sources: W. Trinks et al., Industrial Furnaces, ch. 5; US DOE, Process
Heating Tip Sheets 1 and 2. Not here: dissociation, heat exchanger's size (`exchanger`), corrosion.
"""

from __future__ import annotations

from collections.abc import Mapping

from sachhon.science.equipment.combustion import LATENT_25_C, Fuel
from sachhon.science.equipment.gas_heat import AIR, dry_shares, mean_heat_capacity
from sachhon.science.equipment.sheet import Result, Sheet, positive
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

_TRINKS = "available heat, Trinks et al., Industrial Furnaces, ch. 5"
_REFERENCE_C = 25.0


def recoverable(
    flow_kg_h: float, from_c: float, to_c: float, shares: Mapping[str, float] | None = None
) -> Result:
    """Heat given off by a gas that cools; `shares` of volume as for `gas_heat`, air where not given.

    Steps: heat_capacity_kj_kgk, heat_kw.
    """
    positive(flow_kg_h=flow_kg_h)
    if to_c > from_c:
        raise ScienceError(
            f"a gas at {from_c} °C does not cool to {to_c} °C; were the two swapped?",
            f"khí ở {comma(from_c)} °C không nguội đến {comma(to_c)} °C; có đặt nhầm chỗ hai số không?",
        )
    sheet = Sheet("recoverable", "NIST-JANAF heat capacities")
    mean = sheet.step(
        "heat_capacity_kj_kgk", "mean of h(t)", mean_heat_capacity(shares or AIR, to_c, from_c), "kJ/(kg K)"
    )
    sheet.step("heat_kw", "m c̄_p (t₁ − t₂) / 3600", flow_kg_h * mean * (from_c - to_c) / 3600, "kW")
    return sheet.result()


def available(fuel: Fuel, flue: Result, flue_c: float, air_c: float = _REFERENCE_C) -> Result:
    """Share of the fuel's gross calorific value that stays in a furnace whose gas leaves at flue_c.

    flue : `combustion.burn` of that fuel. air_c : combustion air after its preheater.
    Steps: dry_gas, water, air (shares of the gross value), available.
    """
    if min(flue_c, air_c) < 0:
        raise ScienceError(
            "temperatures below 0 °C are outside what the heat of gases is known for.",
            "nhiệt độ dưới 0 °C nằm ngoài khoảng đã biết nhiệt của khí.",
        )
    sheet = Sheet("available", _TRINKS)
    gross, rise = fuel.gross_kj_kg, flue_c - _REFERENCE_C
    gas = mean_heat_capacity(dry_shares(flue), _REFERENCE_C, flue_c)
    dry = sheet.step("dry_gas", "m_dry c̄ (t_g − 25) / H", flue["dry_gas"] * gas * rise / gross, "1")
    vapour = mean_heat_capacity({"H2O": 1.0}, _REFERENCE_C, flue_c) * rise
    burnt = flue["hydrogen_water"] + flue["moisture_water"]
    wet = sheet.step(
        "water", "(m_w (r + c̄_w (t_g − 25)) + m_air w c̄_w (t_g − 25)) / H",
        (burnt * (LATENT_25_C + vapour) + flue["air_water"] * vapour) / gross, "1",
    )  # fmt: skip
    brought = flue["air"] * mean_heat_capacity(AIR, _REFERENCE_C, air_c) * (air_c - _REFERENCE_C)
    brought += (
        flue["air_water"] * mean_heat_capacity({"H2O": 1.0}, _REFERENCE_C, air_c) * (air_c - _REFERENCE_C)
    )
    air = sheet.step("air", "m_air c̄_a (t_a − 25) / H", brought / gross, "1")
    left = sheet.step("available", "1 − dry − water + air", 1 - dry - wet + air, "1")
    sheet.within("flue gas", flue_c, 100, 1500, "°C", "no condensation below, no dissociation above")
    sheet.within(
        "available heat", left, 0, 1, "", "below 0 the flame cannot heat anything to that temperature"
    )
    return sheet.result()


def fuel_saving(before: Result, after: Result) -> Result:
    """Share of fuel saved at the same heat to the load: `available` before and after. Step: saving."""
    for found in (before, after):
        if found["available"] <= 0:
            raise ScienceError(
                "no heat is available at that temperature: no amount of fuel would do.",
                "không có nhiệt hữu dụng ở nhiệt độ ấy: bao nhiêu nhiên liệu cũng không đủ.",
            )
    sheet = Sheet("fuel_saving", "US DOE, Process Heating Tip Sheets 1 and 2")
    sheet.step("saving", "1 − AH₁ / AH₂", 1 - before["available"] / after["available"], "1")
    return sheet.result()
