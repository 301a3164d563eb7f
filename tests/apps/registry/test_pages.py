"""A facility's pages, as officers, factories and strangers meet them."""

import pytest
from django.urls import reverse

from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Facility

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(client, cast):
    client.force_login(cast.user("centre"))
    return client


def test_the_list_finds_without_tone_marks_and_in_any_order(centre, cast):
    page = centre.get(reverse("registry:facilities"), {"q": "thu nghiem gach"})
    assert cast.brick.name in page.text
    assert cast.quarry.name not in page.text


def test_a_factory_sees_only_its_own(client, cast):
    client.force_login(cast.user("factory"))
    page = client.get(reverse("registry:facilities"))
    assert cast.brick.name in page.text
    assert cast.quarry.name not in page.text
    assert client.get(reverse("registry:facility", args=[cast.quarry.code])).status_code == 404


def test_the_list_says_what_to_do_when_nothing_matches(centre):
    page = centre.get(reverse("registry:facilities"), {"q": "khong co dau"})
    assert "Không có cơ sở nào khớp" in page.text


def test_export_holds_the_filtered_rows(centre, cast):
    csv = centre.get(reverse("registry:export", args=["csv"]), {"trade": "brick"})
    assert cast.brick.code in csv.text
    assert cast.quarry.code not in csv.text
    xlsx = centre.get(reverse("registry:export", args=["xlsx"]))
    assert xlsx.content[:2] == b"PK"


def test_a_page_without_records_says_where_they_come_from(centre, cast):
    page = centre.get(reverse("registry:facility", args=[cast.brick.code]))
    assert page.status_code == 200
    assert "Chưa có số liệu tháng" in page.text


def test_the_second_of_two_people_saving_is_shown_what_the_first_changed(centre, cast):
    url = reverse("registry:edit", args=[cast.brick.code])
    fields = centre.get(url).context["form"].initial
    sent = {k: "" if v is None else v for k, v in fields.items()} | {"name": "Tên của người thứ hai"}
    Facility.objects.filter(pk=cast.brick.pk).update(name="Tên của người thứ nhất", version=2)
    page = centre.post(url, sent)
    assert "Tên của người thứ nhất" in page.text
    assert Facility.objects.get(pk=cast.brick.pk).name == "Tên của người thứ nhất"
    again = centre.post(url, sent | {"version": 2})
    assert again.status_code == 302
    assert Facility.objects.get(pk=cast.brick.pk).name == "Tên của người thứ hai"
    assert AuditEntry.objects.filter(verb="facility.change").count() == 1


def test_a_wrong_tax_code_is_told_at_its_field(centre, cast):
    url = reverse("registry:edit", args=[cast.brick.code])
    sent = {k: "" if v is None else v for k, v in centre.get(url).context["form"].initial.items()}
    page = centre.post(url, sent | {"tax_code": "4900000000"})
    assert "tax_code" in page.context["form"].errors


def test_the_map_counts_every_facility_once(centre, cast):
    page = centre.get(reverse("registry:map"))
    assert page.context["total"] == 2
    assert len(page.context["map"].symbols) >= 65


def test_a_record_is_typed_in_with_its_unit_converted(centre, cast):
    url = reverse("registry:type_record", args=[cast.brick.code])
    sent = {
        "item": "consumption:electricity",
        "month": "2026-03",
        "quantity": "1,25",
        "unit": "MWh",
        "cost_vnd": "2.500.000",
        "source": "invoice",
    }
    assert centre.post(url, sent).status_code == 302
    record = cast.brick.records.get()
    assert (record.quantity, record.cost_vnd, record.entered_unit) == (1250, 2_500_000, "MWh")
    assert record.changes.count() == 1
    page = centre.get(reverse("registry:record", args=[cast.brick.code, record.pk]))
    assert page.status_code == 200


def test_a_record_in_a_wrong_unit_is_refused_with_the_reason(centre, cast):
    url = reverse("registry:type_record", args=[cast.brick.code])
    sent = {
        "item": "consumption:electricity",
        "month": "2026-03",
        "quantity": "5",
        "unit": "tấn",
        "source": "meter",
    }
    page = centre.post(url, sent)
    assert page.status_code == 200
    assert not cast.brick.records.exists()
    assert "tấn" in str(page.context["form"].non_field_errors())
