"""Gross errors within bounds: what cannot be is no explanation, and the meter between two balances is found."""

import numpy as np
import pytest

from sachhon.science.balance import (
    Flowsheet,
    Process,
    Reading,
    Settings,
    Stream,
    diagnose,
    reconcile_bounded,
)

NAN = np.nan
NAMES = ["cement", "sand", "stone", "green", "product", "broken", "vapour"]
BLOCKS = [[1, 1, 1, -1, 0, 0, 0], [0, 0, 0, 1, -1, -1, -1]]  # mixing; curing
READ = np.array([12_501, 40_000, 40_450, 78_000, 88_500, 1_300, NAN], dtype=float)


def blocks(**readings):
    """A works of concrete blocks; vapour is not measured, and the blocks leave it heavier than they came."""
    y = READ.copy()
    for name, value in readings.items():
        y[NAMES.index(name)] = value
    u = np.where(np.isnan(y), 1.0, 0.02 * y)
    return reconcile_bounded(BLOCKS, y, u**2, streams=NAMES, nodes=["mixing", "curing"])


def test_the_meter_that_breaks_both_balances_is_named_though_the_outlet_would_take_one_of_them_up():
    (error,) = diagnose(blocks()).errors
    assert (error.cause.kind, error.cause.name) == ("meter", "green")
    assert 78_000 - error.size == pytest.approx(12_501 + 40_000 + 40_450)  # the rest left as vapour, 3 151


def test_a_meter_whose_stream_would_have_carried_less_than_nothing_is_not_named():
    for error in diagnose(blocks()).errors:
        for cause in (error.cause, *error.same, *error.close):
            if cause.kind == "meter":
                assert READ[cause.at] - cause.size >= -1e-6
            assert cause.name != "cement"


def test_without_a_bound_in_play_all_that_explain_equally_well_are_named():
    (error,) = diagnose(blocks(green=110_000, vapour=20_000)).errors
    assert {error.cause.name, *(c.name for c in error.same)} == {"cement", "sand", "stone", "mixing"}
    (error,) = diagnose(blocks(cement=30_000, green=92_000)).errors
    named = {error.cause.name, *(c.name for c in (*error.same, *error.close))}
    assert "cement" in named


def test_the_causes_are_listed_in_full_when_no_balance_tells_them_apart():
    a = [[1, 1, 1, 1, 1, 1, -1]]
    inputs = [20.0] * 6
    (error,) = diagnose(reconcile_bounded(a, [*inputs, 110], 0.25)).errors
    assert len([error.cause, *error.same]) == 8  # seven meters, or a leak
    (error,) = diagnose(reconcile_bounded(a, [*inputs, 90], 0.25)).errors
    alike = [error.cause, *error.same]  # an input 30 lower would have carried less than nothing
    assert [(c.kind, c.at) for c in alike] == [("meter", 6), ("leak", 0)]


def test_bounds_that_play_no_part_change_nothing():
    from sachhon.science.balance import reconcile_linear

    a = [[1, -1, -1], [0, 1, -1]]
    y = np.array([100, 61, 55], dtype=float)
    free = diagnose(reconcile_linear(a, y, 1.0))
    assert diagnose(reconcile_bounded(a, y, 1.0)).words("vi") == free.words("vi")


@pytest.mark.parametrize("low", [5.0, 30.0])
def test_a_flow_sheet_names_no_meter_whose_correction_would_need_a_flow_below_zero(low):
    sheet = Flowsheet(
        [Process("p"), Process("q")],
        [Stream("a", "", "p"), Stream("b", "", "p"), Stream("c", "p", "q"), Stream("d", "q", "")],
        [Reading("a", low, 1.0), Reading("b", 100.0, 3.0), Reading("c", 60.0, 1.0), Reading("d", 60.0, 1.0)],
    )
    (error,) = sheet.solve().diagnose()
    # the meter of a would have to read `low` + 40 less than `low`
    assert (error.cause.name, error.size) == ("the flow of b", pytest.approx(low + 40))
    assert "the flow of a" not in error.words("en")
    assert [(cause.kind, cause.name) for cause in error.same] == [("leak", "p")]
    # where flows may run backwards, it may be that meter
    (error,) = sheet.solve(Settings(nonnegative=False)).diagnose()
    assert "the flow of a" in error.words("en")
