"""LMDI: published decompositions, exactness, zeros by their limits, signs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sachhon.science.intensity import activity_structure_intensity, lmdi
from sachhon.science.intensity.lmdi import category_effects, log_mean
from sachhon.science.uncertainty import ScienceError

from .intensity_cases import case

LMDIR = case("lmdi_lmdir")
positive = st.floats(1e-3, 1e3)
some_zero = st.one_of(st.just(0.0), positive)


def factors(elements=positive):
    return arrays(float, (2, 4, 3), elements=elements)


@pytest.mark.parametrize("step", [0, 1])
def test_the_published_decomposition_of_three_years(step):
    x0, x1 = LMDIR["x"][step : step + 2]
    assert lmdi(x0, x1) == pytest.approx(LMDIR["additive"][step], abs=5e-9)
    assert lmdi(x0, x1, form="multiplicative") == pytest.approx(LMDIR["multiplicative"][step], abs=5e-10)
    by_category = LMDIR[("by_category_1971_1972", "by_category_1972_1973")[step]]
    assert category_effects(x0, x1) == pytest.approx(np.array(by_category), abs=5e-9)


@pytest.mark.parametrize("zero", LMDIR["zeros"])
def test_the_published_limits_where_a_factor_is_zero(zero):
    assert category_effects(zero["x0"], zero["x1"]) == pytest.approx(np.array(zero["effects"]), abs=5e-9)


def test_the_published_case_of_a_use_that_disappears():
    ghana = LMDIR["ghana"]
    x0, x1 = ghana["x2003"], ghana["x2004"]
    # the factors are printed to seven digits, so the effects hold to 4e-7
    assert category_effects(x0, x1) == pytest.approx(np.array(ghana["effects"]), abs=4e-7)
    assert lmdi(x0, x1) == pytest.approx(ghana["additive"], abs=4e-7)
    assert lmdi(x0, x1).sum() == pytest.approx(ghana["total_change"], rel=1e-6)
    ratios = lmdi(x0, x1, form="multiplicative")
    assert ratios == pytest.approx(ghana["multiplicative"], abs=4e-7)
    assert ratios.prod() == pytest.approx(ghana["total_ratio"], rel=1e-6)


@given(factors())
def test_nothing_is_left_over(x):
    v0, v1 = x.prod(axis=2).sum(axis=1)
    scale = abs(v0) + abs(v1)
    assert lmdi(x[0], x[1]).sum() == pytest.approx(v1 - v0, abs=1e-10 * scale)
    assert lmdi(x[0], x[1], form="multiplicative").prod() == pytest.approx(v1 / v0, rel=1e-9)


@given(factors(some_zero))
def test_nothing_is_left_over_with_any_number_of_zeros(x):
    v0, v1 = x.prod(axis=2).sum(axis=1)
    effects = lmdi(x[0], x[1])
    assert np.isfinite(effects).all()
    assert effects.sum() == pytest.approx(v1 - v0, abs=1e-10 * (v0 + v1) + 1e-15)


@given(factors())
def test_going_back_undoes_the_change(x):
    assert lmdi(x[1], x[0]) == pytest.approx(-lmdi(x[0], x[1]), rel=1e-9, abs=1e-6)


@given(factors(), st.permutations(range(4)), st.floats(1e-3, 1e3))
def test_order_of_categories_and_units_do_not_matter(x, order, scale):
    effects = lmdi(x[0], x[1])
    assert lmdi(x[0][order], x[1][order]) == pytest.approx(effects, rel=1e-9, abs=1e-6)
    scaled = x * np.array([scale, 1, 1])
    assert lmdi(scaled[0], scaled[1]) == pytest.approx(effects * scale, rel=1e-9, abs=1e-6)


def test_the_zero_limits_are_what_small_numbers_tend_to():
    x1 = np.array([[3.0, 4.0, 5.0]])
    limit = lmdi([[0, 0, 2.0]], x1)
    assert limit == pytest.approx([30, 30, 0])
    # towards the limit like 1 / ln δ, which is why small numbers are a poor stand-in
    off = [np.abs(lmdi([[d, d, 2.0]], x1) - limit).max() for d in (1e-10, 1e-40, 1e-150)]
    assert off[0] > off[1] > off[2]
    assert off[2] < 0.1


def test_many_problems_at_once_give_what_each_gives_alone():
    x = np.random.default_rng(5).uniform(0.1, 10, (2, 7, 4, 3))
    for form in ("additive", "multiplicative"):
        one_by_one = [lmdi(x[0, i], x[1, i], form=form) for i in range(7)]
        assert lmdi(x[0], x[1], form=form) == pytest.approx(np.array(one_by_one))


def test_factors_that_stay_negative_are_allowed_and_exact():
    x0, x1 = [[-2.0, 3.0], [5.0, 4.0]], [[-1.0, 6.0], [7.0, 4.0]]
    assert lmdi(x0, x1).sum() == pytest.approx((-6 + 28) - (-6 + 20))


@pytest.mark.parametrize(
    ("x0", "x1", "form", "told"),
    [
        ([[1, 2], [-1, 3]], [[1, 2], [1, 3]], "additive", "factor 0 of category 1 changes its sign"),
        ([[0, 2.0]], [[1, 2.0]], "multiplicative", "use the additive form"),
        ([[1, np.nan]], [[1, 2]], "additive", "finite"),
        ([[1, 2]], [[1, 2, 3]], "additive", "same order"),
        ([[1, 2]], [[1, 2]], "geometric", "additive or multiplicative"),
        ([[1e-200, 1e-200]], [[1, 1]], "additive", "units"),
    ],
)
def test_what_cannot_be_decomposed_is_told(x0, x1, form, told):
    with pytest.raises(ScienceError, match=told):
        lmdi(x0, x1, form=form)


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_the_logarithmic_mean_lies_between_geometric_and_arithmetic(a, b):
    mean = float(log_mean(a, b))
    assert np.sqrt(a * b) * (1 - 1e-9) <= mean <= (a + b) / 2 * (1 + 1e-9)
    assert mean == pytest.approx(float(log_mean(b, a)), rel=1e-9)


def test_the_logarithmic_mean_of_nearly_equal_figures_keeps_its_digits():
    assert float(log_mean(1.0, 1.0)) == 1.0
    assert float(log_mean(1.0 + 1e-12, 1.0)) == pytest.approx(1 + 5e-13, abs=1e-15)


def test_output_mix_and_intensity_of_a_brickworks():
    # by hand: 600 t bricks at 0.1 and 400 t tiles at 0.4; then 600 and 600 at 0.09 and 0.36
    result = activity_structure_intensity(
        {"brick": 600, "tile": 400},
        {"brick": 60, "tile": 160},
        {"brick": 600, "tile": 600},
        {"brick": 54, "tile": 216},
    )
    assert result.change == pytest.approx(50)
    assert result.activity + result.structure + result.intensity == pytest.approx(50)
    # every intensity fell by the same tenth: L(V1, V0) ln 0.9 summed
    expected = float((log_mean([54, 216], [60, 160]) * np.log(0.9)).sum())
    assert result.intensity == pytest.approx(expected)
    assert result.structure > 0


def test_a_new_product_is_a_change_of_structure_not_of_intensity():
    result = activity_structure_intensity(
        {"brick": 100}, {"brick": 10}, {"brick": 100, "tile": 50}, {"brick": 10, "tile": 20}
    )
    assert result.intensity == pytest.approx(0)
    assert result.by_category["tile"] == pytest.approx((0, 20, 0))


def test_consumption_without_output_is_told_by_name():
    with pytest.raises(ScienceError, match="tile: consumption without output"):
        activity_structure_intensity(
            {"brick": 1, "tile": 0}, {"brick": 1, "tile": 3}, {"brick": 1}, {"brick": 1}
        )
