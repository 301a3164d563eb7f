"""Reconciliation in fractions: every figure exact, whatever the variances, to compare floating point with."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

Row = list[Fraction]


@dataclass(frozen=True)
class Exact:
    """Arrays over streams; the estimate of an unobservable stream is NaN, its variance infinite."""

    estimate: np.ndarray
    variance: np.ndarray
    observable: np.ndarray
    strength: np.ndarray  # aᵀS⁻¹a
    chi2: float
    dof: int
    covariance: np.ndarray  # of the estimates; rows of unobservable streams mean nothing


def reconcile_exactly(a, measured, variance) -> Exact | None:
    """None where fixed streams contradict each other; `variance` of streams, or a full matrix of full rank."""
    y = np.asarray(measured, dtype=float)
    streams = range(len(y))
    v = np.asarray(variance, dtype=float)
    v = np.diag(np.broadcast_to(v, y.shape)) if v.ndim < 2 else v
    hidden = np.isnan(y) | np.isinf(v.diagonal())
    read = ~hidden & (v.diagonal() > 0)
    value = [Fraction(0) if hidden[j] else Fraction(float(y[j])) for j in streams]
    spread = {
        (i, j): Fraction(float(v[i, j]))
        for i in np.flatnonzero(read).tolist()
        for j in np.flatnonzero(read).tolist()
        if v[i, j]
    }
    rows = [[Fraction(float(x)) for x in row] for row in np.asarray(a, dtype=float)]
    rough = sorted(np.flatnonzero(read).tolist(), key=lambda j: -v[j, j])
    pivots = _solve_for(rows, [*np.flatnonzero(hidden).tolist(), *rough])
    left = [rows[i] for i in range(len(rows)) if i not in dict(pivots)]
    if any(_dot(row, value) for row in left):
        return None

    told = [rows[i] for i, j in pivots if read[j]]
    pulled = [_times(spread, row) for row in told]
    inverse = _invert([[_dot(g, p) for p in pulled] for g in told])
    u = [_dot(row, [_dot(g, value) for g in told]) for row in inverse]
    moved = [sum((u[k] * p[j] for k, p in enumerate(pulled)), Fraction(0)) for j in streams]
    estimate = [value[j] - moved[j] for j in streams]

    # each estimate as a sum of those of readings
    made_of = [_unit(j, len(y)) if read[j] else [Fraction(0)] * len(y) for j in streams]
    observable = ~hidden
    for i, j in pivots:
        if hidden[j] and not any(rows[i][k] for k in streams if hidden[k] and k != j):
            observable[j] = True
            made_of[j] = [-rows[i][k] if read[k] else Fraction(0) for k in streams]
            estimate[j] = _dot([Fraction(0) if hidden[k] else -rows[i][k] for k in streams], estimate)
    columns = [[g[j] for g in told] for j in streams]
    covariance = np.zeros((len(y), len(y)))
    pulls = [[_dot(p, row) for p in pulled] for row in made_of]
    for j in streams:
        own, answer = _times(spread, made_of[j]), [_dot(line, pulls[j]) for line in inverse]
        covariance[j] = [float(_dot(own, made_of[k]) - _dot(answer, pulls[k])) for k in streams]
    return Exact(
        np.where(observable, _floats(estimate), np.nan),
        np.where(observable, covariance.diagonal(), np.inf),
        observable,
        _floats([_dot(c, [_dot(line, c) for line in inverse]) for c in columns]),
        float(_dot([_dot(g, value) for g in told], u)),
        len(told),
        covariance,
    )


def _solve_for(rows: list[Row], order: list[int]) -> list[tuple[int, int]]:
    """Gauss–Jordan in place, for the streams in their order: (row, stream) of each pivot."""
    pivots: list[tuple[int, int]] = []
    taken: set[int] = set()
    for j in order:
        at = next((i for i, row in enumerate(rows) if i not in taken and row[j]), None)
        if at is None:
            continue
        size = rows[at][j]
        rows[at] = [x / size for x in rows[at]]
        for i, row in enumerate(rows):
            if i != at and row[j]:
                rows[i] = [x - row[j] * p if p else x for x, p in zip(row, rows[at], strict=True)]
        taken.add(at)
        pivots.append((at, j))
    return pivots


def _invert(matrix: list[Row]) -> list[Row]:
    n = len(matrix)
    wide = [[*row, *_unit(i, n)] for i, row in enumerate(matrix)]
    _solve_for(wide, list(range(n)))
    # S is positive definite: each pivot stood in its own row
    return [row[n:] for row in wide]


def _times(spread: dict[tuple[int, int], Fraction], row: Row) -> Row:
    out = [Fraction(0)] * len(row)
    for (i, j), v in spread.items():
        if row[j]:
            out[i] += v * row[j]
    return out


def _dot(a: Row, b: Row) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True) if x and y), Fraction(0))


def _unit(at: int, size: int) -> Row:
    return [Fraction(int(k == at)) for k in range(size)]


def _floats(row: Row) -> np.ndarray:
    return np.array([float(x) for x in row])
