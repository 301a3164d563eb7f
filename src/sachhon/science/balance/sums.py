"""Sums by place as numbers with a fraction whatever is summed, and the order that brings each place together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sums(at: NDArray[np.int64], weight: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Σ of `weight` at each of `size` places. Of nothing, `bincount` alone makes whole numbers, which would then
    cut the fraction off whatever is written into them."""
    return np.bincount(at, weight, size).astype(np.float64, copy=False)


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
