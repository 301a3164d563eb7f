"""Calendarisation: bills between two reading dates, spread by day over calendar months.

A bill of quantity Q over D days puts Q·d/D on a month that holds d of its days. The arithmetic is exact
(`fractions.Fraction`): the months of a bill add up to the bill, always. `rounded` brings the months to a
number of decimal places and keeps the total, too.

Source of the method: day-weighted prorating, as EVO's IPMVP and ASHRAE Guideline 14-2014 (5.3) apply it.
Not here: reading bills from a workbook; weather or production weighting within a bill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

Month = tuple[int, int]
"""(year, month), month 1 to 12."""


@dataclass(frozen=True)
class Bill:
    """A quantity between two dates. `end_included`: the end date is a day of the bill ("01/03 to 31/03");
    False where start and end are two readings of one meter and the end day belongs to the next bill."""

    start: date
    end: date
    quantity: Decimal | Fraction | int
    estimated: bool = False
    end_included: bool = True

    @property
    def days(self) -> int:
        """Number of days of the bill; `ScienceError` when the dates run backwards."""
        days = (self.end - self.start).days + self.end_included
        if days < 1:
            raise ScienceError(
                f"a bill from {self.start} to {self.end} covers no day; correct its dates.",
                f"hóa đơn từ {self.start} đến {self.end} không có ngày nào; hãy sửa ngày.",
            )
        return days

    @property
    def last_day(self) -> date:
        """The last day that belongs to the bill."""
        return self.start + timedelta(days=self.days - 1)


@dataclass(frozen=True)
class CalendarIssue:
    """Days between two bills that no bill covers (`gap`) or that two bills cover (`overlap`)."""

    kind: str
    first_day: date
    last_day: date


def spread_by_day(bills: Iterable[Bill]) -> dict[Month, Fraction]:
    """Quantity by calendar month, exact, months in order; the sum equals the sum of the bills.

    >>> spread_by_day([Bill(date(2025, 1, 22), date(2025, 2, 10), 200)])
    {(2025, 1): Fraction(100, 1), (2025, 2): Fraction(100, 1)}
    """
    months: dict[Month, Fraction] = {}
    for bill in bills:
        quantity = _exact(bill.quantity)
        for month, days in _days_by_month(bill):
            months[month] = months.get(month, Fraction(0)) + quantity * days / bill.days
    return dict(sorted(months.items()))


def estimated_share(bills: Iterable[Bill]) -> dict[Month, Fraction]:
    """Share of the billed days of each month that stand on an estimated reading, 0 to 1, exact."""
    days: dict[Month, int] = {}
    guessed: dict[Month, int] = {}
    for bill in bills:
        for month, n in _days_by_month(bill):
            days[month] = days.get(month, 0) + n
            guessed[month] = guessed.get(month, 0) + n * bill.estimated
    return {month: Fraction(guessed[month], n) for month, n in sorted(days.items())}


def rounded(quantities: Mapping[Month, Fraction], places: int = 3) -> dict[Month, Decimal]:
    """The same months with `places` decimals; their sum is the exact sum rounded (largest remainder).

    Each month differs from its exact value by less than one unit of the last place.
    """
    scale = 10**places
    floors = {month: (value * scale).__floor__() for month, value in quantities.items()}
    missing = round(sum(quantities.values(), Fraction(0)) * scale) - sum(floors.values())
    by_remainder = sorted(quantities, key=lambda month: floors[month] - quantities[month] * scale)
    for month in by_remainder[:missing]:
        floors[month] += 1
    return {month: Decimal(value).scaleb(-places) for month, value in floors.items()}


def calendar_issues(bills: Iterable[Bill]) -> tuple[CalendarIssue, ...]:
    """Gaps and overlaps between bills of one meter or one tariff, in order of date."""
    issues: list[CalendarIssue] = []
    covered_to: date | None = None
    for bill in sorted(bills, key=lambda item: (item.start, item.last_day)):
        if covered_to is not None and bill.start > covered_to + timedelta(days=1):
            issues.append(
                CalendarIssue("gap", covered_to + timedelta(days=1), bill.start - timedelta(days=1))
            )
        if covered_to is not None and bill.start <= covered_to:
            issues.append(CalendarIssue("overlap", bill.start, min(covered_to, bill.last_day)))
        covered_to = bill.last_day if covered_to is None else max(covered_to, bill.last_day)
    return tuple(issues)


def _days_by_month(bill: Bill) -> list[tuple[Month, int]]:
    parts: list[tuple[Month, int]] = []
    day, last = bill.start, bill.last_day
    while day <= last:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        until = min(last, following - timedelta(days=1))
        parts.append(((day.year, day.month), (until - day).days + 1))
        day = following
    return parts


def _exact(quantity: Decimal | Fraction | int) -> Fraction:
    if isinstance(quantity, float):
        raise ScienceError(
            "give the quantity as int, Decimal or Fraction: a float is not exact.",
            "hãy cho lượng dưới dạng int, Decimal hoặc Fraction: số float không chính xác tuyệt đối.",
        )
    try:
        return Fraction(quantity)
    except (ValueError, OverflowError) as error:
        raise ScienceError(
            f"{quantity} is not a quantity; leave bills without one out.",
            f"{comma(quantity)} không phải là một lượng; hãy bỏ ra những hóa đơn không có lượng.",
        ) from error
