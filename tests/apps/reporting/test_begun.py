"""A facility counts from the year it began, or from the first year that anything is known of it."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.services.facilities import create_facility
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.queries.begun import begun
from sachhon.apps.reporting.services import province
from sachhon.apps.reporting.services.province.reading import rollup_data
from sachhon.apps.reporting.services.reminders import non_reporters


@pytest.fixture
def newcomer(cast, monkeypatch):
    """Registered on 1 December 2026; nobody wrote since when it operates."""
    today = datetime.date(2026, 12, 1)
    monkeypatch.setattr("sachhon.apps.registry.services.facilities.localdate", lambda: today)
    return create_facility(
        cast.user("department"), province_code="20", enterprise=cast.brick_enterprise, name="Mỏ đá mới",
        trade=cast.brick.trade, area=cast.brick.area,
    )  # fmt: skip


def years(facility):
    return [year for year in range(2023, 2028) if begun(Facility.objects.filter(pk=facility.pk), year)]


def test_one_registered_later_is_not_looked_for_in_earlier_years(newcomer):
    assert newcomer.registered_on == datetime.date(2026, 12, 1)
    assert years(newcomer) == [2026, 2027]


def test_one_registered_while_the_reports_came_in_belongs_to_their_year(newcomer):
    Facility.objects.filter(pk=newcomer.pk).update(registered_on=datetime.date(2027, 1, 31))
    assert years(newcomer) == [2026, 2027]


def test_a_known_day_goes_before_the_day_of_registration(newcomer):
    Facility.objects.filter(pk=newcomer.pk).update(started_on=datetime.date(2024, 12, 31))
    assert years(newcomer) == [2024, 2025, 2026, 2027]


def test_a_record_of_an_earlier_year_shows_that_it_operated(newcomer, cast):
    row = RecordRow(2025, 3, "consumption", Decimal(10), resource=cast.electricity)
    write_records(cast.user("centre"), newcomer, [row])
    assert years(newcomer) == [2025, 2026, 2027]


def test_it_is_in_no_count_list_or_reminder_of_the_year_before(newcomer, cast, client, settings, tmp_path):
    settings.HOME = tmp_path
    today = datetime.date(2026, 12, 20)
    before, now = (
        rollup_data(province.refresh(cast.user("department"), "20", year, today), "vi")
        for year in (2025, 2026)
    )
    assert now.introduction.facilities.value == before.introduction.facilities.value + 1
    assert newcomer.name not in [row.facility for row in before.reporting.rows]
    assert newcomer.name in [row.facility for row in now.reporting.rows]
    assert newcomer not in non_reporters(2025)
    assert newcomer in non_reporters(2026)
    client.force_login(cast.user("department"))
    for year, there in ((2025, False), (2026, True)):
        page = client.get(reverse("reporting:reports"), {"year": year}).content.decode()
        assert (newcomer.name in page) is there
