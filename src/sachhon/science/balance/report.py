"""What a solved flow-sheet says of its readings: whether they agree, what they would put below zero, what to check."""

from __future__ import annotations

from collections.abc import Sequence

from sachhon.science.phrases import number

AGREE = ("Số đọc khớp với cân bằng.", "The readings agree with the balances.")
UNCHECKED = (
    "Không cân bằng nào kiểm tra được số đọc (0 bậc tự do): số đọc sai cũng không lộ ra.",
    "No balance checks the readings (0 degrees of freedom): a wrong one would not show.",
)
DISAGREE = ("Số đọc mâu thuẫn nhau (p = {}).", "The readings contradict each other (p = {}).")
UNKNOWN = (
    "Chưa biết, vì không số đọc nào cho biết: {}. `to_measure` nêu nên đo gì.",
    "Not known, as no reading tells it: {}. `to_measure` says what to measure.",
)
MOST = 6  # names in a line
HELD = (
    "Theo số đọc, {name} sẽ là {value}, thấp hơn 0; được giữ ở 0.",
    "By the readings {name} would be {value}, below zero; it is held at 0.",
)
HELD_TOGETHER = (
    "Theo số đọc, {} không thể đều từ 0 trở lên, dù chia phần chưa đo cách nào; được giữ ở 0.",
    "By the readings {} cannot all be zero or more, however what is not measured is shared out; held at 0.",
)
NO_CAUSE = ("Không chỉ ra được một nguyên nhân nào.", "No single cause stands out.")


def words(
    p_value: float | None,
    held: Sequence[tuple[tuple[str, str], float]],
    together: Sequence[tuple[str, str]],
    suspected: Sequence[str],
    level: float,
    lang: str = "vi",
) -> tuple[str, ...]:
    """p_value : None where no balance checks a reading. held : (name in English, in Vietnamese) and what it would come
    out as; together : names of what is held though its readings tell no value of each."""
    at = 0 if lang == "vi" else 1
    fits = p_value is None or p_value >= level
    lines = [
        UNCHECKED[at]
        if p_value is None
        else AGREE[at]
        if fits
        else DISAGREE[at].format(number(p_value, 2, lang))
    ]
    for (name, name_vi), value in held:
        lines.append(HELD[at].format(name=name_vi if lang == "vi" else name, value=number(value, 4, lang)))
    if together:
        lines.append(HELD_TOGETHER[at].format(_few([names[1 - at] for names in together], lang)))
    lines += [f"{k}. {line}" for k, line in enumerate(suspected, 1)]
    if not fits and not suspected:
        lines.append(NO_CAUSE[at])
    return tuple(lines)


def unknown(names: Sequence[str], lang: str = "vi") -> tuple[str, ...]:
    """The line that names what is not observable; none where all is."""
    return (UNKNOWN[0 if lang == "vi" else 1].format(_few(names, lang)),) if names else ()


def _few(names: Sequence[str], lang: str) -> str:
    rest = len(names) - MOST
    more = "" if rest <= 0 else f" và {rest} nữa" if lang == "vi" else f" and {rest} more"
    return ", ".join(names[:MOST]) + more
