"""Readings that a model meets exactly, that never change, or that cannot be: rounding and mistakes decide nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.intensity import (
    Settings,
    Verdict,
    change_at,
    change_points,
    cusum_of_fit,
    fit_baseline,
    normalised_saving,
    ols,
    verify,
)
from sachhon.science.uncertainty import ScienceError

MONTHS = np.arange(24) % 12 + 1


def outputs(seed: int, n: int = 24) -> np.ndarray:
    return np.random.default_rng(seed).uniform(400, 900, n)


@pytest.mark.parametrize("level", [100.0, 1234.5, 0.1, 1 / 3, 7.7e8, 1e-9])
def test_a_level_that_never_changes_is_the_constant_model_whatever_its_digits(level):
    baseline = fit_baseline(np.full(24, level), {"q": outputs(1)}, month=MONTHS)
    assert baseline.chosen.model.form == "constant"
    assert baseline.chosen.model.harmonics == 0
    assert baseline.chosen.fit.coefficients[0] == pytest.approx(level, rel=1e-12)
    assert (baseline.chosen.fit.rho, baseline.chosen.fit.r2, baseline.chosen.fit.sse) == (0, 0, 0)
    found = verify(baseline, {"q": [500.0, 600]}, [0.9 * level] * 2, month=[1, 2])
    assert found.verdict is Verdict.SAVED
    assert found.saving.value == pytest.approx(0.2 * level)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.floats(1, 1e6), st.floats(0.01, 1e3), st.sampled_from([1e-6, 1.0, 1e6]))
def test_an_exact_line_is_found_whatever_its_digits_and_units(seed, base, slope, unit):
    q, other = outputs(seed), outputs(seed + 1)
    baseline = fit_baseline(unit * (base + slope * q), {"q": q, "other": other}, month=MONTHS)
    model = baseline.chosen.model
    assert (model.drivers, model.form, model.harmonics) == (("q",), "regression", 0)
    assert baseline.chosen.fit.coefficients / unit == pytest.approx([base, slope], rel=1e-8)
    assert baseline.chosen.fit.sse == 0


def test_a_season_that_adds_nothing_to_an_exact_line_is_refused():
    q = outputs(5)
    baseline = fit_baseline(5000 + 40 * q, {"q": q}, month=MONTHS)
    seasonal = next(one for one in baseline.candidates if one.model.drivers == ("q",) and one.model.harmonics)
    assert [(one.code, one.term, one.seen) for one in seasonal.rejections] == [("low_t", "season1", 0.0)]


def test_of_several_exact_models_the_one_with_fewest_parameters_is_taken():
    q, wave = outputs(5), 5 + np.sin(2 * np.pi * (MONTHS - 2) / 12)
    baseline = fit_baseline(5000 + 40 * q + 900 * wave, {"q": q, "light": wave}, month=MONTHS)
    exact = [one.model for one in baseline.candidates if one.accepted and one.fit.sse == 0]
    assert {(one.drivers, one.harmonics) for one in exact} >= {(("q",), 1), (("q", "light"), 0)}
    assert (baseline.chosen.model.drivers, baseline.chosen.model.harmonics) == (("q", "light"), 0)


def test_an_exact_ratio_is_one_and_the_smallest_true_deviation_is_no_rounding():
    q = outputs(3)
    chosen = fit_baseline(3.3 * q, {"q": q}).chosen
    assert chosen.model.form == "ratio"
    y = 5000 + 40 * q
    y[7] += 1e-7  # a digit that a meter could have printed
    assert fit_baseline(y, {"q": q}).chosen.fit.sse == pytest.approx(1e-14, rel=0.2)


def test_a_driver_that_only_adds_rounding_is_not_distinguishable_from_zero():
    q = outputs(5)
    fit = ols(np.column_stack([q, outputs(6)]), 5000 + 40 * q, ["q", "other"])
    assert np.isinf(fit.t[:2]).all()
    assert fit.t[2] == 0
    assert fit.p_values[2] == 1
    flat = ols(q, np.full(24, 0.1), ["q"])
    assert (flat.f, flat.r2) == ((0.0, 1.0), 0.0)
    line = ols(q, 5000 + 40 * q, ["q"])
    assert (line.f, line.r2) == ((float("inf"), 0.0), 1.0)


def test_no_change_is_read_into_the_rounding_of_a_series():
    for level in (100.0, 1234.56, 0.1, 1e-9):
        y = np.full(24, level) * (1 + 1e-15 * np.sin(np.arange(24.0)))
        assert change_points(y).chosen == ()
        assert change_at(y, 12).p_value == 1
        y[12:] *= 1.01
        assert change_points(y).chosen == (12,)
        assert change_at(y, 12).p_value == 0


def test_the_chart_of_an_exact_baseline_signals_what_is_not_rounding():
    q = outputs(9)
    y = 5000 + 40 * q
    fit = fit_baseline(y, {"q": q}).chosen.fit
    assert cusum_of_fit(fit, fit.design, y).signals == ()
    y[20:] *= 0.999
    signal = cusum_of_fit(fit, fit.design, y).signals[0]
    assert (signal.since, signal.better) == (20, True)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.floats(1, 1e6), st.floats(0.01, 1e3), st.sampled_from([1e-6, 1.0, 1e6]))
def test_against_an_exact_baseline_rounding_is_no_saving_and_the_smallest_true_one_is(
    seed, base, slope, unit
):
    q, later = outputs(seed), outputs(seed + 1, 12)
    baseline = fit_baseline(unit * (base + slope * q), {"q": q})
    used = (base + slope * later) * unit
    same = verify(baseline, {"q": later}, used)
    assert (same.saving.value, same.verdict) == (0, Verdict.NOT_DISTINGUISHABLE)
    assert same.ashrae_accepts is None
    assert same.words("en") == "Not distinguishable from zero at 90 % confidence; the figure is kept."
    for change, verdict in ((-1e-9, Verdict.SAVED), (1e-9, Verdict.WORSE)):
        assert verify(baseline, {"q": later}, used * (1 + change)).verdict is verdict
    again = fit_baseline((base + slope * later) * unit, {"q": later})
    moved = fit_baseline((base + slope * later) * unit * (1 + 1e-9), {"q": later})
    assert normalised_saving(baseline, again, {"q": q}).verdict is Verdict.NOT_DISTINGUISHABLE
    assert normalised_saving(baseline, moved, {"q": q}).verdict is Verdict.WORSE


def test_an_output_that_is_the_same_every_month_is_said_to_be_so():
    y = np.random.default_rng(8).normal(100, 2, 12)
    baseline = fit_baseline(y, {"q": np.full(12, 7.5)})
    line = next(one for one in baseline.candidates if one.model.form == "regression")
    assert "q is 7.5 in every month" in line.words("en")
    assert "q tháng nào cũng là 7,5" in line.words("vi")
    with pytest.raises(ScienceError, match=r"q is 7\.5 every time"):
        ols(np.full(12, 7.5), y, ["q"])
    twice = fit_baseline(y, {"a": outputs(1, 12), "b": 2 * outputs(1, 12)})
    assert any("b is made up by the other drivers" in one.words("en") for one in twice.candidates)


def test_a_year_in_which_nothing_was_used_is_said_to_be_one():
    baseline = fit_baseline(np.zeros(12), {"q": outputs(1, 12)}, settings=Settings(max_cv_rmse=None))
    assert baseline.chosen is None
    for lang, words in (
        ("en", "nothing was consumed in any month"),
        ("vi", "tháng nào cũng không tiêu thụ gì"),
    ):
        lines = baseline.explain(lang)
        assert all(words in line for line in lines)
        assert not any("inf" in line for line in lines)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"month": [*range(1, 12), 13]}, "month 12 of the list is 13"),
        ({"month": [0, *range(2, 13)]}, "month 1 of the list is 0"),
        ({"month": [1, 2.5, *range(3, 13)]}, "month 2 of the list is 2.5; give a whole number"),
        ({"consumption": [*range(100, 111), -3]}, "consumption 12 is -3"),
    ],
)
def test_months_that_are_none_and_consumption_below_zero_are_refused(changed, says):
    given = {"consumption": np.arange(100.0, 112), "drivers": {"q": outputs(2, 12)}} | changed
    with pytest.raises(ScienceError, match=says) as refusal:
        fit_baseline(given.pop("consumption"), given.pop("drivers"), **given)
    assert refusal.value.words("vi") != refusal.value.words("en")


def noisy(seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    q = outputs(seed)
    return q, 5000 + 40 * q + np.random.default_rng(seed).normal(0, 300, 24)


def test_the_report_is_held_to_the_same_and_a_confidence_in_percent_is_told_first():
    q, y = noisy()
    baseline = fit_baseline(y, {"q": q})
    with pytest.raises(ScienceError, match="consumption 2 is -5"):
        verify(baseline, {"q": [500.0, 600]}, [20000.0, -5])
    seasonal = fit_baseline(y + 3000 * np.sin(2 * np.pi * MONTHS / 12), {"q": q}, month=MONTHS)
    with pytest.raises(ScienceError, match="month 2 of the list is 13"):
        verify(seasonal, {"q": [500.0, 600]}, [20000.0, 20000], month=[12, 13])
    with pytest.raises(ScienceError, match=r"month 1 of the list is 2\.5"):
        verify(seasonal, {"q": [500.0, 600]}, [20000.0, 20000], month=[2.5, 3])
    with pytest.raises(ScienceError, match="confidence 90 is outside 0 to 1"):
        verify(baseline, {"q": [500.0]}, [20000.0], confidence=90)
    with pytest.raises(ScienceError, match="confidence 90 is outside 0 to 1"):
        normalised_saving(baseline, baseline, {"q": [500.0]}, confidence=90)


def test_a_saving_beyond_what_the_baseline_saw_says_so_where_it_is_told():
    q, y = noisy()
    baseline = fit_baseline(y, {"q": q})
    within = verify(baseline, {"q": [600.0] * 3}, [20_000.0] * 3)
    beyond = verify(baseline, {"q": [5000.0] * 3}, [150_000.0] * 3)
    assert within.words("en") == "Saved, at 90 % confidence."
    assert beyond.outside == ("q",)
    assert beyond.words("en").startswith("Saved, at 90 % confidence. Beyond what the baseline saw: q; ")
    assert "Nằm ngoài phạm vi mà đường cơ sở đã thấy: q" in beyond.words("vi")
