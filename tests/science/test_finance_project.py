"""Cash flows with tax, loan, grant and inflation; simulation and tornado; the abatement curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science import finance
from sachhon.science.finance import Loan, Project, Saving, Settings, Triangular
from sachhon.science.uncertainty import ScienceError

PLAIN = Project(investment=1000.0, years=5, savings={"kwh": Saving(3000.0, 0.1)})
FULL = Project(
    investment=1000.0,
    years=8,
    savings={"kwh": Saving(2000.0, 0.12, growth=0.02, change=-0.01), "m3": Saving(50.0, 0.5)},
    running_cost=20.0,
    residual=50.0,
    grant=100.0,
    replacements={4: 30.0},
    loan=Loan(0.5, 0.09, 5, "annuity", 1),
    depreciation=finance.straight_line(6),
)


def test_a_plain_option_is_its_investment_and_its_savings():
    flow = finance.cash_flow(PLAIN, Settings(0.1))
    assert flow.net == pytest.approx([-1000, 300, 300, 300, 300, 300])
    found = finance.appraise(PLAIN, Settings(0.1))
    assert found.npv == pytest.approx(-1000 + 300 * finance.annuity_factor(0.1, 5))
    assert found.levelised_cost["kwh"] == pytest.approx(1000 / (3000 * finance.annuity_factor(0.1, 5)))


@settings(deadline=None, max_examples=50)
@given(st.floats(-0.02, 0.15), st.floats(0.0, 0.2), st.floats(0.0, 0.4), st.booleans())
def test_real_and_nominal_appraisals_agree_with_tax_loan_and_grant(inflation, real, tax, waits):
    losses = "carry_forward" if waits else "offset"
    nominal = Settings(finance.nominal_rate(real, inflation), "nominal", inflation, tax, losses)
    first, second = (
        finance.appraise(FULL, nominal),
        finance.appraise(FULL, Settings(real, "real", inflation, tax, losses)),
    )
    assert first.npv == pytest.approx(second.npv, abs=1e-8)
    assert finance.npv(real, first.cash_flow.real) == pytest.approx(first.npv, abs=1e-8)


def test_tax_is_paid_on_profit_after_depreciation_and_interest_by_hand():
    project = replace(PLAIN, loan=Loan(0.4, 0.1, 4), depreciation=finance.straight_line(5))
    flow = finance.cash_flow(project, Settings(0.1, tax_rate=0.2))
    owed = np.array([400, 300, 200, 100, 0.0])
    taxed = 0.2 * (300 - 200 - 0.1 * owed)
    assert flow.tax[1:] == pytest.approx(taxed)
    assert flow.net[1:] == pytest.approx(300 - taxed - 0.1 * owed - np.array([100, 100, 100, 100, 0]))
    assert flow.net[0] == pytest.approx(-600)


def test_losses_wait_for_profit_and_lapse_after_their_years():
    project = replace(PLAIN, years=4, depreciation=finance.by_schedule([1.0]))
    paid = {
        years: finance.cash_flow(
            project, Settings(0.1, tax_rate=0.2, losses="carry_forward", carry_years=years)
        ).tax[1:]
        for years in (None, 1)
    }
    assert paid[None] == pytest.approx([0, 0, 0, 0.2 * (3 * 300 - 700)])
    assert paid[1] == pytest.approx([0, 0, 60, 60])


@settings(deadline=None, max_examples=30)
@given(st.floats(0.01, 0.3), st.integers(1, 10))
def test_a_loan_at_the_discount_rate_changes_nothing_without_tax(rate, years):
    project = replace(PLAIN, years=10, loan=Loan(0.7, rate, years))
    with_loan, without = (
        finance.appraise(p, Settings(rate)).npv for p in (project, replace(project, loan=None))
    )
    assert with_loan == pytest.approx(without, abs=1e-8)


def test_options_and_draws_broadcast():
    project = replace(PLAIN, investment=np.array([[1000.0], [500.0]]), years=np.array([[5], [3]]),
                      savings={"kwh": Saving(3000.0, np.array([0.1, 0.2, 0.3]))})  # fmt: skip
    net = finance.cash_flow(project, Settings(0.1, tax_rate=0.2)).net
    assert net.shape == (2, 3, 6)
    assert not net[1, :, 4:].any()
    alone = finance.cash_flow(replace(PLAIN, investment=500.0, years=3, savings={"kwh": Saving(3000.0, 0.2)}),
                              Settings(0.1, tax_rate=0.2)).net  # fmt: skip
    assert net[1, 1, :4] == pytest.approx(alone)


def build(values):
    project = replace(PLAIN, investment=values["cost"], savings={"kwh": Saving(3000.0, values["price"])})
    return finance.cash_flow(project, Settings(0.1)).net


def test_a_simulation_gives_the_mean_that_a_linear_option_has_and_repeats_with_its_seed():
    inputs = {"cost": Triangular(800, 1000, 1500), "price": Triangular(0.06, 0.1, 0.14)}
    first, again = (finance.simulate(build, inputs, rate=0.1, draws=4000, seed=3) for _ in range(2))
    assert np.array_equal(first.npv, again.npv)
    mean = -1100 + 300 * finance.annuity_factor(0.1, 5)
    assert first.expected == pytest.approx(mean, abs=3 * first.standard_error)
    assert list(first.importance()) == ["price", "cost"]
    assert first.npv == pytest.approx(finance.npv(0.1, build(first.inputs)))
    assert 0 < first.chance_of_gain < 1


def test_a_tornado_tells_the_price_at_which_the_option_just_pays():
    found = finance.tornado(build, {"cost": (800, 1000, 1500), "price": (0.02, 0.1, 0.12)}, rate=0.1)
    assert [bar.name for bar in found.bars] == ["price", "cost"]
    price = 1000 / (3000 * finance.annuity_factor(0.1, 5))
    assert found.bars[0].break_even == pytest.approx(price)
    with pytest.raises(ScienceError, match="low ≤ base ≤ high"):
        finance.tornado(build, {"cost": (3, 2, 1), "price": (0, 1, 2)}, rate=0.1)


def test_of_two_options_that_earn_the_same_the_one_that_abates_more_is_first():
    curve = finance.abatement_curve(
        ["less", "more", "dear", "cheap", "none"], [-100, -100, 30, 10, 5], [10, 20, 10, 10, 0]
    )
    assert [block.name for block in curve.blocks] == ["more", "less", "cheap", "dear"]
    ratio = {"less": -100 / 10, "more": -100 / 20}
    assert ratio["less"] < ratio["more"]  # the ratio, lowest first, would have it the wrong way round
    assert [block.cost_per_unit for block in curve.blocks] == [None, None, 1.0, 3.0]
    assert curve.worthless == ("none",)
    assert curve.abatement_within(2.0) == pytest.approx(40)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=25))
def test_two_aims_give_the_fronts_that_the_definition_gives(points):
    table = np.array(points, dtype=float)
    fast = finance.pareto_fronts(table[:, 0], table[:, 1])
    slow = finance.pareto_fronts(table[:, 0], table[:, 1], np.zeros(len(table)))
    assert fast.tolist() == slow.tolist()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=9))
def test_the_rates_found_are_all_rates_there_are(flows):
    report = finance.irr_report(flows)
    for rate in report.rates.compressed():
        size = np.abs(flows) @ (1.0 + rate) ** -np.arange(len(flows), dtype=float)
        assert abs(finance.npv(float(rate), flows)) <= 1e-5 * size
    line = np.concatenate([np.linspace(-0.9, 1, 3000), np.geomspace(1, 200, 3000)])
    value = np.sign(finance.npv(line, np.broadcast_to(np.array(flows, float), (6000, len(flows)))))
    crossings = np.count_nonzero(value[1:] * value[:-1] < 0)
    assert int(report.count) >= crossings
