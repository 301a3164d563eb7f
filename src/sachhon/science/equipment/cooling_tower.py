"""Cooling towers: how well they cool and the water they take.

    range = t_hot − t_cold,   approach = t_cold − t_wet bulb,   effectiveness = range / (range + approach)
    evaporation  E = e Q range         e = 0.00153 per K (0.00085 · 1.8), a share of the flow Q
    blow-down    B + D = E / (C − 1),  cycles of concentration C, drift D
    make-up      M = E + B + D

Sources: Perry's Chemical Engineers' Handbook, section 12 (e); BEE (India), Energy Efficiency in Electrical
Utilities, ch. 7; ASHRAE Handbook, HVAC Systems, ch. 40. The factor e is that of heat leaving by evaporation
with a little warming of the air; in cool dry weather less, in hot weather more evaporates. Not here: fans
(`pump_fan`), fill, freezing.
"""

from __future__ import annotations

from sachhon.science.equipment.sheet import Result, Sheet, not_negative, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

_BEE = "BEE, Energy Efficiency in Electrical Utilities, ch. 7"
_PERRY_PER_K = 0.00085 * 1.8
_HEAT_CAPACITY = 4.18  # kJ/(kg K), water near 30 °C


def performance(flow_m3_h: float, hot_c: float, cold_c: float, wet_bulb_c: float) -> Result:
    """Range, approach, effectiveness and heat rejected. Steps: range_k, approach_k, effectiveness, heat_kw."""
    positive(flow_m3_h=flow_m3_h)
    if not wet_bulb_c < cold_c < hot_c:
        raise ScienceError(
            f"wet bulb {wet_bulb_c} °C, cold {cold_c} °C and hot water {hot_c} °C must rise in that order: "
            "a tower cannot cool below the wet bulb.",
            f"bầu ướt {comma(wet_bulb_c)} °C, nước lạnh {comma(cold_c)} °C và nước nóng {comma(hot_c)} °C phải tăng "
            "dần theo thứ tự ấy: tháp không thể làm lạnh dưới nhiệt độ bầu ướt.",
        )
    sheet = Sheet("performance", _BEE)
    span = sheet.step("range_k", "t_hot − t_cold", hot_c - cold_c, "K")
    approach = sheet.step("approach_k", "t_cold − t_wb", cold_c - wet_bulb_c, "K")
    sheet.step("effectiveness", "range / (range + approach)", span / (span + approach), "1")
    sheet.step("heat_kw", "ρ Q c range / 3.6", 0.996 * flow_m3_h * _HEAT_CAPACITY * span / 3.6, "kW")
    sheet.within(
        "approach", approach, 2.0, 20.0, "K", "makers do not promise less than 2.8 K; else a thermometer errs"
    )
    return sheet.result()


def water_use(
    flow_m3_h: float,
    range_k: float,
    cycles: float,
    hours: float,
    drift: float = 0.0002,
    evaporation_per_k: float = _PERRY_PER_K,
) -> Result:
    """Make-up water of a tower.

    cycles : of concentration, salts in the basin over those in the make-up water. drift : share of the flow.
    Steps: evaporation_m3_h, drift_m3_h, blowdown_m3_h (less what drifts away), makeup_m3_h, makeup_m3.
    """
    positive(flow_m3_h=flow_m3_h, range_k=range_k)
    not_negative(hours=hours)
    share(drift=drift, evaporation_per_k=evaporation_per_k)
    positive(cycles=cycles)
    if cycles <= 1:
        raise ScienceError(
            f"cycles of concentration is {cycles}; it is above 1 wherever water evaporates.",
            f"số chu kỳ cô đặc là {comma(cycles)}; ở đâu nước bay hơi thì nó lớn hơn 1.",
        )
    sheet = Sheet("water_use", f"{_BEE}; Perry's Handbook, section 12")
    sheet.assumes(water_use, drift=drift, evaporation_per_k=evaporation_per_k)
    gone = sheet.step("evaporation_m3_h", "e Q range", evaporation_per_k * flow_m3_h * range_k, "m³/h")
    drops = sheet.step("drift_m3_h", "d Q", drift * flow_m3_h, "m³/h")
    drain = sheet.step(
        "blowdown_m3_h", "E / (C − 1) − D, not below 0", max(0.0, gone / (cycles - 1) - drops), "m³/h"
    )
    total = sheet.step("makeup_m3_h", "E + B + D", gone + drain + drops, "m³/h")
    sheet.step("makeup_m3", "M h", total * hours, "m³")
    sheet.in_a_year(hours)
    sheet.within("cycles of concentration", cycles, 1.5, 10, "", "above, scale and corrosion need treatment")
    sheet.within("range", range_k, 1, 25, "K", "the factor of evaporation")
    return sheet.result()
