"""What other rooms show of the reports: today, search, the facility's page, programs."""

import datetime

import pytest
from django.urls import reverse

from sachhon.apps.people.today import items_for
from sachhon.apps.registry.models import Figure
from sachhon.apps.registry.queries import lineage
from sachhon.apps.reporting import plugs, today_items
from sachhon.apps.reporting.models import AnnualReport, Finding
from sachhon.apps.reporting.services import plausibility, workflow

from .conftest import NOW, moment

DAY = NOW.date()


def test_a_factory_is_told_how_many_days_are_left_until_it_has_reported(works):
    (item,) = today_items.today_items(works.factory, 2026, DAY)
    assert (item.kind, item.due_date, item.level) == ("due", datetime.date(2026, 12, 14), "warning")
    report = works.draft()
    (item,) = today_items.today_items(works.factory, 2026, DAY)
    assert item.url.endswith("/dien/thong-tin-chung/")
    (late,) = today_items.today_items(works.factory, 2026, datetime.date(2026, 12, 15))
    assert (late.kind, late.level) == ("late", "danger")
    workflow.submit(works.factory, report, now=NOW)
    assert today_items.today_items(works.factory, 2026, DAY) == []
    workflow.return_with_remarks(works.centre, report, "Thiếu số nước", now=NOW)
    (item,) = today_items.today_items(works.factory, 2026, DAY)
    assert (item.kind, item.level) == ("waiting", "warning")


@pytest.mark.parametrize("status", ["paused", "closed"])
def test_a_report_of_a_facility_at_rest_waits_too_and_the_list_has_as_many(works, client, status):
    works.sent()
    works.brick.status = status
    works.brick.save()
    (item,) = [i for i in today_items.today_items(works.centre, 2026, DAY) if i.kind == "waiting"]
    assert item.count == 1
    client.force_login(works.centre)
    answer = client.get(item.url)
    assert answer.context["page"].paginator.count == 1
    assert works.brick.name in answer.content.decode()
    # Who does not operate owes no report: only the quarry is still to report.
    assert [i.count for i in today_items.today_items(works.centre, 2026, DAY) if i.kind == "due"] == [1]


def test_an_officer_sees_what_waits_and_who_has_not_reported(works, cast):
    works.sent()
    found = {item.kind: item.count for item in today_items.today_items(works.centre, 2026, DAY)}
    assert found == {"waiting": 1, "due": 1}
    late = today_items.today_items(works.centre, 2026, datetime.date(2026, 12, 15))
    assert {item.kind for item in late} == {"waiting", "late"}
    assert {item.due_words for item in late if item.due_date} == {"trước 15/12/2026"}
    assert today_items.today_items(cast.user("ministry"), 2026, DAY) == []


def listed(client, user, item) -> int:
    """How many rows the list behind a line has."""
    client.force_login(user)
    return client.get(item.url).context["page"].paginator.count


@pytest.mark.parametrize("role", ["expert", "centre", "department", "inspector", "leader"])
def test_every_count_of_the_page_today_is_that_of_the_list_it_opens(works, cast, client, role):
    cast.quarry.key_energy_user = "yes"
    cast.quarry.save()
    report = works.sent()
    works.sent(year=2025, now=moment(2026, 1, 5, 9))
    Finding.objects.create(report=report, rule="month_unit_slip", key="x", level="warning")
    found = today_items.today_items(cast.user(role), 2026, DAY)
    assert found
    for item in found:
        assert listed(client, cast.user(role), item) == item.count, item


def test_reports_that_wait_are_counted_year_by_year(works, client):
    works.sent()
    works.sent(year=2025, now=moment(2026, 1, 5, 9))
    waiting = [i for i in today_items.today_items(works.centre, 2026, DAY) if i.kind == "waiting"]
    assert [(i.count, f"year={year}" in i.url) for i, year in zip(waiting, (2026, 2025), strict=True)] == [
        (1, True),
        (1, True),
    ]
    works.brick.status = (
        "paused"  # at rest, but what it sent is still to be read: on the list and in the count
    )
    works.brick.save()
    waiting = [i for i in today_items.today_items(works.centre, 2026, DAY) if i.kind == "waiting"]
    assert [(i.count, listed(client, works.centre, i)) for i in waiting] == [(1, 1), (1, 1)]


def test_an_expert_sees_what_the_assigned_facilities_owe(works, cast):
    expert = cast.user("expert")
    (owed,) = today_items.today_items(expert, 2026, DAY)
    assert (owed.kind, owed.count) == ("due", 1)  # the quarry is not assigned
    report = works.sent()
    workflow.return_with_remarks(works.centre, report, "Thiếu số nước", now=NOW)
    titles = {item.title: item.kind for item in today_items.today_items(expert, 2026, DAY)}
    assert titles == {"1 báo cáo đã trả lại cơ sở": "waiting"}
    expert.assignments.all().delete()
    (none,) = today_items.today_items(expert, 2026, DAY)
    assert none.title == "Bạn chưa được phân công cơ sở nào"


def test_an_inspector_sees_who_never_reported_was_late_or_left_a_doubt_open(works, cast):
    inspector = cast.user("inspector")
    report = works.sent(now=moment(2026, 12, 16, 9))
    Finding.objects.create(report=report, rule="month_unit_slip", key="x", level="warning")
    found = {i.url.partition("?")[2]: i.count for i in today_items.today_items(inspector, 2026, DAY)}
    assert found == {
        "year=2026&state=not_reported": 1,
        "year=2026&timing=never": 1,
        "year=2026&timing=late": 1,
        "year=2026&doubts=open": 1,
    }


def test_a_leader_sees_who_has_not_reported(works, cast):
    (item,) = today_items.today_items(cast.user("leader"), 2026, DAY)
    assert (item.kind, item.count) == ("due", 2)


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


def test_a_new_draft_does_not_hide_what_was_saved_the_year_before(works, client):
    works.year(2024)
    works.sent(year=2025, now=moment(2025, 12, 1, 9))
    AnnualReport.objects.create(facility=works.brick, year=2026, created_by=works.factory)
    client.force_login(works.factory)
    page = client.get(reverse("registry:facility", args=["LS-0001"]) + "?year=2026").text
    assert "Tiết kiệm năm 2025, mới nhất đã biết:" in page
    assert "saving:LS-0001:2025:electricity" in page


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


def test_an_open_finding_casts_doubt_on_the_figures_it_touches_until_it_is_settled(works, client):
    works.year(2025)
    report = works.sent(electricity="5400000")
    electricity = Figure.objects.get(code=f"saving:{works.brick.code}:2026:electricity")
    coal = Figure.objects.get(code=f"saving:{works.brick.code}:2026:coal_cam_5_6")
    words = "còn 1 phát hiện chưa xử lý"
    client.force_login(works.centre)

    def shown(figure) -> str:
        return client.get(reverse("registry:figure", args=[figure.code])).content.decode()

    def facility() -> str:
        address = reverse("registry:facility", args=[works.brick.code])
        return client.get(address, {"year": 2026}).content.decode()

    assert words in shown(electricity)
    assert words in lineage.as_text(works.centre, electricity)
    assert words not in shown(coal)
    assert words in facility().lower()
    (finding,) = report.findings.all()
    plausibility.explain(works.factory, finding, "Lắp thêm lò điện theo hợp đồng số 7 ngày 02/02", now=NOW)
    assert words not in shown(electricity)
    assert words not in facility().lower()
