"""Organisations: who sees which, who may enter and change them, and what their pages show."""

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from sachhon.apps.people.models import AuditEntry, Organisation
from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.queries.organisations import OrganisationFilter, organisation_list
from sachhon.apps.registry.services.organisations import change_organisation, create_organisation, stamp

TAX_CODE = "4900100004"


def names(user, **wanted):
    return [o.name for o in organisation_list(user, OrganisationFilter(**wanted))]


def test_each_role_sees_its_own(cast):
    here = {"Sở Công Thương tỉnh Lạng Sơn", "Công ty CP Gạch Thử Nghiệm", "Công ty TNHH Đá Thử Nghiệm"}
    assert set(names(cast.user("centre"))) == here
    assert set(names(cast.user("ministry"))) == here | {"Công ty Tỉnh Khác"}
    assert names(cast.user("factory")) == ["Công ty CP Gạch Thử Nghiệm"]
    assert names(cast.user("expert")) == ["Công ty CP Gạch Thử Nghiệm"]


def test_they_are_found_without_tone_marks_and_by_kind(cast):
    centre = cast.user("centre")
    assert names(centre, q="thu nghiem DA") == ["Công ty TNHH Đá Thử Nghiệm"]
    assert names(centre, kind="department") == ["Sở Công Thương tỉnh Lạng Sơn"]
    assert names(centre, q="gach", kind="department") == []


def test_the_counts_are_of_what_the_reader_may_see(cast):
    Facility.objects.filter(pk=cast.quarry.pk).update(enterprise=cast.brick_enterprise)
    count = {user: organisation_list(cast.user(user), OrganisationFilter(q="gach")).get() for user in
             ("centre", "expert", "factory")}  # fmt: skip
    assert {user: row.facility_count for user, row in count.items()} == {
        "centre": 2,
        "expert": 1,
        "factory": 2,
    }
    assert {user: row.people_count for user, row in count.items()} == {"centre": 1, "expert": 0, "factory": 1}
    Facility.objects.filter(pk=cast.quarry.pk).update(merged_into=cast.brick)
    assert organisation_list(cast.user("centre"), OrganisationFilter(q="gach")).get().facility_count == 1


def test_kinds_are_sorted_by_their_words(cast):
    found = [o.kind for o in organisation_list(cast.user("ministry"), OrganisationFilter(sort="-kind"))]
    assert found == ["department", "enterprise", "enterprise", "enterprise"]  # Sở …, Doanh nghiệp


def test_the_page_of_a_company_shows_its_facilities_and_people(cast, client):
    client.force_login(cast.user("centre"))
    html = client.get(reverse("registry:organisation", args=[cast.brick_enterprise.pk])).content.decode()
    assert reverse("registry:facility", args=[cast.brick.code]) in html
    assert cast.quarry.name not in html
    assert cast.user("factory").display_name() in html
    assert cast.user("factory").email not in html  # whoever keeps the accounts sees it
    client.force_login(cast.user("admin"))
    html = client.get(reverse("registry:organisation", args=[cast.brick_enterprise.pk])).content.decode()
    assert cast.user("factory").email in html
    assert reverse("people:user", args=[cast.user("factory").pk]) in html


def test_an_organisation_of_others_is_not_there(cast, client):
    for role, other in (
        ("centre", cast.far_enterprise),
        ("factory", cast.quarry_enterprise),
        ("expert", cast.department),
    ):
        client.force_login(cast.user(role))
        assert client.get(reverse("registry:organisation", args=[other.pk])).status_code == 404
    client.force_login(cast.user("centre"))
    for answer in (client.get, client.post):
        assert answer(reverse("registry:edit_organisation", args=[cast.far_enterprise.pk])).status_code == 404


def test_an_officer_enters_a_consultancy_of_the_own_province(cast, client):
    client.force_login(cast.user("centre"))
    answer = client.post(
        reverse("registry:create_organisation"),
        {
            "name": "  Công ty  Tư vấn Xanh ",
            "kind": "consultancy",
            "tax_code": TAX_CODE,
            "province_code": "19",
        },
    )
    made = Organisation.objects.get(tax_code=TAX_CODE)
    assert answer.url == reverse("registry:organisation", args=[made.pk])
    assert (made.name, made.kind, made.province_code) == ("Công ty Tư vấn Xanh", "consultancy", "20")
    entry = AuditEntry.objects.get(verb="organisation.create")
    assert (entry.object_id, entry.after["name"]) == (str(made.pk), made.name)


def test_the_bodies_of_the_state_are_the_administrators(cast, client):
    with pytest.raises(PermissionDenied):
        create_organisation(cast.user("centre"), name="Thanh tra", kind="inspectorate")
    with pytest.raises(PermissionDenied):
        create_organisation(cast.user("leader"), name="Gạch", kind="enterprise")
    client.force_login(cast.user("centre"))
    assert client.get(reverse("registry:edit_organisation", args=[cast.department.pk])).status_code == 403
    made = create_organisation(
        cast.user("admin"), name="UBND tỉnh Cao Bằng", kind="committee", province_code="04"
    )
    assert made.province_code == "04"


def test_slips_are_told_at_the_field(cast, client):
    client.force_login(cast.user("centre"))
    create = reverse("registry:create_organisation")
    sent = {"name": "Tư vấn", "kind": "consultancy", "tax_code": "4900100005"}
    assert "sai số kiểm tra" in client.post(create, sent).content.decode()
    Organisation.objects.filter(pk=cast.quarry_enterprise.pk).update(tax_code=TAX_CODE)
    html = client.post(create, sent | {"tax_code": TAX_CODE}).content.decode()
    assert f"{cast.quarry_enterprise.name} · {TAX_CODE}” đã có" in html
    html = client.post(create, {"name": "CONG TY CP gạch thử nghiệm", "kind": "enterprise"}).content.decode()
    assert "đã có trong danh sách" in html
    assert not Organisation.objects.filter(name="Tư vấn").exists()


def test_a_company_with_facilities_stays_a_company(cast):
    actor, own = cast.user("centre"), cast.brick_enterprise
    with pytest.raises(ValidationError):
        change_organisation(
            actor, own, stamp(own), name=own.name, kind="consultancy", tax_code="", province_code=""
        )
    own.refresh_from_db()
    assert own.kind == "enterprise"


def test_the_second_of_two_who_save_is_shown_what_the_first_stored(cast, client):
    client.force_login(cast.user("centre"))
    address = reverse("registry:edit_organisation", args=[cast.brick_enterprise.pk])
    shown = client.get(address).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', shown).group(1)
    Organisation.objects.filter(pk=cast.brick_enterprise.pk).update(name="Gạch Đổi Tên")
    sent = {"name": "Gạch Mới", "kind": "enterprise", "seen": seen}
    answer = client.post(address, sent)
    html = answer.content.decode()
    assert "Gạch Đổi Tên" in html
    assert Organisation.objects.get(pk=cast.brick_enterprise.pk).name == "Gạch Đổi Tên"
    seen = re.search(r'name="seen" value="(\w+)"', html).group(1)
    assert client.post(address, sent | {"seen": seen}).status_code == 302
    stored = Organisation.objects.get(pk=cast.brick_enterprise.pk)
    assert (stored.name, stored.search_key) == ("Gạch Mới", "gach moi")
    entry = AuditEntry.objects.get(verb="enterprise.change")
    assert (entry.before, entry.after) == ({"name": "Gạch Đổi Tên"}, {"name": "Gạch Mới"})


def test_what_is_found_is_taken_away(cast, client):
    client.force_login(cast.user("department"))
    text = client.get(reverse("registry:export_organisations", args=["csv"]), {"q": "da"}).content.decode(
        "utf-8-sig"
    )
    assert cast.quarry_enterprise.name in text
    assert cast.brick_enterprise.name not in text


def test_the_search_field_finds_organisations(cast, client):
    client.force_login(cast.user("centre"))
    html = client.get("/tim/", {"q": "cong ty tnhh da"}).content.decode()
    assert reverse("registry:organisation", args=[cast.quarry_enterprise.pk]) in html
