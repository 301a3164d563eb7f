"""Equipment calculators against bare library calls and a plain loop, in one run.

    python benchmarks/equipment.py            5,000 states, 1,000 streams
    python benchmarks/equipment.py --quick    a tenth

steam     superheated steam with its enthalpy, entropy and volume, against the same figures by bare CoolProp calls
wet       wet steam from its enthalpy, likewise (both ends of the saturation line are needed)
pinch     targets of many streams, against the problem table in a loop over intervals and streams

Sides are run in turn and the best of each is taken; both must come to the same figures.
"""

from __future__ import annotations

import argparse
from itertools import pairwise

import numpy as np
from CoolProp.CoolProp import PropsSI
from timing import fastest

from sachhon.science.equipment import water
from sachhon.science.equipment.pinch import Stream, targets

FLUID = "IF97::Water"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    scale = 10 if parser.parse_args().quick else 1
    superheated(5000 // scale)
    wet(5000 // scale)
    pinch(1000 // scale)
    return 0


def superheated(count: int) -> None:
    def ours() -> float:
        return water.state(pressure_kpa=800, temperature_c=300).enthalpy_kj_kg

    def theirs() -> float:
        h, _, _ = (PropsSI(name, "P", 8e5, "T", 573.15, FLUID) for name in "HSD")
        return h / 1e3

    assert np.isclose(ours(), theirs(), rtol=1e-12)
    mine, peer = fastest(ours, theirs, count)
    print(
        f"steam    {1e6 * mine:8.1f} µs   CoolProp {1e6 * peer:8.1f} µs   {mine / peer:5.2f} times its time"
    )


def wet(count: int) -> None:
    def ours() -> float:
        return water.state(pressure_kpa=800, enthalpy_kj_kg=2000).dryness or 0.0

    def theirs() -> float:
        ends = [PropsSI(name, "P", 8e5, "Q", q, FLUID) for name in "HSD" for q in (0.0, 1.0)]
        PropsSI("T", "P", 8e5, "Q", 0.0, FLUID)
        return (2e6 - ends[0]) / (ends[1] - ends[0])

    assert np.isclose(ours(), theirs(), rtol=1e-12)
    mine, peer = fastest(ours, theirs, count)
    print(
        f"wet      {1e6 * mine:8.1f} µs   CoolProp {1e6 * peer:8.1f} µs   {mine / peer:5.2f} times its time"
    )


def pinch(count: int) -> None:
    random = np.random.default_rng(5)
    streams = [
        Stream(
            str(k),
            *map(float, random.choice(np.arange(20, 400), 2, replace=False)),
            float(random.uniform(1, 9)),
        )
        for k in range(count)
    ]

    def ours() -> float:
        return targets(streams, 10).hot_utility_kw

    def theirs() -> float:
        spans = [
            (min(s.supply_c, s.target_c) + shift, max(s.supply_c, s.target_c) + shift, sign * s.cp_kw_k)
            for s in streams
            for sign, shift in [(1, -5.0) if s.supply_c > s.target_c else (-1, 5.0)]
        ]
        edges = sorted({t for low, high, _ in spans for t in (low, high)}, reverse=True)
        flow = least = 0.0
        for top, bottom in pairwise(edges):
            flow += (top - bottom) * sum(cp for low, high, cp in spans if low < (top + bottom) / 2 < high)
            least = min(least, flow)
        return -least

    assert np.isclose(ours(), theirs(), rtol=1e-9)
    mine, peer = fastest(ours, theirs, 1)
    print(f"pinch    {1e3 * mine:8.2f} ms   loop     {1e3 * peer:8.2f} ms   {peer / mine:5.1f} times")


if __name__ == "__main__":
    raise SystemExit(main())
