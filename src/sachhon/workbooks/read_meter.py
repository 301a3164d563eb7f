"""Read a cumulative meter: what lies between two readings was used, spread by day between them.

A reading stands for the end of its day, unless most readings are of the first of a month: those were
taken in the morning and close the month before. A fall of the index is a replaced meter where a note says
so or the new index starts afresh on the same day; a roll-over where the old index was near the top of its
digits; else it is an error and the step is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

from sachhon.workbooks.dates import LIKELY_YEARS, month_code, month_of
from sachhon.workbooks.read_interval import moment_of
from sachhon.workbooks.reader import Reader, Thing
from sachhon.workbooks.spread import spread
from sachhon.workbooks.values import fold, is_nothing, parse_date, parse_number
from sachhon.workbooks.vocabulary import has_word, words_of

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Index:
    row: int
    col: int
    day: date
    value: Decimal
    unit: str
    factor: Decimal
    note: str
    estimated: str | None
    thing: Thing


def read_cumulative(reader: Reader) -> None:
    """Collect the use between readings by month, meter by meter."""
    series: dict[str, list[_Index]] = defaultdict(list)
    for row in reader.rows:
        for col in reader.all_of("reading"):
            index = _index(reader, row, col)
            if index:
                meter = " ".join(str(reader.value(row, c)).strip() for c in reader.all_of("meter"))
                series[f"{col}|{meter}|{index.thing.label}"].append(index)
    covered: set[date] = set()
    for indexes in series.values():
        ordered = sorted(enumerate(indexes), key=lambda pair: (pair[1].day, pair[0]))
        covered |= _read_series(reader, [index for _, index in ordered])
    months: dict[str, int] = defaultdict(int)
    for day in covered:
        months[month_code(day)] += 1
    for month, days in sorted(months.items()):
        whole = month_of(int(month[:4]), int(month[5:])).days
        if days < whole:
            reader.partial[month] = (days, whole)


def _index(reader: Reader, row: int, col: int) -> _Index | None:
    date_col = reader.of("date")
    if date_col is None:
        reader.problem("error", "date_missing", row, col)
        return None
    if is_nothing(reader.value(row, col)):
        return None
    value = reader.value(row, date_col)
    moment = moment_of(value, reader.value(row, reader.of("time")), reader.year)
    day = moment.date() if moment else parse_date(value, reader.year)
    if moment and moment.time() == time() and _has_time(value, reader.value(row, reader.of("time"))):
        day = moment.date() - _DAY  # midnight closes the day before
    if day is None:
        reader.problem(
            "error", "date_missing" if is_nothing(value) else "date_unreadable", row, date_col, value=value
        )
        return None
    if not LIKELY_YEARS[0] <= day.year <= LIKELY_YEARS[1]:
        reader.likely(row, date_col, day.year)
        return None
    if (isinstance(value, str) and not any(c in value for c in "/-.")) or _month_only(value):
        day = month_of(day.year, day.month).last  # "Tháng 3": the reading that closes the month
    number = reader.number(row, col)
    thing = reader.thing(row, col)
    if number is None or thing is None:
        return None
    if number.value < 0:
        reader.problem("error", "quantity_negative", row, col, value=number.value)
        return None
    if word := reader.faulty(row):
        reader.problem("warning", "status_error", row, reader.of("status"), word=word)
        return None
    unit = reader.unit(row, col, number)
    factor_col = reader.of("multiplier")
    factor = reader.number(row, factor_col) if factor_col is not None else None
    notes = " ".join(str(reader.value(row, c)) for c in reader.all_of("note", "status"))
    if unit is None:
        return None
    return _Index(
        row,
        col,
        day,
        number.value,
        unit,
        factor.value if factor else Decimal(1),
        notes,
        reader.estimated(row),
        thing,
    )


def _has_time(value: object, clock: object) -> bool:
    return clock != "" or isinstance(value, datetime) or (isinstance(value, str) and ":" in value)


def _month_only(value: object) -> bool:
    return (
        isinstance(value, str) and parse_date(value) is not None and value.count("/") + value.count(".") == 1
    )


def _read_series(reader: Reader, indexes: list[_Index]) -> set[date]:
    """Add the steps of one meter; the days they cover."""
    morning = reader.profile.reading_time == "morning" or (
        reader.profile.reading_time == "auto" and sum(i.day.day == 1 for i in indexes) > len(indexes) / 2
    )
    back = _DAY if morning else timedelta()
    usual = _usual_step(indexes)
    covered: set[date] = set()
    for before, after in pairwise(indexes):
        used = _step(reader, before, after, usual)
        reader.count("readings")
        if used is None or (after.day == before.day and not used):
            continue
        first, last = before.day + _DAY - back, after.day - back
        first = min(first, last)
        converted = reader.in_canonical(used * after.factor, after.unit, after.thing, after.row, after.col)
        if converted is None:
            continue
        amount, unit = converted
        days = (last - first).days + 1
        if usual and days and amount / days > 20 * usual * after.factor and amount:
            times = int(amount / days / (usual * after.factor))
            reader.problem("warning", "meter_jump", after.row, after.col, used=amount, times=times)
        cells = [(before.row, before.col), (after.row, after.col)]
        for month, part in spread(amount, first, last).items():
            reader.add(after.thing, month, part, unit, cells, source="meter", estimated=bool(after.estimated))
        if after.estimated:
            reader.problem("warning", "estimated", after.row, after.col, word=after.estimated)
        covered.update(first + i * _DAY for i in range(days))
    return covered


def _step(reader: Reader, before: _Index, after: _Index, usual: Decimal | None) -> Decimal | None:
    """What was used between two readings, in index units; None where it cannot be told."""
    swapped = has_word(after.note, words_of("replaced")) and not has_word(after.note, words_of("final"))
    if len(reader.all_of("reading")) > 1 and after.value >= before.value:
        swapped = False  # the note is of another meter of the same line
    same_day = after.day == before.day
    if same_day and (swapped or after.value < before.value):
        reader.problem("info", "meter_replaced", after.row, after.col, before=before.value, after=after.value)
        return Decimal(0)
    if after.value >= before.value and not swapped:
        return after.value - before.value
    old_final = _final_index(after.note, before.value) if swapped else None
    if old_final is not None:
        reader.problem("info", "meter_replaced", after.row, after.col, before=old_final, after=after.value)
        return old_final - before.value + after.value
    if swapped and after.value < before.value:
        # Only the new meter's index is known: what the old one still counted is lost, and that is said.
        reader.problem(
            "warning", "meter_replaced", after.row, after.col, before=before.value, after=after.value
        )
        return after.value
    if swapped:
        return after.value - before.value
    digits = reader.profile.meter_digits or len(str(int(before.value)))
    top = Decimal(10) ** digits
    used = top - before.value + after.value
    days = max((after.day - before.day).days, 1)
    likely = usual is not None and used <= 5 * usual * days
    noted = has_word(after.note, words_of("rollover"))
    if reader.profile.meter_digits or noted or (before.value >= top * Decimal("0.9") and likely):
        reader.problem(
            "warning", "meter_rollover", after.row, after.col,
            before=before.value, after=after.value, used=used, digits=digits,
        )  # fmt: skip
        return used
    reader.problem("error", "meter_backwards", after.row, after.col, before=before.value, after=after.value)
    return None


def _final_index(note: str, before: Decimal) -> Decimal | None:
    """The old meter's last index where the note of the replacement gives it ("chỉ số cũ 8.896")."""
    match = re.search(r"(?:cu|cuoi|old|final)\D{0,25}?(\d[\d.,]*\d|\d)", fold(note))
    final = parse_number(match[1]) if match else None
    return final if final is not None and final >= before else None


def _usual_step(indexes: list[_Index]) -> Decimal | None:
    """The median use a day."""
    rates = sorted(
        (b.value - a.value) / (b.day - a.day).days
        for a, b in pairwise(indexes)
        if b.day > a.day and b.value >= a.value
    )
    return rates[len(rates) // 2] if rates else None
