"""Steam on its way: leaks, flash steam, condensate that comes back, steam for the deaerator.

Leak of dry saturated steam through a hole (Napier), P absolute:

    W = C_d A P₁ K_N / 70                       lb/s, in², psi; critical: P₁ ≥ 5/3 P₂
    W = C_d A P₂ / 42 · √(3 (P₁ − P₂) / 2 P₂)   below, and the same where both meet
    K_N = (0.1906 P₁ − 1000) / (0.2292 P₁ − 1061)    above 1500 psia, else 1

Flash steam of condensate let down to a lower pressure, an energy balance at unchanged enthalpy:

    x = (h₁ − h_f(p₂)) / h_fg(p₂)

Deaerator at p, vented share v of the feed water F that leaves it (mass and energy):

    W + S = (1 + v) F,   W h_w + S h_s = F h_f(p) + v F h_g(p)

Heat in condensate that returns, (1 − x) of it after flashing: Q = m (1 − x) (h_c − h_m) / η_boiler.

Sources: R. D. Napier (1866) as in API Standard 520 Part I, 5.7 (K_N: L. Thompson and O. B. Buxton);
US DOE, Steam Tip Sheets 1, 8 and 12. The critical formula lies within 4 % of an isentropic expansion of
equilibrium steam up to 2 MPa; the lower one runs low, by 12 % at 1.1 bar. Pressures are absolute
(`water.absolute`). Not here: superheated steam through a hole (its leak is smaller by some percent),
two-phase leaks of condensate.
"""

from __future__ import annotations

import math

from sachhon.science.equipment import water
from sachhon.science.equipment.sheet import Result, Sheet, not_negative, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

_PSI_KPA = 6.894757293168361  # lbf/in²
_NAPIER = "Napier's formula (API Standard 520 Part I)"
_NAPIER_LB_S = 1 / 70  # lb/s through one square inch at one psi
_LB_S_TO_KG_H = 0.45359237 * 3600
_SQUARE_INCH_MM2 = 645.16
_CRITICAL_RATIO = 5 / 3


def leak(
    diameter_mm: float,
    pressure_kpa: float,
    discharge: float = 0.6,
    outside_kpa: float = water.STANDARD_ATMOSPHERE_KPA,
    feedwater_c: float | None = None,
) -> Result:
    """Dry saturated steam that a hole of that diameter lets out.

    discharge : share of the ideal nozzle's flow; 0.6 is a sharp-edged hole, 0.975 a rounded nozzle.
    feedwater_c : adds what the boiler gave that steam, counted from its feed water.
    Steps: area_mm2, flow_kg_h, and with feedwater_c heat_kw.
    """
    positive(diameter_mm=diameter_mm, pressure_kpa=pressure_kpa, outside_kpa=outside_kpa)
    share(discharge=discharge)
    if pressure_kpa < outside_kpa:
        raise ScienceError(
            f"pressure {pressure_kpa} kPa is below {outside_kpa} kPa outside; is it a gauge reading? "
            "Turn it into an absolute pressure with water.absolute.",
            f"áp suất {comma(pressure_kpa)} kPa thấp hơn {comma(outside_kpa)} kPa ở ngoài; đó có phải áp suất dư "
            "không? Hãy đổi sang áp suất tuyệt đối bằng water.absolute.",
        )
    sheet = Sheet("leak", _NAPIER)
    sheet.assumes(leak, discharge=discharge)
    area = sheet.step("area_mm2", "π d² / 4", math.pi * diameter_mm**2 / 4, "mm²")
    if pressure_kpa >= _CRITICAL_RATIO * outside_kpa:
        formula = "C_d A P₁ K_N / 70 (lb/s, in², psi), critical"
        pressure = pressure_kpa * _high_pressure(pressure_kpa / _PSI_KPA)
        per_area = pressure / _PSI_KPA * _NAPIER_LB_S
    else:
        formula = "C_d A P₂ / 42 √(3 (P₁ − P₂) / 2 P₂) (lb/s, in², psi), below critical"
        over = 1.5 * (pressure_kpa - outside_kpa) / outside_kpa
        per_area = outside_kpa / _PSI_KPA * _NAPIER_LB_S * _CRITICAL_RATIO * math.sqrt(over)
    flow = sheet.step(
        "flow_kg_h", formula, discharge * area / _SQUARE_INCH_MM2 * per_area * _LB_S_TO_KG_H, "kg/h"
    )
    if feedwater_c is not None:
        gained = (
            water.state(pressure_kpa=pressure_kpa, dryness=1).enthalpy_kj_kg
            - water.state(pressure_kpa=pressure_kpa, temperature_c=feedwater_c).enthalpy_kj_kg
        )
        sheet.step("heat_kw", "W (h_steam − h_feed) / 3600", flow * gained / 3600, "kW")
    sheet.within(
        "pressure over that outside",
        pressure_kpa / outside_kpa,
        _CRITICAL_RATIO,
        3200 * _PSI_KPA / outside_kpa,
        "times",
        _NAPIER,
    )
    return sheet.result()


def flash(flow_kg_h: float, enthalpy_kj_kg: float, pressure_kpa: float) -> Result:
    """Flash steam of condensate (or wet steam) of that enthalpy, let down to that pressure.

    The enthalpy of condensate just below boiling at p₁ is `water.state(pressure_kpa=p1, dryness=0)`.
    Steps: dryness, flash_kg_h, flash_kw, liquid_kg_h, liquid_kw (heat counted from water at 0 °C).
    """
    positive(flow_kg_h=flow_kg_h, enthalpy_kj_kg=enthalpy_kj_kg, pressure_kpa=pressure_kpa)
    liquid = water.state(pressure_kpa=pressure_kpa, dryness=0).enthalpy_kj_kg
    vapour = water.state(pressure_kpa=pressure_kpa, dryness=1).enthalpy_kj_kg
    if enthalpy_kj_kg > vapour:
        raise ScienceError(
            f"at {enthalpy_kj_kg:g} kJ/kg all of it is steam at {pressure_kpa:g} kPa: nothing is left to drain.",
            f"ở {comma(enthalpy_kj_kg):g} kJ/kg tất cả đã là hơi tại {comma(pressure_kpa):g} kPa: không còn gì để xả.",
        )
    sheet = Sheet("flash", "energy balance at unchanged enthalpy, IAPWS-IF97; US DOE Steam Tip Sheet 12")
    dryness = sheet.step(
        "dryness",
        "(h₁ − h_f) / h_fg, none below 0",
        max(0.0, (enthalpy_kj_kg - liquid) / (vapour - liquid)),
        "1",
    )
    steam = sheet.step("flash_kg_h", "m x", flow_kg_h * dryness, "kg/h")
    sheet.step("flash_kw", "m x h_g / 3600", steam * vapour / 3600, "kW")
    rest = sheet.step("liquid_kg_h", "m (1 − x)", flow_kg_h - steam, "kg/h")
    sheet.step("liquid_kw", "m (1 − x) h / 3600", rest * min(liquid, enthalpy_kj_kg) / 3600, "kW")
    return sheet.result()


def condensate_return(
    flow_kg_h: float,
    condensate_c: float,
    makeup_c: float,
    hours: float,
    boiler_efficiency: float,
    flash_share: float = 0.0,
) -> Result:
    """Water and fuel saved by condensate that comes back in the place of make-up water.

    flash_share : part of the condensate lost as steam where it is let down (`flash`).
    Steps: water_t, heat_gj, fuel_gj.
    """
    positive(flow_kg_h=flow_kg_h, boiler_efficiency=boiler_efficiency)
    not_negative(hours=hours)
    share(boiler_efficiency=boiler_efficiency, flash_share=flash_share)
    if condensate_c < makeup_c:
        raise ScienceError(
            f"condensate at {condensate_c} °C is colder than make-up water at {makeup_c} °C; were they swapped?",
            f"nước ngưng {comma(condensate_c)} °C lạnh hơn nước bổ sung {comma(makeup_c)} °C; có đặt nhầm chỗ không?",
        )
    hot = water.state(temperature_c=condensate_c, dryness=0).enthalpy_kj_kg
    cold = water.state(temperature_c=makeup_c, dryness=0).enthalpy_kj_kg
    sheet = Sheet("condensate_return", "US DOE Steam Tip Sheet 8; IAPWS-IF97")
    mass = sheet.step("water_t", "m (1 − x) h / 1000", flow_kg_h * (1 - flash_share) * hours / 1e3, "t")
    heat = sheet.step("heat_gj", "water (h_c − h_m) / 1000", mass * (hot - cold) / 1e3, "GJ")
    sheet.step("fuel_gj", "Q / η", heat / boiler_efficiency, "GJ")
    sheet.in_a_year(hours)
    return sheet.result()


def deaerator(
    feed_kg_h: float, pressure_kpa: float, water_kj_kg: float, steam_kj_kg: float, vented: float = 0.001
) -> Result:
    """Steam that a deaerator takes to bring make-up water and condensate to boiling.

    feed_kg_h : feed water that leaves it; water_kj_kg, steam_kj_kg : enthalpies of what enters; vented : steam
    let out with the gases, as a share of the feed water (good plants 0.0005 to 0.0015).
    Steps: vent_kg_h, steam_kg_h, water_kg_h, vent_kw.
    """
    positive(feed_kg_h=feed_kg_h, pressure_kpa=pressure_kpa, steam_kj_kg=steam_kj_kg)
    not_negative(water_kj_kg=water_kj_kg)
    share(vented=vented)
    liquid = water.state(pressure_kpa=pressure_kpa, dryness=0).enthalpy_kj_kg
    vapour = water.state(pressure_kpa=pressure_kpa, dryness=1).enthalpy_kj_kg
    if not water_kj_kg < liquid < steam_kj_kg:
        raise ScienceError(
            f"water of {water_kj_kg:g} and steam of {steam_kj_kg:g} kJ/kg do not meet at boiling, "
            f"{liquid:g} kJ/kg at {pressure_kpa:g} kPa: it needs no steam, or the two were swapped.",
            f"nước {comma(water_kj_kg):g} và hơi {comma(steam_kj_kg):g} kJ/kg không gặp nhau ở điểm sôi, "
            f"{comma(liquid):g} kJ/kg tại {comma(pressure_kpa):g} kPa: nó không cần hơi, hoặc hai số bị đặt nhầm chỗ.",
        )
    sheet = Sheet("deaerator", "balance of mass and energy, IAPWS-IF97")
    sheet.assumes(deaerator, vented=vented)
    vent = sheet.step("vent_kg_h", "v F", vented * feed_kg_h, "kg/h")
    out = feed_kg_h + vent
    needed = feed_kg_h * liquid + vent * vapour - out * water_kj_kg
    steam = sheet.step("steam_kg_h", "(F h_f + v F h_g − (1 + v) F h_w) / (h_s − h_w)",
                       needed / (steam_kj_kg - water_kj_kg), "kg/h")  # fmt: skip
    sheet.step("water_kg_h", "(1 + v) F − S", out - steam, "kg/h")
    sheet.step("vent_kw", "v F h_g / 3600", vent * vapour / 3600, "kW")
    sheet.within("vented", vented, 0, 0.005, "of the feed water", "more is a valve left open")
    return sheet.result()


def _high_pressure(psia: float) -> float:
    if psia <= 1500:
        return 1.0
    return (0.1906 * psia - 1000) / (0.2292 * psia - 1061)
