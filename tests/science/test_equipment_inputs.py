"""Every calculator answers an input that cannot be with a sentence, never with NaN or a stray exception."""

from __future__ import annotations

import inspect
import math

import pytest

from sachhon.science.equipment import (
    boiler,
    combustion,
    compressed_air,
    cooling_tower,
    drying,
    electrical,
    exchanger,
    furnace,
    humid_air,
    insulation,
    pinch,
    pump_fan,
    sheet,
    solar,
    steam,
    surface,
    waste_heat,
    wastewater,
    water,
)
from sachhon.science.uncertainty import ScienceError

COAL = combustion.Fuel(carbon=0.57, hydrogen=0.03, oxygen=0.03, moisture=0.08, ash=0.29, gross_kj_kg=21_800)
FLUE = combustion.burn(COAL, oxygen_dry=0.08, humidity=0.02)
OUTSIDE = humid_air.humid_air(28, relative_humidity=0.8)
MACHINE = pump_fan.Machine(30, 100, 22, 0.78)
YEAR = [4.0] * 12
AVAILABLE = waste_heat.available(COAL, FLUE, 600)

# one good call of every calculator; its numbers are then spoilt one by one
CALLS = [
    (electrical.three_phase_energy, {"voltage_v": 400, "current_a": 30, "power_factor": 0.8, "hours": 100}),
    (
        electrical.lighting,
        {
            "lamps": 9,
            "lamp_w": 36,
            "ballast_w": 6,
            "hours": 9,
            "new_lamps": 9,
            "new_lamp_w": 18,
            "new_hours": 9,
        },
    ),
    (electrical.power_factor_correction, {"active_kw": 80, "apparent_kva": 100, "target": 0.95}),
    (electrical.motor_load, {"input_kw": 20, "rated_kw": 30, "efficiency": 0.9}),
    (
        electrical.motor_replacement,
        {"rated_kw": 22, "load": 0.7, "hours": 1, "efficiency_old": 0.88, "efficiency_new": 0.93},
    ),
    (water.state, {"pressure_kpa": 800, "temperature_c": 300}),
    (water.state, {"pressure_kpa": 800, "dryness": 0.9}),
    (water.state, {"pressure_kpa": 800, "enthalpy_kj_kg": 2000}),
    (water.absolute, {"gauge_kpa": 700, "atmosphere_kpa": 100}),
    (
        steam.leak,
        {"diameter_mm": 3, "pressure_kpa": 800, "discharge": 0.6, "outside_kpa": 101.3, "feedwater_c": 60},
    ),
    (steam.flash, {"flow_kg_h": 1000, "enthalpy_kj_kg": 700, "pressure_kpa": 120}),
    (
        steam.condensate_return,
        {
            "flow_kg_h": 9,
            "condensate_c": 90,
            "makeup_c": 25,
            "hours": 9,
            "boiler_efficiency": 0.8,
            "flash_share": 0.1,
        },
    ),
    (
        steam.deaerator,
        {"feed_kg_h": 1000, "pressure_kpa": 120, "water_kj_kg": 200, "steam_kj_kg": 2770, "vented": 0.001},
    ),
    (
        combustion.burn,
        {"fuel": COAL, "oxygen_dry": 0.08, "co_dry": 0.001, "humidity": 0.02, "unburnt_carbon": 0.01},
    ),
    (combustion.burn, {"fuel": COAL, "carbon_dioxide_dry": 0.12}),
    (combustion.burn, {"fuel": COAL, "excess_air": 0.4}),
    (
        boiler.direct,
        {
            "steam_kg_h": 5e3,
            "steam_kj_kg": 2770,
            "feed_kj_kg": 250,
            "fuel_kg_h": 700,
            "heating_kj_kg": 22e3,
            "blowdown_kg_h": 100,
            "blowdown_kj_kg": 720,
        },
    ),
    (boiler.losses, {"fuel": COAL, "flue": FLUE, "flue_c": 180, "air_c": 28, "surface": 0.01}),
    (boiler.siegert, {"flue_c": 180, "air_c": 20, "b": 0.007, "a2": 0.68, "oxygen_percent": 4}),
    (boiler.siegert, {"flue_c": 180, "air_c": 20, "b": 0.007, "a1": 0.5, "carbon_dioxide_percent": 12}),
    (boiler.radiation, {"useful_kw": 5000, "coefficient": 0.02}),
    (
        boiler.blowdown,
        {
            "steam_kg_h": 5e3,
            "feed_salts": 200,
            "boiler_salts": 3000,
            "pressure_kpa": 1000,
            "makeup_c": 25,
            "boiler_efficiency": 0.8,
        },
    ),
    (
        surface.flux,
        {"surface_c": 80, "air_c": 28, "emissivity": 0.9, "shape": "wall", "size_m": 2, "wind_m_s": 1},
    ),
    (
        insulation.pipe,
        {
            "diameter_mm": 89,
            "layers": [insulation.Layer(50, 0.045)],
            "inside_c": 170,
            "air_c": 28,
            "emissivity": 0.2,
            "wind_m_s": 1.0,
        },
    ),
    (
        insulation.wall,
        {
            "layers": [insulation.Layer(50, 0.045)],
            "inside_c": 170,
            "air_c": 28,
            "outside_w_m2k": 10,
            "inside_w_m2k": 50,
        },
    ),
    (
        furnace.charge,
        {
            "dry_kg_h": 1e3,
            "heat_capacity_kj_kgk": 0.9,
            "from_c": 28,
            "to_c": 950,
            "water_kg_h": 50,
            "vapour_c": 150,
            "reaction_kj_kg": 100,
        },
    ),
    (
        furnace.opening,
        {"area_m2": 1, "furnace_c": 1000, "air_c": 30, "emissivity": 0.8, "factor": 0.7, "time_open": 0.5},
    ),
    (furnace.stored, {"mass_kg": 1e3, "heat_capacity_kj_kgk": 0.9, "from_c": 28, "to_c": 900, "cycle_h": 10}),
    (furnace.balance, {"input_kw": 100, "useful_kw": 30, "losses_kw": {"stack": 60.0}}),
    (waste_heat.recoverable, {"flow_kg_h": 1e3, "from_c": 300, "to_c": 150}),
    (waste_heat.available, {"fuel": COAL, "flue": FLUE, "flue_c": 600, "air_c": 200}),
    (waste_heat.fuel_saving, {"before": AVAILABLE, "after": AVAILABLE}),
    (
        compressed_air.leak_test,
        {
            "capacity_m3_min": 10,
            "load_min": 2,
            "idle_min": 8,
            "power_kw": 60,
            "hours": 10,
            "demand_share": 0.6,
        },
    ),
    (
        compressed_air.receiver,
        {
            "volume_m3": 2,
            "high_kpa": 800,
            "low_kpa": 600,
            "minutes": 5,
            "air_c": 28,
            "receiver_c": 40,
            "atmosphere_kpa": 100,
        },
    ),
    (
        compressed_air.hole,
        {"diameter_mm": 3, "pressure_kpa": 800, "discharge": 0.6, "air_c": 28, "atmosphere_kpa": 100},
    ),
    (compressed_air.pressure, {"from_kpa": 900, "to_kpa": 800, "intake_kpa": 100, "exponent": 1.4}),
    (compressed_air.intake, {"from_c": 40, "to_c": 30}),
    (
        compressed_air.heat_recovery,
        {"shaft_kw": 100, "recovered": 0.7, "hours": 10, "heater_efficiency": 0.8},
    ),
    (pump_fan.pump, {"flow_m3_h": 100, "head_m": 20, "input_kw": 9, "motor_efficiency": 0.9, "density": 998}),
    (pump_fan.fan, {"flow_m3_h": 2e4, "pressure_kpa": 1, "input_kw": 9, "motor_efficiency": 0.9}),
    (pump_fan.affinity, {"flow": 1, "head": 1, "power": 1, "speed_ratio": 0.8}),
    (
        pump_fan.throttle_or_drive,
        {
            "machine": MACHINE,
            "static_m": 5,
            "flow_m3_h": 60,
            "hours": 10,
            "motor_efficiency": 0.9,
            "drive_efficiency": 0.96,
            "density": 998,
        },
    ),
    (humid_air.humid_air, {"temperature_c": 30, "relative_humidity": 0.6, "pressure_kpa": 100}),
    (humid_air.humid_air, {"temperature_c": 30, "wet_bulb_c": 24}),
    (humid_air.humid_air, {"temperature_c": 30, "humidity": 0.015}),
    (drying.moisture, {"wet_kg_h": 100, "moisture_in": 0.6, "moisture_out": 0.1}),
    (
        drying.heat_demand,
        {
            "wet_kg_h": 100,
            "moisture_in": 0.6,
            "moisture_out": 0.1,
            "heat_capacity_kj_kgk": 3,
            "from_c": 25,
            "to_c": 80,
        },
    ),
    (drying.convective, {"water_kg_h": 100, "intake": OUTSIDE, "hot_c": 90, "exhaust_c": 45}),
    (
        drying.convective,
        {"water_kg_h": 100, "intake": OUTSIDE, "hot_c": 90, "exhaust_c": 45, "exhaust_humidity": 0.55},
    ),
    (cooling_tower.performance, {"flow_m3_h": 100, "hot_c": 38, "cold_c": 31, "wet_bulb_c": 27}),
    (
        cooling_tower.water_use,
        {
            "flow_m3_h": 100,
            "range_k": 7,
            "cycles": 3,
            "hours": 10,
            "drift": 0.0002,
            "evaporation_per_k": 0.0015,
        },
    ),
    (
        exchanger.running,
        {"hot_in_c": 100, "hot_out_c": 60, "cold_in_c": 20, "cold_out_c": 50, "hot_kw_k": 3, "cold_kw_k": 4},
    ),
    (exchanger.predict, {"hot_in_c": 100, "cold_in_c": 20, "hot_kw_k": 3, "cold_kw_k": 4, "ua_kw_k": 5}),
    (pinch.Stream, {"name": "a", "supply_c": 100, "target_c": 30, "cp_kw_k": 2}),
    (
        pinch.targets,
        {"streams": [pinch.Stream("a", 100, 30, 2), pinch.Stream("b", 20, 80, 2)], "dt_min_k": 10},
    ),
    (
        solar.photovoltaic,
        {
            "peak_kw": 10,
            "latitude": 21,
            "tilt": 10,
            "irradiation": YEAR,
            "temperature_c": [25.0] * 12,
            "losses": 0.14,
            "gamma_per_k": -0.004,
            "noct_c": 45,
            "albedo": 0.2,
        },
    ),
    (wastewater.load, {"flow_m3_day": 100, "concentration_mg_l": 800, "person_g_day": 60}),
    (wastewater.biodegradability, {"bod_mg_l": 400, "cod_mg_l": 800}),
    (
        wastewater.anaerobic,
        {
            "cod_kg_day": 1e3,
            "removed": 0.8,
            "sludge_yield": 0.05,
            "temperature_c": 35,
            "methane_share": 0.65,
            "collected": 0.9,
        },
    ),
    (
        wastewater.emission,
        {"organic_kg": 1e3, "correction": 0.8, "potential_kg_kg": 0.25, "sludge_kg": 10, "recovered_kg": 50},
    ),
]
SPOILT = [math.nan, math.inf, -math.inf, -1.0, 0.0, 1e9]


def numbers(found: object) -> list[float]:
    """Every figure of a result."""
    if isinstance(found, sheet.Result):
        return [s.value for s in found.steps]
    if isinstance(found, int | float):
        return [float(found)]
    return [v for v in vars(found).values() if isinstance(v, float)]


@pytest.mark.parametrize(("calculator", "inputs"), CALLS, ids=lambda x: getattr(x, "__name__", None))
def test_a_spoilt_input_is_refused_or_gives_a_number(calculator, inputs):
    assert all(math.isfinite(x) for x in numbers(calculator(**inputs)))
    for name, value in inputs.items():
        if not isinstance(value, int | float):
            continue
        for spoilt in SPOILT:
            try:
                found = calculator(**{**inputs, name: spoilt})
            except ScienceError:
                continue
            assert not math.isnan(spoilt), f"{calculator.__name__} took NaN for {name}"
            endless = math.isinf(spoilt) and calculator is exchanger.predict  # a side that condenses
            assert endless or not math.isinf(spoilt), f"{calculator.__name__} took {spoilt} for {name}"
            assert not any(math.isnan(x) for x in numbers(found)), (name, spoilt)


def test_every_calculator_is_in_the_list():
    listed = {calculator for calculator, _ in CALLS}
    helpers = {
        combustion.gas, electrical.lighting, solar.declination, solar.extraterrestrial, solar.tilt_ratio,
        solar.diffuse_share, water.evaporation,
    }  # fmt: skip
    for module in {inspect.getmodule(calculator) for calculator in listed}:
        for name, thing in vars(module).items():
            if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_"):
                assert thing in listed | helpers, f"{module.__name__}.{name} is not spoilt in this test"


WITH_HOURS = [(calculator, good) for calculator, good in CALLS if "hours" in good]


@pytest.mark.parametrize(("calculator", "good"), WITH_HOURS, ids=[c.__name__ for c, _ in WITH_HOURS])
def test_hours_that_no_year_has_are_told(calculator, good):
    assert {"hours"} <= {name for name in good if "hours" in name}
    for name in (name for name in good if "hours" in name):
        whole = {**good, name: sheet.HOURS_OF_A_YEAR}
        assert "hours of a year" not in {one.quantity for one in calculator(**whole).outside}
        told = [
            one for one in calculator(**{**good, name: 24_000}).outside if one.quantity == "hours of a year"
        ]
        assert [one.value for one in told] == [24_000]
        assert told[0].sentence("vi").startswith("Số giờ trong năm 24000 giờ nằm ngoài khoảng 0–8784 giờ")


def test_every_calculator_that_asks_for_hours_is_among_those_called():
    asks = {
        one
        for module in (boiler, combustion, compressed_air, cooling_tower, drying, electrical, exchanger, furnace,
                       insulation, pinch, pump_fan, solar, steam, surface, waste_heat, wastewater, water)
        for one in vars(module).values()
        if inspect.isfunction(one) and one.__module__ == module.__name__
        and "hours" in inspect.signature(one).parameters
    }  # fmt: skip
    assert asks == {calculator for calculator, _ in WITH_HOURS}


def test_losses_that_no_boiler_has_are_told():
    found = boiler.losses(COAL, FLUE, 190, 30, surface=1.0)
    assert found["efficiency"] < 0
    assert [one.quantity for one in found.outside] == ["efficiency", "surface loss"]
    half = boiler.losses(COAL, FLUE, 190, 30, surface=0.5)
    assert half["efficiency"] > 0.3  # such as a boiler has, though its casing loses what none does
    assert [one.quantity for one in half.outside] == ["surface loss"]
    assert boiler.losses(COAL, FLUE, 190, 30, surface=0.01).outside == ()


def test_a_stack_that_takes_more_than_the_fuel_gives_is_refused():
    with pytest.raises(ScienceError, match=r"1\.34 times the heat of the fuel") as refusal:
        boiler.siegert(200, 20, 0.7, a2=0.68, oxygen_percent=5)  # the constant of light fuel oil is 0.007
    assert "1,34 lần nhiệt của nhiên liệu" in refusal.value.words("vi")


@pytest.mark.parametrize(
    ("ask", "quantity"),
    [
        (lambda far: boiler.blowdown(1000, 0.5 if far else 0.1, 1, 1000, 25, 0.8), "blow-down"),
        (
            lambda far: boiler.siegert(200, 20, 0.007, a1=0.5, carbon_dioxide_percent=40 if far else 12),
            "carbon dioxide",
        ),
        (
            lambda far: boiler.siegert(60 if far else 200, 20, 0.007, a1=0.5, carbon_dioxide_percent=12),
            "flue gas",
        ),
        (lambda far: electrical.motor_replacement(22, 0.7, 100, 0.2 if far else 0.88, 0.93), "efficiency"),
        (lambda far: electrical.motor_replacement(22, 0.7, 100, 0.88, 0.995 if far else 0.93), "efficiency"),
    ],
)
def test_figures_that_no_plant_has_are_told_as_outside_the_range(ask, quantity):
    assert [one.quantity for one in ask(True).outside] == [quantity]
    assert ask(False).outside == ()


def test_constants_of_a_fuel_below_zero_are_refused():
    for wrong in (
        {"b": 0.007, "a2": -0.68, "oxygen_percent": 5},
        {"b": -0.007, "a2": 0.68, "oxygen_percent": 5},
        {"b": 0.007, "a1": -0.5, "carbon_dioxide_percent": 12},
    ):
        with pytest.raises(ScienceError, match="is -0"):
            boiler.siegert(200, 20, **wrong)
    usual = boiler.siegert(200, 20, 0.007, a2=0.68, oxygen_percent=5)
    assert usual.outside == ()


def test_air_without_water_has_no_dew_point():
    dry = humid_air.humid_air(30, relative_humidity=0)
    assert dry.dew_point_c is None
    assert all(math.isfinite(x) for x in (dry.humidity, dry.enthalpy_kj_kg, dry.wet_bulb_c, dry.volume_m3_kg))
    assert humid_air.humid_air(30, relative_humidity=0.01).dew_point_c < -20
