"""Simple and discounted payback: the date at which the running balance of the cash flow first reaches zero.

    B_t = Σ_{s ≤ t} c_s (1 + r)^(−s)         r = 0 for the simple payback
    payback = t − 1 + (−B_{t−1}) / (B_t − B_{t−1}),      t the first date with B_t ≥ 0

that is, within the year the flow is taken as even (NIST Handbook 135, 1995; Park 2011,
Contemporary Engineering Economics). Payback ignores what comes after it; it is a measure of risk, not of worth. Where
later costs (a replacement) bring the balance below zero again, `payback_report` says so.

Shapes: cash flows (…, n + 1), the first at time 0; results (…,) in periods. A row that is not paid back
within its flows has no payback: None for one row, masked among many.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.finance.rates import as_flows, as_rate, refuse_gaps, shapes_fit, time_first
from sachhon.science.numeric import refuse_masked
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


class PaybackState(StrEnum):
    """Whether a row of cash flows is paid back."""

    PAID_BACK = "paid_back"
    AT_ONCE = "at_once"
    FALLS_BACK = "falls_back"
    NEVER = "never"


@dataclass(frozen=True)
class PaybackReport:
    """Payback of flows of shape (…, n + 1), with the state of each row.

    periods : (…,) masked where never; final : (…,) the balance at the end; states : (…,) `PaybackState` values.
    """

    periods: np.ma.MaskedArray
    final: np.ndarray
    states: np.ndarray


def payback(cashflows: ArrayLike) -> np.ndarray | float | None:
    """Periods until the costs are recovered, fractions by even flow within the period.

    cashflows : (…, n + 1). One row gives a float, or None when it is not paid back within its flows; many give
    an array, masked where not.
    """
    return _plain(payback_report(cashflows))


def discounted_payback(rate: ArrayLike, cashflows: ArrayLike) -> np.ndarray | float | None:
    """As `payback`, of the discounted flows; rate broadcasts against the leading axes."""
    return _plain(payback_report(cashflows, rate))


def simple_payback(investment: ArrayLike, saving: ArrayLike) -> np.ndarray | float | None:
    """investment / saving, the payback of an even saving a period without an end of life.

    investment ≥ 0 or an error; something invested and nothing saved, or a loss each period: None, masked among many.
    """
    refuse_masked(investment, "investment", "vốn đầu tư")
    refuse_masked(saving, "saving", "khoản tiết kiệm")
    try:
        cost, gain = np.broadcast_arrays(np.asarray(investment, dtype=float), np.asarray(saving, dtype=float))
    except (TypeError, ValueError) as error:
        raise ScienceError(
            f"an investment or saving is not a number, or their shapes differ ({error}); give one saving for each "
            "investment.",
            f"vốn đầu tư hoặc khoản tiết kiệm không phải là số, hoặc dạng của chúng khác nhau ({comma(error)}); "
            "mỗi vốn đầu tư cần một khoản tiết kiệm.",
        ) from error
    if not (np.isfinite(cost) & np.isfinite(gain) & (cost >= 0)).all():
        raise ScienceError(
            "an investment or saving is missing, infinite, or the investment is negative.",
            "vốn đầu tư hoặc khoản tiết kiệm bị thiếu, vô hạn, hoặc vốn đầu tư âm.",
        )
    never = (gain <= 0) & (cost > 0)
    periods = np.divide(cost, gain, out=np.zeros(cost.shape), where=gain > 0)
    if periods.ndim == 0:
        return None if never else float(periods)
    return np.ma.MaskedArray(periods, mask=never) if never.any() else periods


def payback_report(cashflows: ArrayLike, rate: ArrayLike = 0.0) -> PaybackReport:
    """Payback, final balance and state of every row; rate 0 is the simple payback."""
    flows, r = as_flows(cashflows), as_rate(rate)
    lead = shapes_fit(r, flows)
    rows = np.broadcast_to(flows, (*lead, flows.shape[-1])).reshape(-1, flows.shape[-1])
    rates = np.broadcast_to(r, lead).reshape(-1)
    periods, final = np.empty(len(rows)), np.empty(len(rows))
    low = np.empty(len(rows), dtype=bool)
    for part, chunk in time_first(rows):
        refuse_gaps(chunk)
        v = 1 / (1 + rates[part]) if r.ndim else 1 / (1 + float(r))
        periods[part], final[part], low[part] = balance_crossing(chunk, v)
    never = np.isinf(periods)
    states = np.select(
        [never, low, periods == 0],
        [PaybackState.NEVER.value, PaybackState.FALLS_BACK.value, PaybackState.AT_ONCE.value],
        PaybackState.PAID_BACK.value,
    )
    masked = np.ma.MaskedArray(np.where(never, 0.0, periods), mask=never)
    return PaybackReport(masked.reshape(lead), final.reshape(lead), states.reshape(lead))


def balance_crossing(flows: np.ndarray, v: np.ndarray | float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First crossing (inf for none), final balance, and whether the balance is below zero after the crossing.

    flows : (n + 1, rows), time first; v : discount factor, a number or (rows,).
    """
    discounting = not (isinstance(v, float) and v == 1.0)
    balance = flows[0].copy()
    waiting = balance < 0
    waited = np.zeros(balance.size, dtype=np.int8 if len(flows) < 127 else np.int32)
    later = np.zeros(balance.size, dtype=bool)
    before = np.zeros(balance.size)  # the last balance while waiting
    step = np.ones(balance.size)  # the flow that ended the wait
    factor: np.ndarray | float = 1.0
    term = np.empty(balance.size)
    below = waiting.copy()
    for row in flows[1:]:
        waited += waiting
        np.copyto(before, balance, where=waiting)
        if discounting:
            factor = factor * v
            np.multiply(row, factor, out=term)
        else:
            term = row
        balance += term
        np.copyto(step, term, where=waiting)
        np.less(balance, 0, out=below)
        later |= below & ~waiting
        waiting &= below
    with np.errstate(invalid="ignore", divide="ignore"):
        periods = np.where(waited > 0, waited - 1 - before / step, 0.0)
    periods[waiting] = np.inf
    return periods, balance, later


def _plain(report: PaybackReport) -> np.ndarray | float | None:
    if report.periods.ndim == 0:
        return None if report.periods.mask else float(report.periods)
    return report.periods if report.periods.mask.any() else report.periods.data
