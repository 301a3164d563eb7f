"""The internal rate of return of conventional cash flows, many rows at once.

A row is conventional when its flows change sign once (zeros do not count): costs before benefits, or a loan
taken before its repayments. With v = 1/(1 + r) and x = ln(1 + r),

    0 = Σ_t c_t v^t     ⇔     f(x) = ln Σ_{c_t > 0} c_t e^(−x t) − ln Σ_{c_t < 0} |c_t| e^(−x t) = 0

f is strictly monotone (every benefit lies later than every cost, or the other way round) and nearly a
straight line: its slope is the difference of the mean dates of benefits and costs, its curvature that of
their variances. So the root is unique (Descartes' rule of signs), and

1. one product with a (4, n + 1) matrix gives sums and first three moments in time of all rows at a common rate;
   three terms of the cumulant series of f give a first guess;
2. Newton's step, then steps of the inverse Hermite interpolation through the last two points (order 1 + √3;
   Ostrowski 1966, Solution of Equations and Systems of Equations) finish in two or three
   evaluations by Horner's scheme, rows in chunks that stay in the second-level cache.

Rows that are not conventional, or do not settle, are marked and left to `finance.brackets`, which isolates.
Shapes: time first, (n + 1, rows), contiguous; x (rows,).
"""

from __future__ import annotations

import numpy as np

CHUNK_CELLS = 172_032  # 1.3 MB of float64: 8,192 rows of 21 flows; larger chunks gained nothing
START_RATE_X = 0.1  # ln(1 + r) at which the first chunk begins; later ones at the rates of the one before
STRIP = 200_000  # multiplications of one product
MOST_STEPS = 8
FEW_STEPS = 4  # what settles at all without one change of sign does within these
SETTLED = 1e-7  # Newton's error is then about its square
PRODUCT_SETTLED = 3e-8  # Hermite's error is about the square of the product of the last two steps


def chunk_rows(periods: int) -> int:
    """Rows of (n + 1) flows that fit the chunk."""
    return max(256, CHUNK_CELLS // max(periods, 1))


def conventional_rates(flows: np.ndarray, near: float) -> tuple[np.ndarray, np.ndarray]:
    """x = ln(1 + irr) of every row and whether it is settled; see the module.

    flows : (n + 1, rows), time first, contiguous; near : x at which the moments are taken, about the answer.
    Where not settled x is 0.
    """
    first = flows[0]
    later = flows[1:]
    x = np.zeros(flows.shape[1])
    simple = (first < 0) & (later.min(axis=0) >= 0) & (later[-1] > 0)
    if simple.all():
        return _solve(later, -first, near)
    settled = np.zeros(flows.shape[1], dtype=bool)
    for group, sign in ((simple, 1.0), *_others(flows, simple)):
        rows = np.flatnonzero(group)
        if not rows.size:
            continue
        part = columns(flows, rows) * sign
        last_cost = int(np.flatnonzero((part < 0).any(axis=1))[-1])
        if last_cost == 0:
            x[rows], settled[rows] = _solve(part[1:], -part[0], near)
        else:
            costs = np.maximum(-part[: last_cost + 1], 0)
            x[rows], settled[rows] = _solve(np.maximum(part[1:], 0), costs, near)
    return x, settled


def rates_near(flows: np.ndarray, near: float) -> tuple[np.ndarray, np.ndarray]:
    """x of some rate of rows with any signs, found from `near`, and where that settled; which one it is, is open.

    flows : (n + 1, rows), time first. For callers that know an interval with one rate.
    """
    if (flows[0] < 0).all():
        return _solve(flows[1:], -flows[0], near, FEW_STEPS)
    return _solve(flows[1:] * -np.sign(flows[0]), np.abs(flows[0]), near, FEW_STEPS)


def _others(flows: np.ndarray, simple: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """Rows with one change of sign that are not simple: costs first (as they are), benefits first (negated)."""
    changes, first = sign_changes(flows)
    once = (changes == 1) & ~simple & (flows[-1] != 0)
    return [(once & (first < 0), 1.0), (once & (first > 0), -1.0)]


def sign_changes(flows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Changes of sign of each column, zeros left out, and the sign of its first flow that is not zero."""
    up = flows > 0
    if (flows != 0).all():
        changes = np.add.reduce(up[1:] != up[:-1], axis=0, dtype=np.int32)
        return changes, np.where(up[0], 1.0, -1.0)
    sign = np.sign(flows)
    last = sign[0].copy()
    first = sign[0].copy()
    changes = np.zeros(flows.shape[1], dtype=int)
    for row in sign[1:]:
        changes += row * last < 0
        np.copyto(first, row, where=first == 0)
        np.copyto(last, row, where=row != 0)
    return changes, first


def _solve(
    benefits: np.ndarray, costs: np.ndarray, near: float, steps: int = MOST_STEPS
) -> tuple[np.ndarray, np.ndarray]:
    """Root of ln Σ benefits − ln Σ costs: benefits at dates 1 … n; costs at 0 (1-d), or at 0 … k (2-d)."""
    limit = 650.0 / len(benefits)  # e^(x n) stays a number
    with np.errstate(all="ignore"):  # rows that run away are caught by the last check
        x = np.clip(_first_guess(benefits, costs, near), -limit, limit)
        found = np.zeros(x.size)
        settled = np.zeros(x.size, dtype=bool)
        open_rows = np.arange(x.size)
        log_cost = np.log(costs) if costs.ndim == 1 else None
        before = None
        for _ in range(steps):
            f, slope = _log_ratio(benefits, costs, log_cost, x)
            step = f / slope if before is None else _hermite(x, f, slope, *before)
            step = np.clip(step, -1.0, 1.0)
            size = np.abs(step)
            close = (
                size < SETTLED if before is None else (size < SETTLED) | (size * before[3] < PRODUCT_SETTLED)
            )
            done = close & (np.abs(x + step) < limit)
            before = (x, f, slope, size)
            x = x + step
            if done.all():
                found[open_rows], settled[open_rows] = x, True
                break
            if 2 * np.count_nonzero(done) > done.size:
                found[open_rows[done]], settled[open_rows[done]] = x[done], True
                keep = np.flatnonzero(~done)
                open_rows, x, benefits = open_rows[keep], x[keep], columns(benefits, keep)
                costs = np.take(costs, keep, axis=-1)
                log_cost = None if log_cost is None else log_cost[keep]
                before = tuple(part[keep] for part in before)
    return found, settled


def _first_guess(benefits: np.ndarray, costs: np.ndarray, near: float) -> np.ndarray:
    """x from three cumulants of the dates of benefits and costs at the rate `near`."""
    log_sum, mean, variance, skew = _cumulants(benefits, 1, near)
    if costs.ndim == 1:
        log_sum = log_sum - np.log(costs)
    else:
        c_log, c_mean, c_variance, c_skew = _cumulants(costs, 0, near)
        log_sum, mean = log_sum - c_log, mean - c_mean
        variance, skew = variance - c_variance, skew - c_skew
    root = np.sqrt(np.maximum(mean * mean - 2 * variance * log_sum, 0))
    dx = 2 * log_sum / (mean + root)
    value = log_sum - dx * (mean - dx * (variance / 2 - dx * skew / 6))
    slope = mean - dx * (variance - dx * skew / 2)
    better = dx + value / slope
    good = (slope > 0.25 * mean) & (np.abs(better - dx) < 0.5)
    return near + np.where(good, better, np.where(np.isfinite(dx), dx, 0))


def _cumulants(amounts: np.ndarray, start: int, near: float) -> tuple[np.ndarray, ...]:
    """ln of the discounted sum, and mean, variance and third central moment of the dates it is weighted by."""
    t = np.arange(start, start + len(amounts))
    weight = np.exp(-near * t)
    total, one, two, three = product(np.stack([weight, weight * t, weight * t**2, weight * t**3]), amounts)
    mean = one / total
    second = two / total
    return np.log(total), mean, second - mean * mean, three / total - 3 * mean * second + 2 * mean**3


def columns(flows: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """flows[:, rows] in less than half the time; itself where that is all of it in order."""
    whole = rows.size == flows.shape[1] and np.array_equal(rows, np.arange(rows.size))
    return flows if whole else np.take(flows, rows, axis=1)


def product(matrix: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """matrix @ columns in strips that stay in the cache, and too small for BLAS to wake (and wait for) more threads."""
    out = np.empty((len(matrix), columns.shape[1]))
    step = max(64, STRIP // matrix.size)
    for start in range(0, columns.shape[1], step):
        strip = slice(start, start + step)
        np.matmul(matrix, columns[:, strip], out=out[:, strip])
    return out


def _log_ratio(
    benefits: np.ndarray, costs: np.ndarray, log_cost: np.ndarray | None, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """f at x, and minus its slope."""
    v = np.exp(-x)
    value, mean = _horner(benefits, v)
    f = np.log(value) - x
    if log_cost is not None:
        return f - log_cost, mean + 1
    cost, cost_mean = _horner(costs, v)
    return f - np.log(cost), mean + 1 - cost_mean


def _horner(amounts: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Σ a_t v^t and the mean date Σ t a_t v^t / Σ a_t v^t, dates from 0."""
    value = amounts[-1].copy()
    slope = np.zeros(v.size)
    for row in amounts[-2::-1]:
        slope *= v
        slope += value
        value *= v
        value += row
    return value, v * slope / value


def _hermite(
    x: np.ndarray,
    f: np.ndarray,
    slope: np.ndarray,
    x0: np.ndarray,
    f0: np.ndarray,
    slope0: np.ndarray,
    *_: object,
) -> np.ndarray:
    """Step from x to the zero of the cubic x(f) through both points and their slopes (f' is −slope)."""
    h = f - f0
    chord = (x - x0) / h
    second = (-1 / slope - chord) / h
    third = (-1 / slope - 2 * chord - 1 / slope0) / (h * h)
    newton = f / slope
    step = newton + f * f * (second + (h - f) * third)
    return np.where(np.abs(step - newton) < np.abs(newton), step, newton)
