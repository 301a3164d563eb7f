"""The library's tables: every code points to something, texts are in both languages, units parse, ranges go up."""

import re

import pytest

from sachhon.reference import (
    facts,
    not_cp_kind,
    not_cp_kinds,
    option_groups,
    pint_registry,
    resources,
    trades,
)
from sachhon.reference.knowledge import (
    GENERAL,
    arc_cases,
    arc_group,
    checklists,
    library_benchmarks,
    library_options,
    library_trade_of,
    library_trades,
    systems,
)

GROUPS = {g.code for g in option_groups()}
TOUCHED = {"electricity", "fuel", "water", "raw_material", "material", "waste", "all"}
QUESTIONS = [q for c in checklists().values() for q in c.questions]


def test_every_trade_of_the_registry_has_its_place_in_the_library_and_only_one():
    for trade in trades():
        places = [t.code for t in library_trades().values() if trade.code in t.registry_trades]
        assert len(places) == 1, trade.code
    assert library_trade_of("quarry") == "stone_lime"
    assert library_trade_of("other", "2220") == "plastics"
    assert library_trade_of("unheard of") == "other"


def test_every_system_is_reached_by_a_trade():
    reached = {s for t in library_trades().values() for s in (*t.systems, *t.utilities)}
    assert reached <= set(systems())
    assert {c for c, s in systems().items() if s.kind != "general"} <= reached


@pytest.mark.parametrize("checklist", checklists().values(), ids=lambda c: c.code)
def test_a_checklist_is_complete(checklist):
    assert 20 <= len(checklist.questions) <= 35
    assert checklist.trade == ("" if checklist.code == GENERAL else checklist.code)
    assert checklist.code == GENERAL or checklist.trade in library_trades()
    sections = [q.section for q in checklist.questions]
    assert len(set(sections)) >= 4
    assert sections == sorted(sections, key=list(dict.fromkeys(sections)).index)  # one walk, no way back
    assert len({q.resource for q in checklist.questions}) >= 3
    assert len({q.group for q in checklist.questions}) >= 4


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.code)
def test_a_question_is_one_in_both_languages_and_points_to_known_things(question):
    for text in (question.text_vi, question.text_en):
        assert text.endswith("?"), question.code
    assert question.no_vi.endswith(".")
    assert question.no_en.endswith(".")
    assert bool(question.help_vi) == bool(question.help_en)
    assert question.weight in (1, 2, 3)
    assert question.resource in TOUCHED
    assert question.group in GROUPS
    assert set(question.options) <= set(library_options())
    assert set(question.sizes) <= {"micro", "small", "medium", "large"}
    assert "chưa kiểm chứng" in question.source


def test_no_question_is_asked_twice():
    texts = [q.text_vi.casefold() for q in QUESTIONS]
    assert len(texts) == len(set(texts))


def test_most_questions_point_to_an_option():
    pointed = [q for q in QUESTIONS if q.options]
    assert len(pointed) / len(QUESTIONS) > 0.6


def test_options_are_filed_under_known_systems_groups_and_resources():
    known = {r.code for r in resources()}
    for option in library_options().values():
        assert option.system in systems()
        assert option.group in GROUPS
        assert option.resources
        assert set(option.resources) <= TOUCHED - {"all"}
        assert set(option.materials) <= known
        assert bool(option.condition_vi) == bool(option.condition_en)
        assert bool(option.effects_vi) == bool(option.effects_en), option.code
        assert re.fullmatch(r"(\d\.\d{2,4})?", option.arc_code), option.code
        assert 0 < option.share_low <= option.share_high <= 100
        low, high = option.saving_of_resource
        assert 0 <= low <= high <= 1
        if option.payback_low_years is not None and option.payback_high_years is not None:
            assert option.payback_low_years <= option.payback_high_years


def test_every_unit_of_a_benchmark_parses():
    registry = pint_registry()
    for bench in library_benchmarks().values():
        assert bench.unit_code in ("pct", "1") or registry.parse_units(bench.unit_code), bench.code
        assert bench.process_vi
        assert bench.indicator_vi
        assert bench.resource in TOUCHED - {"all"} | {"energy", ""}
        assert 1980 <= bench.year <= 2026


@pytest.mark.parametrize(("code", "quantity", "si"), [("kcal/kg", 4186.8, "J/kg"), ("kWh/t", 3600.0, "J/kg")])
def test_a_benchmark_s_unit_means_what_it_says(code, quantity, si):
    assert pint_registry().Quantity(1, code).to(si).magnitude == pytest.approx(quantity)


def test_norms_of_circulars_have_their_validity():
    norms = [b for b in library_benchmarks().values() if "norm" in b.indicator_en]
    assert len(norms) > 10
    assert all(b.valid_to is not None and b.valid_to.year == 2025 for b in norms)
    assert all(b.valid_to is None for b in library_benchmarks().values() if "norm" not in b.indicator_en)


def test_every_arc_code_of_ours_has_a_heading_with_a_group():
    kinds = {k.code for k in not_cp_kinds()}
    for option in library_options().values():
        if option.arc_code:
            assert arc_group(option.arc_code).code
    for heading in facts("arc_codes"):
        assert (heading.extra["group"] in GROUPS) != (heading.extra["not_cp"] in kinds), heading.code
        assert heading.extra["system"] in {*systems(), ""}


def test_the_seven_recommendations_of_a_really_audited_plant_fall_into_our_groups():
    """ITAC assessment DL0238, fiscal year 2024, itac.university/assessment/DL0238: seven recommendations."""
    expected = {
        "DL023801": ("2.4226", "equipment_modification", "compressed_air"),
        "DL023802": ("2.4224", "equipment_modification", "compressed_air"),
        "DL023803": ("2.4239", "housekeeping", "compressed_air"),
        "DL023804": ("2.2113", "housekeeping", "steam"),
        "DL023805": ("2.2437", "onsite_reuse", ""),
        "DL023806": ("2.2135", "housekeeping", "steam"),
        "DL023807": ("2.1392", "input_change", "steam"),
    }
    cases = {c.code: c for c in arc_cases()}
    assert set(cases) == set(expected)
    for code, (arc, group, system) in expected.items():
        found = arc_group(cases[code].extra["arc_code"])
        assert (found.code, found.extra["group"], found.extra["system"]) == (arc, group, system)
    done = [c for c in cases.values() if c.extra["implemented"] == "1"]
    assert sum(int(c.extra["saving_usd"]) for c in cases.values()) == 885_725
    assert sum(int(c.extra["saving_usd"]) for c in done) == 632_237
    assert sum(int(c.extra["cost_usd"]) for c in done) == 1_960_700
    assert {c.code for c in arc_cases("2.2113")} == {"DL023804"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Pha loãng nước thải trước khi xả", "dilution"), ("Xây trạm xử lý nước thải 50 m³", "treatment"),
        ("Lắp ống khói cao thêm 10 m", "treatment"), ("Ổn định hóa rắn chất thải", "less_hazardous"),
        ("Bán phế liệu kim loại, giấy, nhựa", "recycling_off_site"), ("Lắp biến tần cho bơm", None),
        ("Thu hồi nước sau bể lắng để rửa đá", None), ("Đồng xử lý chất thải làm nhiên liệu", None),
    ],
)  # fmt: skip
def test_what_is_not_cleaner_production_is_known_by_its_words(text, kind):
    found = not_cp_kind(text)
    assert (found[0] if found else None) == kind
