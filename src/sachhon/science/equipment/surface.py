"""Heat from a surface to the air around it: radiation, still air, wind.

    q = h (t_s − t_a),   h = h_r + h_c
    h_r = ε σ (T_s² + T_a²)(T_s + T_a)
    h_c = Nu k / L,      Nu = (Nu_natural^j + Nu_forced^j)^(1/j),  j = 4 for pipes, 3 for walls

    pipe, natural    (0.60 + 0.387 Ra^⅙ / (1 + (0.559/Pr)^(9/16))^(8/27))²               Churchill and Chu
    pipe, wind       0.3 + 0.62 Re^½ Pr^⅓ / (1 + (0.4/Pr)^⅔)^¼ · (1 + (Re/282000)^⅝)^⅘   Churchill, Bernstein
    wall, natural    (0.825 + 0.387 Ra^⅙ / (1 + (0.492/Pr)^(9/16))^(8/27))²              Churchill and Chu
    wall, wind       0.664 Re^½ Pr^⅓,  above Re = 5·10⁵  (0.037 Re^⅘ − 871) Pr^⅓
    top, natural     0.54 Ra^¼ below Ra = 10⁷, else 0.15 Ra^⅓;    bottom  0.27 Ra^¼

Air at film temperature (CoolProp). The size L is a pipe's outer diameter, a wall's height, and of a top or
bottom its area over its perimeter (of a square a quarter of its side). These are the correlations of ASTM
C680-14; measured coefficients scatter by 10 to 20 % around them. The short coefficients of the handbooks
(1.25 (Δt/D)^¼, 1.74 Δt^⅓ of ISO 12241) are these near room temperature: on a wall at 230 °C they are a
half too high. Emissivity is the caller's (`sachhon.reference`, table `surfaces`).
"""

from __future__ import annotations

import math

from sachhon.science.equipment.sheet import Result, Sheet, not_negative, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

STEFAN_BOLTZMANN = 5.670374419e-8  # W/(m² K⁴), CODATA 2018
_GRAVITY = 9.80665
_KELVIN = 273.15
_PRESSURE = 101_325.0
_LAMINAR = 5e5
_C680 = "ASTM C680-14"
SHAPES = ("pipe", "wall", "top", "bottom")


def flux(
    surface_c: float,
    air_c: float,
    emissivity: float,
    shape: str,
    size_m: float,
    wind_m_s: float = 0.0,
) -> Result:
    """Heat that one square metre of a surface hotter (or colder) than the air gives off.

    shape : "pipe" (horizontal), "wall" (vertical), "top" or "bottom" of a horizontal surface. The
    surroundings are as warm as the air.
    Steps: radiation_w_m2, convection_w_m2, flux_w_m2, coefficient_w_m2k.
    """
    positive(size_m=size_m)
    not_negative(wind_m_s=wind_m_s)
    share(emissivity=emissivity)
    if shape not in SHAPES:
        raise ScienceError(
            f"shape {shape!r} is unknown; take one of {', '.join(SHAPES)}.",
            f"không biết hình dạng {shape!r}; hãy chọn một trong {', '.join(SHAPES)}.",
        )
    for temperature in (surface_c, air_c):
        if not -50 <= temperature <= 1000:
            raise ScienceError(
                f"{temperature} °C is outside −50 to 1000 °C, where the air's properties are known.",
                f"{comma(temperature)} °C nằm ngoài −50 đến 1000 °C, khoảng đã biết tính chất của không khí.",
            )
    sheet = Sheet("flux", _C680)
    difference = surface_c - air_c
    hot, cold = surface_c + _KELVIN, air_c + _KELVIN
    radiated = sheet.step(
        "radiation_w_m2", "ε σ (T_s⁴ − T_a⁴)", emissivity * STEFAN_BOLTZMANN * (hot**4 - cold**4), "W/m²"
    )
    nusselt, conductivity, rayleigh = _nusselt(hot, cold, shape, size_m, wind_m_s)
    convected = sheet.step(
        "convection_w_m2", "Nu k / L (t_s − t_a)", nusselt * conductivity / size_m * difference, "W/m²"
    )
    total = sheet.step("flux_w_m2", "radiation + convection", radiated + convected, "W/m²")
    sheet.step(
        "coefficient_w_m2k",
        "q / (t_s − t_a)",
        total / difference
        if difference
        else 4 * emissivity * STEFAN_BOLTZMANN * cold**3 + nusselt * conductivity / size_m,
        "W/(m² K)",
    )
    sheet.within("Rayleigh number", rayleigh, 0 if shape in ("pipe", "wall") else 1e4, 1e12, "", _C680)
    sheet.within("wind", wind_m_s, 0, 15, "m/s", _C680)
    return sheet.result()


def _nusselt(hot: float, cold: float, shape: str, size: float, wind: float) -> tuple[float, float, float]:
    film = (hot + cold) / 2
    conductivity, viscosity, prandtl = _air(film)
    rayleigh = _GRAVITY / film * abs(hot - cold) * size**3 / viscosity**2 * prandtl
    reynolds = wind * size / viscosity
    third = prandtl ** (1 / 3)
    if shape == "pipe":
        still = (0.60 + 0.387 * rayleigh ** (1 / 6) / (1 + (0.559 / prandtl) ** (9 / 16)) ** (8 / 27)) ** 2
        blown = 0.0
        if wind:
            blown = (
                0.3
                + 0.62
                * math.sqrt(reynolds)
                * third
                / (1 + (0.4 / prandtl) ** (2 / 3)) ** 0.25
                * (1 + (reynolds / 282_000) ** 0.625) ** 0.8
            )
        return (still**4 + blown**4) ** 0.25, conductivity, rayleigh
    if shape == "wall":
        still = (0.825 + 0.387 * rayleigh ** (1 / 6) / (1 + (0.492 / prandtl) ** (9 / 16)) ** (8 / 27)) ** 2
    elif (shape == "top") == (hot >= cold):
        still = 0.54 * rayleigh**0.25 if rayleigh < 1e7 else 0.15 * rayleigh ** (1 / 3)
    else:
        still = 0.27 * rayleigh**0.25
    blown = 0.664 * math.sqrt(reynolds) * third
    if reynolds > _LAMINAR:
        blown = (0.037 * reynolds**0.8 - 871) * third
    return (still**3 + blown**3) ** (1 / 3), conductivity, rayleigh


def _air(kelvin: float) -> tuple[float, float, float]:
    """Conductivity W/(m K), kinematic viscosity m²/s and Prandtl number of air."""
    from CoolProp.CoolProp import PropsSI

    k, mu, rho, cp = (PropsSI(name, "T", kelvin, "P", _PRESSURE, "Air") for name in ("L", "V", "D", "C"))
    return float(k), float(mu / rho), float(mu * cp / k)
