"""The uncertainty of a sum of readings."""

from __future__ import annotations

import numpy as np
import pytest

from sachhon.science.uncertainty import Measured, ScienceError, total


def test_independent_readings_add_in_squares_and_one_meters_error_adds_linearly():
    assert total([300, 400], 0.1).standard_uncertainty == pytest.approx(50)
    assert total([300, 400], 0.1, correlation=1).standard_uncertainty == pytest.approx(70)
    assert total([300, 400], [0.1, 0.0]) == Measured(700, pytest.approx(30))


def test_a_correlation_between_agrees_with_the_covariance_matrix():
    x, u, r = np.array([5.0, 7.0, 11.0]), np.array([0.1, 0.2, 0.05]), 0.3
    s = x * u
    covariance = np.outer(s, s) * (r + (1 - r) * np.eye(3))
    assert total(x, u, r).standard_uncertainty == pytest.approx(np.sqrt(covariance.sum()))


def test_the_relative_uncertainty_of_zero_is_not_defined():
    assert Measured(0, 1).relative is None
    assert Measured(-4, 1).relative == 0.25
    assert Measured(10, 1).interval(2) == (8, 12)


@pytest.mark.parametrize(
    ("values", "relative", "correlation"),
    [([1], 0.1, 1.2), ([float("nan")], 0.1, 0), ([1], -0.1, 0), ([1], float("inf"), 0)],
)
def test_what_is_no_number_is_refused(values, relative, correlation):
    with pytest.raises(ScienceError):
        total(values, relative, correlation)
