"""Facilities found by words: the same ones whichever way the database takes."""

import pytest
from django.db import connection

from sachhon.apps.people.models import Organisation
from sachhon.apps.registry import search
from sachhon.apps.registry.models import Area, Facility, Trade
from sachhon.apps.registry.services.catalogue import sync_reference

NAMES = ("Nhà máy gạch Hữu Lũng", "Nhà máy chè", "Xưởng gỗ máy xẻ nhà ông Tư", "Mỏ đá 50%", "Lò gạch")


@pytest.fixture
def facilities(db):
    sync_reference()
    enterprise = Organisation.objects.create(name="DN", kind="enterprise")
    area = Area.objects.filter(level="commune", valid_to=None).first()
    for number, name in enumerate(NAMES):
        one = Facility(
            code=f"LS-{number}", name=name, enterprise=enterprise, trade=Trade.objects.first(), area=area,
            province_code="20",
        )  # fmt: skip
        one.set_keys()
        one.save()
    return Facility.objects.order_by("code")


@pytest.mark.parametrize("most", [50_000, 2, 0])
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("nha may", [0, 1, 2]),
        ("may nha", [0, 1, 2]),
        ("gach", [0, 4]),
        ("gach lo", [4]),
        ("go xe", [2]),
        ("50%", [3]),
        ("khong co", []),
    ],
)
def test_words_find_the_same_whether_the_index_narrows_or_not(facilities, monkeypatch, words, found, most):
    monkeypatch.setattr(search, "MANY", most)
    assert [f.name for f in search.matching(facilities, words)] == [NAMES[n] for n in found]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by itself")
def test_the_index_is_left_aside_where_it_finds_most(facilities, monkeypatch):
    monkeypatch.setattr(search, "MANY", 2)
    assert "registry_facility_search" in str(search.matching(facilities, "gach").query)
    assert "registry_facility_search" not in str(search.matching(facilities, "nha may").query)
