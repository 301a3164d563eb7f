"""Humid air: humidity, enthalpy, dew point and wet bulb from the dry bulb and one other reading.

    w = 0.62198 p_v / (p − p_v),   h = h_air + w h_vapour       per kg of dry air, 0 °C as zero

Computed by CoolProp's humid air (Herrmann, Kretzschmar and Gatley, ASHRAE RP-1485, real gas; loaded on first
use): −50 to 200 °C, to 1 MPa. Not here: ice fog, other gases than air.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sachhon.science.equipment.water import STANDARD_ATMOSPHERE_KPA
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

_KELVIN = 273.15
_SAME_K = 1e-6
_ROUNDING = 1e-9  # saturated air read back from its own figures does not count as more than saturated
LOWEST_C, HIGHEST_C = -50.0, 200.0


@dataclass(frozen=True)
class HumidAir:
    """Humid air; `humidity` in kg of water and `enthalpy_kj_kg` per kg of dry air, relative as a share.

    `dew_point_c` is None where there is no water to fall out (below 1e-9 kg per kg of dry air).
    """

    temperature_c: float
    humidity: float
    relative_humidity: float
    enthalpy_kj_kg: float
    dew_point_c: float | None
    wet_bulb_c: float
    volume_m3_kg: float
    pressure_kpa: float


def humid_air(
    temperature_c: float,
    *,
    relative_humidity: float | None = None,
    wet_bulb_c: float | None = None,
    humidity: float | None = None,
    pressure_kpa: float = STANDARD_ATMOSPHERE_KPA,
) -> HumidAir:
    """State of humid air from its dry bulb and one of relative humidity (a share), wet bulb, humidity."""
    given = [
        ("R", relative_humidity),
        ("B", None if wet_bulb_c is None else wet_bulb_c + _KELVIN),
        ("W", None if humidity is None else humidity * (1 - _ROUNDING)),
    ]
    known = [(name, value) for name, value in given if value is not None]
    if len(known) != 1:
        raise ScienceError(
            "give one of relative_humidity, wet_bulb_c and humidity.",
            "hãy cho một trong relative_humidity, wet_bulb_c và humidity.",
        )
    if not LOWEST_C <= temperature_c <= HIGHEST_C:
        raise ScienceError(
            f"{temperature_c} °C is outside −50 to 200 °C, where humid air is known.",
            f"{comma(temperature_c)} °C nằm ngoài −50 đến 200 °C, khoảng đã biết không khí ẩm.",
        )
    if not 10 <= pressure_kpa <= 1000:
        raise ScienceError(
            f"pressure_kpa is {pressure_kpa}; give an absolute pressure of 10 to 1000 kPa.",
            f"pressure_kpa là {comma(pressure_kpa)}; hãy cho áp suất tuyệt đối từ 10 đến 1000 kPa.",
        )
    if relative_humidity is not None and not 0 <= relative_humidity <= 1:
        raise ScienceError(
            f"relative_humidity is {relative_humidity}; give a share (0.8 for 80 %).",
            f"relative_humidity là {comma(relative_humidity)}; hãy cho một phần (0,8 cho 80 %).",
        )
    if wet_bulb_c is not None and wet_bulb_c > temperature_c + _SAME_K:
        raise ScienceError(
            f"wet bulb {wet_bulb_c} °C is above the dry bulb {temperature_c} °C; were they swapped?",
            f"bầu ướt {comma(wet_bulb_c)} °C cao hơn bầu khô {comma(temperature_c)} °C; có đặt nhầm chỗ không?",
        )
    if humidity is not None and humidity < 0:
        raise ScienceError(
            f"humidity is {humidity}; give kg of water per kg of dry air, not negative.",
            f"humidity là {comma(humidity)}; hãy cho kg nước trên kg không khí khô, không âm.",
        )
    if wet_bulb_c is not None and wet_bulb_c >= temperature_c - _SAME_K:
        known = [("R", 1.0)]  # saturated; the search for a wet bulb that is the dry bulb finds none
    from CoolProp.HumidAirProp import HAPropsSI

    kelvin, pascal = temperature_c + _KELVIN, pressure_kpa * 1e3

    def find(wanted: str) -> float:
        try:
            value = float(HAPropsSI(wanted, "T", kelvin, "P", pascal, *known[0]))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise ScienceError(
                f"there is no humid air at {temperature_c:g} °C with {known[0][0]} = {known[0][1]:g}: "
                "it would hold more water than saturation, or the wet bulb is too low.",
                f"không có không khí ẩm nào ở {comma(temperature_c):g} °C với {known[0][0]} = {comma(known[0][1]):g}: "
                "nó sẽ chứa nhiều nước hơn mức bão hòa, hoặc bầu ướt quá thấp.",
            )
        return value

    w = find("W")
    dry = w < 1e-9  # the solver of the dew point fails
    return HumidAir(
        temperature_c, w, find("R"), find("H") / 1e3, None if dry else find("D") - _KELVIN,
        find("B") - _KELVIN, find("V"), pressure_kpa,
    )  # fmt: skip
