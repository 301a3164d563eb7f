"""A quantity as it was typed, in the unit its balance is held in: tonnes for mass and substances, GJ for energy.

Litres and cubic metres of what has a density, tonnes of what has a heating value: the fact of the resource that
carries it over comes back with the factor, for the lineage.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.utils.translation import gettext as _

from sachhon.apps.assessment.models.flow import ENERGY, ENERGY_UNIT, MASS_UNIT
from sachhon.reference import (
    Fact,
    FactNotFound,
    UnitError,
    bridge_fact,
    convert,
    dimension,
    normalise_unit,
    toe_factor,
    unit_label,
)

CONTENT_UNITS = {"pct": Decimal("0.01"), "kg/kg": Decimal(1)}


class WrongUnit(ValueError):
    """A unit that says nothing of this stream; the words tell which would."""


@dataclass(frozen=True)
class Factor:
    """One unit as typed = `value` units of the balance; `fact` carried it over, where one was needed."""

    value: Decimal
    fact: Fact | None = None


def unit_code(text: str) -> str:
    """The canonical code of a unit as people write it; `WrongUnit` where it is not known."""
    code = normalise_unit(text.strip())
    if code is None:
        raise WrongUnit(
            _("The unit “%(unit)s” is not known: write for example kg, tấn, m³, kWh, GJ.") % {"unit": text}
        )
    return code


@cache
def flow_factor(unit: str, layer: str, resource: str, kind: str, on: datetime.date) -> Factor:
    """What turns a flow typed in `unit` into the unit of `layer`."""
    wanted = ENERGY_UNIT if layer == ENERGY else MASS_UNIT
    resource = resource or ("water" if kind == "water" or ("/" not in unit and kind == "waste") else "")
    try:
        fact = None if dimension(unit) == dimension(wanted) else bridge_fact(resource, unit, wanted, on)
        return Factor(convert(Decimal(1), unit, wanted, resource=resource or None, on=on), fact)
    except UnitError:
        pass
    if layer == ENERGY and resource and (found := _by_heating_value(unit, resource, on)):
        return found
    needed = _("an energy, such as kWh or GJ") if layer == ENERGY else _("a mass, such as kg or tấn")
    raise WrongUnit(
        _(
            "“%(unit)s” cannot be turned into %(wanted)s: give %(needed)s, or choose a resource whose density or "
            "heating value is known."
        )
        % {"unit": unit_label(unit), "wanted": wanted, "needed": needed}
    )


@cache
def content_factor(unit: str, layer: str, resource: str, kind: str, on: datetime.date) -> Factor:
    """What turns a content typed in `unit` into tonnes a tonne, of energy into GJ a tonne."""
    if layer == ENERGY:
        try:
            return Factor(convert(Decimal(1), unit, f"{ENERGY_UNIT}/{MASS_UNIT}"))
        except UnitError:
            raise WrongUnit(_("Give the heating value in kcal/kg, MJ/kg or kWh/t.")) from None
    if unit in CONTENT_UNITS:
        return Factor(CONTENT_UNITS[unit])
    head, slash, tail = unit.partition("/")
    try:
        if slash and dimension(tail) == "volume":
            carrier = flow_factor(tail, "goods", resource, kind, on)
            return Factor(convert(Decimal(1), head, MASS_UNIT) / carrier.value, carrier.fact)
        return Factor(convert(Decimal(1), unit, f"{MASS_UNIT}/{MASS_UNIT}"))
    except UnitError:
        raise WrongUnit(_("Give the content in %, g/kg, kg/t or mg/l.")) from None


def _by_heating_value(unit: str, resource: str, on: datetime.date) -> Factor | None:
    try:
        fact = toe_factor(resource, on)
        per = fact.unit.partition("/")[2]
        amount = convert(Decimal(1), unit, per, resource=resource, on=on)
        return Factor(
            amount * convert(Decimal(fact.value or 0), fact.unit.partition("/")[0], ENERGY_UNIT), fact
        )
    except (FactNotFound, UnitError):
        return None
