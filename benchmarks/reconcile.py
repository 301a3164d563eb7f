"""Reconciliation against bare SuperLU, cvxpy and SLSQP; and ten thousand factories in one call.

    python benchmarks/reconcile.py            100, 10,000 and 1,000,000 streams (some minutes)
    python benchmarks/reconcile.py --quick    without the million

Ours gives estimates with a tenth of the streams unmeasured, variances of all results, classification and all tests of
meters and nodes; the peer `splu` gives the estimate alone, with every stream measured: forming A·V·Aᵀ, factoring it and
solving. Ways take turns in one run, so that what else the machine does falls on both alike; the ratio is the median of
the turns, on the clock. That of processor time, of all threads together, stands beside it. Exits 1 where a bound is
missed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import splu

from sachhon.science.balance import reconcile_batch, reconcile_linear

TIMES_SPLU = 2.0
BATCH_SECONDS = 5.0
TIMES_CVXPY = 10
TIMES_SLSQP = 100
MOST_GIGABYTES = 4.0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    failed = False
    sizes = [100, 10_000] if quick else [100, 10_000, 1_000_000]
    for size in sizes:
        for shape in ("chain", "random", "hub"):
            failed |= against_splu(shape, size)
    failed |= batch(1_000 if quick else 10_000)
    failed |= against_solvers()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory {peak:.2f} GB (at most {MOST_GIGABYTES:g}: {met(peak <= MOST_GIGABYTES)})")
    return int(failed or peak > MOST_GIGABYTES)


def met(good: bool) -> str:
    return "met" if good else "MISSED"


@dataclass(frozen=True)
class Turns:
    """Seconds of two ways that took turns: (turns, 2), ours first."""

    clock: np.ndarray
    processor: np.ndarray

    @property
    def ratio(self) -> float:
        """Of ours to the peer's, on the clock."""
        return float(np.median(self.clock[:, 0] / self.clock[:, 1]))

    @property
    def processor_ratio(self) -> float:
        return float(np.median(self.processor[:, 0] / np.maximum(self.processor[:, 1], 1e-9)))

    @property
    def seconds(self) -> tuple[float, float]:
        ours, peer = np.median(self.clock, axis=0).tolist()
        return ours, peer


def turns(ours: Callable[[], object], peer: Callable[[], object], count: int) -> Turns:
    """One way, then the other, so many times; a first turn of each is not counted."""
    ways = (ours, peer)
    clock, processor = np.zeros((count, 2)), np.zeros((count, 2))
    for k in range(-1, count):
        for side, work in enumerate(ways):
            before = time.perf_counter(), time.process_time()
            work()
            clock[k, side], processor[k, side] = (
                time.perf_counter() - before[0], time.process_time() - before[1],
            )  # fmt: skip
    return Turns(clock, processor)


def network(shape: str, streams: int, seed: int = 0) -> tuple[csc_array, np.ndarray]:
    """A and true flows. Every node has a way out, so that any flows can be made to balance."""
    random = np.random.default_rng(seed)
    nodes = streams // 2
    number = np.arange(nodes)
    if shape == "chain":
        head = number
        tail = np.append(nodes, number[:-1])  # `nodes` is outside
    elif shape == "hub":
        hubs = max(2, int(np.sqrt(nodes)))
        head, tail = number, np.where(number < hubs, nodes, random.integers(0, hubs, nodes))
    else:
        # each node is fed by one made before it; one in fifty has a second feed from anywhere
        head, tail = number, np.append(nodes, (random.random(nodes - 1) * number[1:]).astype(np.int64))
        more = max(1, nodes // 50)
        head = np.concatenate([head, random.integers(0, nodes, more)])
        tail = np.concatenate([tail, random.integers(0, nodes, more)])
        keep = head != tail
        head, tail = head[keep], tail[keep]
    inner = len(head)
    tail, head = np.concatenate([tail, number]), np.concatenate([head, np.full(nodes, nodes)])
    flow = random.uniform(1, 5, len(tail))
    # what a node's inner streams leave over goes out by its own outlet
    net = np.bincount(head[:inner], flow[:inner], nodes + 1) - np.bincount(
        tail[:inner], flow[:inner], nodes + 1
    )
    flow[inner:] = net[:nodes]
    inside, outside = head < nodes, tail < nodes
    columns = np.arange(len(tail))
    rows = np.concatenate([head[inside], tail[outside]])
    values = np.concatenate([np.ones(inside.sum()), -np.ones(outside.sum())])
    at = np.concatenate([columns[inside], columns[outside]])
    return csc_array((values, (rows, at)), shape=(nodes, len(tail))), flow


def against_splu(shape: str, streams: int) -> bool:
    matrix, flow = network(shape, streams)
    random = np.random.default_rng(1)
    v = (0.02 * np.abs(flow) + 0.01) ** 2
    full = random.normal(flow, np.sqrt(v))
    some = full.copy()
    some[random.random(len(flow)) < 0.1] = np.nan
    found: dict[str, object] = {}

    def ours() -> None:
        r = reconcile_linear(matrix, some, v)
        found["ours"] = (
            r.estimate,
            r.variance,
            r.observable,
            r.statistics,
            r.node_statistics,
            r.p_value,
            r.suspects,
        )

    def peer() -> None:
        weighted = matrix @ diags_array(v)
        factor = splu(
            csc_array(weighted @ matrix.T), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}
        )
        found["splu"] = full - weighted.T @ factor.solve(matrix @ full)

    timed = turns(ours, peer, 300 if streams <= 100 else 100 if streams <= 10_000 else 3)
    same = np.abs(reconcile_linear(matrix, full, v).estimate - found["splu"]).max() < 1e-6
    good = timed.ratio <= TIMES_SPLU and bool(same)
    mine, bare = timed.seconds
    print(
        f"{shape:7} {matrix.shape[1]:>9,} streams: {1e3 * mine:9.2f} ms, splu {1e3 * bare:9.2f} ms, "
        f"{timed.ratio:5.2f} times (at most {TIMES_SPLU:g}: {met(good)}; processor {timed.processor_ratio:.2f})"
    )
    return not good


def batch(factories: int) -> bool:
    matrix, flow = network("chain", 100)
    random = np.random.default_rng(2)
    y = random.normal(flow, 0.02 * np.abs(flow), (factories, len(flow)))
    v = (0.02 * y) ** 2 + 1e-6
    y[random.random(y.shape) < 0.1] = np.nan
    few = y[:200]
    timed = turns(
        lambda: reconcile_batch(matrix, y, v),
        lambda: [reconcile_linear(matrix, a, b) for a, b in zip(few, v, strict=False)],
        2,
    )
    seconds, one_by_one = timed.seconds
    bound = BATCH_SECONDS * factories / 10_000
    good = seconds <= bound
    print(
        f"{factories:,} factories of {len(flow)} streams: {seconds:.2f} s (at most {bound:g}: {met(good)}), "
        f"{one_by_one / 200 * factories / seconds:.1f} times as fast as one by one"
    )
    return not good


def against_solvers() -> bool:
    return any([against_solver("cvxpy", 100), against_solver("cvxpy", 2_000), against_solver("SLSQP", 100)])


def against_solver(peer: str, streams: int) -> bool:
    import cvxpy
    from scipy.optimize import minimize

    matrix, flow = network("random", streams)
    dense, sd = matrix.toarray(), 0.02 * np.abs(flow) + 0.01
    y = np.random.default_rng(3).normal(flow, sd)
    found: dict[str, np.ndarray] = {}

    def ours() -> None:
        found["ours"] = reconcile_linear(matrix, y, sd**2).estimate

    def programme() -> None:
        x = cvxpy.Variable(len(y))
        cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares((x - y) / sd)), [matrix @ x == 0]).solve()
        found[peer] = np.asarray(x.value)

    def slsqp() -> None:
        found[peer] = minimize(
            lambda x: np.square((x - y) / sd).sum(), y, jac=lambda x: 2 * (x - y) / sd**2, method="SLSQP",
            constraints={"type": "eq", "fun": lambda x: dense @ x, "jac": lambda _: dense},
        ).x  # fmt: skip

    ratio = 1 / turns(ours, programme if peer == "cvxpy" else slsqp, 10).ratio
    bound = TIMES_CVXPY if peer == "cvxpy" else TIMES_SLSQP
    print(
        f"{len(y):,} streams: {ratio:.0f} times as fast as {peer} (at least {bound}: {met(ratio >= bound)}), "
        f"which differs by {np.abs(found[peer] - found['ours']).max():.1e}"
    )
    return ratio < bound


if __name__ == "__main__":
    sys.exit(main())
