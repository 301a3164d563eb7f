"""Baselines, change-point models, verified savings, CUSUM and change points in time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import fdtri, stdtrit

from sachhon.science.intensity import (
    Settings,
    Verdict,
    change_at,
    change_points,
    cusum,
    cusum_of_fit,
    fit_baseline,
    fractional_savings_uncertainty,
    hinge,
    normalised_saving,
    ols,
    verify,
)
from sachhon.science.uncertainty import ScienceError

from .intensity_cases import case

BENT = case("changepoint_models")
TEMPERATURE = np.array(BENT["temperature"], dtype=float)
MODELS = {one["kind"]: one for one in BENT["models"]}
BENT_KINDS = ["3PC", "3PH", "4P", "5P"]
seeds = st.integers(0, 2**32 - 1)


def kiln(seed=2, n=24, saving=0.0):
    rng = np.random.default_rng(seed)
    month = np.arange(n) % 12 + 1
    t = 24 + 6 * np.sin(2 * np.pi * (month - 4) / 12) + rng.normal(0, 0.5, n)
    output = rng.uniform(400, 900, n)
    y = 8000 + 40 * output + 900 * np.maximum(t - 25, 0) + rng.normal(0, 900, n)
    return {"output": output, "T": t}, y * (1 - saving), month


@pytest.mark.parametrize("kind", ["2P", *BENT_KINDS])
def test_the_published_coefficients_at_the_published_change_points(kind):
    one = MODELS[kind]
    y = np.array(one["y"])
    columns = (
        hinge.columns(kind, TEMPERATURE, tuple(one["change_points"]))
        if one["change_points"]
        else TEMPERATURE[:, None]
    )
    fit = ols(columns, y, ["a", "b"][: columns.shape[1]])
    assert fit.coefficients[0] == pytest.approx(one["constant"], abs=2e-5)
    # published slopes are those of the line: below a change point its sign is turned
    slopes = np.abs(fit.coefficients[1:])
    assert slopes == pytest.approx(np.abs(one["slopes"]), abs=2e-4)
    assert 12 * fit.coefficients[0] == pytest.approx(one["base_load"], abs=1e-4)
    if "cooling" in one:
        assert (columns[:, -1] * fit.coefficients[-1]).sum() == pytest.approx(one["cooling"], abs=1e-3)


@pytest.mark.parametrize("kind", BENT_KINDS)
def test_the_change_point_found_is_never_worse_than_any_on_a_grid(kind):
    """The published points are the best of the data's temperatures; least squares lies between them."""
    one = MODELS[kind]
    y, names = np.array(one["y"]), ["a", "b"][: len(one["slopes"])]

    def sse(points):
        return ols(hinge.columns(kind, TEMPERATURE, points), y, names).sse

    found = hinge.find(kind, TEMPERATURE, y, np.ones((12, 1)), 2)
    assert found is not None
    ours = sse(found)
    assert ours <= sse(tuple(one["change_points"])) * (1 + 1e-9)
    grid = np.linspace(33, 91, 59 if kind == "5P" else 400)
    pairs = [(a, b) for a in grid for b in grid if a <= b] if kind == "5P" else [(a,) for a in grid]
    assert ours <= min(sse(points) for points in pairs) * (1 + 1e-9)


def test_every_candidate_is_tried_and_each_refusal_is_told_in_both_languages():
    drivers, y, month = kiln()
    drivers["shifts"] = np.random.default_rng(1).uniform(1, 3, y.size)
    baseline = fit_baseline(y, drivers, temperature="T", month=month)
    # 4 subsets × 6 shapes × 2 seasons, and 2 ratios
    assert len(baseline.candidates) == 50
    model = baseline.chosen.model
    assert (model.drivers, model.shape) == (("output",), "3PC")
    assert model.points[0] == pytest.approx(25, abs=2.5)
    accepted = [one.score for one in baseline.candidates if one.accepted]
    assert baseline.chosen.score == min(accepted)
    vi, en = baseline.explain(), baseline.explain("en")
    assert len(vi) == len(en) == 50
    assert vi[0].endswith("được chọn")
    assert all("bị loại: " in line or line.endswith(("chấp nhận", "được chọn")) for line in vi)
    assert any("not distinguishable from zero" in line for line in en)


def test_two_outputs_that_rise_together_are_refused_as_inseparable():
    rng = np.random.default_rng(4)
    a = rng.uniform(100, 200, 24)
    y = 50 + 2 * a + rng.normal(0, 5, 24)
    baseline = fit_baseline(y, {"a": a, "b": a * 3 + rng.normal(0, 0.5, 24)})
    both = next(one for one in baseline.candidates if one.model.drivers == ("a", "b"))
    assert {"collinear"} <= {one.code for one in both.rejections}
    assert baseline.chosen is not None
    assert len(baseline.chosen.model.drivers) == 1


def test_consumption_without_a_fixed_part_is_a_ratio_and_the_ratio_has_no_bias():
    rng = np.random.default_rng(11)
    output = rng.uniform(100, 300, 24)
    baseline = fit_baseline(3 * output + rng.normal(0, 10, 24), {"output": output})
    by_ratio = next(one for one in baseline.candidates if one.model.form == "ratio")
    assert by_ratio.accepted
    assert by_ratio.fit.nmbe == pytest.approx(0, abs=1e-14)


def test_more_output_that_lowers_consumption_is_refused():
    output = np.linspace(100, 200, 12)
    y = 1000 - 2 * output + np.random.default_rng(1).normal(0, 3, 12)
    baseline = fit_baseline(y, {"output": output})
    line = next(one for one in baseline.candidates if one.model.form == "regression")
    assert "wrong_sign" in {one.code for one in line.rejections}
    free = fit_baseline(y, {"output": output}, either_sign=("output",))
    assert free.chosen.model.form == "regression"


def test_an_output_that_never_changes_is_told_to_be_the_fixed_part():
    rng = np.random.default_rng(8)
    baseline = fit_baseline(rng.normal(100, 2, 12), {"a": np.full(12, 7.0)})
    line = next(one for one in baseline.candidates if one.model.form == "regression")
    assert line.rejections[0].code == "made_up"
    assert line.rejections[0].term == "a"


@pytest.mark.parametrize("y", [np.zeros(12), np.full(12, 5.0), np.arange(12.0)])
def test_flat_zero_and_exact_consumption_give_figures_without_nan(y):
    baseline = fit_baseline(y, {"output": np.arange(12.0) + 1})
    for one in baseline.candidates:
        if one.fit is not None:
            figures = [one.fit.r2, one.fit.rmse, one.fit.rho, *one.fit.coefficients, *one.fit.p_values]
            assert np.isfinite(figures).all()
            assert one.words("en")
    if baseline.chosen is not None:
        result = verify(baseline, {"output": [3.0]}, [y[2]], month=[1])
        assert np.isfinite([result.low, result.high]).all()


def test_too_few_months_choose_nothing_and_say_so():
    baseline = fit_baseline([1.0, 2, 3, np.nan], {"output": [1.0, 2, 3, 4]})
    assert baseline.chosen is None
    assert baseline.used.tolist() == [True, True, True, False]
    assert "only 3 complete months, at least 12" in baseline.explain("en")[0]
    with pytest.raises(ScienceError, match="no baseline was accepted"):
        verify(baseline, {"output": [1.0]}, [1.0])


def test_the_sep_preset_reports_every_departure_and_its_f_is_the_published_one():
    sep = case("sep_criteria")
    chosen = Settings.sep()
    assert (chosen.max_f_p, chosen.max_p, chosen.max_best_p, chosen.min_r2) == (
        sep["f_p_below"],
        sep["each_p_below"],
        sep["best_p_below"],
        sep["r2_at_least"],
    )
    assert len(chosen.departures("en")) == 6
    assert Settings().departures() == ()
    for drivers, critical in sep["f_critical"].items():
        k = int(drivers)
        assert fdtri(k, sep["observations"] - k - 1, 0.9) == pytest.approx(critical, abs=5e-5)


@pytest.mark.parametrize("one", case("savings_uncertainty")["cases"])
def test_the_published_parts_of_ashrae_s_savings_uncertainty(one):
    n, n2, p = one["n"], one["effective_n"], one["parameters"]
    # one month, a saving of 100 %, without the factor: the base term
    base = fractional_savings_uncertainty(one["cv_rmse"], n, n2, p, 1, 1.0, one["confidence"], factor=1.0)
    parts = one["t"] * one["cv_rmse"] * one["correction"] * one["approximation"]
    assert base == pytest.approx(parts, rel=2e-3)
    if "base_term" in one:
        assert round(base, 3) == one["base_term"]


def test_a_real_saving_is_saved_and_ashrae_agrees_with_the_exact_interval():
    drivers, y, month = kiln()
    baseline = fit_baseline(y, drivers, temperature="T", month=month)
    later, used, months = kiln(seed=5, n=12, saving=0.10)
    result = verify(baseline, later, used, month=months)
    assert result.verdict is Verdict.SAVED
    assert result.relative == pytest.approx(0.10, abs=0.02)
    assert result.low < result.saving.value < result.high
    assert result.ashrae_accepts
    exact = (result.high - result.low) / 2 / result.saving.value
    assert result.fractional_uncertainty == pytest.approx(exact, rel=0.35)
    assert "độ tin cậy 90%" in result.words()


def test_no_saving_is_not_distinguishable_and_kept_and_a_rise_is_worse():
    drivers, y, month = kiln()
    baseline = fit_baseline(y, drivers, temperature="T", month=month)
    later, used, months = kiln(seed=5, n=12)
    nothing = verify(baseline, later, used, month=months)
    assert nothing.verdict is Verdict.NOT_DISTINGUISHABLE
    assert nothing.saving.value != 0
    assert verify(baseline, later, used * 1.1, month=months).verdict is Verdict.WORSE


def test_months_with_a_gap_are_left_out_and_drivers_out_of_range_are_told():
    drivers, y, _ = kiln()
    baseline = fit_baseline(y, {"output": drivers["output"]})
    result = verify(baseline, {"output": [5000.0, 5000.0, np.nan]}, [1e5, np.nan, 1e5])
    assert (result.months, result.left_out) == (1, 2)
    assert result.outside == ("output",)


def test_a_normalised_saving_compares_two_models_under_one_year():
    drivers, y, _ = kiln()
    later, used, _ = kiln(seed=9, saving=0.1)
    before = fit_baseline(y, {"output": drivers["output"]})
    after = fit_baseline(used, {"output": later["output"]})
    standard = {"output": np.full(12, 650.0)}
    result = normalised_saving(before, after, standard)
    assert result.relative == pytest.approx(0.1, abs=0.03)
    assert result.saving.value == pytest.approx(result.expected - result.actual)
    back = normalised_saving(after, before, standard)
    assert back.saving.value == pytest.approx(-result.saving.value)
    assert back.saving.standard_uncertainty == pytest.approx(result.saving.standard_uncertainty)


@given(seeds, st.floats(0.01, 100))
@settings(max_examples=10, deadline=None)
def test_the_unit_of_consumption_does_not_change_choice_or_relative_saving(seed, scale):
    drivers, y, _ = kiln(seed)
    only = {"output": drivers["output"]}
    one, other = fit_baseline(y, only), fit_baseline(y * scale, only)
    assert one.chosen.model == other.chosen.model
    a = verify(one, {"output": [600.0]}, [30000.0])
    b = verify(other, {"output": [600.0]}, [30000.0 * scale])
    assert a.relative == pytest.approx(b.relative, rel=1e-7)
    assert a.high * scale == pytest.approx(b.high, rel=1e-7, abs=1e-6 * scale)


def test_the_nile_breaks_where_strucchange_prints_it():
    nile = case("nile_breaks")
    result = change_points(nile["flow"], smallest=nile["smallest_segment"])
    for k, at in nile["breaks"].items():
        assert result.partitions[int(k)] == tuple(at)
    assert [round(value) for value in result.rss] == nile["rss"]
    assert [round(value) for value in result.bic] == nile["bic"]
    assert result.chosen == (28,)
    assert nile["first_year"] + result.chosen[0] - 1 == 1898
    known = change_at(nile["flow"], 28)
    # F follows from the printed RSS
    assert known.f == pytest.approx((2835157 - 1597457) / (1597457 / 98), rel=1e-5)
    assert known.before[0] > known.after[0]


def test_a_change_of_slope_is_found_and_no_change_is_none():
    rng = np.random.default_rng(6)
    output = rng.uniform(50, 150, 36)
    y = np.where(np.arange(36) < 20, 3.0, 2.5) * output + rng.normal(0, 3, 36)
    x = np.column_stack([np.ones(36), output])
    assert change_points(y, x, max_breaks=2).chosen == (20,)
    steady = 3 * output + rng.normal(0, 3, 36)
    assert change_points(steady, x, max_breaks=2).chosen == ()
    assert change_at(steady, 20, x).p_value > 0.05
    assert change_at(y, 20, x).p_value < 1e-6


def test_the_cusum_of_montgomery_s_table():
    told = case("montgomery_cusum")
    chart = cusum(told["x"], np.full(len(told["x"]), told["target"]), 2.0)
    assert chart.cumulative == pytest.approx(told["sums"], abs=1e-9)
    assert chart.signals == ()


def test_a_saving_from_the_ninth_month_is_signalled_and_dated():
    z = np.r_[np.tile([0.3, -0.3], 4), np.full(10, -1.5)]
    chart = cusum(100 + 2 * z, np.full(18, 100.0), 2.0)
    signal = chart.signals[0]
    assert signal.better
    assert signal.since == 8
    assert signal.at == 13


def test_the_band_of_the_chart_widens_and_ends_at_the_interval_of_the_total():
    drivers, y, _ = kiln()
    baseline = fit_baseline(y, {"output": drivers["output"]})
    later, used, _ = kiln(seed=5, n=12)
    rows = baseline.rows({"output": later["output"]})
    chart = cusum_of_fit(baseline.chosen.fit, rows, used)
    assert (np.diff(chart.band) > 0).all()
    result = verify(baseline, {"output": later["output"]}, used)
    assert chart.cumulative[-1] == pytest.approx(-result.saving.value)
    assert chart.band[-1] == pytest.approx(stdtrit(result.dof, 0.95) * result.saving.standard_uncertainty)


def test_freedom_of_a_normalised_saving_is_that_of_the_model_the_doubt_comes_from():
    drivers, y, _ = kiln()
    output = {"output": np.asarray(drivers["output"])}
    exact = 1000.0 + 40.0 * output["output"]
    exact = exact + 1e-6 * np.resize([1.0, -1.0], len(exact))
    before, after = fit_baseline(y, output), fit_baseline(exact, output)
    result = normalised_saving(before, after, {"output": np.full(12, 650.0)})
    # Welch–Satterthwaite with one variance all but zero: the other's degrees, not their sum
    assert 1 <= result.dof <= len(exact) - 2 + 0.01


def test_related_observations_are_worth_fewer():
    from sachhon.science.intensity.autocorrelation import effective_number

    assert effective_number(100, 0.5) == pytest.approx(100 / 3)  # n (1 − ρ) / (1 + ρ), by hand
    drivers, y, _ = kiln()
    fit = fit_baseline(y, {"output": drivers["output"]}).chosen.fit
    assert fit.effective_n == pytest.approx(effective_number(fit.n, fit.rho))
