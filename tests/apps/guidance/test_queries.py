"""What the assessment takes from the library: published versions, by trade, size and resource."""

from dataclasses import asdict

import pytest

from sachhon.apps.guidance import content, queries
from sachhon.apps.guidance.fields import label
from sachhon.apps.guidance.models import Kind, LibraryItem, LibraryVersion, State
from sachhon.apps.guidance.services import library
from sachhon.apps.guidance.services.benchmark_scope import scope_faults
from sachhon.apps.guidance.services.checks import part_problems
from sachhon.science.screening import Answer, Item, Resource, score
from sachhon.science.screening import Option as ScreeningOption

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library(catalogue):
    """The library is taken in with the catalogue."""


def test_questions_come_in_the_order_of_a_walk_the_general_ones_first():
    asked = queries.checklist_for("brick")
    assert [q.checklist for q in asked] == sorted(
        (q.checklist for q in asked), key=["general", "brick"].index
    )
    own = [q.code for q in asked if q.checklist == "brick"]
    assert own == sorted(own)
    assert queries.checklist_for("brick", general=False)[0].code == "brick.01"


@pytest.mark.parametrize(
    ("trade", "asked_of_steam"), [("brick", False), ("paper", True), ("stone_lime", False)]
)
def test_a_boiler_is_asked_about_and_its_options_offered_only_where_the_trade_has_one(trade, asked_of_steam):
    asked = queries.checklist_for(trade)
    assert any(q.needs == "steam" for q in asked) == asked_of_steam
    assert any("lò hơi" in q.text() for q in asked if q.checklist == "general") == asked_of_steam
    assert any(o.code == "BLR-08" for o in queries.options_for(trade)) == asked_of_steam
    # what is stored in the open is kept dry with or without a boiler
    assert any(o.code == "BLR-14" for o in queries.options_for(trade))


def test_a_version_from_before_that_was_asked_is_asked_everywhere():
    item = LibraryItem.objects.get(kind=Kind.CHECKLIST, code="general")
    version = item.versions.get(state=State.PUBLISHED)
    for question in version.content["questions"]:
        question.pop("needs")
    version.save()
    assert "general.22" in {q.code for q in queries.checklist_for("brick")}


def test_a_small_workshop_is_not_asked_what_is_meant_for_large_plants():
    large = {q.code for q in queries.checklist_for("cement", "large")}
    micro = {q.code for q in queries.checklist_for("cement", "micro")}
    assert micro < large
    assert large == {q.code for q in queries.checklist_for("cement", "unknown")}


def test_a_question_says_the_same_in_both_languages_and_points_to_options_that_exist():
    for question in queries.checklist_for("wood"):
        assert question.text("vi").endswith("?")
        assert question.text("en").endswith("?")
        assert question.no_means("vi")
        assert question.version == 1
        for code in question.options:
            assert queries.option(code) is not None, (question.code, code)


def test_options_are_those_of_the_trade_and_its_utilities_and_can_be_asked_for_by_resource():
    codes = [o.code for o in queries.options_for("brick")]
    assert codes[0] == "BRK-01"
    named = {code for q in queries.checklist_for("brick") for code in q.options}
    assert named <= set(codes)
    assert "LGT-01" in codes
    assert not any(code.startswith(("CEM", "PLT", "TXT")) for code in codes)
    water = queries.options_for("brick", {"water"})
    assert water
    assert all("water" in o.resources for o in water)


def test_what_is_not_cleaner_production_is_in_the_library_but_never_offered():
    assert queries.option("WST-02") is None
    item = LibraryItem.objects.get(kind=Kind.OPTION, code="WST-02")
    assert item.state == State.WITHDRAWN
    assert "tái chế" in item.versions.get().remark


def test_benchmarks_are_those_of_the_trade_with_those_of_utilities_on_demand():
    own = queries.benchmarks_for("brick")
    assert {b.system for b in own} == {"brick"}
    both = queries.benchmarks_for("rosin", utilities=True)
    assert {"rosin", "essential_oil", "steam", "compressed_air"} <= {b.system for b in both}
    coal = next(b for b in own if b.indicator("en") == "fine coal")
    assert coal.unit("vi") == "kg/1.000 viên QTC" or coal.unit("vi").endswith("viên QTC")
    assert (coal.poor, coal.best) == (160, 85)


def test_the_trade_of_a_facility_is_that_of_its_registry_trade(cast):
    assert queries.trade_of(cast.brick) == "brick"
    assert queries.trade_of(cast.quarry) == "stone_lime"


def test_an_older_version_can_be_had_by_its_number():
    assert queries.version_of(Kind.OPTION, "BLR-01", 1).name("en").startswith("Tune air-fuel")
    assert queries.version_of(Kind.CHECKLIST, "brick", 1)[0].code == "brick.01"
    assert queries.version_of(Kind.BENCHMARK, "cement", 1)[0].system == "cement"


def test_the_screening_can_be_fed_straight_from_the_library():
    power = Resource("electricity", 500_000, 1.1e9, "kWh")
    fuel = Resource("fuel", 900, 2.7e9, "t")
    codes = (power.code, fuel.code)
    asked = [q for q in queries.checklist_for("brick", "small") if q.resource in codes]
    options = [
        ScreeningOption(o.code, o.resources[0], *o.saving_of_resource, o.payback_years)
        for o in queries.options_for("brick", codes)
        if o.resources[0] in codes
    ]
    given = {o.code for o in options}
    items = [
        Item(q.code, q.resource, Answer.NO, q.weight, tuple(code for code in q.options if code in given))
        for q in asked
    ]
    found = score([power, fuel], items, options)
    assert found.value == pytest.approx(100)
    assert found.advice
    for potential in found.potentials:
        assert 0 < potential.share[0] < potential.share[1] < 1


def test_a_question_does_not_name_an_option_that_was_withdrawn(cast):
    version = LibraryItem.objects.get(kind=Kind.OPTION, code="BRK-06").versions.get()
    library.move(cast.user("centre"), version, "withdraw", "Thử")
    assert "BRK-06" not in {code for q in queries.checklist_for("brick") for code in q.options}


def test_every_benchmark_that_anybody_is_compared_with_says_what_it_counts_and_per_what():
    rows = [
        content.benchmarks_of(v.content, 1) for v in LibraryVersion.objects.filter(item__kind="benchmark")
    ]
    plain = [asdict(b) for system in rows for b in system]
    assert len(plain) > 250
    assert {b["code"]: list(scope_faults(b)) for b in plain if list(scope_faults(b))} == {}
    assert {b["per"] for b in plain if b["code"] in ("bench_143", "bench_140")} == {"raw_material"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"counts": ["all_electricity"]}, "counts"),  # all energy of one carrier
        ({"counts": ["all_water"]}, "counts"),
        ({"indicator_en": "waste water"}, "counts"),
        ({"per": ""}, "per"),
        ({"per": "tonne"}, "per"),
        ({"unit_en": "MWh/t raw material"}, "per"),
    ],
)
def test_a_benchmark_whose_words_and_terms_disagree_is_refused(cast, change, fault):
    version = LibraryItem.objects.get(kind=Kind.BENCHMARK, code="beer").versions.get()
    good = next(r for r in version.content["rows"] if r["code"] == "bench_122")
    assert list(part_problems(Kind.BENCHMARK, good)) == []
    told = [p.params["field"] for p in part_problems(Kind.BENCHMARK, good | change)]
    assert label(fault) in told
