"""What a calculator is, and one run of it: the best estimate, and the range from how sure the readings are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sachhon.reference.facts import Fact, fact, facts
from sachhon.science.equipment.sheet import Result
from sachhon.science.equipment.spread import spread
from sachhon.science.uncertainty import Measured

Kind = Literal["number", "percent", "whole", "choice"]
FUEL = "fuel"  # the resource is the one chosen in the field "fuel"
COVERAGE = 1.96  # an uncertainty typed as "± %" is one of 95 %


@dataclass(frozen=True)
class Field:
    """One input. `measured`: read on site, so that the typed uncertainty of readings applies to it."""

    name: str
    label: str | Promise
    unit: str = ""
    kind: Kind = "number"
    initial: object = None
    choices: Callable[[str], Sequence[tuple[str, str]]] | None = None
    help: str | Promise = ""
    measured: bool = True
    required: bool = True


@dataclass(frozen=True)
class Calculator:
    """A form over science. `chain` takes the inputs (shares as fractions) and returns a sheet with `saving_step`.

    resource : code of what is saved, or FUEL; "" where nothing of a meter is saved (a charge, a load).
    facts : the reference facts that a set of inputs uses.
    """

    code: str
    title: str | Promise
    intro: str | Promise
    group: str
    resource: str
    fields: tuple[Field, ...]
    chain: Callable[..., Result]
    saving_step: str = "saving"
    facts: Callable[[Mapping[str, object]], Sequence[Fact]] = lambda values: ()

    @property
    def function(self) -> str:
        return f"{self.chain.__module__}.{self.chain.__qualname__}"

    def resource_of(self, values: Mapping[str, object]) -> str:
        return str(values["fuel"]) if self.resource == FUEL else self.resource


@dataclass(frozen=True)
class Outcome:
    """A run: the sheet, and the saving a year as low, likely and high (all the same where nothing is uncertain)."""

    sheet: Result
    low: float
    likely: float
    high: float
    shares: Mapping[str, float]  # what the range comes from, input → share of the variance


def run(calculator: Calculator, values: Mapping[str, object], relative: float) -> Outcome:
    """Runs a calculator; `relative` is the 95 % uncertainty of what was read on site (0.1 = ± 10 %)."""
    given = {name: value for name, value in values.items() if value is not None}
    certain = calculator.chain(**given)
    likely = certain[calculator.saving_step]
    read = [
        f.name
        for f in calculator.fields
        if f.measured and f.kind in ("number", "percent") and given.get(f.name)
    ]
    if not relative or not read:
        return Outcome(certain, likely, likely, likely, {})
    uncertain = {
        name: Measured(float(given[name]), abs(float(given[name])) * relative / COVERAGE) for name in read
    }
    found = spread(calculator.chain, **(given | uncertain))
    low, high = found[calculator.saving_step].interval(COVERAGE)
    return Outcome(certain, low, likely, high, found.shares[calculator.saving_step])


def net_gj(resource: str) -> Fact:
    """The fact that holds a fuel's net calorific value in GJ a unit (beside its emission factor)."""
    return next(f for f in _fuels() if f.code == resource)


def heat_value(resource: str) -> float:
    """Net calorific value, GJ a unit of the resource."""
    return float(net_gj(resource).extra["ncv_gj"])


def fuel_choices(lang: str) -> list[tuple[str, str]]:
    """Fuels with a known calorific value, by name."""
    return [(f.code, fact(f"resources.{f.code}", _any_day(f)).name(lang)) for f in _fuels()]


def table_choices(table: str) -> Callable[[str], list[tuple[str, str]]]:
    """Choices of a reference table."""
    return lambda lang: [(f.code, f.name(lang)) for f in facts(table)]


FUEL_FIELD = Field("fuel", _("Fuel saved"), kind="choice", choices=fuel_choices, measured=False)
HOURS = Field("hours", _("Hours a year"), "h", initial=7200, measured=False)
EFFICIENCY = Field(
    "efficiency", _("Efficiency of the boiler or heater"), "%", "percent", initial=75, measured=False
)


@cache
def _fuels() -> tuple[Fact, ...]:
    latest: dict[str, Fact] = {}
    for f in facts("co2"):
        if f.extra.get("ncv_gj"):
            latest[f.code] = f
    return tuple(latest.values())


def _any_day(f: Fact):
    import datetime

    return f.valid_from or datetime.date(2026, 1, 1)
