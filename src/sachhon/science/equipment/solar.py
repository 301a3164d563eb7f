"""Electricity of a photovoltaic system from monthly irradiation on the level.

For the mean day of each month (Klein 1977), φ latitude, β tilt towards the equator, δ declination:

    cos ω_s = −tan φ tan δ,   δ = 23.45° sin(360° (284 + n)/365)
    H₀ = 24/π G_sc (1 + 0.033 cos(360° n/365)) (cos φ cos δ sin ω_s + ω_s sin φ sin δ)
    K = H / H₀;   diffuse share after Erbs, Klein and Duffie (1982)
    H_T = H ((1 − d) R_b + d (1 + cos β)/2 + ρ (1 − cos β)/2)
    T_cell = T_a + (219 + 832 K)(NOCT − 20)/800                                        Evans (1981)
    E = P H_T / (1 kW/m²) (1 − losses)(1 + γ (T_cell − 25)) days

Sources: J. A. Duffie and W. A. Beckman, Solar Engineering of Thermal Processes, ch. 1 and 2; IEC 61724-1
(performance ratio). It holds for fixed surfaces that face the equator; the isotropic sky understates steep
ones by some percent. Not here: horizon and shade (an argument of `losses`), azimuth, inverter clipping.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sachhon.science.equipment.sheet import Result, Sheet, not_negative, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

_SOLAR_CONSTANT = 1.367  # kW/m², World Radiation Center, as Duffie and Beckman
MEAN_DAY = (17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344)  # Klein (1977)
_DAYS = (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ERBS = "Erbs, Klein and Duffie (1982)"


def declination(day: float) -> float:
    """Declination of the sun in degrees on that day of the year (Cooper 1969)."""
    return 23.45 * math.sin(math.radians(360 * (284 + day) / 365))


def extraterrestrial(latitude: float, day: float) -> float:
    """Irradiation of a level surface outside the atmosphere, kWh/m² a day."""
    phi, delta = math.radians(_latitude(latitude)), math.radians(declination(day))
    sunset = _sunset(phi, delta)
    distance = 1 + 0.033 * math.cos(math.radians(360 * day / 365))
    height = math.cos(phi) * math.cos(delta) * math.sin(sunset) + sunset * math.sin(phi) * math.sin(delta)
    return 24 / math.pi * _SOLAR_CONSTANT * distance * height


def tilt_ratio(latitude: float, tilt: float, day: float) -> float:
    """Beam irradiation on a surface tilted towards the equator over that on the level (R_b of Klein)."""
    sign = 1.0 if latitude >= 0 else -1.0
    phi, delta, beta = (math.radians(sign * x) for x in (_latitude(latitude), declination(day), sign * tilt))
    level = _sunset(phi, delta)
    seen = min(level, _sunset(phi - beta, delta))
    above = math.cos(phi - beta) * math.cos(delta) * math.sin(seen) + seen * math.sin(phi - beta) * math.sin(
        delta
    )
    below = math.cos(phi) * math.cos(delta) * math.sin(level) + level * math.sin(phi) * math.sin(delta)
    return above / below


def diffuse_share(clearness: float, sunset_degrees: float) -> float:
    """Diffuse over total irradiation of a month, from its clearness index."""
    k = min(max(clearness, 0.3), 0.8)
    if sunset_degrees <= 81.4:
        return 1.391 - 3.560 * k + 4.189 * k**2 - 2.137 * k**3
    return 1.311 - 3.022 * k + 3.427 * k**2 - 1.821 * k**3


def photovoltaic(
    peak_kw: float,
    latitude: float,
    tilt: float,
    irradiation: Sequence[float],
    temperature_c: Sequence[float],
    *,
    losses: float = 0.14,
    gamma_per_k: float = -0.004,
    noct_c: float = 45.0,
    albedo: float = 0.2,
) -> Result:
    """Electricity of a year from twelve months' mean daily irradiation on the level, kWh/m² a day.

    temperature_c : mean of each month by day. losses : cables, soiling, mismatch, inverter, shade (PVGIS
    takes 0.14). gamma_per_k : change of power with cell temperature, negative. Degradation is the caller's.
    Steps: month_1_kwh … month_12_kwh, plane_kwh_m2 (of the year), year_kwh, specific_kwh_kwp,
    performance_ratio.
    """
    positive(peak_kw=peak_kw)
    share(losses=losses, albedo=albedo)
    if len(irradiation) != 12 or len(temperature_c) != 12:
        raise ScienceError(
            "give twelve months of irradiation and of temperature.",
            "hãy cho bức xạ và nhiệt độ của đủ mười hai tháng.",
        )
    positive(**{f"irradiation_{m}": h for m, h in enumerate(irradiation, 1)})
    if not 0 <= tilt <= 90:
        raise ScienceError(
            f"tilt is {tilt}°; give 0 (level) to 90 (upright).",
            f"độ nghiêng là {comma(tilt)}°; hãy cho từ 0 (nằm ngang) đến 90 (thẳng đứng).",
        )
    if not -0.01 <= gamma_per_k <= 0:
        raise ScienceError(
            f"gamma_per_k is {gamma_per_k}; cells lose some 0.003 to 0.005 of their power a kelvin: −0.004.",
            f"gamma_per_k là {comma(gamma_per_k)}; pin mất khoảng 0,003 đến 0,005 công suất mỗi độ: −0.004.",
        )
    not_negative(noct_c=noct_c)
    beta = math.radians(tilt)
    sheet = Sheet(
        "photovoltaic", "Duffie and Beckman, Solar Engineering of Thermal Processes, ch. 2; Evans (1981)"
    )
    sheet.assumes(photovoltaic, losses=losses, gamma_per_k=gamma_per_k, noct_c=noct_c, albedo=albedo)
    plane = year = 0.0
    for month, (day, days, level, air) in enumerate(
        zip(MEAN_DAY, _DAYS, irradiation, temperature_c, strict=True), 1
    ):
        clear = level / extraterrestrial(latitude, day)
        if clear >= 1:
            raise ScienceError(
                f"month {month}: {level} kWh/m² a day is more than arrives outside the atmosphere; "
                "is it a sum of the month, or MJ?",
                f"tháng {month}: {comma(level)} kWh/m² một ngày là nhiều hơn lượng đến ngoài khí quyển; đó có phải "
                "tổng của cả tháng, hoặc MJ không?",
            )
        sunset = math.degrees(_sunset(math.radians(latitude), math.radians(declination(day))))
        diffuse = diffuse_share(clear, sunset)
        tilted = level * (
            (1 - diffuse) * tilt_ratio(latitude, tilt, day)
            + diffuse * (1 + math.cos(beta)) / 2
            + albedo * (1 - math.cos(beta)) / 2
        )
        cell = air + (219 + 832 * clear) * (noct_c - 20) / 800
        energy = peak_kw * tilted * (1 - losses) * (1 + gamma_per_k * (cell - 25)) * days
        sheet.step(f"month_{month}_kwh", "P H_T (1 − losses)(1 + γ (T_cell − 25)) days", energy, "kWh")
        sheet.within(f"clearness of month {month}", clear, 0.3, 0.8, "", _ERBS)
        plane += tilted * days
        year += energy
    sheet.step("plane_kwh_m2", "Σ H_T days", plane, "kWh/m²")
    sheet.step("year_kwh", "Σ", year, "kWh")
    sheet.step("specific_kwh_kwp", "E / P", year / peak_kw, "kWh/kWp")
    sheet.step("performance_ratio", "E / (P Σ H_T)", year / (peak_kw * plane), "1")
    sheet.within("latitude", abs(latitude), 0, 60, "°", "the mean day of the month stands for all its days")
    return sheet.result()


def _latitude(latitude: float) -> float:
    if not -66 <= latitude <= 66:
        raise ScienceError(
            f"latitude is {latitude}°; between the polar circles only (south is negative).",
            f"vĩ độ là {comma(latitude)}°; chỉ tính được giữa hai vòng cực (phía nam là số âm).",
        )
    return latitude


def _sunset(phi: float, delta: float) -> float:
    """Hour angle of sunset in radians."""
    return math.acos(min(1.0, max(-1.0, -math.tan(phi) * math.tan(delta))))
