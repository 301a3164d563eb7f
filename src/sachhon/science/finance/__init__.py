"""Is an option worth its money: present value, rates of return, payback, tax, loan, grant, uncertainty.

    rates          npv, irr, irr_report, mirr
    payback        payback, discounted_payback, simple_payback, payback_report
    annuity        annuity_factor, growing_annuity_factor, annuity, real_rate, nominal_rate, levelised_cost
    depreciation   straight_line, by_schedule, declining_balance
    loan           Loan, repayment

Money in any one currency, rates as fractions a year, the last axis of an array is time and its first flow is
at time 0. Facts such as tax rates, lives of assets and prices are the caller's.
"""

from sachhon.science.finance.annuity import (
    annuity,
    annuity_factor,
    growing_annuity_factor,
    levelised_cost,
    nominal_rate,
    real_rate,
)
from sachhon.science.finance.depreciation import Depreciation, by_schedule, declining_balance, straight_line
from sachhon.science.finance.loan import Loan, Schedule, repayment
from sachhon.science.finance.payback import (
    PaybackReport,
    PaybackState,
    discounted_payback,
    payback,
    payback_report,
    simple_payback,
)
from sachhon.science.finance.rates import irr, irr_report, mirr, npv
from sachhon.science.finance.report import IRRReport, NoSingleRate, RateState

__all__ = [
    "Depreciation",
    "IRRReport",
    "Loan",
    "NoSingleRate",
    "PaybackReport",
    "PaybackState",
    "RateState",
    "Schedule",
    "annuity",
    "annuity_factor",
    "by_schedule",
    "declining_balance",
    "discounted_payback",
    "growing_annuity_factor",
    "irr",
    "irr_report",
    "levelised_cost",
    "mirr",
    "nominal_rate",
    "npv",
    "payback",
    "payback_report",
    "real_rate",
    "repayment",
    "simple_payback",
    "straight_line",
]
