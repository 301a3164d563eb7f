"""One cell read as a day, a moment or a period, in the spellings found in factories' books.

Day comes before month unless the text cannot be read so. A year missing in the cell is taken from
``year_hint`` (the title of the sheet). Whether a year is believable is for the caller: ``LIKELY_YEARS``.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sachhon.reference.text import fold

LIKELY_YEARS = (1990, 2060)


@dataclass(frozen=True)
class Period:
    """A span of whole days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def month(self) -> str | None:
        """``"YYYY-MM"`` when the period is exactly one calendar month."""
        return month_code(self.first) if self == month_of(self.first.year, self.first.month) else None


def month_code(day: date) -> str:
    """``"2025-03"`` for any day of March 2025."""
    return f"{day.year:04d}-{day.month:02d}"


def month_of(year: int, month: int) -> Period:
    """The calendar month as a period."""
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def parse_date(value: Any, year_hint: int | None = None, day_first: bool = True) -> date | None:
    """The day in a cell: real dates, spreadsheet serials and text; the first day where only a month is given."""
    moment = parse_moment(value, year_hint, day_first)
    if moment:
        return moment.date()
    if isinstance(value, str):
        period = _month(_clean(value), year_hint)
        return period.first if period else None
    return None


def parse_moment(value: Any, year_hint: int | None = None, day_first: bool = True) -> datetime | None:
    """The day and time in a cell (midnight where there is no time); "24:00" is the next midnight."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _serial(value)
    if not isinstance(value, str) or len(value) > 80:
        return None
    text = _clean(value)
    text, offset = _take_time(text)
    day = _day(text, year_hint, day_first)
    return datetime.combine(day, time()) + offset if day else None


def parse_period(value: Any, year_hint: int | None = None) -> Period | None:
    """The period in a cell: a day, month, quarter, half, year, "6 tháng đầu năm", "từ … đến …"."""
    if not isinstance(value, str):
        if isinstance(value, int | float) and not isinstance(value, bool) and 1990 <= value <= 2100:
            return _year(int(value)) if value == int(value) else None
        day = parse_date(value)
        return Period(day, day) if day else None
    text = _clean(value)
    return (
        _span(text, year_hint)
        or _month(text, year_hint)
        or _longer(text, year_hint)
        or _one_day(text, year_hint)
    )


def find_year(text: Any) -> int | None:
    """The year a title speaks of ("… NĂM 2025", "tháng 3/2025"), or None."""
    if not isinstance(text, str):
        return None
    text = _clean(text)
    match = re.search(r"(?:\bnam\s*|/|\.|-)(20\d\d|19\d\d)\b(?![\d.,])", text)
    return int(match[1]) if match else None


_MONTH_NAMES = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_MONTH_WORDS = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_TIME = re.compile(
    r"(?:(?<=\d)t|[\s,]*\b)(\d{1,2})[:h](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(am|pm|sa|ch)?\s*(?:z|\+07:?00)?\b"
)
_LATIN_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"


def _clean(value: str) -> str:
    return fold(unicodedata.normalize("NFKC", value)).strip(" .,;:()")


def _full_year(text: str) -> int:
    year = int(text)
    if year >= 100:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _is_year_of(text: str, year_hint: int | None) -> bool:
    """Whether the last two digits of "08/25" are a year: no month, and the year spoken of, if any is."""
    return int(text) > 12 and (year_hint is None or year_hint % 100 == int(text))


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _serial(value: float) -> datetime | None:
    if 19000101 <= value <= 21001231 and value == int(value):
        number = int(value)
        day = _make(number // 10000, number // 100 % 100, number % 100)
        return datetime.combine(day, time()) if day else None
    if not 20000 <= value <= 80000:
        return None
    seconds = round((value - int(value)) * 86400)
    return datetime(1899, 12, 30) + timedelta(days=int(value), seconds=seconds)  # noqa: DTZ001


def _take_time(text: str) -> tuple[str, timedelta]:
    match = _TIME.search(text)
    if not match or int(match[1]) > 24 or int(match[2]) > 59:
        return text, timedelta()
    hour = int(match[1])
    if match[4] in ("pm", "ch") and hour < 12:
        hour += 12
    elif match[4] in ("am", "sa") and hour == 12:
        hour = 0
    rest = (text[: match.start()] + " " + text[match.end() :]).strip(" ,-")
    return rest, timedelta(hours=hour, minutes=int(match[2]), seconds=int(match[3] or 0))


def _day(text: str, year_hint: int | None, day_first: bool) -> date | None:
    text = re.sub(r"^(thu \w+|chu nhat|cn|t[2-7])\s*,\s*", "", text.strip())
    text = re.sub(r"^(ngay|den|tu|het)\s+", "", text)
    match = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    if match:
        return _make(int(match[1]), int(match[2]), int(match[3]))
    match = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if match and 1990 <= int(match[1]) <= 2100:
        return _make(int(match[1]), int(match[2]), int(match[3]))
    match = re.fullmatch(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})", text)
    if match:
        first, second, year = int(match[1]), int(match[2]), _full_year(match[3])
        if (second > 12 and first <= 12) or (not day_first and first <= 12):
            first, second = second, first
        return _make(year, second, first)
    match = re.fullmatch(r"(\d{1,2})[-/. ]*thang\s*(\d{1,2})(?:[-/., ]*(?:nam)?\s*(\d{4}|\d{2}))?", text)
    if match and (match[3] or year_hint):
        return _make(_full_year(match[3]) if match[3] else year_hint or 0, int(match[2]), int(match[1]))
    match = re.fullmatch(rf"(\d{{1,2}})[-/. ]*{_LATIN_MONTH}[-/., ]*(\d{{4}}|\d{{2}})?", text)
    if match and (match[3] or year_hint):
        year = _full_year(match[3]) if match[3] else year_hint or 0
        return _make(year, _MONTH_NAMES[match[2]], int(match[1]))
    match = re.fullmatch(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})", text)
    if match and year_hint:
        return _make(year_hint, int(match[2]), int(match[1]))
    return None


def _one_day(text: str, year_hint: int | None) -> Period | None:
    day = _day(text, year_hint, True)
    return Period(day, day) if day else None


def _month(text: str, year_hint: int | None) -> Period | None:
    year: str | None = None
    month: int | None = None
    if match := re.fullmatch(
        r"(?:ky\s*)?(?:thang|thg|th|t|m|month)\s*[.:]?\s*(\d{1,2})(?:[-/., ]*(?:nam)?\s*(\d{4}|\d{2}))?", text
    ):
        month, year = int(match[1]), match[2]
    elif match := re.fullmatch(rf"thang\s+({'|'.join(_MONTH_WORDS)})(?:\s+(?:nam\s+)?(\d{{4}}))?", text):
        month, year = _MONTH_WORDS[match[1]], match[2]
    elif match := re.fullmatch(r"(\d{1,2})(?:\s*[-/.]\s*(\d{4})|\s*[-/]\s*(\d{2}))", text):
        if match[2] or _is_year_of(match[3], year_hint):
            month, year = int(match[1]), match[2] or match[3]
    elif match := re.fullmatch(r"(\d{4})\s*[-/.]\s*(?:t|th|thang)?\s*(\d{1,2})", text):
        month, year = int(match[2]), match[1]
    elif match := re.fullmatch(rf"{_LATIN_MONTH}[-/., ']*(\d{{4}}|\d{{2}})?", text):
        month, year = _MONTH_NAMES[match[1]], match[2]
    if month is None or not 1 <= month <= 12:
        return None
    full = _full_year(year) if year else year_hint
    return month_of(full, month) if full and 1900 <= full <= 2200 else None


def _longer(text: str, year_hint: int | None) -> Period | None:
    """Quarters, halves, "9 tháng" and years."""
    year_at = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", text)
    year = int(year_at[0]) if year_at else year_hint
    if year is None:
        return None
    words = (text[: year_at.start()] + text[year_at.end() :]) if year_at else text
    words = re.sub(r"\bnam\b|[-/,.]", " ", words)
    words = " ".join(words.split())
    if words in ("", "ca", "ca nam") and (year_at or words):
        return _year(year)
    if match := re.fullmatch(r"(?:quy|q)\s*(\d|iv|i{1,3})", words):
        quarter = _ROMAN.get(match[1]) or int(match[1])
        if 1 <= quarter <= 4:
            return Period(date(year, 3 * quarter - 2, 1), month_of(year, 3 * quarter).last)
    if match := re.fullmatch(r"(\d{1,2}) thang(?: (dau|cuoi))?", words):
        count = int(match[1])
        if 1 <= count <= 12:
            if match[2] == "cuoi":
                return Period(date(year, 13 - count, 1), date(year, 12, 31))
            return Period(date(year, 1, 1), month_of(year, count).last)
    return None


def _year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def _span(text: str, year_hint: int | None) -> Period | None:
    match = re.fullmatch(
        r"(?:tu )?(?:ngay )?(.{3,22}?)\s*(?:den|toi|-|–|—|÷|->|→|~)\s*(?:ngay )?(.{3,22})", text
    )
    if not match:
        return None
    last = _day(match[2].strip(), year_hint, True)
    if last is None:
        return None
    first = _day(match[1].strip(), last.year, True)
    if first and first > last and not re.search(r"\d{4}|\d+\D\d+\D\d{2}", match[1]):
        first = _make(last.year - 1, first.month, first.day)
    return Period(first, last) if first and first <= last else None
