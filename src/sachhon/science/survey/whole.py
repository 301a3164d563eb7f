"""Whole sizes of strata: the best that keep a budget, or that reach a variance at least cost.

    min Σ A_h²/n_h  with  Σ c_h n_h ≤ B,      or      min Σ c_h n_h  with  Σ A_h²/n_h ≤ T;      m_h ≤ n_h ≤ M_h whole

Equal costs: units go one by one where they lower the variance most, A_h²/(k(k + 1)), which is optimal (Wright 2012).

Unequal costs: the same per cost gives a first answer U. By Lagrange, for any λ ≥ 0, no sizes do better than
L(λ) = Σ_h min_n (f_h(n) + λ g_h(n)) − λ G, with f what is minimised and g what is kept below G (Everett 1963). A size
of a stratum that alone lifts L above U is left out; the sums of those left are built up stratum by stratum, keeping
those that no other beats in both f and g, nor the bound by what the rest must add. The answer is then the best. Where
more than `MOST` sums stand at once, as may be with many strata of many costs, the first answer is kept: near the best,
each further stratum making it nearer, but not proven.
"""

from __future__ import annotations

import heapq

import numpy as np

MOST = 20_000
"""Sums held at once; above it the answer is not proven."""


def whole_sizes(
    weight: np.ndarray,
    size: np.ndarray,
    price: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    optimum: np.ndarray,
    *,
    budget: float = np.inf,
    target: float = -np.inf,
) -> np.ndarray:
    """n_h (H,) whole, within the budget, or of a Σ A²/n not above the target: one of the two is given.

    weight: A_h; size: N_h, by which strata that do not vary share what is left; price: c_h; low, high: bounds;
    optimum: n_h before rounding.
    """
    top = np.floor(high + 1e-9)
    # nobody of a stratum that varies makes the variance infinite: one of each goes first, where the budget has room
    one_each = np.where(weight > 0, np.minimum(np.maximum(low, 1.0), top), low)
    if price @ one_each <= budget * (1 + 1e-12):
        low = one_each
    first = _one_by_one(weight, size, price, low, top, optimum, budget, target)
    if np.ptp(price) == 0 or not np.isfinite(_variance(weight, first)):
        return first
    return _best(weight, price, low, top, first, budget, target)


def spread_of(squares: np.ndarray, n: np.ndarray) -> float:
    """Σ A²/n, infinite where a stratum that varies has nobody."""
    some = squares > 0
    with np.errstate(divide="ignore"):
        return float((squares[some] / n[some]).sum())


def _variance(weight: np.ndarray, n: np.ndarray) -> float:
    return spread_of(np.square(weight), n)


def _one_by_one(weight, size, price, low, top, optimum, budget: float, target: float) -> np.ndarray:
    """From below the optimum, one unit at a time where it lowers Σ A²/n most per cost."""
    equal = bool(np.ptp(price) == 0)
    # equal costs: the greedy way from the least sizes is optimal, and passes within H units of the optimum's floor
    n = np.maximum(np.floor(optimum + 1e-9) - (price.size if equal else 0), low)
    if price @ n > budget * (1 + 1e-12):  # the optimum gave less than one to a stratum
        n = low.copy()
    squares, area = np.square(weight), np.square(size)

    def gain(h: int) -> tuple[float, float]:
        """What one unit more lowers, and, where nothing varies, what it would of strata that vary alike."""
        k = n[h]
        if k == 0:
            return (float("inf") if squares[h] > 0 else 0.0), float("inf")
        share = k * (k + 1) * price[h]
        return float(squares[h] / share), float(area[h] / share)

    def entry(h: int) -> tuple[float, float, int]:
        much, alike = gain(h)
        return -much, -alike, h

    spent = float(price @ n)
    heap = [entry(h) for h in range(price.size) if n[h] < top[h]]
    heapq.heapify(heap)
    while heap:
        if np.isfinite(target) and spread_of(squares, n) <= target * (1 + 1e-12):
            break
        h = heapq.heappop(heap)[-1]
        if spent + price[h] > budget * (1 + 1e-12):
            if equal:
                break
            continue  # a cheaper stratum may still fit
        n[h] += 1
        spent += float(price[h])
        if n[h] < top[h]:
            heapq.heappush(heap, entry(h))
    return n


def _best(weight, price, low, top, first: np.ndarray, budget: float, target: float) -> np.ndarray:
    """The best sizes, or the first ones where there are too many to look at."""
    squares = np.square(weight)
    spends = np.isfinite(budget)  # the variance is minimised and the cost kept, or the other way round
    most = budget * (1 + 1e-12) if spends else target * (1 + 1e-12)

    def parts(h: int, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with np.errstate(divide="ignore"):
            varied = squares[h] / n if squares[h] > 0 else np.zeros(n.shape)
        return (varied, price[h] * n) if spends else (price[h] * n, varied)

    reached = float(sum(parts(h, first[h : h + 1])[0][0] for h in range(price.size)))
    moving = np.flatnonzero((first > low) & (first < top) & (squares > 0))
    if not moving.size:
        moving = np.flatnonzero(squares > 0)
    slope = float(np.median(squares[moving] / np.square(np.maximum(first[moving], 0.5)) / price[moving]))
    multiplier = slope if spends else 1 / slope
    least, columns = np.empty(price.size), []
    for h in range(price.size):
        n = np.arange(low[h], top[h] + 1)
        f, g = parts(h, n)
        both = f + multiplier * g
        least[h] = both.min()
        columns.append((n, f, g, both - least[h]))
    slack = reached * (1 + 1e-12) + multiplier * most - least.sum()
    sizes = [tuple(one[over <= slack] for one in (n, f, g)) for n, f, g, over in columns]
    return _sums(sizes, least, multiplier, reached, most, first)


def _sums(sizes, least, multiplier: float, reached: float, most: float, first: np.ndarray) -> np.ndarray:
    """The sizes of least Σ f with Σ g ≤ most, by sums that no other beats; the first ones if there are too many."""
    f, g = np.zeros(1), np.zeros(1)
    way: list[tuple[np.ndarray, np.ndarray]] = []
    rest = least.sum()
    for h, (n, own, used) in enumerate(sizes):
        rest -= least[h]
        if f.size * n.size > 50 * MOST:
            return first
        all_f, all_g = np.add.outer(f, own).ravel(), np.add.outer(g, used).ravel()
        fits = (all_g <= most) & (all_f + multiplier * (all_g - most) + rest <= reached * (1 + 1e-12))
        place = np.flatnonzero(fits)
        place = place[np.lexsort((all_f[place], all_g[place]))]
        before = np.concatenate([[np.inf], np.minimum.accumulate(all_f[place])[:-1]])
        place = place[all_f[place] < before]
        if not 0 < place.size <= MOST:
            return first
        f, g = all_f[place], all_g[place]
        way.append((place // n.size, n[place % n.size]))
    found, at = first.copy(), int(np.argmin(f))
    if f[at] >= reached * (1 - 1e-12):
        return first
    for h in range(len(way) - 1, -1, -1):
        found[h] = way[h][1][at]
        at = int(way[h][0][at])
    return found
