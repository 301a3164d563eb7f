"""Read bills: each line a period with a first and a last day, its quantity spread by day over the months.

Both days belong to the bill. Where every bill begins on the day the one before ended, that day is the
reading and belongs to the earlier bill. Quantities of several tariffs on one line are added. A bill
without a first day begins the day after the last one of its meter.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from sachhon.workbooks.dates import LIKELY_YEARS, month_code, month_of
from sachhon.workbooks.reader import Reader, Thing
from sachhon.workbooks.spread import spread
from sachhon.workbooks.totals import Running, check_totals, line_unit, sums_above
from sachhon.workbooks.values import Period, is_nothing, parse_date, parse_period, read_number

_LONGEST_BILL = 100
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bill:
    """One line: whose meter, which days, how much, at what cost, from which cells."""

    row: int
    key: str
    first: date | None
    last: date
    thing: Thing
    amount: Decimal
    unit: str
    cost: int | None
    word: str | None
    cells: tuple[tuple[int, int], ...]

    @property
    def start(self) -> date:
        assert self.first is not None
        return self.first


def read_bills(reader: Reader) -> None:
    """Collect the bills of the table by month."""
    figures = reader.all_of("quantity") or reader.all_of("out")
    running = {col: Running() for col in figures}
    bills: list[Bill] = []
    for row in sorted([*reader.rows, *reader.table.totals]):
        if row in reader.table.totals:
            check_totals(reader, row, running)
            continue
        bill = _bill(reader, row, figures, running)
        if bill:
            bills.append(bill)
    by_key: dict[str, list[Bill]] = defaultdict(list)
    for bill in bills:
        by_key[bill.key].append(bill)
    covered: set[date] = set()
    for group in by_key.values():
        for bill in _settle_days(reader, _without_repeats(reader, group)):
            costs = (
                spread(Decimal(bill.cost), bill.start, bill.last, Decimal(1)) if bill.cost is not None else {}
            )
            for month, part in spread(bill.amount, bill.start, bill.last).items():
                share = int(costs[month]) if costs else None
                reader.add(
                    bill.thing,
                    month,
                    part,
                    bill.unit,
                    list(bill.cells),
                    estimated=bool(bill.word),
                    cost=share,
                )
            covered.update(bill.start + i * _DAY for i in range((bill.last - bill.start).days + 1))
            reader.count("bills")
            if bill.word:
                reader.problem("warning", "estimated", bill.row, bill.cells[0][1], word=bill.word)
    _note_partial_months(reader, covered)


def _bill(reader: Reader, row: int, figures: list[int], running: dict[int, Running]) -> Bill | None:
    numbers = {c: n for c in figures if (n := read_number(reader.value(row, c), reader.separators(c)))}
    days = _days(reader, row)
    if days is False:
        return None
    if days is None:
        if not numbers:
            return None
        if sums_above(reader, row, running):
            reader.problem("info", "total_detected", row, figures[0])
        else:
            at = _worst_date(reader, row)
            blank = is_nothing(reader.value(row, at))
            rule = "date_missing" if blank else "date_unreadable"
            reader.problem("error", rule, row, at, value=reader.value(row, at))
        return None
    first, last = days
    for col, number in numbers.items():
        running[col].add(number.value, line_unit(reader, row, col, number))
    if word := reader.faulty(row):
        reader.problem("warning", "status_error", row, reader.of("status"), word=word)
        return None
    thing = reader.thing(row, figures[0]) if figures else None
    if thing is None:
        return None
    amount, unit, estimated, cells = Decimal(0), "", False, []
    for col in figures:
        found = reader.quantity(row, col, thing, required=len(figures) == 1)
        if found:
            amount, unit, estimated = amount + found[0], found[1], estimated or found[2]
            cells.append((row, col))
    if not cells:
        return None
    key = " ".join(str(reader.value(row, c)).strip() for c in reader.all_of("meter", "tariff"))
    word = reader.estimated(row) or ("≈" if estimated else None)
    cost = reader.cost(row, reader.of("cost"))
    return Bill(row, f"{thing.label}|{key}", first, last, thing, amount, unit, cost, word, tuple(cells))


def _worst_date(reader: Reader, row: int) -> int | None:
    """The date column to blame: one with unreadable text before one that is blank."""
    columns = reader.all_of("date_from", "date_to", "date")
    unreadable = [
        c for c in columns if not is_nothing(reader.value(row, c)) and not parse_date(reader.value(row, c))
    ]
    return next(iter(unreadable + columns[::-1]), None)


def _days(reader: Reader, row: int) -> tuple[date | None, date] | Literal[False] | None:
    """First and last day of the line; None where unreadable, False where wrong (and already told)."""
    from_col, to_col, date_col = reader.of("date_from"), reader.of("date_to"), reader.of("date")
    if from_col is None and to_col is None:
        period = parse_period(reader.value(row, date_col), reader.year) if date_col is not None else None
        return (period.first, period.last) if period else None
    if to_col is None or from_col is None:
        only = from_col if to_col is None else to_col
        period = parse_period(reader.value(row, only), reader.year)
        if period and period.days > 1:
            return period.first, period.last
    first = parse_date(reader.value(row, from_col), reader.year) if from_col is not None else None
    last = parse_date(reader.value(row, to_col), reader.year) if to_col is not None else None
    if last is None and first is not None and to_col is None:
        last = month_of(first.year, first.month).last
    if last is None or (
        first is None and from_col is not None and not is_nothing(reader.value(row, from_col))
    ):
        return None
    at = to_col if to_col is not None else from_col
    if first and first > last:
        reader.problem("error", "dates_reversed", row, at, start=f"{first:%d/%m/%Y}", end=f"{last:%d/%m/%Y}")
        return False
    for day in (first, last):
        if day and not LIKELY_YEARS[0] <= day.year <= LIKELY_YEARS[1] and at is not None:
            reader.likely(row, at, day.year)
            return False
    if first and (last - first).days >= _LONGEST_BILL:
        reader.problem("warning", "bill_too_long", row, at, days=(last - first).days + 1)
    return first, last


def _without_repeats(reader: Reader, bills: list[Bill]) -> list[Bill]:
    """The bills in order of time, one that was entered twice counted once."""
    kept: list[Bill] = []
    seen: dict[tuple[object, ...], int] = {}
    for bill in sorted(bills, key=lambda b: (b.last, b.first or b.last, b.row)):
        same = (bill.first, bill.last, bill.amount, bill.cost)
        if same in seen:
            reader.problem("warning", "bill_duplicate", bill.row, bill.cells[0][1], other=seen[same] + 1)
            continue
        seen[same] = bill.row
        kept.append(bill)
    return kept


def _settle_days(reader: Reader, bills: list[Bill]) -> list[Bill]:
    """Give every bill its first day, by one convention for the whole meter; tell gaps and overlaps."""
    pairs = list(pairwise(bills))
    touching = sum(b.first == a.last for a, b in pairs)
    following = sum(b.first == a.last + _DAY for a, b in pairs)
    shift = _DAY if touching > following else timedelta()
    settled: list[Bill] = []
    for bill in bills:
        before = settled[-1] if settled else None
        if bill.first is None:
            first = before.last + _DAY if before else _month_before(bill.last)
            if before is None:
                reader.problem(
                    "warning", "bill_start_assumed", bill.row, bill.cells[0][1], start=f"{first:%d/%m/%Y}"
                )
        else:
            first = min(bill.first + shift, bill.last)
        if before and first <= before.last:
            days = (before.last - first).days + 1
            reader.problem(
                "warning", "bills_overlap", bill.row, bill.cells[0][1],
                start=f"{first:%d/%m/%Y}", end=f"{bill.last:%d/%m/%Y}", days=days,
            )  # fmt: skip
        elif before and (first - before.last).days > 1:
            reader.problem(
                "warning", "bills_gap", bill.row, bill.cells[0][1],
                start=f"{before.last:%d/%m/%Y}", end=f"{first:%d/%m/%Y}", days=(first - before.last).days - 1,
            )  # fmt: skip
        settled.append(replace(bill, first=first))
    return settled


def _month_before(day: date) -> date:
    last_month = day.replace(day=1) - _DAY
    return last_month.replace(day=min(day.day, last_month.day)) + _DAY


def _note_partial_months(reader: Reader, covered: set[date]) -> None:
    """Remember the months of which only some days have a bill."""
    months: dict[str, int] = defaultdict(int)
    for day in covered:
        months[month_code(day)] += 1
    for month, days in sorted(months.items()):
        whole: Period = month_of(int(month[:4]), int(month[5:]))
        if days < whole.days:
            reader.partial[month] = (days, whole.days)
