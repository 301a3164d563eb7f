"""Facilities entered before there was a day of registration get one from what is known of them."""

import datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from sachhon.apps.people import audit
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Facility, FacilityYear
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.queries.begun import begun

UTC = datetime.UTC
fill = import_module("sachhon.apps.registry.migrations.0008_registered_on_of_old_rows").fill


@pytest.fixture
def old(cast):
    """A facility of before: no day of registration, no day it began; last saved in March 2026."""
    row = Facility.objects.filter(pk=cast.brick.pk)
    row.update(registered_on=None, started_on=None, updated_at=datetime.datetime(2026, 3, 5, tzinfo=UTC))
    return cast.brick


def filled(facility):
    fill(apps, None)
    facility.refresh_from_db()
    return facility.registered_on


def years(facility):
    return [year for year in range(2022, 2028) if begun(Facility.objects.filter(pk=facility.pk), year)]


def test_it_no_longer_counts_in_the_years_before_anything_is_known(old):
    assert years(old) == [2022, 2023, 2024, 2025, 2026, 2027]
    assert filled(old) == datetime.date(2026, 3, 5)
    assert years(old) == [2026, 2027]


def test_its_first_entry_in_the_history_is_when_it_was_entered(old):
    entry = audit.record(None, "facility.create", old)
    AuditEntry.objects.filter(pk=entry.pk).update(at=datetime.datetime(2024, 6, 1, tzinfo=UTC))
    audit.record(None, "facility.change", old)
    assert filled(old) == datetime.date(2024, 6, 1)
    assert years(old) == [2024, 2025, 2026, 2027]


def test_figures_of_an_earlier_year_show_that_it_was_there(old, cast):
    row = RecordRow(2023, 3, "consumption", Decimal(10), resource=cast.electricity)
    write_records(cast.user("centre"), old, [row])
    Facility.objects.filter(pk=old.pk).update(registered_on=None)
    FacilityYear.objects.create(facility=old, year=2025, employees=20)
    assert filled(old) == datetime.date(2023, 12, 31)
    assert years(old) == [2023, 2024, 2025, 2026, 2027]


def test_a_day_that_is_there_stays(old):
    Facility.objects.filter(pk=old.pk).update(registered_on=datetime.date(2025, 2, 2))
    assert filled(old) == datetime.date(2025, 2, 2)
