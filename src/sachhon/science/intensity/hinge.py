"""Change-point models of consumption against temperature: where the line bends, found exactly.

    3PH  E = b0 + b1 (c − T)₊              heating below c
    3PC  E = b0 + b1 (T − c)₊              cooling above c
    4P   E = b0 + b1 (c − T)₊ + b2 (T − c)₊
    5P   E = b0 + b1 (c1 − T)₊ + b2 (T − c2)₊,   c1 ≤ c2

each with further drivers added linearly. Between two neighbouring temperatures the sum of squares is that of
a free line on the bent side, so its minimum is where that line meets the other (c = −d/b) if it lies between
them, and at an end otherwise: every interval is tried, none is searched by a grid (Hudson 1966, JASA 61,
1097–1129). 5P turns one knee at a time, each exactly, from the best pair of temperatures.

Models after ASHRAE 1050-RP (Kissock, Haberl & Claridge 2003, ASHRAE Transactions 109(2), 425–434). Errors of
the coefficients are those with c known. Not here: which model to take (`baseline`).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np

Kind = Literal["3PH", "3PC", "4P", "5P"]
Side = Literal["below", "above"]


def bend(temperature: np.ndarray, point: float, side: Side) -> np.ndarray:
    """(T − c)₊ above the change point, (c − T)₊ below it; (n,)."""
    return np.maximum(temperature - point if side == "above" else point - temperature, 0.0)


def columns(kind: Kind, temperature: np.ndarray, points: tuple[float, ...]) -> np.ndarray:
    """The bent columns of a model, (n, 1 or 2): below first, then above."""
    if kind == "3PH":
        return bend(temperature, points[0], "below")[:, None]
    if kind == "3PC":
        return bend(temperature, points[0], "above")[:, None]
    low, high = points[0], points[-1]
    return np.column_stack([bend(temperature, low, "below"), bend(temperature, high, "above")])


def find(
    kind: Kind, temperature: np.ndarray, observed: np.ndarray, others: np.ndarray, least: int
) -> tuple[float, ...] | None:
    """Change point(s) of least squares; others : (n, k) columns with the constant. None where no point
    leaves `least` observations on each side that needs them."""
    if kind == "3PH":
        return _one(temperature, observed, others, "below", least)
    if kind == "3PC":
        return _one(temperature, observed, others, "above", least)
    if kind == "4P":
        return _one(temperature, observed, np.column_stack([others, temperature]), "above", least)
    return _two(temperature, observed, others, least)


def _one(
    t: np.ndarray,
    y: np.ndarray,
    others: np.ndarray,
    side: Side,
    least: int,
    between: tuple = (-np.inf, np.inf),
) -> tuple[float] | None:
    knots = np.unique(t)
    beyond = np.array([(t > k).sum() if side == "above" else (t < k).sum() for k in knots])
    short = np.array([(t <= k).sum() if side == "above" else (t >= k).sum() for k in knots])
    allowed = (beyond >= least) & (short >= least) & (knots >= between[0]) & (knots <= between[1])
    if not allowed.any():
        return None
    q = np.linalg.qr(others)[0]
    left = y - q @ (q.T @ y)
    total = float(left @ left)

    def clear(block: np.ndarray) -> np.ndarray:
        return block - q @ (q.T @ block)

    points = knots[allowed]
    free = clear(np.column_stack([bend(t, p, side) for p in points]))
    size = np.square(free).sum(axis=0)
    gain = np.divide(np.square(left @ free), size, out=np.zeros(size.size), where=size > 1e-12 * total)
    best_gain, best = float(gain.max()), float(points[np.argmax(gain)])
    # inside an interval: a free line on the bent side, d + bT, meets zero at c = −d / b
    for low, high in pairwise(knots):
        on = (t >= high) if side == "above" else (t <= low)
        if on.sum() < least or (~on).sum() < least or low < between[0] or high > between[1]:
            continue
        pair = np.column_stack([np.where(on, t, 0.0), on.astype(float)])
        solution, _, rank, _ = np.linalg.lstsq(clear(pair), left, rcond=None)
        if rank < 2 or solution[0] == 0:
            continue
        point = -float(solution[1] / solution[0])
        if low < point < high:
            column = clear(bend(t, point, side)[:, None])[:, 0]
            here = float((left @ column) ** 2 / (column @ column))
            if here > best_gain:
                best_gain, best = here, point
    return (best,)


def _two(t: np.ndarray, y: np.ndarray, others: np.ndarray, least: int) -> tuple[float, float] | None:
    knots = np.unique(t)
    if knots.size > 40:
        knots = np.quantile(t, np.linspace(0, 1, 40))
    best, found = np.inf, None
    for i, low in enumerate(knots):
        if (t < low).sum() < least:
            continue
        for high in knots[i:]:
            if (t > high).sum() < least:
                break
            block = np.column_stack([others, bend(t, low, "below"), bend(t, high, "above")])
            sse = float(np.square(y - block @ np.linalg.lstsq(block, y, rcond=None)[0]).sum())
            if sse < best * (1 - 1e-12):
                best, found = sse, (float(low), float(high))
    if found is None:
        return None
    low, high = found
    for _ in range(20):
        before = (low, high)
        with_high = np.column_stack([others, bend(t, high, "above")])
        low = (_one(t, y, with_high, "below", least, (-np.inf, high)) or (low,))[0]
        with_low = np.column_stack([others, bend(t, low, "below")])
        high = (_one(t, y, with_low, "above", least, (low, np.inf)) or (high,))[0]
        if np.allclose(before, (low, high), rtol=1e-10):
            break
    return low, high
