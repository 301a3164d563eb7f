"""Where the rates of return of unconventional cash flows lie: Descartes' rule in the Bernstein basis.

The rates are the zeros of P(v) = Σ c_t v^t at v = 1/(1 + r) > 0; those in (0, 1) are positive rates, those of
Σ c_{n−t} u^t at u = 1 + r in (0, 1) negative ones. Written as Σ b_i C(n, i) v^i (1 − v)^(n−i) a polynomial has on its
interval no zero where the b_i do not change sign, exactly one where they change once, and never more than they change
(Lane and Riesenfeld 1981, BIT 21; Mourrain, Rouillier and Roy 2005, Combinatorial and Computational Geometry 52).
Where they change more often the interval is halved. Both the way into the basis and the two halves (de Casteljau) are
fixed matrices, so that one product serves many rows, and halving only averages: rounding does not grow. Most rows never
come there: the running sums of their flows tell the same at a tenth of the cost (`_changes_of_sums`).

Rows that a b_i too near to zero to have a sign leaves open (a rate of exactly 0 %, a double rate) are `left`; the
chain of `finance.roots` decides them. Shapes: time first, (n + 1, rows).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from sachhon.science.finance.solver import columns, product, rates_near

MOST_HALVINGS = 20  # closer rates than 1e-6 are left
MOST_STEPS = 80  # of the polishing; halving alone needs 52
SETTLED = 1e-9  # of v: Newton's error is then about its square over the distance to the next zero
CLOSE = 4 * np.finfo(float).eps
APART = 1e-2  # of Σ |c_t|: with a sum nearer to zero two rates may lie close on both sides of 0 %


@dataclass(frozen=True)
class Brackets:
    """Intervals with exactly one rate each.

    row : (k,) of the flows; backward : (k,) in u = 1 + r instead of v = 1/(1 + r); low, high : (k,) its ends there,
    within 0 to 1, and about : (k,) where the control polygon crosses zero; count : (rows,) rates of each row, −1 where
    left.
    """

    row: np.ndarray
    backward: np.ndarray
    low: np.ndarray
    high: np.ndarray
    about: np.ndarray
    count: np.ndarray

    def only(self, rows: np.ndarray) -> Brackets:
        """Those of some rows, a mask."""
        return self.some(rows[self.row])

    def nearest(self) -> Brackets:
        """Those that may hold the rate of their row nearest to zero: none whose nearer end another ends before."""
        with np.errstate(divide="ignore"):
            near = np.where(self.backward, 1 - self.high, (1 - self.high) / self.high)
            far = np.where(self.backward, 1 - self.low, (1 - self.low) / self.low)
        least = np.full(len(self.count), np.inf)
        np.minimum.at(least, self.row, far)
        return self.some(near <= least[self.row])

    def some(self, mine: np.ndarray) -> Brackets:
        """Those of a mask over themselves."""
        ends = self.low[mine], self.high[mine], self.about[mine]
        return Brackets(self.row[mine], self.backward[mine], *ends, self.count)


def brackets(flows: np.ndarray) -> Brackets:
    """An interval for each rate of each row. flows : (n + 1, rows), finite."""
    rows = flows.shape[1]
    size = np.abs(flows)
    largest, total = size.max(axis=0), size.sum(axis=0)
    left = np.zeros(rows, dtype=bool)
    found = []
    for backward in (False, True):
        turned = flows[::-1] if backward else flows
        changes = _changes_of_sums(turned, total)
        once, more = np.flatnonzero(changes == 1), np.flatnonzero(changes > 1)
        whole = once, np.zeros(once.size), np.ones(once.size), np.full(once.size, 0.5)
        row, *ends = (
            np.concatenate(pair) for pair in zip(whole, _isolate(turned, more, largest, left), strict=True)
        )
        found.append((row, np.full(row.size, backward), *ends))
    row, *rest = (np.concatenate(part) for part in zip(*found, strict=True))
    sure = ~left[row]
    row, (turn, low, high, about) = row[sure], (part[sure] for part in rest)
    count = np.bincount(row, minlength=rows)
    count[left] = -1
    return Brackets(row, turn, low, high, about, count)


def _changes_of_sums(flows: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Changes of sign of S_t = c_0 + … + c_t, 2 where they tell nothing; total : Σ |c_t|.

    P(v) = (1 − v) Σ S_t v^t, the last sum going on for ever, so P has no more zeros in (0, 1) than these sums change
    sign, by Descartes' rule for series, and with one change just one (Norstrom 1972, Journal of Financial and
    Quantitative Analysis 7). Cheaper than the basis, and enough for most rows.
    """
    unsure = 4 * np.finfo(float).eps * len(flows) * total
    sums = flows[0].copy()
    up, least = sums > 0, np.abs(sums)
    changes = np.zeros(sums.size, dtype=np.int8 if len(flows) < 128 else np.int32)
    size, now = np.empty(sums.size), np.empty(sums.size, dtype=bool)
    for row in flows[1:]:
        sums += row
        np.minimum(least, np.abs(sums, out=size), out=least)
        np.greater(sums, 0, out=now)
        changes += now != up
        up, now = now, up
    changes[(least <= unsure) | (size < APART * total)] = 2
    return changes


def polished(flows: np.ndarray, found: Brackets, near: float = 0.1) -> np.ndarray:
    """The rate r in each bracket, to rounding: by the steps of `finance.solver` where they lead into it, else by
    Newton's, halving where one would leave it.

    near : ln(1 + r) of the first trial where it lies inside.
    """
    rates = np.empty(found.row.size)
    for backward in (False, True):
        mine = np.flatnonzero(found.backward == backward)
        if not mine.size:
            continue
        row, low, high, v = found.row[mine], found.low[mine], found.high[mine], found.about[mine]
        own = columns(flows, row)
        polynomial = _from_date_of_first(own[::-1] if backward else own)
        todo = np.arange(row.size)
        if not backward:
            x, settled = rates_near(polynomial, near)
            v = np.where(settled, np.exp(-x), v)
            todo = np.flatnonzero(~(settled & (low < v) & (v < high)))
        if todo.size:
            v[todo] = _polish(columns(polynomial, todo), low[todo], high[todo], v[todo])
        rates[mine] = v - 1 if backward else (1 - v) / v
    return rates


def nearest_rates(flows: np.ndarray, found: Brackets, near: float) -> np.ndarray:
    """Of each row's rates the one nearest to zero, NaN where it has none.

    Positive rates are polished first. A negative one is nearer than p only if its zero lies beyond u = 1 − p, which
    one value of the polynomial tells.
    """
    found = found.nearest()
    rates = np.full(len(found.count), np.nan)
    ahead = found.some(~found.backward)
    value = polished(flows, ahead, near)
    order = np.argsort(-value)  # of several for one row the last one written stays: the least
    rates[ahead.row[order]] = value[order]
    back = found.some(found.backward)
    bound = 1 - np.where(np.isnan(rates), np.inf, rates)[back.row]
    turned = columns(flows, back.row)[::-1]
    inside = (back.low < bound) & (bound < back.high)
    late = turned[0] == 0  # P is 0 at 0 itself: its sign there tells nothing
    begins = np.sign(_value(turned, back.low) if back.low.any() else turned[0])
    beyond = inside & ~late & (np.sign(_value(turned, np.where(inside, bound, back.low))) == begins)
    back = replace(back, low=np.where(beyond, bound, back.low))
    nearer = back.some((bound <= back.low) | late)
    value = polished(flows, nearer, near)
    order = np.argsort(value)
    value, row = value[order], nearer.row[order]
    better = ~(np.abs(value) >= np.abs(rates[row]))
    rates[row[better]] = value[better]
    return rates


def _from_date_of_first(flows: np.ndarray) -> np.ndarray:
    """Flows moved so that none begins with zero: leading zeros do not move the zeros of P."""
    late = np.flatnonzero(flows[0] == 0)
    if late.size:
        flows = flows.copy()
        begin = (flows[:, late] != 0).argmax(axis=0)
        date = (np.arange(len(flows))[:, None] + begin) % len(flows)
        flows[:, late] = np.take_along_axis(flows[:, late], date, axis=0)
    return flows


def _isolate(
    flows: np.ndarray, row: np.ndarray, largest: np.ndarray, left: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Rows, ends and crossings of the intervals in (0, 1) of some rows; marks those left."""
    n = len(flows) - 1
    unsure = 4 * np.finfo(float).eps * (n + 1) ** 2 * largest
    into, halves = _matrices(n)
    row = row[largest[row] > 0]
    own = _from_date_of_first(columns(flows, row))
    b = product(into, own)
    low, width = np.zeros(row.size), 1.0
    found = [(row[:0], low[:0], low[:0], low[:0])]
    for _ in range(MOST_HALVINGS):
        left[row[np.abs(b).min(axis=0) <= unsure[row]]] = True
        up = b > 0
        turns = up[1:] != up[:-1]
        changes = np.add.reduce(turns, axis=0, dtype=np.int8 if n < 127 else np.int32)
        one = np.flatnonzero(changes == 1)
        i = turns[:, one].argmax(axis=0)
        before, after = b[i, one], b[i + 1, one]
        about = low[one] + width / n * (i + before / (before - after))
        found.append((row[one], low[one], low[one] + width, about))
        more = np.flatnonzero((changes > 1) & ~left[row])
        if not more.size:
            break
        row, low, width = np.tile(row[more], 2), low[more], width / 2
        low = np.concatenate([low, low + width])
        both = product(halves, columns(b, more))
        b = np.concatenate([both[: n + 1], both[n + 1 :]], axis=1)
    else:
        left[row] = True
    rows, lows, highs, abouts = (np.concatenate(part) for part in zip(*found, strict=True))
    return rows, lows, highs, abouts


@lru_cache(maxsize=64)
def _matrices(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Powers of v to Bernstein's basis of degree n, and that basis to those of both halves, one above the other."""
    i = np.arange(n + 1)
    into, first = np.ones((n + 1, n + 1)), np.zeros((n + 1, n + 1))
    for k in range(n):  # C(i, k) / C(n, k)
        into[:, k + 1] = into[:, k] * np.maximum(i - k, 0) / (n - k)
    first[0, 0] = 1.0
    for row in range(n):  # C(i, k) / 2^i
        first[row + 1] = first[row] / 2
        first[row + 1, 1:] += first[row, :-1] / 2
    return into, np.concatenate([first, first[::-1, ::-1]])


def _polish(polynomial: np.ndarray, low: np.ndarray, high: np.ndarray, start: np.ndarray) -> np.ndarray:
    """The zero in each bracket; polynomial (n + 1, k), low and high (k,)."""
    found = np.empty(low.size)
    place = np.arange(low.size)
    low, high = low.copy(), high.copy()
    v = np.where((low < start) & (start < high), start, (low + high) / 2)
    rising = _value(polynomial, low) < 0
    with np.errstate(all="ignore"):  # a flat place halves
        for _ in range(MOST_STEPS):
            value, slope = _at(polynomial, v)
            below = (value < 0) == rising
            np.copyto(low, v, where=below)
            np.copyto(high, v, where=~below)
            step = v - value / slope
            inside = (step >= low) & (step <= high)
            following = np.where(inside, step, (low + high) / 2)
            done = np.where(inside, np.abs(following - v) <= SETTLED * v, high - low <= CLOSE * v)
            v = following
            if done.all():
                break
            if 2 * np.count_nonzero(done) > done.size:
                found[place[done]] = v[done]
                keep = np.flatnonzero(~done)
                place, v, low, high = place[keep], v[keep], low[keep], high[keep]
                rising, polynomial = rising[keep], columns(polynomial, keep)
    found[place] = v
    return found


def _at(polynomial: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Value and slope by Horner's scheme."""
    value = polynomial[-1].copy()
    slope = np.zeros(v.size)
    for row in polynomial[-2::-1]:
        slope *= v
        slope += value
        value *= v
        value += row
    return value, slope


def _value(polynomial: np.ndarray, v: np.ndarray) -> np.ndarray:
    value = polynomial[-1].copy()
    for row in polynomial[-2::-1]:
        value *= v
        value += row
    return value
