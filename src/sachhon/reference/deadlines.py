"""Deadlines of reports, and how many days before and after them people are reminded."""

from datetime import date
from functools import cache

from .facts import fact, facts


@cache
def deadline(code: str, year: int) -> date:
    """Return the due date of the report *about* `year`: annual_report, correction, environmental_report, energy_report.

    The annual report is due before the year is over; the others fall in the next January. `annual_report_opens` is
    the first day on which an annual report of that year can have come in.
    """
    rule = fact(f"deadlines.{code}", date(year, 12, 31)).extra
    return date(year + int(rule["year_offset"]), int(rule["month"]), int(rule["day"]))


@cache
def reminder_offsets() -> tuple[int, ...]:
    """Return the days relative to a deadline on which a reminder goes out, earliest first: -30 … 30."""
    return tuple(sorted(int(f.value or 0) for f in facts("reminders")))
