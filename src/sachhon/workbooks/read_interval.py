"""Read an interval meter's export: a value each 15, 30 or 60 minutes, added up by month.

Repeated time stamps count once, gaps are counted, and a value marked as an error is left out, except
where it is plainly a slip of the unit (about 1,000 times the usual): then it is set right. Each of these
is told with its number. A month with gaps is an estimate. A stamp is the start of its interval, unless the
export runs from the first interval's end to midnight of the day after.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sachhon.workbooks.dates import month_code
from sachhon.workbooks.reader import Reader
from sachhon.workbooks.values import is_nothing, parse_moment

_SLIPS = (1000, 1_000_000)


def read_interval(reader: Reader) -> None:
    """Collect the intervals of every figure column by month."""
    date_col = reader.of("date")
    if date_col is None:
        reader.problem("error", "date_missing")
        return
    time_col = reader.of("time")
    stamps: dict[int, datetime] = {}
    for row in reader.rows:
        moment = moment_of(reader.value(row, date_col), reader.value(row, time_col), reader.year)
        if moment is None:
            level = "error" if not is_nothing(reader.value(row, date_col)) else "warning"
            reader.problem(level, "date_unreadable", row, date_col, value=reader.value(row, date_col))
        elif reader.likely(row, date_col, moment.year):
            stamps[row] = moment
    if not stamps:
        return
    step = _step(list(stamps.values()))
    shift = step if _stamps_ends(sorted(stamps.values()), step) else timedelta()
    for col in reader.all_of("quantity", "out"):
        _read_column(reader, col, stamps, step, shift)


def moment_of(day: Any, clock: Any, year: int | None = None) -> datetime | None:
    """A date cell and, where the time stands in a column of its own, that cell too."""
    moment = parse_moment(day, year)
    if moment is None or clock == "":
        return moment
    if isinstance(clock, time):
        return moment + timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
    if isinstance(clock, float | int) and 0 <= clock <= 1:
        return moment + timedelta(seconds=round(clock * 86400))
    match = _CLOCK.match(str(clock).strip())
    return moment + timedelta(hours=int(match[1]), minutes=int(match[2])) if match else None


def is_clock(value: Any) -> bool:
    """True for text that is a time of day, or the beginning of a span of the day ("00:30 - 01:00")."""
    return isinstance(value, str) and _CLOCK.match(value.strip()) is not None


_CLOCK = re.compile(r"(\d{1,2})[:hg](\d{2})(?::\d{2})?(?:\s*[-–]\s*\d{1,2}[:hg]\d{2}(?::\d{2})?)?$")


def _step(moments: list[datetime]) -> timedelta:
    ordered = sorted(set(moments))
    steps = sorted(b - a for a, b in pairwise(ordered))
    return steps[len(steps) // 2] if steps else timedelta(minutes=30)


def _stamps_ends(moments: list[datetime], step: timedelta) -> bool:
    first, last = moments[0], moments[-1]
    midnight = timedelta(hours=last.hour, minutes=last.minute) == timedelta()
    return midnight and timedelta(hours=first.hour, minutes=first.minute) == step


def _read_column(
    reader: Reader, col: int, stamps: dict[int, datetime], step: timedelta, shift: timedelta
) -> None:
    thing = reader.thing(next(iter(stamps)), col)
    if thing is None:
        return
    values: dict[datetime, Decimal] = {}
    rows: dict[datetime, int] = {}
    repeated: list[int] = []
    conflicting: list[int] = []
    faults: list[datetime] = []
    for row, moment in stamps.items():
        number = reader.number(row, col)
        if number is None:
            continue
        if moment in values:
            (repeated if values[moment] == number.value else conflicting).append(row)
            continue
        if number.value < 0:
            reader.problem("error", "quantity_negative", row, col, value=number.value)
            continue
        values[moment], rows[moment] = number.value, row
        if reader.faulty(row):
            faults.append(moment)
    if not values:
        return
    present = list(values)
    _set_right(reader, col, values, rows, faults)
    unit = reader.unit(min(rows.values()), col, reader.number(min(rows.values()), col))  # type: ignore[arg-type]
    if unit is None:
        return
    for rule, found in (("interval_duplicate", repeated), ("interval_conflict", conflicting)):
        if found:
            reader.problem(
                "warning", rule, found[0], col, count=len(found), first=f"{stamps[found[0]]:%d/%m/%Y %H:%M}"
            )
    missing = _missing(present, step)
    if missing:
        minutes = int(step.total_seconds() // 60)
        reader.problem(
            "warning",
            "interval_gap",
            count=len(missing),
            minutes=minutes,
            first=f"{missing[0]:%d/%m/%Y %H:%M}",
        )
    # Gaps, and values that were dropped, are not made up for: their months are less than what was used.
    lacking = {month_code(moment - shift) for moment in _missing(list(values), step)}
    by_month: dict[str, list[datetime]] = {}
    for moment in values:
        by_month.setdefault(month_code(moment - shift), []).append(moment)
    for month, moments in by_month.items():
        total = sum((values[m] for m in moments), Decimal(0))
        converted = reader.in_canonical(total, unit, thing, rows[moments[0]], col)
        if converted:
            cells = [(rows[m], col) for m in moments]
            lacks = month in lacking
            reader.add(thing, month, converted[0], converted[1], cells, source="meter", lacks=lacks)
    reader.count("interval_readings", len(values))
    reader.count("interval_missing", len(missing))
    reader.count("interval_duplicates", len(repeated) + len(conflicting))


def _set_right(
    reader: Reader,
    col: int,
    values: dict[datetime, Decimal],
    rows: dict[datetime, int],
    faults: list[datetime],
) -> None:
    """Divide marked unit slips, drop other marked values, and tell of unmarked spikes."""
    ordered = sorted(values.values())
    usual, high = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    dropped: list[datetime] = []
    slips = [m for m, v in values.items() if m not in faults and _slip(v, usual, high)]
    for moment in [*faults, *slips]:
        value = values[moment]
        factor = _slip(value, usual, high)
        if factor:
            values[moment] = value / factor
            reader.count("interval_spikes")
            reader.problem(
                "warning", "interval_spike", rows[moment], col, value=value, factor=factor,
                status=reader.faulty(rows[moment]) or "–", used=values[moment],
            )  # fmt: skip
        else:
            dropped.append(moment)
    for moment in dropped:
        del values[moment]
    if dropped:
        at = rows[dropped[0]]
        reader.problem(
            "warning", "interval_error", at, col, count=len(dropped), first=f"{dropped[0]:%d/%m/%Y %H:%M}"
        )
        reader.count("interval_errors", len(dropped))
    for moment, value in values.items():
        if usual and value > 100 * max(usual, high) and moment not in faults:
            reader.problem(
                "warning",
                "interval_spike_unmarked",
                rows[moment],
                col,
                value=value,
                factor=int(value / usual),
            )


def _slip(value: Decimal, usual: Decimal, high: Decimal) -> int | None:
    """1000 or a million where dividing by it brings the value back among the others."""
    return next(
        (f for f in _SLIPS if usual and usual / 20 <= value / f <= 2 * high and value > 50 * high), None
    )


def _missing(moments: list[datetime], step: timedelta) -> list[datetime]:
    ordered = sorted(moments)
    missing: list[datetime] = []
    for before, after in pairwise(ordered):
        if after - before > step * 1500:
            continue  # a month and more is another export, not a gap of this one
        lost = before + step
        while lost < after - step / 2:
            missing.append(lost)
            lost += step
    return missing
