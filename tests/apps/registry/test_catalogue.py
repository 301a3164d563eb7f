"""The catalogue tables are a faithful copy of the reference facts, and stay so when copied again."""

from sachhon import reference
from sachhon.apps.registry.models import Area, Resource, Sector, Trade
from sachhon.apps.registry.services.catalogue import sync_reference


def test_every_fact_has_its_row(catalogue):
    assert Resource.objects.count() == len(reference.resources())
    assert Trade.objects.count() == len(reference.trades())
    assert Area.objects.count() == len(reference.all_areas())
    assert Sector.objects.get(code="2392").parent.code == "239"


def test_an_old_commune_leads_to_the_one_that_took_it_over(catalogue):
    old = Area.objects.get(code="05974", level="commune")
    assert old.valid_to is not None
    assert [a.name_vi for a in old.successors.all()] == ["Phường Tam Thanh"]
    assert old.parent.level == Area.Level.DISTRICT


def test_copying_again_changes_nothing(catalogue):
    before = list(Area.objects.order_by("pk").values_list())
    sync_reference()
    assert list(Area.objects.order_by("pk").values_list()) == before
