"""Specific consumption and the saving per unit of product, by each way of finding the reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.allotment import AllotmentSettings, Method, Months
from sachhon.science.intensity import (
    Period,
    SavingState,
    reference_weighted_output,
    saving_per_unit,
    specific_consumption,
)
from sachhon.science.uncertainty import ScienceError

amounts = st.floats(1e-3, 1e9)


def test_specific_consumption_of_scalars_and_of_months():
    assert specific_consumption(130.0, 1000.0) == pytest.approx(0.13)
    assert specific_consumption(130.0, 0.0) is None
    assert specific_consumption(float("nan"), 5.0) is None
    months = specific_consumption(np.array([10.0, 5.0, np.nan, -1.0]), np.array([2.0, 0.0, 1.0, 1.0]))
    assert months.filled(-9).tolist() == [5.0, -9, -9, -9]


def test_the_reference_weighted_output_leaves_products_without_a_reference_out_and_names_them():
    result = reference_weighted_output({"a": 10, "new": 3, "unmade": 0}, {"a": 2.0, "gone": 7.0})
    assert result.expected == 20
    assert result.excluded == ("new",)


@given(e0=amounts, q0=amounts, e1=amounts, q1=amounts)
def test_one_product_is_the_plain_change_of_specific_consumption(e0, q0, e1, q1):
    result = saving_per_unit(Period({"brick": q0}, e0), Period({"brick": q1}, e1))
    assert result.method is Method.SINGLE_PRODUCT
    assert result.coverage == 1
    assert result.relative == pytest.approx(1 - (e1 / q1) / (e0 / q0), rel=1e-9, abs=1e-9)
    assert result.saving == pytest.approx(result.expected - result.actual)


@given(e=amounts, a=amounts, b=amounts, scale=st.floats(0.01, 100), wa=amounts, wb=amounts)
def test_producing_more_of_the_same_mix_at_the_same_intensity_saves_nothing(e, a, b, scale, wa, wb):
    baseline = Period({"a": a, "b": b}, e)
    report = Period({"a": a * scale, "b": b * scale}, e * scale)
    result = saving_per_unit(baseline, report, norms={"a": wa, "b": wb})
    assert result.relative == pytest.approx(0, abs=1e-9)


def test_a_shift_to_the_lighter_product_is_not_taken_for_a_saving():
    # e = 2 a unit of heavy, 1 a unit of light, in both years; only the mix changes
    baseline = Period({"heavy": 100, "light": 100}, 300, {"heavy": 200, "light": 100})
    report = Period({"heavy": 50, "light": 200}, 300, {"heavy": 100, "light": 200})
    result = saving_per_unit(baseline, report)
    assert result.method is Method.BY_PRODUCT
    assert result.saving == pytest.approx(0)
    lumped = saving_per_unit(Period({"all": 200}, 300), Period({"all": 250}, 300))
    assert lumped.relative == pytest.approx(0.2)


def test_intensities_metered_in_the_baseline_only_are_scaled_to_its_total():
    # 60 of 300 are common services; the report year has only a total
    baseline = Period({"a": 100, "b": 100}, 300, {"a": 160, "b": 80})
    result = saving_per_unit(baseline, Period({"a": 100, "b": 100}, 270))
    assert result.reference_intensities == pytest.approx({"a": 2.0, "b": 1.0})
    assert result.expected == pytest.approx(300)
    assert result.relative == pytest.approx(0.1)


def test_common_consumption_stays_out_when_both_years_are_metered_by_product():
    baseline = Period({"a": 100, "b": 100}, 300, {"a": 160, "b": 80})
    report = Period({"a": 100, "b": 100}, 280, {"a": 144, "b": 72})
    result = saving_per_unit(baseline, report)
    assert result.expected == pytest.approx(240)
    assert result.actual == pytest.approx(216)
    assert result.relative == pytest.approx(0.1)
    assert result.coverage == pytest.approx(216 / 280)


def test_norms_make_the_mix_one_number():
    # norms 3 : 1, baseline 400 = k (3·100 + 1·100) → k = 1; report 3·80 + 160 = 400 expected
    result = saving_per_unit(
        Period({"a": 100, "b": 100}, 400), Period({"a": 80, "b": 160}, 380), norms={"a": 3, "b": 1}
    )
    assert result.method is Method.NORMS
    assert result.expected == pytest.approx(400)
    assert result.relative == pytest.approx(0.05)


def test_only_the_ratio_of_norms_matters():
    periods = Period({"a": 100, "b": 50}, 400), Period({"a": 80, "b": 90}, 380)
    small = saving_per_unit(*periods, norms={"a": 3, "b": 1})
    large = saving_per_unit(*periods, norms={"a": 3000, "b": 1000})
    assert small.expected == pytest.approx(large.expected)


def monthly(intensities, noise=0.0, n=12, seed=7):
    rng = np.random.default_rng(seed)
    outputs = rng.uniform(50, 150, size=(n, len(intensities)))
    consumption = outputs @ np.array(intensities) + noise * rng.standard_normal(n)
    return Months(("a", "b"), outputs, consumption)


def year_of(months):
    return dict(zip(months.products, np.sum(months.outputs, axis=0), strict=True)), float(
        np.sum(months.consumption)
    )


def test_regression_over_months_finds_the_intensities_of_the_products():
    months = monthly([2.0, 0.5])
    outputs, consumption = year_of(months)
    report = Period({"a": 1000.0, "b": 3000.0}, 3150.0)
    result = saving_per_unit(Period(outputs, consumption, months=months), report)
    assert result.method is Method.REGRESSION
    assert result.reference_intensities == pytest.approx({"a": 2.0, "b": 0.5})
    assert result.relative == pytest.approx(1 - 3150 / 3500)
    assert result.allotment.regression.r2 == pytest.approx(1)


def test_a_noisy_regression_widens_the_uncertainty_of_another_mix_but_not_of_the_same_mix():
    months = monthly([2.0, 1.0], noise=12)
    outputs, consumption = year_of(months)
    baseline = Period(outputs, consumption, months=months)
    same = saving_per_unit(baseline, Period(outputs, consumption))
    other = saving_per_unit(baseline, Period({"a": outputs["a"], "b": 3 * outputs["b"]}, consumption))
    assert same.method is other.method is Method.REGRESSION
    assert same.saving_uncertainty == pytest.approx(0, abs=1e-6)
    assert other.saving_uncertainty > 1


@pytest.mark.parametrize(
    ("months", "reason"),
    [
        (monthly([2.0, 1.0], n=5), "too_few_months"),
        (Months(("a", "b"), np.outer(np.arange(1, 13), [1, 2]), np.arange(1, 13) * 5.0), "collinear_outputs"),
        (Months(("a", "b"), [[m, 13 - m] for m in range(1, 13)], np.arange(1, 13) * 5.0), "zero_intensity"),
        (monthly([2.0, 2.0], noise=100), "low_r2"),
    ],
)
def test_a_regression_that_fails_its_checks_is_refused_with_a_reason_and_declared_weights_are_used(
    months, reason
):
    outputs, consumption = year_of(months)
    baseline = Period(outputs, abs(consumption), months=months)
    without = saving_per_unit(baseline, Period({"a": 10.0, "b": 10.0}, 25.0))
    assert without.state is SavingState.NO_REFERENCE
    result = saving_per_unit(baseline, Period({"a": 10.0, "b": 10.0}, 25.0), weights={"a": 1, "b": 1})
    assert result.method is Method.DECLARED_WEIGHTS
    assert result.allotment.regression.refused_because == reason


def test_months_that_do_not_add_up_to_the_year_are_refused():
    months = monthly([2.0, 0.5])
    outputs, consumption = year_of(months)
    baseline = Period(outputs, consumption * 1.2, months=months)
    result = saving_per_unit(baseline, Period(outputs, consumption), weights={"a": 1, "b": 1})
    assert result.allotment.regression.refused_because == "year_mismatch"


def test_a_high_spread_is_refused_by_the_stated_limit_and_taken_with_a_wider_one():
    months = monthly([2.0, 1.0], noise=12)
    outputs, consumption = year_of(months)
    baseline = Period(outputs, consumption, months=months)
    strict = AllotmentSettings(max_cv_rmse=0.001)
    result = saving_per_unit(
        baseline, Period(outputs, consumption), weights={"a": 1, "b": 1}, settings=strict
    )
    assert result.allotment.regression.refused_because == "high_cv_rmse"
    assert saving_per_unit(baseline, Period(outputs, consumption)).method is Method.REGRESSION


def test_a_month_with_a_gap_is_left_out_of_the_regression():
    months = monthly([2.0, 0.5])
    outputs, consumption = year_of(months)
    holed = np.array(months.consumption)
    holed[3] = np.nan
    baseline = Period(outputs, consumption, months=Months(("a", "b"), months.outputs, holed))
    result = saving_per_unit(baseline, Period(outputs, consumption))
    assert result.allotment.regression.months == 11
    assert result.reference_intensities == pytest.approx({"a": 2.0, "b": 0.5})


def test_a_new_product_is_excluded_with_its_own_consumption_and_the_coverage_is_stated():
    report = Period({"a": 100, "new": 40}, 250, {"new": 70})
    result = saving_per_unit(Period({"a": 100}, 200), report)
    assert result.excluded == ("new",)
    assert result.actual == pytest.approx(180)
    assert result.relative == pytest.approx(0.1)
    assert result.coverage == pytest.approx(180 / 250)


def test_a_new_product_without_own_consumption_is_separated_by_declared_weights_or_told_as_such():
    baseline, report = Period({"a": 100}, 200), Period({"a": 100, "new": 100}, 360)
    assert saving_per_unit(baseline, report).state is SavingState.NEW_PRODUCTS_NOT_SEPARABLE
    result = saving_per_unit(baseline, report, weights={"a": 1, "new": 1})
    assert result.actual == pytest.approx(180)
    assert result.coverage == pytest.approx(0.5)


def test_a_norm_for_the_new_product_brings_it_into_the_figure():
    result = saving_per_unit(
        Period({"a": 100}, 200), Period({"a": 100, "new": 100}, 270), norms={"a": 1, "new": 0.5}
    )
    assert result.expected == pytest.approx(300)
    assert result.relative == pytest.approx(0.1)
    assert result.excluded == ()


def test_a_product_no_longer_made_weighs_nothing():
    baseline = Period({"a": 100, "b": 100}, 300, {"a": 200, "b": 100})
    result = saving_per_unit(baseline, Period({"a": 100}, 190, {"a": 190}))
    assert result.relative == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("baseline", "report", "state"),
    [
        (Period({"a": 1}, None), Period({"a": 1}, 1), SavingState.MISSING_CONSUMPTION),
        (Period({"a": 1}, 1), Period({"a": 1}, float("nan")), SavingState.MISSING_CONSUMPTION),
        (Period({"a": 1}, 1), Period({"a": 1}, None, {"a": None}), SavingState.MISSING_CONSUMPTION),
        (Period({"a": None}, 1), Period({"a": 1}, 1), SavingState.MISSING_OUTPUT),
        (Period({"a": 1}, 1), Period({"a": float("nan")}, 1), SavingState.MISSING_OUTPUT),
        (Period({"a": 1}, 1), Period({"a": 0}, 5), SavingState.NO_OUTPUT),
        (Period({"a": 1}, 1), Period({}, 5), SavingState.NO_OUTPUT),
        (Period({"a": 0}, 1), Period({"a": 1}, 5), SavingState.NO_BASELINE),
        (Period({"a": 5}, 0), Period({"a": 1}, 5), SavingState.NO_BASELINE),
        (Period({"a": 5, "b": 2}, 7), Period({"a": 1, "b": 1}, 5), SavingState.NO_REFERENCE),
    ],
)
def test_what_cannot_be_computed_is_told_by_its_state_and_never_by_nan(baseline, report, state):
    result = saving_per_unit(baseline, report)
    assert result.state is state
    assert result.expected is result.saving is result.relative is result.relative_measured is None


def test_only_products_without_a_reference_are_no_baseline():
    result = saving_per_unit(Period({"a": 5}, 7), Period({"b": 1}, 5, {"b": 5}))
    assert result.state is SavingState.NO_BASELINE


@pytest.mark.parametrize("bad", [-1.0, float("inf")])
def test_negative_or_infinite_figures_are_refused_by_name(bad):
    with pytest.raises(ScienceError, match="output of a"):
        saving_per_unit(Period({"a": bad}, 1), Period({"a": 1}, 1))
    with pytest.raises(ScienceError, match="consumption"):
        saving_per_unit(Period({"a": 1}, 1), Period({"a": 1}, bad))


def test_negative_weights_and_months_of_the_wrong_shape_are_refused():
    periods = Period({"a": 1, "b": 1}, 1), Period({"a": 1, "b": 1}, 1)
    with pytest.raises(ScienceError, match="not negative"):
        saving_per_unit(*periods, norms={"a": -1, "b": 1})
    with pytest.raises(ScienceError, match="do not fit"):
        saving_per_unit(Period({"a": 1, "b": 1}, 1, months=Months(("a",), [[1, 2]], [1])), periods[1])


@pytest.mark.parametrize(
    ("products", "norms"),
    [({"a": (100, 120)}, None), ({"a": (100, 120), "b": (60, 30)}, {"a": 2.0, "b": 5.0})],
)
def test_the_propagated_uncertainty_agrees_with_drawing_at_random(products, norms):
    q0 = {p: q[0] for p, q in products.items()}
    q1 = {p: q[1] for p, q in products.items()}
    result = saving_per_unit(
        Period(q0, 500, consumption_uncertainty=0.02, output_uncertainty=0.01),
        Period(q1, 480, consumption_uncertainty=0.03, output_uncertainty=0.015),
        norms=norms,
    )
    rng = np.random.default_rng(3)
    n = 20_000
    draws = []
    for _ in range(n):
        f0 = {p: q * (1 + 0.01 * rng.standard_normal()) for p, q in q0.items()}
        f1 = {p: q * (1 + 0.015 * rng.standard_normal()) for p, q in q1.items()}
        w = norms or {"a": 1.0}
        expected = (
            500
            * (1 + 0.02 * rng.standard_normal())
            * sum(w[p] * q for p, q in f1.items())
            / sum(w[p] * q for p, q in f0.items())
        )
        actual = 480 * (1 + 0.03 * rng.standard_normal())
        draws.append((expected - actual, 1 - actual / expected))
    saving, relative = np.array(draws).T
    assert result.saving_uncertainty == pytest.approx(saving.std(), rel=0.03)
    assert result.relative_uncertainty == pytest.approx(relative.std(), rel=0.03)
    assert result.relative_measured.interval()[0] < result.relative < result.relative_measured.interval()[1]


def test_metered_by_product_uncertainties_add_up_as_independent():
    baseline = Period({"a": 100, "b": 100}, None, {"a": 200, "b": 100}, consumption_uncertainty=0.05)
    report = Period({"a": 100, "b": 100}, None, {"a": 180, "b": 90})
    result = saving_per_unit(baseline, report)
    assert result.saving_uncertainty == pytest.approx(0.05 * np.hypot(200, 100))


def test_a_resource_no_longer_used_is_saved_whole_and_covered_whole():
    result = saving_per_unit(Period({"a": 10}, 50), Period({"a": 20}, 0))
    assert (result.saving, result.relative, result.coverage) == (100, 1, 1)


def test_uncertainties_of_meters_and_outputs_add_in_squares_when_metered_by_product():
    baseline = Period({"a": 100, "b": 100}, None, {"a": 200, "b": 100}, 0.03, 0.04)
    report = Period({"a": 100, "b": 0}, None, {"a": 180, "b": 0}, output_uncertainty=0.12)
    result = saving_per_unit(baseline, report)
    assert result.saving_uncertainty == pytest.approx(200 * np.sqrt(0.03**2 + 0.04**2 + 0.12**2))


def test_a_product_no_longer_made_still_carries_the_uncertainty_of_its_regressed_intensity():
    months = monthly([2.0, 1.0], noise=12)
    outputs, consumption = year_of(months)
    result = saving_per_unit(Period(outputs, consumption, months=months), Period({"a": outputs["a"]}, 1.0))
    x, y = np.array(months.outputs), np.array(months.consumption)
    w, *_ = np.linalg.lstsq(x, y, rcond=None)
    covariance = np.linalg.inv(x.T @ x) * np.square(y - x @ w).sum() / (12 - 2)
    q0, q1 = np.array([outputs["a"], outputs["b"]]), np.array([outputs["a"], 0.0])
    gradient = consumption * (q1 / (w @ q0) - (w @ q1) * q0 / (w @ q0) ** 2)
    assert result.saving_uncertainty == pytest.approx(np.sqrt(gradient @ covariance @ gradient), rel=1e-6)


def test_a_model_that_follows_the_outputs_but_scatters_by_more_than_a_fifth_is_refused():
    rng = np.random.default_rng(4)
    x = np.exp(rng.uniform(0, 5, size=(24, 2)))
    y = x @ [2.0, 1.0] * np.tile([1.35, 0.65], 12)
    months = Months(("a", "b"), x, y)
    outputs, consumption = year_of(months)
    baseline = Period(outputs, consumption, months=months)
    result = saving_per_unit(baseline, Period(outputs, consumption), weights={"a": 1, "b": 1})
    tried = result.allotment.regression
    assert (tried.refused_because, tried.r2 > 0.75, tried.cv_rmse > 0.2) == ("high_cv_rmse", True, True)
