"""Boilers, steam, insulation, condensate, blow-down, waste heat: calculators that save fuel."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.calculators.base import (
    EFFICIENCY,
    FUEL,
    FUEL_FIELD,
    HOURS,
    Calculator,
    Field,
    heat_value,
    net_gj,
    table_choices,
)
from sachhon.reference.facts import Fact, facts
from sachhon.science.equipment import boiler, insulation, steam, waste_heat, water, yearly
from sachhon.science.equipment.combustion import Fuel, burn
from sachhon.science.equipment.sheet import Result

KPA_A_BAR = 100.0


def boiler_tuning(
    analysis: str,
    used: float,
    flue_c: float,
    oxygen: float,
    air_c: float,
    aim_flue_c: float,
    aim_oxygen: float,
    fuel: str,
    co_ppm: float = 0.0,
    surface: float = 0.0,
) -> Result:
    """Fuel saved by less air and cooler flue gas: losses before and after on the same fuel."""
    burnt = _fuel(analysis)
    now = boiler.losses(
        burnt, burn(burnt, oxygen_dry=oxygen, co_dry=co_ppm / 1e6), flue_c, air_c, surface=surface
    )
    then = boiler.losses(burnt, burn(burnt, oxygen_dry=aim_oxygen), aim_flue_c, air_c, surface=surface)
    saved = yearly.better_efficiency(used, now["efficiency"], then["efficiency"])
    return yearly.joined("boiler_tuning", ("now", now), ("then", then), ("", saved))


def steam_leak(
    diameter_mm: float,
    gauge_bar: float,
    feedwater_c: float,
    hours: float,
    efficiency: float,
    fuel: str,
    holes: float = 1.0,
) -> Result:
    """Fuel that steam through a hole costs."""
    leak = steam.leak(diameter_mm, water.absolute(gauge_bar * KPA_A_BAR), feedwater_c=feedwater_c)
    burnt = yearly.fuel_of_heat(leak["heat_kw"], hours, efficiency, heat_value(fuel), holes)
    return yearly.joined("steam_leak", ("", leak), ("", burnt))


def pipe_insulation(
    diameter_mm: float,
    length_m: float,
    inside_c: float,
    air_c: float,
    surface: str,
    thickness_mm: float,
    material: str,
    cladding: str,
    hours: float,
    efficiency: float,
    fuel: str,
    wind_m_s: float = 0.0,
) -> Result:
    """Fuel saved by insulating a bare pipe."""
    k = _row("insulations", material)
    k0, k1 = float(k.extra["k0_w_mk"]), float(k.extra["k1_w_mk_c"])
    bare = insulation.pipe(
        diameter_mm, [], inside_c, air_c, emissivity=_emissivity(surface), wind_m_s=wind_m_s
    )
    layer = insulation.Layer(thickness_mm, lambda mean_c: k0 + k1 * mean_c)
    clad = insulation.pipe(
        diameter_mm, [layer], inside_c, air_c, emissivity=_emissivity(cladding), wind_m_s=wind_m_s
    )
    kept = yearly.kept_by_insulation(bare["loss_w_m"], clad["loss_w_m"], length_m)
    burnt = yearly.fuel_of_heat(kept["heat_kw"], hours, efficiency, heat_value(fuel))
    return yearly.joined("pipe_insulation", ("bare", bare), ("insulated", clad), ("", kept), ("", burnt))


def condensate(
    flow_kg_h: float, condensate_c: float, makeup_c: float, hours: float, efficiency: float, fuel: str
) -> Result:
    """Fuel saved by condensate that comes back."""
    back = steam.condensate_return(flow_kg_h, condensate_c, makeup_c, hours, efficiency)
    burnt = yearly.fuel_of_energy(back["heat_gj"], efficiency, heat_value(fuel))
    return yearly.joined("condensate", ("condensate", back), ("", burnt))


def blowdown(
    steam_kg_h: float,
    feed_salts: float,
    salts_now: float,
    salts_aim: float,
    gauge_bar: float,
    makeup_c: float,
    hours: float,
    efficiency: float,
    fuel: str,
) -> Result:
    """Fuel saved by blowing down only as much as the salts ask for."""
    pressure = water.absolute(gauge_bar * KPA_A_BAR)
    now = boiler.blowdown(steam_kg_h, feed_salts, salts_now, pressure, makeup_c, efficiency)
    then = boiler.blowdown(steam_kg_h, feed_salts, salts_aim, pressure, makeup_c, efficiency)
    burnt = yearly.fuel_of_heat(now["heat_kw"] - then["heat_kw"], hours, efficiency, heat_value(fuel))
    return yearly.joined("blowdown", ("now", now), ("then", then), ("", burnt))


def flue_heat(
    flow_kg_h: float, from_c: float, to_c: float, hours: float, efficiency: float, fuel: str
) -> Result:
    """Fuel that heat taken out of a hot gas takes the place of."""
    heat = waste_heat.recoverable(flow_kg_h, from_c, to_c)
    burnt = yearly.fuel_of_heat(heat["heat_kw"], hours, efficiency, heat_value(fuel))
    return yearly.joined("flue_heat", ("", heat), ("", burnt))


def _fuel(code: str) -> Fuel:
    x = _row("fuel_analyses", code).extra
    return Fuel(
        carbon=float(x["carbon"]),
        hydrogen=float(x["hydrogen"]),
        oxygen=float(x["oxygen"]),
        nitrogen=float(x["nitrogen"]),
        sulphur=float(x["sulphur"]),
        moisture=float(x["moisture"]),
        ash=float(x["ash"]),
        gross_kj_kg=float(x["gross_kj_kg"]),
    )


def _emissivity(surface: str) -> float:
    return float(_row("surfaces", surface).value)


def _row(table: str, code: str) -> Fact:
    return next(f for f in facts(table) if f.code == code)


def _heat_facts(values: Mapping[str, object]) -> list[Fact]:
    return [net_gj(str(values["fuel"]))]


PRESSURE = Field("gauge_bar", _("Pressure (gauge)"), "bar", initial=7)

HEAT = (
    Calculator(
        "boiler",
        _("Boiler: less air, cooler flue gas"),
        _("Losses of the boiler by its flue gas, now and after tuning or cleaning, on the same fuel."),
        "process_control",
        FUEL,
        (
            FUEL_FIELD,
            Field(
                "analysis",
                _("Analysis of the fuel"),
                kind="choice",
                choices=table_choices("fuel_analyses"),
                measured=False,
            ),
            Field(
                "used",
                _("Fuel a year"),
                measured=False,
                help=_("In the unit of the fuel: tonnes, litres, m³."),
            ),
            Field("flue_c", _("Flue gas now"), "°C", initial=220),
            Field("oxygen", _("Oxygen in the dry flue gas now"), "%", "percent", initial=10),
            Field("co_ppm", _("Carbon monoxide"), "ppm", initial=0, measured=False, required=False),
            Field("air_c", _("Air"), "°C", initial=30, measured=False),
            Field(
                "surface",
                _("Loss through the surface"),
                "%",
                "percent",
                initial=2,
                measured=False,
                required=False,
            ),
            Field("aim_flue_c", _("Flue gas afterwards"), "°C", initial=190, measured=False),
            Field("aim_oxygen", _("Oxygen afterwards"), "%", "percent", initial=6, measured=False),
        ),
        boiler_tuning,
        facts=lambda v: [_row("fuel_analyses", str(v["analysis"]))],
    ),
    Calculator(
        "steam_leak",
        _("Steam leak"),
        _("Steam that a hole or a trap stuck open lets out, and the fuel behind it."),
        "housekeeping",
        FUEL,
        (
            FUEL_FIELD,
            Field("diameter_mm", _("Diameter of the hole"), "mm", initial=3),
            Field("holes", _("Number of such holes"), kind="whole", initial=1, measured=False),
            PRESSURE,
            Field("feedwater_c", _("Feed water"), "°C", initial=60),
            HOURS,
            EFFICIENCY,
        ),
        steam_leak,
        "fuel",
        _heat_facts,
    ),
    Calculator(
        "insulation",
        _("Insulation of a pipe"),
        _("Heat that a bare pipe gives off, and what insulation keeps."),
        "equipment_modification",
        FUEL,
        (
            FUEL_FIELD,
            Field("diameter_mm", _("Outer diameter of the pipe"), "mm", initial=114, measured=False),
            Field("length_m", _("Length"), "m", initial=20),
            Field("inside_c", _("Temperature inside"), "°C", initial=165),
            Field("air_c", _("Air"), "°C", initial=28),
            Field("wind_m_s", _("Wind"), "m/s", initial=0, measured=False, required=False),
            Field(
                "surface",
                _("Surface now"),
                kind="choice",
                choices=table_choices("surfaces"),
                initial="steel_rusted",
                measured=False,
            ),
            Field("thickness_mm", _("Thickness of the insulation"), "mm", initial=50, measured=False),
            Field(
                "material",
                _("Insulation"),
                kind="choice",
                choices=table_choices("insulations"),
                initial="mineral_wool_pipe",
                measured=False,
            ),
            Field(
                "cladding",
                _("Cladding"),
                kind="choice",
                choices=table_choices("surfaces"),
                initial="galvanised_bright",
                measured=False,
            ),
            HOURS,
            EFFICIENCY,
        ),
        pipe_insulation,
        "fuel",
        lambda v: [
            *_heat_facts(v),
            _row("insulations", str(v["material"])),
            _row("surfaces", str(v["surface"])),
            _row("surfaces", str(v["cladding"])),
        ],
    ),
    Calculator(
        "condensate",
        _("Condensate brought back"),
        _("Heat and water of condensate that is led back to the boiler instead of away."),
        "onsite_reuse",
        FUEL,
        (
            FUEL_FIELD,
            Field("flow_kg_h", _("Condensate"), "kg/h"),
            Field("condensate_c", _("Its temperature"), "°C", initial=90),
            Field("makeup_c", _("Make-up water"), "°C", initial=28),
            HOURS,
            EFFICIENCY,
        ),
        condensate,
        "fuel",
        _heat_facts,
    ),
    Calculator(
        "blowdown",
        _("Blow-down of a boiler"),
        _("Blowing down only as much as the salts of the boiler water ask for."),
        "process_control",
        FUEL,
        (
            FUEL_FIELD,
            Field("steam_kg_h", _("Steam"), "kg/h"),
            Field("feed_salts", _("Salts of the feed water"), "mg/l", initial=200),
            Field("salts_now", _("Salts of the boiler water now"), "mg/l", initial=1500),
            Field("salts_aim", _("Salts allowed"), "mg/l", initial=3000, measured=False),
            PRESSURE,
            Field("makeup_c", _("Make-up water"), "°C", initial=28),
            HOURS,
            EFFICIENCY,
        ),
        blowdown,
        "fuel",
        _heat_facts,
    ),
    Calculator(
        "waste_heat",
        _("Waste heat of a hot gas"),
        _("Heat that flue gas or kiln gas gives off when it is cooled, and the fuel it takes the place of."),
        "onsite_reuse",
        FUEL,
        (
            FUEL_FIELD,
            Field("flow_kg_h", _("Gas"), "kg/h"),
            Field("from_c", _("Temperature now"), "°C", initial=250),
            Field("to_c", _("Temperature afterwards"), "°C", initial=150, measured=False),
            HOURS,
            EFFICIENCY,
        ),
        flue_heat,
        "fuel",
        _heat_facts,
    ),
)
