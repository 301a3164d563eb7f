"""Limits and figures in Vietnamese and English."""

from __future__ import annotations

import math

from sachhon.science.portfolio.model import Limit

SAME = 1e-9
"""Share of a figure up to which another one is the same, but for rounding."""
TINY = 1e-6
"""Below it a figure is written with a power of ten."""

MINUS = "\u2212"


def number(value: float, lang: str = "vi", digits: int = 2) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; `digits` decimals, more of a small figure, so that three are
    left of it; none where there are none."""
    if 0 < abs(value) < TINY:
        mantissa, power = f"{value:.{max(digits, 2)}e}".split("e")
        text = f"{_short(mantissa)}×10{str(int(power)).translate(_RAISED)}"
    else:
        text = _short(f"{value:,.{places(value, digits)}f}")
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def apart(first: float, second: float, lang: str = "vi") -> tuple[str, str]:
    """Two figures with as many decimals as it takes to tell them apart."""
    told = number(first, lang), number(second, lang)
    if abs(first - second) <= SAME * max(abs(first), abs(second)):
        return told[0], told[0]
    digits = 2
    while told[0] == told[1]:
        digits += 1
        told = number(first, lang, digits), number(second, lang, digits)
    return told


def places(value: float, least: int = 2) -> int:
    """Decimals that leave three figures of a value below 0.1 that is not zero; `least` or more."""
    return max(least, 2 - math.floor(math.log10(abs(value)))) if 0 < abs(value) < 0.1 else least


def _short(text: str) -> str:
    """Without zeros at the end, and with the minus sign of the rest of the project."""
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def limit_name(limit: Limit, lang: str = "vi") -> str:
    """What the limit is."""
    year = int(limit.subject) + 1 if limit.kind in ("budget", "carried", "staff") else 0
    names = {
        "budget": (f"vốn năm thứ {year}", f"budget of year {year}"),
        "carried": (f"vốn cộng dồn từ năm thứ 1 đến năm thứ {year}", f"budget of years 1 to {year} together"),
        "staff": (f"nhân lực năm thứ {year}", f"staff of year {year}"),
        "sector": (f"trần vốn của ngành {limit.subject}", f"cap of sector {limit.subject}"),
        "target": (f"mức tiết kiệm tối thiểu về {limit.subject}", f"least saving of {limit.subject}"),
        "count": ("số giải pháp tối đa", "number of options"),
    }
    return names[limit.kind][0 if lang == "vi" else 1]


def price_sentence(limit: Limit, used: float, price: float, lang: str = "vi") -> str:
    """How far the limit is used and what a little more of it is worth at the relaxation's price, which is a slope:
    whole options come in steps (`next_step`)."""
    name, worth = limit_name(limit, lang), number(price, lang)
    so_far, amount = apart(used, limit.amount, lang)
    if lang == "vi":
        text = f"{name[0].upper()}{name[1:]}: {so_far} trên {amount}."
        if limit.kind == "target":
            return text + (
                f" Yêu cầu thêm thì mục tiêu giảm trung bình khoảng {worth} mỗi đơn vị."
                if price
                else " Không gây tốn kém gì."
            )
        return text + (
            f" Nới thêm thì mục tiêu tăng trung bình khoảng {worth} mỗi đơn vị, theo từng nấc."
            if price
            else " Chưa dùng hết, thêm cũng không lợi gì."
        )
    text = f"{name[0].upper()}{name[1:]}: {so_far} of {amount}."
    if limit.kind == "target":
        return text + (
            f" Asking more costs some {worth} of the aim a unit, on the average."
            if price
            else " It costs nothing."
        )
    return text + (
        f" More of it gains some {worth} of the aim a unit on the average, in steps."
        if price
        else " Not scarce; more of it gains nothing."
    )
