"""How often a limit is met by an outlet that varies, and what mean it takes to meet it often enough.

    met          P(C ≤ L) = Φ((ln L − ln m + σ²/2) / σ),          σ² = ln(1 + CV²)
    design       m = COR · L,     COR = √(CV² + 1) · exp(−z √ln(CV² + 1))
    needed       1 − COR · L / C_in

Source: Niku, Schroeder and Samaniego 1979, Performance of activated sludge processes and reliability-based design,
J. WPCF 51, 2841–2857 (the coefficient of reliability, COR); log-normal outlets.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from sachhon.science.phrases import comma
from sachhon.science.treatment.chain import Outlet
from sachhon.science.uncertainty import ScienceError


def probability(outlet: Outlet, limit: float) -> float:
    """Share of 1 of the time that the outlet is at or below `limit` (unit of the outlet)."""
    if limit <= 0:
        raise ScienceError(
            f"a limit of {limit:g} cannot be met: give one above 0.",
            f"giới hạn {comma(limit):g} không thể đạt: hãy cho giá trị lớn hơn 0.",
        )
    if outlet.sigma == 0:
        return float(outlet.mean <= limit)
    return NormalDist().cdf((math.log(limit / outlet.mean) + outlet.sigma**2 / 2) / outlet.sigma)


def coefficient_of_reliability(cv: float, reliability: float) -> float:
    """The mean over the limit that meets the limit in the share `reliability` of cases, at that variation."""
    _share(reliability)
    _not_negative("cv", cv)
    spread = math.log1p(cv**2)
    return math.sqrt(cv**2 + 1) * math.exp(-NormalDist().inv_cdf(reliability) * math.sqrt(spread))


def removal_needed(inlet: float, limit: float, cv: float, reliability: float) -> float:
    """Removal (share of 1) of the whole chain for the limit to be met so often; 0 where nothing is needed.

    inlet, limit : concentrations in one unit, not below zero; cv : variation of the outlet.
    """
    _not_negative("inlet", inlet)
    _not_negative("limit", limit)
    mean = coefficient_of_reliability(cv, reliability) * limit
    return 1 - mean / inlet if inlet > mean else 0.0


def _not_negative(name: str, value: float) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise ScienceError(
            f"{name} is {value:g}; give a finite number that is not negative.",
            f"{name} là {comma(value):g}; hãy cho số hữu hạn, không âm.",
        )


def _share(reliability: float) -> None:
    if not 0.5 <= reliability < 1:
        raise ScienceError(
            f"a reliability of {reliability:g} is not from 0.5 to below 1.",
            f"độ tin cậy {comma(reliability):g} không nằm từ 0,5 đến dưới 1.",
        )
