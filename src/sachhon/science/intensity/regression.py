"""Ordinary least squares with the figures by which a baseline is judged, and its exact prediction variance.

    y = X b + e,   b = (XᵀX)⁻¹ Xᵀ y,   s² = Σe² / (n − p),   cov b = s² (XᵀX)⁻¹          (white noise)

solved by QR on columns scaled to unit length. The sum of m predictions at rows X_r, less what is then
observed, has the variance (Seber & Lee 2003, 5.3)

    u² = s² (gᵀ (XᵀX)⁻¹ g + m),     g = X_rᵀ 1

Residuals of successive months are often alike. With e_t = ρ e_{t−1} + white noise, R_ij = ρ^|i−j| and
M = I − X(XᵀX)⁻¹Xᵀ, the same b has exactly

    σ² = Σe² / tr(M R),   cov b = σ² (XᵀX)⁻¹ XᵀR X (XᵀX)⁻¹,   u² = gᵀ (cov b) g + σ² Σ_ij R_ij  (m × m)

which is the white-noise formula at ρ = 0. t has n' − p degrees of freedom with the effective number of
observations n' = n (1 − ρ) / (1 + ρ) (ASHRAE Guideline 14-2014, annex B); ρ as in `autocorrelation`.

Criteria: R² about the mean for every model, with or without a constant, so that they compare;
CV(RMSE) = s / ȳ; NMBE = Σe / ((n − p) ȳ); VIF_j = diagonal of the inverse correlation matrix;
DW = Σ(e_t − e_{t−1})² / Σe²; Breusch–Godfrey n R² of e on (X, e_{t−1});
AICc = n ln(SSE/n) + 2k + 2k(k + 1)/(n − k − 1), BIC = n ln(SSE/n) + k ln n, k = p + 1.

Sources: ASHRAE Guideline 14-2014; Durbin & Watson 1951; Breusch 1978, Godfrey 1978; Hurvich & Tsai 1989.
Not here: which model to take (`baseline`), weights, errors in the drivers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.intensity.autocorrelation import effective_number, estimate_rho, lag_one
from sachhon.science.intensity.collinear import MadeUp, vif
from sachhon.science.numeric import floats
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

CONSTANT = "constant"
EXACT = 1e-13
"""Share of the figures themselves up to which a residual is what computing leaves, not a deviation of the readings."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model and its figures, in the order of `names` (a column of ones is "constant").

    coefficients, standard_errors, t, p_values, vif : (p,); covariance : (p, p); fitted, residuals : (n,).
    standard_errors and p_values are those of white noise; `autocorrelation` is lag-one r of the residuals,
    `rho` what it is taken for in prediction. solver : (p, n), coefficients = solver · observed. `nonlinear`
    counts parameters found by search (change points). vif is 0 for the constant. residuals are zero, all of
    them, where none is above `EXACT` of the figures it is the difference of: what is left then is rounding, in
    which no relation of successive months may be read.
    """

    names: tuple[str, ...]
    design: np.ndarray
    observed: np.ndarray
    coefficients: np.ndarray
    solver: np.ndarray
    vif: np.ndarray
    nonlinear: int = 0

    @property
    def n(self) -> int:
        return self.observed.size

    @property
    def parameters(self) -> int:
        """p: coefficients and change points."""
        return len(self.names) + self.nonlinear

    @property
    def dof(self) -> int:
        return self.n - self.parameters

    @cached_property
    def fitted(self) -> np.ndarray:
        return self.design @ self.coefficients

    @cached_property
    def residuals(self) -> np.ndarray:
        left = self.observed - self.fitted
        return np.zeros(self.n) if (np.abs(left) <= EXACT * self.size).all() else left

    @property
    def size(self) -> np.ndarray:
        """Of the figures that make up each residual, (n,)."""
        return np.abs(self.design) @ np.abs(self.coefficients) + np.abs(self.observed)

    @cached_property
    def sse(self) -> float:
        return float(np.square(self.residuals).sum())

    @property
    def rmse(self) -> float:
        """Residual standard deviation s, with n − p degrees of freedom."""
        return float(np.sqrt(self.sse / self.dof))

    @property
    def covariance(self) -> np.ndarray:
        return self.solver @ self.solver.T * self.rmse**2

    @property
    def standard_errors(self) -> np.ndarray:
        return np.sqrt(np.diag(self.covariance))

    @property
    def t(self) -> np.ndarray:
        """t of each coefficient; for an exact fit ±inf, or 0 where the coefficient adds nothing but rounding."""
        error = self.standard_errors
        adds = np.abs(self.design * self.coefficients).max(axis=0)
        nothing = adds <= 10 * EXACT * self.size.max()
        size = np.where(nothing, 0.0, np.copysign(np.inf, self.coefficients))
        return np.divide(self.coefficients, error, out=size, where=error > 0)

    @property
    def p_values(self) -> np.ndarray:
        """Two-sided p of each coefficient."""
        from scipy.special import stdtr

        return 2 * stdtr(self.dof, -np.abs(self.t))

    @property
    def r2(self) -> float:
        """1 − SSE / Σ(y − ȳ)²; 0 for a constant y. Negative when a model without a constant is worse than ȳ."""
        return 1 - self.sse / self._spread if self._spread else 0.0

    @property
    def _spread(self) -> float:
        """Σ(y − ȳ)², 0 for a constant y whatever the rounding of its mean."""
        y = self.observed
        return float(np.square(y - y.mean()).sum()) if np.ptp(y) > EXACT * np.abs(y).max() else 0.0

    @property
    def adjusted_r2(self) -> float:
        return 1 - (1 - self.r2) * (self.n - 1) / self.dof

    @property
    def f(self) -> tuple[float, float] | None:
        """F of all terms beside the constant, and its p; None for a model that is a constant only."""
        from scipy.special import fdtrc

        has_constant = CONSTANT in self.names
        terms = self.parameters - has_constant
        if terms == 0:
            return None
        whole = self._spread if has_constant else float(np.square(self.observed).sum())
        explained = whole - self.sse
        if self.sse <= 0:
            return (float("inf"), 0.0) if explained > 0 else (0.0, 1.0)
        value = max(explained, 0.0) / terms / (self.sse / self.dof)
        return value, float(fdtrc(terms, self.dof, value))

    @property
    def cv_rmse(self) -> float:
        """s / ȳ, ASHRAE's CV(RMSE); infinite for a mean of zero."""
        mean = float(self.observed.mean())
        return self.rmse / abs(mean) if mean else float("inf")

    @property
    def nmbe(self) -> float:
        """Σe / ((n − p) ȳ): above zero where the model reads too low; infinite for a mean of zero."""
        mean = float(self.observed.mean())
        return float(self.residuals.sum()) / (self.dof * mean) if mean else float("inf")

    @property
    def durbin_watson(self) -> float | None:
        """2 for unrelated residuals, towards 0 for a positive correlation; None for an exact fit."""
        e = self.residuals
        return float(np.square(np.diff(e)).sum() / self.sse) if self.sse else None

    @property
    def autocorrelation(self) -> float:
        """Lag-one r of the residuals, Σ e_t e_{t−1} / Σ e_t²."""
        return lag_one(self.residuals)

    @cached_property
    def rho(self) -> float:
        """ρ of the disturbances, 0 to 0.95, from `autocorrelation` with its bias in few residuals removed."""
        small = self.n <= 400
        return estimate_rho(self.residuals, np.eye(self.n) - self.design @ self.solver if small else None)

    @property
    def autocorrelation_p(self) -> float:
        """p of the Breusch–Godfrey test of lag one: small when successive residuals are related."""
        from scipy.special import chdtrc

        e = self.residuals
        if not self.sse:
            return 1.0
        wide = np.column_stack([self.design, np.r_[0.0, e[:-1]]])
        left = e - wide @ np.linalg.lstsq(wide, e, rcond=None)[0]
        return float(chdtrc(1, max(self.n * (1 - np.square(left).sum() / self.sse), 0.0)))

    @property
    def effective_n(self) -> float:
        """n' = n (1 − ρ) / (1 + ρ)."""
        return effective_number(self.n, self.rho)

    @property
    def aicc(self) -> float:
        """Infinite where there are too few observations for the correction; −inf for an exact fit."""
        k = self.parameters + 1
        spare = self.n - k - 1
        return self._deviance + 2 * k + 2 * k * (k + 1) / spare if spare > 0 else float("inf")

    @property
    def bic(self) -> float:
        return self._deviance + (self.parameters + 1) * float(np.log(self.n))

    @property
    def _deviance(self) -> float:
        return self.n * float(np.log(self.sse / self.n)) if self.sse > 0 else float("-inf")


def ols(
    columns: ArrayLike,
    observed: ArrayLike,
    names: Sequence[str],
    *,
    constant: bool = True,
    nonlinear: int = 0,
) -> Fit:
    """Least squares of `observed` (n,) on `columns` (n, n_drivers), in time order, a constant first if wanted.

    `ScienceError` when there are not more observations than parameters, or when a column is made up by the
    others (named).
    """
    y = floats(observed, "observed", "số liệu (observed)")
    x = floats(columns, "columns", "các cột (columns)").reshape(y.size, -1)
    labels = tuple(names)
    if constant:
        x, labels = np.column_stack([np.ones(y.size), x]), (CONSTANT, *labels)
    if x.shape[1] != len(labels):
        raise ScienceError(
            f"{x.shape[1]} columns, but {len(labels)} names: name each driver once.",
            f"có {x.shape[1]} cột nhưng {len(labels)} tên: mỗi biến giải thích một tên.",
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ScienceError(
            "figures must be finite; leave out the months with a gap.",
            "các con số phải hữu hạn; hãy bỏ những tháng thiếu số liệu.",
        )
    if y.size <= x.shape[1] + nonlinear:
        raise ScienceError(
            f"{y.size} observations cannot fix {x.shape[1] + nonlinear} parameters;"
            " add months or drop drivers.",
            f"{y.size} quan sát không đủ để xác định {x.shape[1] + nonlinear} tham số; hãy thêm tháng "
            "hoặc bớt biến.",
        )
    size = np.linalg.norm(x, axis=0)
    scaled = x / np.where(size > 0, size, 1.0)
    q, r = np.linalg.qr(scaled)
    lost = np.abs(np.diag(r)) <= 1e-12 * max(x.shape)
    if lost.any():
        j = int(np.argmax(lost))
        raise MadeUp(labels[j], float(x[0, j]) if np.ptp(x[:, j]) <= EXACT * size[j] else None)
    # one step of refinement brings back the digits that ill-conditioned columns cost
    beta = np.linalg.solve(r, q.T @ y)
    beta = beta + np.linalg.solve(r, q.T @ (y - scaled @ beta))
    solver = np.linalg.inv(r) @ q.T / size[:, None]
    return Fit(labels, x, y, beta / size, solver, vif(scaled, labels, CONSTANT), nonlinear)


def ratio(driver: ArrayLike, observed: ArrayLike, name: str) -> Fit:
    """The plain ratio b = Σy / Σx, which leaves no bias in the total; its variance by the same formulas.

    driver, observed : (n,), n ≥ 2, Σx above zero.
    """
    x, y = floats(driver, name, name), floats(observed, "observed", "số liệu (observed)")
    if x.shape != y.shape or x.size < 2 or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ScienceError(
            "a ratio needs at least two months, each with both figures.",
            "một tỷ số cần ít nhất hai tháng, mỗi tháng đủ cả hai con số.",
        )
    if x.sum() <= 0:
        raise ScienceError(
            f"{name} adds up to {x.sum()}: there is nothing to divide by.",
            f"{name} cộng lại là {comma(x.sum())}: không có gì để chia.",
        )
    solver = np.full((1, x.size), 1 / x.sum())
    return Fit((name,), x[:, None], y, solver @ y, solver, np.ones(1))
