"""Compressed air: what leaks, what a bar costs, cool intake, heat that can be had back.

    leak share  x = t_load / (t_load + t_idle)                       nobody draws air, the compressor cycles
    receiver    Q = V (p₁ − p₂) / (p_a t) · (T_a / T_r)              free air that leaves (or fills) a receiver
    hole        ṁ = C_d A p √(κ / R T) (2/(κ+1))^((κ+1)/2(κ−1))      choked: p ≥ 1.893 p_a
    work        w ∝ T₁ ((p₂/p₁)^((n−1)/n) − 1)                       per kg of air, n = 1.4 isentropic

"Free air" is air at intake pressure and temperature; kW per m³/min of free air is the specific power.
Sources: ISO 1217:2009; BEE (India), Energy Performance Assessment, ch. 3 (receiver, leak test); CAGI,
Compressed Air and Gas Handbook (holes); US DOE, Improving Compressed Air System Performance. Not here: part
load controls, pipe friction, dryers. Pressures are absolute (`water.absolute`).
"""

from __future__ import annotations

import math

from sachhon.science.equipment.sheet import Result, Sheet, celsius, not_negative, positive, share
from sachhon.science.equipment.water import STANDARD_ATMOSPHERE_KPA
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

_KELVIN = 273.15
_KAPPA, _GAS = 1.4, 287.05  # dry air: ratio of heat capacities, J/(kg K) (ISO 2533)
_CHOKED = ((_KAPPA + 1) / 2) ** (_KAPPA / (_KAPPA - 1))
_BEE = "BEE, Energy Performance Assessment, ch. 3"


def leak_test(
    capacity_m3_min: float,
    load_min: float,
    idle_min: float,
    power_kw: float,
    hours: float,
    demand_share: float | None = None,
) -> Result:
    """Leaks of a plant at rest, from how long the compressor loads and idles to hold the pressure.

    capacity_m3_min : free air it delivers under load; power_kw : what it draws then (steady readings).
    demand_share : air that is used, as a share of capacity when the plant runs, to judge the leaks by.
    Steps: leak_share (of capacity), leak_m3_min, specific_kwh_m3, leak_kwh.
    """
    positive(capacity_m3_min=capacity_m3_min, power_kw=power_kw)
    not_negative(load_min=load_min, idle_min=idle_min, hours=hours)
    if load_min + idle_min <= 0:
        raise ScienceError(
            "load and idle times are both zero: time some cycles of the compressor first.",
            "thời gian có tải và không tải đều bằng 0: hãy bấm giờ vài chu kỳ của máy nén trước.",
        )
    sheet = Sheet("leak_test", f"{_BEE}; load and unload test")
    part = sheet.step("leak_share", "t_load / (t_load + t_idle)", load_min / (load_min + idle_min), "1")
    flow = sheet.step("leak_m3_min", "Q x", capacity_m3_min * part, "m³/min")
    specific = sheet.step("specific_kwh_m3", "P / (60 Q)", power_kw / (60 * capacity_m3_min), "kWh/m³")
    sheet.step("leak_kwh", "60 Q x h P / (60 Q)", 60 * flow * hours * specific, "kWh")
    sheet.in_a_year(hours)
    sheet.within(
        "share of time under load", part, 0, 0.99, "", "else it never idles: the leaks are larger than that"
    )
    if demand_share is not None:
        share(demand_share=demand_share)
        sheet.within(
            "leaks", part / (part + demand_share) if part else 0.0, 0, 0.1, "of the air made", "US DOE: good"
        )
    return sheet.result()


def receiver(
    volume_m3: float,
    high_kpa: float,
    low_kpa: float,
    minutes: float,
    air_c: float = 20.0,
    receiver_c: float = 20.0,
    atmosphere_kpa: float = STANDARD_ATMOSPHERE_KPA,
) -> Result:
    """Free air that fills a receiver from low to high pressure in that time, or leaks from high to low.

    volume_m3 : receiver with all the pipes that share its pressure. Step: free_air_m3_min.
    """
    positive(volume_m3=volume_m3, low_kpa=low_kpa, minutes=minutes, atmosphere_kpa=atmosphere_kpa)
    celsius(air_c=air_c, receiver_c=receiver_c)
    if high_kpa <= low_kpa:
        raise ScienceError(
            f"high_kpa {high_kpa} is not above low_kpa {low_kpa}; were the two swapped?",
            f"high_kpa {comma(high_kpa)} không cao hơn low_kpa {comma(low_kpa)}; có đặt nhầm chỗ hai số không?",
        )
    sheet = Sheet("receiver", f"{_BEE}; ideal gas")
    flow = volume_m3 * (high_kpa - low_kpa) / (atmosphere_kpa * minutes)
    sheet.step(
        "free_air_m3_min", "V (p₁ − p₂) / (p_a t) · T_a / T_r",
        flow * (air_c + _KELVIN) / (receiver_c + _KELVIN), "m³/min",
    )  # fmt: skip
    return sheet.result()


def hole(
    diameter_mm: float,
    pressure_kpa: float,
    discharge: float = 0.61,
    air_c: float = 20.0,
    atmosphere_kpa: float = STANDARD_ATMOSPHERE_KPA,
) -> Result:
    """Free air through a hole in a pipe; discharge 0.61 is a sharp edge, 1 a rounded nozzle.

    Steps: mass_kg_s, free_air_m3_min.
    """
    positive(diameter_mm=diameter_mm, pressure_kpa=pressure_kpa, atmosphere_kpa=atmosphere_kpa)
    share(discharge=discharge)
    celsius(air_c=air_c)
    if pressure_kpa <= atmosphere_kpa:
        raise ScienceError(
            f"pressure {pressure_kpa} kPa is not above that outside; is it a gauge reading? Use water.absolute.",
            f"áp suất {comma(pressure_kpa)} kPa không cao hơn áp suất ngoài; đó có phải áp suất dư không? Hãy "
            "dùng water.absolute.",
        )
    kelvin = air_c + _KELVIN
    area = math.pi * (diameter_mm / 1e3) ** 2 / 4
    sheet = Sheet("hole", "choked flow of an ideal gas; CAGI, Compressed Air and Gas Handbook")
    sheet.assumes(hole, discharge=discharge)
    flux = pressure_kpa * 1e3 * math.sqrt(_KAPPA / (_GAS * kelvin))
    ratio = atmosphere_kpa / pressure_kpa
    if ratio * _CHOKED <= 1:
        factor = (2 / (_KAPPA + 1)) ** ((_KAPPA + 1) / (2 * (_KAPPA - 1)))
        formula = "C_d A p √(κ / R T) (2/(κ+1))^((κ+1)/2(κ−1)), choked"
    else:
        factor = math.sqrt(2 / (_KAPPA - 1) * (ratio ** (2 / _KAPPA) - ratio ** ((_KAPPA + 1) / _KAPPA)))
        formula = "C_d A p √(κ / R T) √(2/(κ−1) (r^(2/κ) − r^((κ+1)/κ)))"
    mass = sheet.step("mass_kg_s", formula, discharge * area * flux * factor, "kg/s")
    density = atmosphere_kpa * 1e3 / (_GAS * kelvin)
    sheet.step("free_air_m3_min", "60 ṁ R T / p_a", 60 * mass / density, "m³/min")
    sheet.within("hole", diameter_mm, 0.2, 25, "mm", "a hole small against its pipe")
    return sheet.result()


def pressure(
    from_kpa: float,
    to_kpa: float,
    intake_kpa: float = STANDARD_ATMOSPHERE_KPA,
    stages: int = 1,
    exponent: float = _KAPPA,
) -> Result:
    """Power at a new discharge pressure over that at the old one, for the same free air.

    stages : with cooling between them back to intake temperature. Steps: power_ratio, saving.
    """
    positive(from_kpa=from_kpa, to_kpa=to_kpa, intake_kpa=intake_kpa, stages=stages)
    if min(from_kpa, to_kpa) <= intake_kpa:
        raise ScienceError(
            "the discharge pressure is not above that of the intake; are they gauge readings?",
            "áp suất đẩy không cao hơn áp suất hút; có phải là áp suất dư không?",
        )
    if exponent <= 1:
        raise ScienceError(
            f"exponent is {exponent}; give one above 1 (1.4 isentropic, 1.3 with some cooling).",
            f"exponent là {comma(exponent)}; hãy cho số lớn hơn 1 (1,4 đẳng entropi, 1,3 có làm mát một phần).",
        )
    sheet = Sheet("pressure", "work of polytropic compression, ISO 1217 annex")
    sheet.assumes(pressure, exponent=exponent)
    power = (exponent - 1) / exponent / stages
    ratio = ((to_kpa / intake_kpa) ** power - 1) / ((from_kpa / intake_kpa) ** power - 1)
    sheet.step("power_ratio", "((p₂/p₁)^m − 1) / ((p₀/p₁)^m − 1), m = (n − 1)/(n stages)", ratio, "1")
    sheet.step("saving", "1 − ratio", 1 - ratio, "1")
    sheet.within(
        "pressure", max(from_kpa, to_kpa), 200, 1500, "kPa", "plant air; saves only what controls let it"
    )
    return sheet.result()


def intake(from_c: float, to_c: float) -> Result:
    """Cooler (or hotter) intake air: power for the same mass of air, and air from the same displacement.

    Steps: power_ratio, saving, air_ratio.
    """
    for temperature in (from_c, to_c):
        if not -40 <= temperature <= 80:
            raise ScienceError(
                f"{temperature} °C is no intake temperature of a compressor.",
                f"{comma(temperature)} °C không thể là nhiệt độ hút của máy nén.",
            )
    sheet = Sheet("intake", "ideal gas: w ∝ T₁, ρ ∝ 1/T₁")
    ratio = sheet.step("power_ratio", "T₂ / T₁", (to_c + _KELVIN) / (from_c + _KELVIN), "1")
    sheet.step("saving", "1 − T₂ / T₁", 1 - ratio, "1")
    sheet.step("air_ratio", "T₁ / T₂", 1 / ratio, "1")
    return sheet.result()


def heat_recovery(shaft_kw: float, recovered: float, hours: float, heater_efficiency: float) -> Result:
    """Heat from the oil and air coolers that takes the place of a heater's fuel.

    recovered : share of the shaft power, 0.5 to 0.9. hours : when both air is made and heat is wanted.
    Steps: heat_kwh, fuel_kwh.
    """
    positive(shaft_kw=shaft_kw, heater_efficiency=heater_efficiency)
    not_negative(hours=hours)
    share(recovered=recovered, heater_efficiency=heater_efficiency)
    sheet = Sheet("heat_recovery", "US DOE, Compressed Air Tip Sheet 10")
    heat = sheet.step("heat_kwh", "P x h", shaft_kw * recovered * hours, "kWh")
    sheet.step("fuel_kwh", "Q / η", heat / heater_efficiency, "kWh")
    sheet.in_a_year(hours)
    sheet.within(
        "recovered", recovered, 0, 0.94, "of the shaft power", "the rest radiates or stays in the air"
    )
    return sheet.result()
