"""Numbers as they are written: 1.234,56 in Vietnamese, 1,234.56 in English, with the minus sign −.

The one formatter of the project. `format_number` prints the digits asked for, `format_quantity` as many as are
worth reading (21003.806452 → 21.004; 26.464 → 26,5), `in_language` turns a formula kept in Vietnamese form
into another language. What is not known (None) is "–", never 0.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

UNKNOWN = "–"
MINUS = "\u2212"

_SWAP = str.maketrans(",.", ".,")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?(?![\w])")
_SMALL_DIGITS = 3
_MOST_DECIMALS = 9


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


def in_language(text: str, lang: str) -> str:
    """A formula, kept with numbers in Vietnamese form, with them in the form of `lang`."""
    if lang != "en":
        return text
    return _NUMBER.sub(lambda found: found[0].translate(_SWAP), text)


def round_half_up(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _decimal(value: Decimal | int | float | None) -> Decimal | None:
    if value is None:
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
