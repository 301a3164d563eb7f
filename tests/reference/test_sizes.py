"""Enterprise size by the decree in force, at the edges of the thresholds and of the decrees."""

from datetime import date

import pytest

from sachhon.reference import FactNotFound, size_class, size_rules

B = 10**9
D56, D39, D80 = date(2018, 3, 10), date(2018, 3, 11), date(2021, 10, 15)


@pytest.mark.parametrize(
    ("employees", "revenue", "capital", "expected"),
    [
        (10, 3 * B, 9 * B, "micro"), (10, 9 * B, 3 * B, "micro"), (10, 4 * B, 4 * B, "small"),
        (11, 1 * B, 1 * B, "small"), (100, 50 * B, 99 * B, "small"), (101, 50 * B, 20 * B, "medium"),
        (100, 51 * B, 21 * B, "medium"), (200, 200 * B, None, "medium"), (200, 201 * B, 101 * B, "large"),
        (201, 1 * B, 1 * B, "large"), (201, None, None, "large"), (5, None, 3 * B, "micro"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("on", [D39, date(2021, 10, 14), D80, date(2026, 1, 1)])
def test_industry_since_2018(employees, revenue, capital, expected, on):
    assert size_class("industry", employees, revenue, capital, on) == expected


@pytest.mark.parametrize(
    ("employees", "revenue", "capital"),
    [(None, B, B), (5, None, None), (5, 9 * B, None), (50, None, None), (None, None, None)],
)
def test_a_missing_figure_that_could_decide_gives_unknown(employees, revenue, capital):
    assert size_class("industry", employees, revenue, capital, D80) == "unknown"


def test_a_missing_figure_that_cannot_decide_does_no_harm():
    assert size_class("industry", None, 500 * B, 500 * B, D80) == "large"
    assert size_class("industry", 150, 60 * B, None, D80) == "medium"


def test_trade_has_limits_of_its_own():
    assert size_class("trade", 10, 10 * B, None, D80) == "micro"
    assert size_class("trade", 60, 90 * B, None, D80) == "medium"


@pytest.mark.parametrize(
    ("employees", "capital", "expected"),
    [
        (10, 900 * B, "micro"), (11, 20 * B, "small"), (11, 21 * B, "medium"), (11, 101 * B, "large"),
        (250, 20 * B, "small"), (200, None, "small"), (201, None, "medium"), (300, None, "medium"),
        (301, None, "large"), (None, 5 * B, "unknown"), (None, 500 * B, "unknown"), (None, None, "unknown"),
    ],
)  # fmt: skip
def test_before_march_2018_capital_comes_first(employees, capital, expected):
    assert size_class("industry", employees, None, capital, D56) == expected


def test_the_decree_changes_on_its_day():
    assert size_rules("industry", D56)[0].fact.source.startswith("Nghị định 56/2009")
    assert size_rules("industry", D39)[0].fact.source.startswith("Nghị định 39/2018")
    assert size_rules("industry", date(2021, 10, 14))[0].fact.source.startswith("Nghị định 39/2018")
    assert size_rules("industry", D80)[0].fact.source.startswith("Nghị định 80/2021")


def test_rules_come_from_the_smallest_class_up():
    for on in (D56, D39, D80):
        for group in ("industry", "agriculture", "trade"):
            assert [r.size for r in size_rules(group, on)] == ["micro", "small", "medium"]


def test_a_day_before_any_decree_or_an_unknown_group_is_refused():
    with pytest.raises(FactNotFound):
        size_class("industry", 5, B, B, date(2005, 1, 1))
    with pytest.raises(FactNotFound):
        size_class("banking", 5, B, B, D80)
