"""Which figures of groups may be shown: nobody's own figure can be read off, nor worked out, from what is shown.

Threshold rule: a group of fewer than `least` factories is withheld. p % rule: a total is withheld where the second
largest could work the largest out to within p %,

    Σ x − x_1 − x_2 < p/100 · x_1

Complementary withholding: where totals of all groups and their sum are shown and just one group is withheld, it
would follow by subtraction, so the smallest of the others is withheld too.
Source: Hundepool et al. 2012, Statistical Disclosure Control, 4.2 and 4.4. Not here: the same factories shown in
several groupings that overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats
from sachhon.science.phrases import vi
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Rules:
    """least: factories a group must have to be shown; percent: p of the p % rule, None to leave it out."""

    least: int = 5
    percent: float | None = None

    def __post_init__(self) -> None:
        if self.least < 3:
            raise ScienceError(
                f"a threshold of {self.least} shows one factory's figure to the other; use 3 or more, 5 is usual.",
                f"ngưỡng {self.least} để lộ con số của cơ sở này cho cơ sở kia; hãy dùng 3 trở lên, thường là "
                "5.",
            )
        if self.percent is not None and not 0 < self.percent <= 100:
            raise ScienceError(
                f"p of the p % rule is {self.percent}; it lies between 0 and 100.",
                f"p của quy tắc p % là {self.percent}; nó phải nằm giữa 0 và 100.",
            )

    def departures(self, lang: Literal["vi", "en"] = "vi") -> tuple[str, ...]:
        """Every setting that is not the default, in words."""
        vi = lang == "vi"
        words = []
        if self.least != 5:
            words.append(
                f"Nhóm có từ {self.least} cơ sở trở lên được đưa ra; mặc định là 5."
                if vi
                else f"Groups of {self.least} factories or more are shown; 5 is the default."
            )
        if self.percent is not None:
            percent = f"{self.percent:g}"
            words.append(
                f"Không đưa ra tổng nào để lộ cơ sở lớn nhất trong vòng {percent.replace('.', ',')}%."
                if vi
                else f"Totals that tell the largest factory to within {percent} % are withheld."
            )
        return tuple(words)


DEFAULT = Rules()


class Withheld(ScienceError):
    """A figure that would give a factory away; the message says what to do instead."""


def require(count: int, rules: Rules, what: str) -> None:
    """Refuse a figure of a group that is too small."""
    if count < rules.least:
        raise Withheld(
            f"{what} has {count} factories; fewer than {rules.least} are not shown. "
            "Compare within a wider group, or ask more factories.",
            f"{vi(what)} có {count} cơ sở; ít hơn {rules.least} thì không cho xem. "
            "Hãy so sánh trong nhóm rộng hơn, hoặc hỏi thêm cơ sở.",
        )


def dominated(values: ArrayLike, percent: float) -> bool:
    """Whether the total of these contributions (n,), not negative, fails the p % rule."""
    x = np.sort(floats(values, "contributions", "các phần góp"))[::-1]
    if x.ndim != 1 or not x.size or not np.isfinite(x).all() or (x < 0).any():
        raise ScienceError(
            "contributions to a total must be finite and not negative.",
            "các phần góp vào tổng phải hữu hạn và không âm.",
        )
    rest = x[2:].sum()
    return bool(rest < percent / 100 * x[0])


def withhold(contributions: list[np.ndarray], rules: Rules = DEFAULT, sum_shown: bool = True) -> np.ndarray:
    """Groups (G,) whose totals are withheld; contributions: of each group its factories' figures."""
    out = np.array(
        [
            c.size > 0
            and (c.size < rules.least or (rules.percent is not None and dominated(c, rules.percent)))
            for c in contributions
        ],
        dtype=bool,
    )
    if sum_shown and out.sum() == 1:
        shown = [g for g, c in enumerate(contributions) if c.size and not out[g]]
        if shown:
            out[min(shown, key=lambda g: (contributions[g].size, contributions[g].sum()))] = True
    return out
