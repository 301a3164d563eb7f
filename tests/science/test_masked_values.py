"""What a numpy mask hides is missing, and is never counted: NaN where that means missing, else named by its place."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from sachhon.science import finance, intensity, survey
from sachhon.science.balance import (
    find_gross_errors,
    reconcile_batch,
    reconcile_bilinear,
    reconcile_bounded,
    reconcile_linear,
)
from sachhon.science.benchmark import dea, quantile
from sachhon.science.numeric import floats, unmasked
from sachhon.science.uncertainty import ScienceError

SPLIT = [[1, -1, -1]]
READ: Any = np.ma.array([10.0, 6.0, 9999.0], mask=[False, False, True])
TABLE: Any = np.ma.array([[1.0, 2.0], [9999.0, 1.0]], mask=[[False, False], [True, False]])
RIGHT = [10, 6, 4]
DESIGN = survey.Design(weights=[1, 2, 3])


@pytest.mark.parametrize("kind", [float, int])
@pytest.mark.parametrize("reconcile", [reconcile_linear, reconcile_bounded])
def test_a_masked_reading_is_unmeasured(reconcile, kind):
    found = reconcile(SPLIT, READ.astype(kind), 1.0)
    assert found.estimate == pytest.approx(RIGHT)
    assert found.dof == 0
    assert READ.data[2] == 9999  # the caller's array is left as it was


def test_a_masked_reading_is_unmeasured_in_a_batch_of_one_network_and_of_many():
    rows: Any = np.ma.vstack([READ, READ])
    for found in (
        reconcile_batch(SPLIT, rows, 1.0),
        reconcile_batch(SPLIT, [READ, READ], 1.0),
        reconcile_batch([SPLIT, SPLIT], [READ, READ], [1.0, 1.0]),
    ):
        assert found.estimate == pytest.approx(RIGHT * 2)
        assert found.dof.tolist() == [0, 0]


def test_a_masked_flow_and_a_masked_concentration_are_unmeasured():
    masked: Any = np.ma.array([[0.1, 0.1, 77.0]], mask=[[False, False, True]])
    found = reconcile_bilinear(
        SPLIT, flow=READ, flow_variance=0.01, concentration=masked, concentration_variance=1e-6
    )
    assert found.flow == pytest.approx(RIGHT)
    assert found.concentration == pytest.approx(np.full((1, 3), 0.1))


def test_a_masked_reading_stays_out_of_the_search_for_gross_errors():
    chain = [[1, -1, 0], [0, 1, -1]]
    hidden: Any = np.ma.array([10.0, 1.0, 55.0], mask=[False, False, True])
    found = find_gross_errors(chain, hidden, 0.01)
    plain = find_gross_errors(chain, [10.0, 1.0, np.nan], 0.01)
    assert found.before.dof == plain.before.dof == 1
    assert found.diagnosis.errors
    assert found.after.estimate == pytest.approx(plain.after.estimate)


def test_a_masked_month_is_a_gap():
    made = np.arange(50, 63.0)
    used = 100 + 2 * made + np.tile([3.0, -3.0], 7)[:13]
    hidden: Any = np.ma.array(np.where(np.arange(13) == 5, 9999.0, used), mask=np.arange(13) == 5)
    gap = np.where(np.arange(13) == 5, np.nan, used)
    fits = [intensity.fit_baseline(y, {"made": made}) for y in (hidden, gap)]
    assert [fit.used.tolist() for fit in fits] == [(np.arange(13) != 5).tolist()] * 2
    assert [fit.ranges for fit in fits] == [fits[1].ranges] * 2
    assert fits[0].explain() == fits[1].explain()
    base = fits[0]
    seen = [intensity.verify(base, {"made": made}, y).saving.value for y in (hidden, gap)]
    assert seen[0] == pytest.approx(seen[1])
    over = [np.ma.array(made, mask=np.arange(13) == 5), np.where(np.arange(13) == 5, np.nan, made)]
    seen = [intensity.verify(base, {"made": x}, used).saving.value for x in over]
    assert seen[0] == pytest.approx(seen[1])


def test_consumption_per_unit_is_undefined_where_a_figure_is_masked():
    found: Any = intensity.specific_consumption(READ, [1.0, 2.0, 3.0])
    assert np.ma.getmaskarray(found).tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("ask", "en", "vi"),
    [
        (lambda: DESIGN.mean(READ), "1 rows have no value, the first of y at place 2", "của y ở vị trí 2"),
        (lambda: DESIGN.ratio([1, 2, 3], READ), "the first of x at place 2", "của x ở vị trí 2"),
        (lambda: survey.Design(weights=READ).mean([1, 2, 3]), "weights has a masked value, at place 2", "vị trí 2"),
        (lambda: survey.Design(strata=READ).mean([1, 2, 3]), "strata has a masked value, at place 2", "vị trí 2"),
        (lambda: quantile(READ, 0.5), "values has a masked value, at place 2", "(masked), ở vị trí 2"),
        (lambda: dea(READ, [1, 2, 3]), "inputs has a masked value, at place 2", "ở vị trí 2"),
        (lambda: finance.npv(0.1, READ), "cash flows has a masked value, at place 2", "dòng tiền có giá trị bị che"),
        (lambda: finance.npv(READ, [-1, 2]), "rate has a masked value, at place 2", "lãi suất (rate) có giá trị"),
        (lambda: finance.irr(-TABLE), "cash flows has a masked value, at place 1, 0", "ở vị trí 1, 0"),
        (lambda: finance.simple_payback(READ, 1.0), "investment has a masked value, at place 2", "vốn đầu tư có"),
        (lambda: intensity.lmdi(TABLE, np.ones((2, 2))), "x0 has a masked value, at place 1, 0", "x0 có giá trị"),
        (lambda: reconcile_linear(SPLIT, [1, 2, 3], READ), "variance has a masked value, at place 2", "vị trí 2"),
        (lambda: reconcile_linear(TABLE, [1, 2], 1.0), "A has a masked value, at place 1, 0", "A có giá trị"),
    ],
)  # fmt: skip
def test_a_masked_value_is_refused_by_its_place_where_none_may_miss(ask, en, vi):
    with pytest.raises(ScienceError) as told:
        ask()
    assert en in told.value.words("en")
    assert vi in told.value.words("vi")


def test_a_masked_value_outside_the_domain_is_not_asked_for_and_a_masked_label_lies_in_no_domain():
    assert DESIGN.total(READ, domain=[True, True, False]).estimate == 22
    told: Any = np.ma.array([True, True, True], mask=[False, False, True])
    assert DESIGN.total([10, 6, 9999], domain=told).estimate == 22
    label: Any = np.ma.array([7, 7, 7], mask=[False, False, True])
    assert np.asarray(DESIGN.total([10, 6, 9999], domain=label).estimate).tolist() == [22]


def test_masks_are_read_from_rows_and_left_alone_where_nothing_is_hidden():
    assert np.isnan(floats([READ, READ], "x", "x", gaps=True)).tolist() == [[False, False, True]] * 2
    assert np.isnan(floats([READ, [1, 2, 3]], "x", "x", gaps=True)).sum() == 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy's own, of a masked constant among numbers
        assert np.isnan(floats([1.0, np.ma.masked], "x", "x", gaps=True)).tolist() == [False, True]
    whole = np.ma.array([1, 2])
    assert unmasked(whole) is whole
    with pytest.raises(ScienceError, match="x has a masked value, at place 0"):
        floats(np.ma.masked, "x", "x")
