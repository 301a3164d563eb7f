"""Reference intensities of several products where consumption is metered for the whole facility.

The baseline total E_0 is allotted to the products, e_p0 = k · w_p with Σ_p e_p0 q_p0 = E_0, so that

    E* = Σ_p e_p0 q_p1 = E_0 · (Σ_p w_p q_p1) / (Σ_p w_p q_p0)

needs only relative weights w_p. Where they come from, in order of trust:

- `single_product`: one product, w = 1, e = E_0 / q_0;
- `by_product`: consumption metered by product, w_p = E_p0 / q_p0;
- `norms`: consumption norms given by the caller (a circular's norm, a design figure);
- `regression`: non-negative least squares of monthly consumption on monthly outputs, without a constant,
  min ‖X w − y‖² with w ≥ 0; used only when it passes the checks of `AllotmentSettings`;
- `declared_weights`: weights the factory declares (tonnes per piece, or 1 each for like products).

Uncertainty of E* to first order, u relative standard uncertainties, C the covariance of regressed w:

    u²(E*)/E*² = u²_E0 + u²_q Σ(w q_0)²/(Σ w q_0)² + u²_q Σ(w q_1)²/(Σ w q_1)² + gᵀ C g / E*²
    g_p = E_0 (q_p1 / W_0 − W_1 q_p0 / W_0²),   W_t = Σ w q_t

Source of the checks: ASHRAE Guideline 14-2014, table 5-2 (CV(RMSE) of monthly models at most 20 %); EVO
10100-1:2018 "Uncertainty assessment for IPMVP" (R² of at least 0.75 as a first test of a model).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats
from sachhon.science.uncertainty import ScienceError


class Method(StrEnum):
    """How the reference intensities were found."""

    SINGLE_PRODUCT = "single_product"
    BY_PRODUCT = "by_product"
    NORMS = "norms"
    REGRESSION = "regression"
    DECLARED_WEIGHTS = "declared_weights"


@dataclass(frozen=True)
class Months:
    """Monthly figures of one period: outputs : (n_months, n_products) in the order of `products`;
    consumption : (n_months,). A month with a missing (NaN) figure is left out of the regression."""

    products: tuple[str, ...]
    outputs: ArrayLike
    consumption: ArrayLike


@dataclass(frozen=True)
class AllotmentSettings:
    """What a regression must pass; the defaults are the sources' named in the module."""

    min_r2: float = 0.75
    max_cv_rmse: float = 0.20
    min_months_per_product: int = 3
    min_months: int = 6
    max_condition: float = 1e4
    max_year_mismatch: float = 0.10


@dataclass(frozen=True)
class Regression:
    """A regression tried: its fit, and why it was refused ("" when accepted).

    Reasons: too_few_months, collinear_outputs, zero_intensity, low_r2, high_cv_rmse, year_mismatch.
    """

    months: int
    r2: float | None = None
    cv_rmse: float | None = None
    refused_because: str = ""


@dataclass(frozen=True)
class Allotment:
    """Reference intensities (consumption per unit of each product) and how they were found.

    covariance : (n_products, n_products) of the intensities in the order of `covariance_products`, or None.
    regression : also filled when one was tried and refused, so that the fallback can be explained.
    """

    method: Method
    intensities: Mapping[str, float]
    covariance: np.ndarray | None = None
    covariance_products: tuple[str, ...] = ()
    regression: Regression | None = None

    def expected_uncertainty(
        self, q0: Mapping[str, float], q1: Mapping[str, float], u_e0: float, u_q0: float, u_q1: float
    ) -> float:
        """Standard uncertainty of E* for report outputs q1, first order; u_… are relative."""
        products = [p for p in self.intensities if p in q0 or p in q1]
        w = np.array([self.intensities[p] for p in products])
        base = w * np.array([q0.get(p, 0.0) for p in products])
        now = w * np.array([q1.get(p, 0.0) for p in products])
        if self.method is Method.BY_PRODUCT:
            return float(np.sqrt(np.square(now).sum() * (u_e0**2 + u_q0**2 + u_q1**2)))
        expected = now.sum()
        variance = (
            (u_e0 * expected) ** 2
            + (u_q0 * expected) ** 2 * np.square(base / base.sum()).sum()
            + u_q1**2 * np.square(now).sum()
        )
        if self.covariance is not None:
            x0 = np.array([q0.get(p, 0.0) for p in self.covariance_products])
            x1 = np.array([q1.get(p, 0.0) for p in self.covariance_products])
            # intensities are already scaled, so W_0 = E_0 and g = q_1 − (W_1 / W_0) q_0
            gradient = x1 - (expected / base.sum()) * x0
            variance += gradient @ self.covariance @ gradient
        return float(np.sqrt(variance))


def allot(
    outputs: Mapping[str, float],
    consumption: float,
    *,
    metered: Mapping[str, float] | None = None,
    keep_metered_totals: bool = False,
    months: Months | None = None,
    norms: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
    needed: Sequence[str] = (),
    settings: AllotmentSettings | None = None,
) -> Allotment | None:
    """Reference intensities of the products of the baseline, or None when nothing to go by was given.

    outputs : product → baseline output (> 0); consumption : baseline total E_0 (> 0).
    metered : product → its own consumption, scaled to E_0 unless `keep_metered_totals` (the report year is
    metered by product, too, and common consumption stays out of both). needed : the report year's products;
    norms may cover one that the baseline did not make.
    """
    one = len(outputs) == 1
    if one and set(needed) <= set(outputs):
        return _scaled(Method.SINGLE_PRODUCT, dict.fromkeys(outputs, 1.0), outputs, consumption)
    if metered and set(metered) >= set(outputs):
        intensities = {p: metered[p] / outputs[p] for p in outputs}
        if keep_metered_totals:
            return Allotment(Method.BY_PRODUCT, intensities)
        return _scaled(Method.BY_PRODUCT, intensities, outputs, consumption)
    if norms and set(norms) >= set(outputs):
        return _scaled(Method.NORMS, norms, outputs, consumption)
    if one:
        return _scaled(Method.SINGLE_PRODUCT, dict.fromkeys(outputs, 1.0), outputs, consumption)
    tried = None
    if months is not None:
        found, tried = _regress(months, outputs, consumption, settings or AllotmentSettings())
        if found is not None:
            return found
    if weights and set(weights) >= set(outputs):
        return _scaled(Method.DECLARED_WEIGHTS, weights, outputs, consumption, tried)
    return None


def _scaled(
    method: Method,
    weights: Mapping[str, float],
    outputs: Mapping[str, float],
    consumption: float,
    tried: Regression | None = None,
) -> Allotment | None:
    if any(not np.isfinite(w) or w < 0 for w in weights.values()):
        raise ScienceError(
            f"{method}: weights must be finite and not negative; correct or leave them out.",
            f"{method}: trọng số phải hữu hạn và không âm; hãy sửa hoặc bỏ ra.",
        )
    weighted = sum(weights[p] * q for p, q in outputs.items())
    if weighted == 0:
        return None
    scale = consumption / weighted
    return Allotment(method, {p: scale * w for p, w in weights.items()}, regression=tried)


def _regress(
    months: Months, outputs: Mapping[str, float], consumption: float, settings: AllotmentSettings
) -> tuple[Allotment | None, Regression]:
    x_all = floats(months.outputs, "months: outputs", "months: sản lượng", gaps=True)
    y_all = floats(months.consumption, "months: consumption", "months: mức tiêu thụ", gaps=True)
    if x_all.ndim != 2 or x_all.shape != (y_all.size, len(months.products)):
        raise ScienceError(
            f"months: outputs of shape {x_all.shape} do not fit {y_all.size} months of consumption"
            f" and {len(months.products)} products.",
            f"months: sản lượng dạng {x_all.shape} không khớp với {y_all.size} tháng tiêu thụ và "
            f"{len(months.products)} sản phẩm.",
        )
    columns = [i for i, product in enumerate(months.products) if product in outputs]
    products = tuple(months.products[i] for i in columns)
    whole = np.isfinite(y_all) & np.isfinite(x_all).all(axis=1)
    x, y = x_all[whole][:, columns], y_all[whole]
    n, p = x.shape
    if n < max(settings.min_months, settings.min_months_per_product * len(outputs)) or p < len(outputs):
        return None, Regression(n, refused_because="too_few_months")
    size = np.linalg.norm(x, axis=0)
    if (size == 0).any() or np.linalg.cond(x / np.where(size, size, 1)) > settings.max_condition:
        return None, Regression(n, refused_because="collinear_outputs")

    from scipy.optimize import nnls

    w, residual = nnls(x, y)
    rmse = residual / np.sqrt(n - p)
    spread = np.square(y - y.mean()).sum()
    r2 = float(1 - residual**2 / spread) if spread else 0.0
    cv_rmse = float(rmse / y.mean()) if y.mean() else float("inf")
    year = sum(w[i] * outputs[product] for i, product in enumerate(products))
    refused = ""
    if (w <= 0).any():
        refused = "zero_intensity"
    elif r2 < settings.min_r2:
        refused = "low_r2"
    elif cv_rmse > settings.max_cv_rmse:
        refused = "high_cv_rmse"
    elif abs(year / consumption - 1) > settings.max_year_mismatch:
        refused = "year_mismatch"
    tried = Regression(n, r2, cv_rmse if np.isfinite(cv_rmse) else None, refused)
    if refused:
        return None, tried
    scale = consumption / year
    covariance = np.linalg.inv(x.T @ x) * rmse**2 * scale**2
    intensities = {product: float(scale * w[i]) for i, product in enumerate(products)}
    return Allotment(Method.REGRESSION, intensities, covariance, products, tried), tried
