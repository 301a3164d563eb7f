"""What was saved, by which solutions, and what was consumed, over the province and cut by sector, area or size."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

SavingState = Literal["estimated", "reported", "verified"]
BreakdownKind = Literal["sector", "area", "size"]


@dataclass(frozen=True)
class SavingRow:
    """Saving of one resource in one state. Quantities are a year's, in `unit`."""

    state: SavingState
    resource: str
    unit: str
    quantity: Decimal | None
    vnd: int | None
    toe: Decimal | None
    co2_t: Decimal | None
    facilities: int
    figure_code: str
    closed: bool = False
    """The money is left out: fewer than five factories, one of which keeps a price to itself."""


@dataclass(frozen=True)
class SavingTotal:
    """All resources of one state. `facilities` counts each facility once, so it is not a column sum.

    `applying` is the same of the facilities that apply cleaner production; None where none has a saving, and
    in reports issued before it was kept.
    """

    state: SavingState
    vnd: int | None
    toe: Decimal | None
    co2_t: Decimal | None
    facilities: int
    figure_code: str
    applying: SavingTotal | None = None
    closed: bool = False


@dataclass(frozen=True)
class SavingFigures:
    """Saving inside one row of a breakdown."""

    vnd: int | None = None
    toe: Decimal | None = None
    co2_t: Decimal | None = None
    closed: bool = False


@dataclass(frozen=True)
class BreakdownRow:
    name: str
    facilities: int
    reported: int
    """Facilities that handed in the year's report."""
    aware: int
    applying: int
    cp_unit: int
    estimated: SavingFigures
    reported_saving: SavingFigures
    verified: SavingFigures
    figure_code: str = ""


@dataclass(frozen=True)
class Breakdown:
    """The province cut by sector, area or size. `total` is given, not summed here."""

    kind: BreakdownKind
    rows: tuple[BreakdownRow, ...]
    total: BreakdownRow
    figure_code: str


@dataclass(frozen=True)
class SolutionRow:
    """One of the eight groups of cleaner production solutions."""

    code: str
    name: str
    solutions: int
    facilities: int
    investment_vnd: int | None
    saving_vnd: int | None
    """Yearly saving as reported or verified by the facilities, see `saving_state`."""
    figure_code: str
    closed: bool = False
    """The money is left out: fewer than five factories, one of which keeps its solution or a price to itself."""


@dataclass(frozen=True)
class Solutions:
    """Carried out up to the end of the year; `of_year`: those of the year alone, None in older issued reports."""

    rows: tuple[SolutionRow, ...]
    total: SolutionRow
    of_year: SolutionRow | None = None
    saving_state: SavingState = "estimated"
    filed_as_treatment: int = 0
    """Measures sent in that are not cleaner production (treatment, dilution, recycling off site …)."""


@dataclass(frozen=True)
class ConsumptionRow:
    """Consumption of a resource over the years of `Consumption.years`."""

    resource: str
    unit: str
    by_year: tuple[Decimal | None, ...]
    figure_code: str
    decimals: int = 0
    change_percent: Decimal | None = None
    """Against the year before, over the facilities with records of both years."""
    accepted_percent: Decimal | None = None
    """Of the report's year: the part of facilities whose annual report was accepted; None where it was not kept."""
    unreported_percent: Decimal | None = None
    """Of the report's year: the part from bills and ledgers of facilities that have sent no report."""


@dataclass(frozen=True)
class Consumption:
    years: tuple[int, ...]
    rows: tuple[ConsumptionRow, ...]
    totals: tuple[ConsumptionRow, ...] = ()
    """TOE and t CO₂ of all resources."""
    last_year_estimated: bool = False
    """The report's year holds estimated months ("ước cả năm")."""
    paired_facilities: int = 0
    """Facilities with energy records of this year and the one before."""
    reporters: ConsumptionRow | None = None
    """How many facilities have energy records of each year; None in reports issued before it was kept."""
