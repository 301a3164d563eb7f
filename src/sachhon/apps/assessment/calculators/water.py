"""Wastewater load and what an anaerobic reactor makes of it."""

from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.calculators.base import FUEL, FUEL_FIELD, Calculator, Field, heat_value, net_gj
from sachhon.science.equipment import wastewater, yearly
from sachhon.science.equipment.sheet import Result


def biogas(
    flow_m3_day: float,
    cod_mg_l: float,
    removed: float,
    collected: float,
    days: float,
    efficiency: float,
    fuel: str,
) -> Result:
    """Fuel that the methane of an anaerobic reactor takes the place of."""
    load = wastewater.load(flow_m3_day, cod_mg_l)
    gas = wastewater.anaerobic(load["load_kg_day"], removed, collected=collected)
    year = yearly.energy_of_days(gas["collected_kwh_day"], days)
    burnt = yearly.fuel_of_energy(year["heat_gj"], efficiency, heat_value(fuel))
    return yearly.joined("biogas", ("", load), ("", gas), ("", year), ("", burnt))


WATER = (
    Calculator(
        "wastewater",
        _("Wastewater load and biogas"),
        _(
            "The load of organic wastewater, and the fuel that its biogas takes the place of when it is burnt on site."
        ),
        "onsite_reuse",
        FUEL,
        (
            FUEL_FIELD,
            Field("flow_m3_day", _("Wastewater"), "m³/d"),
            Field("cod_mg_l", "COD", "mg/l", initial=5000),
            Field("removed", _("COD removed"), "%", "percent", initial=80, measured=False),
            Field("collected", _("Gas that is caught"), "%", "percent", initial=90, measured=False),
            Field("days", _("Days a year"), _("d"), initial=300, measured=False),
            Field(
                "efficiency",
                _("Efficiency of biogas against that of the fuel"),
                "%",
                "percent",
                initial=90,
                measured=False,
                help=_("100 % where the burner is as good with either."),
            ),
        ),
        biogas,
        "fuel",
        lambda v: [net_gj(str(v["fuel"]))],
    ),
)
