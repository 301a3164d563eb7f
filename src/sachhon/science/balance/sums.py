"""Sums by place, as numbers with a fraction whatever is summed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sums(at: NDArray[np.int64], weight: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Σ of `weight` at each of `size` places. Of nothing, `bincount` alone makes whole numbers, which would then
    cut the fraction off whatever is written into them."""
    return np.bincount(at, weight, size).astype(np.float64, copy=False)
