"""Estimates of 100,000 rows in 200 domains, with errors, against samplics.

    python benchmarks/survey_estimates.py            100,000 rows, 200 domains, 50 strata of 40 clusters
    python benchmarks/survey_estimates.py --quick    a tenth of it

Total, mean, ratio and share of every domain, by Taylor linearisation with finite population correction. Both ways get
the same arrays; estimates and standard errors must agree to 1e-9. One run, ways interleaved, the best of each. Exits 1
where ours takes a second or more for all four, or differs.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np

from sachhon.science.survey import Design

with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)
    from samplics.estimation import TaylorEstimator
    from samplics.utils.types import PopParam

STRATA, CLUSTERS, SECONDS, ROUNDS = 50, 40, 1.0, 3


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    rows, domains = (10_000, 20) if parser.parse_args().quick else (100_000, 200)
    random = np.random.default_rng(4)
    cluster = random.integers(0, STRATA * CLUSTERS, rows)
    cluster[: STRATA * CLUSTERS] = np.arange(STRATA * CLUSTERS)
    strata, domain = cluster // CLUSTERS, random.integers(0, domains, rows)
    weights = random.uniform(1, 5, rows)
    y, x = random.lognormal(3, 1, rows), random.uniform(1, 2, rows)
    share = y > 20
    population = dict.fromkeys(range(STRATA), CLUSTERS * 4)
    estimates: dict[str, Callable] = {
        "total": lambda design: design.total(y, domain=domain),
        "mean": lambda design: design.mean(y, domain=domain),
        "ratio": lambda design: design.ratio(y, x, domain=domain),
        "share": lambda design: design.proportion(share, domain=domain),
    }

    def ours() -> dict:
        design = Design(strata=strata, clusters=cluster, weights=weights, population=population)
        return {name: estimate(design) for name, estimate in estimates.items()}

    def theirs() -> dict:
        out = {}
        correction = dict.fromkeys(range(STRATA), 1 - 1 / 4)
        for name, values, base in (
            ("total", y, None),
            ("mean", y, None),
            ("ratio", y, x),
            ("share", share, None),
        ):
            peer = TaylorEstimator(param=getattr(PopParam, "mean" if name == "share" else name))
            extra = {"x": base} if base is not None else {}
            peer.estimate(
                y=values.astype(float),
                samp_weight=weights,
                stratum=strata,
                psu=cluster,
                domain=domain,
                fpc=correction,
                **extra,
            )
            out[name] = peer
        return out

    own, other = float("inf"), float("inf")
    for turn in range(ROUNDS):
        started = time.perf_counter()
        mine = ours()
        own = min(own, time.perf_counter() - started)
        if turn == 0:  # the peer takes minutes
            started = time.perf_counter()
            peers = theirs()
            other = time.perf_counter() - started
    print(f"{rows:,} rows, {domains} domains, {STRATA} strata of {CLUSTERS} clusters: four estimates")
    print(f"  ours      {own:8.3f} s (under {SECONDS:g} s: {'met' if own < SECONDS else 'MISSED'})")
    print(f"  samplics  {other:8.3f} s, {other / own:.0f} times as long")
    apart = max(
        abs(getattr(mine[name], ours_)[d] / getattr(peers[name], theirs_)[label] - 1)
        for name in mine
        for ours_, theirs_ in (("estimate", "point_est"), ("standard_error", "stderror"))
        for d, label in enumerate(mine[name].domains)
    )
    print(f"  estimates and errors differ by at most {apart:.1e}")
    return int(own >= SECONDS or apart > 1e-9)


if __name__ == "__main__":
    sys.exit(main())
