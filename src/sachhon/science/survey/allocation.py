"""How many units to ask, and how many of each stratum: optimum allocation with bounds and costs.

The variance of an estimated total and the cost of the survey are

    V = Σ A_h²/n_h − Σ N_h S_h²,   A_h = N_h S_h;      C = Σ c_h n_h

For a given number, budget or standard error the best n_h, within m_h ≤ n_h ≤ M_h, is (Neyman 1934; Cochran,
Sampling Techniques, 3rd ed., 5.5 and 5.8; the bounds by the Kuhn-Tucker conditions)

    n_h = min(max(t A_h / √c_h, m_h), M_h)

with the t that spends the budget, or reaches the variance: found exactly from its 2H corners. A stratum that does not
vary (S_h = 0) takes its least size, and what a total or budget leaves when all that vary are at their greatest: the
limit of a small S_h. Whole numbers are made of this by `survey.whole`. Where only a part will answer, more are asked:
n_h over the expected response.

Not here: several aims at once, clusters (multiply by the design effect), one simple sample (`survey.simple`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from sachhon.science.numeric import number, whole_number
from sachhon.science.phrases import comma
from sachhon.science.survey.whole import spread_of, whole_sizes
from sachhon.science.uncertainty import ScienceError

By = Mapping[Hashable, float]


@dataclass(frozen=True)
class Allocation:
    """sizes: answers wanted of each stratum; ask: to be asked for them, given the expected response.

    optimum: before rounding; standard_error of the estimated mean, and cost, of `sizes`; at_bound: strata held by
    their least or greatest size; short: strata of which, with the expected response, even all asked answer too few.
    """

    sizes: dict[Hashable, int]
    ask: dict[Hashable, int]
    optimum: dict[Hashable, float]
    standard_error: float
    cost: float
    at_bound: tuple[Hashable, ...]
    short: tuple[Hashable, ...]

    @property
    def total(self) -> int:
        return sum(self.sizes.values())


def allocate(
    population: By,
    deviation: By,
    *,
    total: int | None = None,
    budget: float | None = None,
    standard_error: float | None = None,
    cost: By | None = None,
    minimum: int | By = 2,
    maximum: By | None = None,
    response: float | By = 1.0,
) -> Allocation:
    """Sizes of strata for a `total` number, or a `budget`, or a `standard_error` of the mean: one of the three.

    population: N_h; deviation: S_h of what is measured (from the last survey; for a share √(p(1 − p))); cost: of one
    answer, 1 by default (a total above the units there are is refused; a budget may be more than all cost); minimum,
    maximum: bounds of n_h, N_h always; response: share expected to answer, 0 to 1.
    """
    labels = list(population)
    size, spread = _column("population", population, labels), _column("deviation", deviation, labels)
    for label in labels:
        name = f"population of stratum {label!r}", f"population của tầng {label!r}"
        whole_number(population[label], *name)
    price = np.ones(len(labels)) if cost is None else _column("cost", cost, labels)
    rate = _bound("response", response, labels, 1.0)
    low = np.minimum(np.ceil(_bound("minimum", minimum, labels, 0.0)), size)
    high = size if maximum is None else np.minimum(_column("maximum", maximum, labels), size)
    _check(labels, size, spread, price, rate, low, high)
    weight = size * spread
    goals = {"total": total, "budget": budget, "standard_error": standard_error}
    if sum(value is not None for value in goals.values()) != 1:
        raise ScienceError(
            "give one of total, budget and standard_error.",
            "hãy cho một trong total, budget và standard_error.",
        )
    _check_goal(goals, size, high)
    if standard_error is not None:
        target = (standard_error * size.sum()) ** 2 + spread_of(np.square(weight), size)
        optimum = _reach(weight, price, low, high, target)
        whole = whole_sizes(weight, size, price, low, high, optimum, target=target)
    else:
        paid = np.ones(len(labels)) if total is not None else price
        limit = float(total if total is not None else budget)  # type: ignore[arg-type]
        optimum = _spend(weight, size, paid, low, high, limit)
        whole = whole_sizes(weight, size, paid, low, high, optimum, budget=limit)
    variance = spread_of(np.square(weight), whole) - spread_of(
        np.square(weight), size
    )  # to the digit 0 for all
    held = tuple(
        label
        for label, n, m, top in zip(labels, optimum, low, high, strict=True)
        if n <= m * (1 + 1e-12) or n >= top * (1 - 1e-12)
    )
    return Allocation(
        {label: int(n) for label, n in zip(labels, whole, strict=True)},
        {
            label: int(min(np.ceil(n / r - 1e-9), s))
            for label, n, r, s in zip(labels, whole, rate, size, strict=True)
        },
        {label: float(n) for label, n in zip(labels, optimum, strict=True)},
        float(np.sqrt(max(variance, 0.0)) / size.sum()),
        float(price @ whole),
        held,
        tuple(label for label, n, r, s in zip(labels, whole, rate, size, strict=True) if n > s * r + 1e-9),
    )


def _spend(weight, size, price, low, high, budget: float) -> np.ndarray:
    """n_h that spend the budget; all the greatest where it suffices for more."""
    if budget < price @ low - 1e-9:
        raise ScienceError(
            f"{budget:g} does not suffice for the least sizes, which take {price @ low:g}; lower the minimum.",
            f"{comma(budget):g} không đủ cho các cỡ mẫu tối thiểu, cần {comma(price @ low):g}; hãy hạ mức tối thiểu.",
        )
    varies = weight > 0
    if price @ high <= budget:
        return high.copy()
    full = np.where(varies, high, low)
    if price @ full < budget:  # those that vary can have all they have: the rest goes to the others
        weight, low = np.where(varies, 0.0, size), full
    rate = weight / np.sqrt(price)
    t = _corner(rate, low, high, lambda n: price @ n >= budget)
    if t is None:
        return low.copy()
    if not np.isfinite(t):
        return high.copy()
    free = _free(rate, low, high, t)
    n = np.clip(t * rate, low, high)
    left = budget - price[~free] @ n[~free]
    return np.clip(rate * left / float(price[free] @ rate[free]), low, high)


def _reach(weight, price, low, high, target: float) -> np.ndarray:
    """n_h of least cost with Σ A²/n ≤ target."""
    squares = np.square(weight)

    def met(n: np.ndarray) -> bool:
        return spread_of(squares, n) <= target

    if not met(high):
        raise ScienceError(
            "this standard error is not reached even with the greatest sizes; "
            "raise the maximum or allow a larger error.",
            "không đạt được sai số chuẩn này ngay cả với cỡ mẫu lớn nhất; hãy nâng mức tối đa hoặc chấp "
            "nhận sai số lớn hơn.",
        )
    rate = weight / np.sqrt(price)
    t = _corner(rate, low, high, met)
    if t is None:
        return low.copy()
    if not np.isfinite(t):  # the greatest sizes reach it only just, to the last digit
        return np.where(rate > 0, high, low)
    free = _free(rate, low, high, t)
    held = np.clip(t * rate, low, high)
    rest = target - float((squares[~free] / np.maximum(held[~free], 1e-300)).sum())
    return np.clip(rate * float((weight * np.sqrt(price))[free].sum()) / rest, low, high)


def _corner(rate, low, high, met) -> float | None:
    """A t inside the piece in which the goal is met: None where the least sizes meet it, inf where nothing does."""
    if met(low):
        return None
    moving = rate > 0
    corners = np.unique(np.concatenate([low[moving] / rate[moving], high[moving] / rate[moving]]))
    first, last = 0, corners.size - 1
    if not met(np.clip(corners[last] * rate, low, high)):
        return np.inf
    while first < last:
        middle = (first + last) // 2
        if met(np.clip(corners[middle] * rate, low, high)):
            last = middle
        else:
            first = middle + 1
    before = corners[first - 1] if first else 0.0
    return float((before + corners[first]) / 2)


def _free(rate, low, high, t: float) -> np.ndarray:
    return (t * rate > low) & (t * rate < high)


def _column(name: str, values: By, labels: list[Hashable]) -> np.ndarray:
    missing = [label for label in labels if label not in values]
    if missing or len(values) != len(labels):
        raise ScienceError(
            f"{name} must name the strata of population; {(missing or ['one'])[0]!r} does not fit.",
            f"{name} phải nêu tên các tầng của population; {(missing or ['one'])[0]!r} không khớp.",
        )
    return np.array([_figure(name, label, values[label]) for label in labels])


def _bound(name: str, value: float | By, labels: list[Hashable], otherwise: float) -> np.ndarray:
    if isinstance(value, Mapping):
        return np.array([_figure(name, label, value.get(label, otherwise)) for label in labels])
    return np.full(len(labels), number(value, name, name))


def _figure(name: str, label: Hashable, value: float) -> float:
    return number(value, f"{name} of stratum {label!r}", f"{name} của tầng {label!r}")


def _check_goal(goals: Mapping[str, float | None], size: np.ndarray, high: np.ndarray) -> None:
    name, goal = next((name, value) for name, value in goals.items() if value is not None)
    if not (np.isfinite(goal) and goal > 0):
        raise ScienceError(
            f"{name} is {goal:g}; give a finite figure above zero.",
            f"{name} là {comma(goal):g}; hãy cho số hữu hạn lớn hơn 0.",
        )
    if name != "total":
        return
    whole_number(goal, name, name)
    if goal > size.sum():
        raise ScienceError(
            f"a total of {goal:g} is asked for, but the strata have {size.sum():g} units: all of them together are a "
            f"census, total={size.sum():g}. Were answers and visits mixed up, or is a stratum missing from population?",
            f"cần tổng cộng {comma(goal):g}, nhưng các tầng có {comma(size.sum()):g} đơn vị: lấy tất cả là tổng điều "
            f"tra, total={size.sum():g}. Có nhầm giữa số trả lời và số lượt thăm không, hay population "
            "thiếu tầng nào?",
        )
    most = np.floor(high + 1e-9).sum()
    if goal > most:
        raise ScienceError(
            f"a total of {goal:g} is asked for, but the greatest sizes add up to {most:g}; raise the maximum of a "
            "stratum or lower the total.",
            f"cần tổng cộng {comma(goal):g}, nhưng các cỡ lớn nhất cộng lại là {comma(most):g}; hãy nâng mức tối đa "
            "của một tầng hoặc giảm tổng.",
        )


def _check(labels, size, spread, price, rate, low, high) -> None:
    for name, column, fits in (
        ("population", size, size >= 1),
        ("deviation", spread, spread >= 0),
        ("cost", price, price > 0),
        ("response", rate, (rate > 0) & (rate <= 1)),
    ):
        bad = ~(np.isfinite(column) & fits)
        if bad.any():
            raise ScienceError(
                f"{name} of stratum {labels[int(bad.argmax())]!r} is {column[bad][0]:g}; correct it.",
                f"{name} của tầng {labels[int(bad.argmax())]!r} là {comma(column[bad][0]):g}; hãy sửa.",
            )
    crossed = low > high
    if crossed.any():
        h = int(crossed.argmax())
        raise ScienceError(
            f"stratum {labels[h]!r}: least size {low[h]:g} is above the greatest, {high[h]:g}.",
            f"tầng {labels[h]!r}: cỡ nhỏ nhất {comma(low[h]):g} lớn hơn cỡ lớn nhất {comma(high[h]):g}.",
        )
    if not (spread > 0).any():
        raise ScienceError(
            "every deviation is zero: one unit of each stratum tells all.",
            "mọi độ lệch đều bằng 0: một đơn vị của mỗi tầng là đủ biết tất cả.",
        )
