"""Numbers, money and dates as they are written in Vietnamese and English documents.

Vietnamese: 1.234,56 – ngày 05 tháng 02 năm 2026.  English: 1,234.56 – 5 February 2026. The numbers themselves are
written by `sachhon.reference.numbers`, which every floor shares. What is not known (None) is printed as "–".
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from babel.dates import format_date

from sachhon.documents.shapes import Cell, Column, Lang
from sachhon.documents.texts import words
from sachhon.reference.numbers import (
    UNKNOWN,
    format_difference,
    format_number,
    format_quantity,
    format_term,
    in_language,
    round_half_up,
    sensible_decimals,
)

__all__ = [
    "UNKNOWN",
    "column_decimals",
    "format_cell",
    "format_count",
    "format_date_long",
    "format_date_short",
    "format_difference",
    "format_interval",
    "format_number",
    "format_percent",
    "format_quantity",
    "format_term",
    "format_vnd",
    "in_language",
    "round_half_up",
    "sensible_decimals",
]

MoneyScale = Literal["vnd", "thousand", "million", "billion"]

_LOCALE = {"vi": "vi_VN", "en": "en_GB"}
_SCALE_DIGITS = {"vnd": 0, "thousand": 3, "million": 6, "billion": 9}
_KIND_DECIMALS = {"integer": 0, "money": 0}


def format_count(value: int, lang: Lang = "vi") -> str:
    """A count in running text, never in a table: Vietnamese offices write it with two digits at least ("06 cơ sở"), so
    that none and one stand alike beside each other ("00 trong tổng số 01 cơ sở")."""
    return f"0{value}" if lang == "vi" and 0 <= value < 10 else format_number(value, lang, 0)


def format_percent(value: Decimal | int | float | None, lang: Lang = "vi", decimals: int = 1) -> str:
    """A value already in percent: 45.2 → "45,2%"."""
    text = format_number(value, lang, decimals)
    return text if text == UNKNOWN else text + "%"


def format_vnd(
    value: Decimal | int | None, lang: Lang = "vi", scale: MoneyScale = "vnd", decimals: int = 0
) -> str:
    """Money with its unit: "1.234 triệu đồng", "VND 1,234 million"."""
    if value is None:
        return UNKNOWN
    amount = Decimal(value).scaleb(-_SCALE_DIGITS[scale])
    return words(lang)(f"money.{scale}", amount=format_number(amount, lang, decimals))


def format_interval(
    low: Decimal | int | float | None,
    high: Decimal | int | float | None,
    lang: Lang = "vi",
    decimals: int = 1,
    unit: str = "%",
) -> str:
    """ "41,2–49,8%", "−2,0 đến 3,4%"; one number where both ends read the same, the dash where one is not known."""
    if low is None or high is None:
        return UNKNOWN
    gap = "" if unit in ("", "%") else " "
    dash = words(lang)("interval.to") if low < 0 else "–"
    ends = [format_number(end, lang, decimals) for end in (low, high)]
    return f"{dash.join(dict.fromkeys(ends))}{gap}{unit}"


def format_date_long(day: dt.date | None, lang: Lang = "vi", year: int | None = None) -> str:
    """As in the head of an official document: days below 10 and months 1 and 2 have a leading 0.

    Without a day (a draft) the clerk gets room to write it: "ngày … tháng … năm 2026".
    """
    say = words(lang)
    if day is None:
        return say("date.blank", year=year if year is not None else "…")
    if lang == "en":
        return format_date(day, "d MMMM y", locale="en_GB")
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return say("date.long", day=f"{day.day:02d}", month=month, year=day.year)


def format_date_short(day: dt.date | None, lang: Lang = "vi") -> str:
    """ "05/02/2026"; in English "5 Feb 2026", since 05/02 would be read two ways."""
    if day is None:
        return UNKNOWN
    return format_date(day, "dd/MM/yyyy" if lang == "vi" else "d MMM y", locale=_LOCALE[lang])


def format_cell(value: Cell, column: Column, lang: Lang = "vi") -> str:
    """A value of a table as text, by the kind of its column."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return words(lang)("cell.yes" if value else "cell.no")
    if isinstance(value, dt.date):
        return format_date_short(value, lang)
    if isinstance(value, int | Decimal):
        if column.kind == "quantity":
            return format_quantity(value, lang)
        return format_number(value, lang, column_decimals(column))
    return value


def column_decimals(column: Column) -> int | None:
    """Digits after the comma of a column; None for text, where numbers keep the digits they have."""
    if column.decimals is not None or column.kind in ("text", "date"):
        return column.decimals
    return _KIND_DECIMALS.get(column.kind, 1)
