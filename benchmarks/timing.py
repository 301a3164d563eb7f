"""How long two ways take, each at its best of some rounds that alternate between them."""

from __future__ import annotations

import time
from collections.abc import Callable


def fastest(
    ours: Callable[[], object], theirs: Callable[[], object], count: int, rounds: int = 5
) -> tuple[float, float]:
    """Seconds a call, ours and theirs."""
    best = [float("inf"), float("inf")]
    for _ in range(rounds):
        for side, work in enumerate((ours, theirs)):
            started = time.perf_counter()
            for _ in range(count):
                work()
            best[side] = min(best[side], (time.perf_counter() - started) / count)
    return best[0], best[1]
