"""When a report is due and what counts as on time, from the reference facts, in Vietnamese local time.

A report is due *before* the day of the fact: sent on 14 December at 23:59 it is on time, on 15 December at
00:00 it is late. A correction (a later revision) is on time up to and with its day.
"""

import datetime
from zoneinfo import ZoneInfo

from sachhon.apps.people.focus import FIRST_YEAR
from sachhon.reference.deadlines import deadline
from sachhon.reference.deadlines import reminder_offsets as reference_offsets

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
__all__ = [
    "FIRST_YEAR", "LOCAL", "correction_due", "days_left", "is_on_time", "last_day", "local_day", "reminder_offsets",
    "report_due", "report_opens", "reportable_year",
]  # fmt: skip


def report_due(year: int) -> datetime.date:
    """The day before which the report of `year` is due."""
    return deadline("annual_report", year)


def report_opens(year: int) -> datetime.date:
    """The first day on which a report of `year` can have come in."""
    return deadline("annual_report_opens", year)


def correction_due(year: int) -> datetime.date:
    """The last day on which estimates of `year` are corrected to actual figures."""
    return deadline("correction", year)


def is_on_time(moment: datetime.datetime, year: int, revision: int = 1) -> bool:
    """Whether a report sent at `moment` (aware) is on time."""
    return local_day(moment) <= last_day(year, revision)


def last_day(year: int, revision: int = 1) -> datetime.date:
    """The last day on which the report, or a later revision of it, is on time."""
    return report_due(year) - datetime.timedelta(days=1) if revision == 1 else correction_due(year)


def days_left(today: datetime.date, year: int, revision: int = 1) -> int:
    """Days until the deadline; 0 on the last day that is on time, negative when late."""
    return (last_day(year, revision) - today).days


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day of `moment` in Vietnam."""
    return moment.astimezone(LOCAL).date()


def reminder_offsets() -> tuple[int, ...]:
    """Days from the deadline at which reminders go out, earliest first (−30 … +30)."""
    return reference_offsets()


def reportable_year(year: int, today: datetime.date) -> bool:
    """Whether a report of that year can be made at all."""
    return FIRST_YEAR <= year <= today.year
