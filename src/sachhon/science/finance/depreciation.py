"""Depreciation for tax: the share of the cost that each year may deduct.

    straight line          1/n in each of n years
    by schedule            the shares that a rule prints, year by year
    declining balance      factor/n of the book value, straight line over the rest once that is more

Which asset may use which form, life or factor is a country's rule and stands in none of this: the caller gives
it. Shares are of cost less salvage (straight line, schedule), the first at year 1. Source: IRS
Publication 946, How to Depreciate Property (the three forms, and the switch to straight line).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sachhon.science.numeric import finite, floats, whole_number
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Depreciation:
    """Shares of the depreciable cost by year, adding up to 1; make one with the functions below."""

    shares: tuple[float, ...]

    def amounts(self, cost: np.ndarray | float, horizon: int) -> np.ndarray:
        """(…, horizon + 1) deductions by year; what lies beyond the horizon is left in the book value."""
        by_year = np.zeros(horizon + 1)
        used = min(horizon, len(self.shares))
        by_year[1 : used + 1] = self.shares[:used]
        return np.asarray(cost, dtype=float)[..., None] * by_year


def straight_line(years: int) -> Depreciation:
    """The same share each year."""
    years = whole_number(years, "years of depreciation", "số năm khấu hao")
    if years < 1:
        raise ScienceError(
            "an asset depreciates over at least one year.", "tài sản khấu hao trong ít nhất một năm."
        )
    return Depreciation((1 / years,) * years)


def by_schedule(shares: Sequence[float]) -> Depreciation:
    """The printed shares, as fractions; they must add up to 1 (to a rounding of 0.001)."""
    s = floats(shares, "shares", "các phần khấu hao (shares)")
    if s.size == 0 or not (np.isfinite(s) & (s >= 0)).all() or abs(s.sum() - 1) > 1e-3:
        raise ScienceError(
            f"the shares of a depreciation schedule add up to {s.sum():.4f}; they must be fractions ≥ 0 adding up "
            "to 1.",
            f"các phần của lịch khấu hao cộng lại là {comma(s.sum()):.4f}; chúng phải là phân số ≥ 0 cộng lại "
            "bằng 1.",
        )
    return Depreciation(tuple(float(share) for share in s / s.sum()))


def declining_balance(years: int, factor: float) -> Depreciation:
    """factor/years of the book value, then straight line over the years left once that is more."""
    years = whole_number(years, "years of depreciation", "số năm khấu hao")
    if years < 1 or not (finite(factor) and factor > 0):
        raise ScienceError(
            "declining balance needs at least one year and a factor above 0.",
            "khấu hao theo số dư giảm dần cần ít nhất một năm và hệ số lớn hơn 0.",
        )
    book, shares = 1.0, []
    for year in range(years):
        share = min(book, max(book * factor / years, book / (years - year)))
        shares.append(share)
        book -= share
    return Depreciation(tuple(shares))
