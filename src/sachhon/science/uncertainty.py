"""A value with its standard uncertainty, and the uncertainty of a sum of readings.

First-order propagation after JCGM 100:2008 (GUM), 5.1 and 5.2:

    u²(Σ x_i) = (1 − r) Σ u_i² + r (Σ u_i)²,     u_i = |x_i| · relative_i

with one correlation r between all readings: r = 0 for meters that err independently, r = 1 for one meter
(or one person's estimates) that errs the same way every month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sachhon.science.phrases import comma


class ScienceError(ValueError):
    """An input that no result can be computed from; the message says what to change, in English and Vietnamese."""

    def __init__(self, en: str, vi: str) -> None:
        super().__init__(en, vi)

    def __str__(self) -> str:
        return self.words("en")

    def words(self, lang: str = "vi") -> str:
        return self.args[1 if lang == "vi" else 0]


@dataclass(frozen=True)
class Measured:
    """A value and its standard uncertainty (one sigma, same unit)."""

    value: float
    standard_uncertainty: float

    @property
    def relative(self) -> float | None:
        """Standard uncertainty over |value|; None when the value is zero."""
        return self.standard_uncertainty / abs(self.value) if self.value else None

    def interval(self, coverage_factor: float = 1.96) -> tuple[float, float]:
        """value ± coverage_factor · u; 1.96 gives 95 % for a normal distribution."""
        half = coverage_factor * self.standard_uncertainty
        return self.value - half, self.value + half


def total(values: Sequence[float], relative: Sequence[float] | float, correlation: float = 0.0) -> Measured:
    """Sum of readings with its standard uncertainty.

    values : (n,) readings, one unit; relative : (n,) or one relative standard uncertainty (0.02 = 2 %);
    correlation : r between 0 and 1, the same between any two readings.
    """
    if not 0 <= correlation <= 1:
        raise ScienceError(
            f"correlation {correlation} is outside 0 to 1.",
            f"tương quan {comma(correlation)} nằm ngoài 0 đến 1.",
        )
    x = np.asarray(values, dtype=float)
    u = np.abs(x) * np.asarray(relative, dtype=float)
    if not (np.isfinite(x).all() and np.isfinite(u).all()) or (u < 0).any():
        raise ScienceError(
            "readings and uncertainties must be finite, uncertainties not negative; leave gaps out.",
            "số đọc và độ không đảm bảo phải hữu hạn, độ không đảm bảo không âm; hãy bỏ chỗ trống.",
        )
    variance = (1 - correlation) * np.square(u).sum() + correlation * u.sum() ** 2
    return Measured(float(x.sum()), float(np.sqrt(variance)))
