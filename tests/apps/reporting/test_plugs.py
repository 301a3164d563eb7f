"""What other rooms show of the reports: today, search, the facility's page, programs."""

import datetime

import pytest
from django.urls import reverse

from sachhon.apps.people.today import items_for
from sachhon.apps.reporting import plugs
from sachhon.apps.reporting.services import workflow

from .conftest import NOW

DAY = NOW.date()


def test_a_factory_is_told_how_many_days_are_left_until_it_has_reported(works):
    (item,) = plugs.today_items(works.factory, 2026, DAY)
    assert (item.kind, item.due_date, item.level) == ("due", datetime.date(2026, 12, 14), "warning")
    report = works.draft()
    (item,) = plugs.today_items(works.factory, 2026, DAY)
    assert item.url.endswith("/dien/thong-tin-chung/")
    (late,) = plugs.today_items(works.factory, 2026, datetime.date(2026, 12, 15))
    assert (late.kind, late.level) == ("late", "danger")
    workflow.submit(works.factory, report, now=NOW)
    assert plugs.today_items(works.factory, 2026, DAY) == []
    workflow.return_with_remarks(works.centre, report, "Thiếu số nước", now=NOW)
    (item,) = plugs.today_items(works.factory, 2026, DAY)
    assert (item.kind, item.level) == ("waiting", "warning")


def test_an_officer_sees_what_waits_and_who_has_not_reported(works, cast):
    works.sent()
    found = {item.kind: item.count for item in plugs.today_items(works.centre, 2026, DAY)}
    assert found == {"waiting": 1, "due": 1}
    late = plugs.today_items(works.centre, 2026, datetime.date(2026, 12, 15))
    assert {item.kind for item in late} == {"waiting", "late"}
    assert plugs.today_items(cast.user("leader"), 2026, DAY) == []
    assert plugs.today_items(cast.user("expert"), 2026, DAY) == []


def test_the_page_today_opens_for_every_role(works, cast):
    works.sent()
    for role in cast.roles:
        assert isinstance(items_for(cast.user(role), 2026, DAY), list)


def test_reports_are_found_by_the_name_of_the_factory_without_tone_marks(works, cast):
    works.sent()
    assert [hit.url for hit in plugs.find(works.centre, "gach tuynel", 5)] == [
        reverse("reporting:report", args=["LS-0001", 2026, 1])
    ]
    assert plugs.find(works.centre, "mo da", 5) == []


def test_the_facilitys_page_shows_the_report_and_its_savings(works, client):
    works.year(2025)
    works.sent()
    client.force_login(works.factory)
    page = client.get(reverse("registry:facility", args=["LS-0001"]) + "?year=2026").content.decode()
    assert "saving:LS-0001:2026:electricity" in page
    assert reverse("reporting:report", args=["LS-0001", 2026, 1]) in page


@pytest.mark.parametrize(("role", "status"), [("factory", 200), ("leader", 200)])
def test_programs_read_reports_within_their_reach(works, cast, client, role, status):
    works.year(2025)
    works.sent()
    client.force_login(cast.user(role))
    listed = client.get("/api/v1/reports/?year=2026")
    assert listed.status_code == status
    assert [r["facility"] for r in listed.json()] == ["LS-0001"]
    one = client.get("/api/v1/reports/LS-0001/2026/1").json()
    assert one["employees"] == 40
    assert len(one["lines"]) == 3
    saved = {s["resource"]: s for s in client.get("/api/v1/reports/LS-0001/2026/1/savings").json()}
    assert float(saved["electricity"]["relative_pct"]) == 10
    assert saved["electricity"]["figure"] == "saving:LS-0001:2026:electricity"


def test_programs_see_nothing_of_others(works, cast, client):
    works.sent()
    user = cast.user("factory")
    user.organisation = cast.quarry_enterprise
    user.save()
    client.force_login(user)
    assert client.get("/api/v1/reports/?year=2026").json() == []
    assert client.get("/api/v1/reports/LS-0001/2026/1").status_code == 404
    client.logout()
    assert client.get("/api/v1/reports/?year=2026").status_code in (302, 401)
