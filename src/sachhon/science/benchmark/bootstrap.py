"""Efficiency corrected for the bias of a frontier seen through a sample, with intervals.

Smoothed homogeneous bootstrap of Simar & Wilson 1998 (Management Science 44:49) on distances δ = 1/θ ≥ 1,
as set out by Daraio & Simar 2007 (Advanced Robust and Nonparametric Methods, 3.4). Each draw b:

    β drawn from {δ, 2 − δ};   δ* = β̄ + (β + h ε − β̄) / √(1 + h²/s²),   reflected about 1,   ε normal
    inputs x_j δ*_j θ_j in place of x_j, and δ_b of every unit against them (δ_b ≤ δ on average)

    corrected δ = 2 δ − mean δ_b,   θ = 1/δ;     interval of δ: δ − quantiles of (δ_b − δ)

s² is the variance of the reflected set, h Silverman's rule on the m distances above 1 reflected, brought back to
the n distances ((3.23) and (3.26) there; `bandwidth`). The seen efficiency is too high, so the corrected one lies
below it, and the interval mostly too. Correcting δ instead of θ keeps both between 0 and 1.
Not for: units of unlike kinds (the spread of efficiency is taken as one for all).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sachhon.science.benchmark.simplex import solve
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

if TYPE_CHECKING:
    from sachhon.science.benchmark.dea import Efficiency

_ABOVE = 1e-6  # δ this close to 1 is the frontier itself


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


def bandwidth(distance: np.ndarray) -> float:
    """h of the distances δ ≥ 1 (n,), of which at least one lies above 1."""
    above = distance[distance > 1 + _ABOVE]
    both = np.concatenate([above, 2 - above])
    deviation = both.std(ddof=1)
    low, high = np.quantile(both, [0.25, 0.75])
    spread = min(deviation, (high - low) / 1.349) if high > low else deviation
    silverman = 0.9 * spread * both.size**-0.2
    return float(silverman * (both.size / distance.size) ** 0.2 * distance.std(ddof=1) / deviation)


def smoothed(reflected: np.ndarray, h: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """n draws from the reflected distances, smoothed by h ε and drawn together so that their variance stays s²."""
    drawn = rng.choice(reflected, n)
    shrink = np.sqrt(1 + h * h / reflected.var(ddof=1))
    return drawn.mean() + (drawn + h * rng.standard_normal(n) - drawn.mean()) / shrink


def correct(seen: Efficiency, seed: int, count: int, level: float) -> Corrected:
    """Bootstrap with `count` draws; two thousand units take a minute or two a hundred draws."""
    if count < 100:
        raise ScienceError(
            "a bootstrap of fewer than 100 draws tells no interval; use 1000.",
            "bootstrap dưới 100 lần rút không cho được khoảng tin cậy; hãy dùng 1000.",
        )
    if not 0 < level < 1:
        raise ScienceError(
            f"level {level} is outside 0 to 1; give 95 % as 0.95.",
            f"mức tin cậy {comma(level)} nằm ngoài 0 đến 1; 95 % hãy viết 0.95.",
        )
    theta = seen.efficiency
    distance = 1 / theta
    if np.count_nonzero(distance > 1 + _ABOVE) < 5:
        raise ScienceError(
            "fewer than five units are inefficient: there is no spread to draw from.",
            "chưa đến năm đơn vị không hiệu quả: không có độ phân tán để rút mẫu.",
        )
    x = seen.inputs / seen.inputs.mean(axis=0)
    y = seen.outputs / seen.outputs.mean(axis=0)
    rng = np.random.default_rng(seed)
    reflected = np.concatenate([distance, 2 - distance])
    h = bandwidth(distance)
    variable, n = seen.returns_to_scale == "vrs", theta.size
    draws = np.empty((count, n))
    for b in range(count):
        smooth = smoothed(reflected, h, n, rng)
        pseudo = x * (theta * np.where(smooth < 1, 2 - smooth, smooth))[:, None]
        solved = solve((pseudo, y), (x, y), variable)
        if solved.stuck.any():
            raise ScienceError(
                "a draw could not be solved; the data are of too unlike sizes.",
                "có một lần rút không giải được; số liệu quá chênh lệch về độ lớn.",
            )
        draws[b] = 1 / solved.theta
    corrected = 1 / (2 * distance - draws.mean(axis=0))
    far, near = np.quantile(draws - distance, [(1 - level) / 2, (1 + level) / 2], axis=0)
    low, high = 1 / (distance - far), 1 / (distance - near)
    return Corrected(corrected, theta - corrected, low, high, level, h, seed)
