"""Every internal rate of return of a row of cash flows, none missed.

`finance.brackets` settles nearly every row; the few that it leaves open (a double rate, a rate of exactly 0 %)
go down Descartes' chain of sign changes. The rates are the positive zeros of P(v) = Σ c_t v^t, v = 1/(1 + r).
Take k between the dates of the first change of sign. The derivative of v^(−k) P(v) is v^(−k−1) Q(v) with
Q = Σ (t − k) c_t v^t, which changes sign once less often than P; between two zeros of Q that function is monotone,
so P has at most one zero there (the induction by which Descartes' rule is proved: Pólya and Szegő 1976, Problems and
Theorems in Analysis II, part V, ch. 1). Down the chain the last polynomial with a change has exactly one zero; back
up every interval between zeros is searched by bisection in x = ln v, within Cauchy's bounds on the zeros. A zero
of Q at which P is zero to rounding is a double rate.

Shapes: flows (rows, n + 1); rates (rows, k), ascending, masked where a row has fewer.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sachhon.science.finance.brackets import Brackets, brackets, nearest_rates, polished
from sachhon.science.finance.solver import chunk_rows, columns, conventional_rates, rates_near, sign_changes

BISECTIONS = 64
ROUNDING = 64 * np.finfo(float).eps  # of Σ |c_t| v^t: below it a value is zero
SAME = 1e-6  # in x: closer rates than this beside a double rate are the double rate
CELLS = 400_000
PURE = 1e-12  # of the greatest flow: a smaller balance may be rounding


def all_rates(flows: np.ndarray) -> np.ma.MaskedArray:
    """All rates above −100 % at which each row's net present value is zero; see the module.

    A row of zeros has none (every rate would do).
    """
    parts = []
    for part in row_chunks(flows):
        chunk = np.ascontiguousarray(flows[part].T)
        found = brackets(chunk)
        rates = _in_rows(found, polished(chunk, found))
        left = np.flatnonzero(found.count < 0)
        parts.append(_with(rates, left, chain_rates(flows[part][left])))
    width = max((part.shape[1] for part in parts), default=1)
    wide = [np.pad(part, ((0, 0), (0, width - part.shape[1])), constant_values=np.inf) for part in parts]
    return np.ma.masked_invalid(np.concatenate(wide) if wide else np.full((0, 1), np.inf))


def single_rates(
    chunk: np.ndarray, near: float, nearest: bool = False
) -> tuple[np.ndarray, np.ndarray, float]:
    """The rate of each row that has exactly one (NaN elsewhere), how many each has, and where the next chunk may begin.

    chunk : (n + 1, rows), time first, contiguous, finite; near : ln(1 + r) about the answers; nearest : of several
    rates the one nearest to zero, in place of none.
    """
    x, settled = conventional_rates(chunk, near)
    rates, count = np.expm1(x), np.ones(x.size, dtype=int)
    odd = np.flatnonzero(~settled)
    if odd.size:
        rates[odd], count[odd] = _unconventional(columns(chunk, odd), near, nearest)
    sample = rates[::64]
    sample = sample[np.isfinite(sample)]
    return rates, count, float(np.log1p(np.median(sample))) if sample.size else near


def _unconventional(flows: np.ndarray, near: float, nearest: bool) -> tuple[np.ndarray, np.ndarray]:
    """Rates and counts of unconventional rows, time first: by Soper's condition where it holds, else by brackets."""
    count = np.full(flows.shape[1], -1)
    rates = np.full(count.size, np.nan)
    hopeful = np.flatnonzero((flows[0] < 0) & (flows[-1] > 0))
    if hopeful.size:
        some = columns(flows, hopeful)
        x, settled = rates_near(some, near)
        pure = np.flatnonzero(settled & _pure(some, np.exp(-x)))
        rates[hopeful[pure]], count[hopeful[pure]] = np.expm1(x[pure]), 1
    odd = np.flatnonzero(count < 0)
    if odd.size:
        rates[odd], count[odd] = _bracketed(columns(flows, odd), near, nearest)
    return rates, count


def _pure(flows: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Whether at its rate money stays in the project until the end: then that rate is the only one.

    With P(v) = 0 the balances of Horner's scheme are the coefficients of P(z) / (z − v); all above zero, that has no
    zero z > 0 (Soper 1959, Economic Journal 69).
    """
    balance = flows[-1].copy()
    least = balance.copy()
    for row in flows[-2:0:-1]:
        balance *= v
        balance += row
        np.minimum(least, balance, out=least)
    return least > PURE * np.abs(flows).max(axis=0)


def _bracketed(flows: np.ndarray, near: float, nearest: bool) -> tuple[np.ndarray, np.ndarray]:
    found = brackets(flows)
    count = found.count.copy()
    rates = np.full(count.size, np.nan)
    if nearest:
        rates = nearest_rates(flows, found, near)
    else:
        alone = found.only(count == 1)
        rates[alone.row] = polished(flows, alone, near)
    left = np.flatnonzero(count < 0)
    if left.size:
        chain = chain_rates(flows[:, left].T)
        count[left] = np.isfinite(chain).sum(axis=1)
        first = np.abs(chain).argmin(axis=1) if nearest else np.zeros(left.size, dtype=int)
        taken = chain[np.arange(left.size), first]
        told = count[left] >= 1 if nearest else count[left] == 1
        rates[left] = np.where(told, taken, np.nan)
    return rates, count


def row_chunks(flows: np.ndarray) -> Iterator[slice]:
    """Slices of rows of a size that stays in the cache."""
    step = chunk_rows(flows.shape[1])
    return (slice(start, min(start + step, len(flows))) for start in range(0, len(flows), step))


def _in_rows(found: Brackets, rates: np.ndarray) -> np.ndarray:
    """Rates side by side in their rows, ascending, inf in the places without one."""
    order = np.lexsort((rates, found.row))
    row = found.row[order]
    wide = np.full((len(found.count), max(int(found.count.max(initial=0)), 1)), np.inf)
    place = np.arange(row.size) - np.searchsorted(row, row)
    wide[row, place] = rates[order]
    return wide


def _with(rates: np.ndarray, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Rates with the rows of others put in their places."""
    width = max(rates.shape[1], others.shape[1])
    wide = np.pad(rates, ((0, 0), (0, width - rates.shape[1])), constant_values=np.inf)
    wide[rows, : others.shape[1]] = others
    return wide


def chain_rates(flows: np.ndarray) -> np.ndarray:
    """The rates of each row by the chain alone, ascending, inf in the places without one."""
    changes, _ = sign_changes(np.ascontiguousarray(flows.T))
    most = int(changes.max(initial=0))
    found = np.full((len(flows), max(most, 1)), np.inf)
    for count in range(1, most + 1):
        rows = np.flatnonzero(changes == count)
        size = max(1, CELLS // (flows.shape[1] * (count + 1)))
        for start in range(0, rows.size, size):
            some = rows[start : start + size]
            found[some, :count] = _isolate(flows[some], count)
    found.sort(axis=1)
    return found[:, : max(int(np.isfinite(found).sum(axis=1).max(initial=0)), 1)]


def _isolate(flows: np.ndarray, count: int) -> np.ndarray:
    """Rates of rows that all have `count` changes of sign; inf fills the places without one."""
    largest = np.abs(flows).max(axis=1, keepdims=True)
    chain = [flows / largest]
    for _ in range(count):
        chain.append(chain[-1] * (np.arange(flows.shape[1]) - _first_change(chain[-1])[:, None]))
    low, high = _bounds(chain)
    separators = np.empty((len(flows), 0))
    for polynomial in chain[-2:0:-1]:
        separators = _zeros(polynomial, low, separators, high)[0]
    x, real = _zeros(chain[0], low, separators, high)
    touching = np.abs(_value(chain[0], separators)) <= ROUNDING * _value(np.abs(chain[0]), separators)
    if touching.any():
        beside = (np.abs(x[:, :, None] - separators[:, None, :]) < SAME) & touching[:, None, :]
        real &= ~beside.any(axis=2)
        x = np.concatenate([x, separators], axis=1)
        real = np.concatenate([real, touching], axis=1)
        rates = np.sort(np.where(real, np.expm1(-x), np.inf), axis=1)
        with np.errstate(invalid="ignore"):
            rates[:, 1:][np.diff(rates, axis=1) < SAME] = np.inf
        return np.sort(rates, axis=1)[:, :count]
    return np.where(real, np.expm1(-x), np.inf)


def _first_change(flows: np.ndarray) -> np.ndarray:
    """The middle between the dates of the two flows of the first change of sign."""
    sign = np.sign(flows)
    nonzero = sign != 0
    start = nonzero.argmax(axis=1)
    first = np.take_along_axis(sign, start[:, None], axis=1)
    after = (sign == -first).argmax(axis=1)
    dates = np.arange(flows.shape[1])
    before = np.where(nonzero & (dates < after[:, None]), dates, -1).max(axis=1)
    return (before + after) / 2


def _bounds(chain: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """x between which all zeros of all polynomials of the chain lie (Cauchy's bound, both ends)."""
    low, high = np.zeros(len(chain[0])), np.zeros(len(chain[0]))
    for polynomial in chain[:-1]:
        size = np.abs(polynomial)
        largest = size.max(axis=1)
        first = np.take_along_axis(size, (size > 0).argmax(axis=1)[:, None], axis=1)[:, 0]
        backward = size[:, ::-1]
        last = np.take_along_axis(backward, (backward > 0).argmax(axis=1)[:, None], axis=1)[:, 0]
        low = np.minimum(low, -np.log1p(largest / first))
        high = np.maximum(high, np.log1p(largest / last))
    return low[:, None] - 1, high[:, None] + 1


def _zeros(
    polynomial: np.ndarray, low: np.ndarray, separators: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One x in each interval: the zero where the sign changes, else an end (harmless as a separator)."""
    ends = np.concatenate([low, separators, high], axis=1)
    sign = np.sign(_value(polynomial, ends))
    a, b = ends[:, :-1].copy(), ends[:, 1:].copy()
    left = sign[:, :-1]
    real = left * sign[:, 1:] < 0
    for _ in range(BISECTIONS):
        middle = (a + b) / 2
        same = np.sign(_value(polynomial, middle)) == left
        a = np.where(same, middle, a)
        b = np.where(same, b, middle)
    return np.where(real, (a + b) / 2, ends[:, :-1]), real


def _value(polynomial: np.ndarray, x: np.ndarray) -> np.ndarray:
    """P at v = e^x for x ≤ 0, P / v^n above: the same sign, and no overflow."""
    v = np.exp(-np.abs(x))
    forward = np.zeros_like(v)
    backward = np.zeros_like(v)
    for t in range(polynomial.shape[1]):
        forward = forward * v + polynomial[:, -1 - t, None]
        backward = backward * v + polynomial[:, t, None]
    return np.where(x <= 0, forward, backward)
