"""Limits and figures in Vietnamese and English."""

from __future__ import annotations

from sachhon.science.portfolio.model import Limit


def number(value: float, lang: str = "vi", digits: int = 2) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; no decimals where there are none."""
    text = f"{value:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


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
    name, amount, so_far, worth = (
        limit_name(limit, lang),
        *(number(x, lang) for x in (limit.amount, used, price)),
    )
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
