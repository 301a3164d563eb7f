"""Burning: air and flue gas of a fuel, from its analysis and one reading of the flue gas.

Per kg of fuel as fired, kmol:  c = C/12.011,  h = H/2.016,  s = S/32.06,  o = O/31.998,  n = N/28.014

    a₀ = c + h/2 + s − o                                    oxygen for complete combustion
    D (1 − x_O₂/0.20946 + β x_CO/2) = c + s + n + β a₀      dry gas from an oxygen reading
    D = (c + s) / (x_CO₂ + x_CO)                            or from a CO₂ (Orsat) reading
    a = a₀ + x_O₂ D − x_CO D/2,   λ = a / a₀,   β = 0.79054/0.20946

Shares of the flue gas are by volume, dry. Atomic weights of IUPAC (2021), dry air of ISO 2533 (20.946 %
oxygen by volume, 28.9647 kg/kmol). The rule λ = 21/(21 − O₂) of the pocket books is this without the
fuel's hydrogen: it is some percent off, and more with wet or oxygen-rich fuels. Source: EN 12952-15:2003,
annex A; VDI 4660-2. Not here: dissociation (below 1500 °C it does not count), soot, unburnt hydrocarbons.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sachhon.science.equipment.sheet import Result, Sheet, not_negative, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

CARBON, HYDROGEN, OXYGEN, NITROGEN, SULPHUR = 12.011, 1.008, 15.999, 14.007, 32.06  # kg/kmol
AIR, AIR_OXYGEN = 28.9647, 0.20946  # dry air: kg/kmol, share of oxygen by volume
_REST = (AIR - AIR_OXYGEN * 2 * OXYGEN) / (1 - AIR_OXYGEN)  # nitrogen with argon
_BETA = (1 - AIR_OXYGEN) / AIR_OXYGEN
_WATER = 2 * HYDROGEN + OXYGEN
_NORMAL_VOLUME = 22.414  # m³/kmol at 0 °C and 101.325 kPa
LATENT_25_C = 2441.7  # kJ/kg, IAPWS-IF97: what the net calorific value leaves out

# kmol of C, H, O, N, S in one kmol, and gross kJ/mol at 25 °C (ISO 6976:2016, table 3)
_GASES: dict[str, tuple[tuple[float, float, float, float, float], float]] = {
    "CH4": ((1, 4, 0, 0, 0), 890.58),
    "C2H6": ((2, 6, 0, 0, 0), 1560.69),
    "C3H8": ((3, 8, 0, 0, 0), 2219.17),
    "C4H10": ((4, 10, 0, 0, 0), 2877.40),
    "C2H4": ((2, 4, 0, 0, 0), 1411.18),
    "H2": ((0, 2, 0, 0, 0), 285.83),
    "CO": ((1, 0, 1, 0, 0), 282.98),
    "H2S": ((0, 2, 0, 0, 1), 562.01),
    "CO2": ((1, 0, 2, 0, 0), 0.0),
    "N2": ((0, 0, 0, 2, 0), 0.0),
    "O2": ((0, 0, 2, 0, 0), 0.0),
}


@dataclass(frozen=True)
class Fuel:
    """A fuel as fired: kg per kg of it, and its gross calorific value in kJ/kg.

    `hydrogen` and `oxygen` are those of the fuel's dry substance: the water stands in `moisture`.
    """

    carbon: float
    hydrogen: float
    gross_kj_kg: float
    oxygen: float = 0.0
    nitrogen: float = 0.0
    sulphur: float = 0.0
    moisture: float = 0.0
    ash: float = 0.0

    def __post_init__(self) -> None:
        parts = {k: v for k, v in vars(self).items() if k != "gross_kj_kg"}
        share(**parts)
        positive(gross_kj_kg=self.gross_kj_kg)
        if not abs(sum(parts.values()) - 1) <= 0.01:
            raise ScienceError(
                f"the shares of the fuel add up to {sum(parts.values()):.4g}, not 1: "
                "bring the analysis to one basis (as fired, moisture and ash included).",
                f"các phần của nhiên liệu cộng lại là {comma(sum(parts.values())):.4g}, không phải 1: hãy đưa phân "
                "tích về một cơ sở (nhiên liệu làm việc, gồm cả ẩm và tro).",
            )

    @property
    def net_kj_kg(self) -> float:
        """Net calorific value: the gross one less the latent heat of all its water at 25 °C."""
        return self.gross_kj_kg - LATENT_25_C * (self.hydrogen * _WATER / (2 * HYDROGEN) + self.moisture)


def gas(shares: Mapping[str, float]) -> Fuel:
    """A gas fuel from its composition by volume, e.g. {"CH4": 0.6, "CO2": 0.4} for biogas.

    Known: CH4, C2H6, C3H8, C4H10, C2H4, H2, CO, H2S, CO2, N2, O2. Calorific value after ISO 6976, at 25 °C.
    """
    unknown = sorted(shares.keys() - _GASES.keys())
    if unknown:
        raise ScienceError(
            f"unknown gas {', '.join(unknown)}; known are {', '.join(_GASES)}.",
            f"không biết khí {', '.join(unknown)}; các khí đã biết là {', '.join(_GASES)}.",
        )
    share(**{k: float(v) for k, v in shares.items()})
    if not abs(sum(shares.values()) - 1) <= 0.01:
        raise ScienceError(
            f"the shares of the gas add up to {sum(shares.values()):.4g}, not 1.",
            f"các phần của hỗn hợp khí cộng lại là {comma(sum(shares.values())):.4g}, không phải 1.",
        )
    weights = (CARBON, HYDROGEN, OXYGEN, NITROGEN, SULPHUR)
    masses = [sum(shares[k] * _GASES[k][0][i] for k in shares) * weights[i] for i in range(5)]
    total = math.fsum(masses)
    c, h, o, n, s = (m / total for m in masses)
    heat = sum(shares[k] * _GASES[k][1] for k in shares) * 1e3 / total
    return Fuel(carbon=c, hydrogen=h, oxygen=o, nitrogen=n, sulphur=s, gross_kj_kg=heat)


def burn(
    fuel: Fuel,
    *,
    oxygen_dry: float | None = None,
    carbon_dioxide_dry: float | None = None,
    excess_air: float | None = None,
    co_dry: float = 0.0,
    humidity: float = 0.0,
    unburnt_carbon: float = 0.0,
) -> Result:
    """Air and flue gas per kg of fuel from one reading of the dry flue gas, or from the excess air.

    oxygen_dry, carbon_dioxide_dry (with SO₂, as an Orsat reads it), co_dry : shares by volume (0.06 = 6 %).
    humidity : kg of water in 1 kg of dry air; unburnt_carbon : kg of carbon per kg of fuel left in the ash.
    Steps, kg per kg of fuel: stoichiometric_air, air (both dry), dry_gas, and the water in the flue gas
    hydrogen_water, moisture_water, air_water; shares excess_air, o2_dry, co2_dry, co_dry, co2_max;
    dry_gas_nm3, wet_gas_nm3 (0 °C, 101.325 kPa); dew_point_c of the water.
    """
    readings = [r for r in (oxygen_dry, carbon_dioxide_dry, excess_air) if r is not None]
    if len(readings) != 1:
        raise ScienceError(
            "give one of oxygen_dry, carbon_dioxide_dry and excess_air.",
            "hãy cho một trong oxygen_dry, carbon_dioxide_dry và excess_air.",
        )
    not_negative(humidity=humidity, excess_air=excess_air or 0.0)
    share(o2=oxygen_dry or 0.0, co2=carbon_dioxide_dry or 0.0, co_dry=co_dry)
    if not 0 <= unburnt_carbon <= fuel.carbon:
        raise ScienceError(
            f"unburnt_carbon {unburnt_carbon} is not between 0 and the fuel's {fuel.carbon}.",
            f"unburnt_carbon {comma(unburnt_carbon)} không nằm giữa 0 và {fuel.carbon} của nhiên liệu.",
        )
    c, h = (fuel.carbon - unburnt_carbon) / CARBON, fuel.hydrogen / (2 * HYDROGEN)
    s, n = fuel.sulphur / SULPHUR, fuel.nitrogen / (2 * NITROGEN)
    a0 = c + h / 2 + s - fuel.oxygen / (2 * OXYGEN)
    if a0 <= 0 or c + s <= 0:
        raise ScienceError(
            "this substance needs no air or gives no carbon dioxide: it is not a fuel.",
            "chất này không cần không khí hoặc không sinh CO₂: nó không phải là nhiên liệu.",
        )
    if oxygen_dry is not None:
        rest = 1 - oxygen_dry / AIR_OXYGEN + _BETA * co_dry / 2
        if oxygen_dry >= AIR_OXYGEN or rest <= 0:
            raise ScienceError(
                f"oxygen_dry {oxygen_dry} is that of air; is it in percent, or does air leak in?",
                f"oxygen_dry {comma(oxygen_dry)} là của không khí; số có ở dạng phần trăm không, hay có không khí "
                "lọt vào?",
            )
        dry = (c + s + n + _BETA * a0) / rest
        a = a0 + oxygen_dry * dry - co_dry * dry / 2
    elif carbon_dioxide_dry is not None:
        if carbon_dioxide_dry <= 0:
            raise ScienceError(
                "carbon_dioxide_dry is 0: no fuel burns there.",
                "carbon_dioxide_dry bằng 0: ở đó không có nhiên liệu nào cháy.",
            )
        dry = (c + s) / (carbon_dioxide_dry + co_dry)
        a = (dry * (1 - co_dry / 2) - (c + s + n - a0)) * AIR_OXYGEN
    else:
        a = a0 * (1 + (excess_air or 0.0))
        dry = (c + s + n - a0 + a / AIR_OXYGEN) / (1 - co_dry / 2)
    co = co_dry * dry
    oxygen = a - a0 + co / 2
    if co > c or oxygen < -1e-3 * a0:
        raise ScienceError(
            f"the readings do not fit the fuel: oxygen would be {oxygen / dry:.2%} and carbon dioxide "
            f"{(c + s - co) / dry:.2%} of the dry flue gas. Check the readings and the analysis.",
            f"số đọc không khớp với nhiên liệu: ôxy sẽ là {comma(oxygen / dry):.2%} và CO₂ là "
            f"{comma((c + s - co) / dry):.2%} của khói khô. Hãy kiểm tra số đọc và kết quả phân tích.",
        )
    oxygen = max(oxygen, 0.0)
    nitrogen = a * _BETA
    sheet = Sheet("burn", "mass balance of the elements; EN 12952-15, annex A")
    kg_air = AIR / AIR_OXYGEN
    sheet.step("stoichiometric_air", "(c + h/2 + s − o) M_air / 0.20946", a0 * kg_air, "kg/kg")
    sheet.step("excess_air", "a / a₀ − 1", a / a0 - 1, "1")
    air = sheet.step("air", "a M_air / 0.20946", a * kg_air, "kg/kg")
    mass = (
        (c - co) * (CARBON + 2 * OXYGEN) + co * (CARBON + OXYGEN) + s * (SULPHUR + 2 * OXYGEN)
        + oxygen * 2 * OXYGEN + n * 2 * NITROGEN + nitrogen * _REST
    )  # fmt: skip
    sheet.step("dry_gas", "Σ n_i M_i of CO₂, CO, SO₂, O₂, N₂", mass, "kg/kg")
    formed = sheet.step("hydrogen_water", "h M_H₂O", h * _WATER, "kg/kg")
    moist = sheet.step("moisture_water", "moisture of the fuel", fuel.moisture, "kg/kg")
    damp = sheet.step("air_water", "air humidity", air * humidity, "kg/kg")
    sheet.step("o2_dry", "n_O₂ / D", oxygen / dry, "1")
    sheet.step("co2_dry", "(c + s − n_CO) / D", (c + s - co) / dry, "1")
    sheet.step("co_dry", "n_CO / D", co_dry, "1")
    sheet.step("co2_max", "(c + s) / D at a = a₀", (c + s) / (c + s + n + a0 * _BETA), "1")
    steam = (formed + moist + damp) / _WATER
    sheet.step("dry_gas_nm3", "22.414 D", _NORMAL_VOLUME * dry, "m³/kg")
    sheet.step("wet_gas_nm3", "22.414 (D + n_H₂O)", _NORMAL_VOLUME * (dry + steam), "m³/kg")
    sheet.step("dew_point_c", "T_s(p n_H₂O / n) at 101.325 kPa", _dew_point(steam / (dry + steam)), "°C")
    return sheet.result()


def _dew_point(share_of_water: float) -> float:
    from sachhon.science.equipment import water

    triple_kpa = 0.612  # below it ice, not dew, forms
    pressure = max(share_of_water * water.STANDARD_ATMOSPHERE_KPA, triple_kpa)
    return water.state(pressure_kpa=pressure, dryness=0).temperature_c
