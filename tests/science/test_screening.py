"""The quick assessment: points that add up, ranges that open questions widen, order of what to look at."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.screening import (
    Answer,
    Item,
    Option,
    Part,
    Resource,
    Settings,
    gap_to_benchmark,
    score,
    together,
)
from sachhon.science.uncertainty import ScienceError

CASES = Path(__file__).parents[1] / "cases" / "screening"
POWER = Resource("power", 1000, 700, "kWh", specific=115, poor=130, average=110, good=95, best=85)
WATER = Resource("water", 50, 300, "m3")
ITEMS = (
    Item("leaks", "power", Answer.NO, 2, ("fix leaks",)),
    Item("lamps", "power", Answer.YES, 1, ("led",)),
    Item("motors", "power", Answer.PARTLY, 1, ("vsd",)),
    Item("meters", "water", Answer.UNKNOWN, 1, ("meter water",)),
)
OPTIONS = (
    Option("fix leaks", "power", 0.02, 0.06, 0.2),
    Option("led", "power", 0.01, 0.02, 2.0),
    Option("vsd", "power", 0.04, 0.10, 2.5),
    Option("meter water", "water", 0.05, 0.15, 0.5),
)
answers = st.sampled_from(list(Answer))


def case(name):
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def test_two_per_cent_of_a_large_cost_comes_before_ten_of_a_small_one():
    told = case("prioritisation")
    resources, items, options = [], [], []
    for name in ("smaller", "larger"):
        one = told[name]
        resources.append(Resource(name, 1, one["cost"]))
        items.append(Item(f"ask {name}", name, Answer.NO, 1, (f"do {name}",)))
        options.append(Option(f"do {name}", name, one["reduction"], one["reduction"]))
    result = score(resources, items, options)
    larger, smaller = result.potentials
    assert (larger.resource, smaller.resource) == ("larger", "smaller")
    assert larger.middle_vnd / smaller.middle_vnd == pytest.approx(told["times"])


def test_a_tenth_of_electricity_comes_before_all_of_the_paper():
    told = case("prioritisation")
    other = 1 - told["electricity"]["cost_share"] - told["paper"]["cost_share"]
    result = score(
        [
            Resource("paper", 1, told["paper"]["cost_share"]),
            Resource("electricity", 1, told["electricity"]["cost_share"]),
            Resource("other", 1, other),
        ],
        [
            Item("p", "paper", Answer.NO, 1, ("no paper",)),
            Item("e", "electricity", Answer.NO, 1, ("save",)),
        ],
        [
            Option("no paper", "paper", told["paper"]["reduction"], told["paper"]["reduction"]),
            Option("save", "electricity", told["electricity"]["reduction"], told["electricity"]["reduction"]),
        ],
    )
    assert [one.resource for one in result.potentials] == ["electricity", "paper", "other"]
    assert [one.option for one in result.advice] == ["save", "no paper"]


def test_the_options_of_a_published_tea_plant_come_in_the_order_of_quick_payback_then_money():
    told = case("tea_packing_kisem")
    bill = told["electricity"]
    options = [
        Option(
            one["code"],
            "power",
            one["kwh"] / bill["kwh"],
            one["kwh"] / bill["kwh"],
            one["payback_months"] / 12,
        )
        for one in told["options"]
    ]
    items = [Item(one.code, "power", Answer.NO, 1, (one.code,)) for one in options]
    result = score([Resource("power", bill["kwh"], bill["cost"], "kWh")], items, options)
    assert [one.option for one in result.advice] == told["order"]
    money = {one["code"]: one["money"] for one in told["options"]}
    for advice in result.advice:
        # printed with 7.80 INR/kWh, the bill's average is 7.78
        assert advice.vnd[0] == pytest.approx(money[advice.option], rel=0.004)
    kwh = sum(one["kwh"] for one in told["options"])
    assert result.potentials[0].quantity[1] < kwh


def test_the_printed_money_of_a_published_brickworks_and_where_its_cost_lies():
    told = case("brick_ok0839")
    power, gas = told["electricity"], told["gas"]
    options, items = [], []
    for one in told["options"]:
        share = one["kwh"] / power["kwh"]
        options.append(Option(one["code"], "power", share, share, one["investment"] / one["money"]))
        items.append(Item(f"ask {one['code']}", "power", Answer.NO, 1, (one["code"],)))
    resources = [
        Resource("power", power["kwh"], power["cost"], "kWh"),
        Resource("demand", 1, told["demand_cost"]),
        Resource("gas", gas["mmbtu"], gas["cost"], "MMBtu"),
    ]
    result = score(resources, items, options)
    money = {one["code"]: one["money"] for one in told["options"]}
    for advice in result.advice:
        # printed with 0.049 USD/kWh, the bill's average is 0.0487
        assert advice.vnd[0] == pytest.approx(money[advice.option], rel=0.006)
    # only option 3 pays back within a year (0.73); then the larger money
    assert [one.option for one in result.advice] == ["option 3", "option 1", "option 4"]
    by_code = {one.resource: one for one in result.potentials}
    assert by_code["gas"].cost_share == pytest.approx(0.738, abs=5e-4)
    # nothing was asked about gas: its points stay open, and the questions say so first
    assert by_code["gas"].basis == "none"
    assert result.questions[0].resource == "gas"


def test_the_points_by_hand():
    result = score([POWER, WATER], ITEMS, OPTIONS)
    points = {(p.resource, p.source): (p.low, p.high) for p in result.points}
    assert points["power", "leaks"] == pytest.approx((17.5, 17.5))  # 100 · 0.7 · ½ · 2/4
    assert points["power", "lamps"] == (0, 0)
    assert points["power", "motors"] == pytest.approx((4.375, 4.375))
    # 115 lies a quarter of the way from average (110) to poor (130): 2/3 + 1/12
    assert points["power", "benchmark"] == pytest.approx((26.25, 26.25))
    assert points["water", "meters"] == pytest.approx((0, 30))
    assert (result.low, result.high) == pytest.approx((48.125, 78.125))
    assert [(q.source, round(q.narrows)) for q in result.questions] == [("meters", 30)]


def test_the_potential_by_hand():
    power = score([POWER, WATER], ITEMS, OPTIONS).potentials[0]
    # leaks 0.02 to 0.06; the drive, half done, 0.02 to 0.05, and counts 0.7; benchmark 1 − 95/115 to 1 − 85/115
    middle = 1 - (1 - 0.04) * (1 - 0.7 * 0.035)
    half = math.hypot(0.02 * (1 - 0.7 * 0.035), 0.7 * 0.015 * (1 - 0.04))
    assert power.share == pytest.approx((middle - half, middle + half))
    assert power.vnd == pytest.approx(tuple(700 * s for s in power.share))
    assert power.quantity == pytest.approx(tuple(1000 * s for s in power.share))
    assert (power.basis, power.priority) == ("both", "high")
    assert power.words() == "power: chiếm 70% chi phí, có thể giảm 4–9%"


@given(st.lists(answers, min_size=4, max_size=4), st.booleans())
def test_the_points_always_add_up_to_the_score_and_lie_within_0_and_100(given_answers, measured):
    items = [replace(item, answer=a) for item, a in zip(ITEMS, given_answers, strict=True)]
    power = POWER if measured else replace(POWER, specific=None)
    result = score([power, WATER], items, OPTIONS)
    assert math.fsum(p.low for p in result.points) == result.low
    assert math.fsum(p.high for p in result.points) == result.high
    assert -1e-9 <= result.low <= result.high <= 100 + 1e-9


@given(st.lists(answers, min_size=4, max_size=4), st.integers(0, 3))
def test_a_question_left_open_holds_every_answer_to_it_and_never_counts_as_good(given_answers, at):
    items = [replace(item, answer=a) for item, a in zip(ITEMS, given_answers, strict=True)]
    items[at] = replace(items[at], answer=Answer.UNKNOWN)
    opened = score([POWER, WATER], items, OPTIONS)
    for answer in (Answer.YES, Answer.PARTLY, Answer.NO):
        items[at] = replace(items[at], answer=answer)
        answered = score([POWER, WATER], items, OPTIONS)
        assert opened.low - 1e-9 <= answered.low
        assert answered.high <= opened.high + 1e-9
        for code in ("power", "water"):
            wide = next(p for p in opened.potentials if p.resource == code).share
            tight = next(p for p in answered.potentials if p.resource == code).share
            assert wide[0] - 1e-9 <= tight[0]
            assert tight[1] <= wide[1] + 1e-9
    items[at] = replace(items[at], answer=Answer.YES)
    assert opened.value > score([POWER, WATER], items, OPTIONS).value


@given(st.floats(1e-3, 1e6))
def test_currency_does_not_change_the_score(scale):
    plain = score([POWER, WATER], ITEMS, OPTIONS)
    scaled = score([replace(r, cost_vnd=r.cost_vnd * scale) for r in (POWER, WATER)], ITEMS, OPTIONS)
    assert (scaled.low, scaled.high) == pytest.approx((plain.low, plain.high))


def test_nothing_known_of_a_resource_leaves_all_its_points_open():
    result = score([Resource("coal", 1, 100)])
    assert (result.low, result.high) == (0, 100)
    assert result.potentials[0].basis == "none"
    assert "chưa có căn cứ" in result.potentials[0].words()


def test_a_yield_runs_the_other_way():
    rate = Resource(
        "wood", 100, 100, specific=0.5, poor=0.4, average=0.5, good=0.6, best=0.8, higher_is_better=True
    )
    assert gap_to_benchmark(rate) == pytest.approx((2 / 3, 2 / 3))
    low, high = score([rate]).potentials[0].share
    assert (low, high) == pytest.approx((1 - 0.5 / 0.6, 1 - 0.5 / 0.8))


def test_better_than_best_has_no_gap_and_no_potential():
    result = score([replace(POWER, specific=80.0)])
    assert (result.low, result.high) == (0, 0)
    assert result.potentials[0].share == (0, 0)


def test_options_whose_practice_is_in_place_are_not_advised_and_unanswered_ones_come_last():
    result = score([POWER, WATER], ITEMS, OPTIONS)
    assert [one.option for one in result.advice] == ["fix leaks", "vsd", "meter water"]
    assert result.advice[-1].unsure
    assert "chưa được trả lời" in result.advice[-1].words()
    assert "because of item leaks" in result.advice[0].words("en")


@pytest.mark.parametrize(
    ("resources", "items", "options", "told"),
    [
        ([Resource("a", 1, 0)], (), (), "no resource has a cost"),
        ([POWER, POWER], (), (), "given twice"),
        ([replace(POWER, best=200.0)], (), (), "run one way"),
        ([POWER], [Item("x", "steam")], (), "steam is not among"),
        ([POWER], (), [Option("x", "power", 0.5, 0.2)], "low to high"),
        ([replace(POWER, quantity=-1.0)], (), (), "not negative"),
        ([POWER, WATER], ITEMS, OPTIONS[1:], r'"fix leaks" \(item leaks\)'),
        (
            [POWER, WATER],
            ITEMS,
            (*OPTIONS[:3], Option("meter watre", "water", 0, 1)),
            'perhaps "meter watre"',
        ),
        ([POWER, WATER], ITEMS, (), '"fix leaks".*"led".*"vsd".*"meter water".*take their codes off'),
        ([POWER], (), [Option("x", "power", 0.1, 0.2, -1.0)], "payback of -1"),
    ],
)
def test_a_fact_that_cannot_be_is_told_by_name(resources, items, options, told):
    with pytest.raises(ScienceError, match=told):
        score(resources, items, options)


def test_other_weights_are_reported():
    assert Settings().departures() == ()
    assert Settings(practice=0.7).departures("en") == ("share of the checklist: 0.7 instead of 0.5",)
    for wrong in (
        {"practice": 1.5},
        {"overlap": -0.1},
        {"medium_share": 0.5},
        {"quick_payback": float("nan")},
    ):
        with pytest.raises(ScienceError, match=r"from 0 to 1|0 or more"):
            Settings(**wrong)


def fuels(*options, answer=Answer.NO):
    """A works that burns coal for 9 parts of the money and diesel for 1, all options asked of."""
    fuel = Resource("fuel", 1000, 1000, "GJ", parts=(Part("coal", 0.9, 0.95), Part("diesel", 0.1, 0.05)))
    items = [Item(f"ask {o.code}", "fuel", answer, 1, (o.code,)) for o in options]
    return score([fuel], items, options)


def test_an_option_saves_of_the_parts_it_acts_on_alone():
    result = fuels(Option("log diesel", "fuel", 0.1, 0.25, parts=("diesel",)))
    assert result.advice[0].vnd == pytest.approx((10, 25))
    assert result.potentials[0].share == pytest.approx((0.01, 0.025))
    assert result.potentials[0].quantity == pytest.approx((5, 12.5))


def test_many_options_of_wide_ranges_neither_add_up_to_everything_nor_all_reach_their_high_end():
    many = [Option(f"o{n}", "fuel", 0.01, 0.2) for n in range(30)]
    low, high = fuels(*many).potentials[0].share
    left = [1 - 0.7**n * 0.105 for n in range(30)]
    half = math.hypot(*(0.7**n * 0.095 * math.prod(left) / one for n, one in enumerate(left)))
    assert (low, high) == pytest.approx((1 - math.prod(left) - half, 1 - math.prod(left) + half))
    assert high < 0.45 < 1 - 0.8**30  # all at once, each as if it stood alone: 99.9 %
    alone = fuels(many[0]).potentials[0].share
    assert alone == pytest.approx((0.01, 0.2))
    # answers not given yet leave both possible: nothing, and the same high end
    assert fuels(*many, answer=Answer.UNKNOWN).potentials[0].share == pytest.approx((0, high))


def test_the_whole_of_several_resources_is_narrower_than_its_ends_added_up():
    assert together([(10, 50), (5, 65)]) == pytest.approx((65 - math.hypot(20, 30), 65 + math.hypot(20, 30)))
    assert together([(10, 50)]) == (10, 50)


def test_an_option_whose_base_is_not_known_promises_nothing():
    result = fuels(Option("tyres", "fuel", 0.1, 0.25, parts=("petrol",)))
    assert result.advice[0].vnd == (0, 0)
    assert result.potentials[0].basis == "none"


def test_of_alternatives_only_the_largest_counts():
    kilns = [
        Option(name, "fuel", 0.4, high, parts=("coal",), alternative="kiln")
        for name, high in (("a", 0.6), ("b", 0.65))
    ]
    assert fuels(*kilns).potentials[0].share == pytest.approx((0.36, 0.9 * 0.65))


@given(
    st.lists(
        st.tuples(
            st.floats(0, 1),
            st.floats(0, 1),
            st.sampled_from([("coal",), ("diesel",), ("coal", "diesel"), None]),
        ),
        min_size=1,
        max_size=12,
    ),
    answers,
)
def test_whatever_is_combined_no_part_saves_more_than_itself(measures, answer):
    options = [Option(str(n), "fuel", *sorted((a, b)), parts=p) for n, (a, b, p) in enumerate(measures)]
    low, high = fuels(*options, answer=answer).potentials[0].share
    reach = sum(
        {"coal": 0.9, "diesel": 0.1}[p]
        for p in {p for _a, _b, ps in measures for p in ps or ("coal", "diesel")}
    )
    assert -1e-12 <= low <= high + 1e-12 <= reach + 2e-12
    for one in fuels(*options, answer=answer).advice:
        parts = next(o.parts for o in options if o.code == one.option) or ("coal", "diesel")
        assert one.vnd[1] <= 1000 * sum({"coal": 0.9, "diesel": 0.1}[p] for p in parts) + 1e-9


def test_an_option_alone_is_told_no_more_than_the_benchmark_leaves_of_its_resource():
    tea = Resource("raw_material", 58.2, 500.0, "t", specific=4.1, average=4.5, best=4.0)
    first_in = Option("store", "raw_material", 0.005, 0.03)
    found = score([tea], [Item("store?", "raw_material", Answer.NO, 1, ("store",))], [first_in])
    potential, advice = found.potentials[0], found.advice[0]
    assert potential.vnd == pytest.approx((0, 500 * (1 - 4.0 / 4.1)))
    assert advice.vnd == pytest.approx(potential.vnd)
