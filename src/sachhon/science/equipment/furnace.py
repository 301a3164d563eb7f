"""Furnaces and kilns: heat to the charge, through openings and walls, and the whole balance.

    charge     m (c (t₂ − t₁) + r) + m_w (h_vapour(t_v) − h_water(t₁))
    opening    ε F σ A (T_f⁴ − T_a⁴) · share of time open
    store      m c (t₂ − t₁) / cycle                        kiln cars, lining of a batch furnace
    balance    input = useful + Σ losses + unaccounted

Flue gas comes from `combustion.burn` and `boiler.losses`, surfaces from `surface.flux`, water from IAPWS-IF97.
Sources: BEE (India), Energy Performance Assessment for Equipment and Utility Systems, ch. 2; W. Trinks et
al., Industrial Furnaces, ch. 4. Not here: heat of reaction of clays and ores (an argument), gas that leaks.
"""

from __future__ import annotations

from collections.abc import Mapping

from sachhon.science.equipment import water
from sachhon.science.equipment.sheet import Result, Sheet, not_negative, positive, share
from sachhon.science.equipment.surface import STEFAN_BOLTZMANN
from sachhon.science.uncertainty import ScienceError

_BEE = "BEE, Energy Performance Assessment, ch. 2"
_KELVIN = 273.15
_CLOSED = 0.1


def charge(
    dry_kg_h: float,
    heat_capacity_kj_kgk: float,
    from_c: float,
    to_c: float,
    *,
    water_kg_h: float = 0.0,
    vapour_c: float | None = None,
    reaction_kj_kg: float = 0.0,
) -> Result:
    """Heat that the charge takes up.

    heat_capacity_kj_kgk : its mean between both temperatures. reaction_kj_kg : per kg of dry charge, melting
    included, positive where it takes heat. water_kg_h leaves as vapour at vapour_c (to_c where not given).
    Steps: sensible_kw, water_kw, reaction_kw, useful_kw.
    """
    positive(dry_kg_h=dry_kg_h, heat_capacity_kj_kgk=heat_capacity_kj_kgk)
    not_negative(water_kg_h=water_kg_h)
    sheet = Sheet("charge", _BEE)
    solid = sheet.step(
        "sensible_kw", "m c (t₂ − t₁) / 3600", dry_kg_h * heat_capacity_kj_kgk * (to_c - from_c) / 3600, "kW"
    )
    wet = 0.0
    if water_kg_h:
        leaving = water.state(
            pressure_kpa=water.STANDARD_ATMOSPHERE_KPA, temperature_c=to_c if vapour_c is None else vapour_c
        )
        if (
            leaving.enthalpy_kj_kg
            < water.state(pressure_kpa=water.STANDARD_ATMOSPHERE_KPA, dryness=1).enthalpy_kj_kg
        ):
            raise ScienceError(
                "water leaves as vapour at 100 °C or more; give vapour_c.",
                "nước thoát ra ở thể hơi từ 100 °C trở lên; hãy cho vapour_c.",
            )
        liquid = water.state(pressure_kpa=water.STANDARD_ATMOSPHERE_KPA, temperature_c=from_c)
        wet = water_kg_h * (leaving.enthalpy_kj_kg - liquid.enthalpy_kj_kg) / 3600
    wet = sheet.step("water_kw", "m_w (h_v − h_w) / 3600", wet, "kW")
    reaction = sheet.step("reaction_kw", "m r / 3600", dry_kg_h * reaction_kj_kg / 3600, "kW")
    sheet.step("useful_kw", "sensible + water + reaction", solid + wet + reaction, "kW")
    return sheet.result()


def opening(
    area_m2: float,
    furnace_c: float,
    air_c: float,
    emissivity: float,
    factor: float,
    time_open: float = 1.0,
) -> Result:
    """Heat radiated through an opening.

    factor : of the opening's depth, 1 in a thin wall (BEE fig. 2.4; 0.7 where it is as deep as 3/4 of its
    width). time_open : share of the time. Step: loss_kw.
    """
    positive(area_m2=area_m2)
    share(emissivity=emissivity, factor=factor, time_open=time_open)
    if furnace_c < air_c:
        raise ScienceError(
            "the furnace is colder than the air around it; were the two swapped?",
            "lò lạnh hơn không khí xung quanh; có đặt nhầm chỗ hai số không?",
        )
    sheet = Sheet("opening", _BEE)
    difference = (furnace_c + _KELVIN) ** 4 - (air_c + _KELVIN) ** 4
    lost = emissivity * factor * STEFAN_BOLTZMANN * area_m2 * difference * time_open / 1e3
    sheet.step("loss_kw", "ε F σ A (T_f⁴ − T_a⁴) share / 1000", lost, "kW")
    sheet.within("furnace", furnace_c, 500, 1800, "°C", "below, convection counts more than radiation")
    return sheet.result()


def stored(mass_kg: float, heat_capacity_kj_kgk: float, from_c: float, to_c: float, cycle_h: float) -> Result:
    """Heat stored each cycle in what is heated with the charge: kiln cars, trays, the lining. Step: loss_kw."""
    positive(mass_kg=mass_kg, heat_capacity_kj_kgk=heat_capacity_kj_kgk, cycle_h=cycle_h)
    sheet = Sheet("stored", _BEE)
    kw = mass_kg * heat_capacity_kj_kgk * (to_c - from_c) / (3600 * cycle_h)
    sheet.step("loss_kw", "m c (t₂ − t₁) / (3600 cycle)", kw, "kW")
    return sheet.result()


def balance(input_kw: float, useful_kw: float, losses_kw: Mapping[str, float]) -> Result:
    """The heat balance: shares of the input, and what none of the items explains.

    Steps: efficiency, one share for each loss, accounted, unaccounted; a gap of more than a tenth either way
    is told as outside the range: a reading is wrong or an item is missing.
    """
    positive(input_kw=input_kw)
    not_negative(useful_kw=useful_kw, **losses_kw)
    sheet = Sheet("balance", _BEE)
    parts = [sheet.step("efficiency", "useful / input", useful_kw / input_kw, "1")]
    parts += [sheet.step(name, "loss / input", lost / input_kw, "1") for name, lost in losses_kw.items()]
    total = sheet.step("accounted", "Σ", sum(parts), "1")
    gap = sheet.step("unaccounted", "1 − Σ", 1 - total, "1")
    sheet.within(
        "unaccounted heat", gap, -_CLOSED, _CLOSED, "", "a balance that closes; else a reading is wrong"
    )
    return sheet.result()
