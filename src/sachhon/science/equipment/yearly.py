"""From what a calculator finds at one moment to what a year saves: fuel behind heat, a better efficiency, a share.

    fuel       F = n Q h 3.6e-3 / (η H)         Q heat in kW, h hours, η of what makes it, H net GJ a unit
    efficiency ΔF = F (1 − η₀ / η₁)             the same useful heat at a better efficiency
    share      ΔE = E x                         the part of a loss that is really taken away

`joined` puts the sheets of several calculators one behind the other, each step under its own name, so that a
chain (leak → heat → fuel) reads as one calculation. Source: mass and energy balance; US DOE Steam Tip Sheets
for the form. Not here: which share of a loss a repair takes away (the engineer says).
"""

from __future__ import annotations

from sachhon.science.equipment.sheet import HOURS_OF_A_YEAR, Result, Sheet, not_negative, positive, share
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


def fuel_of_heat(
    heat_kw: float, hours: float, efficiency: float, net_gj_unit: float, count: float = 1
) -> Result:
    """Fuel a year behind a flow of heat, or `count` such flows.

    Steps: heat_gj, fuel_gj, fuel (in the unit that net_gj_unit is for). A negative heat is one that gets worse.
    """
    not_negative(hours=hours, count=count)
    _year(hours)
    sheet = Sheet("fuel_of_heat", "energy balance")
    heat = sheet.step("heat_gj", "n Q h 3.6e-3", count * heat_kw * hours * 3.6e-3, "GJ")
    return joined("fuel_of_heat", ("", sheet.result()), ("", fuel_of_energy(heat, efficiency, net_gj_unit)))


def fuel_of_energy(energy_gj: float, efficiency: float, net_gj_unit: float) -> Result:
    """Fuel behind an amount of heat. Steps: fuel_gj, fuel (in the unit that net_gj_unit is for)."""
    positive(efficiency=efficiency, net_gj_unit=net_gj_unit)
    share(efficiency=efficiency)
    sheet = Sheet("fuel_of_energy", "energy balance")
    fuel = sheet.step("fuel_gj", "heat / η", energy_gj / efficiency, "GJ")
    sheet.step("fuel", "fuel / H", fuel / net_gj_unit, "units")
    return sheet.result()


def kept_by_insulation(bare_w_m: float, insulated_w_m: float, length_m: float) -> Result:
    """Heat that insulation keeps in a length of pipe. Step: heat_kw."""
    not_negative(length_m=length_m)
    sheet = Sheet("kept_by_insulation", "bare less insulated")
    sheet.step("heat_kw", "(q₀ − q₁) L / 1000", (bare_w_m - insulated_w_m) * length_m / 1e3, "kW")
    return sheet.result()


def energy_of_days(kwh_day: float, days: float) -> Result:
    """Energy of so many days. Step: heat_gj."""
    not_negative(kwh_day=kwh_day, days=days)
    _year(24 * days)
    sheet = Sheet("energy_of_days", "daily energy times days")
    sheet.step("heat_gj", "E d 3.6e-3", kwh_day * days * 3.6e-3, "GJ")
    return sheet.result()


def better_efficiency(used: float, before: float, after: float) -> Result:
    """What the same useful heat takes less at a better efficiency; negative where it is worse.

    used : units a year now. Steps: relative, saving.
    """
    not_negative(used=used)
    positive(before=before, after=after)
    share(before=before, after=after)
    sheet = Sheet("better_efficiency", "the same useful heat: F₁ = F₀ η₀ / η₁")
    part = sheet.step("relative", "1 − η₀ / η₁", 1 - before / after, "1")
    sheet.step("saving", "F ΔF/F", used * part, "units")
    return sheet.result()


def taken_away(yearly: float, part: float) -> Result:
    """The part of a yearly loss that a measure takes away. Step: saving."""
    share(part=part)
    sheet = Sheet("taken_away", "the engineer's judgement of what the measure reaches")
    sheet.step("saving", "E x", yearly * part, "units")
    return sheet.result()


def joined(calculator: str, *parts: tuple[str, Result]) -> Result:
    """Several sheets as one: (prefix, result) in order; a step is "prefix: step", or as it was without prefix."""
    steps, ranges, sources = [], [], []
    for prefix, result in parts:
        named = Sheet(calculator, "")
        for step in result.steps:
            named.step(f"{prefix}: {step.name}" if prefix else step.name, step.formula, step.value, step.unit)
        steps.extend(named.result().steps)
        ranges.extend(result.ranges)
        if result.source not in sources:
            sources.append(result.source)
    twice = {s.name for s in steps if sum(other.name == s.name for other in steps) > 1}
    if twice:
        raise ScienceError(
            f"{calculator}: two steps are called {sorted(twice)[0]}; give one of them a prefix.",
            f"{calculator}: hai bước cùng tên {sorted(twice)[0]}; hãy thêm tiền tố cho một bước.",
        )
    return Result(calculator, "; ".join(sources), tuple(steps), tuple(ranges))


def _year(hours: float) -> None:
    if hours > HOURS_OF_A_YEAR:
        raise ScienceError(
            f"{hours:g} hours are more than a year has ({HOURS_OF_A_YEAR} at most).",
            f"{comma(hours):g} giờ là nhiều hơn số giờ của một năm (tối đa {HOURS_OF_A_YEAR}).",
        )
