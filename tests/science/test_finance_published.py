"""Loans, paybacks and rates of published examples; a printed answer that is wrong, and why."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sachhon.science import finance

CASES = json.loads((Path(__file__).parent.parent / "cases" / "finance" / "published.json").read_text("utf-8"))


def test_the_loan_of_numpy_financials_manual():
    case = CASES["loan"]
    amount, rate, months, instalment = case["instalment"]
    assert finance.annuity(amount, rate / 12, months) == pytest.approx(instalment, abs=0.005)
    schedule = finance.repayment(2500, finance.Loan(1, 0.0824 / 12, 12, "annuity"))
    assert schedule.principal[1:] == pytest.approx(case["principal"], abs=0.005)
    assert schedule.interest[1:] == pytest.approx(case["interest"], abs=0.005)
    assert schedule.interest.sum() == pytest.approx(case["interest_total"], abs=0.005)


def test_the_present_value_of_numpy_financials_manual():
    case = CASES["npv"]
    assert finance.npv(case["rate"], case["flows"]) == pytest.approx(case["value"], abs=5e-6)


def test_the_modified_rates_of_microsofts_page():
    case = CASES["mirr"]
    for count, reinvest, percent in case["results"]:
        rate = finance.mirr(case["flows"][:count], case["finance_rate"], reinvest)
        assert round(100 * float(rate)) == percent


def test_the_paybacks_of_berkeleys_exercise():
    case = CASES["payback"]
    assert finance.payback(case["flows"]) == pytest.approx(case["simple"], abs=0.05)
    assert finance.discounted_payback(case["rate"], case["flows"]) == pytest.approx(
        case["discounted"], abs=0.05
    )
    assert finance.payback_report(case["flows"]).states == "falls_back"


def test_a_printed_payback_is_wrong_by_a_deduction_that_its_code_hides():
    case = CASES["chp"]
    assert finance.simple_payback(case["cost"], case["saving"]) == pytest.approx(case["right"], abs=5e-4)
    hidden = case["cost"] - case["hidden_deduction"]
    assert finance.simple_payback(hidden, case["saving"]) == pytest.approx(case["printed"], abs=5e-4)


def test_the_paybacks_of_an_audited_plant_and_of_a_cannery():
    for _, saving, cost, years in CASES["iac"]["rows"]:
        assert finance.simple_payback(cost, saving) == pytest.approx(years, abs=1e-7)
    for cost, saving, months in CASES["canning"]["rows"]:
        exact = 12 * finance.simple_payback(cost, saving)
        assert months in (math.ceil(exact), round(exact))


def test_all_rates_of_flows_that_have_several():
    case = CASES["four_rates"]
    assert finance.irr_report(case["flows"]).rates.compressed() == pytest.approx(case["rates"], abs=1e-9)
    two = CASES["two_rates"]
    assert 100 * finance.irr_report(two["flows"]).rates.compressed() == pytest.approx(
        two["percent"], abs=two["within"]
    )
    with pytest.raises(finance.NoSingleRate):
        finance.irr(case["flows"])
    assert finance.irr(case["flows"], several="nearest") == pytest.approx(0.25, abs=1e-9)
    rates = finance.irr([case["flows"], [-100, 110, 0, 0, 0]])
    assert np.ma.getmaskarray(rates).tolist() == [True, False]


def test_the_strip_mine_has_two_rates_and_the_printed_values():
    case = CASES["strip_mine"]
    assert finance.irr_report(case["flows"]).count == case["count"]
    for rate, value, percent in case["rows"]:
        assert round(finance.npv(rate, case["flows"]), 2) == value
        assert round(100 * finance.mirr(case["flows"], rate, rate), 2) == percent


def test_the_oil_pump_has_a_second_rate_that_a_spreadsheet_does_not_tell():
    case = CASES["oil_pump"]
    found = finance.irr_report(case["flows"])
    assert 100 * found.rates.compressed() == pytest.approx(case["percent"])
    assert 100 * finance.irr(case["flows"], several="nearest") == pytest.approx(case["printed"])
    with pytest.raises(finance.NoSingleRate, match=r"25.00%, 400.00%"):
        finance.irr(case["flows"])


def test_a_mine_whose_land_is_restored_has_two_rates():
    case = CASES["restored_mine"]
    flows = [case["first"]] + [case["yearly"]] * case["years"]
    flows[-1] += case["last"]
    assert finance.irr_report(flows).count == case["count"]
