"""Choosing among 10,000 options, against HiGHS' own branch and cut and PuLP with CBC.

    python benchmarks/portfolio.py            10,000 options, peers up to 60 s each
    python benchmarks/portfolio.py --quick    1,000 options

Exclusive groups, prerequisites, twelve sector caps, budgets of three years and a least saving of CO₂. Each way solves
the same programme; bounds: ours proves a gap of 0.1 % in under a second (the best of three, first imports apart), the
exact way reaches HiGHS' optimum. Exits 1 where a bound is missed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from functools import partial

import numpy as np
import pulp

from sachhon.science.portfolio import Limits, Option, Settings, choose
from sachhon.science.portfolio.highs import solve_lp, solve_mip
from sachhon.science.portfolio.model import Model, build

GAP, SECONDS, PEER_SECONDS = 1e-3, 1.0, 60.0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    count = 1_000 if parser.parse_args().quick else 10_000
    choose(*instance(50))  # imports
    failed = False
    for seed in (1,) if count < 10_000 else (1, 2):
        options, limits = instance(count, seed)
        fast, fast_seconds = best(partial(choose, options, limits, settings=Settings(method="fast", gap=GAP)))
        exact, exact_seconds = best(
            partial(choose, options, limits, settings=Settings(method="exact")), rounds=1
        )
        model = build(options, limits, {"value": 1.0}, (), Settings())
        _, lp_seconds = best(partial(solve_lp, model.programme))
        mip, mip_seconds = best(
            partial(solve_mip, model.programme, gap=1e-6, time_limit=PEER_SECONDS), rounds=1
        )
        cbc, cbc_seconds = best(partial(by_cbc, model), rounds=1)
        print(f"instance {seed}: {count:,} options, {len(model.programme.low):,} rows")
        print(f"  fast        {fast_seconds:8.3f} s   aim {fast.aim:.2f}   proven gap {100 * fast.gap:.4f} %")
        print(
            f"  exact       {exact_seconds:8.3f} s   aim {exact.aim:.2f}   proven gap {100 * exact.gap:.4f} %"
        )
        print(f"  HiGHS LP    {lp_seconds:8.3f} s")
        print(f"  HiGHS MILP  {mip_seconds:8.3f} s   aim {mip.objective:.2f}   bound {mip.bound:.2f}")
        print(f"  PuLP, CBC   {cbc_seconds:8.3f} s   aim {cbc:.2f}")
        for peer, seconds in (("HiGHS MILP", mip_seconds), ("PuLP, CBC", cbc_seconds)):
            print(f"  against {peer}: fast {seconds / fast_seconds:.1f} times as fast, ", end="")
            print(f"exact {seconds / exact_seconds:.1f}")
        bad = fast.gap > GAP or (count >= 10_000 and fast_seconds > SECONDS)
        bad |= exact.gap > 1e-6 or exact.aim < max(mip.objective, cbc) * (1 - 2e-6)
        failed |= bad
        print(f"  gap ≤ {100 * GAP:g} % in under {SECONDS:g} s, exact equals the peers' best: ", end="")
        print("MISSED" if bad else "met")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    return int(failed)


def best(work, rounds: int = 3):
    """Result and the least of the times."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - started)
    return result, min(times)


def instance(count: int, seed: int = 1) -> tuple[list[Option], Limits]:
    """Options of a province's fund."""
    random = np.random.default_rng(seed)
    cost = random.lognormal(5, 1, count).round(1)
    value = (cost * random.normal(0.6, 0.5, count)).round(2)
    co2 = (cost * random.lognormal(-1, 0.7, count)).round(2)
    sector = random.integers(0, 12, count)
    group = random.integers(0, count // 2, count)
    later = random.random(count) < 0.4
    options = [
        Option(
            f"o{i}",
            float(value[i]),
            (0.5 * cost[i], 0.3 * cost[i], 0.2 * cost[i]) if later[i] else (float(cost[i]), 0.0, 0.0),
            {"co2": float(co2[i])},
            group=f"g{group[i]}" if i % 2 == 0 else None,
            requires=(f"o{random.integers(0, i)}",) if i > 10 and random.random() < 0.2 else (),
            sector=f"s{sector[i]}",
        )
        for i in range(count)
    ]
    whole = float(cost.sum())
    caps = {f"s{k}": 0.015 * whole for k in range(12)}
    return options, Limits(
        (0.1 * whole, 0.02 * whole, 0.015 * whole), sector_caps=caps, targets={"co2": 0.1 * co2.sum()}
    )


def by_cbc(model: Model) -> float:
    """The same programme through PuLP; its building counts, as ours does."""
    p = model.programme
    problem = pulp.LpProblem("choice", pulp.LpMaximize)
    x = [pulp.LpVariable(f"x{j}", 0, float(p.upper[j]), pulp.LpBinary) for j in range(len(p.c))]
    problem += pulp.LpAffineExpression(zip(x, p.c.tolist(), strict=True))
    for k in range(len(p.low)):
        part = slice(p.a.indptr[k], p.a.indptr[k + 1])
        row = pulp.LpAffineExpression(
            [(x[j], v) for j, v in zip(p.a.indices[part], p.a.data[part].tolist(), strict=True)]
        )
        if np.isfinite(p.high[k]):
            problem += row <= float(p.high[k])
        if np.isfinite(p.low[k]):
            problem += row >= float(p.low[k])
    problem.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=PEER_SECONDS, gapRel=1e-6))
    return float(pulp.value(problem.objective))


if __name__ == "__main__":
    sys.exit(main())
