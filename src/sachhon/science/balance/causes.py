"""A cause of a gross error, and how to speak of it in Vietnamese and English."""

from __future__ import annotations

from dataclasses import dataclass

from sachhon.science.phrases import number


@dataclass(frozen=True)
class Cause:
    """A possible cause: a meter reading too high by `size`, or a loss of `size` at a node (negative: the reverse)."""

    kind: str  # "meter" or "leak"
    at: int  # stream or node
    name: str
    size: float
    statistic: float  # T
    name_vi: str = ""  # "" where the name is the same in both languages
    subject: str = ""  # the name without the period, where there is one
    subject_vi: str = ""
    period: str = ""

    def called(self, lang: str) -> str:
        return self.name_vi or self.name if lang == "vi" else self.name

    def about(self, lang: str) -> str:
        """The meter or process itself, whatever the period."""
        return (self.subject_vi if lang == "vi" else self.subject) or self.called(lang)


def sentence(cause: Cause, uncertainty: float, lang: str) -> str:
    """What to check, and by how much it is off (95 %)."""
    amount = f"{number(abs(cause.size), 4, lang)} ± {number(1.96 * uncertainty, 2, lang)}"
    high, name = cause.size > 0, cause.called(lang)
    if lang == "vi":
        if cause.kind == "meter":
            return f"Kiểm tra đồng hồ của {name}: đọc {'cao' if high else 'thấp'} hơn {amount}."
        return f"Kiểm tra {name}: {'mất đi' if high else 'nhận thêm ngoài đồng hồ'} {amount}."
    if cause.kind == "meter":
        return f"Check the meter of {name}: it reads {amount} too {'high' if high else 'low'}."
    return f"Check {name}: {amount} {'is lost there' if high else 'comes in past the meters'}."


def off(cause: Cause, uncertainty: float, lang: str, period: str) -> str:
    """By how much it is off in one of several periods, as a part of a sentence."""
    amount = f"{number(abs(cause.size), 4, lang)} ± {number(1.96 * uncertainty, 2, lang)}"
    high = cause.size > 0
    if lang == "vi":
        if cause.kind == "meter":
            return f"{period} đọc {'cao' if high else 'thấp'} hơn {amount}"
        return f"{period} {'mất đi' if high else 'nhận thêm ngoài đồng hồ'} {amount}"
    if cause.kind == "meter":
        return f"in {period} it reads {amount} too {'high' if high else 'low'}"
    return f"in {period} {amount} {'is lost there' if high else 'comes in past the meters'}"


def short(cause: Cause, lang: str) -> str:
    """The same in a few words, for a list of alternatives."""
    high, name = cause.size > 0, cause.called(lang)
    amount = number(abs(cause.size), 4, lang)
    if lang == "vi":
        if cause.kind == "meter":
            return f"đồng hồ của {name} đọc {'cao' if high else 'thấp'} hơn {amount}"
        return f"{name} {'mất' if high else 'nhận thêm'} {amount}"
    if cause.kind == "meter":
        return f"the meter of {name} reading {amount} too {'high' if high else 'low'}"
    return f"{amount} {'lost' if high else 'gained'} at {name}"
