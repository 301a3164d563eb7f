"""Repayment of a loan: equal instalments or equal principal, with years of grace.

    interest_t = rate · B_{t−1},   B_t = B_{t−1} − principal_t,   payment_t = interest_t + principal_t
    "annuity"          payment constant after the grace:  B_g · rate / (1 − (1 + rate)^(−(years − grace)))
    "equal_principal"  principal constant after the grace: B_g / (years − grace)

During the grace only interest is paid; with `capitalise` not even that, it is added to the balance. Times are
ends of periods; a loan of months is a loan of "years" that are months. Shapes: amount and rate broadcast to
(…,); the schedule is (…, n + 1), index 0 the day of payment out. Source:
Park 2011, Contemporary Engineering Economics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.finance.annuity import annuity, as_amount
from sachhon.science.finance.rates import as_rate
from sachhon.science.numeric import floats, whole_number
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Loan:
    """Terms of a loan.

    share : part of the investment that is borrowed, 0 to 1; rate : nominal, a year; years : until the last
    repayment, grace included; grace : years without repayment of principal.
    """

    share: ArrayLike
    rate: ArrayLike
    years: int
    form: Literal["annuity", "equal_principal"] = "equal_principal"
    grace: int = 0
    capitalise: bool = False


@dataclass(frozen=True)
class Schedule:
    """What is paid at each date; all arrays (…, n + 1), amounts positive."""

    drawn: np.ndarray
    interest: np.ndarray
    principal: np.ndarray
    balance: np.ndarray

    @property
    def payment(self) -> np.ndarray:
        """Interest and principal together."""
        return self.interest + self.principal


def repayment(amount: ArrayLike, loan: Loan, horizon: int | None = None) -> Schedule:
    """The schedule of `amount` borrowed at time 0 on the loan's terms (its `share` is not used).

    horizon : number of periods of the arrays, at least the loan's years (its years where not given).
    """
    _check(loan)
    n = loan.years if horizon is None else horizon
    if n < loan.years:
        raise ScienceError(
            f"the loan runs {loan.years} years but only {n} are looked at; shorten the loan or lengthen the study.",
            f"khoản vay kéo dài {comma(loan.years)} năm nhưng chỉ xét {n} năm; hãy rút ngắn khoản vay hoặc kéo "
            "dài thời gian xét.",
        )
    borrowed, rate = np.broadcast_arrays(as_amount(amount), as_rate(loan.rate))
    interest, principal, balance = (np.zeros((*borrowed.shape, n + 1)) for _ in range(3))
    balance[..., 0] = borrowed
    due = np.zeros(borrowed.shape)
    for t in range(1, loan.years + 1):
        owed = balance[..., t - 1]
        charge = rate * owed
        if t <= loan.grace:
            repaid = -charge if loan.capitalise else np.zeros_like(charge)
        else:
            left = loan.years - t + 1
            if t == loan.grace + 1:
                due = annuity(owed, rate, left) if loan.form == "annuity" else owed / left
            repaid = due - charge if loan.form == "annuity" else due
        if t == loan.years:
            repaid = owed
        interest[..., t], principal[..., t] = charge, repaid
        balance[..., t] = owed - repaid
    drawn = np.zeros_like(balance)
    drawn[..., 0] = borrowed
    return Schedule(drawn, interest, principal, balance)


def _check(loan: Loan) -> None:
    share = floats(loan.share, "the borrowed share", "phần vay")
    whole_number(loan.years, "years of the loan", "số năm của khoản vay")
    whole_number(loan.grace, "grace of the loan", "thời gian ân hạn của khoản vay")
    if not ((share >= 0) & (share <= 1)).all():
        raise ScienceError(
            "the borrowed share of the investment must lie between 0 and 1.",
            "phần vay của vốn đầu tư phải nằm giữa 0 và 1.",
        )
    if loan.form not in ("annuity", "equal_principal"):
        raise ScienceError(
            f'the form "{loan.form}" of a loan is unknown; use "annuity" or "equal_principal".',
            f'hình thức vay "{loan.form}" không có; hãy dùng "annuity" hoặc "equal_principal".',
        )
    if not 0 <= loan.grace < loan.years:
        raise ScienceError(
            "a loan needs at least one year after the grace in which it is repaid.",
            "khoản vay cần ít nhất một năm sau thời gian ân hạn để trả.",
        )
