"""What sort of thing a cell holds, judged without knowing its column.

A text that reads as a number with a known unit is a number; words for "nothing" are a kind of their own.
"""

from __future__ import annotations

import re
from datetime import date, time
from functools import lru_cache
from typing import Any, Literal

from sachhon.workbooks.grid import CellError
from sachhon.workbooks.units import known_unit
from sachhon.workbooks.values import fold, is_nothing, parse_moment, parse_period, read_number

Kind = Literal["empty", "number", "date", "text", "none", "error"]


def kind_of(value: Any) -> Kind:
    """What sort of thing a cell holds."""
    if isinstance(value, str):
        if isinstance(value, CellError):
            return "error"
        return _kind_of_text(value)
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "text"
    if isinstance(value, date | time):
        return "date"
    return "number"


def period_header(value: Any) -> bool:
    """True for a header cell that names a month, quarter or year: "T1", "Tháng 02/2025", a date."""
    if isinstance(value, str):
        return len(value) < 25 and parse_period(value, 2000) is not None
    return isinstance(value, date)


def clock_header(value: Any) -> bool:
    """True for a header cell that names an hour of the day: "00:30", "Giờ 7", "7h"."""
    return isinstance(value, time) or (isinstance(value, str) and _HOUR.fullmatch(fold(value)) is not None)


_HOUR = re.compile(r"\d{1,2}[:h]\d{2}(?: ?- ?\d{1,2}[:h]\d{2})?|(?:gio|h) ?\d{1,2}|\d{1,2} ?h")


@lru_cache(maxsize=50_000)
def _kind_of_text(text: str) -> Kind:
    if not text.strip():
        return "empty"
    if is_nothing(text):
        return "none"
    number = read_number(text)
    if number and (not number.unit or known_unit(number.unit)):
        return "number"
    if parse_moment(text) or (len(text) < 25 and any(c.isdigit() for c in text) and parse_period(text, 2000)):
        return "date"
    return "text"
