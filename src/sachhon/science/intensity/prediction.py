"""The sum of a fitted model over other months, with its uncertainty where residuals hang together.

    g = Σ rows,   û = g·β,   u² = σ² (g (X'X)⁻¹X' R X(X'X)⁻¹ g + 1'R 1)

R correlates errors by the residuals' first-order autocorrelation; σ² is that of the fit, corrected for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.intensity.autocorrelation import effective_number, related
from sachhon.science.intensity.regression import EXACT, Fit
from sachhon.science.uncertainty import Measured, ScienceError


def predicted_total(
    fit: Fit, rows: ArrayLike, *, observed_noise: bool = True, correlated: bool = True
) -> tuple[Measured, float]:
    """Sum of the model over `rows` (m, p), with its standard uncertainty, and t's degrees of freedom.

    observed_noise : also the scatter of the m months that it will be compared with. correlated : use the
    residuals' autocorrelation; False is the white-noise formula.
    """
    x = np.asarray(rows, dtype=float).reshape(-1, len(fit.names))
    if not np.isfinite(x).all():
        raise ScienceError(
            "drivers of every month must be given; leave out months with a gap.",
            "phải cho biến giải thích của mọi tháng; hãy bỏ những tháng thiếu số liệu.",
        )
    rho = fit.rho if correlated else 0.0
    g = x.sum(axis=0)
    to_design, to_solver = related(fit.design, rho), related(fit.solver.T, rho)
    among = fit.solver @ to_solver
    # tr(A R A') of the residuals A y, A = I − design · solver
    trace = fit.n - 2 * np.sum(fit.solver.T * to_design) + np.sum(fit.design.T @ fit.design * among)
    variance = fit.sse / (float(trace) * fit.dof / (fit.n - len(fit.names)))
    u2 = float(g @ among @ g)
    if observed_noise:
        u2 += float(related(np.ones((x.shape[0], 1)), rho).sum())
    dof = max(effective_number(fit.n, rho) - fit.parameters, 1.0)
    return Measured(float(g @ fit.coefficients), float(np.sqrt(variance * u2))), dof


def rounding(fit: Fit, rows: ArrayLike) -> float:
    """By how much the sum over `rows` (m, p) may be off through what computing leaves of each figure (`EXACT`): of the
    months the model was fitted to, as far as each moves the sum, and of the rows themselves."""
    x = np.asarray(rows, dtype=float).reshape(-1, len(fit.names))
    by_fit = np.abs(x.sum(axis=0) @ fit.solver) @ fit.size
    return EXACT * float(by_fit + (np.abs(x) @ np.abs(fit.coefficients)).sum())
