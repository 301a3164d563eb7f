"""The day of an event is that of Vietnam: what is done before seven in the morning is no yesterday's."""

import datetime

from sachhon.apps.people import audit
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.pages import timeline


def test_an_early_morning_change_stands_on_its_own_day(cast):
    audit.record(cast.user("centre"), "facility.change", cast.brick, after={"name": "Gạch"})
    early = datetime.datetime(2026, 3, 9, 22, 30, tzinfo=datetime.UTC)  # half past five on the 10th in Hà Nội
    AuditEntry.objects.update(at=early)
    days = {event.on for event in timeline(cast.user("centre"), cast.brick)}
    assert days == {datetime.date(2026, 3, 10)}
