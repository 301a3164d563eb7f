"""How a flow-sheet is reconciled and tested: the defaults are the usual method, each departure is said in words."""

from __future__ import annotations

from dataclasses import dataclass

from sachhon.science.phrases import comma, number
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Settings:
    """Choices of a balance.

    nonnegative : no flow, content, level or share below zero; significance : of the global test and of every gross
    error, after Holm's correction (5 % in Narasimhan & Jordache 2000 and, as remembered, in VDI 2048); leaks : whether
    a process may be blamed for a loss, or meters alone.
    """

    nonnegative: bool = True
    significance: float = 0.05
    leaks: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.significance < 1:
            raise ScienceError(
                f"significance is {self.significance}; give 5 % as 0.05.",
                f"significance là {comma(self.significance)}; 5 % hãy viết 0.05.",
            )

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """In words, each setting that is not the default."""
        vi, found = lang == "vi", list[str]()
        if not self.nonnegative:
            found.append(
                "Lưu lượng, hàm lượng và tồn kho được phép âm."
                if vi
                else "Flows, contents and stocks may come out below zero."
            )
        if self.significance != Settings.significance:
            level, usual = (number(100 * p, 3, lang) for p in (self.significance, Settings.significance))
            found.append(
                f"Mức ý nghĩa {comma(level)} % thay cho {comma(usual)} %."
                if vi
                else f"Significance {level} % instead of {usual} %."
            )
        if not self.leaks:
            found.append(
                "Chỉ xét đồng hồ sai, không xét rò rỉ ở công đoạn."
                if vi
                else "Only meters are suspected, no process of a leak."
            )
        return tuple(found)


DEFAULT = Settings()
