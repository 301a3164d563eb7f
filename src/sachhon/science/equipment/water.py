"""Water and steam after IAPWS-IF97: one state from any two of its properties.

    state(pressure_kpa=800, dryness=1)             saturated steam at 8 bar absolute
    state(pressure_kpa=800, temperature_c=300)     superheated steam, or water where it is below boiling
    state(pressure_kpa=120, enthalpy_kj_kg=700)    after a valve or a trap: flashing at unchanged enthalpy

The formulation is computed by CoolProp's IF97 (loaded on first use). Pressure is absolute, in kPa: a gauge
reading needs `absolute`. Source: IAPWS R7-97(2012), Industrial Formulation 1997. It holds for 0–800 °C up to
100 MPa, and to 2000 °C up to 50 MPa; outside, nothing is extrapolated: `ScienceError`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

STANDARD_ATMOSPHERE_KPA = 101.325  # ISO 2533
CRITICAL_KPA = 22064.0  # IAPWS R2-83
_KELVIN = 273.15
_FLUID = "IF97::Water"


@dataclass(frozen=True)
class State:
    """Water or steam: absolute pressure, temperature, specific enthalpy, entropy, volume.

    `dryness` is the share of vapour between boiling water (0) and dry saturated steam (1), None outside.
    """

    pressure_kpa: float
    temperature_c: float
    enthalpy_kj_kg: float
    entropy_kj_kgk: float
    volume_m3_kg: float
    dryness: float | None


def absolute(gauge_kpa: float, atmosphere_kpa: float = STANDARD_ATMOSPHERE_KPA) -> float:
    """Absolute pressure in kPa of a gauge reading; at 500 m above the sea the atmosphere is about 95.5 kPa."""
    pressure = gauge_kpa + atmosphere_kpa
    if not (math.isfinite(pressure) and pressure > 0):
        raise ScienceError(
            f"gauge pressure {gauge_kpa} kPa lies below a perfect vacuum; is the unit kPa?",
            f"áp suất dư {comma(gauge_kpa)} kPa thấp hơn chân không tuyệt đối; đơn vị có phải kPa không?",
        )
    return pressure


def state(
    *,
    pressure_kpa: float | None = None,
    temperature_c: float | None = None,
    enthalpy_kj_kg: float | None = None,
    entropy_kj_kgk: float | None = None,
    dryness: float | None = None,
) -> State:
    """State of water from two of its properties: pressure with any other, or temperature with dryness."""
    given = {
        name: value
        for name, value in (
            ("P", None if pressure_kpa is None else pressure_kpa * 1e3),
            ("T", None if temperature_c is None else temperature_c + _KELVIN),
            ("H", None if enthalpy_kj_kg is None else enthalpy_kj_kg * 1e3),
            ("S", None if entropy_kj_kgk is None else entropy_kj_kgk * 1e3),
            ("Q", dryness),
        )
        if value is not None
    }
    if len(given) != 2 or not ("P" in given or given.keys() == {"T", "Q"}):
        raise ScienceError(
            "give pressure_kpa and one other property, or temperature_c and dryness.",
            "hãy cho pressure_kpa và một tính chất khác, hoặc temperature_c và dryness.",
        )
    if not all(math.isfinite(v) for v in given.values()):
        raise ScienceError(
            "the properties of water must be finite numbers.", "tính chất của nước phải là số hữu hạn."
        )
    if dryness is not None and not 0 <= dryness <= 1:
        raise ScienceError(
            f"dryness is {dryness}; give a share between 0 (water) and 1 (dry steam).",
            f"dryness là {comma(dryness)}; hãy cho một phần từ 0 (nước) đến 1 (hơi khô).",
        )
    if pressure_kpa is not None and not pressure_kpa > 0:
        raise ScienceError(
            f"pressure_kpa is {pressure_kpa}; give an absolute pressure above zero.",
            f"pressure_kpa là {comma(pressure_kpa)}; hãy cho áp suất tuyệt đối lớn hơn 0.",
        )
    if "Q" in given:
        pressure, temperature = _saturation(given)
        return _mixture(pressure, temperature, given["Q"])
    name, value = next((k, v) for k, v in given.items() if k != "P")
    pressure = given["P"]
    if name in "HS":
        mixture = _between(pressure, name, value)
        if mixture is not None:
            return mixture
    temperature = value if name == "T" else _property("T", "P", pressure, name, value)
    # enthalpy and entropy of the forward equations: the backward ones are only good to 25 mK
    h, s, d = (_property(k, "P", pressure, "T", temperature) for k in "HSD")
    return State(pressure / 1e3, temperature - _KELVIN, h / 1e3, s / 1e3, 1 / d, None)


def evaporation(pressure_kpa: float) -> float:
    """Heat of evaporation in kJ/kg at an absolute pressure."""
    return (
        state(pressure_kpa=pressure_kpa, dryness=1).enthalpy_kj_kg
        - state(pressure_kpa=pressure_kpa, dryness=0).enthalpy_kj_kg
    )


def _saturation(given: dict[str, float]) -> tuple[float, float]:
    if "P" in given:
        return given["P"], _property("T", "P", given["P"], "Q", 0.0)
    return _property("P", "T", given["T"], "Q", 0.0), given["T"]


def _mixture(pressure: float, temperature: float, dryness: float) -> State:
    h, s, v = (
        (1 - dryness) * low + dryness * high
        for low, high in (_ends(pressure, "H"), _ends(pressure, "S"), _volumes(pressure))
    )
    return State(pressure / 1e3, temperature - _KELVIN, h / 1e3, s / 1e3, v, dryness)


def _between(pressure: float, name: str, value: float) -> State | None:
    """The wet steam of that enthalpy or entropy, None where water is not boiling."""
    if pressure >= CRITICAL_KPA * 1e3:
        return None
    low, high = _ends(pressure, name)
    if not low <= value <= high:
        return None
    return _mixture(pressure, _property("T", "P", pressure, "Q", 0.0), (value - low) / (high - low))


def _ends(pressure: float, name: str) -> tuple[float, float]:
    return _property(name, "P", pressure, "Q", 0.0), _property(name, "P", pressure, "Q", 1.0)


def _volumes(pressure: float) -> tuple[float, float]:
    low, high = _ends(pressure, "D")
    return 1 / low, 1 / high


def _property(wanted: str, name0: str, value0: float, name1: str, value1: float) -> float:
    from CoolProp.CoolProp import PropsSI  # loading it takes as long as the whole package

    try:
        found = float(PropsSI(wanted, name0, value0, name1, value1, _FLUID))
    except ValueError as error:
        raise ScienceError(
            f"IAPWS-IF97 has no water at {name0}={value0:g}, {name1}={value1:g} (SI units): "
            "0–800 °C up to 100 MPa, 2000 °C up to 50 MPa, saturation from 0.01 to 373.946 °C.",
            f"IAPWS-IF97 không có nước tại {name0}={comma(value0):g}, {name1}={comma(value1):g} (đơn vị SI): 0–800 °C "
            "đến 100 MPa, 2000 °C đến 50 MPa, bão hòa từ 0,01 đến 373,946 °C.",
        ) from error
    if not math.isfinite(found):
        raise ScienceError(
            f"IAPWS-IF97 gives no value at {name0}={value0:g}, {name1}={value1:g} (SI units).",
            f"IAPWS-IF97 không cho giá trị nào tại {name0}={comma(value0):g}, {name1}={comma(value1):g} (đơn vị SI).",
        )
    return found
