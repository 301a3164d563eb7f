"""Options keep the prices they were valued with; where records give others it is told, and mended by a person."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from sachhon.apps.assessment.models import Option
from sachhon.apps.assessment.services import revaluing
from sachhon.apps.assessment.services.economics import basis_of
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Record
from sachhon.documents.numbers import format_number

from .test_options import assessment, bills, lights  # noqa: F401


@pytest.fixture
def dearer(bills):  # noqa: F811
    """Every bill says half as much again, after the options were valued."""

    def change() -> None:
        for record in Record.objects.filter(resource__code="electricity", facility__isnull=False):
            if record.cost_vnd:
                record.cost_vnd = record.cost_vnd * 3 // 2
                record.save()

    return change


def moved(found) -> list[str]:
    return [o.code for o in revaluing.repriced(Option.objects.order_by("number"), basis_of(found))]


def test_an_option_on_old_prices_is_told_and_valued_anew(client, cast, assessment, dearer):  # noqa: F811
    own = lights(cast, assessment)
    typed = {"electricity": {"likely": 10000, "price_vnd": 1900}}
    lights(cast, assessment, savings=typed)
    page = reverse("assessment:options", args=[assessment.pk])
    client.force_login(cast.user("expert"))
    assert "Tính lại theo đơn giá hôm nay" not in client.get(page).text
    assert moved(assessment) == []
    dearer()
    assert moved(assessment) == ["GP-01"]  # a typed price is nobody's record
    text = client.get(page).text
    assert "Tính lại theo đơn giá hôm nay" in text
    old, new = (format_number(own.result["prices"]["electricity"] * k, "vi", 0) for k in (1, 1.5))
    assert f"{old} → {new} VND/kWh" in text  # how much they moved by, before it is pressed
    answer = client.post(reverse("assessment:revalue_options", args=[assessment.pk]), follow=True)
    assert "GP-01" in answer.text
    assert "Tính lại theo đơn giá hôm nay" not in answer.text
    before = own.result["saving_vnd"][1]
    own.refresh_from_db()
    assert own.result["saving_vnd"][1] == pytest.approx(1.5 * before)
    assert AuditEntry.objects.get(verb="option.revalue").object_id == str(own.pk)
    history = client.get(reverse("assessment:option", args=[assessment.pk, own.number])).text
    assert "Tính lại theo đơn giá ngày đó: – → Có" in history
    assert new not in history.partition("Lịch sử thay đổi")[2]  # no price in what more people read


def test_a_price_found_at_last_is_told_too(cast, assessment, bills):  # noqa: F811
    option = lights(cast, assessment)
    Option.objects.filter(pk=option.pk).update(result={"problem": "no_price", "resource": "electricity"})
    assert moved(assessment) == ["GP-01"]
    revaluing.revalue(cast.user("expert"), assessment)
    option.refresh_from_db()
    assert option.result["npv"]


def test_only_the_team_values_anew(client, cast, assessment, dearer):  # noqa: F811
    lights(cast, assessment)
    dearer()
    for role, status in (("department", 403), ("factory", 302)):  # the factory is told why, on the list
        with pytest.raises((AssessmentError, PermissionDenied)):
            revaluing.revalue(cast.user(role), assessment)
        client.force_login(cast.user(role))
        answer = client.post(reverse("assessment:revalue_options", args=[assessment.pk]))
        assert answer.status_code == status
        assert "Tính lại theo đơn giá hôm nay" not in client.get(f"/danh-gia/{assessment.pk}/giai-phap/").text
    assert moved(assessment) == ["GP-01"]
