"""Is an option worth its money: present value, rates of return, payback, tax, loan, grant, uncertainty.

    rates          npv, irr, irr_report, mirr
    payback        payback, discounted_payback, simple_payback, payback_report
    annuity        annuity_factor, growing_annuity_factor, annuity, real_rate, nominal_rate, levelised_cost
    depreciation   straight_line, by_schedule, declining_balance
    loan           Loan, repayment
    project        Project, Saving, Settings, cash_flow
    appraisal      appraise, measures
    draws          Uniform, Triangular, Normal, LogNormal, sample
    simulation     simulate, tornado
    abatement      abatement_curve, pareto_fronts

Money in any one currency, rates as fractions a year, the last axis of an array is time and its first flow is
at time 0. Facts such as tax rates, lives of assets and prices are the caller's.
"""

from sachhon.science.finance.abatement import Block, Curve, abatement_curve, pareto_fronts
from sachhon.science.finance.annuity import (
    annuity,
    annuity_factor,
    growing_annuity_factor,
    levelised_cost,
    nominal_rate,
    real_rate,
)
from sachhon.science.finance.appraisal import Appraisal, Measures, appraise, measures
from sachhon.science.finance.depreciation import Depreciation, by_schedule, declining_balance, straight_line
from sachhon.science.finance.draws import LogNormal, Normal, Triangular, Uniform, sample
from sachhon.science.finance.loan import Loan, Schedule, repayment
from sachhon.science.finance.payback import (
    PaybackReport,
    PaybackState,
    discounted_payback,
    payback,
    payback_report,
    simple_payback,
)
from sachhon.science.finance.project import CashFlow, Project, Saving, Settings, cash_flow
from sachhon.science.finance.rates import irr, irr_report, mirr, npv
from sachhon.science.finance.report import IRRReport, NoSingleRate, RateState, RatesWithheld
from sachhon.science.finance.simulation import Bar, Simulation, Tornado, simulate, tornado

__all__ = [
    "Appraisal",
    "Bar",
    "Block",
    "CashFlow",
    "Curve",
    "Depreciation",
    "IRRReport",
    "Loan",
    "LogNormal",
    "Measures",
    "NoSingleRate",
    "Normal",
    "PaybackReport",
    "PaybackState",
    "Project",
    "RateState",
    "RatesWithheld",
    "Saving",
    "Schedule",
    "Settings",
    "Simulation",
    "Tornado",
    "Triangular",
    "Uniform",
    "abatement_curve",
    "annuity",
    "annuity_factor",
    "appraise",
    "by_schedule",
    "cash_flow",
    "declining_balance",
    "discounted_payback",
    "growing_annuity_factor",
    "irr",
    "irr_report",
    "levelised_cost",
    "measures",
    "mirr",
    "nominal_rate",
    "npv",
    "pareto_fronts",
    "payback",
    "payback_report",
    "real_rate",
    "repayment",
    "sample",
    "simple_payback",
    "simulate",
    "straight_line",
    "tornado",
]
