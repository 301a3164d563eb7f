"""Efficiency corrected for the bias of a frontier seen through a sample, with intervals.

Smoothed homogeneous bootstrap of Simar & Wilson 1998 (Management Science 44:49): efficiencies δ = 1/θ ≥ 1,
reflected about 1, are drawn with a normal kernel of bandwidth h and their variance restored; each draw puts
pseudo inputs x_j δ*_j θ_j in place of the sample and gives θ* of every unit against them. Then with

    bias = mean θ* − θ,    corrected = θ − bias,    interval: θ − quantiles of (θ* − θ)

h is Silverman's rule for the reflected sample without its spike at 1. Efficiency as seen is too high, so the
corrected one is lower and the interval lies below θ. Not for: units of unlike kinds (the spread of
efficiency is taken as one for all).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sachhon.science.benchmark.simplex import solve
from sachhon.science.uncertainty import ScienceError

if TYPE_CHECKING:
    from sachhon.science.benchmark.dea import Envelopment


@dataclass(frozen=True, eq=False)
class Corrected:
    """(n,) each: bias-corrected efficiency, its bias, its interval; `bandwidth` h and the seed used."""

    efficiency: np.ndarray
    bias: np.ndarray
    low: np.ndarray
    high: np.ndarray
    level: float
    bandwidth: float
    seed: int


def correct(envelopment: Envelopment, seed: int, count: int, level: float) -> Corrected:
    """Bootstrap with `count` draws; two thousand units take some seconds a hundred draws."""
    if count < 100:
        raise ScienceError("a bootstrap of fewer than 100 draws tells no interval; use 1000.")
    if not 0 < level < 1:
        raise ScienceError(f"level {level} is outside 0 to 1; give 95 % as 0.95.")
    theta = envelopment.efficiency
    spread = 1 / theta[theta < 1 - 1e-6]
    if spread.size < 5:
        raise ScienceError("fewer than five units are inefficient: there is no spread to draw from.")
    x = envelopment.inputs / envelopment.inputs.mean(axis=0)
    y = envelopment.outputs / envelopment.outputs.mean(axis=0)
    rng = np.random.default_rng(seed)
    both = np.concatenate([spread, 2 - spread])
    quartiles = np.quantile(both, [0.25, 0.75])
    scale = min(both.std(ddof=1), (quartiles[1] - quartiles[0]) / 1.349)
    whole = np.concatenate([1 / theta, 2 - 1 / theta])
    # Silverman's rule on 2m reflected values, its count and its spread brought back to n (Simar & Wilson 1998)
    h = 0.9 * scale * both.size**-0.2 * (both.size / whole.size) ** 0.2
    h *= whole.std(ddof=1) / both.std(ddof=1)
    variable, n = envelopment.returns_to_scale == "vrs", theta.size
    draws = np.empty((count, n))
    for b in range(count):
        picked = rng.choice(whole, n)
        smooth = picked + h * rng.standard_normal(n)
        smooth = picked.mean() + (smooth - picked.mean()) / np.sqrt(1 + h * h / whole.var())
        delta = np.where(smooth < 1, 2 - smooth, smooth)
        pseudo = x * (theta * delta)[:, None]
        draws[b] = solve((pseudo, y), (x, y), variable, np.arange(n)).theta
    bias = draws.mean(axis=0) - theta
    low, high = np.quantile(draws - theta, [(1 + level) / 2, (1 - level) / 2], axis=0)
    return Corrected(theta - bias, bias, theta - low, theta - high, level, float(h), seed)
