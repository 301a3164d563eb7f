"""Where a factory stands among its peers: the share of them that do worse, with an interval.

With n other factories of which k do worse and t are level with it, the share is (k + t/2)/n. The others are a
draw of like factories: Clopper & Pearson 1934,

    low = quantile α/2 of Beta(k, n − k + 1),     high = quantile 1 − α/2 of Beta(k + t + 1, n − k − t)

or of the N − 1 others that there are, `population` N, exactly by the hypergeometric distribution (all known:
no interval is left). A reading with standard uncertainty u is moved by z u either way before the count, so that
the interval holds at least the level for both together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.benchmark.quantile import checked
from sachhon.science.phrases import comma
from sachhon.science.survey import proportion
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Position:
    """share: share of the others that do worse, 1 is best, with (low, high); rank 1 is best of `peers` + 1."""

    share: float
    low: float
    high: float
    level: float
    rank: int
    peers: int


def position(
    value: float,
    others: ArrayLike,
    *,
    level: float = 0.95,
    lower_is_better: bool = True,
    standard_uncertainty: float = 0.0,
    population: int | None = None,
) -> Position:
    """Position of one factory's figure among the figures of the others (n,), itself not among them.

    population: factories of the kind that there are, this one included; None: many.
    """
    from scipy.special import ndtri

    sign = 1.0 if lower_is_better else -1.0
    x, own = sign * checked(others), sign * float(value)
    if not np.isfinite(own) or not (np.isfinite(standard_uncertainty) and standard_uncertainty >= 0):
        raise ScienceError(
            "the figure and its standard uncertainty must be finite, the latter not negative.",
            "con số và độ không đảm bảo chuẩn của nó phải hữu hạn, độ không đảm bảo không âm.",
        )
    if not 0 < level < 1:
        raise ScienceError(
            f"level {level} is outside 0 to 1; give 95 % as 0.95.",
            f"mức tin cậy {comma(level)} nằm ngoài 0 đến 1; 95 % hãy viết 0.95.",
        )
    if population is not None and population - 1 < x.size:
        raise ScienceError(
            f"a population of {population} has fewer others than the {x.size} given; count all the factories.",
            f"tổng thể {population} có ít cơ sở khác hơn {x.size} cơ sở đã cho; hãy đếm tất cả các cơ sở.",
        )
    reach = float(ndtri(0.5 + level / 2)) * standard_uncertainty
    least, most = int((x > own + reach).sum()), int((x >= own - reach).sum())
    return Position(
        float(((x > own).sum() + (x >= own).sum()) / (2 * x.size)),
        _bounds(least, x.size, population, level)[0],
        _bounds(most, x.size, population, level)[1],
        level,
        int((x < own).sum()) + 1,
        x.size,
    )


def _bounds(worse: int, n: int, population: int | None, level: float) -> tuple[float, float]:
    if population is not None:
        found = proportion(worse, n, population - 1, level, method="exact")
        assert found.low is not None
        assert found.high is not None
        return found.low, found.high
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(worse, n - worse + 1, tail)) if worse else 0.0
    return low, float(betaincinv(worse + 1, n - worse, 1 - tail)) if worse < n else 1.0
