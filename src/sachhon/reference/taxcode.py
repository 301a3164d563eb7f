"""The tax code's check digit: catches a slip of the pen, not a code that was never issued."""

import re
from datetime import date
from functools import cache

from .facts import fact, facts

_FORM = re.compile(r"(\d{10})(?:-?(\d{3}))?")
_START = date(2008, 1, 1)


def valid_tax_code(text: str, on: date | None = None) -> bool:
    """Say whether `text` may be a tax code: ten digits whose last one checks, a branch's "-001" allowed.

    The twelve digits of a person's identity number stand for a household business since July 2025.
    """
    compact = re.sub(r"[\s.]", "", text)
    if _is_personal(compact):
        return on is None or fact("tax_code.personal_digits", date.max).holds(on)
    match = _FORM.fullmatch(compact)
    if not match or not compact.isascii():
        return False
    main, branch = match.groups()
    return branch != "000" and check_digit(main[:9]) == int(main[9])


def check_digit(nine_digits: str) -> int | None:
    """Return the tenth digit for the first nine, or None where no code can begin so."""
    total = sum(weight * int(digit) for weight, digit in zip(_weights(), nine_digits, strict=True))
    digit = 10 - total % int(fact("tax_code.modulus", _START).value or 0)
    return digit if digit < 10 else None


def normalise_tax_code(text: str) -> str:
    """Return the code without spaces and dots, a branch number after a hyphen: "0100100079-001"."""
    compact = re.sub(r"[\s.]", "", text)
    match = _FORM.fullmatch(compact)
    return f"{match[1]}-{match[2]}" if match and match[2] else compact


def _is_personal(compact: str) -> bool:
    digits = int(fact("tax_code.personal_digits", date.max).value or 0)
    return len(compact) == digits and compact.isascii() and compact.isdigit() and compact.startswith("0")


@cache
def _weights() -> tuple[int, ...]:
    return tuple(int(f.value or 0) for f in facts("tax_code") if f.code.startswith("weight_"))
