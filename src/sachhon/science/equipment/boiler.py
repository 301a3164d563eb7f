"""Boiler efficiency: direct, by losses, by Siegert's formula; blow-down.

Direct:        η = (m_s (h_s − h_f) + m_b (h_b − h_f)) / (m_fuel H)
By losses:     η = 1 − Σ L,  each loss over the gross calorific value of the fuel:

    dry gas            m_dry c̄_p (t_g − t_a)
    hydrogen, moisture m_w (r + c̄_pw (t_g − t_a))           r at 25 °C: the gross value counts it
    humidity of air    m_air w c̄_pw (t_g − t_a)
    carbon monoxide    C · CO/(CO + CO₂) · 23.56 MJ/kg
    ash                Σ m_ash · heat left in it
    surface            radiation and convection, measured or after EN 12952-15

Siegert (net calorific value): q = (t_g − t_a) (A₂/(21 − O₂) + B), or with A₁/CO₂.
Blow-down:     m_b / m_s = F / (B − F), F and B the salts in feed and boiler water.

Sources: IS 8753:1977 and BEE (India), Energy Performance Assessment for Equipment and Utility Systems, ch. 1
(losses); ASME PTC 4 (terms); EN 12952-15:2003, 8.4 (radiation); 1. BImSchV (Siegert); US DOE Steam Tip
Sheets 9, 10. Not here: credits (heated air, electric power), sorbents, test codes' uncertainty budgets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sachhon.science.equipment import water
from sachhon.science.equipment.combustion import LATENT_25_C, Fuel
from sachhon.science.equipment.gas_heat import dry_shares, mean_heat_capacity
from sachhon.science.equipment.sheet import Result, Sheet, not_negative, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

_CO_TO_CO2 = 282.98e3 / 12.011  # kJ per kg of carbon that left as CO (ISO 6976)
_BEE = "IS 8753; BEE, Energy Performance Assessment, ch. 1"


def direct(
    steam_kg_h: float,
    steam_kj_kg: float,
    feed_kj_kg: float,
    fuel_kg_h: float,
    heating_kj_kg: float,
    blowdown_kg_h: float = 0.0,
    blowdown_kj_kg: float = 0.0,
) -> Result:
    """Efficiency from what goes in and what comes out; enthalpies from `water.state`.

    Blow-down counts as useful, as in EN 12952-15; leave it out for the heat that reaches the steam main.
    Steps: useful_kw, input_kw, efficiency, evaporation_ratio (kg of steam per kg of fuel).
    """
    positive(steam_kg_h=steam_kg_h, fuel_kg_h=fuel_kg_h, heating_kj_kg=heating_kj_kg)
    not_negative(blowdown_kg_h=blowdown_kg_h, feed_kj_kg=feed_kj_kg)
    if steam_kj_kg <= feed_kj_kg:
        raise ScienceError(
            "the steam has no more enthalpy than the feed water; were the two swapped?",
            "hơi không có entanpi cao hơn nước cấp; có đặt nhầm chỗ hai số không?",
        )
    sheet = Sheet("direct", "EN 12952-15, direct method; BEE, Energy Performance Assessment, ch. 1")
    drained = blowdown_kg_h * (blowdown_kj_kg - feed_kj_kg) if blowdown_kg_h else 0.0
    useful = sheet.step(
        "useful_kw",
        "(m_s (h_s − h_f) + m_b (h_b − h_f)) / 3600",
        (steam_kg_h * (steam_kj_kg - feed_kj_kg) + drained) / 3600,
        "kW",
    )
    given = sheet.step("input_kw", "m_fuel H / 3600", fuel_kg_h * heating_kj_kg / 3600, "kW")
    efficiency = sheet.step("efficiency", "useful / input", useful / given, "1")
    sheet.step("evaporation_ratio", "m_s / m_fuel", steam_kg_h / fuel_kg_h, "kg/kg")
    sheet.within(
        "efficiency", efficiency, 0.3, 1.0, "", "a boiler; else a meter or a calorific value is wrong"
    )
    return sheet.result()


def losses(
    fuel: Fuel,
    flue: Result | Mapping[str, float],
    flue_c: float,
    air_c: float,
    *,
    ash: Iterable[tuple[float, float]] = (),
    surface: float = 0.0,
    gas_kj_kgk: float | None = None,
    vapour_kj_kgk: float | None = None,
    latent_kj_kg: float = LATENT_25_C,
    co_kj_kg_carbon: float = _CO_TO_CO2,
) -> Result:
    """Efficiency by losses.

    flue : `combustion.burn` of that fuel, or its figures from elsewhere (air_water, dry_gas, hydrogen_water,
        moisture_water, o2_dry, co2_dry, co_dry). flue_c, air_c : flue gas leaving, air coming in.
    ash : (kg per kg of fuel, kJ per kg of it) of bottom ash, fly ash …: unburnt and sensible heat.
    surface : radiation and convection as a share of the gross input (`surface.flux`, `radiation`).
    gas_kj_kgk, vapour_kj_kgk : mean heat capacities; computed from the composition where not given.
    Steps, shares of the gross input: dry_gas, hydrogen, moisture, air_humidity, carbon_monoxide, ash,
    surface, losses, efficiency; efficiency_net on the net calorific value.
    """
    share(surface=surface)
    if flue_c < air_c:
        raise ScienceError(
            f"flue gas at {flue_c} °C is colder than the air at {air_c} °C; were they swapped?",
            f"khói {comma(flue_c)} °C lạnh hơn không khí {comma(air_c)} °C; có đặt nhầm chỗ không?",
        )
    rise = flue_c - air_c
    sheet = Sheet("losses", _BEE)
    sheet.assumes(
        losses,
        gas_kj_kgk=gas_kj_kgk,
        vapour_kj_kgk=vapour_kj_kgk,
        latent_kj_kg=latent_kj_kg,
        co_kj_kg_carbon=co_kj_kg_carbon,
    )
    if gas_kj_kgk is None:
        gas_kj_kgk = mean_heat_capacity(dry_shares(flue), air_c, flue_c)
    if vapour_kj_kgk is None:
        vapour_kj_kgk = mean_heat_capacity({"H2O": 1.0}, air_c, flue_c)
    gross = fuel.gross_kj_kg
    wet = latent_kj_kg + vapour_kj_kgk * rise
    co, co2 = flue["co_dry"], flue["co2_dry"]
    residues = list(ash)
    for mass, heat in residues:
        not_negative(ash_kg=mass, ash_kj_kg=heat)
    parts = [
        sheet.step("dry_gas", "m_dry c̄_p (t_g − t_a) / H", flue["dry_gas"] * gas_kj_kgk * rise / gross, "1"),
        sheet.step("hydrogen", "m_w (r + c̄_pw (t_g − t_a)) / H", flue["hydrogen_water"] * wet / gross, "1"),
        sheet.step("moisture", "M (r + c̄_pw (t_g − t_a)) / H", flue["moisture_water"] * wet / gross, "1"),
        sheet.step(
            "air_humidity",
            "m_air w c̄_pw (t_g − t_a) / H",
            flue["air_water"] * vapour_kj_kgk * rise / gross,
            "1",
        ),
        sheet.step(
            "carbon_monoxide",
            "C CO / (CO + CO₂) · 23.56 MJ/kg / H",
            fuel.carbon * co / (co + co2) * co_kj_kg_carbon / gross,
            "1",
        ),
        sheet.step("ash", "Σ m_ash h_ash / H", sum(m * h for m, h in residues) / gross, "1"),
        sheet.step("surface", "radiation and convection / H", surface, "1"),
    ]
    lost = sheet.step("losses", "Σ L", sum(parts), "1")
    efficiency = sheet.step("efficiency", "1 − Σ L", 1 - lost, "1")
    sheet.step("efficiency_net", "η H_gross / H_net", efficiency * gross / fuel.net_kj_kg, "1")
    sheet.within(
        "efficiency", efficiency, 0.3, 1.0, "", "a boiler; else a meter or a calorific value is wrong"
    )
    sheet.within("flue gas", flue_c, 100, 1000, "°C", "water leaves as vapour; below, some of it condenses")
    sheet.within(
        "surface loss",
        surface,
        0.0,
        0.1,
        "",
        "a lagged boiler loses 0.002 to 0.03 of its heat, a brick-set one more",
    )
    sheet.within(
        "carbon monoxide", co, 0.0, 0.01, "", "above, hydrocarbons leave as well and are not counted"
    )
    return sheet.result()


def siegert(
    flue_c: float,
    air_c: float,
    b: float,
    *,
    a2: float | None = None,
    oxygen_percent: float | None = None,
    a1: float | None = None,
    carbon_dioxide_percent: float | None = None,
) -> Result:
    """Stack loss after Siegert, on the net calorific value, from an oxygen or a carbon dioxide reading.

    a1 or a2, b : the fuel's constants (light fuel oil 0.50, 0.68, 0.007; natural gas 0.37, 0.66, 0.009).
    Readings in percent of the dry gas, as the formula has them. Steps: loss, efficiency (shares).
    """
    if (a2 is None) == (a1 is None) or (a2 is None) != (oxygen_percent is None):
        raise ScienceError(
            "give a2 with oxygen_percent, or a1 with carbon_dioxide_percent.",
            "hãy cho a2 cùng với oxygen_percent, hoặc a1 cùng với carbon_dioxide_percent.",
        )
    positive(**{name: value for name, value in (("a1", a1), ("a2", a2)) if value is not None})
    not_negative(b=b)
    if flue_c < air_c:
        raise ScienceError(
            f"flue gas at {flue_c} °C is colder than the air at {air_c} °C; were they swapped?",
            f"khói {comma(flue_c)} °C lạnh hơn không khí {comma(air_c)} °C; có đặt nhầm chỗ không?",
        )
    sheet = Sheet("siegert", "Siegert's formula, 1. BImSchV")
    if a2 is not None and oxygen_percent is not None:
        not_negative(oxygen_percent=oxygen_percent)
        if oxygen_percent >= 21:
            raise ScienceError(
                f"oxygen of {oxygen_percent} % is that of air: nothing burns there.",
                f"ôxy {oxygen_percent} % là của không khí: ở đó không có gì cháy.",
            )
        percent = (flue_c - air_c) * (a2 / (21 - oxygen_percent) + b)
        formula = "(t_g − t_a) (A₂ / (21 − O₂) + B) / 100"
        sheet.within("oxygen", oxygen_percent, 0, 15, "%", "Siegert's formula; above, air leaks in")
    else:
        if a1 is None or carbon_dioxide_percent is None:
            raise ScienceError(
                "give a1 with carbon_dioxide_percent.", "hãy cho a1 cùng với carbon_dioxide_percent."
            )
        positive(carbon_dioxide_percent=carbon_dioxide_percent)
        percent = (flue_c - air_c) * (a1 / carbon_dioxide_percent + b)
        formula = "(t_g − t_a) (A₁ / CO₂ + B) / 100"
        sheet.within("carbon dioxide", carbon_dioxide_percent, 3, 21, "%", "a fire; below, air leaks in")
    loss = sheet.step("loss", formula, percent / 100, "1")
    if loss >= 1:
        raise ScienceError(
            f"the stack would take {loss:.3g} times the heat of the fuel; check a1, a2, b and the readings.",
            f"khói sẽ mang đi {comma(loss):.3g} lần nhiệt của nhiên liệu; hãy kiểm tra a1, a2, b và các số đọc.",
        )
    sheet.step("efficiency", "1 − q", 1 - loss, "1")
    sheet.within(
        "flue gas", flue_c, 80, 500, "°C", "dry stack: below, water condenses and Siegert does not hold"
    )
    return sheet.result()


def radiation(useful_kw: float, coefficient: float) -> Result:
    """Radiation and convection of a water-tube boiler after EN 12952-15: Q = C Q_N^0.7 (MW).

    coefficient : 0.0113 oil and gas, 0.022 hard coal, 0.0315 lignite and fluidised bed. Q_N is the highest
    useful heat of that boiler, not today's: the casing stays warm. Step: loss_kw.
    """
    positive(useful_kw=useful_kw, coefficient=coefficient)
    sheet = Sheet("radiation", "EN 12952-15:2003, 8.4.4")
    sheet.step("loss_kw", "1000 C (Q_N / 1000)^0.7", 1e3 * coefficient * (useful_kw / 1e3) ** 0.7, "kW")
    sheet.within("useful heat", useful_kw / 1e3, 2, 1000, "MW", "EN 12952-15, figure of radiation losses")
    return sheet.result()


def blowdown(
    steam_kg_h: float,
    feed_salts: float,
    boiler_salts: float,
    pressure_kpa: float,
    makeup_c: float,
    boiler_efficiency: float,
) -> Result:
    """Blow-down that keeps the salts of the boiler water at a limit, and the fuel it costs.

    feed_salts, boiler_salts : both in one unit (mg/l, µS/cm). pressure_kpa : of the boiler, absolute.
    Steps: blowdown_kg_h, share_of_feed, heat_kw above make-up water, fuel_kw.
    """
    positive(
        steam_kg_h=steam_kg_h, feed_salts=feed_salts, boiler_salts=boiler_salts,
        boiler_efficiency=boiler_efficiency,
    )  # fmt: skip
    share(boiler_efficiency=boiler_efficiency)
    if boiler_salts <= feed_salts:
        raise ScienceError(
            f"boiler water may hold {boiler_salts}, less than the feed's {feed_salts}: treat the water first.",
            f"nước lò được phép chứa {comma(boiler_salts)}, ít hơn {comma(feed_salts)} của nước cấp: phải xử lý nước "
            "trước.",
        )
    sheet = Sheet("blowdown", "balance of salts; US DOE Steam Tip Sheets 9, 10")
    drain = sheet.step(
        "blowdown_kg_h", "m_s F / (B − F)", steam_kg_h * feed_salts / (boiler_salts - feed_salts), "kg/h"
    )
    part = sheet.step("share_of_feed", "m_b / (m_s + m_b) = F / B", drain / (steam_kg_h + drain), "1")
    sheet.within("blow-down", part, 0, 0.2, "of the feed water", "more is feed water that needs treatment")
    hot = water.state(pressure_kpa=pressure_kpa, dryness=0).enthalpy_kj_kg
    cold = water.state(temperature_c=makeup_c, dryness=0).enthalpy_kj_kg
    if cold >= hot:
        raise ScienceError(
            f"make-up water of {makeup_c:g} °C is no colder than the water of a boiler at {pressure_kpa:g} kPa; "
            "correct one of them.",
            f"nước bổ sung {comma(makeup_c):g} °C không lạnh hơn nước trong lò ở {comma(pressure_kpa):g} kPa; hãy sửa "
            "một trong hai.",
        )
    heat = sheet.step("heat_kw", "m_b (h_f(p) − h_m) / 3600", drain * (hot - cold) / 3600, "kW")
    sheet.step("fuel_kw", "Q / η", heat / boiler_efficiency, "kW")
    return sheet.result()
