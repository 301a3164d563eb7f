"""Sums by place as numbers with a fraction whatever is summed, sums of stretches, and the order that brings each place
together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sums(at: NDArray[np.int64], weight: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Σ of `weight` at each of `size` places. Of nothing, `bincount` alone makes whole numbers, which would then
    cut the fraction off whatever is written into them."""
    return np.bincount(at, weight, size).astype(np.float64, copy=False)


def running(value: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums of the first 0, 1, … rows, and what rounding took from each, for `between`."""
    total = np.zeros((len(value) + 1, *value.shape[1:]))
    np.cumsum(value, axis=0, out=total[1:])
    before, after = total[:-1], total[1:]
    added = after - before
    lost = np.zeros_like(total)
    np.cumsum((before - (after - added)) + (value - added), axis=0, out=lost[1:])
    return total, lost


def between(
    sums_: tuple[NDArray[np.float64], NDArray[np.float64]], start: NDArray[np.int64], stop: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sum of the rows from each start to each stop. A difference of running sums keeps the rounding of all that went
    before, which may be a thousand times the rows themselves; what was lost on the way gives it back (Knuth, The Art
    of Computer Programming 2, 4.2.2: the rounding of one addition is itself a number)."""
    total, lost = sums_
    return (total[stop] - total[start]) + (lost[stop] - lost[start])


def in_order(at: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The stable order of places 0 … size − 1. Place and number packed into one integer sort many times as fast as
    a stable argsort, while both fit into it."""
    count = len(at)
    bits = max(count - 1, 1).bit_length()
    if int(size).bit_length() + bits > 62:
        return np.argsort(at, kind="stable")
    packed = (at << bits) | np.arange(count)
    packed.sort()
    return packed & ((1 << bits) - 1)
