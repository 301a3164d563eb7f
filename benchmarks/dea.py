"""Envelopment of two thousand units, against one linear programme a unit through scipy's linprog.

    python benchmarks/dea.py            2,000 units × 4 inputs × 3 outputs; the peer takes 60 of them
    python benchmarks/dea.py --quick    300 units

Ours gives efficiency, slacks and peers; the peer is timed for efficiency alone (`first`) and with its second programme
for the slacks (`both`). Efficiencies must agree to 1e-7. Exits 1 where ours is not ten times as fast as `first`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.optimize import linprog

from sachhon.science.benchmark import dea

BOUND, ROUNDS, SAMPLE = 10, 3, 60


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    count = 300 if parser.parse_args().quick else 2_000
    x, y = units(count)
    dea(x[:50], y[:50])  # imports
    chosen = np.linspace(0, count - 1, SAMPLE).astype(int)
    failed = False
    for returns in ("crs", "vrs"):
        variable = returns == "vrs"
        ours = first = both = np.inf
        for _ in range(ROUNDS):
            spent, result = timed(lambda returns=returns: dea(x, y, returns))
            ours = min(ours, spent)
            spent, theta = timed(lambda v=variable: [phase_one(x, y, o, v) for o in chosen])
            first = min(first, spent * count / SAMPLE)
            second, _ = timed(
                lambda t=theta, v=variable: [phase_two(x, y, o, e, v) for o, e in zip(chosen, t, strict=True)]
            )
            both = min(both, (spent + second) * count / SAMPLE)
        apart = np.abs(result.efficiency[chosen] - theta).max()
        ratio = first / ours
        print(f"{returns}: {count:,} units in {ours:.2f} s, {int(result.efficient.sum())} efficient")
        print(f"  linprog, first programme {first:8.1f} s  {ratio:6.1f} times as long (at least {BOUND})")
        print(f"  linprog, both programmes {both:8.1f} s  {both / ours:6.1f} times as long")
        print(f"  efficiencies differ by at most {apart:.1e}")
        failed |= ratio < BOUND or apart > 1e-7
    return int(failed)


def units(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Factories of one technology, with unlike sizes, mixes and inefficiency."""
    random = np.random.default_rng(4)
    x = random.lognormal(0, 0.6, (count, 4))
    best = x.prod(axis=1, keepdims=True) ** 0.25
    return x, best * random.uniform(0.3, 1, (count, 1)) * random.lognormal(0, 0.3, (count, 3))


def timed(work: Callable) -> tuple[float, object]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def phase_one(x: np.ndarray, y: np.ndarray, unit: int, variable: bool) -> float:
    n = len(x)
    return linprog(
        np.concatenate([[1.0], np.zeros(n)]),
        A_ub=np.block([[-x[[unit]].T, x.T], [np.zeros((y.shape[1], 1)), -y.T]]),
        b_ub=np.concatenate([np.zeros(x.shape[1]), -y[unit]]),
        A_eq=np.concatenate([[0.0], np.ones(n)])[None] if variable else None,
        b_eq=[1.0] if variable else None,
        method="highs",
    ).fun


def phase_two(x: np.ndarray, y: np.ndarray, unit: int, theta: float, variable: bool) -> float:
    rows = np.concatenate([x.T, -y.T])
    return linprog(
        rows.sum(axis=0),
        A_ub=rows,
        b_ub=np.concatenate([theta * x[unit], -y[unit]]) + 1e-9,
        A_eq=np.ones((1, len(x))) if variable else None,
        b_eq=[1.0] if variable else None,
        method="highs",
    ).fun


if __name__ == "__main__":
    sys.exit(main())
