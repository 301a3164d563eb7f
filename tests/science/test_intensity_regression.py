"""Least squares against NIST's certified values, statsmodels and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from sachhon.science.intensity.autocorrelation import effective_number, estimate_rho, lag_one, related
from sachhon.science.intensity.prediction import predicted_total
from sachhon.science.intensity.regression import ols, ratio
from sachhon.science.uncertainty import ScienceError

from .intensity_cases import case

NIST = {one["name"]: one for one in case("nist_strd")["sets"]}
seeds = st.integers(0, 2**32 - 1)


def nist(name):
    one = NIST[name]
    columns = np.array(one["columns"], dtype=float)
    return one, ols(columns, one["observed"], [f"x{i}" for i in range(columns.shape[1])])


def months(seed, n=24):
    rng = np.random.default_rng(seed)
    output, degrees = rng.uniform(50, 150, n), rng.uniform(12, 30, n)
    return np.column_stack([output, degrees]), 100 + 2 * output + 5 * degrees + rng.normal(0, 10, n)


@pytest.mark.parametrize("name", ["Norris", "Longley"])
def test_certified_estimates_deviations_and_figures_of_nist(name):
    one, fit = nist(name)
    digits = 10.0 ** -one["digits"]
    assert fit.coefficients == pytest.approx(one["estimate"], rel=digits)
    assert fit.standard_errors[: len(one["standard_deviation"])] == pytest.approx(
        one["standard_deviation"], rel=digits
    )
    assert fit.rmse == pytest.approx(one["residual_standard_deviation"], rel=digits)
    assert fit.r2 == pytest.approx(one["r2"], abs=1e-14)
    if "f" in one:
        assert fit.f[0] == pytest.approx(one["f"], rel=1e-9)
        assert fit.sse == pytest.approx(one["sse"], rel=digits)


def test_the_exact_polynomial_of_nist_is_found_in_spite_of_its_columns():
    one, fit = nist("Wampler1")
    assert fit.coefficients == pytest.approx(one["estimate"], rel=10.0 ** -one["digits"])
    assert fit.r2 == pytest.approx(1, abs=1e-15)
    assert fit.rmse < 1e-7 * np.abs(one["observed"]).max()


@pytest.mark.parametrize("seed", range(3))
def test_the_figures_of_a_fit_are_those_of_statsmodels(seed):
    sm = pytest.importorskip("statsmodels.api")
    from statsmodels.stats.diagnostic import acorr_breusch_godfrey
    from statsmodels.stats.outliers_influence import variance_inflation_factor
    from statsmodels.stats.stattools import durbin_watson

    x, y = months(seed)
    fit, peer = ols(x, y, ["output", "degrees"]), sm.OLS(y, sm.add_constant(x)).fit()
    assert fit.coefficients == pytest.approx(peer.params)
    assert fit.covariance == pytest.approx(peer.cov_params())
    assert fit.p_values == pytest.approx(peer.pvalues)
    assert (fit.r2, fit.adjusted_r2) == pytest.approx((peer.rsquared, peer.rsquared_adj))
    assert fit.f == pytest.approx((peer.fvalue, peer.f_pvalue))
    assert fit.durbin_watson == pytest.approx(durbin_watson(peer.resid))
    assert fit.autocorrelation_p == pytest.approx(acorr_breusch_godfrey(peer, 1, result_object=True)[1])
    assert fit.vif[1:] == pytest.approx([variance_inflation_factor(sm.add_constant(x), i) for i in (1, 2)])
    shorter, peer2 = ols(x[:, :1], y, ["output"]), sm.OLS(y, sm.add_constant(x[:, :1])).fit()
    assert fit.bic - shorter.bic == pytest.approx(peer.bic - peer2.bic)
    prediction = peer.get_prediction([[1, 100, 20]])
    total, dof = predicted_total(fit, [[1, 100, 20]], correlated=False)
    assert total.standard_uncertainty == pytest.approx(prediction.se_obs[0])
    assert dof == fit.dof
    mean, _ = predicted_total(fit, [[1, 100, 20]], observed_noise=False, correlated=False)
    assert mean.standard_uncertainty == pytest.approx(prediction.se_mean[0])


@given(seeds, st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
@settings(max_examples=25, deadline=None)
def test_units_of_driver_and_consumption_do_not_change_the_judgement(seed, of_driver, of_consumption):
    x, y = months(seed)
    plain = ols(x, y, ["output", "degrees"])
    scaled = ols(x * [of_driver, 1], y * of_consumption, ["output", "degrees"])
    assert scaled.coefficients == pytest.approx(
        plain.coefficients * of_consumption / np.array([1, of_driver, 1]), rel=1e-8
    )
    assert scaled.t == pytest.approx(plain.t, rel=1e-8)
    assert (scaled.r2, scaled.cv_rmse, scaled.rho) == pytest.approx((plain.r2, plain.cv_rmse, plain.rho))


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_residuals_of_a_fit_with_a_constant_carry_no_bias(seed):
    x, y = months(seed)
    fit = ols(x, y, ["output", "degrees"])
    assert fit.nmbe == pytest.approx(0, abs=1e-12)
    assert np.abs(fit.design.T @ fit.residuals).max() < 1e-8 * np.abs(y).sum() * 150


def test_the_plain_ratio_leaves_no_bias_and_predicts_with_its_own_variance():
    x, y = np.array([10.0, 20, 30]), np.array([22.0, 41, 57])
    fit = ratio(x, y, "output")
    assert fit.coefficients == pytest.approx([2.0])
    assert fit.nmbe == pytest.approx(0)
    # by hand: b = Σy/Σx has variance σ² n/(Σx)²; E[SSE] = σ² (n − 2 + n Σx²/(Σx)²)
    sigma2 = (4 + 1 + 9) / (3 - 2 + 3 * 1400 / 3600)
    total, _ = predicted_total(fit, [[40.0]], correlated=False)
    assert total.value == pytest.approx(80)
    assert total.standard_uncertainty == pytest.approx(np.sqrt(sigma2 * (1 + 40**2 * 3 / 60**2)))


def test_a_run_of_like_residuals_widens_the_interval():
    n = 24
    y = 100 + 10 * np.sin(np.arange(n) / 4)
    fit = ols(np.arange(n) % 5, y, ["output"])
    assert fit.rho > 0.8
    rows = np.column_stack([np.ones(12), np.full(12, 2.0)])
    related_total, few = predicted_total(fit, rows)
    plain_total, many = predicted_total(fit, rows, correlated=False)
    assert related_total.value == plain_total.value
    assert related_total.standard_uncertainty > 2 * plain_total.standard_uncertainty
    assert few < many


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_the_interval_holds_the_truth_as_often_as_it_says(rho):
    rng, n, m, held, plain = np.random.default_rng(7), 24, 12, 0, 0
    rounds = 600
    for _ in range(rounds):
        shocks = rng.normal(0, 5, n + m + 30)
        noise = np.zeros(shocks.size)
        for i in range(1, noise.size):
            noise[i] = rho * noise[i - 1] + shocks[i]
        x = rng.uniform(50, 150, n + m)
        y = 100 + 2 * x + noise[30:]
        fit = ols(x[:n], y[:n], ["output"])
        for correlated in (True, False):
            total, dof = predicted_total(fit, np.column_stack([np.ones(m), x[n:]]), correlated=correlated)
            inside = abs(total.value - y[n:].sum()) < stdtrit(dof, 0.95) * total.standard_uncertainty
            held, plain = held + (inside and correlated), plain + (inside and not correlated)
    # 90 % asked; three standard errors of 600 rounds are 3.7 %, the rest is ρ being estimated
    assert 0.85 <= held / rounds <= 0.95
    if rho:
        assert plain / rounds < 0.75


@given(seeds, st.floats(0, 0.9))
@settings(max_examples=25, deadline=None)
def test_relating_columns_in_two_passes_is_the_full_matrix(seed, rho):
    columns = np.random.default_rng(seed).normal(size=(17, 3))
    full = rho ** np.abs(np.subtract.outer(np.arange(17), np.arange(17))) if rho else np.eye(17)
    assert related(columns, rho) == pytest.approx(full @ columns, abs=1e-9)


def test_the_correlation_of_short_series_is_corrected_upwards():
    rng, found, seen = np.random.default_rng(3), [], []
    design = np.column_stack([np.ones(24), rng.uniform(size=24)])
    maker = np.eye(24) - design @ np.linalg.pinv(design)
    for _ in range(400):
        noise = np.zeros(60)
        shocks = rng.normal(size=60)
        for i in range(1, 60):
            noise[i] = 0.5 * noise[i - 1] + shocks[i]
        residuals = maker @ noise[-24:]
        seen.append(lag_one(residuals))
        found.append(estimate_rho(residuals, maker))
    assert np.mean(seen) < 0.4
    assert np.mean(found) == pytest.approx(0.5, abs=0.05)


def test_related_observations_are_worth_fewer():
    assert effective_number(12, 0.5) == pytest.approx(4)
    assert effective_number(12, 0.0) == 12


@pytest.mark.parametrize(
    ("columns", "y", "told"),
    [
        ([[1.0], [2.0]], [1.0, 2.0], "add months or drop drivers"),
        ([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [4.0, 8.0]], [1.0, 2.0, 4.0, 3.0], "b is made up by the other"),
        ([[1.0], [np.nan], [3.0]], [1.0, 2.0, 3.0], "finite"),
    ],
)
def test_what_cannot_be_fitted_is_told(columns, y, told):
    with pytest.raises(ScienceError, match=told):
        ols(columns, y, ["a", "b"][: len(columns[0])])


def test_a_ratio_without_output_is_told():
    with pytest.raises(ScienceError, match="nothing to divide by"):
        ratio([0, 0], [1, 2], "output")
