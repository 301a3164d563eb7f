"""Lines whose figures stand in each other's place: columns filled in swapped, for a year or some months of it.

Each alone may look like a change that happens (cement up by 44 %, sand down by 31 %); together they are last year's
figures crosswise. Not here: a single line against its history (`own_history`).
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from statistics import median

import numpy as np

from sachhon.apps.registry.models import Flow
from sachhon.apps.reporting.services.evidence import Case, Found, Line
from sachhon.apps.reporting.services.rules import rule
from sachhon.science import plausibility as science
from sachhon.science import swaps

MONTHS = range(1, 13)
ByYear = dict[int, dict[int, float]]  # year → month → consumption per unit of product


def swapped_lines(case: Case) -> Iterator[tuple[Line, Line, Found]]:
    """The pairs of things consumed, or made, that are swapped against the newest earlier year that shares months."""
    for flow in (Flow.CONSUMPTION, Flow.OUTPUT):
        pairs = [found for line in _first_lines(case, flow) if (found := _both_years(case, line)) is not None]
        for i, j in swaps.swapped(
            [now for _line, now, _then in pairs],
            [then for _line, _now, then in pairs],
            apart=rule("plausibility.swap_apart"),
            fit=rule("plausibility.swap_fit"),
        ):
            line, now, then = pairs[i]
            low, high = sorted((then, pairs[j][2]))
            found = science.Finding("lines_swapped", science.Severity.ERROR, now, (low, high))
            yield line, pairs[j][0], Found(found, line.item.unit)


def turned_lines(case: Case) -> Iterator[tuple[list[Line], list[int], Found]]:
    """Rings of two or three resources whose consumption per unit of product stands in each other's place for some
    months in a row, with those months. Each line holds the figures of the next, the last one those of the first."""
    if case.mix is None:
        return
    made = {month: case.output((month,)) or 0.0 for month in MONTHS}
    lines, now, usual, spread = [], [], [], []
    for line in _first_lines(case, Flow.CONSUMPTION):
        past = _earlier(case, line)
        seen = [value for months in past.values() for value in months.values()]
        if len(seen) < science.DEFAULT.min_history:
            continue
        amounts = _now(case, line)
        lines.append(line)
        now.append([amounts.get(m, math.nan) / made[m] if made[m] > 0 else math.nan for m in MONTHS])
        usual.append([_usual(past, month) for month in MONTHS])
        spread.append(science.spread_of(seen))
    if len(lines) < 2:
        return
    for ring in swaps.turned(
        np.array(now),
        np.array(usual),
        np.array(spread),
        apart=rule("plausibility.swap_apart"),
        fit=rule("plausibility.swap_fit"),
        least_months=int(rule("plausibility.swap_months")),
        least_odds=rule("plausibility.swap_odds"),
    ):
        first, following, at = ring.lines[0], ring.lines[1], list(ring.months)
        observed, own, other = (
            float(np.mean(np.array(table[i])[at]))
            for table, i in ((now, first), (usual, first), (usual, following))
        )
        found = science.Finding(
            "lines_turned", science.Severity.ERROR, observed, (min(own, other), max(own, other))
        )
        unit = f"{lines[first].item.unit}/{case.mix.unit}"
        yield [lines[i] for i in ring.lines], [MONTHS[i] for i in at], Found(found, unit)


def _earlier(case: Case, line: Line) -> ByYear:
    """What was consumed per unit of product in the months of earlier years that have both."""
    found: ByYear = defaultdict(dict)
    for (year, month), amount in case.past.consumption.get(line.item.pk, {}).items():
        output = case.mix.output(case.past.outputs.get((year, month), {})) if case.mix is not None else 0.0
        if output > 0 and amount.quantity > 0:
            found[year][month] = amount.quantity / output
    return found


def _usual(past: ByYear, month: int) -> float:
    """What is usual for a month: the middle of that month of earlier years; NaN where there is none."""
    same = [months[month] for months in past.values() if month in months]
    return median(same) if same else math.nan


def _first_lines(case: Case, flow: str) -> list[Line]:
    """One line of each product or resource."""
    found: dict[int, Line] = {}
    for line in case.lines:
        if line.flow == flow:
            found.setdefault(line.item.pk, line)
    return list(found.values())


def _now(case: Case, line: Line) -> dict[int, float]:
    """The year's months of the thing, all its meters together."""
    now: dict[int, float] = defaultdict(float)
    for each in case.lines:
        if each.flow == line.flow and each.item.pk == line.item.pk:
            for month, quantity in case.months[each.pk].items():
                now[month] += quantity
    return now


def _both_years(case: Case, line: Line) -> tuple[Line, float, float] | None:
    """The thing's sums of the months it shares with the newest earlier year; None without enough of them."""
    now = _now(case, line)
    for _year, then in sorted(case.past.by_year(line.flow, line.item.pk).items(), reverse=True):
        shared = now.keys() & then.keys()
        sums = sum(now[m] for m in shared), sum(then[m] for m in shared)
        if len(shared) >= rule("plausibility.shared_months") and min(sums) > 0:
            return line, *sums
    return None
