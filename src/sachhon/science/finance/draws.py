"""Distributions of uncertain inputs, sampled with a given seed.

Each has `ppf`, the value at a probability. A sample of n is a Latin hypercube (McKay, Beckman and Conover 1979,
Technometrics 21(2)): one draw in each of n equal slices of probability, in random order, which leaves less
noise in a mean than plain draws; `plain` draws are there to compare. Correlated inputs go through normal scores
(a Gaussian copula), with the given matrix as the correlation of the scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from sachhon.science.numeric import finite, with_floats
from sachhon.science.uncertainty import ScienceError


class Distribution(Protocol):
    """Anything with a value at each probability between 0 and 1."""

    def ppf(self, probability: np.ndarray) -> np.ndarray:
        """Values at the probabilities."""
        ...


@dataclass(frozen=True)
class Uniform:
    """Anything between low and high, equally likely."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _all_finite(self)
        if not self.low <= self.high:
            raise ScienceError("a uniform distribution needs low ≤ high.", "phân phối đều cần low ≤ high.")

    def ppf(self, probability: np.ndarray) -> np.ndarray:
        return self.low + probability * (self.high - self.low)


@dataclass(frozen=True)
class Triangular:
    """Least, most likely and most: what an engineer can say about a figure."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _all_finite(self)
        if not self.low <= self.mode <= self.high:
            raise ScienceError(
                "a triangular distribution needs low ≤ mode ≤ high.",
                "phân phối tam giác cần low ≤ mode ≤ high.",
            )

    def ppf(self, probability: np.ndarray) -> np.ndarray:
        width = self.high - self.low
        if width == 0:
            return np.full(np.shape(probability), self.low)
        rising = self.low + np.sqrt(probability * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - probability) * width * (self.high - self.mode))
        return np.where(probability * width < self.mode - self.low, rising, falling)


@dataclass(frozen=True)
class Normal:
    """Mean and standard deviation."""

    mean: float
    deviation: float

    def __post_init__(self) -> None:
        _all_finite(self)
        if not self.deviation >= 0:
            raise ScienceError("a standard deviation is not negative.", "độ lệch chuẩn không được âm.")

    def ppf(self, probability: np.ndarray) -> np.ndarray:
        from scipy.special import ndtri

        return self.mean + self.deviation * ndtri(probability)


@dataclass(frozen=True)
class LogNormal:
    """Median and standard deviation of the logarithm: for costs, which overrun more than they underrun."""

    median: float
    log_deviation: float

    def __post_init__(self) -> None:
        _all_finite(self)
        if not (self.median > 0 and self.log_deviation >= 0):
            raise ScienceError(
                "a log-normal distribution needs a median above 0 and a deviation not below 0.",
                "phân phối log-chuẩn cần trung vị lớn hơn 0 và độ lệch không âm.",
            )

    def ppf(self, probability: np.ndarray) -> np.ndarray:
        from scipy.special import ndtri

        return self.median * np.exp(self.log_deviation * ndtri(probability))


def _all_finite(distribution: Uniform | Triangular | Normal | LogNormal) -> None:
    for field in fields(distribution):
        with_floats(distribution, field.name)
        given, kind = getattr(distribution, field.name), type(distribution).__name__
        if not finite(given):
            raise ScienceError(
                f"{field.name} of {kind} is {given!r}; give a finite number.",
                f"{field.name} của {kind} là {given!r}; hãy cho một số hữu hạn.",
            )


def sample(
    inputs: Mapping[str, Distribution],
    draws: int,
    seed: int,
    *,
    correlation: np.ndarray | None = None,
    plain: bool = False,
) -> dict[str, np.ndarray]:
    """`draws` values of each input, in the order given; the same seed gives the same draws.

    correlation : (k, k) of the normal scores, in the order of the inputs; None for independent ones.
    """
    if draws < 2:
        raise ScienceError("a simulation needs at least two draws.", "mô phỏng cần ít nhất hai lần rút.")
    rng = np.random.default_rng(seed)
    k = len(inputs)
    if plain:
        probability = rng.random((k, draws))
    else:
        slices = rng.permuted(np.tile(np.arange(draws), (k, 1)), axis=1)
        probability = (slices + rng.random((k, draws))) / draws
    probability = np.clip(probability, 1e-12, 1 - 1e-12)
    if correlation is not None:
        probability = _correlated(probability, np.asarray(correlation, dtype=float), plain)
    return {name: np.asarray(d.ppf(probability[i])) for i, (name, d) in enumerate(inputs.items())}


def _correlated(probability: np.ndarray, correlation: np.ndarray, plain: bool) -> np.ndarray:
    from scipy.special import ndtr, ndtri

    if correlation.shape != (len(probability),) * 2 or not np.allclose(correlation, correlation.T):
        raise ScienceError(
            "the correlation matrix must be symmetric, one row and column for each input.",
            "ma trận tương quan phải đối xứng, mỗi số vào một hàng và một cột.",
        )
    try:
        factor = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        raise ScienceError(
            "the correlations contradict each other; the matrix must be positive definite.",
            "các hệ số tương quan mâu thuẫn nhau; ma trận phải xác định dương.",
        ) from None
    scores = factor @ ndtri(probability)
    if plain:
        return ndtr(scores)
    ranks = scores.argsort(axis=1).argsort(
        axis=1
    )  # the slices stay, each holds one draw (Iman and Conover 1982)
    return np.take_along_axis(np.sort(probability, axis=1), ranks, axis=1)
