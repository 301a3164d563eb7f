"""What a solved flow-sheet says of its readings: whether they agree, what they would put below zero, what to check."""

from __future__ import annotations

from collections.abc import Sequence

from sachhon.science.balance.causes import number
from sachhon.science.balance.diagnosis import GrossError

AGREE = ("Số đọc khớp với cân bằng.", "The readings agree with the balances.")
DISAGREE = ("Số đọc mâu thuẫn nhau", "The readings contradict each other")
HELD = (
    "Theo số đọc, {name} sẽ là {value}, thấp hơn 0; được giữ ở 0.",
    "By the readings {name} would be {value}, below zero; it is held at 0.",
)
NO_CAUSE = ("Không chỉ ra được một nguyên nhân nào.", "No single cause stands out.")


def words(
    p_value: float,
    held: Sequence[tuple[tuple[str, str], float]],
    errors: Sequence[GrossError],
    level: float,
    lang: str = "vi",
) -> tuple[str, ...]:
    """held : (name in English, in Vietnamese) and what it would come out as."""
    at = 0 if lang == "vi" else 1
    fits = p_value >= level
    lines = [AGREE[at] if fits else f"{DISAGREE[at]} (p = {number(p_value, 2, lang)})."]
    for (name, name_vi), value in held:
        lines.append(HELD[at].format(name=name_vi if lang == "vi" else name, value=number(value, 4, lang)))
    lines += [f"{k}. {error.words(lang)}" for k, error in enumerate(errors, 1)]
    if not fits and not errors:
        lines.append(NO_CAUSE[at])
    return tuple(lines)
