"""Drying: water to be driven off, the air that carries it, the heat it takes.

    water   m_w = m (u₁ − u₂)/(1 − u₂)                   u: kg of water per kg of wet material
    air     m_a = m_w / (w₂ − w₁)                        kg of dry air; w: its humidity
    heat    Q = m_a (h(t_hot, w₁) − h(t₀, w₁))           heater, air drawn in at t₀
    η       m_w r / Q                                    r: heat of evaporation at the material's start

Sources: A. S. Mujumdar, Handbook of Industrial Drying, ch. 1; R. L. Earle, Unit Operations in Food Processing,
ch. 7. Humid air after `humid_air`. Not here: time of drying, bound water (below its sorption isotherm more
heat), heat losses of the dryer, which are the gap between this balance and the fuel meter.
"""

from __future__ import annotations

from sachhon.science.equipment import water
from sachhon.science.equipment.humid_air import HumidAir, humid_air
from sachhon.science.equipment.sheet import Result, Sheet, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

_MUJUMDAR = "Mujumdar, Handbook of Industrial Drying, ch. 1"


def moisture(wet_kg_h: float, moisture_in: float, moisture_out: float) -> Result:
    """Water that leaves and product that remains; moistures on wet basis. Steps: water_kg_h, product_kg_h."""
    positive(wet_kg_h=wet_kg_h)
    share(moisture_in=moisture_in, moisture_out=moisture_out)
    if moisture_out >= moisture_in or moisture_out == 1:
        raise ScienceError(
            f"moisture {moisture_in} does not fall to {moisture_out}; were the two swapped?",
            f"độ ẩm {comma(moisture_in)} không giảm xuống {comma(moisture_out)}; có đặt nhầm chỗ hai số không?",
        )
    sheet = Sheet("moisture", _MUJUMDAR)
    gone = sheet.step(
        "water_kg_h",
        "m (u₁ − u₂)/(1 − u₂)",
        wet_kg_h * (moisture_in - moisture_out) / (1 - moisture_out),
        "kg/h",
    )
    sheet.step("product_kg_h", "m − m_w", wet_kg_h - gone, "kg/h")
    return sheet.result()


def heat_demand(
    wet_kg_h: float,
    moisture_in: float,
    moisture_out: float,
    heat_capacity_kj_kgk: float,
    from_c: float,
    to_c: float,
) -> Result:
    """Least heat: the wet material warmed to to_c, its water evaporated there.

    heat_capacity_kj_kgk : of the wet material. Steps: water_kg_h, sensible_kw, latent_kw, heat_kw.
    """
    positive(heat_capacity_kj_kgk=heat_capacity_kj_kgk)
    gone = moisture(wet_kg_h, moisture_in, moisture_out)["water_kg_h"]
    sheet = Sheet("heat_demand", "Earle, Unit Operations in Food Processing, ch. 7")
    sheet.step("water_kg_h", "m (u₁ − u₂)/(1 − u₂)", gone, "kg/h")
    warm = sheet.step(
        "sensible_kw", "m c (t₂ − t₁) / 3600", wet_kg_h * heat_capacity_kj_kgk * (to_c - from_c) / 3600, "kW"
    )
    latent = water.evaporation(water.state(temperature_c=to_c, dryness=0).pressure_kpa)
    steam = sheet.step("latent_kw", "m_w r(t₂) / 3600", gone * latent / 3600, "kW")
    sheet.step("heat_kw", "sensible + latent", warm + steam, "kW")
    return sheet.result()


def convective(
    water_kg_h: float, intake: HumidAir, hot_c: float, exhaust_c: float, exhaust_humidity: float | None = None
) -> Result:
    """Air and heat of a dryer that blows hot air over the material.

    intake : air drawn in; hot_c : after the heater; exhaust_c : leaving. exhaust_humidity (relative, measured)
    fixes the air; without it the dryer is taken as adiabatic (the exhaust has the enthalpy of the hot air).
    Steps: exhaust_humidity, air_kg_h, heat_kw, specific_kj_kg, efficiency, exhaust_relative.
    """
    positive(water_kg_h=water_kg_h)
    if not intake.temperature_c <= exhaust_c < hot_c:
        raise ScienceError(
            "temperatures must rise from intake to exhaust to hot air; check which is which.",
            "nhiệt độ phải tăng dần từ khí hút vào, khí thải đến khí nóng; hãy xem lại số nào là của chỗ "
            "nào.",
        )
    hot = humid_air(hot_c, humidity=intake.humidity, pressure_kpa=intake.pressure_kpa)
    if exhaust_humidity is None:
        out = _adiabatic(hot, exhaust_c)
    else:
        out = humid_air(exhaust_c, relative_humidity=exhaust_humidity, pressure_kpa=intake.pressure_kpa)
    gain = out.humidity - intake.humidity
    if gain <= 0:
        raise ScienceError(
            "the exhaust is no more humid than the intake: it carries no water away.",
            "khí thải không ẩm hơn khí hút vào: nó không mang được nước đi.",
        )
    sheet = Sheet("convective", f"{_MUJUMDAR}; ASHRAE RP-1485")
    sheet.step("exhaust_humidity", "w₂", out.humidity, "kg/kg")
    air = sheet.step("air_kg_h", "m_w / (w₂ − w₁)", water_kg_h / gain, "kg/h")
    heat = sheet.step(
        "heat_kw",
        "m_a (h_hot − h_in) / 3600",
        air * (hot.enthalpy_kj_kg - intake.enthalpy_kj_kg) / 3600,
        "kW",
    )
    sheet.step("specific_kj_kg", "Q / m_w", heat * 3600 / water_kg_h, "kJ/kg")
    latent = water.evaporation(water.state(temperature_c=max(hot.wet_bulb_c, 1.0), dryness=0).pressure_kpa)
    sheet.step("efficiency", "m_w r(t_wb) / Q", water_kg_h * latent / 3600 / heat, "1")
    sheet.step("exhaust_relative", "φ₂", out.relative_humidity, "1")
    sheet.within(
        "relative humidity of the exhaust",
        out.relative_humidity,
        0.0,
        0.95,
        "",
        "above, the material gets wet again",
    )
    return sheet.result()


def _adiabatic(hot: HumidAir, exhaust_c: float) -> HumidAir:
    """Air of the enthalpy of the hot air at the exhaust's temperature; refused beyond saturation."""
    saturated = humid_air(exhaust_c, relative_humidity=1.0, pressure_kpa=hot.pressure_kpa)
    if saturated.enthalpy_kj_kg < hot.enthalpy_kj_kg:
        raise ScienceError(
            f"cooled to {exhaust_c:g} °C by evaporation the air would be more than saturated: "
            f"it cannot cool below {hot.wet_bulb_c:.1f} °C.",
            f"làm mát đến {comma(exhaust_c):g} °C bằng bay hơi thì không khí sẽ quá bão hòa: nó không thể lạnh "
            f"dưới {comma(hot.wet_bulb_c):.1f} °C.",
        )
    low, high = hot.humidity, saturated.humidity
    for _ in range(60):
        middle = (low + high) / 2
        at = humid_air(exhaust_c, humidity=middle, pressure_kpa=hot.pressure_kpa)
        low, high = (middle, high) if at.enthalpy_kj_kg < hot.enthalpy_kj_kg else (low, middle)
        if high - low < 1e-10:
            break
    return humid_air(exhaust_c, humidity=low, pressure_kpa=hot.pressure_kpa)
