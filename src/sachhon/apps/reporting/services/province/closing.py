"""What the province's sums leave out, so that none of them tells what a factory keeps to itself.

A solution that its factory marked as a trade secret goes into sums of five factories and more. The money (and TOE,
CO₂) of a smaller sum that holds one is left out, and with it that of one further sum of the same table where the
total would otherwise give it away by subtraction. Counts stay. Not here: money that tells a price (closing_prices.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sachhon.apps.assessment.models import Option
from sachhon.apps.reporting.models import ReportSolution
from sachhon.apps.reporting.services.province.counted import SolutionCount
from sachhon.apps.reporting.services.verified_marks import PREFIX, options_of_key
from sachhon.warehouse.rollup.savings import SavingSum

FEW = 5  # factories: a smaller sum does not hide one of them


@dataclass(frozen=True)
class Secret:
    """A trade secret in a report: whose, of which group of solutions, of which year."""

    facility: int
    group: str
    year: int


def secrets_of(province: str, year: int) -> tuple[Secret, ...]:
    """The solutions of reports up to `year` that came from an option its factory keeps to itself."""
    kept = set(
        Option.objects.filter(confidential=True, assessment__facility__province_code=province).values_list(
            "pk", flat=True
        )
    )
    if not kept:
        return ()
    rows = ReportSolution.objects.filter(
        report__facility__province_code=province, report__year__lte=year, origins__has_key=PREFIX
    ).values_list("report__facility_id", "group", "report__year", "origins")
    return tuple(
        Secret(facility, group, reported)
        for facility, group, reported, origins in rows
        if kept & options_of_key(origins[PREFIX][0])
    )


def close_solutions(counts: Sequence[SolutionCount], secrets: Iterable[Secret]) -> tuple[SolutionCount, ...]:
    """The counts by group and their total (group None), the money of what would tell a secret left out."""
    groups = {s.group for s in secrets}
    if not groups:
        return tuple(counts)
    small = {
        c.group for c in counts if c.facilities < FEW and (c.group in groups or (c.group is None and groups))
    }
    named = {c.group for c in counts if c.group is not None}
    total_open = None not in small and any(c.group is None for c in counts)
    told = {c.group: c.saving_vnd or c.investment_vnd or 0 for c in counts if c.group in named}
    small |= beside(small & named, told) if total_open else set()
    return tuple(
        replace(c, investment_vnd=None, saving_vnd=None, closed=True) if c.group in small else c
        for c in counts
    )


def close_cut(sums: Sequence[SavingSum], rows: set[str | None]) -> tuple[SavingSum, ...]:
    """A cut's savings without those that would tell a secret. rows : where the factories with a secret are counted."""
    closed: set[tuple[str | None, str]] = set()
    for state in {s.state for s in sums}:
        mine = [s for s in sums if s.state == state]
        small = {s.group for s in mine if s.group in rows and s.facilities < FEW}
        small |= beside(small, {s.group: s.vnd or 0 for s in mine})
        closed |= {(group, state) for group in small}
    return tuple(s for s in sums if (s.group, s.state) not in closed)


def beside(closed: set, told: Mapping) -> set:
    """The smallest other sum, where a single one is closed and could be had from the total by subtraction."""
    others = [group for group, amount in told.items() if group not in closed and amount]
    return {min(others, key=lambda group: abs(told[group]))} if len(closed) == 1 and others else set()
