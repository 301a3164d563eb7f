"""One cell read as a number, the way Vietnamese clerks and English software write them.

``parse_number`` answers with a Decimal or None; ``read_number`` also gives the unit written behind it and
whether another reading was possible ("1.234"). A whole column decides such doubts: ``infer_separators``.
Words for "nothing here" ("-", "không có", "x") are not zero: see ``is_nothing``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from sachhon.reference.text import fold

Separators = Literal["vi", "en"]  # "vi": 1.234,5   "en": 1,234.5


@dataclass(frozen=True)
class NumberText:
    """A number as it was written. ``other`` is the second possible value when the text is ambiguous."""

    value: Decimal
    unit: str = ""
    approximate: bool = False
    percent: bool = False
    other: Decimal | None = None


def parse_number(value: Any, separators: Separators | None = None) -> Decimal | None:
    """The number in a cell, or None for empty cells, words, errors, dates and "không có".

    "12 triệu" is 12000000, "12%" is 0.12, "(5)" and "5-" are -5. Where "1.234" could be two numbers the
    given ``separators`` decide; without them the Vietnamese reading (1234) is taken.
    """
    number = read_number(value, separators)
    return number.value if number else None


def read_number(value: Any, separators: Separators | None = None) -> NumberText | None:
    """The number with what stood around it, or None."""
    if isinstance(value, str):
        return _from_text(value, separators)
    if isinstance(value, bool) or value is None or isinstance(value, date | time | timedelta):
        return None
    if isinstance(value, Decimal):
        return NumberText(value) if value.is_finite() else None
    if isinstance(value, int):
        return NumberText(Decimal(value))
    if isinstance(value, float) and math.isfinite(value):
        # A spreadsheet keeps 15 digits; the 16th is noise of the binary form.
        return NumberText(Decimal(format(value, ".15g")))
    return None


def infer_separators(column: Iterable[Any]) -> Separators | None:
    """Which separators a column uses, from its clear cases; None where it proves nothing.

    Without clear cases, commas that are always followed by three digits group thousands ("11,000"); dots
    do so in Vietnamese anyway, unless the column's real numbers are of the size of the decimal reading.
    """
    votes = {"vi": 0, "en": 0}
    doubtful: list[NumberText] = []
    commas = 0
    plain: list[Decimal] = []
    for value in column:
        if not isinstance(value, str):
            number = read_number(value)
            if number and number.value:
                plain.append(abs(number.value))
            continue
        style = _style(value)
        if style:
            votes[style] += 1
            continue
        number = _from_text(value, "vi")
        if number and number.value and number.other is not None:
            doubtful.append(number)
            commas += "," in value
    if votes["vi"] != votes["en"]:
        return "vi" if votes["vi"] > votes["en"] else "en"
    if commas >= 2 and commas == len(doubtful):
        return "en"
    if doubtful and len(plain) >= 2 and not commas:
        low, high = min(plain) / 3, max(plain) * 3
        as_decimals = [abs(n.other) for n in doubtful if n.other is not None]
        if all(low <= v <= high for v in as_decimals) and all(abs(n.value) > 10 * high for n in doubtful):
            return "en"
    return None


def is_nothing(value: Any) -> bool:
    """True for an empty cell and for the words and signs that say "no figure"."""
    if value is None:
        return True
    if not isinstance(value, str):
        return False
    return fold(value).strip(" .:…_") in _NOTHING


def is_dash(value: Any) -> bool:
    """True for a lone dash, which in a filled table usually means "none this time"."""
    return isinstance(value, str) and value.strip() in _DASHES


_DASHES = frozenset("-–—−")
_NOTHING = frozenset(
    {"", "x", "khong", "khong co", "ko", "ko co", "k co", "khong phat sinh", "chua co", "khong ro", "kxd"}
    | {"khong xac dinh", "n/a", "na", "n.a", "null", "none", "nil", "--", "---", "?", "khong co so lieu"}
    | {"chua co so lieu", "no data", "khong su dung", "nan"}
    | _DASHES
)
# Words of number, longest first; what follows may be a unit ("12 nghìn viên").
_MULTIPLIERS = (
    ("nghin ty", 10**12),
    ("ngan ty", 10**12),
    ("trieu", 10**6),
    ("nghin", 10**3),
    ("ngan", 10**3),
    ("trd", 10**6),
    ("ty", 10**9),
    ("ti", 10**9),
    ("tr", 10**6),
    ("van", 10**4),
)
_LETTER_O = re.compile(r"\d[oO](?![a-zA-Z]*[b-np-z])")  # "3.1oo": the letter typed for a zero
_APPROXIMATE = re.compile(
    r"^(?:[≈~∼]|khoảng|khoang|ước tính|ước|uoc|gần|xấp xỉ|độ|tầm|c\.|ca\.)\s*", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[+\-−–])?\s*"
    r"(?P<digits>\d{1,3}(?:[\s'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*|[.,]\d+)"
    r"(?P<power>[eE][+-]?\d{1,2}(?![\w]))?"
    r"\s*(?P<tail>.*)",
    re.DOTALL,
)


def _from_text(text: str, separators: Separators | None) -> NumberText | None:
    text = unicodedata.normalize("NFKC", text).strip()
    if not text or len(text) > 80:
        return None
    bare = _APPROXIMATE.sub("", text)
    approximate = bare != text
    match = _NUMBER.fullmatch(bare)
    if not match or _LETTER_O.search(bare):
        return None
    value, other = _digits(match["digits"], separators)
    if value is None:
        return None
    if match["power"]:
        power = Decimal(10) ** int(match["power"][1:])
        value, other = value * power, None
    tail = match["tail"].strip()
    negative = match["sign"] in ("-", "−", "–") if match["sign"] else False
    if match["open"]:
        if not tail.startswith(")"):
            return None
        negative, tail = True, tail[1:].strip()
    elif tail in _DASHES:
        negative, tail = True, ""
    factor, tail, percent = _tail(tail)
    if tail is None:
        return None
    if negative:
        factor = -factor
    return NumberText(
        value * factor, tail, approximate, percent, other * factor if other is not None else None
    )


def _tail(tail: str) -> tuple[Decimal, str | None, bool]:
    """Factor, unit text and percent sign of what follows the digits; unit None when it is no unit."""
    if tail.startswith("%"):
        return Decimal("0.01"), tail[1:].strip(), True
    # A second number, a date or a time is not a unit ("12/2025", "10:30", "5 - 7", "Kỳ").
    if tail[:1] in {"/", ":", "-", "–", "x", "×", "*", "÷", "=", "+"} and re.search(r"\d", tail):
        return Decimal(1), None, False
    if tail[:1] in {".", ",", ")"}:
        tail = tail[1:].strip()
        if re.match(r"\d", tail) or (tail and not tail[0].isspace()):
            return Decimal(1), None, False
    folded = fold(tail)
    for word, size in _MULTIPLIERS:
        if re.match(rf"{word}(?![a-z0-9])", folded):
            rest = tail.split(None, len(word.split()))[len(word.split()) :]
            unit = "đồng" if word == "trd" else (rest[0] if rest else "")
            return Decimal(size), unit, False
    if len(tail) > 30:
        return Decimal(1), None, False
    return Decimal(1), tail, False


def _digits(text: str, separators: Separators | None) -> tuple[Decimal | None, Decimal | None]:
    """The value and, where a single separator is followed by just three digits, the other value."""
    text = re.sub(r"[\s'’]", "", text)
    dots, commas = text.count("."), text.count(",")
    if not dots and not commas:
        return Decimal(text), None
    if dots and commas:
        decimal = max(".", ",", key=text.rindex)
        group = "," if decimal == "." else "."
        whole, _, fraction = text.rpartition(decimal)
        if decimal in whole or not _grouped(whole, group):
            return None, None
        return Decimal(f"{whole.replace(group, '')}.{fraction}"), None
    mark = "." if dots else ","
    if dots + commas > 1:
        return (Decimal(text.replace(mark, "")), None) if _grouped(text, mark) else (None, None)
    whole, fraction = text.split(mark)
    as_decimal = Decimal(f"{whole or 0}.{fraction}")
    if len(fraction) != 3 or not 1 <= len(whole) <= 3 or whole.startswith("0"):
        return as_decimal, None
    as_group = Decimal(whole + fraction)
    decimal_mark = "." if separators == "en" else ","
    return (as_decimal, as_group) if mark == decimal_mark else (as_group, as_decimal)


def _grouped(text: str, mark: str) -> bool:
    first, *rest = text.split(mark)
    return 1 <= len(first) <= 3 and all(len(part) == 3 for part in rest)


_CLEAR = re.compile(r"\D*?(\d[\d.,]*\d|[.,]\d+)")


def _style(text: str) -> Separators | None:
    """The separators a text proves, or None."""
    match = _CLEAR.match(text)
    number = _from_text(text, "vi")
    if not match or number is None or number.other is not None:
        return None
    digits = match[1]
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        return "vi" if digits.rindex(",") > digits.rindex(".") else "en"
    if dots + commas == 0:
        return None
    if dots + commas > 1:
        return "vi" if dots else "en"
    return "en" if dots else "vi"
