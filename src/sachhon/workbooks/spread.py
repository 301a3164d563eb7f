"""Spread a figure over the days of its period and gather it by month, losing nothing.

Every day of the period, first and last included, carries the same share. Shares are rounded to a
millionth (or to the figure's own finer step) by largest remainder, so the months add up to the figure
exactly.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sachhon.workbooks.dates import month_code, month_of

_STEP = Decimal("0.000001")


def days_by_month(first: date, last: date) -> dict[str, int]:
    """How many days of each month lie in the period: ``{"2024-12": 26, "2025-01": 5}``."""
    days: dict[str, int] = {}
    day = first
    while day <= last:
        end = min(month_of(day.year, day.month).last, last)
        days[month_code(day)] = (end - day).days + 1
        day = end + timedelta(days=1)
    return days


def spread(total: Decimal, first: date, last: date, step: Decimal = _STEP) -> dict[str, Decimal]:
    """The figure by month; the values sum to ``total`` exactly."""
    days = days_by_month(first, last)
    exponent = total.as_tuple().exponent
    if isinstance(exponent, int) and step != 1 and Decimal(1).scaleb(exponent) < step:
        step = Decimal(1).scaleb(exponent)
    units = int(abs(total) / step)
    rest = abs(total) - units * step  # non-zero only where the step is coarser than the figure
    length = sum(days.values())
    shares = {month: divmod(units * n, length) for month, n in days.items()}
    missing = units - sum(whole for whole, _ in shares.values())
    by_remainder = sorted(shares, key=lambda month: (-shares[month][1], month))
    extra = set(by_remainder[:missing])
    sign = -1 if total < 0 else 1
    result = {month: sign * (whole + (month in extra)) * step for month, (whole, _) in shares.items()}
    if rest:
        result[by_remainder[0]] += sign * rest
    return result
