"""Two facilities that are one: merged with a preview, nothing counted twice, taken apart again by one act."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from sachhon.apps.registry.models import Facility, FacilityMerge, Product, Record
from sachhon.apps.registry.services.likeness import are_other_enterprises, side_by_side
from sachhon.apps.registry.services.merge import merge, preview, undo_merge
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.services import savings


def rows(cast, facility, quantities: dict[int, int], product: str):
    made, _created = Product.objects.get_or_create(facility=facility, name=product, unit="k_vien")
    for month, quantity in quantities.items():
        yield RecordRow(2025, month, "output", Decimal(quantity), product=made)
        yield RecordRow(2025, month, "consumption", Decimal(quantity * 40), resource=cast.electricity)


@pytest.fixture
def twins(cast):
    """The brickworks, registered a second time with some of the same months."""
    twin = Facility.objects.create(
        code="LS-0009",
        name="Gạch tuynel Thử Nghiệm",
        enterprise=cast.brick_enterprise,
        trade=cast.brick.trade,
        area=cast.brick.area,
        province_code="20",
        contact_phone="0205 111 222",
    )
    officer = cast.user("centre")
    write_records(officer, cast.brick, list(rows(cast, cast.brick, {1: 10, 2: 11}, "Gạch đặc")))
    write_records(officer, twin, list(rows(cast, twin, {2: 99, 3: 12}, "Gạch đặc")))
    return officer, cast.brick, twin


def state():
    return (
        list(Record.objects.order_by("pk").values_list("pk", "facility", "product", "quantity")),
        list(Facility.objects.order_by("pk").values_list("pk", "contact_phone", "status", "merged_into")),
    )


def test_the_preview_writes_nothing_and_tells_what_collides(twins):
    _officer, kept, absorbed = twins
    before = state()
    plan = preview(kept, absorbed)
    assert state() == before
    assert len(plan.moved["registry.record"]) == 2  # March: output and electricity
    assert len(plan.left["registry.record"]) == 2  # February is known at both
    assert plan.fields["contact_phone"][1] == "0205 111 222"


def test_a_merge_counts_every_month_once(twins):
    officer, kept, absorbed = twins
    merge(officer, kept, absorbed)
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    output = kept.records.filter(flow="output")
    assert {(r.month, int(r.quantity)) for r in output} == {(1, 10), (2, 11), (3, 12)}
    assert {r.product.facility_id for r in output} == {kept.pk}
    assert (absorbed.merged_into, absorbed.status) == (kept, Facility.Status.CLOSED)
    assert kept.contact_phone == "0205 111 222"


def test_undoing_a_merge_brings_everything_back(twins):
    officer, kept, absorbed = twins
    before = state()
    row = merge(officer, kept, absorbed)
    undo_merge(officer, row)
    assert state() == before
    with pytest.raises(ValidationError):
        undo_merge(officer, FacilityMerge.objects.get(pk=row.pk))


def test_facilities_of_two_provinces_are_not_merged(cast):
    with pytest.raises(ValidationError):
        preview(cast.brick, cast.stranger)


def test_the_pages_lead_through_a_merge_and_back(client, twins):
    officer, kept, absorbed = twins
    client.force_login(officer)
    url = reverse("registry:merge", args=[kept.code])
    assert absorbed.name in client.get(url, {"other": absorbed.code}).text
    assert client.post(url, {"other": absorbed.code}).status_code == 302
    old = client.get(reverse("registry:facility", args=[absorbed.code]), follow=True)
    assert old.redirect_chain[-1][0] == reverse("registry:facility", args=[kept.code])
    row = FacilityMerge.objects.get()
    client.post(reverse("registry:undo_merge", args=[kept.code, row.pk]))
    absorbed.refresh_from_db()
    assert absorbed.merged_into is None


def test_the_preview_shows_both_and_warns_of_two_enterprises(client, twins):
    officer, kept, absorbed = twins
    for facility, code in ((kept, "4900000001"), (absorbed, "0100109106")):
        facility.tax_code = code
        facility.save()
    client.force_login(officer)
    url = reverse("registry:merge", args=[kept.code])
    html = client.get(url, {"other": absorbed.code}).text
    lines = {line.label: line for line in side_by_side(kept, absorbed)}
    for line in lines.values():
        assert line.kept in html
        assert line.absorbed in html
    assert {label for label, line in lines.items() if line.differs} == {"Tên", "Mã số thuế"}
    assert 'class="notice notice-error"' in html
    refused = client.post(url, {"other": absorbed.code})
    assert refused.status_code == 200
    assert "0100109106" in refused.text
    assert not FacilityMerge.objects.exists()
    assert client.post(url, {"other": absorbed.code, "is_sure": "1"}).status_code == 302
    assert FacilityMerge.objects.exists()


def test_a_branch_of_the_same_enterprise_is_no_other_enterprise(twins):
    _officer, kept, absorbed = twins
    kept.tax_code = "4900000001"
    assert not are_other_enterprises(kept, absorbed)  # the duplicate has no tax code
    absorbed.tax_code = "4900000001-001"
    assert not are_other_enterprises(kept, absorbed)
    absorbed.tax_code = "4900000019"
    assert are_other_enterprises(kept, absorbed)


def test_a_merge_computes_the_savings_of_each_facility_once(twins, monkeypatch):
    officer, kept, absorbed = twins
    electricity = kept.records.get(month=1, flow="consumption").resource
    older = [RecordRow(y, 1, "consumption", Decimal(5), resource=electricity) for y in (2022, 2023, 2024)]
    write_records(officer, kept, older)
    asked = []
    monkeypatch.setattr(savings, "_recompute", lambda ids, years: asked.append((ids, years)) or 0)
    merge(officer, kept, absorbed)
    assert asked == [([kept.pk], {2022, 2023, 2024, 2025}), ([absorbed.pk], {2025})]
