"""Plans, targets, judging rules, deadlines, trades, sectors and the smaller lists."""

from datetime import date
from decimal import Decimal

import pytest

from sachhon.reference import (
    FactNotFound,
    benchmarks,
    bodies,
    body,
    deadline,
    facts,
    judging_rule,
    judging_rules,
    licence_groups,
    limits,
    norms,
    not_cp_kinds,
    option_groups,
    options,
    plan_in_force,
    plans,
    reminder_offsets,
    resources,
    targets,
    tasks,
    threshold,
    trade_of_vsic,
    trades,
    units,
    vsic,
    vsic_path,
)

INDICATORS = {"aware", "applying", "saving", "cp_unit"}


def test_the_plan_of_lang_son_has_the_targets_of_its_document():
    found = {t.indicator: t for t in targets("langson_2016_2020")}
    assert set(found) == INDICATORS
    assert found["aware"].value_low == 90
    assert found["applying"].value_low == 50
    assert (found["saving"].value_low, found["saving"].value_high) == (8, 13)
    assert found["cp_unit"].value_low == 70
    assert found["cp_unit"].scope_sizes == ("medium", "large")


def test_every_year_from_2016_to_2030_has_a_plan_for_lang_son():
    for year in range(2016, 2031):
        assert plan_in_force("20", year).province_code == "20"


def test_plans_after_2020_are_plainly_marked_as_demo():
    for code in ("langson_2021_2025", "langson_2026_2030"):
        plan = next(p for p in plans() if p.code == code)
        assert plan.is_demo
        assert plan.note == "Số minh họa: chưa có văn bản, dùng lại chỉ tiêu của Kế hoạch 93/KH-UBND"
        assert all(t.confidence == "estimate" for t in targets(code))


def test_a_province_without_a_plan_has_the_country_s():
    assert plan_in_force("01", 2024).code == "national_2021_2030"
    with pytest.raises(FactNotFound):
        plan_in_force("20", 1990)


def test_targets_speak_of_known_things():
    denominators = {f.code for f in facts("denominator_rules")}
    rules = {r.code for r in judging_rules()}
    for plan in plans():
        for target in targets(plan.code):
            assert target.indicator in INDICATORS
            assert target.direction == "at_least"
            assert target.denominator_rule in denominators
            assert target.judging_rule in rules
            assert plan.year_from <= target.year <= plan.year_to
            assert 0 < target.value_low <= target.value_high <= 100


def test_a_judging_rule_has_its_words_in_both_languages():
    assert judging_rule("aware.v1").window_years == 5
    for rule in judging_rules():
        assert rule.text("vi") != rule.text("en")
    with pytest.raises(FactNotFound):
        judging_rule("aware.v9")


def test_deadlines_fall_on_their_days():
    assert deadline("annual_report", 2025) == date(2025, 12, 15)
    assert deadline("annual_report_opens", 2025) == date(2025, 10, 1)
    assert deadline("correction", 2025) == date(2026, 1, 31)
    assert deadline("environmental_report", 2025) == date(2026, 1, 15)
    assert deadline("energy_report", 2025) == date(2026, 1, 15)
    with pytest.raises(FactNotFound):
        deadline("love_letter", 2025)


def test_reminders_go_out_before_and_after():
    assert reminder_offsets() == (-30, -14, -7, -1, 1, 7, 14, 30)


def test_the_trades_of_the_demo_add_up_and_speak_of_known_things():
    codes = {r.code for r in resources()}
    classes = {f.code for f in facts("vsic")}
    assert sum(t.demo_share for t in trades()) == Decimal(100)
    for trade in trades():
        assert set(trade.resources) <= codes, trade.code
        assert set(trade.vsic) <= classes, trade.code
        assert trade.product_unit in units()


def test_a_vsic_class_leads_to_its_trade_and_up_to_its_section():
    assert trade_of_vsic("2392").code == "brick"
    assert trade_of_vsic("9999").code == "other"
    path = vsic_path("2392", date(2026, 1, 1))
    assert [s.code for s in path] == ["C", "23", "239", "2392"]
    assert path[0].name("en") == "Manufacturing"


@pytest.mark.parametrize("on", [date(2020, 1, 1), date(2026, 1, 1)])
def test_every_vsic_code_has_a_parent_of_the_level_above(on):
    known = {s.code: s for s in vsic(on)}
    above = {"division": "section", "group": "division", "class": "group"}
    for s in known.values():
        if s.level != "section":
            assert known[s.parent].level == above[s.level]


def test_vsic_changes_with_its_edition():
    assert vsic_path("3511", date(2025, 11, 14))[-1].name_vi == "Sản xuất điện"
    assert (
        vsic_path("3511", date(2025, 11, 15))[-1].name_vi == "Sản xuất điện từ nguồn năng lượng không tái tạo"
    )
    with pytest.raises(FactNotFound):
        vsic_path("3540", date(2020, 1, 1))


def test_there_are_eight_option_groups_and_five_things_that_are_not_cp():
    assert [g.extra["number"] for g in option_groups()] == [str(n) for n in range(1, 9)]
    assert {k.code for k in not_cp_kinds()} == {
        "dilution", "treatment", "less_hazardous", "products_off_site", "recycling_off_site",
    }  # fmt: skip
    assert all(k.extra["reason_vi"] and k.extra["reason_en"] for k in not_cp_kinds())


def test_every_option_is_of_a_known_group_with_a_range_that_goes_up():
    groups = {g.code for g in option_groups()}
    classes = {c.code for c in facts("investment_classes")}
    assert len(options()) == 273
    for option in options():
        assert option.extra["group"] in groups
        assert option.extra["investment_class"] in classes
        assert option.low is not None
        assert option.high is not None
        assert 0 <= option.low <= option.high <= 100


def test_benchmarks_run_from_poor_to_best_in_one_direction():
    assert len(benchmarks()) == 256
    for bench in benchmarks():
        marks = [Decimal(bench.extra[k]) for k in ("poor", "average", "good", "best") if bench.extra[k]]
        up = bench.extra["higher_is_better"] == "1"
        assert marks == sorted(marks, reverse=not up), bench.code


def test_the_method_has_eighteen_tasks_in_six_steps():
    assert [int(t.extra["number"]) for t in tasks()] == list(range(1, 19))
    assert {t.extra["step"] for t in tasks()} == set("123456")


def test_norms_and_limits_are_of_their_day():
    beer_2019 = {f.code: f.value for f in norms(date(2019, 1, 1), "beer")}
    beer_2023 = {f.code: f.value for f in norms(date(2023, 1, 1), "beer")}
    assert beer_2019["beer.beer.gt100_trieu_lit"] == 140
    assert beer_2023["beer.beer.gt100_trieu_lit"] == 129
    assert norms(date(2027, 1, 1)) == ()
    cod = {f.code: f.value for f in limits(date(2020, 1, 1), "wastewater")}
    assert (cod["qcvn40_2011.cod.a"], cod["qcvn40_2011.cod.b"]) == (75, 150)
    assert len(limits(date(2012, 1, 1), "air")) == 40
    assert len(limits(date(2020, 1, 1), "air")) == 20  # column A ended with 2014


def test_bodies_bear_the_name_of_their_day():
    assert body("so_moi_truong", date(2025, 2, 28)).name_vi == "Sở Tài nguyên và Môi trường tỉnh Lạng Sơn"
    assert body("so_moi_truong", date(2025, 3, 1)).name_vi == "Sở Nông nghiệp và Môi trường tỉnh Lạng Sơn"
    assert body("so_cong_thuong", date(2025, 3, 1)).extra["abbreviation"] == "SCT"
    assert "ubnd_huyen" not in {b.code for b in bodies(date(2025, 7, 1))}


def test_key_energy_users_begin_at_a_thousand_toe():
    found = threshold("key_energy_user.industry", date(2024, 1, 1))
    assert (found.value, found.unit) == (1000, "TOE/year")
    assert [g.code for g in licence_groups()] == ["I", "II", "III", "IV"]
