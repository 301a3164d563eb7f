"""Compressed air, motors, drives, lighting, power factor: calculators that save electricity."""

from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.calculators.base import HOURS, Calculator, Field
from sachhon.science.equipment import compressed_air, electrical, pump_fan, water, yearly
from sachhon.science.equipment.sheet import Result

KPA_A_BAR = 100.0


def air_leaks(
    capacity_m3_min: float, load_min: float, idle_min: float, power_kw: float, hours: float, repaired: float
) -> Result:
    """Electricity behind the leaks of a plant at rest, and the part that repairs take away."""
    test = compressed_air.leak_test(capacity_m3_min, load_min, idle_min, power_kw, hours)
    return yearly.joined("air_leaks", ("", test), ("", yearly.taken_away(test["leak_kwh"], repaired)))


def air_pressure(from_bar: float, to_bar: float, used_kwh: float) -> Result:
    """Electricity saved by a lower pressure of the compressed air."""
    ratio = compressed_air.pressure(water.absolute(from_bar * KPA_A_BAR), water.absolute(to_bar * KPA_A_BAR))
    part = yearly.taken_away(used_kwh, ratio["saving"])
    return yearly.joined("air_pressure", ("pressure", ratio), ("", part))


def motor(
    rated_kw: float, input_kw: float, hours: float, efficiency_old: float, efficiency_new: float
) -> Result:
    """Electricity saved by a motor of a better class at the measured load."""
    load = electrical.motor_load(input_kw, rated_kw, efficiency_old)
    saved = electrical.motor_replacement(rated_kw, load["load"], hours, efficiency_old, efficiency_new)
    return yearly.joined("motor", ("now", load), ("", saved))


def drive(
    shutoff_m: float,
    duty_m3_h: float,
    duty_m: float,
    efficiency: float,
    static_m: float,
    flow_m3_h: float,
    hours: float,
    motor_efficiency: float,
    drive_efficiency: float = 0.96,
) -> Result:
    """Electricity saved by a variable speed drive instead of a throttle."""
    machine = pump_fan.Machine(shutoff_m, duty_m3_h, duty_m, efficiency)
    return pump_fan.throttle_or_drive(machine, static_m, flow_m3_h, hours, motor_efficiency, drive_efficiency)


def power_factor(active_kw: float, apparent_kva: float, target: float, line_loss_kwh: float) -> Result:
    """Capacitor for a better power factor, and the losses in the factory's own lines that it saves."""
    found = electrical.power_factor_correction(active_kw, apparent_kva, target)
    saved = yearly.taken_away(line_loss_kwh, 1 - found["line_loss_ratio"])
    return yearly.joined("power_factor", ("", found), ("", saved))


def heat_of_compressor(shaft_kw: float, recovered: float, hours: float, heater_efficiency: float) -> Result:
    """Electricity of a heater that the heat of a compressor takes the place of."""
    return compressed_air.heat_recovery(shaft_kw, recovered, hours, heater_efficiency)


ELECTRICITY = (
    Calculator(
        "air_leak",
        _("Leaks of compressed air"),
        _(
            "Plant at rest, nobody draws air: time how long the compressor loads and idles to hold the pressure."
        ),
        "housekeeping",
        "electricity",
        (
            Field("capacity_m3_min", _("Free air the compressor delivers"), "m³/min", measured=False),
            Field("load_min", _("Time under load"), _("min")),
            Field("idle_min", _("Time idling"), _("min")),
            Field("power_kw", _("Power under load"), "kW"),
            Field("hours", _("Hours a year under pressure"), "h", initial=7200, measured=False),
            Field(
                "repaired",
                _("Part of the leaks that repairs take away"),
                "%",
                "percent",
                initial=70,
                measured=False,
            ),
        ),
        air_leaks,
    ),
    Calculator(
        "air_pressure",
        _("Lower pressure of compressed air"),
        _("The pressure that the machines really need instead of the one that is set."),
        "process_control",
        "electricity",
        (
            Field("from_bar", _("Pressure now (gauge)"), "bar", initial=8),
            Field("to_bar", _("Pressure needed (gauge)"), "bar", initial=6.5, measured=False),
            Field("used_kwh", _("Electricity of the compressors a year"), "kWh"),
        ),
        air_pressure,
    ),
    Calculator(
        "motor",
        _("Motor of a better class"),
        _("The same shaft power from a motor of a better class; the load is measured."),
        "equipment_modification",
        "electricity",
        (
            Field("rated_kw", _("Rated power"), "kW", initial=37, measured=False),
            Field("input_kw", _("Measured input power"), "kW", initial=30),
            HOURS,
            Field(
                "efficiency_old", _("Efficiency of the motor now"), "%", "percent", initial=90, measured=False
            ),
            Field(
                "efficiency_new",
                _("Efficiency of the new motor"),
                "%",
                "percent",
                initial=94,
                measured=False,
                help=_("From the plate, or the class table of IEC 60034-30-1."),
            ),
        ),
        motor,
        "saving_kwh",
    ),
    Calculator(
        "drive",
        _("Variable speed drive of a pump or fan"),
        _(
            "A lower flow held by speed instead of by a throttle; of a fan, give pressures as metres of air column."
        ),
        "equipment_modification",
        "electricity",
        (
            Field("shutoff_m", _("Head at no flow"), "m", initial=50, measured=False),
            Field("duty_m3_h", _("Flow at the duty point"), "m³/h", initial=200, measured=False),
            Field("duty_m", _("Head at the duty point"), "m", initial=40, measured=False),
            Field(
                "efficiency", _("Efficiency at the duty point"), "%", "percent", initial=75, measured=False
            ),
            Field("static_m", _("Head of the system at no flow"), "m", initial=10),
            Field("flow_m3_h", _("Flow that is needed"), "m³/h", initial=140),
            HOURS,
            Field(
                "motor_efficiency",
                _("Efficiency of the motor now"),
                "%",
                "percent",
                initial=92,
                measured=False,
            ),
            Field(
                "drive_efficiency", _("Efficiency of the drive"), "%", "percent", initial=96, measured=False
            ),
        ),
        drive,
        "saving_kwh",
    ),
    Calculator(
        "lighting",
        _("Lighting"),
        _("Lamps before and after, with their hours."),
        "equipment_modification",
        "electricity",
        (
            Field("lamps", _("Lamps now"), kind="whole", initial=100, measured=False),
            Field("lamp_w", _("Power of a lamp now"), "W", initial=36, measured=False),
            Field("ballast_w", _("Ballast of a lamp now"), "W", initial=6, measured=False, required=False),
            Field("hours", _("Hours a year"), "h", initial=4000),
            Field("new_lamps", _("Lamps afterwards"), kind="whole", initial=100, measured=False),
            Field("new_lamp_w", _("Power of a lamp afterwards"), "W", initial=18, measured=False),
            Field("new_hours", _("Hours a year afterwards"), "h", initial=4000),
        ),
        electrical.lighting,
        "saving_kwh",
    ),
    Calculator(
        "power_factor",
        _("Power factor"),
        _(
            "The capacitor for a better power factor. What the power company charges for a low one is entered as "
            "money with the solution."
        ),
        "equipment_modification",
        "electricity",
        (
            Field("active_kw", _("Active power"), "kW", initial=200),
            Field("apparent_kva", _("Apparent power"), "kVA", initial=250),
            Field("target", _("Power factor wanted"), "%", "percent", initial=95, measured=False),
            Field(
                "line_loss_kwh",
                _("Losses in the factory's own lines a year"),
                "kWh",
                initial=0,
                measured=False,
                help=_("0 where they are not known."),
            ),
        ),
        power_factor,
    ),
    Calculator(
        "compressor_heat",
        _("Heat of a compressor"),
        _("Heat of the oil and air coolers in the place of an electric heater."),
        "onsite_reuse",
        "electricity",
        (
            Field("shaft_kw", _("Shaft power of the compressor"), "kW", initial=37),
            Field("recovered", _("Part that is recovered"), "%", "percent", initial=60, measured=False),
            HOURS,
            Field(
                "heater_efficiency", _("Efficiency of the heater"), "%", "percent", initial=95, measured=False
            ),
        ),
        heat_of_compressor,
        "fuel_kwh",
    ),
)
