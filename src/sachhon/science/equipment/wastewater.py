"""Wastewater: load, anaerobic treatment and its biogas, methane that escapes.

    load        L = Q C / 1000                              kg a day from m³ a day and mg/l
    methane     CH₄ = (COD removed − 1.42 VSS) · 16/64      kg: what is not built into sludge leaves as methane
    volume      22.414/16 m³/kg at 0 °C, times T/273.15
    emission    CH₄ = ((TOW − S) B₀ MCF) − R                IPCC; B₀ = 0.25 kg/kg COD = 16/64, 0.6 kg/kg BOD

Sources: Metcalf and Eddy, Wastewater Engineering, ch. 7 and 10 (COD balance); IPCC 2006 Guidelines and 2019
Refinement, vol. 5, ch. 6, equations 6.4 and 6.5 (methane correction factors are data: `sachhon.reference`,
table `wastewater_treatment`); 40 CFR 98 subpart II. Not here: nitrous oxide, power of aeration, design.
"""

from __future__ import annotations

from sachhon.science.equipment.sheet import Result, Sheet, not_negative, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

METHANE_PER_COD = 16.043 / 63.996  # kg/kg: CH₄ + 2 O₂ → CO₂ + 2 H₂O
COD_PER_SLUDGE = 1.42  # kg COD per kg of volatile solids, C₅H₇NO₂
_MOLAR_M3 = 22.414  # m³/kmol at 0 °C, 101.325 kPa
_METHANE = 16.043
_NET_MJ_KG = 50.03  # ISO 6976, 25 °C
_KELVIN = 273.15
_EDDY = "Metcalf and Eddy, Wastewater Engineering, ch. 10"
_IPCC = "IPCC 2006 Guidelines, vol. 5, eq. 6.4 and 6.5"


def load(flow_m3_day: float, concentration_mg_l: float, person_g_day: float | None = None) -> Result:
    """Load of a substance; with person_g_day (60 g of BOD₅) also in population equivalents.

    Steps: load_kg_day, and population_equivalents.
    """
    positive(flow_m3_day=flow_m3_day)
    not_negative(concentration_mg_l=concentration_mg_l)
    sheet = Sheet("load", "mass balance")
    mass = sheet.step("load_kg_day", "Q C / 1000", flow_m3_day * concentration_mg_l / 1e3, "kg/d")
    if person_g_day is not None:
        positive(person_g_day=person_g_day)
        sheet.step("population_equivalents", "1000 L / g", 1e3 * mass / person_g_day, "persons")
    return sheet.result()


def biodegradability(bod_mg_l: float, cod_mg_l: float) -> Result:
    """BOD₅ over COD: above 0.5 easily degraded, below 0.3 hardly. Step: ratio."""
    positive(cod_mg_l=cod_mg_l)
    not_negative(bod_mg_l=bod_mg_l)
    if bod_mg_l > cod_mg_l:
        raise ScienceError(
            f"BOD {bod_mg_l} is above COD {cod_mg_l} mg/l: a reading is wrong or they were swapped.",
            f"BOD {comma(bod_mg_l)} cao hơn COD {comma(cod_mg_l)} mg/l: có số đọc sai hoặc bị đặt nhầm chỗ.",
        )
    sheet = Sheet("biodegradability", _EDDY)
    ratio = sheet.step("ratio", "BOD₅ / COD", bod_mg_l / cod_mg_l, "1")
    sheet.within("BOD₅ / COD", ratio, 0.3, 0.8, "", "treated by microbes without more ado")
    return sheet.result()


def anaerobic(
    cod_kg_day: float,
    removed: float,
    sludge_yield: float = 0.04,
    temperature_c: float = 35.0,
    methane_share: float = 0.65,
    collected: float = 1.0,
) -> Result:
    """Methane and energy of an anaerobic reactor.

    removed : share of the COD; sludge_yield : kg of volatile solids per kg of COD removed; methane_share : of
    the biogas by volume; collected : share of it that is caught.
    Steps: removed_kg_day, sludge_kg_day, methane_kg_day, methane_m3_day (at temperature_c), methane_nm3_day,
    biogas_nm3_day, collected_kwh_day (net calorific value), escaped_kg_day.
    """
    positive(cod_kg_day=cod_kg_day, methane_share=methane_share)
    not_negative(sludge_yield=sludge_yield)
    share(removed=removed, methane_share=methane_share, collected=collected)
    if sludge_yield * COD_PER_SLUDGE >= 1:
        raise ScienceError(
            f"sludge_yield {sludge_yield} leaves no COD for methane; anaerobic sludge makes 0.03 to 0.15.",
            f"sludge_yield {comma(sludge_yield)} không chừa lại COD nào cho mê-tan; bùn kỵ khí sinh 0,03 đến 0.15.",
        )
    if not 0 <= temperature_c <= 65:
        raise ScienceError(
            f"{temperature_c} °C: no methane is made there.",
            f"{comma(temperature_c)} °C: ở đó không sinh mê-tan.",
        )
    sheet = Sheet("anaerobic", _EDDY)
    sheet.assumes(anaerobic, sludge_yield=sludge_yield, methane_share=methane_share, collected=collected)
    gone = sheet.step("removed_kg_day", "L η", cod_kg_day * removed, "kg/d")
    sludge = sheet.step("sludge_kg_day", "Y L η", sludge_yield * gone, "kg/d")
    methane = sheet.step(
        "methane_kg_day", "(L η − 1.42 VSS) 16/64", (gone - COD_PER_SLUDGE * sludge) * METHANE_PER_COD, "kg/d"
    )
    normal = methane / _METHANE * _MOLAR_M3
    sheet.step(
        "methane_m3_day", "22.414/16 CH₄ T/273.15", normal * (temperature_c + _KELVIN) / _KELVIN, "m³/d"
    )
    sheet.step("methane_nm3_day", "22.414/16 CH₄", normal, "m³/d")
    sheet.step("biogas_nm3_day", "CH₄ / share", normal / methane_share, "m³/d")
    sheet.step(
        "collected_kwh_day", "CH₄ collected H_net / 3.6", methane * collected * _NET_MJ_KG / 3.6, "kWh/d"
    )
    sheet.step("escaped_kg_day", "CH₄ (1 − collected)", methane * (1 - collected), "kg/d")
    sheet.within("temperature", temperature_c, 20, 60, "°C", "below 20 °C anaerobic sludge works slowly")
    sheet.within("sludge yield", sludge_yield, 0.02, 0.2, "kg/kg", _EDDY)
    return sheet.result()


def emission(
    organic_kg: float,
    correction: float,
    potential_kg_kg: float = 0.25,
    sludge_kg: float = 0.0,
    recovered_kg: float = 0.0,
) -> Result:
    """Methane that escapes from treatment or discharge after the IPCC.

    organic_kg : TOW, COD of the period in the wastewater (with BOD, potential_kg_kg = 0.6); sludge_kg : S, of
    it taken out as sludge; correction : MCF; recovered_kg : R, methane flared or used.
    Steps: factor_kg_kg, made_kg, emitted_kg.
    """
    not_negative(organic_kg=organic_kg, sludge_kg=sludge_kg, recovered_kg=recovered_kg)
    positive(potential_kg_kg=potential_kg_kg)
    share(correction=correction)
    if sludge_kg > organic_kg:
        raise ScienceError(
            "more organic matter leaves as sludge than comes in; check both.",
            "chất hữu cơ ra theo bùn nhiều hơn lượng vào; hãy kiểm tra cả hai.",
        )
    sheet = Sheet("emission", _IPCC)
    sheet.assumes(emission, potential_kg_kg=potential_kg_kg)
    factor = sheet.step("factor_kg_kg", "B₀ MCF", potential_kg_kg * correction, "kg/kg")
    made = sheet.step("made_kg", "(TOW − S) EF", (organic_kg - sludge_kg) * factor, "kg")
    if recovered_kg > made:
        raise ScienceError(
            f"{recovered_kg:g} kg of methane recovered is more than the {made:g} kg made: the factor of this "
            "treatment is too low, or the gas meter counts biogas.",
            f"{comma(recovered_kg):g} kg mê-tan thu hồi nhiều hơn {comma(made):g} kg sinh ra: hệ số của cách xử lý này "
            "quá thấp, hoặc đồng hồ khí đếm cả khí sinh học.",
        )
    sheet.step("emitted_kg", "made − R", made - recovered_kg, "kg")
    return sheet.result()
