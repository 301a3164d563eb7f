"""What a flow-sheet says of itself: that nothing was checked, what is not known, and all of it in Vietnamese."""

from __future__ import annotations

import re

import pytest

from sachhon.science.balance import Factor, Flowsheet, Process, Reading, Relation, Stream, Transfer
from sachhon.science.uncertainty import ScienceError

MILL = [Process("M", stock=True)]
ENDS = [Stream("a", "", "M"), Stream("b", "M", ""), Stream("c", "M", "")]
ENGLISH = re.compile(r"\b(the|of|in|and|over|reading|flow|stock|share|relation|from|period)\b", re.IGNORECASE)


def test_that_nothing_checks_the_readings_is_said_and_not_that_they_agree():
    sheet = Flowsheet([Process("M")], ENDS, [Reading("a", 10, 0.1), Reading("b", 4, 0.1)])
    result = sheet.solve()
    assert result.dof == 0
    assert result.words("en") == (
        "No balance checks the readings (0 degrees of freedom): a wrong one would not show.",
    )
    assert "0 bậc tự do" in result.words()[0]
    checked = Flowsheet([Process("M")], ENDS, [*sheet.readings, Reading("c", 6.1, 0.1)]).solve()
    assert checked.words("en") == ("The readings agree with the balances.",)


def test_what_nothing_tells_is_named():
    wash = [Stream("d", "b wash", ""), Stream("e", "b wash", ""), Stream("w", "", "b wash")]
    sheet = Flowsheet(
        [Process("M"), Process("b wash")],
        [*ENDS, *wash],
        [Reading("a", 10, 0.1), Reading("b", 4, 0.1), Reading("c", 6, 0.1), Reading("w", 5, 0.1)],
    )
    agree, unknown = sheet.solve().words("en")
    assert agree == "The readings agree with the balances."
    assert unknown.startswith("Not known, as no reading tells it: the flow of d, the flow of e.")
    assert "lưu lượng d, lưu lượng e." in sheet.solve().words()[-1]
    many = [Stream(f"s{k}", "M", "") for k in range(9)]
    line = Flowsheet([Process("M")], [ENDS[0], *many], [Reading("a", 10, 0.1)]).solve().words("en")[-1]
    assert "the flow of s5 and 3 more" in line


@pytest.mark.parametrize(
    "more",
    [
        {"readings": [Reading("a", 10, 0), Reading("b", 4, 0), Reading("c", 1, 0), Reading("M", 0, 0, kind="change")]},
        {
            "readings": [
                Reading("M", 5, 0, kind="level", period="opening"), Reading("M", 9, 0, kind="level"),
                Reading("M", 1, 0, kind="change"),
            ]
        },
        {"readings": [Reading("a", 10, 0), Reading("b", 4, 0)], "transfers": [Transfer("b", 0.9)]},
        {"readings": [Reading("a", 10, 0), Reading("a", 11, 0)]},
        {"readings": [Reading("a", 10, 0), Reading("b", 4, 0)], "relations": [Relation({"a": 1, "b": -1})]},
        {
            "readings": [Reading("a", 10, 0), Reading("a", 4, 0, factor="k")],
            "factors": [Factor("k", 2.0)],
        },
        {
            "layers": ["dry"],
            "readings": [
                Reading("a", 10, 0), Reading("a", 0.5, 0, "dry", "content"), Reading("a", 9, 0, "dry"),
            ],
        },
    ],
)  # fmt: skip
def test_a_contradiction_is_told_in_vietnamese_alone(more):
    with pytest.raises(ScienceError) as error:
        Flowsheet(MILL, ENDS, **more).solve()
    assert not ENGLISH.search(error.value.words("vi")), error.value.words("vi")


def test_a_meter_that_is_off_in_several_periods_is_one_line_with_its_periods():
    periods = ("T1", "T2", "T10")
    true = {"clay": 100, "mix": 100, "gas": 30, "brick": 70}
    sheet = Flowsheet(
        [Process("mill"), Process("kiln")],
        [
            Stream("clay", "", "mill"),
            Stream("mix", "mill", "kiln"),
            Stream("gas", "kiln", ""),
            Stream("brick", "kiln", ""),
        ],
        [
            Reading(name, size * flow + (off if name == "mix" else 0), 1.0, period=period)
            for period, size, off in zip(periods, (1.0, 1.2, 0.9), (10, 12, -9), strict=True)
            for name, flow in true.items()
        ],
        periods=periods,
    )
    result = sheet.solve()
    assert len(result.diagnose()) == 3  # each period is a cause of its own to be tested
    said = result.words("en")
    assert said[1:] == (
        "1. Check the meter of the flow of mix: in T1 it reads 10 ± 2.5 too high; in T2 it reads 12 ± 2.5 too high; "
        "in T10 it reads 9 ± 2.5 too low.",
    )
    assert "T1 đọc cao hơn 10 ± 2,5; T2 đọc cao hơn 12 ± 2,5; T10 đọc thấp hơn 9 ± 2,5." in result.words()[1]
    assert not ENGLISH.search(result.words()[1])


def test_a_process_that_loses_in_several_periods_is_one_line_and_other_meters_keep_theirs():
    periods = ("T1", "T2")
    sheet = Flowsheet(
        [Process("mill"), Process("kiln")],
        [Stream("clay", "", "mill"), Stream("mix", "mill", "kiln"), Stream("brick", "kiln", "")],
        [
            Reading(name, value, 0.5, period=period)
            for period in periods
            for name, value in (("clay", 100), ("mix", 100), ("brick", 80 if period == "T1" else 75))
        ],
        periods=periods,
    )
    lines = [line for line in sheet.solve().words("en") if line[0].isdigit()]
    assert len(lines) == 1
    assert "in T1" in lines[0]
    assert "in T2" in lines[0]
    # what cannot be told from it is named once, not once a period
    assert lines[0].count("the meter of the flow of brick") + lines[0].count("kiln") >= 1
    assert lines[0].count("cannot tell this from") == 1
