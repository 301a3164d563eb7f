"""Provinces, districts and communes over time, and what became of the old ones."""

from collections import Counter
from datetime import date
from itertools import pairwise
from math import cos, hypot, radians

import pytest

from sachhon.reference import FactNotFound, all_areas, area, areas, province, successor, successors
from sachhon.reference.facts import rows

LAST_DAY, FIRST_DAY = date(2025, 6, 30), date(2025, 7, 1)


def of_lang_son(level, on):
    return [a for a in areas(on) if a.province_code == "20" and a.level == level]


def test_lang_son_has_its_districts_until_june_2025_and_65_communes_after():
    assert len(of_lang_son("district", LAST_DAY)) == 11
    assert len(of_lang_son("commune", LAST_DAY)) == 194
    assert of_lang_son("district", FIRST_DAY) == []
    assert len(of_lang_son("commune", FIRST_DAY)) == 65


@pytest.mark.parametrize(
    ("on", "communes"),
    [(date(2016, 6, 30), 226), (date(2019, 12, 31), 226), (date(2020, 1, 1), 200), (date(2024, 11, 30), 200),
     (date(2024, 12, 1), 194)],
)  # fmt: skip
def test_communes_are_as_many_as_the_resolutions_left(on, communes):
    assert len(of_lang_son("commune", on)) == communes


def test_districts_of_2020_have_as_many_communes_as_resolution_818_says():
    told = {"180": 22, "181": 19, "182": 17, "183": 22, "184": 17, "185": 18, "186": 24, "187": 20, "188": 21}
    found = Counter(a.parent for a in of_lang_son("commune", date(2020, 1, 1)))
    assert {code: found[code] for code in told} == told


def test_a_commune_of_2016_rolls_up_through_all_three_reforms():
    assert successor("06130@2004", date(2021, 1, 1)).name == "Xã Bắc Việt"
    assert successor("06130@2004", date(2026, 1, 1)).name == "Xã Văn Lãng"
    assert successor("06040@2004", date(2024, 12, 31)).name == "Thị trấn Thất Khê"
    assert area("06040", date(2016, 1, 1)).name == "Xã Đại Đồng"


def test_the_country_has_63_provinces_before_and_34_after():
    assert sum(a.level == "province" for a in areas(LAST_DAY)) == 63
    assert sum(a.level == "province" for a in areas(FIRST_DAY)) == 34


def test_keys_are_unique_and_versions_of_a_code_do_not_overlap():
    keys = [a.key for a in all_areas()]
    assert len(keys) == len(set(keys))
    by_code = {}
    for a in all_areas():
        by_code.setdefault((a.level, a.code), []).append(a)
    for versions in by_code.values():
        for old, new in pairwise(versions):
            assert old.valid_to is not None
            assert old.valid_to < new.valid_from


def test_a_code_used_again_means_another_commune():
    assert area("06037", LAST_DAY).name == "Xã Trung Thành"
    assert area("06037", FIRST_DAY).name == "Xã Kháng Chiến"
    assert area("06037@2004").key != area("06037@2025").key


@pytest.mark.parametrize("old", [a for a in all_areas() if a.valid_to], ids=lambda a: a.key)
def test_every_ended_area_leads_to_a_living_one(old):
    heir = successor(old.key, date(2026, 1, 1))
    assert heir.valid_to is None
    assert heir.province_code == successor(old.province_code, date(2026, 1, 1)).code
    assert old.successor_keys
    assert successors(old.key) == old.successor_keys


def test_living_areas_have_no_successor_and_stand_for_themselves():
    assert successors("06040@2025") == ()
    assert successor("06040@2025", date(2026, 1, 1)).key == "06040@2025"


def test_the_main_successor_comes_first():
    assert successors("06079@2004") == ("06079@2025", "06184@2025")


def test_each_old_commune_has_exactly_one_main_successor():
    mains = [r["area"] for r in rows("area_successors") if r["is_default"] == "1" and len(r["area"]) == 10]
    assert len(mains) == len(set(mains))


def test_all_new_communes_are_taken_from_old_ones():
    heirs = {r["successor"] for r in rows("area_successors")}
    assert {a.key for a in of_lang_son("commune", FIRST_DAY)} <= heirs


def test_every_area_lies_in_a_parent_of_its_time():
    for a in all_areas():
        if a.level == "province":
            assert a.parent_key is None
            continue
        assert a.parent_key is not None
        parent = area(a.parent_key)
        assert parent.level == ("district" if len(a.parent) == 3 else "province")
        assert parent.valid_to is None or a.valid_to is None or a.valid_to <= parent.valid_to


def test_hoang_van_thu_lies_among_the_wards_it_was_made_of():
    point = area("06172", FIRST_DAY)
    assert point.confidence == "estimate"
    made_of = [area(r["area"]) for r in rows("area_successors") if r["successor"] == "06172@2025"]
    wards = [a for a in made_of if a.level == "commune"]
    assert len(wards) == 5
    assert min(_km(point, ward) for ward in wards) < 5
    assert all(_km(point, ward) < 10 for ward in wards)


def test_every_commune_of_2025_lies_near_the_wards_it_was_made_of():
    for commune in of_lang_son("commune", FIRST_DAY):
        old = [area(r["area"]) for r in rows("area_successors") if r["successor"] == commune.key]
        assert min(_km(commune, ward) for ward in old if ward.level == "commune") < 8, commune.name


def test_an_area_out_of_its_time_is_refused_with_the_time_it_had():
    with pytest.raises(FactNotFound, match="2025-06-30"):
        area("180", date(2026, 1, 1))
    with pytest.raises(FactNotFound):
        area("99999", date(2026, 1, 1))


def test_province_gives_only_provinces():
    assert province("20").name == "Tỉnh Lạng Sơn"
    with pytest.raises(FactNotFound):
        province("06040", FIRST_DAY)


def _km(a, b):
    return hypot((a.lat - b.lat) * 111.2, (a.lon - b.lon) * 111.2 * cos(radians(a.lat)))
