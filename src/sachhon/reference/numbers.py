"""Numbers as they are written: 1.234,56 in Vietnamese, 1,234.56 in English, with the minus sign −.

The one formatter of the project. `format_number` prints the digits asked for, `format_quantity` as many as are
worth reading (21003.806452 → 21.004; 26.464 → 26,5), `format_term` the digits of a term of a formula and
`format_difference` a subtraction that adds up as printed; `in_language` turns a formula kept in Vietnamese form
into another language. What is not known (None) is "–", never 0.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from .units import unit_label

UNKNOWN = "–"
MINUS = "\u2212"

_SWAP = str.maketrans(",.", ".,")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?(?![\w])")
_SMALL_DIGITS = 3
_MOST_DECIMALS = 9
_KEPT_DECIMALS = 6


def format_number(value: Decimal | int | float | None, lang: str = "vi", decimals: int | None = None) -> str:
    """`decimals` digits after the comma, rounded half up; None keeps the digits the value has."""
    number = _decimal(value)
    if number is None:
        return UNKNOWN
    if decimals is not None:
        number = round_half_up(number, decimals)
    elif number.as_tuple().exponent > -1:  # type: ignore[operator]  (a finite number's exponent is an int)
        number = number.quantize(Decimal(1))
    else:
        number = number.normalize()
    text = f"{abs(number):,f}"
    if lang != "en":
        text = text.translate(_SWAP)
    return f"{MINUS}{text}" if number < 0 else text


def format_quantity(value: Decimal | int | float | None, lang: str = "vi") -> str:
    """As many digits as a reader needs: whole from a thousand on, about three figures below, no zeros at the end."""
    number = _decimal(value)
    if number is None:
        return UNKNOWN
    return format_number(round_half_up(number, sensible_decimals(number)), lang)


def format_term(value: Decimal | int | float | None, lang: str = "vi") -> str:
    """A term of a formula or its result: whole from a thousand on, as far as two or more decimals below."""
    number = _decimal(value)
    return UNKNOWN if number is None else format_number(round_half_up(number, _term_decimals(number)), lang)


def format_difference(whole: Decimal | float, part: Decimal | float, lang: str = "vi") -> str:
    """``whole − part = difference``, with the digits of a term, or so many more that the line adds up as it is
    printed; at most six decimals, what savings are kept in.
    """
    first, second = (round_half_up(Decimal(str(value)), _KEPT_DECIMALS) for value in (whole, part))
    difference = first - second
    decimals = min(max(_term_decimals(n) for n in (first, second, difference)), _KEPT_DECIMALS)
    while round_half_up(first, decimals) - round_half_up(second, decimals) != round_half_up(
        difference, decimals
    ):
        decimals += 1
    while decimals and all(
        round_half_up(n, decimals) == round_half_up(n, decimals - 1) for n in (first, second)
    ):
        decimals -= 1
    a, b, c = (format_number(n, lang, decimals) for n in (first, second, difference))
    return f"{a} {MINUS} {b} = {c}"


def sensible_decimals(*values: Decimal | int | float | None) -> int:
    """Digits after the comma for numbers that stand in one line: those of the largest; none for whole numbers."""
    known = [abs(n) for value in values if (n := _decimal(value)) is not None]
    if all(n == n.to_integral_value() for n in known):
        return 0
    largest = max(known)
    if largest >= 1000:
        return 0
    if largest >= 10:
        return 1
    return min(_SMALL_DIGITS - 1 - largest.adjusted(), _MOST_DECIMALS)


_UNITS_IN_FORMULAS = ("ktCO2e", "tCO2e", "VND")  # the longer first: it holds the shorter


def in_language(text: str, lang: str) -> str:
    """A formula, kept with numbers and units in Vietnamese form, with them in the form of `lang`."""
    if lang != "en":
        return text
    for code in _UNITS_IN_FORMULAS:
        text = re.sub(rf"(?<!\w){re.escape(unit_label(code, 'vi'))}(?!\w)", unit_label(code, "en"), text)
    return _NUMBER.sub(lambda found: found[0].translate(_SWAP), text)


def round_half_up(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _term_decimals(number: Decimal) -> int:
    size = abs(number)
    if size >= 1000 or number == number.to_integral_value():
        return 0
    return 2 if size >= 1 else 4 if size >= Decimal("0.01") else 7


def _decimal(value: Decimal | int | float | None) -> Decimal | None:
    if value is None:
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
