"""Every list of the site: sorted by its heads, searched, paged, taken away, with words where it is empty."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.intake.models import ImportFile, ImportJob, MappingProfile
from sachhon.apps.people import audit
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.people.queries import history
from sachhon.apps.people.sorting import in_order
from sachhon.apps.programme.models import FacilityStanding

LISTS = ["registry:facilities", "reporting:reports", "assessment:assessments", "intake:inbox", "intake:profiles",
         "people:users", "people:history", "programme:standings", "registry:organisations"]  # fmt: skip
YEAR = 2025
ROWS = re.compile(r"<tbody>(.*?)</tbody>", re.S)


@pytest.fixture
def filled(cast):
    """Two of everything that a list shows, so that an order can be seen."""
    admin = cast.user("admin")
    job = ImportJob.objects.create(created_by=admin, province_code="20", total=2)
    for number, (name, facility) in enumerate((("zê.xlsx", cast.brick), ("Áo.xlsx", cast.quarry))):
        ImportFile.objects.create(
            job=job, name=name, name_key=name.casefold(), sha256=str(number), size=10 - number, facility=facility,
            asked_by=admin, values_taken=number, year=2025 + number, state="taken",
        )  # fmt: skip
        MappingProfile.objects.create(
            name=name,
            facility=facility,
            signature=str(number),
            spec={},
            created_by=admin,
            shared=bool(number),
        )
        FacilityStanding.objects.create(facility=facility, year=YEAR, aware="yes" if number else "no")
        Assessment.objects.create(
            facility=facility, kind="quick", state="underway", opened_by=admin,
            data_from=datetime.date(YEAR, 1, 1), data_to=datetime.date(YEAR, 12, 31),
        )  # fmt: skip
        audit.record(
            cast.user("centre"), "facility.change", facility, before={"name": "a"}, after={"name": "b"}
        )
    return cast


def reader(cast, name):
    """Who reads the list: an officer, where an officer may."""
    return cast.user("admin" if name == "people:users" else "department")


def rows_of(client, name, **query):
    html = client.get(reverse(name), query).content.decode()
    return ROWS.search(html).group(1)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_sort_search_arrows_and_downloads(client, filled, name):
    client.force_login(reader(filled, name))
    address = reverse(name)
    html = client.get(address, {"year": YEAR}).content.decode()
    assert "data-rows" in html
    assert 'type="search" name="q"' in html
    assert re.search(r'href="[^"]*\?[^"]*sort=', html)
    assert re.search(r'href="[^"]*xuat\.xlsx', html)
    assert re.search(r'href="[^"]*xuat\.csv', html)


@pytest.mark.parametrize("name", LISTS)
def test_every_head_that_can_be_sorted_by_sorts_both_ways(client, filled, name):
    client.force_login(reader(filled, name))
    html = client.get(reverse(name), {"year": YEAR}).content.decode()
    keys = {key.lstrip("-") for key in re.findall(r"[?&;]sort=([\w-]+)", html)}
    assert keys
    for key in keys:
        for sort in (key, f"-{key}"):
            answer = client.get(reverse(name), {"sort": sort, "year": YEAR})
            assert answer.status_code == 200
            assert (
                f'aria-sort="{"descending" if sort.startswith("-") else "ascending"}"'
                in answer.content.decode()
            )


@pytest.mark.parametrize("name", LISTS)
def test_a_list_without_a_match_says_so(client, filled, name):
    client.force_login(reader(filled, name))
    html = client.get(reverse(name), {"q": "khongconayoday"}).content.decode()
    assert 'class="empty' in html
    assert "<tbody>" not in html


@pytest.mark.parametrize("name", ["intake:inbox", "intake:profiles"])
def test_names_are_in_vietnamese_order(client, filled, name):
    client.force_login(filled.user("admin"))
    up, down = (rows_of(client, name, sort=sort) for sort in ("facility", "-facility"))
    assert up.index("Mỏ đá") < up.index("Nhà máy gạch")
    assert down.index("Mỏ đá") > down.index("Nhà máy gạch")


def test_accounts_are_sorted_by_what_is_read(client, filled):
    client.force_login(filled.user("admin"))
    rows = rows_of(client, "people:users", sort="-username")
    assert rows.index(">ministry<") < rows.index(">admin<")


def test_profiles_are_found_filtered_and_taken_away(client, filled):
    client.force_login(filled.user("admin"))
    assert "zê.xlsx" not in rows_of(client, "intake:profiles", q="ao")
    assert "zê.xlsx" not in rows_of(client, "intake:profiles", shared="yes")
    found = client.get(reverse("intake:export_profiles", args=["csv"]), {"q": "ze"})
    text = found.content.decode("utf-8-sig")
    assert "zê.xlsx" in text
    assert "Áo.xlsx" not in text
    assert client.get(reverse("intake:export_profiles", args=["pdf"])).status_code == 404


def test_the_history_is_searched_by_thing_and_person_and_sorted(filled):
    admin, quarry = filled.user("admin"), filled.quarry.name
    assert {e.object_label for e in history(admin, q="mỏ đá")} == {quarry}
    assert {e.object_label for e in history(admin, q="DA mo thu centre")} == {
        quarry
    }  # no marks, any order, and who
    assert {e.actor_name for e in history(admin, q=filled.user("centre").display_name())} == {"centre"}
    assert history(admin, q="khongco").count() == 0
    first = AuditEntry.objects.order_by("pk").first()
    assert history(admin, sort="at").first() == first
    assert history(admin, sort="").last() == first


def test_what_is_not_known_comes_last_either_way():
    rows = [{"n": 2}, {"n": None}, {"n": 1}]
    keys = {"n": lambda row: row["n"]}
    assert [r["n"] for r in in_order(rows, "n", keys)] == [1, 2, None]
    assert [r["n"] for r in in_order(rows, "-n", keys)] == [2, 1, None]
    assert in_order(rows, "other", keys) == rows


def test_a_longer_list_of_profiles_asks_no_more(client, filled):
    client.force_login(filled.user("admin"))

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(reverse("intake:profiles"))
        return len(captured)

    few = queries()
    for number in range(70):
        MappingProfile.objects.create(
            name=f"P{number}", facility=filled.brick, signature=f"s{number}", spec={}
        )
    assert queries() == few
    assert rows_of(client, "intake:profiles").count("<tr>") == 50
