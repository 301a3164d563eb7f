"""A factory against peers of its own output, mix and weather: the share of like factories that use more.

    ln(use) = b₀ + Σ b_k ln(driver_k) + e,     e normal, one σ          (a driver may enter as it is)

For a factory with y = ln(use), drivers x, h = xᵀ(XᵀX)⁻¹x and s of the fit on the other factories (ν degrees of
freedom), d = y − xᵀb:

    score = 100 · P(T_ν > d / (s √(1 + h)))

the chance that one more factory of the same drivers uses more: 50 is usual, 75 the best quarter. Interval: the true
share Φ(−ζ), ζ = (y − xᵀβ)/σ, by the noncentral t of −d/(s√h) with noncentrality −ζ/√h, exact for normal e (as for
one-sided tolerance limits; Hahn & Meeker 1991, 4.4). A factory that the fit holds is compared with the fit without it.

Sources: US EPA, ENERGY STAR Score, technical reference (ratio of actual to predicted use, ranked from 1 to 100);
Boyd 2017, Energy Efficiency 10:557 (plants, logarithms, normal e). Departure from both: the interval, and no
truncation. Not for: drivers that a factory chooses to be inefficient by, factories outside the drivers' range.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.benchmark.disclosure import DEFAULT, Rules, require
from sachhon.science.intensity.regression import Fit, ols
from sachhon.science.numeric import floats
from sachhon.science.phrases import comma, vi
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Comparison:
    """expected: median use of like factories; ratio: use / expected; score 0 to 100 with (low, high).

    Numbers for one factory, arrays (n,) for all. warnings: drivers outside the peers' range.
    """

    use: float | np.ndarray
    expected: float | np.ndarray
    ratio: float | np.ndarray
    score: float | np.ndarray
    low: float | np.ndarray
    high: float | np.ndarray
    level: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class PeerModel:
    """The fit on n factories (of ln use), and which drivers enter as they are."""

    fit: Fit
    drivers: tuple[str, ...]
    plain: frozenset[str]

    def compare(self, use: float, drivers: Mapping[str, float], level: float = 0.95) -> Comparison:
        """A factory that is not among the peers of the fit."""
        x, warnings = self._row(drivers)
        y = _logarithm("use", np.array([use], dtype=float))[0]
        reach = float(np.square(self.fit.solver.T @ x).sum())  # h: solver solverᵀ = (XᵀX)⁻¹
        middle = float(x @ self.fit.coefficients)
        score, low, high = _score(y - middle, self.fit.rmse, reach, self.fit.dof, level)
        expected = float(np.exp(middle))
        return Comparison(
            float(use), expected, use / expected, float(score), float(low), float(high), level, warnings
        )

    def peers(self, level: float = 0.95) -> Comparison:
        """Each factory of the fit against the others, without being fitted again for each."""
        apart, spread, reach = self._left_out()
        score, low, high = _score(apart, spread, reach, self.fit.dof - 1, level)
        use = np.exp(self.fit.observed)
        return Comparison(use, use / np.exp(apart), np.exp(apart), score, low, high, level)

    def doubtful(self, level: float = 0.05) -> tuple[int, ...]:
        """Factories that lie too far from the fit of the others to be like them: check their figures first.

        Studentised residuals beyond Student's t at `level` over the number of factories (Bonferroni).
        """
        from scipy.special import stdtr

        apart, spread, reach = self._left_out()
        far = np.abs(apart) / (spread * np.sqrt(1 + reach))
        p = 2 * self.fit.n * stdtr(self.fit.dof - 1, -far)
        return tuple(np.flatnonzero(p < level).tolist())

    def _left_out(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """y − xᵀb, s and h of each factory with the fit of the others."""
        fit = self.fit
        leverage = np.einsum("ij,ji->i", fit.design, fit.solver)
        if (leverage > 1 - 1e-9).any():
            raise ScienceError(
                f"factory {int(leverage.argmax())} alone fixes a coefficient; drop that driver or the factory.",
                f"riêng cơ sở {int(leverage.argmax())} quyết định một hệ số; hãy bỏ biến ấy hoặc cơ sở ấy.",
            )
        variance = (fit.sse - np.square(fit.residuals) / (1 - leverage)) / (fit.dof - 1)
        spread = np.sqrt(np.maximum(variance, 0))
        return fit.residuals / (1 - leverage), spread, leverage / (1 - leverage)

    def use_at(self, score: float, drivers: Mapping[str, float]) -> float:
        """The use by which a factory of these drivers would have a score, 75 for the best quarter."""
        if not 0 < score < 100:
            raise ScienceError(
                f"score {score} is outside 0 to 100; the best quarter is 75.",
                f"điểm {comma(score)} nằm ngoài 0 đến 100; một phần tư tốt nhất là 75.",
            )
        from scipy.special import stdtrit

        x, _ = self._row(drivers)
        reach = float(np.square(self.fit.solver.T @ x).sum())
        step = float(stdtrit(self.fit.dof, 1 - score / 100)) * self.fit.rmse * np.sqrt(1 + reach)
        return float(np.exp(x @ self.fit.coefficients + step))

    def _row(self, drivers: Mapping[str, float]) -> tuple[np.ndarray, tuple[str, ...]]:
        if set(drivers) != set(self.drivers):
            raise ScienceError(
                f"give the drivers of the model: {', '.join(self.drivers)}.",
                f"hãy cho các biến giải thích của mô hình: {', '.join(self.drivers)}.",
            )
        row, warnings = [1.0], []
        for k, name in enumerate(self.drivers, start=1):
            value = np.array([drivers[name]], dtype=float)
            value = value if name in self.plain else _logarithm(name, value)
            known = self.fit.design[:, k]
            if not known.min() <= value[0] <= known.max():
                warnings.append(f"{name} = {drivers[name]:g} lies outside the range of the peers.")
            row.append(float(value[0]))
        return np.array(row), tuple(warnings)


def peer_model(
    use: ArrayLike,
    drivers: Mapping[str, ArrayLike],
    *,
    plain: Collection[str] = (),
    rules: Rules = DEFAULT,
) -> PeerModel:
    """Fit the peers: use (n,) and each driver (n,), all above zero but for `plain` drivers, which enter as they are."""
    y = floats(use, "use", "mức tiêu thụ (use)")
    if y.ndim != 1:
        raise ScienceError(
            "use must be one figure for each factory.", "use phải có một con số cho mỗi cơ sở."
        )
    unknown = set(plain) - set(drivers)
    if unknown:
        raise ScienceError(
            f"{sorted(unknown)[0]} is to enter as it is, but is not among the drivers.",
            f"{sorted(unknown)[0]} được yêu cầu đưa vào nguyên dạng, nhưng không có trong các biến giải "
            "thích.",
        )
    require(y.size, rules, "the comparison")
    columns = []
    for name, values in drivers.items():
        x = floats(values, f"driver {name}", f"biến giải thích {vi(name)}")
        if x.shape != y.shape:
            raise ScienceError(
                f"driver {name} must be one figure for each of the {y.size} factories.",
                f"biến giải thích {vi(name)} phải có một con số cho mỗi cơ sở trong {y.size} cơ sở.",
            )
        columns.append(x if name in plain else _logarithm(name, x))
    table = np.column_stack(columns) if columns else np.empty((y.size, 0))
    fit = ols(table, _logarithm("use", y), tuple(drivers))
    if fit.dof < 3:
        raise ScienceError(
            f"{y.size} factories are too few for {len(drivers)} drivers; drop some.",
            f"{y.size} cơ sở là quá ít cho {len(drivers)} biến giải thích; hãy bỏ bớt biến.",
        )
    return PeerModel(fit, tuple(drivers), frozenset(plain))


def _logarithm(name: str, values: np.ndarray) -> np.ndarray:
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        raise ScienceError(
            f"{name} of factory {int(bad.argmax())} is {values[bad][0]:g}; a logarithm needs a figure above zero. "
            "Leave the factory out, or let the driver enter as it is (`plain`).",
            f"{vi(name)} của cơ sở {int(bad.argmax())} là {comma(values[bad][0]):g}; lấy logarit cần số lớn hơn 0. "
            "Hãy bỏ cơ sở ấy ra, hoặc để biến vào nguyên dạng (`plain`).",
        )
    return np.log(values)


def _score(apart, spread, reach, dof, level) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    from scipy.special import ndtr, stdtr

    if not 0 < level < 1:
        raise ScienceError(
            f"level {level} is outside 0 to 1; give 95 % as 0.95.",
            f"mức tin cậy {comma(level)} nằm ngoài 0 đến 1; 95 % hãy viết 0.95.",
        )
    if (np.asarray(spread) <= 0).any():
        raise ScienceError(
            "the peers lie on one line without scatter; there is nothing to rank by.",
            "các cơ sở cùng nhóm nằm trên một đường thẳng, không phân tán; không có gì để xếp hạng.",
        )
    score = 100 * stdtr(dof, -apart / (spread * np.sqrt(1 + reach)))
    root = np.sqrt(reach)
    seen = -apart / (spread * root)
    low, high = (100 * ndtr(root * _noncentrality(seen, dof, p)) for p in ((1 + level) / 2, (1 - level) / 2))
    return score, low, high


def _noncentrality(t: np.ndarray, dof: int, p: float) -> np.ndarray:
    """δ with P(noncentral t < t) = p, which falls as δ grows; by bisection.

    P = E Φ(t S − δ) with S² = χ²_ν/ν, by Gauss–Legendre over S: scipy's own nctdtr is nan here and there.
    """
    from scipy.special import chdtri, ndtr

    least, most = np.sqrt(chdtri(dof, [1 - 1e-15, 1e-15]) / dof)
    nodes, weights = np.polynomial.legendre.leggauss(120)
    s = (most + least) / 2 + (most - least) / 2 * nodes
    logs = (dof - 1) * np.log(s) - dof * s * s / 2
    weights = weights * np.exp(logs - logs.max())
    weights /= weights.sum()
    t = np.asarray(t, dtype=float)[..., None]
    # all of T's spread: S between its ends, and nine normal deviations
    low, high = np.minimum(t * least, t * most) - 9, np.maximum(t * least, t * most) + 9
    for _ in range(60):
        middle = (low + high) / 2
        above = (ndtr(t * s - middle) @ weights)[..., None] > p
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return ((low + high) / 2)[..., 0]
