"""Electricity: three-phase power, power factor, motors, lighting.

    P = √3 U I cos φ                                     three-phase active power
    Q_c = P (tan φ₀ − tan φ₁)                            capacitor that lifts the power factor
    load = P_in η / P_rated                              motor load from a power reading
    saving = P_rated · load · h · (1/η₀ − 1/η₁)          a better motor class
    W = n (lamp + ballast) h                             lighting

SI with kW, kWh, V, A, h; shares as fractions. Sources: IEC 60034-30-1 (classes; the efficiencies are the
caller's, read from its tables or a plate); IEEE Std 141 (Red Book), ch. 8 (capacitors); US DOE,
Determining Electric Motor Load and Efficiency (2014). Not here: harmonics, starting currents, tariffs.
"""

from __future__ import annotations

import math

from sachhon.science.equipment.sheet import Result, Sheet, not_negative, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

_RED_BOOK = "IEEE Std 141, ch. 8"
_DOE_MOTOR = "US DOE, Determining Electric Motor Load and Efficiency"


def three_phase_energy(voltage_v: float, current_a: float, power_factor: float, hours: float) -> Result:
    """Active power and energy of a three-phase load: U line to line in V, I in A, running hours.

    Steps: power_kw, energy_kwh.
    """
    positive(voltage_v=voltage_v, current_a=current_a)
    not_negative(hours=hours)
    share(power_factor=power_factor)
    sheet = Sheet("three_phase_energy", "IEC 60050-131: active power of a balanced three-phase load")
    power = sheet.step(
        "power_kw", "√3 U I cos φ / 1000", math.sqrt(3) * voltage_v * current_a * power_factor / 1e3, "kW"
    )
    sheet.step("energy_kwh", "P h", power * hours, "kWh")
    sheet.in_a_year(hours)
    return sheet.result()


def power_factor_correction(active_kw: float, apparent_kva: float, target: float) -> Result:
    """Capacitor that lifts the power factor to `target` at unchanged active power.

    Steps: power_factor, angle_deg, reactive_kvar, target_reactive_kvar, capacitor_kvar, target_apparent_kva,
    released_kva, line_loss_ratio (losses in the lines after over before, as the square of the current).
    """
    positive(active_kw=active_kw, apparent_kva=apparent_kva)
    share(target=target)
    if active_kw > apparent_kva:
        raise ScienceError(
            f"active power {active_kw} kW is above apparent power {apparent_kva} kVA; were the two swapped?",
            f"công suất tác dụng {comma(active_kw)} kW lớn hơn công suất biểu kiến {comma(apparent_kva)} kVA; có đặt "
            "nhầm chỗ hai số không?",
        )
    now = active_kw / apparent_kva
    if target < now:
        raise ScienceError(
            f"the power factor is {now:.3f} already, above the target {target}: nothing to correct.",
            f"hệ số công suất đã là {comma(now):.3f}, cao hơn mục tiêu {comma(target)}: không cần bù.",
        )
    sheet = Sheet("power_factor_correction", _RED_BOOK)
    sheet.step("power_factor", "P / S", now, "1")
    sheet.step("angle_deg", "arccos(P / S)", math.degrees(math.acos(now)), "°")
    reactive = sheet.step("reactive_kvar", "√(S² − P²)", math.sqrt(apparent_kva**2 - active_kw**2), "kvar")
    wanted = sheet.step(
        "target_reactive_kvar", "P tan(arccos target)", active_kw * math.tan(math.acos(target)), "kvar"
    )
    sheet.step("capacitor_kvar", "P (tan φ₀ − tan φ₁)", reactive - wanted, "kvar")
    after = sheet.step("target_apparent_kva", "P / target", active_kw / target, "kVA")
    sheet.step("released_kva", "S₀ − S₁", apparent_kva - after, "kVA")
    sheet.step("line_loss_ratio", "(S₁ / S₀)²", (after / apparent_kva) ** 2, "1")
    return sheet.result()


def motor_load(input_kw: float, rated_kw: float, efficiency: float) -> Result:
    """Load of a motor from its measured input power and its efficiency at about that load.

    Steps: shaft_kw, load (share of rated power). The efficiency curve is flat from half load upwards: below,
    the plate's efficiency no longer holds.
    """
    positive(input_kw=input_kw, rated_kw=rated_kw, efficiency=efficiency)
    share(efficiency=efficiency)
    sheet = Sheet("motor_load", _DOE_MOTOR)
    shaft = sheet.step("shaft_kw", "P_in η", input_kw * efficiency, "kW")
    load = sheet.step("load", "P_shaft / P_rated", shaft / rated_kw, "1")
    sheet.within("load", load, 0.5, 1.15, "of rated power", "efficiency of the plate")
    return sheet.result()


def motor_replacement(
    rated_kw: float, load: float, hours: float, efficiency_old: float, efficiency_new: float
) -> Result:
    """Electricity saved by a motor of a better class at the same shaft power.

    Steps: shaft_kw, input_old_kw, input_new_kw, saving_kwh (negative where the new one is worse).
    """
    positive(rated_kw=rated_kw, load=load, efficiency_old=efficiency_old, efficiency_new=efficiency_new)
    not_negative(hours=hours)
    share(efficiency_old=efficiency_old, efficiency_new=efficiency_new)
    sheet = Sheet("motor_replacement", _DOE_MOTOR)
    shaft = sheet.step("shaft_kw", "P_rated load", rated_kw * load, "kW")
    old = sheet.step("input_old_kw", "P_shaft / η₀", shaft / efficiency_old, "kW")
    new = sheet.step("input_new_kw", "P_shaft / η₁", shaft / efficiency_new, "kW")
    sheet.step("saving_kwh", "(P₀ − P₁) h", (old - new) * hours, "kWh")
    sheet.in_a_year(hours)
    for efficiency in (efficiency_old, efficiency_new):
        sheet.within("efficiency", efficiency, 0.3, 0.99, "", "motors of IEC 60034-30-1")
    sheet.within("load", load, 0.5, 1.15, "of rated power", "efficiency of the plate")
    return sheet.result()


def lighting(
    lamps: int,
    lamp_w: float,
    ballast_w: float,
    hours: float,
    new_lamps: int,
    new_lamp_w: float,
    new_hours: float,
) -> Result:
    """Electricity of lighting before and after; ballast watts belong to the lamps before.

    Steps: before_kwh, after_kwh, saving_kwh.
    """
    not_negative(
        lamps=lamps, lamp_w=lamp_w, ballast_w=ballast_w, hours=hours,
        new_lamps=new_lamps, new_lamp_w=new_lamp_w, new_hours=new_hours,
    )  # fmt: skip
    sheet = Sheet("lighting", "IEC 60050-845: installed power times burning hours")
    before = sheet.step(
        "before_kwh", "n₀ (lamp₀ + ballast) h₀ / 1000", lamps * (lamp_w + ballast_w) * hours / 1e3, "kWh"
    )
    after = sheet.step("after_kwh", "n₁ lamp₁ h₁ / 1000", new_lamps * new_lamp_w * new_hours / 1e3, "kWh")
    sheet.step("saving_kwh", "before − after", before - after, "kWh")
    sheet.in_a_year(hours, new_hours)
    return sheet.result()
