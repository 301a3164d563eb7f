"""What is no number, or no part of a calculation, is named by argument and place at every entry point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sachhon.science import finance, intensity, mfca, screening, survey
from sachhon.science.benchmark import dea
from sachhon.science.energy.totals import EnergyUse, totals
from sachhon.science.equipment import boiler
from sachhon.science.portfolio import Interaction, Limits, Option, Overlap, Scenarios, choose
from sachhon.science.uncertainty import ScienceError

X: Any = "x"
NONE: Any = None
HALF: Any = 2.5
PAIR = survey.Design(weights=[1, 2])
LAMP = Option("lamp", 1.0, 1.0, {"toe": 1.0})
OVEN = Option("oven", 1.0, 1.0)
COAL = screening.Resource("coal", 1.0, 1.0)
OUTPUT = np.arange(50, 62.0)
BASE = intensity.fit_baseline(100 + 2 * OUTPUT + np.tile([3, -3], 6), {"output": OUTPUT})


def survey_of(**design):
    return lambda: survey.Design(**design).total([1, 2])


FIVE = Limits(budget=5)


def chosen(option: Option, within: Any = FIVE, **more):
    return lambda: choose([option, OVEN], within, **more)


def scored(resource=COAL, **more):
    return lambda: screening.score([resource], **more)


def moved(**more):
    return lambda: mfca.allocate([mfca.Centre("press", [mfca.Material("clay", 1.0, 1.0, 1.0)], **more)])


def verified(drivers, consumption=(200.0, 200.0)):
    return lambda: intensity.verify(BASE, {"output": drivers}, consumption)


@pytest.mark.parametrize(
    ("ask", "en", "vi"),
    [
        (lambda: PAIR.total(["y", "n"]), "y holds 'y'", "y có 'y'"),
        (lambda: PAIR.proportion(["y", "n"]), "at place 0", "ở vị trí 0"),
        (lambda: PAIR.total([5, X], domain=[False, True]), "is no number, at place 1", "ở vị trí 1"),
        (lambda: PAIR.total([[1], [2, 3]]), "y must be one value", "y phải có một giá trị"),
        (lambda: PAIR.ratio([1, 2], [1, 2, 3]), "one length, not 2 and 3", "không phải 2 và 3"),
        (lambda: PAIR.ratio([1, 2], [1, X]), "x holds 'x', which is no number, at place 1", "x có 'x'"),
        (survey_of(weights=[1, X]), "weights holds 'x'", "trọng số (weights) có 'x'"),
        (survey_of(strata=[1, 1], population={1: X}), "population of stratum 1 is 'x'", "population của tầng 1"),
        (survey_of(strata=[1, 1], population=X), "population holds 'x'", "(population) có 'x'"),
        (lambda: survey.allocate({"a": X}, {"a": 1.0}, total=1), "population of stratum 'a'", "tầng 'a' là 'x'"),
        (lambda: intensity.lmdi([["a", 1]], [[1, 1]]), "x0 holds 'a', which is no number, at place 0, 0", "x0 có 'a'"),
        (lambda: intensity.lmdi([[1, 2], [3]], [[1, 2], [3]]), "x0 is no table", "x0 không phải"),
        (lambda: dea([[1.0, 1], [1, X]], [1, 2]), "inputs holds 'x', which is no number, at place 1, 1", "đầu vào có"),
        (lambda: dea([1, 2], [[1, 2], [3]]), "outputs is no table", "dài bằng nhau"),
        (chosen(replace(LAMP, value=X)), "the value of lamp is 'x'", "giá trị của lamp là 'x'"),
        (chosen(replace(LAMP, cost=X)), "need of lamp holds 'x'", "của lamp có 'x'"),
        (chosen(replace(LAMP, savings={"toe": X})), "the saving of toe of lamp is 'x'", "toe của lamp là 'x'"),
        (chosen(replace(LAMP, starts=(0.5,)), Limits(budget=[5, 5])), "a start of lamp is 0.5", "của lamp là 0,5"),
        (chosen(LAMP, Limits(budget=X)), "the budget holds 'x'", "vốn có 'x'"),
        (chosen(LAMP, Limits(targets={"toe": X})), "the limit of the resource", "giới hạn của tài nguyên"),
        (chosen(LAMP, NONE), "limits holds None", "limits có None"),
        (chosen(X), "options holds 'x' at place 0", "options có 'x' ở vị trí 0"),
        (chosen(LAMP, aim={"value": X}), 'weight of the aim "value" is', 'mục tiêu "value" là'),
        (chosen(LAMP, interactions=[Interaction("lamp", "oven", X)]), "lamp, oven do to each other", "nhau của lamp"),
        (chosen(LAMP, interactions=[Interaction("lamp", "lamp", 5)]), "names lamp twice", "nêu lamp hai lần"),
        (chosen(LAMP, interactions=[Overlap({"lamp": X, "oven": 0.1})]), "the share that lamp saves", "lamp tiết kiệm"),
        (lambda: Scenarios(X), "scenario values holds 'x'", "kịch bản có 'x'"),
        (lambda: Scenarios(np.ones((1, 1)), probability=X), "probabilities holds 'x'", "xác suất các kịch bản có 'x'"),
        (lambda: Scenarios(np.ones((1, 1)), weight=X), "the weight between 0 and 1", "trọng số giữa 0 và 1"),
        (lambda: mfca.allocate(NONE), "centres is None; give a list of Centre", "danh sách Centre"),
        (moved(to={"press": X}), "sends a share of x to press", "gửi phần x"),
        (lambda: screening.score(NONE), "resources is None; give a list of Resource", "danh sách Resource"),
        (scored(replace(COAL, cost_vnd=X)), "coal: figures must be finite", "coal: các con số"),
        (scored(items=[screening.Item("a", "coal", "no", X)]), "a: weight x", "a: trọng số x"),
        (scored(options=[screening.Option("o", "coal", X, 0.1)]), "o: savings are shares", "o: mức tiết kiệm"),
        (verified(["a", 55]), "the driver output holds 'a', which is no number, at place 0", "biến giải thích output"),
        (verified([[55, 56]]), "the driver output has the shape (1, 2)", "có dạng (1, 2)"),
        (verified([55, np.inf]), "figure 2 of the driver output is infinite", "là vô hạn"),
        (verified([55, 56], [200, np.inf]), "figure 2 of consumption is infinite", "thứ 2 của mức tiêu thụ"),
        (verified([55, 56], [X, 200]), "consumption holds 'x'", "mức tiêu thụ có 'x'"),
        (lambda: intensity.fit_baseline([X] * 12, {"output": OUTPUT}), "consumption holds 'x'", "mức tiêu thụ có 'x'"),
        (lambda: finance.straight_line(HALF), "years of depreciation is 2.5", "số năm khấu hao là 2,5"),
        (lambda: finance.declining_balance(HALF, 2), "years of depreciation is 2.5", "hãy cho số đếm"),
        (lambda: finance.declining_balance(5, X), "a factor above 0", "hệ số lớn hơn 0"),
        (lambda: finance.repayment(1, finance.Loan(0.5, 0.1, HALF)), "years of the loan is 2.5", "khoản vay là 2,5"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_with_its_place(ask, en, vi):
    with pytest.raises(ScienceError) as told:
        ask()
    assert en in told.value.words("en")
    assert vi in told.value.words("vi")


def test_what_lies_outside_a_domain_need_not_be_a_number():
    values: Any = [5, X]
    assert PAIR.total(values, domain=[True, False]).estimate == 5


def test_scenarios_may_be_given_as_lists():
    values: Any = [[1, 3], [2, 2]]
    found = choose([LAMP, OVEN], Limits(budget=5), scenarios=Scenarios(values))
    assert found.chosen == ("lamp", "oven")
    assert found.aim == pytest.approx(0.5 * 4 + 0.5 * 3)


def test_the_option_that_needs_more_years_is_named_and_one_is_written_as_one():
    with pytest.raises(
        ScienceError, match="lamp needs money or staff in year 2, the limits name no year after year 1"
    ):
        choose([OVEN, replace(LAMP, cost=[1, 1])], Limits(budget=5))
    with pytest.raises(ScienceError, match="the option gone, named by the limits, is not"):
        choose([OVEN], Limits(must=("gone",)))
    assert choose([OVEN], Limits(budget=5)).summary("en").startswith("1 option chosen")


def test_make_up_water_is_colder_than_the_boiler():
    with pytest.raises(ScienceError, match="150 °C is no colder than the water of a boiler at 100 kPa"):
        boiler.blowdown(1000, 100, 1000, 100, 150, 0.8)
    assert boiler.blowdown(1000, 100, 1000, 100, 25, 0.8)["heat_kw"] > 0


NAN = float("nan")
FLOWS = finance.simulate(
    lambda v: np.stack([-v["cost"], *[v["cost"] / 3] * 5], axis=-1),
    {"cost": finance.Normal(100, 10)},
    rate=0.1,
    draws=50,
    seed=1,
)


def totalled(**more):
    use = {"quantity": 1.0, "toe_per_unit": 1.0, "kgco2_per_unit": 1.0} | more
    return lambda: totals([EnergyUse("coal", **use)])


def per_unit(baseline: Any = 0.0, report: Any = 0.0, output: Any = 0.0):
    return lambda: intensity.saving_per_unit(
        intensity.Period({"brick": 100.0}, 50.0, consumption_uncertainty=baseline),
        intensity.Period({"brick": 90.0}, 40.0, None, report, output),
    )


@pytest.mark.parametrize(
    ("ask", "en", "vi"),
    [
        (
            lambda: finance.levelised_cost(0.1, [100, 20, 20], [0, 50]),
            "costs are of 3 dates, quantities of 2",
            "costs có 3 thời điểm, quantities có 2",
        ),
        (lambda: FLOWS.interval(-1), "level is -1; give a share", "level là -1; hãy cho một phần"),
        (lambda: FLOWS.interval(90), "level is 90", "level là 90"),
        (lambda: FLOWS.interval(NAN), "level is nan", "level là nan"),
        (lambda: FLOWS.payback_interval(-1), "level is -1", "level là -1"),
        (lambda: finance.Normal(NAN, 1), "mean of Normal is nan", "mean của Normal là nan"),
        (lambda: finance.Normal(X, 1), "mean of Normal is 'x'", "mean của Normal là 'x'"),
        (lambda: finance.Uniform(0, np.inf), "high of Uniform is inf", "high của Uniform là inf"),
        (lambda: finance.Triangular(1, NAN, 2), "mode of Triangular is nan", "mode của Triangular là nan"),
        (lambda: finance.LogNormal(np.inf, 1), "median of LogNormal is inf", "median của LogNormal là inf"),
        (totalled(quantity_uncertainty=NAN), "coal: uncertainty nan", "coal: độ không đảm bảo nan"),
        (totalled(toe_uncertainty=-0.3), "coal: uncertainty -0.3", "coal: độ không đảm bảo -0,3"),
        (totalled(co2_uncertainty=X), "coal: uncertainty x", "coal: độ không đảm bảo x"),
        (totalled(toe_per_unit=-1.0), "coal: factor -1.0 is", "coal: hệ số -1,0 không"),
        (totalled(kgco2_per_unit=X), "coal: factor x is", "coal: hệ số x không"),
        (totalled(quantity=X), "coal: quantity x", "coal: lượng x"),
        (per_unit(baseline=NAN), "consumption_uncertainty of the baseline is nan", "của kỳ gốc là nan"),
        (per_unit(report=-0.1), "consumption_uncertainty of the report is -0.1", "của kỳ báo cáo là -0,1"),
        (per_unit(output=X), "output_uncertainty of the report is x", "output_uncertainty của kỳ báo cáo"),
    ],
)
def test_what_would_be_counted_without_meaning_is_named(ask, en, vi):
    with pytest.raises(ScienceError) as told:
        ask()
    assert en in told.value.words("en")
    assert vi in told.value.words("vi")
