"""Typed numbers as the JSON fields of the room keep them: plain decimal text, without an exponent."""

from decimal import Decimal


def as_text(value) -> str:
    """12.50 → "12.5"."""
    return f"{Decimal(str(value)).normalize():f}"
