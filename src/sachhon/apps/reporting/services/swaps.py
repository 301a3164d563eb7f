"""Two lines of a year whose figures stand in each other's place: columns filled in swapped.

Each alone may look like a change that happens (cement up by 44 %, sand down by 31 %); together they are last year's
figures crosswise. Not here: a single line against its history (`own_history`).
"""

from collections import defaultdict
from collections.abc import Iterator

from sachhon.apps.registry.models import Flow
from sachhon.apps.reporting.services.evidence import Case, Found, Line
from sachhon.apps.reporting.services.rules import rule
from sachhon.science import plausibility as science


def swapped_lines(case: Case) -> Iterator[tuple[Line, Line, Found]]:
    """The pairs of things consumed, or made, that are swapped against the newest earlier year that shares months."""
    for flow in (Flow.CONSUMPTION, Flow.OUTPUT):
        pairs = [found for line in _first_lines(case, flow) if (found := _both_years(case, line)) is not None]
        for i, j in science.swapped(
            [now for _line, now, _then in pairs],
            [then for _line, _now, then in pairs],
            apart=rule("plausibility.swap_apart"),
            fit=rule("plausibility.swap_fit"),
        ):
            line, now, then = pairs[i]
            low, high = sorted((then, pairs[j][2]))
            found = science.Finding("lines_swapped", science.Severity.ERROR, now, (low, high))
            yield line, pairs[j][0], Found(found, line.item.unit)


def _first_lines(case: Case, flow: str) -> list[Line]:
    """One line of each product or resource."""
    found: dict[int, Line] = {}
    for line in case.lines:
        if line.flow == flow:
            found.setdefault(line.item.pk, line)
    return list(found.values())


def _both_years(case: Case, line: Line) -> tuple[Line, float, float] | None:
    """The thing's sums of the months it shares with the newest earlier year; None without enough of them."""
    now: dict[int, float] = defaultdict(float)
    for each in case.lines:
        if each.flow == line.flow and each.item.pk == line.item.pk:
            for month, quantity in case.months[each.pk].items():
                now[month] += quantity
    for _year, then in sorted(case.past.by_year(line.flow, line.item.pk).items(), reverse=True):
        shared = now.keys() & then.keys()
        sums = sum(now[m] for m in shared), sum(then[m] for m in shared)
        if len(shared) >= rule("plausibility.shared_months") and min(sums) > 0:
            return line, *sums
    return None
