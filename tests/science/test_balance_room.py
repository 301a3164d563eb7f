"""Bounds of flows that no reading tells by themselves, and of readings however rough: against every set of bounds."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from sachhon.science.balance import (
    ContradictionError,
    Flowsheet,
    Process,
    Reading,
    Stream,
    reconcile_bilinear,
    reconcile_bounded,
    reconcile_linear,
)
from sachhon.science.uncertainty import ScienceError

from .exact_balance import reconcile_exactly

NAN = float("nan")
MONTHS = ["1", "2"]


def mill(*outlets, more=(), **rest):
    return Flowsheet(
        [Process("mill")],
        [Stream("cane", "", "mill"), Stream("juice", "mill", ""), *(Stream(o, "mill", "") for o in outlets)],
        [Reading("cane", 80, 1), Reading("juice", 100, 1), *more],
        **rest,
    )


@pytest.mark.parametrize("outlets", [("bagasse",), ("bagasse", "steam"), ("bagasse", "steam", "drain")])
def test_what_cannot_be_shared_out_is_as_impossible_as_one_flow_below_zero(outlets):
    result = mill(*outlets).solve()
    assert result.flow("cane").value == pytest.approx(90)
    assert [result.flow(name).value for name in outlets] == [0] * len(outlets)
    assert {result.flow(name).status for name in outlets} == {"held"}
    assert {q.name for q in result.held} == {f"the flow of {name}" for name in outlets}
    assert (result.chi2, result.dof) == (pytest.approx(200), 1)
    assert result.p_value == pytest.approx(2.0884875837625688e-45)
    assert result.diagnose()


def test_it_is_said_in_words_without_a_value_that_nothing_tells():
    result = mill("bagasse", "steam").solve()
    assert result.words("en")[1] == (
        "By the readings the flow of bagasse, the flow of steam cannot all be zero or more, however what is not "
        "measured is shared out; held at 0."
    )
    assert result.words()[1].startswith(
        "Theo số đọc, lưu lượng bagasse, lưu lượng steam không thể đều từ 0 trở lên"
    )
    assert not any("would be" in line for line in result.words("en"))


def test_fixed_readings_without_room_are_a_contradiction():
    sheet = mill("bagasse", "steam")
    fixed = [Reading("cane", 80, 0), Reading("juice", 100, 0)]
    with pytest.raises(ContradictionError, match="no way to keep the flow of bagasse"):
        Flowsheet(sheet.processes, sheet.streams, fixed).solve()


def test_what_has_room_stays_unknown():
    sheet = mill("bagasse", "steam")
    result = Flowsheet(
        sheet.processes, sheet.streams, [Reading("cane", 100, 1), Reading("juice", 80, 1)]
    ).solve()
    assert result.held == ()
    assert result.flow("cane").value == 100
    assert {result.flow(name).status for name in ("bagasse", "steam")} == {"unobservable"}


def test_substances_need_room_as_well():
    result = Flowsheet(
        [Process("mill")],
        [Stream("cane", "", "mill"), *(Stream(o, "mill", "") for o in ("juice", "w0", "w1"))],
        [
            Reading("cane", 100, 1),
            Reading("juice", 80, 1),
            Reading("cane", 0.12, 0.002, "sugar", "content"),
            Reading("juice", 0.30, 0.003, "sugar", "content"),
        ],
        layers=["sugar"],
    ).solve()
    assert {q.name for q in result.held} == {"the flow of sugar in w0", "the flow of sugar in w1"}
    assert {result.flow(o).status for o in ("w0", "w1")} == {"unobservable"}
    assert result.p_value < 1e-9


def test_a_yard_that_gives_out_more_than_it_held_is_told():
    result = Flowsheet(
        [Process("yard", stock=True)],
        [Stream("coal", "", "yard"), Stream("kiln", "yard", ""), Stream("dust", "yard", "")],
        [
            *(Reading("coal", 10, 1, period=m) for m in MONTHS),
            *(Reading("kiln", 30, 1, period=m) for m in MONTHS),
            Reading("yard", 5, 0.5, kind="level", period="opening"),
        ],
        periods=MONTHS,
    ).solve()
    assert [result.flow("dust", period=m).value for m in MONTHS] == [0, 0]
    assert result.level("yard", period="2").value == 0
    # by hand: 2 months of in − out and the opening level make nothing; 35 short over 4 · 1² + 0.5²
    assert result.chi2 == pytest.approx(35**2 / 4.25)
    assert result.p_value < 1e-60


def random_sheet(seed, decades):
    """(ends, readings, uncertainties) of a small sheet, much of it not measured."""
    random = np.random.default_rng(seed)
    places = [f"p{k}" for k in range(random.integers(1, 4))]
    ends = []
    for _ in range(random.integers(len(places) + 2, len(places) + 4)):
        a, b = random.choice([*places, ""], 2, replace=False)
        ends.append((str(a), str(b)))
    y = random.integers(0, 150, len(ends)).astype(float)
    y[random.random(len(y)) < 0.35] = NAN
    u = random.integers(1, 9, len(ends)) * 10.0 ** random.choice(decades, len(ends))
    return places, ends, y, u


def least(a, y, u):
    """χ² and the flows of the best of all ways to hold streams at zero that leave an answer at or above it."""
    known, best = ~np.isnan(y), (np.inf, y)
    for held in chain.from_iterable(combinations(range(len(y)), k) for k in range(len(y) + 1)):
        at = np.isin(np.arange(len(y)), held)
        exact = reconcile_exactly(a, np.where(at, 0.0, y), np.where(at, 0.0, u**2))
        if exact is None:
            continue
        x, seen = exact.estimate, exact.observable
        chi2 = float((((x - y) / u)[known] ** 2).sum())
        if chi2 >= best[0] or (x[seen] < -1e-9).any():
            continue
        rest = -a[:, seen] @ x[seen]
        if seen.all() or linprog(np.zeros((~seen).sum()), A_eq=a[:, ~seen], b_eq=rest).status == 0:
            best = chi2, x
    return best


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([(0,), (-3, 0, 0, 3, 6, 10)]))
def test_no_set_of_bounds_does_better_of_flow_sheets_and_of_streams(seed, decades):
    places, ends, y, u = random_sheet(seed, decades)
    known = ~np.isnan(y)
    if not known.any():
        return
    a = np.array([[float(t == p) - float(s == p) for s, t in ends] for p in places])
    chi2, x = least(a, y, u)
    sheet = Flowsheet(
        [Process(p) for p in places],
        [Stream(f"s{k}", *end) for k, end in enumerate(ends)],
        [Reading(f"s{k}", y[k], u[k]) for k in np.flatnonzero(known)],
    ).solve()
    flow = np.array([sheet.flow(f"s{k}").value for k in range(len(y))])
    bounded = reconcile_bounded(a, y, u**2)
    for found, estimate in ((sheet.chi2, flow), (bounded.chi2, bounded.estimate)):
        assert found == pytest.approx(chi2, rel=1e-6, abs=1e-6)
        np.testing.assert_allclose(estimate[known], x[known], atol=1e-4)
    assert bounded.estimate.min() >= -1e-9 * 150
    assert np.abs(a @ bounded.estimate).max() <= 1e-9 * 150 * len(y)
    assert sheet.dof == bounded.dof


@pytest.mark.parametrize("rough", [1e4, 1e12, 1e18, 1e20, 1e22])
def test_a_rough_reading_takes_no_flow_through_its_bound(rough):
    inlet = reconcile_bounded([[1, 1, -1]], [15, 115, 107], [rough, 1, 1])
    assert inlet.estimate == pytest.approx([0, 111, 111], abs=1e-2 if rough < 1e9 else 1e-6)
    assert inlet.estimate[0] == 0
    assert [(bound.stream, bound.side) for bound in inlet.active] == [(0, "lower")]
    assert inlet.p_value < 1e-6
    upper = reconcile_bounded([[1, 1, -1]], [15, 10, 75], [rough, 1, 1], upper=[60, 1000, 1000])
    assert upper.estimate[0] == 60
    assert [(bound.stream, bound.side) for bound in upper.active] == [(0, "upper")]


@pytest.mark.parametrize("rough", [1e5, 1e6, 1e9])
def test_no_reading_becomes_nothing_beside_rougher_ones(rough):
    """s1 has only unmeasured and rougher streams beside it, so that its reading stands."""
    ends = [("", "p1"), ("p0", "p1"), ("", "p0"), ("p1", ""), ("p0", "p1")]
    read = [(115, 7000), (34, rough), None, (74, 2e4 * rough), (28, 9e4 * rough)]
    result = Flowsheet(
        [Process("p0"), Process("p1")],
        [Stream(f"s{k}", *end) for k, end in enumerate(ends)],
        [Reading(f"s{k}", *one) for k, one in enumerate(read) if one is not None],
    ).solve()
    assert result.flow("s1").value == pytest.approx(34, rel=1e-3)
    assert result.flow("s1").uncertainty == pytest.approx(rough, rel=1e-3)
    assert [q.name for q in result.held] == ["the flow of s4"]


def test_as_many_names_as_nodes_and_streams():
    for call in (
        lambda **names: reconcile_linear([[1, -1, -1]], [3, 2, 1], 1.0, **names),
        lambda **names: reconcile_bounded([[1, -1, -1]], [3, 2, 1], 1.0, **names),
        lambda **names: reconcile_bilinear([[1, -1, -1]], [3, 2, 1], 1.0, [[0.1] * 3], 1e-4, **names),
    ):
        with pytest.raises(ScienceError, match="`streams` holds 2 names, but A has 3 streams"):
            call(streams=["a", "b"])
        with pytest.raises(ScienceError, match="`nodes` holds 2 names, but A has 1 nodes"):
            call(nodes=["a", "b"])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("doubt", [1e200, 1e-200])
def test_an_uncertainty_whose_square_cannot_be_counted_is_refused(doubt):
    with pytest.raises(ScienceError, match="the reading of bagasse has an uncertainty of"):
        mill("bagasse", more=[Reading("bagasse", 5, doubt)]).solve()
