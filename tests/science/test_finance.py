"""Present value, rates of return and payback, against published answers and their own definitions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science import finance

CASES = json.loads((Path(__file__).parent.parent / "cases" / "finance" / "numpy_financial.json").read_text())
MONEY = st.floats(1, 1e6)


@pytest.mark.parametrize(("flows", "rate"), CASES["irr"])
def test_the_rate_of_return_is_the_published_one(flows, rate):
    digits = len(str(rate).split(".")[1])
    assert finance.irr(flows) == pytest.approx(rate, abs=0.5 * 10**-digits)


@pytest.mark.parametrize(("rate", "flows", "value"), CASES["npv"])
def test_the_present_value_is_the_published_one(rate, flows, value):
    assert finance.npv(rate, flows) == pytest.approx(value, abs=0.005)


@pytest.mark.parametrize(("flows", "finance_rate", "reinvest_rate", "rate"), CASES["mirr"])
def test_the_modified_rate_is_the_published_one(flows, finance_rate, reinvest_rate, rate):
    assert finance.mirr(flows, finance_rate, reinvest_rate) == pytest.approx(rate, abs=5e-5)


@settings(deadline=None)
@given(MONEY, st.lists(MONEY, min_size=1, max_size=20))
def test_the_present_value_at_the_rate_of_return_is_zero(investment, savings):
    flows = [-investment, *savings]
    rate = finance.irr(flows)
    assert abs(finance.npv(rate, flows)) <= 1e-8 * sum(abs(flow) for flow in flows)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_many_rows_have_what_each_has_alone(seed):
    random = np.random.default_rng(seed)
    flows = np.column_stack([-random.uniform(10, 1000, 40), random.uniform(1, 300, (40, 12))])
    rates = finance.irr(flows)
    values = finance.npv(0.1, flows)
    for row, rate, value in zip(flows, rates, values, strict=True):
        assert finance.irr(row) == pytest.approx(rate, abs=1e-9)
        assert finance.npv(0.1, row) == pytest.approx(value, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(
    ("flows", "says"),
    [([1, 2, 3], "does not change sign"), ([-1, 5, -6], "100.00%, 200.00%"), ([-1, 3, -2.5], "No rate")],
)
def test_where_no_single_rate_exists_it_is_said_why(flows, says):
    with pytest.raises(finance.NoSingleRate, match=says):
        finance.irr(flows)


def test_payback_counts_the_part_of_the_year_and_tells_when_there_is_none():
    assert finance.payback([-100, 40, 40, 40]) == pytest.approx(2.5)
    assert finance.payback([-100, 40]) is None
    assert finance.discounted_payback(0.1, [-100, 110]) == pytest.approx(1.0)
    assert finance.simple_payback(3657.0, 1000.0) == pytest.approx(3.657)


@settings(deadline=None, max_examples=50)
@given(st.floats(-0.05, 0.3), st.floats(-0.02, 0.2), MONEY)
def test_real_and_nominal_money_have_one_present_value(real, inflation, saving):
    years = np.arange(11)
    constant = np.full(11, saving)
    nominal = finance.nominal_rate(real, inflation)
    assert finance.npv(nominal, constant * (1 + inflation) ** years) == pytest.approx(
        finance.npv(real, constant)
    )
    assert finance.real_rate(nominal, inflation) == pytest.approx(real, abs=1e-12)


@pytest.mark.parametrize("form", ["annuity", "equal_principal"])
def test_a_loan_is_paid_back_in_full_and_is_worth_its_amount_at_its_own_rate(form):
    schedule = finance.repayment(1000.0, finance.Loan(share=1.0, rate=0.09, years=7, form=form))
    paid = np.concatenate([[-1000.0], np.ravel(schedule.payment)[-7:]])
    assert finance.npv(0.09, paid) == pytest.approx(0, abs=1e-8)
    assert np.sum(schedule.principal) == pytest.approx(1000)
