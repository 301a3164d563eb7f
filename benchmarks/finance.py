"""Present value, rate of return and payback of a million draws, against numpy-financial, pyxirr and a plain copy.

    python benchmarks/finance.py            1,000,000 draws × 20 years × 10 options (1.7 GB of cash flows)
    python benchmarks/finance.py --quick    a hundredth of it

One run, ways interleaved, the best time of each. The peers take a sample of the rows, since they would take minutes;
both are given their rows as they like them. All ways must agree to 1e-9. Then the rate of return of a million rows
that change sign several times (replacements, costs at the end, savings that some years turn to losses), where ours also
tells how many rates there are; and again with the nearest of several. Exits 1 where a bound is missed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
import numpy_financial
import pyxirr

from sachhon.science import finance

OPTIONS, YEARS, RATE = 10, 20, 0.1
TIMES_NUMPY_FINANCIAL = 100
TIMES_PYXIRR = 3
ROUNDS = 3


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    draws = 10_000 if parser.parse_args().quick else 1_000_000
    flows = cash_flows(draws)
    rows, spare = flows.reshape(-1, YEARS + 1), np.zeros_like(flows)
    few, some = rows[:: max(1, len(rows) // 2_000)], rows[:: max(1, len(rows) // 50_000)]
    results: dict[str, object] = {}
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        started = time.perf_counter()
        results[name] = work()
        spent = time.perf_counter() - started
        seconds[name] = min(seconds.get(name, spent), spent)

    for _ in range(ROUNDS):
        timed("copy", lambda: np.copyto(spare, flows))
        timed("npv", lambda: finance.npv(RATE, flows))
        timed("irr", lambda: finance.irr(flows))
        timed("all three", lambda: finance.measures(RATE, flows))
        timed("numpy-financial irr", lambda: [numpy_financial.irr(row) for row in few])
        timed("pyxirr irr", lambda: [pyxirr.irr(row) for row in some])
    cells = dict.fromkeys(("copy", "npv", "irr", "all three"), rows.size)
    cells |= {"numpy-financial irr": few.size, "pyxirr irr": some.size}
    print(f"{len(rows):,} rows of {YEARS + 1} flows, {flows.nbytes / 1e9:.2f} GB")
    for name, spent in seconds.items():
        count = cells[name] / (YEARS + 1)
        print(
            f"{name:22} {spent:9.4f} s {count / spent / 1e6:9.3f} M rows/s {8 * cells[name] / spent / 1e9:8.2f} GB/s"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    ours = len(rows) / seconds["irr"]
    ratios = {
        "numpy-financial": (ours * seconds["numpy-financial irr"] / len(few), TIMES_NUMPY_FINANCIAL),
        "pyxirr": (ours * seconds["pyxirr irr"] / len(some), TIMES_PYXIRR),
    }
    failed = not agree(few, some, results)
    for peer, (ratio, bound) in ratios.items():
        print(
            f"irr is {ratio:.1f} times as fast as {peer} (at least {bound}: {'met' if ratio >= bound else 'MISSED'})"
        )
        failed |= ratio < bound
    return int(failed | several_signs(draws))


def several_signs(draws: int) -> bool:
    """The same against pyxirr alone, kind by kind; whether a bound is missed or a rate differs."""
    failed = False
    for name, rows in unconventional(draws).items():
        step = max(1, len(rows) // 20_000)
        some = rows[::step]
        ours_s = theirs_s = nearest_s = np.inf
        for _ in range(ROUNDS):
            started = time.perf_counter()
            ours = irr_quietly(rows)
            ours_s = min(ours_s, time.perf_counter() - started)
            started = time.perf_counter()
            theirs = [pyxirr.irr(row) for row in some]
            theirs_s = min(theirs_s, time.perf_counter() - started)
            started = time.perf_counter()
            irr_quietly(rows, "nearest")
            nearest_s = min(nearest_s, time.perf_counter() - started)
        nearest = (len(rows) / nearest_s) / (len(some) / theirs_s)
        ratio = (len(rows) / ours_s) / (len(some) / theirs_s)
        single, mine = ~np.ma.getmaskarray(ours)[::step], np.ma.getdata(ours)[::step]
        found = np.array([np.nan if rate is None else rate for rate in theirs])
        both = single & np.isfinite(found)
        left = np.abs(finance.npv(found[both], some[both])) > 1e-6 * np.abs(some[both]).sum(axis=1)
        apart = np.abs(mine[both] - found[both])[~left].max(initial=0.0)
        print(
            f"{name:34} {len(rows) / ours_s / 1e6:6.3f} M rows/s, {100 * single.mean():.0f} % have one rate; "
            f"{ratio:.1f} times pyxirr (at least {TIMES_PYXIRR}: {'met' if ratio >= TIMES_PYXIRR else 'MISSED'}), "
            f"differs by at most {apart:.1e}; with the nearest of several {nearest:.1f} times "
            f"({'met' if nearest >= TIMES_PYXIRR else 'MISSED'})"
        )
        failed |= min(ratio, nearest) < TIMES_PYXIRR or apart > 1e-9
    return failed


def irr_quietly(rows: np.ndarray, several: str = "refuse") -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", finance.RatesWithheld)
        return np.ma.asarray(finance.irr(rows, several=several))


def unconventional(draws: int) -> dict[str, np.ndarray]:
    """Rows (draws, years + 1) by the reason why they change sign more than once."""
    random = np.random.default_rng(5)
    once, twice, end, both = (cash_flows(draws // OPTIONS).reshape(-1, YEARS + 1) for _ in range(4))
    once[:, 10] -= random.uniform(60, 120, len(once))
    twice[:, [7, 14]] -= random.uniform(60, 120, (len(twice), 2))
    end[:, -1] -= random.uniform(60, 120, len(end))
    both[:, 10] -= random.uniform(60, 120, len(both))
    both[:, -1] -= random.uniform(60, 120, len(both))
    noisy = random.normal(0.3, 1, once.shape)
    noisy[:, 0] = -3
    return {
        "a replacement": once,
        "two replacements": twice,
        "a cost at the end": end,
        "a replacement and a cost at the end": both,
        "savings of either sign": noisy,
    }


def cash_flows(draws: int) -> np.ndarray:
    """Options with investments, savings that differ by option, draw and year."""
    random = np.random.default_rng(4)
    flows = np.empty((OPTIONS, draws, YEARS + 1))
    for option in flows:
        option[:, 0] = -random.uniform(60, 200, draws)
        option[:, 1:] = 20 * random.lognormal(0, 0.3, (draws, 1)) * random.lognormal(0, 0.1, (draws, YEARS))
    return flows


def agree(few: np.ndarray, some: np.ndarray, results: dict[str, object]) -> bool:
    """Both peers' rates are ours; a peer that stops early is told apart by the present value it leaves."""
    same = True
    for peer, rows in (("numpy-financial irr", few), ("pyxirr irr", some)):
        ours, theirs = np.asarray(finance.irr(rows)), np.asarray(results[peer], dtype=float)
        apart = np.abs(ours - theirs)
        left_ours, left_theirs = np.abs(finance.npv(ours, rows)), np.abs(finance.npv(theirs, rows))
        wrong = (apart > 1e-9) & (left_ours > left_theirs)
        print(
            f"{peer}: differs by at most {apart.max():.1e}; we leave {left_ours.max():.1e}, it {left_theirs.max():.1e}"
        )
        same &= not wrong.any()
    return same


if __name__ == "__main__":
    sys.exit(main())
