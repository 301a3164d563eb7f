"""Pumps and fans: power, speed, throttling against a variable speed drive with static head.

    P = ρ g Q H / η                     pump;  P = Q Δp / η  fan
    Q ∝ s,  H ∝ s²,  P ∝ s³             affinity laws, speed ratio s, along parabolas through the origin
    machine  H = H₀ s² − a Q²,  η = η_max (2 x − x²),  x = Q / (s Q_best)
    system   H = H_s + (H_d − H_s) (Q / Q_d)²           static head H_s, duty point d

A throttle holds the machine at full speed: it makes more head than the system needs, and the valve burns the
rest. A drive lowers the speed until the machine's curve meets the system's; with much static head the speed
can fall only little, and the cube law promises far too much. Sources: Europump and Hydraulic Institute,
Variable Speed Pumping (2004); BEE (India), Energy Performance Assessment, ch. 5 and 6; ISO 9906. Not here:
NPSH, parallel pumps, fluids much thicker than water. SI: m³/h, m, kPa, kW.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sachhon.science.equipment.sheet import Result, Sheet, not_negative, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

_GRAVITY = 9.80665
_WATER = 998.0  # kg/m³ at 20 °C
_HI = "Europump and Hydraulic Institute, Variable Speed Pumping"


def pump(
    flow_m3_h: float, head_m: float, input_kw: float, motor_efficiency: float = 1.0, density: float = _WATER
) -> Result:
    """Hydraulic power and efficiency of a pump from readings. Steps: hydraulic_kw, shaft_kw, efficiency."""
    positive(
        flow_m3_h=flow_m3_h,
        head_m=head_m,
        input_kw=input_kw,
        motor_efficiency=motor_efficiency,
        density=density,
    )
    share(motor_efficiency=motor_efficiency)
    sheet = Sheet("pump", "ISO 9906; BEE, Energy Performance Assessment, ch. 6")
    useful = sheet.step(
        "hydraulic_kw", "ρ g Q H / 3.6e6", density * _GRAVITY * flow_m3_h * head_m / 3.6e6, "kW"
    )
    shaft = sheet.step("shaft_kw", "P_in η_m", input_kw * motor_efficiency, "kW")
    efficiency = sheet.step("efficiency", "P_h / P_shaft", useful / shaft, "1")
    sheet.within("efficiency", efficiency, 0.1, 0.93, "", "a pump; else a reading is wrong")
    return sheet.result()


def fan(flow_m3_h: float, pressure_kpa: float, input_kw: float, motor_efficiency: float = 1.0) -> Result:
    """Air power and efficiency of a fan; pressure_kpa is its total pressure rise.

    Steps: air_kw, shaft_kw, efficiency.
    """
    positive(
        flow_m3_h=flow_m3_h, pressure_kpa=pressure_kpa, input_kw=input_kw, motor_efficiency=motor_efficiency
    )
    share(motor_efficiency=motor_efficiency)
    sheet = Sheet("fan", "ISO 5801; BEE, Energy Performance Assessment, ch. 5")
    useful = sheet.step("air_kw", "Q Δp / 3600", flow_m3_h * pressure_kpa / 3600, "kW")
    shaft = sheet.step("shaft_kw", "P_in η_m", input_kw * motor_efficiency, "kW")
    efficiency = sheet.step("efficiency", "P_air / P_shaft", useful / shaft, "1")
    sheet.within("efficiency", efficiency, 0.1, 0.92, "", "a fan; else a reading is wrong")
    sheet.within("pressure", pressure_kpa, 0, 2.0, "kPa", "air hardly compressed (ISO 5801)")
    return sheet.result()


def affinity(flow: float, head: float, power: float, speed_ratio: float) -> Result:
    """Flow, head (or pressure) and power at another speed, in a system without static head.

    Steps: flow, head, power, in the units given.
    """
    positive(flow=flow, head=head, power=power, speed_ratio=speed_ratio)
    sheet = Sheet("affinity", "affinity laws")
    sheet.step("flow", "Q s", flow * speed_ratio, "as given")
    sheet.step("head", "H s²", head * speed_ratio**2, "as given")
    sheet.step("power", "P s³", power * speed_ratio**3, "as given")
    sheet.within("speed ratio", speed_ratio, 0.5, 1.1, "", f"{_HI}: the efficiency stays about the same")
    return sheet.result()


@dataclass(frozen=True)
class Machine:
    """A pump or fan at full speed: head at no flow, its duty point, and best efficiency at its own flow.

    Heads in m (a fan's pressure over ρ g does as well), flows in m³/h. best_flow : where it is most efficient,
    the duty point where not given.
    """

    shutoff_m: float
    duty_m3_h: float
    duty_m: float
    efficiency: float
    best_flow: float | None = None

    def __post_init__(self) -> None:
        positive(
            shutoff_m=self.shutoff_m, duty_m3_h=self.duty_m3_h, duty_m=self.duty_m, efficiency=self.efficiency
        )
        share(efficiency=self.efficiency)
        if self.shutoff_m <= self.duty_m:
            raise ScienceError(
                "the head at no flow must be above that at the duty point: see the machine's curve.",
                "cột áp khi không chảy phải cao hơn ở điểm làm việc: hãy xem đặc tuyến của máy.",
            )

    @property
    def slope(self) -> float:
        """a of H = H₀ s² − a Q²."""
        return (self.shutoff_m - self.duty_m) / self.duty_m3_h**2

    def head(self, flow_m3_h: float, speed: float = 1.0) -> float:
        """Head at that flow and speed ratio."""
        return self.shutoff_m * speed**2 - self.slope * flow_m3_h**2

    def efficiency_at(self, flow_m3_h: float, speed: float = 1.0) -> float:
        """Efficiency at that flow and speed ratio, by affinity."""
        x = flow_m3_h / (speed * (self.best_flow or self.duty_m3_h))
        return self.efficiency * (2 * x - x**2)


def throttle_or_drive(
    machine: Machine,
    static_m: float,
    flow_m3_h: float,
    hours: float,
    motor_efficiency: float,
    drive_efficiency: float = 0.96,
    density: float = _WATER,
) -> Result:
    """Electricity of a lower flow, held by a throttle and by a variable speed drive.

    static_m : head of the system at no flow (height and pressure difference). drive_efficiency : of the
    inverter with the motor's extra losses. Steps: system_m, throttled_m, throttled_efficiency, throttled_kw,
    speed_ratio, driven_efficiency, driven_kw, saving_kwh; cube_law_kw for comparison.
    """
    not_negative(static_m=static_m, hours=hours)
    positive(
        flow_m3_h=flow_m3_h,
        motor_efficiency=motor_efficiency,
        drive_efficiency=drive_efficiency,
        density=density,
    )
    share(motor_efficiency=motor_efficiency, drive_efficiency=drive_efficiency)
    if static_m >= machine.duty_m:
        raise ScienceError(
            "the static head is as high as the duty point: then nothing would flow. Check static_m.",
            "cột áp tĩnh cao bằng điểm làm việc: khi ấy không có gì chảy. Hãy xem lại static_m.",
        )
    if flow_m3_h > machine.duty_m3_h:
        raise ScienceError(
            f"flow {flow_m3_h} m³/h is above the duty point's {machine.duty_m3_h}: nothing to throttle.",
            f"lưu lượng {comma(flow_m3_h)} m³/h cao hơn {comma(machine.duty_m3_h)} của điểm làm việc: không có gì để "
            "tiết lưu.",
        )
    per_metre = density * _GRAVITY / 3.6e6
    sheet = Sheet("throttle_or_drive", _HI)
    sheet.assumes(throttle_or_drive, drive_efficiency=drive_efficiency)
    needed = sheet.step(
        "system_m", "H_s + (H_d − H_s)(Q/Q_d)²",
        static_m + (machine.duty_m - static_m) * (flow_m3_h / machine.duty_m3_h) ** 2, "m",
    )  # fmt: skip
    made = sheet.step("throttled_m", "H₀ − a Q²", machine.head(flow_m3_h), "m")
    full = sheet.step(
        "throttled_efficiency",
        "η_max (2x − x²), x = Q/Q_best",
        _possible(machine.efficiency_at(flow_m3_h)),
        "1",
    )
    throttled = sheet.step(
        "throttled_kw", "ρ g Q H / (η η_m)", per_metre * flow_m3_h * made / full / motor_efficiency, "kW"
    )
    speed = sheet.step(
        "speed_ratio",
        "√((H + a Q²) / H₀)",
        math.sqrt((needed + machine.slope * flow_m3_h**2) / machine.shutoff_m),
        "1",
    )
    slow = sheet.step(
        "driven_efficiency",
        "η_max (2x − x²), x = Q/(s Q_best)",
        _possible(machine.efficiency_at(flow_m3_h, speed)),
        "1",
    )
    driven = sheet.step(
        "driven_kw", "ρ g Q H / (η η_m η_d)",
        per_metre * flow_m3_h * needed / slow / motor_efficiency / drive_efficiency, "kW",
    )  # fmt: skip
    duty = (
        per_metre * machine.duty_m3_h * machine.duty_m / _possible(machine.efficiency_at(machine.duty_m3_h))
    )
    sheet.step("cube_law_kw", "P_d (Q/Q_d)³, wrong with static head",
               duty / motor_efficiency * (flow_m3_h / machine.duty_m3_h) ** 3, "kW")  # fmt: skip
    sheet.step("saving_kwh", "(P_throttled − P_driven) h", (throttled - driven) * hours, "kWh")
    sheet.in_a_year(hours)
    sheet.within("speed ratio", speed, 0.4, 1.0, "", f"{_HI}: cooling of the motor, drive losses")
    sheet.within(
        "flow over best flow",
        flow_m3_h / (machine.best_flow or machine.duty_m3_h),
        0.3,
        1.2,
        "",
        "the parabola of η",
    )
    return sheet.result()


def _possible(efficiency: float) -> float:
    if efficiency <= 0:
        raise ScienceError(
            "the flow is more than twice the best one: the machine's efficiency is not known there.",
            "lưu lượng lớn hơn gấp đôi lưu lượng tốt nhất: không biết hiệu suất của máy ở đó.",
        )
    return efficiency
