"""Factors between one sum and even or growing yearly sums, real and nominal rates, levelised cost.

    annuity factor         A(r, n) = Σ_{t=1..n} (1 + r)^(−t) = (1 − (1 + r)^(−n)) / r        (n for r = 0)
    growing                A*(r, g, n) = Σ_{t=1..n} ((1 + g)/(1 + r))^t = A(ρ, n),  ρ = (1 + r)/(1 + g) − 1
    annuity of a sum       a = P / A(r, n)                           (the capital recovery factor times P)
    real and nominal       1 + r_nominal = (1 + r_real)(1 + inflation)                       (Fisher)
    levelised cost         Σ_t K_t (1 + r)^(−t) / Σ_t q_t (1 + r)^(−t)        money per unit saved

Source: NIST Handbook 135 (1995), factors UPV and UPV*; levelised cost: NREL/TP-462-5173,
Short, Packey and Holt 1995. Every argument may be an array; they broadcast. Flows (…, n + 1), last axis
time, the first at time 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.finance.rates import as_flows, as_rate, npv
from sachhon.science.numeric import floats
from sachhon.science.uncertainty import ScienceError


def annuity_factor(rate: ArrayLike, years: ArrayLike) -> np.ndarray | float:
    """Present value of 1 at the end of each of `years` years (uniform present value)."""
    r, n = np.broadcast_arrays(as_rate(rate), _years(years))
    growth = n * np.log1p(r)
    factor = np.where(r == 0, n, -np.expm1(-growth) / np.where(r == 0, 1, r))
    return float(factor) if factor.ndim == 0 else factor


def growing_annuity_factor(rate: ArrayLike, growth: ArrayLike, years: ArrayLike) -> np.ndarray | float:
    """Present value of (1 + growth)^t at the end of each year t (modified uniform present value)."""
    return annuity_factor((1 + as_rate(rate)) / (1 + as_rate(growth)) - 1, years)


def annuity(amount: ArrayLike, rate: ArrayLike, years: ArrayLike) -> np.ndarray | float:
    """Even sum at the end of each year that is worth `amount` today (a loan's instalment)."""
    value = as_amount(amount) / annuity_factor(rate, years)
    return float(value) if np.ndim(value) == 0 else value


def real_rate(nominal: ArrayLike, inflation: ArrayLike) -> np.ndarray | float:
    """The rate without inflation."""
    rate = (1 + as_rate(nominal)) / (1 + as_rate(inflation)) - 1
    return float(rate) if np.ndim(rate) == 0 else rate


def nominal_rate(real: ArrayLike, inflation: ArrayLike) -> np.ndarray | float:
    """The rate with inflation."""
    rate = (1 + as_rate(real)) * (1 + as_rate(inflation)) - 1
    return float(rate) if np.ndim(rate) == 0 else rate


def levelised_cost(rate: ArrayLike, costs: ArrayLike, quantities: ArrayLike) -> np.ndarray | float:
    """Cost of one unit saved: discounted costs over discounted quantities.

    costs : (…, n + 1) money, costs positive, other gains than the unit's own value negative; quantities :
    (…, n + 1) units saved. With costs in today's prices use a real rate. An option that saves nothing is an
    error: its cost per unit has no meaning.
    """
    paid, units = as_flows(costs), as_flows(quantities)
    if paid.shape[-1] != units.shape[-1]:
        raise ScienceError(
            f"costs are of {paid.shape[-1]} dates, quantities of {units.shape[-1]}; give both for every date (0 where "
            "there is none).",
            f"costs có {paid.shape[-1]} thời điểm, quantities có {units.shape[-1]}; hãy cho cả hai ở mọi thời điểm (0 "
            "nếu không có gì).",
        )
    saved = np.asarray(npv(rate, units))
    if (saved <= 0).any():
        raise ScienceError(
            "an option saves nothing over its life; leave it out, it has no cost per unit saved.",
            "có giải pháp không tiết kiệm gì suốt đời dự án; hãy bỏ ra, nó không có chi phí cho mỗi đơn "
            "vị tiết kiệm.",
        )
    cost = np.asarray(npv(rate, paid)) / saved
    return float(cost) if cost.ndim == 0 else cost


def as_amount(amount: ArrayLike) -> np.ndarray:
    """A sum of money, or many, as floats, each finite."""
    value = floats(amount, "amount", "số tiền")
    if not np.isfinite(value).all():
        raise ScienceError(
            "an amount is missing (NaN) or infinite; give it as a number.",
            "có số tiền bị thiếu (NaN) hoặc vô hạn; hãy cho một con số.",
        )
    return value


def _years(years: ArrayLike) -> np.ndarray:
    n = floats(years, "years", "số năm")
    if not (np.isfinite(n) & (n > 0)).all():
        raise ScienceError(
            "a number of years must be finite and above 0.", "số năm phải hữu hạn và lớn hơn 0."
        )
    return n
