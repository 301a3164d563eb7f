"""What can be said of a year that has nothing of its own kind to be compared with: no earlier year, no peers.

Consumption per unit of product is held against the benchmarks of the trade, with wide limits; what all of it cost
against the revenue. Prices and the mass balance are asked of every factory (`evidence`).
"""

import math
from collections.abc import Iterator
from dataclasses import replace

from sachhon.apps.reporting.services.evidence import Case, Found, Line
from sachhon.apps.reporting.services.sector_reference import FUELS, Limits, heat_of, limits
from sachhon.science import plausibility as science


def is_new(case: Case, line: Line) -> bool:
    """Whether neither earlier years of the resource nor peers of the trade tell how much is usual."""
    return not case.past.by_year(line.flow, line.item.pk) and not case.peers.get(line.resource_id)


def against_reference(case: Case, line: Line) -> tuple[Found, ...]:
    """One resource, or all fuels together at the first of them, against the benchmarks of the trade.

    Rules: `reference`, `reference_unit_slip` (with its factor, where one line alone is compared); an error only when
    more than ten times outside the wide limits, for a benchmark is no rule.
    """
    if case.mix is None:
        return ()
    fuels = [each for each in case.consumption_lines() if each.resource.kind in FUELS]
    together = fuels if line.resource.kind in FUELS else case.meters(line)
    found = _limits(case, line)
    used = _used(case, together) if found is not None and together[0] is line else None
    if found is None or used is None:
        return ()
    told = []
    for one in science.against_sector(used, found.low, found.high):
        severity = science.severity_outside(used, (found.low, found.high))
        slip = (
            one.factor is not None
            and len(together) == 1
            and case.months_bear_out(one.factor, together, used, math.sqrt(found.low * found.high))
        )
        rule = "reference_unit_slip" if slip else "reference"
        kept = replace(one, rule=rule, severity=severity)
        told.append(kept if slip else replace(kept, factor=None, applies_to=None))
    return tuple(Found(one, f"{found.unit}/{case.mix.unit}") for one in told)


def spending(case: Case) -> Iterator[Found]:
    """What was consumed cost more than was earned: the cost of all lines against the year's revenue."""
    stored = case.facility.years.filter(year=case.year).first() if case.report is None else case.report
    revenue = stored.revenue_vnd if stored is not None else None
    spent = sum(line.cost_vnd or 0 for line in case.consumption_lines())
    for found in science.spent_against_revenue(spent, revenue):
        yield Found(found, "VND")


def _limits(case: Case, line: Line) -> Limits | None:
    facility, resource = case.facility, line.resource
    vsic = facility.sector.code if facility.sector else ""
    return limits(
        facility.trade.code, vsic, resource.code, resource.kind, resource.unit, case.mix.unit, case.year
    )


def _used(case: Case, lines: list[Line]) -> float | None:
    """What the lines consumed per unit of product, over the months with output; fuels in GJ."""
    months = case.months_beside_output(lines)
    output = case.output(months)
    heats = [heat_of(line.resource, case.year) if line.resource.kind in FUELS else 1.0 for line in lines]
    if not output or None in heats:
        return None
    used = sum(case.whole(line, months) * heat for line, heat in zip(lines, heats, strict=True) if heat)
    return used / output if math.isfinite(used) else None
