"""What an option of the library would save here is reckoned on the resource that it acts on, and on no other."""

import datetime

import pytest

from sachhon.apps.assessment.models import Kind, Option
from sachhon.apps.assessment.services import library, opening
from sachhon.apps.registry.models import Record, Resource, Trade
from sachhon.reference import resources
from sachhon.reference.families import covers, families
from sachhon.reference.knowledge import library_options

A_YEAR = {"cement": 12_000, "sand": 18_000, "crushed_stone": 24_000, "diesel": 60_000, "water": 6_000}


@pytest.fixture
def concrete(cast):
    """A ready-mix plant: cement, sand, stone, water, and diesel of its loaders; it cures nothing by steam."""
    cast.brick.trade = Trade.objects.get(code="concrete")
    cast.brick.save()
    for month in range(1, 13):
        for code, amount in A_YEAR.items():
            Record.objects.create(
                facility=cast.brick,
                year=2025,
                month=month,
                flow="consumption",
                resource=Resource.objects.get(code=code),
                quantity=amount / 12,
            )
    span = {"data_from": datetime.date(2025, 1, 1), "data_to": datetime.date(2025, 12, 31)}
    return opening.open_assessment(cast.user("centre"), cast.brick, Kind.DETAILED, **span)


def offered(cast, assessment):
    return {o.option.code: o for o in library.offers(cast.user("centre"), assessment)}


def test_cement_is_saved_of_cement_and_not_of_sand(concrete, cast):
    less_cement = offered(cast, concrete)["CON-01"].savings
    assert set(less_cement) == {"cement"}
    assert less_cement["cement"]["high"] == pytest.approx(12_000 * 0.25)


def test_wash_water_is_saved_of_the_water_and_not_of_stone(concrete, cast):
    washed = offered(cast, concrete)["CON-03"].savings
    assert set(washed) == {"water"}
    assert washed["water"]["low"] == pytest.approx(6_000 * 0.2 * 0.6)
    assert washed["water"]["high"] == pytest.approx(6_000 * 0.6 * 0.95)


def test_the_diesel_of_loaders_cures_no_concrete(concrete, client, cast):
    offers = offered(cast, concrete)
    assert offers["CON-05"].savings == {}
    client.force_login(cast.user("centre"))
    page = client.get(f"/danh-gia/{concrete.pk}/nguon/").text
    assert "không tính được – cần số đo: nhiên liệu dưỡng hộ" in page
    taken = library.take_from_library(cast.user("centre"), concrete, "CON-05")
    assert Option.objects.get(pk=taken.pk).savings == {}
    assert list(offers["TRN-06"].savings) == ["diesel"]


def test_no_offer_saves_more_than_there_is(concrete, cast):
    for offer in library.offers(cast.user("centre"), concrete):
        for code, row in offer.savings.items():
            assert 0 <= row["low"] <= row["high"] <= A_YEAR[code], offer.option.code


def test_every_option_acts_on_things_that_exist_and_that_it_says_it_saves():
    kinds = {r.code: "fuel" if r.kind == "heat" else r.kind for r in resources()}
    for option in library_options().values():
        assert set(option.acts_on) <= {*families(), *kinds}, option.code
        touched = {kind for code, kind in kinds.items() if covers(option.acts_on, code, kind)}
        assert touched <= set(option.resources), option.code


def test_the_closing_of_one_cooling_loop_is_not_counted_once_a_list():
    loops = [library_options()[code].alternative for code in ("WTR-04", "ROS-04", "OIL-06")]
    assert loops == ["cooling_loop"] * 3
