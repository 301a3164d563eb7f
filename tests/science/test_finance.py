"""Present value, rates of return and payback, against published answers and their own definitions."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science import finance
from sachhon.science.finance.brackets import brackets
from sachhon.science.finance.roots import chain_rates
from sachhon.science.uncertainty import ScienceError

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
    assert finance.simple_payback(100.0, 0.0) is None
    assert finance.simple_payback(100.0, -5.0) is None
    with pytest.raises(ScienceError, match="the investment is negative"):
        finance.simple_payback(-1.0, 5.0)


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


def unconventional(random: np.random.Generator, rows: int, dates: int) -> np.ndarray:
    """Rows whose flows change sign any number of times, many with zeros at either end and in between."""
    flows = random.normal(0.2, 1, (rows, dates)) * random.choice([0, 1], (rows, dates), p=[0.2, 0.8])
    flows[: rows // 4, 0] = -3
    return flows


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 40))
def test_brackets_find_the_rates_that_the_chain_of_descartes_finds(seed, dates):
    flows = unconventional(np.random.default_rng(seed), 60, dates)
    found, chain = np.ma.masked_invalid(chain_rates(flows)), finance.irr_report(flows)
    assert chain.count.tolist() == (~np.ma.getmaskarray(found)).sum(axis=1).tolist()
    assert chain.rates.compressed() == pytest.approx(found.compressed(), rel=1e-7, abs=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", finance.RatesWithheld)
        rates = np.ma.asarray(finance.irr(flows))
    single = chain.count == 1
    assert np.ma.getmaskarray(rates).tolist() == (~single).tolist()
    assert rates.compressed() == pytest.approx(found[single][:, 0].compressed(), rel=1e-7, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(-0.6, 2), min_size=1, max_size=5, unique_by=lambda rate: round(rate, 2)), MONEY)
def test_rates_put_into_a_cash_flow_come_out_of_it(rates, money):
    flows = np.array([-money])
    for rate in rates:
        flows = np.convolve(flows, [1, -(1 + rate)])  # Σ c_t v^t with a zero at v = 1/(1 + rate)
    apart = np.diff(sorted(rates))
    if apart.size and apart.min() < 0.01:
        return  # so close that rounding the flows moves the rates
    assert finance.irr_report(flows).rates.compressed() == pytest.approx(sorted(rates), abs=1e-7)


def test_among_many_rows_those_without_one_rate_are_masked_nan_beneath_and_counted_in_a_warning():
    flows = [[-1, 5, -6], [-1, 3, -2.5], [1, 2, 3], [-100, 0, 121]]
    with pytest.warns(finance.RatesWithheld, match="1 have several internal rates of return and 2 have none"):
        rates = finance.irr(flows)
    assert np.ma.getmaskarray(rates).tolist() == [True, True, True, False]
    assert np.isnan(np.asarray(rates)[:3]).all()
    assert rates[3] == pytest.approx(0.1)
    with pytest.warns(finance.RatesWithheld, match="0 have several internal rates of return and 2 have none"):
        assert finance.irr(flows, several="nearest")[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("flows", "rates"),
    [
        ([-100, 50, 50], [0]),
        ([-1, 2.2, -1.21], [0.1]),
        ([0, 0, -100, 230, -132, 0], [0.1, 0.2]),
        ([-1] + [0] * 238 + [3, -1.05], [-0.65, 0.00280]),
    ],
    ids=["exactly 0 %", "a double rate", "zeros at both ends", "240 months"],
)
def test_the_awkward_rows_have_all_their_rates(flows, rates):
    found = finance.irr_report(flows).rates.compressed()
    assert found == pytest.approx(rates, abs=5e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: finance.npv(0.1, ["a"]), "cash flows are not an array of numbers"),
        (lambda: finance.npv("10 %", [-1, 2]), "a rate is not a number"),
        (lambda: finance.irr([[-1, 2], [-1, 2, 3]]), "rows of one length"),
        (lambda: finance.npv([0.1, 0.2, 0.3], [[-1, 2], [-1, 3]]), "one rate, or one for each row"),
        (lambda: finance.mirr([[-1, 2], [-1, 3]], [0.1, 0.2, 0.3], 0.1), "one rate, or one for each row"),
        (lambda: finance.discounted_payback([0.1] * 3, [[-1, 2], [-1, 3]]), "one rate, or one for each row"),
        (lambda: finance.simple_payback("x", 2), "not a number"),
    ],
)
def test_what_is_no_cash_flow_is_told_with_its_cure(call, says):
    with pytest.raises(ScienceError, match=says):
        call()


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=60)
def test_of_several_rates_the_nearest_is_the_one_nearest_to_zero_of_all_there_are(seed):
    random = np.random.default_rng(seed)
    flows = random.normal(0.2, 1, (40, int(random.integers(3, 12))))
    flows[:, 0] = -random.uniform(0.5, 3, 40)
    flows[random.random(flows.shape) < 0.1] = 0
    flows[0] = [-1, 2.3, -1.32, *[0.0] * (flows.shape[1] - 3)]  # 10 % and 20 %
    report = finance.irr_report(flows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = np.ma.asarray(finance.irr(flows, several="nearest"))
    several = 0
    for row, rates in zip(found.filled(np.nan), report.rates, strict=True):
        have = np.ma.compressed(rates)
        several += len(have) > 1
        if len(have):
            assert abs(row) == pytest.approx(np.abs(have).min(), abs=1e-9)
        else:
            assert np.isnan(row)
    assert several


def test_a_cost_at_the_end_leaves_one_rate_on_each_side_of_zero_and_the_nearer_is_given():
    random = np.random.default_rng(8)
    flows = np.full((400, 21), 20.0) * random.lognormal(0, 0.2, (400, 21))
    flows[:, 0] = -random.uniform(60, 200, 400)
    flows[:, -1] = -(10 ** random.uniform(1, 3, 400))
    flows[::2, -1] -= flows[::2].sum(axis=1) - 10 ** random.uniform(-9, 1, 200)  # a rate close to 0 %
    report = finance.irr_report(flows)
    chain = np.ma.masked_invalid(chain_rates(flows))
    assert report.count.tolist() == (~np.ma.getmaskarray(chain)).sum(axis=1).tolist()
    assert report.rates.compressed() == pytest.approx(chain.compressed(), rel=1e-7, abs=1e-9)
    two = report.count == 2
    assert ((chain[two, 0] < 0) & (chain[two, 1] > 0)).sum() > 200
    with pytest.warns(finance.RatesWithheld):
        nearest = np.ma.asarray(finance.irr(flows, several="nearest")).filled(np.nan)
    assert np.abs(nearest[two]) == pytest.approx(np.abs(chain[two].data).min(axis=1), rel=1e-7, abs=1e-9)
    assert len(set(np.sign(nearest[two]))) == 2


def test_rows_whose_rates_are_found_at_different_depths_keep_their_own():
    random = np.random.default_rng(0)
    by_width = {}
    while len(by_width) < 3:
        row = random.normal(0, 1, 9) * np.exp(random.normal(0, 2, 9))
        found = brackets(row[:, None])
        ahead = found.some(~found.backward)
        if len(ahead.row) == 1 and found.count[0] > 0:  # one positive rate
            by_width.setdefault(float(ahead.high[0] - ahead.low[0]), []).append(row)
    *_, wide = sorted(by_width)
    deepest, deep = sorted(by_width)[:2]
    table = np.array([by_width[wide][0], by_width[deep][0], *by_width[wide][1:4], by_width[deepest][0]])
    every = finance.irr_report(table).rates
    for row, rates in zip(table, every, strict=True):
        alone = finance.irr_report(row).rates.reshape(-1).compressed()
        assert np.ma.compressed(rates) == pytest.approx(alone, rel=1e-9, abs=1e-12)
