"""The pages and switches that belong to no single room."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse

from sachhon.apps.people import finder, focus, today
from sachhon.apps.people.today import Bar, TodayItem
from sachhon.apps.registry.models import Facility


@pytest.fixture
def visit(cast):
    """visit("centre") is a browser with that person logged in."""

    def enter(role: str) -> Client:
        client = Client()
        client.force_login(cast.user(role), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


@pytest.fixture
def provider(monkeypatch):
    """provider(*items) puts these on the page Today, and nothing else."""

    def put(*items):
        monkeypatch.setattr(today, "_providers", [lambda user, year, day: list(items)])

    return put


def text(response) -> str:
    return response.content.decode()


def test_the_name_field_of_the_login_page_has_the_focus(client, db):
    page = client.get(reverse("account_login")).text
    assert re.search(r'<input[^>]*name="login"[^>]* autofocus>', page)


def test_a_part_of_a_page_without_a_session_sends_the_whole_page_to_the_login(client, db):
    """Followed as a redirect, it fetched a second login form, whose token made the first one "too old"."""
    page = {"HX-Request": "true", "HX-Current-URL": "http://testserver/bao-cao/?q=gach"}
    answer = client.get(reverse("bell"), headers=page)
    assert answer.headers["HX-Redirect"] == "/tai-khoan/login/?next=/bao-cao/%3Fq%3Dgach"
    assert not answer.cookies
    assert not answer.content
    elsewhere = client.get(reverse("bell"), headers=page | {"HX-Current-URL": "https://evil.example/x"})
    assert elsewhere.headers["HX-Redirect"] == "/tai-khoan/login/?next=/"
    assert client.get(reverse("bell")).status_code == 302


def test_a_facility_is_found_before_its_reports_and_these_before_its_organisation(cast):
    from sachhon.apps.reporting.models import AnnualReport

    for year in (2024, 2025):
        AnnualReport.objects.create(facility=cast.brick, year=year, created_by=cast.user("factory"))
    hits = finder.find(cast.user("centre"), "gach thu nghiem", 5)
    assert [hit.icon for hit in hits] == ["building-factory-2", "report", "report", "building-community"]


def test_a_closed_facility_is_found_after_those_that_work(cast):
    facility = cast.brick
    closed = Facility.objects.create(
        code="AA-0001", name="A Gạch thử nghiệm cũ", enterprise=facility.enterprise, province_code="20",
        area=facility.area, trade=facility.trade, status=Facility.Status.CLOSED,
    )  # fmt: skip
    hits = finder.find(cast.user("centre"), "gach thu nghiem", 5)
    assert [hit.title for hit in hits if hit.icon == "building-factory-2"] == [facility.name, closed.name]


# ---- Today ----


def test_today_groups_what_the_rooms_have_and_puts_the_soonest_first(visit, provider):
    provider(
        TodayItem("due", "Báo cáo năm 2026", "/a/", due_date=datetime.date(2099, 12, 15)),
        TodayItem("late", "Báo cáo năm 2025", "/b/", count=3, due_date=datetime.date(2025, 12, 15)),
        TodayItem("waiting", "Báo cáo chờ duyệt", "/c/", count=1234),
        TodayItem("changed", "Sửa cơ sở", "/d/"),
    )
    html = text(visit("centre").get("/"))
    assert html.index("Báo cáo năm 2025") < html.index("Báo cáo năm 2026") < html.index("Báo cáo chờ duyệt")
    assert "1.234" in html
    assert "quá hạn" in html
    assert html.index("Có gì thay đổi") < html.index("Sửa cơ sở")


def test_today_shows_targets_with_interval_and_gap(visit, provider):
    from decimal import Decimal

    bar = Bar(Decimal("45.2"), Decimal(70), Decimal("41.2"), Decimal("49.8"), gap="còn 41 cơ sở")
    provider(TodayItem("target", "Áp dụng sản xuất sạch hơn", "/t/", bar=bar))
    html = text(visit("department").get("/"))
    assert "còn 41 cơ sở" in html
    assert "khoảng tin cậy 41,2 đến 49,8%" in html
    assert "Mục tiêu năm" in html
    assert "thang từ 0" not in html


def test_a_small_target_is_drawn_on_its_own_scale_and_a_range_is_written_as_one(visit, provider):
    from decimal import Decimal

    bar = Bar(Decimal("6.1"), Decimal(8), Decimal("4.2"), Decimal("8.0"), target_high=Decimal(13))
    provider(TodayItem("target", "Mức tiết kiệm", "/t/", bar=bar))
    html = text(visit("leader").get("/"))
    assert "8–13%" in html
    assert "thang từ 0 đến 17%" in html
    assert bar.on(Decimal("8.5")) == 50
    assert (bar.on(Decimal(-3)), bar.on(Decimal(90))) == (0, 100)


def test_a_deadline_is_written_as_its_rule_says_it(visit, provider):
    day = datetime.date(2026, 12, 14)
    provider(TodayItem("due", "Báo cáo năm", "/a/", due_date=day, due_words="trước 15/12/2026"))
    html = text(visit("factory").get("/"))
    assert "trước 15/12/2026" in html
    assert "14/12/2026" not in html


def test_many_changes_of_one_subject_are_one_line_that_counts_things(visit, cast):
    from sachhon.apps.people import audit
    from sachhon.apps.people.changes import changed_items
    from sachhon.apps.people.models import AuditEntry

    other = cast.user("department")
    for facility in (cast.brick, cast.quarry):
        audit.record(other, "facility.change", facility)
        audit.record(other, "facility.year", facility)
    audit.record(other, "import.receive", cast.brick)
    AuditEntry.objects.filter(verb="import.receive").update(
        object_label="ae6a088d-9e5e-4eb6-b5b1-91658e04993d"
    )
    files, facilities = changed_items(cast.user("centre"), 2026, focus.localdate())
    assert (facilities.title, facilities.count) == ("Cơ sở", 2)
    assert facilities.detail.startswith("Sửa thông tin cơ sở (2), Cập nhật số liệu quy mô (2) · gần nhất: ")
    assert (files.title, files.count) == ("Tệp trong hộp nhập", 1)
    assert "ae6a088d" not in files.detail
    page = visit("centre").get(facilities.url)
    assert page.context["page"].paginator.count == 4


def test_things_of_two_kinds_are_never_counted_as_one(visit, cast):
    from sachhon.apps.people import audit
    from sachhon.apps.people.changes import changed_items
    from sachhon.apps.registry.models import FacilityYear

    other = cast.user("department")
    for year in (2024, 2025):  # their keys are those of facilities too
        row = FacilityYear.objects.create(facility=cast.brick, year=year, employees=9)
        audit.record(other, "facility.year", row)
    audit.record(other, "facility.change", cast.brick)
    items = {item.title: item for item in changed_items(cast.user("centre"), 2026, focus.localdate())}
    assert {title: item.count for title, item in items.items()} == {"Cơ sở": 1, "Số liệu năm của cơ sở": 2}
    page = visit("centre").get(items["Cơ sở"].url)
    assert page.context["page"].paginator.count == 1


def test_every_subject_of_the_history_has_its_words():
    from sachhon.apps.people.verbs import SUBJECTS, table

    assert {verb.partition(".")[0] for verb in table()} <= set(SUBJECTS)


def test_a_browser_finds_the_mark_of_the_site_where_it_looks_for_it(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 301
    assert answer.url.endswith("/site/favicon.svg")


def test_today_says_so_when_there_is_nothing_to_do(visit, provider):
    provider()
    html = text(visit("factory").get("/"))
    assert "Không có việc nào đến hạn" in html
    assert "Mục tiêu năm" not in html


def test_the_bell_counts_what_is_due_and_the_browser_may_keep_it_for_a_minute(visit, provider):
    provider(TodayItem("due", "Một việc", "/a/"), TodayItem("changed", "Đã sửa", "/b/"))
    response = visit("centre").get(reverse("bell"))
    assert '<span id="bell-count" hx-swap-oob="true">1</span>' in text(response)
    assert "Đã sửa" not in text(response)
    assert "private" in response["Cache-Control"]


def test_today_tells_an_officer_what_others_changed_and_nobody_outside_the_province(visit, cast):
    from sachhon.apps.people import audit

    audit.record(cast.user("department"), "facility.change", cast.brick)
    audit.record(cast.user("department"), "facility.change", cast.quarry)
    audit.record(cast.user("ministry"), "facility.change", cast.stranger)
    html = text(visit("centre").get("/"))
    assert "Sửa thông tin cơ sở" in html
    assert "Mỏ đá Thử Nghiệm" in html
    assert "Nhà máy tỉnh khác" not in html
    assert "Sửa thông tin cơ sở" not in text(visit("factory").get("/"))


# ---- search ----


def test_the_search_asks_every_room_with_the_folded_words(visit, monkeypatch):
    asked = []
    monkeypatch.setattr(
        finder, "_providers", [(1, lambda user, folded, limit: asked.append((folded, limit)) or [])]
    )
    client = visit("centre")
    client.get("/tim/", {"q": "  Đồng  Đăng "})
    client.get("/tim/", {"q": "Đồng"}, headers={"HX-Request": "true"})
    client.get("/tim/", {"q": "   "})
    assert asked == [("dong dang", 50), ("dong", 5)]


def test_what_is_searched_for_is_shown_as_text(visit):
    html = text(visit("centre").get("/tim/", {"q": "<script>alert(1)</script>"}))
    assert "<script>alert" not in html


# ---- switches ----


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (datetime.date(2026, 10, 31), 2025),
        (datetime.date(2026, 11, 1), 2026),
        (datetime.date(2027, 2, 3), 2026),
    ],
)
def test_the_reporting_year_begins_on_the_first_of_november(day, year):
    assert focus.reporting_year(day) == year


def test_a_chosen_year_is_kept_and_one_in_the_address_wins(visit):
    client = visit("centre")
    response = client.post(reverse("set_year"), {"year": "2023", "next": "/tim/?q=a&year=2020"})
    assert response.url == "/tim/?q=a"
    assert client.get("/").context["current_year"] == 2023
    assert client.get("/?year=2021").context["current_year"] == 2021
    assert client.get("/").context["current_year"] == 2023


@pytest.mark.parametrize("year", ["2099", "1850", "abc", "", "٢٠٢٤x"])
def test_a_year_that_cannot_be_looked_at_changes_nothing(visit, year):
    client = visit("centre")
    before = client.get("/").context["current_year"]
    client.post(reverse("set_year"), {"year": year})
    assert client.get("/", {"year": year}).context["current_year"] == before


def test_only_those_who_see_the_country_choose_a_province(visit):
    ministry, centre = visit("ministry"), visit("centre")
    ministry.post(reverse("set_province"), {"province": "19"})
    assert ministry.get("/").context["current_province"] == "19"
    ministry.post(reverse("set_province"), {"province": ""})
    assert ministry.get("/").context["current_province"] == ""
    centre.post(reverse("set_province"), {"province": "19"})
    assert centre.get("/").context["current_province"] == "20"
    assert "set_province" not in text(centre.get("/"))
    assert reverse("set_province") not in text(centre.get("/"))


@pytest.mark.parametrize(
    "target", ["https://example.com/", "//example.com/", "javascript:alert(1)", "\\\\example.com"]
)
def test_a_switch_never_leads_to_another_host(visit, target):
    client = visit("centre")
    for name, data in (
        ("set_language", {"language": "en"}),
        ("set_year", {"year": "2024"}),
        ("set_theme", {}),
    ):
        assert client.post(reverse(name), {**data, "next": target}).url == "/"


def test_language_and_theme_are_kept_in_cookies_and_only_known_ones(visit):
    client = visit("centre")
    client.post(reverse("set_language"), {"language": "en"})
    client.post(reverse("set_theme"), {"theme": "dark"})
    html = text(client.get("/"))
    assert '<html lang="en" data-theme="dark" data-bs-theme="dark">' in html
    client.post(reverse("set_language"), {"language": "xx"})
    client.post(reverse("set_theme"), {"theme": '"><script>'})
    assert '<html lang="en" data-theme="dark"' in text(client.get("/"))


@pytest.mark.parametrize("name", ["set_year", "set_province", "set_language", "set_theme"])
def test_a_switch_is_not_turned_by_a_link(visit, name):
    assert visit("centre").get(reverse(name)).status_code == 405


# ---- what every page keeps ----

PAGES = ["/", "/tim/", "/tai-khoan/2fa/", "/tai-khoan/password/change/", "/khong-co/"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_carries_the_policy_and_nothing_inline_or_from_another_host(visit, address):
    response = visit("centre").get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    html = text(response)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"(src|href|action)=[\"'](https?:)?//", html)


def test_the_rail_leaves_out_the_rooms_of_other_roles(visit):
    def addresses(role):
        return {entry.url for group in visit(role).get("/").context["menu"] for entry in group.entries}

    assert reverse("people:history") in addresses("centre")
    assert reverse("people:history") not in addresses("factory")


def test_the_deepest_room_that_holds_the_page_is_current(cast):
    from sachhon.site.menu import menu_for

    entries = [e for g in menu_for(cast.user("centre"), reverse("people:history")) for e in g.entries]
    assert [e.url for e in entries if e.current] == [reverse("people:history")]
    entries = [e for g in menu_for(cast.user("centre"), "/") for e in g.entries]
    assert [e.url for e in entries if e.current] == ["/"]


def test_a_stranger_is_sent_to_the_door_and_back(client, cast):
    response = client.get("/tim/?q=a")
    assert response.url == "/tai-khoan/login/?next=/tim/%3Fq%3Da"


def test_the_frame_costs_the_same_few_queries_on_every_page(visit, django_assert_max_num_queries, provider):
    provider()
    client = visit("ministry")
    with django_assert_max_num_queries(7):
        client.get("/tim/")


# ---- the door ----


def test_the_demo_shows_its_accounts_and_a_real_site_never_does(client, cast, settings):
    assert "demo-accounts" not in text(client.get("/tai-khoan/login/"))
    settings.DEMO = True
    html = text(client.get("/tai-khoan/login/"))
    assert html.count('name="password"') == 1 + len(cast.roles)
    assert "Dữ liệu trình diễn – không phải số liệu thật" in html


def test_a_person_sees_where_they_are_logged_in_and_ends_the_other_sessions(cast):
    browsers = [
        Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0"}),
        Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 13) Chrome/120.0 Mobile Safari/537.36"}),
    ]
    for browser in browsers:
        browser.post("/tai-khoan/login/", {"login": "centre", "password": cast.PASSWORD})
    office, phone = browsers
    html = text(office.get(reverse("usersessions_list")))
    assert "Edge · Windows" in html
    assert "Chrome · Android" in html
    office.post(reverse("usersessions_list"))
    assert phone.get("/").status_code == 302
    assert office.get("/").status_code == 200


def test_nobody_signs_up_by_themselves(client, cast):
    response = client.post(
        "/tai-khoan/signup/", {"username": "moi", "email": "a@b.vn", "password1": "x" * 12}
    )
    assert "Không tự đăng ký được" in text(response)


def test_the_errors_of_the_server_are_told_in_words(visit, client, cast, settings):
    assert "Không có trang này" in text(visit("centre").get("/khong-co/"))
    assert "Không có trang này" in text(client.get("/khong-co/"))
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/tai-khoan/login/", {"login": "centre"})
    assert refused.status_code == 403
    assert "Biểu mẫu đã quá cũ" in text(refused)


def test_a_role_that_may_not_is_told_which_role_it_has(visit):
    response = visit("factory").get(reverse("people:history"))
    assert response.status_code == 403
    assert "Vai trò của bạn không mở được trang này" in text(response)


def test_a_broken_page_says_that_nothing_was_saved(visit, provider, monkeypatch):
    def broken(user, year, day):
        raise RuntimeError("hỏng")

    monkeypatch.setattr(today, "_providers", [broken])
    client = visit("centre")
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Hệ thống gặp lỗi" in text(response)
