"""A facility's pages, as officers, factories and strangers meet them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry import pages
from sachhon.apps.registry.models import Facility, Product, Resource
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.registry.services.typing import type_record

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


def test_a_quantity_is_shown_in_digits_worth_reading(centre, cast):
    row = RecordRow(
        2026, 3, "consumption", Decimal("26464.365726"), resource=cast.electricity, source="invoice"
    )
    write_records(cast.user("centre"), cast.brick, [row])
    record = cast.brick.records.get()
    pages_of_it = (
        reverse("registry:record", args=[cast.brick.code, record.pk]),
        reverse("registry:records", args=[cast.brick.code]) + "?year=2026",
    )
    for address in pages_of_it:
        shown = centre.get(address).text
        assert "26.464<" in shown.replace(" kWh", "<") or "26.464</td>" in shown, address
    assert ">26.464,365726<" not in centre.get(pages_of_it[1]).text


def test_a_unit_that_does_not_fit_is_told_as_it_is_printed(cast):
    product = Product.objects.create(facility=cast.brick, name="Gạch", unit="k_vien")
    with pytest.raises(ValidationError) as refused:
        type_record(
            cast.user("centre"), cast.brick, item=f"product-{product.pk}", month="2026-03",
            quantity=Decimal(3), unit="t", cost_vnd=None, meter="", source="ledger",
        )  # fmt: skip
    assert refused.value.messages == ["Không đổi được “tấn” sang nghìn viên."]


@pytest.fixture
def typed(cast):
    """The electricity of March, from a bill of 2,5 million."""
    return type_record(
        cast.user("centre"),
        cast.brick,
        item="consumption:electricity",
        month="2026-03",
        quantity=Decimal("1.2505"),
        unit="MWh",
        cost_vnd=2_500_000,
        meter="C1",
        source="invoice",
    )


def test_the_form_that_corrects_a_record_begins_with_what_it_holds(centre, cast, typed):
    page = centre.get(reverse("registry:record", args=[cast.brick.code, typed.pk]))
    url = reverse("registry:type_record", args=[cast.brick.code]) + f"?record={typed.pk}"
    assert url in page.text
    initial = centre.get(url).context["form"].initial
    assert initial == {
        "item": "consumption:electricity",
        "month": "2026-03",
        "quantity": "1250,5",
        "unit": "kWh",
        "cost_vnd": "2.500.000",
        "meter": "C1",
        "source": "invoice",
    }
    assert centre.post(url, initial).status_code == 302  # saved as it stands, it changes nothing
    record = cast.brick.records.get()
    assert (record.quantity, record.cost_vnd, record.source) == (typed.quantity, 2_500_000, "invoice")
    assert centre.post(url, initial | {"quantity": "1300"}).status_code == 302
    record.refresh_from_db()
    assert (record.quantity, record.cost_vnd) == (1300, 2_500_000)


def test_an_empty_cost_does_not_wipe_the_old_one_unseen(centre, cast, typed):
    url = reverse("registry:type_record", args=[cast.brick.code]) + f"?record={typed.pk}"
    sent = centre.get(url).context["form"].initial | {"cost_vnd": ""}
    page = centre.post(url, sent)
    assert "2.500.000" in str(page.context["form"].errors["cost_vnd"])
    assert 'name="drop_cost"' in page.text
    assert cast.brick.records.get().cost_vnd == 2_500_000
    assert centre.post(url, sent | {"drop_cost": "on"}).status_code == 302
    assert cast.brick.records.get().cost_vnd is None


def test_suspect_records_are_counted_as_the_list_they_open_shows_them(centre, cast):
    from decimal import Decimal

    from sachhon.apps.people.today import items_for
    from sachhon.apps.registry.services.records import RecordRow, write_records

    def row(month, quality):
        return RecordRow(
            2026, month, "consumption", Decimal(5), resource=cast.electricity, source="meter", quality=quality
        )

    user = cast.user("centre")
    write_records(user, cast.brick, [row(1, "suspect"), row(2, "suspect"), row(3, "good")])
    write_records(user, cast.quarry, [row(1, "suspect")])
    found = [i for i in items_for(user, 2026, cast.today) if "/so-lieu/" in i.url]
    assert [i.count for i in found] == [2, 1]
    for item in found:
        assert centre.get(item.url).context["page"].paginator.count == item.count


# ---- registering a facility, with its company ----


def new_facility(cast, **changed) -> dict:
    return {
        "name": "Nhà máy gạch Hữu Lũng",
        "trade": cast.brick.trade_id,
        "area": cast.brick.area_id,
        "status": "operating",
        "licence_group": "unknown",
        "key_energy_user": "unknown",
        "has_potential": "unknown",
    } | changed


def test_a_facility_and_its_new_company_are_registered_at_once(centre, cast):
    sent = new_facility(cast, enterprise_name=" Công ty  TNHH Hữu Lũng ", enterprise_tax_code="0100 100 079")
    assert centre.post(reverse("registry:create"), sent).status_code == 302
    facility = Facility.objects.get(name="Nhà máy gạch Hữu Lũng")
    company = facility.enterprise
    assert (company.name, company.tax_code, company.kind, company.province_code) == (
        "Công ty TNHH Hữu Lũng",
        "0100100079",
        "enterprise",
        "20",
    )
    assert facility.tax_code == "0100100079"
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["enterprise.create", "facility.create"]


def test_a_registered_company_is_chosen_by_its_words(centre, cast):
    offered = centre.get(reverse("registry:enterprises"), {"enterprise": "thu gach"})
    assert cast.brick_enterprise.name in offered.text
    assert cast.quarry_enterprise.name not in offered.text
    sent = new_facility(cast, enterprise=cast.brick_enterprise.name)
    assert centre.post(reverse("registry:create"), sent).status_code == 302
    assert Facility.objects.get(name="Nhà máy gạch Hữu Lũng").enterprise == cast.brick_enterprise


def test_a_company_of_another_province_is_not_offered(centre, cast):
    offered = centre.get(reverse("registry:enterprises"), {"enterprise": "cong ty"})
    assert cast.far_enterprise.name not in offered.text
    page = centre.post(reverse("registry:create"), new_facility(cast, enterprise=cast.far_enterprise.name))
    assert "enterprise" in page.context["form"].errors


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "enterprise"),
        ({"enterprise": "Không có công ty này"}, "enterprise"),
        ({"enterprise": "Công ty CP Gạch Thử Nghiệm", "enterprise_name": "Công ty mới"}, "enterprise_name"),
        ({"enterprise_tax_code": "0100100079"}, "enterprise_name"),
        ({"enterprise_name": "Công ty mới", "enterprise_tax_code": "4900000000"}, "enterprise_tax_code"),
        ({"enterprise_name": "cong ty cp GẠCH thử nghiệm"}, "enterprise_name"),
    ],
)
def test_what_is_wrong_with_the_company_is_told_at_its_field(centre, cast, sent, field):
    page = centre.post(reverse("registry:create"), new_facility(cast, **sent))
    assert list(page.context["form"].errors) == [field]
    assert Facility.objects.count() == 3


def test_a_taken_tax_code_names_the_company_that_has_it(centre, cast):
    cast.quarry_enterprise.tax_code = "0100100079"
    cast.quarry_enterprise.save()
    sent = new_facility(cast, enterprise_name="Công ty mới", enterprise_tax_code="0100100079")
    page = centre.post(reverse("registry:create"), sent)
    assert cast.quarry_enterprise.name in str(page.context["form"].errors["enterprise_tax_code"])


def test_no_company_is_left_behind_when_the_facility_is_refused(centre, cast):
    from sachhon.apps.people.models import Organisation

    sent = new_facility(cast, enterprise_name="Công ty mới", latitude="50", longitude="106")
    page = centre.post(reverse("registry:create"), sent)
    assert "latitude" in page.context["form"].errors
    assert not Organisation.objects.filter(name="Công ty mới").exists()


def test_a_likely_duplicate_is_told_when_a_facility_is_registered(centre, cast):
    sent = new_facility(cast, name=cast.brick.name, enterprise=cast.brick_enterprise.name)
    page = centre.post(reverse("registry:create"), sent, follow=True)
    assert "Có thể trùng với" in page.text
    assert cast.brick.code in page.text


@pytest.fixture
def year_of_records(cast):
    """Electricity of three months and water of one; one record has its invoice."""
    water = Resource.objects.get(code="water")
    rows = [(cast.electricity, 1, 10, 1000), (cast.electricity, 2, 20, 2000), (cast.electricity, 3, 30, 3000)]
    rows = [
        RecordRow(2026, month, "consumption", Decimal(quantity), resource=resource, cost_vnd=cost)
        for resource, month, quantity, cost in [*rows, (water, 1, 7, 500)]
    ]
    write_records(cast.user("centre"), cast.brick, rows)
    record = cast.brick.records.get(month=2, resource=cast.electricity)
    record.evidence.save("hoa-don.pdf", ContentFile(b"%PDF-"))
    return record


def test_the_records_end_with_the_sums_of_what_is_filtered(centre, cast, year_of_records):
    url = reverse("registry:records", args=[cast.brick.code])
    everything = centre.get(url).text
    assert "Cộng 4 số liệu" in everything
    assert "6.500" in everything
    foot = centre.get(url, {"item": cast.electricity.code}).text.partition("<tfoot>")[2]
    assert "Cộng 3 số liệu" in foot
    assert ">60<" in foot
    assert "6.000" in foot


def test_a_sum_of_different_things_is_not_made(centre, cast, year_of_records):
    foot = centre.get(reverse("registry:records", args=[cast.brick.code])).text.partition("<tfoot>")[2]
    assert ">67<" not in foot


def test_records_are_sorted_and_found_by_their_evidence(centre, cast, year_of_records):
    url = reverse("registry:records", args=[cast.brick.code])
    page = centre.get(url, {"item": cast.electricity.code, "sort": "quantity"}).context["page"]
    assert [r.quantity for r in page.object_list] == [10, 20, 30]
    page = centre.get(url, {"evidence": "yes"}).context["page"]
    assert list(page.object_list) == [year_of_records]
    assert centre.get(url, {"evidence": "no"}).context["page"].paginator.count == 3
    assert reverse("registry:evidence", args=[cast.brick.code, year_of_records.pk]) in centre.get(url).text


def test_the_columns_of_the_records_are_chosen(centre, cast, year_of_records):
    url = reverse("registry:records", args=[cast.brick.code])
    assert "Như đã ghi" not in centre.get(url).text.partition("<thead>")[2].partition("</thead>")[0]
    centre.post(reverse("people:columns"), {"list": "records", "next": url, "column": ["month", "entered"]})
    head = centre.get(url).text.partition("<thead>")[2].partition("</thead>")[0]
    assert "Như đã ghi" in head
    assert "Chất lượng" not in head


def test_the_records_are_taken_away_as_filtered_with_their_sum(centre, cast, year_of_records):
    url = reverse("registry:export_records", args=[cast.brick.code, "csv"])
    lines = centre.get(url, {"item": cast.electricity.code}).text.strip().splitlines()
    assert len(lines) == 5
    assert "60" in lines[-1]
    assert centre.get(url.replace(".csv", ".xlsx")).content[:2] == b"PK"
    assert centre.get(url.replace(".csv", ".doc")).status_code == 404


def test_months_without_a_figure_are_a_gap_in_the_chart():
    panel = pages._panel("Điện", "kWh", {(2021, 11): Decimal(5), (2022, 2): Decimal(7)})
    assert panel.months == ((2021, 11), (2021, 12), (2022, 1), (2022, 2))
    assert panel.values == (5, None, None, 7)


def test_a_new_level_of_specific_consumption_is_marked_and_noise_is_not():
    noise = [Decimal(n % 5) / 100 for n in range(48)]
    months = [(2022 + n // 12, n % 12 + 1) for n in range(48)]
    lower = {m: (Decimal(3) if n < 30 else Decimal("2.7")) + noise[n] for n, m in enumerate(months)}
    assert pages.level_changes(lower) == ((2024, 7),)
    assert pages.level_changes({m: Decimal(3) + noise[n] for n, m in enumerate(months)}) == ()
    assert pages.level_changes(dict(list(lower.items())[25:40])) == ()
