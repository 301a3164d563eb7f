"""An option's whole cash flow: tax, depreciation, inflation, loan, grant; uncertainty; the abatement curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science import finance
from sachhon.science.finance import Loan, Project, Saving, Settings, appraise

POWER = {"electricity": Saving(10_000, 2_000)}  # 20 million a year


def test_without_tax_or_loan_it_is_the_plain_present_value():
    found = appraise(Project(50e6, 5, POWER, running_cost=2e6), Settings(0.1))
    flows = [-50e6, *[18e6] * 5]
    assert found.npv == pytest.approx(finance.npv(0.1, flows))
    assert float(found.irr.rates.compressed()[0]) == pytest.approx(finance.irr(flows))
    # 50 + 2 · annuity factor over 10,000 kWh · annuity factor
    factor = (1 - 1.1**-5) / 0.1
    assert found.levelised_cost["electricity"] == pytest.approx((50e6 + 2e6 * factor) / (10_000 * factor))


def test_tax_is_paid_on_what_is_left_after_depreciation():
    project = Project(50e6, 5, POWER, depreciation=finance.straight_line(5))
    found = appraise(project, Settings(0.1, tax_rate=0.2))
    after_tax = 20e6 - 0.2 * (20e6 - 10e6)
    assert found.npv == pytest.approx(finance.npv(0.1, [-50e6, *[after_tax] * 5]))


@settings(deadline=None, max_examples=40)
@given(st.floats(0.01, 0.2), st.floats(0, 0.1))
def test_a_real_rate_with_inflation_gives_what_the_nominal_rate_gives(real, inflation):
    project = Project(50e6, 5, POWER, running_cost=1e6)
    by_real = appraise(project, Settings(real, basis="real", inflation=inflation))
    nominal = (1 + real) * (1 + inflation) - 1
    by_nominal = appraise(project, Settings(nominal, inflation=inflation))
    constant = finance.npv(real, [-50e6, *[19e6] * 5])
    assert by_real.npv == pytest.approx(by_nominal.npv, rel=1e-9, abs=1)
    assert by_real.npv == pytest.approx(constant, rel=1e-9, abs=1)


@pytest.mark.parametrize("form", ["annuity", "equal_principal"])
def test_a_loan_at_the_discount_rate_changes_nothing_and_a_grant_is_worth_its_amount(form):
    plain = appraise(Project(50e6, 5, POWER), Settings(0.1)).npv
    lent = appraise(Project(50e6, 5, POWER, loan=Loan(0.7, 0.1, 4, form=form, grace=1)), Settings(0.1)).npv
    granted = appraise(Project(50e6, 5, POWER, grant=15e6), Settings(0.1)).npv
    assert lent == pytest.approx(plain, abs=1)
    assert granted == pytest.approx(plain + 15e6)


def test_a_growing_price_is_worth_more_and_many_options_are_valued_at_once():
    savings = {"electricity": Saving(10_000, 2_000, growth=np.array([0.0, 0.05]))}
    found = appraise(Project(np.array([50e6, 50e6]), 5, savings), Settings(0.1))
    flat, growing = found.npv
    assert flat == pytest.approx(finance.npv(0.1, [-50e6, *[20e6] * 5]))
    assert growing > flat


def test_depreciation_adds_up_to_the_cost():
    for plan in (
        finance.straight_line(7),
        finance.declining_balance(7, 2.0),
        finance.by_schedule([0.5, 0.3, 0.2]),
    ):
        assert plan.amounts(1000.0, 10).sum() == pytest.approx(1000)


def test_a_simulation_is_the_same_for_the_same_seed_and_its_mean_is_the_middle_of_a_linear_case():
    def build(x):
        return np.stack([np.full_like(x["saving"], -50.0), *[x["saving"]] * 5], axis=-1)

    inputs = {"saving": finance.Uniform(10.0, 20.0)}
    first = finance.simulate(build, inputs, rate=0.1, draws=4000, seed=1)
    again = finance.simulate(build, inputs, rate=0.1, draws=4000, seed=1)
    assert (first.npv == again.npv).all()
    middle = finance.npv(0.1, [-50, *[15] * 5])
    assert first.expected == pytest.approx(middle, abs=4 * first.standard_error)
    least = 50 / ((1 - 1.1**-5) / 0.1)  # the saving at which the value is zero
    assert first.chance_of_gain == pytest.approx((20 - least) / 10, abs=0.03)
    assert first.importance()["saving"] == pytest.approx(1)


def test_options_that_earn_are_not_ranked_by_cost_per_tonne():
    # by cost per tonne the small option (−10) would stand before the large (−5), though it gains and abates less
    curve = finance.abatement_curve(["small", "large", "dear", "none"], [-10, -500, 40, 5], [1, 100, 2, 0])
    assert [block.name for block in curve.blocks] == ["large", "small", "dear"]
    assert curve.worthless == ("none",)
    assert curve.blocks[2].cost_per_unit == pytest.approx(20)
    assert curve.abatement_within(10) == pytest.approx(101)
    assert any("Taylor" in note for note in curve.notes("en"))
