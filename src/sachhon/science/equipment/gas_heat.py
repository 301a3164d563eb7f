"""Heat that hot gases carry: mean heat capacity between two temperatures, as ideal gases.

    c̄_p(t₀, t₁) = (h(t₁) − h(t₀)) / (t₁ − t₀),   a mixture by its shares of volume

Enthalpies are those of CoolProp's equations of state at 1 kPa, where gases are ideal; from 0 to 1700 °C they
agree with the NIST-JANAF tables to 0.1 % below 1000 K and 0.3 % above. Not here: condensation, pressure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from sachhon.science.equipment.sheet import Result
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

# CoolProp's name and kg/kmol
_GASES = {
    "N2": ("Nitrogen", 28.014),
    "O2": ("Oxygen", 31.998),
    "CO2": ("CarbonDioxide", 44.009),
    "CO": ("CarbonMonoxide", 28.010),
    "H2O": ("Water", 18.015),
    "SO2": ("SulfurDioxide", 64.058),
    "Ar": ("Argon", 39.948),
}
_IDEAL_PA = 100.0
_KELVIN = 273.15
_TRIPLE_K = 273.17  # where the water of CoolProp begins
_ARGON = 0.00934 / 0.79054  # of what air holds beside oxygen
AIR = {"N2": 0.79054 * (1 - _ARGON), "O2": 0.20946, "Ar": 0.00934}


def enthalpy_rise(gas: str, from_c: float, to_c: float) -> float:
    """Enthalpy of an ideal gas between two temperatures, kJ/mol. Gases: N2, O2, CO2, CO, H2O, SO2, Ar."""
    if gas not in _GASES:
        raise ScienceError(
            f"unknown gas {gas!r}; known are {', '.join(_GASES)}.",
            f"không biết khí {gas!r}; các khí đã biết là {', '.join(_GASES)}.",
        )
    for temperature in (from_c, to_c):
        if not 0 <= temperature <= 1700:
            raise ScienceError(
                f"{temperature} °C is outside 0–1700 °C, where the enthalpy of gases is known.",
                f"{comma(temperature)} °C nằm ngoài 0–1700 °C, khoảng đã biết entanpi của khí.",
            )
    from CoolProp.CoolProp import PropsSI

    name, mass = _GASES[gas]
    low, high = (PropsSI("H", "T", max(t + _KELVIN, _TRIPLE_K), "P", _IDEAL_PA, name) for t in (from_c, to_c))
    return (high - low) * mass * 1e-6


def mean_heat_capacity(shares: Mapping[str, float], from_c: float, to_c: float) -> float:
    """Mean heat capacity in kJ/(kg K) of a mixture given by its shares of volume."""
    if from_c == to_c:  # the limit, taken over one kelvin
        to_c = from_c + 1
    mass = math.fsum(x * _GASES[g][1] for g, x in shares.items() if g in _GASES)
    rise = math.fsum(x * enthalpy_rise(g, from_c, to_c) for g, x in shares.items() if x)
    if mass <= 0:
        raise ScienceError("the mixture has no gas in it.", "hỗn hợp không có khí nào.")
    return rise * 1e3 / mass / (to_c - from_c)


def dry_shares(flue: Result | Mapping[str, float]) -> dict[str, float]:
    """Shares of a dry flue gas as `combustion.burn` gives them; the rest is the air's nitrogen with its argon.

    SO₂ counts as CO₂.
    """
    found = {"O2": flue["o2_dry"], "CO2": flue["co2_dry"], "CO": flue["co_dry"]}
    rest = 1 - math.fsum(found.values())
    return found | {"N2": rest * (1 - _ARGON), "Ar": rest * _ARGON}
