"""Resources found by the names people write, and their TOE and CO₂ factors."""

from datetime import date
from decimal import Decimal

import pytest

from sachhon.reference import (
    FactNotFound,
    co2_factor,
    facts,
    find_resource,
    reference_price,
    resource,
    resources,
    toe_factor,
    units,
)
from sachhon.reference.facts import rows
from sachhon.reference.resources import _words

DAY = date(2024, 6, 30)
KINDS = {"raw_material", "fuel", "material", "electricity", "water", "heat", "waste", "emission"}
FUELS = [r.code for r in resources() if r.kind in ("fuel", "electricity", "heat")]


def test_codes_are_unique_kinds_known_and_units_canonical():
    codes = [r.code for r in resources()]
    assert len(codes) == len(set(codes))
    for r in resources():
        assert r.kind in KINDS
        assert r.unit in units()
        assert (r.energy_carrier is not None) == (r.kind in ("fuel", "electricity", "heat")), r.code


def test_no_name_means_two_resources():
    meaning = {}
    for r in resources():
        for name in {_words(n) for n in (r.name_vi, r.name_en, *r.aliases)}:
            assert meaning.setdefault(name, r.code) == r.code, name


def test_every_alias_belongs_to_a_known_resource():
    codes = {r.code for r in resources()}
    assert {row["resource"] for row in rows("resource_aliases")} <= codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Điện", "electricity"), ("Tôn", "steel"), ("ton", "steel"), ("Hơi", "steam"),
        ("DIEN NANG", "electricity"), ("Điện năng tiêu thụ", "electricity"),
        ("§iÖn n¨ng", "electricity"), ("§iÖn", "electricity"), ("Dầu DO (lít)", "diesel"), ("dầu Diezel", "diesel"),
        ("Than", "coal_cam_5_6"), ("Than cám 3c", "coal_cam_3_4"), ("Than cám 5b Hòn Gai", "coal_cam_5_6"),
        ("Than Na Dương", "lignite"), ("Nước", "water"), ("Nước giếng khoan", "water_ground"),
        ("nước máy", "water_tap"), ("N\u00ad\u00edc", "water"), ("Củi", "firewood"), ("mùn cưa", "wood_residue"),
        ("Đá vôi", "limestone"), ("Đất sét", "clay"), ("Nhựa thông", "pine_resin"), ("Gỗ tròn", "round_wood"),
        ("Hoa hồi", "star_anise"), ("Thuốc nổ công nghiệp", "explosive"), ("Nước thải", "wastewater"),
        ("CTNH", "hazardous_waste"), ("SO₂", "so2"), ("Chất thải rắn", "solid_waste"), ("Bụi", "dust"),
        ("electricity", "electricity"), ("coal_cam_5_6", "coal_cam_5_6"),
    ],
)  # fmt: skip
def test_a_resource_is_known_by_the_names_people_write(text, code):
    found = find_resource(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "text", ["tiền điện", "Điện thoại", "Tổng cộng", "", "Ghi chú", "Doanh thu", "(kWh)", "Tồn", "Hồi"]
)
def test_what_is_no_resource_is_not_guessed(text):
    assert find_resource(text) is None


def test_every_energy_has_a_toe_and_a_co2_factor_in_its_own_unit():
    for code in FUELS:
        unit = resource(code).unit
        assert toe_factor(code, DAY).unit == f"TOE/{unit}"
        assert co2_factor(code, DAY).unit == f"kgCO2e/{unit}"


def test_toe_factors_are_those_of_the_letter_of_2011():
    expected = {
        "electricity": "0.0001543", "coal_cam_1_2": "0.70", "coal_cam_3_4": "0.60", "coal_cam_5_6": "0.50",
        "diesel": "0.00088", "fuel_oil": "0.99", "lpg": "1.09", "petrol": "0.00083", "natural_gas": "0.00090",
    }  # fmt: skip
    for code, value in expected.items():
        found = toe_factor(code, DAY)
        assert found.value == Decimal(value)
        assert found.confidence == "found"


def test_co2_factors_follow_from_heat_value_and_gases():
    for f in facts("co2"):
        x = f.extra
        if not x["ncv_gj"]:
            continue
        heat = Decimal(x["ncv_gj"]) / 1000
        others = (Decimal(x["ch4_kg_per_tj"]) * 28 + Decimal(x["n2o_kg_per_tj"]) * 265) * heat
        carbon = Decimal(x["co2_kg_per_tj"]) * heat
        biogenic = Decimal(x["biogenic_co2"])
        assert f.value == pytest.approx(others if biogenic else carbon + others, rel=Decimal("1e-4"))
        if biogenic:
            assert biogenic == pytest.approx(carbon, rel=Decimal("1e-4"))


def test_wood_counts_only_methane_and_nitrous_oxide():
    wood = co2_factor("firewood", DAY)
    assert wood.value is not None
    assert wood.value < 40
    assert Decimal(wood.extra["biogenic_co2"]) > 1500


def test_the_grid_factor_is_of_its_year_and_carried_forward_as_an_estimate():
    assert co2_factor("electricity", date(2023, 12, 31)).value == Decimal("0.6592")
    assert co2_factor("electricity", date(2022, 1, 1)).value == Decimal("0.6766")
    later = co2_factor("electricity", date(2026, 6, 1))
    assert later.value == Decimal("0.6592")
    assert later.confidence == "estimate"
    assert "2023" in later.name_vi


def test_grid_factors_cover_every_year_from_2010():
    for year in range(2010, 2031):
        value = co2_factor("electricity", date(year, 7, 1)).value
        assert value is not None
        assert Decimal("0.4") < value < Decimal("1.0")


def test_material_has_no_toe_factor():
    with pytest.raises(FactNotFound):
        toe_factor("limestone", DAY)


def test_the_power_price_is_that_of_its_day():
    assert reference_price("electricity", date(2025, 5, 9)).value == Decimal("2103.1159")
    assert reference_price("electricity", date(2025, 5, 10)).value == Decimal("2204.0655")


def test_an_unknown_resource_is_refused():
    with pytest.raises(FactNotFound, match="unobtainium"):
        resource("unobtainium")
