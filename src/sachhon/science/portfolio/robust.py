"""Scenarios of prices and savings, and the conditional value at risk of a choice over them.

With profit π_s = Σ_i v_is x_i in scenario s of probability p_s, and level α (0.9: the worst tenth),

    CVaR_α = max_η  η − Σ_s p_s z_s / (1 − α),     z_s ≥ η − π_s,  z_s ≥ 0

the mean profit of the worst 1 − α of the scenarios (Rockafellar and Uryasev 2000, Journal of Risk 2(3)). In the aim the
value counts as (1 − weight) · mean + weight · CVaR: weight 0 looks at the mean alone, 1 at the bad tail alone. What is
saved of a resource is the same in every scenario and keeps its own weight in the aim whole. Linear, so the choice stays
a mixed-integer programme; it gains one row of as many terms as options for each scenario, so for thousands of options
take tens of scenarios. η and z are counted in the largest value: as figures in dong beside ones they would be lost in
the solver's tolerances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sachhon.science.numeric import finite, floats
from sachhon.science.phrases import comma
from sachhon.science.portfolio.options import VALUE
from sachhon.science.uncertainty import ScienceError

if TYPE_CHECKING:
    from sachhon.science.portfolio.model import Rows


@dataclass(frozen=True)
class Scenarios:
    """values : (n_options, n_scenarios), in the order of the options; probability : (n_scenarios,), even where None.

    level : share of the scenarios that is not the bad tail; weight : of the bad tail against the mean.
    """

    values: np.ndarray
    probability: np.ndarray | None = None
    level: float = 0.9
    weight: float = 0.5

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", floats(self.values, "scenario values", "giá trị theo kịch bản"))
        if self.values.ndim != 2 or not np.isfinite(self.values).all():
            raise ScienceError(
                "scenario values form a table of options by scenarios without gaps.",
                "giá trị theo kịch bản là một bảng giải pháp × kịch bản, không có chỗ trống.",
            )
        p = self.chances
        if p.shape != (self.values.shape[1],) or (p < 0).any() or abs(p.sum() - 1) > 1e-9:
            raise ScienceError(
                "scenario probabilities, one each, are not negative and add up to 1.",
                "xác suất các kịch bản, mỗi kịch bản một số, không âm và cộng lại bằng 1.",
            )
        if not (finite(self.level) and finite(self.weight) and 0 <= self.level < 1 and 0 <= self.weight <= 1):
            raise ScienceError(
                "the level lies between 0 and 1 (1 excluded), the weight between 0 and 1.",
                "mức nằm giữa 0 và 1 (không kể 1), trọng số giữa 0 và 1.",
            )

    @property
    def chances(self) -> np.ndarray:
        """The probabilities."""
        count = self.values.shape[1]
        return (
            np.full(count, 1 / count)
            if self.probability is None
            else floats(self.probability, "scenario probabilities", "xác suất các kịch bản")
        )

    @property
    def expected(self) -> np.ndarray:
        """Mean value of each option."""
        return self.values @ self.chances

    @property
    def unit(self) -> float:
        """What the columns η and z are counted in: the largest value of an option in a scenario."""
        return float(np.abs(self.values).max(initial=0.0)) or 1.0

    def rows(
        self,
        rows: Rows,
        aim: Mapping[str, float],
        option: np.ndarray,
        discount: np.ndarray,
        joint: np.ndarray,
    ) -> np.ndarray:
        """Adds the rows z_s + π_s − η ≥ 0 and returns the aim's terms of η and z (the columns after all others);
        joint : value of the columns that follow the options' (`portfolio.joint`)."""
        if aim.get(VALUE, 0.0) < 0 < self.weight:
            raise ScienceError(
                f"the value has the weight {aim[VALUE]:g} in the aim, and a bad tail cannot be sought; give it a "
                "weight of 0 or more, or the scenarios the weight 0.",
                f"giá trị có trọng số {comma(aim[VALUE]):g} trong mục tiêu, mà không thể tìm đuôi xấu; hãy cho trọng "
                "số từ 0 trở lên, hoặc cho các kịch bản trọng số 0.",
            )
        first = len(option) + len(joint)
        profit = self.values[option] * discount[:, None]
        inner = np.arange(first)
        for s in range(self.values.shape[1]):
            columns = np.concatenate([inner, [first, first + 1 + s]])
            rows.one(columns, np.concatenate([profit[:, s], joint, [-self.unit, self.unit]]), 0.0, np.inf)
        money = self.weight * aim.get(VALUE, 0.0) * self.unit
        return np.concatenate([[money], -money * self.chances / (1 - self.level)])

    def tail_columns(self, profit: np.ndarray) -> np.ndarray:
        """η and z of a choice with these profits (n_scenarios,), at their best, in `unit`."""
        order = np.argsort(profit)
        reached = np.cumsum(self.chances[order])
        eta = profit[order[int(np.searchsorted(reached, 1 - self.level - 1e-12))]]
        return np.concatenate([[eta], np.maximum(eta - profit, 0)]) / self.unit

    def cvar(self, profit: np.ndarray) -> float:
        """Mean of the worst 1 − level of the profits."""
        tail = self.tail_columns(np.asarray(profit, dtype=float))
        return self.unit * float(tail[0] - self.chances @ tail[1:] / (1 - self.level))
