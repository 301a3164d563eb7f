"""Text where a number belongs is told in both languages, never by an error of Python's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sachhon.science.balance import Flowsheet, Process, Reading, Stream, reconcile_bounded, reconcile_linear
from sachhon.science.equipment import electrical
from sachhon.science.mfca import Centre, Material, allocate
from sachhon.science.uncertainty import ScienceError

SPLIT = [[1.0, -1.0, -1.0]]


def read(value, uncertainty: Any = 1.0, **more):
    streams = [Stream("in", "", "mill"), Stream("out", "mill", "")]
    return lambda: Flowsheet([Process("mill")], streams, [Reading("in", value, uncertainty, **more)]).solve()


WRONG: Any = {"text": "5", "nothing": None, "bound": [1, {}, 1], "readings": ["3", None, 1]}


def bought(price, product, **more):
    return lambda: allocate([Centre("press", [Material("clay", price, product, 1.0)], **more)])


@pytest.mark.parametrize(
    ("asked", "en", "vi"),
    [
        (lambda: reconcile_linear(SPLIT, ["3", "ten", 1], 1.0), "measured holds 'ten'", "có 'ten', không phải là số"),
        (lambda: reconcile_linear(SPLIT, [3, 2, 1], [1, "?", 1]), "variance holds '?'", "phương sai (variance) có '?'"),
        (lambda: reconcile_linear([["in", -1, -1]], [3, 2, 1], 1.0), "A holds 'in'", "A có 'in'"),
        (lambda: reconcile_linear([[1, -1], [1]], [3, 2], 1.0), "rows of one length", "dài bằng nhau"),
        (lambda: reconcile_linear(SPLIT, [3, 2, 1], [["a", 0, 0]] * 3), "variance holds 'a'", "có 'a'"),
        (lambda: reconcile_bounded(SPLIT, [3, 2, 1], 1.0, lower="low"), "lower holds 'low'", "(lower) có 'low'"),
        (lambda: reconcile_bounded(SPLIT, [3, 2, 1], 1.0, upper=WRONG["bound"]), "upper holds {}", "(upper) có {}"),
        (read("ten"), "the reading of in is ten", "số đọc của in là ten"),
        (read(None), "the reading of in is None", "số đọc của in là None"),
        (read(10, "one"), "is 10 ± one", "là 10 ± one"),
        (read(10, factor=None), "a factor of None", "hệ số None"),
        (read(10, factor=float("inf")), "a factor of inf", "hệ số inf"),
        (bought("dear", 2.0), "clay has a mass", "clay có khối lượng"),
        (bought(1.0, "2"), "clay has a mass", "clay có khối lượng"),
        (bought(1.0, 2.0, energy="much"), "energy is much", "energy là much"),
        (bought(1.0, 2.0, product_share="half"), "product share half", "phần sản phẩm half"),
        (lambda: electrical.motor_load(WRONG["text"], 10, 0.9), "input_kw is 5;", "input_kw là 5;"),
        (lambda: electrical.motor_load(5, WRONG["nothing"], 0.9), "rated_kw is None", "rated_kw là None"),
        (lambda: electrical.motor_load(5, 10**400, 0.9), "give a number above zero", "hãy cho số lớn hơn 0"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_named_in_both_languages(asked, en, vi):
    with pytest.raises(ScienceError) as told:
        asked()
    assert en in told.value.words("en")
    assert vi in told.value.words("vi")


def test_numbers_written_as_text_and_missing_ones_are_read_as_before():
    assert reconcile_linear(SPLIT, WRONG["readings"], 1.0).estimate == pytest.approx(
        np.array([3.0, 2.0, 1.0])
    )
