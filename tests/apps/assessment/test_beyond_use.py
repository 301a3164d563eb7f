"""A solution said to save more than the facility uses is told everywhere, and is in no choice, sum or curve."""

import io

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from tests.apps.assessment import test_choosing
from tests.apps.assessment.test_choosing import TODAY, add

from sachhon.apps.assessment.models import Option, OptionState
from sachhon.apps.assessment.services import choosing, plan
from sachhon.apps.assessment.services import options as services
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.registry.models import Record

assessment, records, three = test_choosing.assessment, test_choosing.records, test_choosing.three


@pytest.fixture
def slip(cast, assessment, three):
    """Nine million kilowatt-hours at a plant that uses some six hundred thousand."""
    return add(cast, assessment, "Thay mô tơ", 9_000_000, 20)


def report(client, assessment):
    body = client.get(f"/danh-gia/{assessment.pk}/bao-cao-chi-tiet.docx").content
    return " ".join(p.text or "" for p in Document(io.BytesIO(body)).element.body.iter(qn("w:t")))


def test_it_is_told_at_the_solution_in_the_list_in_the_choice_and_in_the_report(
    client, cast, assessment, slip
):
    client.force_login(cast.user("expert"))
    of = [assessment.pk]
    said = "Ghi là tiết kiệm 9.000.000 kWh Điện lưới mỗi năm"
    for url in (
        reverse("assessment:options", args=of),
        reverse("assessment:option", args=[*of, slip.number]),
        reverse("assessment:choice", args=of),
    ):
        assert client.get(url).text.count(said) == 1, url
    assert said in report(client, assessment)
    assert said not in client.get(reverse("assessment:option", args=[*of, 1])).text


def test_it_is_in_no_sum_front_or_curve_and_cannot_be_chosen(cast, assessment, three, slip):
    found = choosing.choose(assessment, None)
    assert [c.option.number for c in found.candidates] == [1, 2, 3]
    assert found.totals["value"] < sum(o.result["npv"] for o in three[:2]) / 1e6
    (out,) = found.left_out
    assert (out.option, "9.000.000" in out.beyond) == (slip, True)
    assert {b.name for b in choosing.abatement(assessment).blocks} == {"GP-01", "GP-02", "GP-03"}
    assert all("GP-04" not in p.chosen for p in choosing.front(assessment, None).portfolios)
    choosing.decide(cast.user("centre"), assessment, None, "value", today=TODAY)
    assert Option.objects.get(pk=slip.pk).state == OptionState.IDEA
    with pytest.raises(AssessmentError, match=r"GP-04.*9\.000\.000"):
        plan.move_option(cast.user("expert"), slip, "choose", today=TODAY)


def test_one_that_was_chosen_goes_back_with_the_reason_and_counts_again_when_put_right(
    cast, assessment, slip
):
    Option.objects.filter(pk=slip.pk).update(state=OptionState.CHOSEN)
    choosing.decide(cast.user("centre"), assessment, None, "value", today=TODAY)
    slip.refresh_from_db()
    assert (slip.state, "9.000.000" in slip.state_reason) == (OptionState.STUDIED, True)
    right = {"savings": {"electricity": {"likely": 9000}}}
    services.change_option(cast.user("expert"), slip, right, slip.version)
    assert 4 in {c.option.number for c in choosing.choose(assessment, None).candidates}


def test_without_records_of_the_use_nothing_is_judged(cast, assessment, slip):
    Record.objects.filter(resource=cast.electricity).update(cost_vnd=None)
    Record.objects.filter(year=2025, month__gt=2, resource=cast.electricity).delete()
    assert slip in [c.option for c in choosing.choose(assessment, None).candidates]


def test_the_report_tells_what_became_of_what_was_chosen(client, cast, assessment, three):
    choosing.decide(cast.user("centre"), assessment, None, "value", today=TODAY)
    plan.move_option(cast.user("expert"), three[1], "unchoose", today=TODAY, reason="Xem lại")
    client.force_login(cast.user("expert"))
    text = report(client, assessment)
    assert "chọn – sau đó “Đã nghiên cứu”" in text
    assert text.count("chọn – sau đó") == 1


def test_a_range_whose_high_end_is_more_than_all_that_is_used_is_told_like_a_saving_that_is(
    client, cast, assessment, three
):
    wide = add(
        cast, assessment, "Thay mô tơ", 0, 20, savings={"electricity": {"likely": 9000, "high": 9_000_000}}
    )
    assert wide.result["npv"] < wide.result["npv_low"]  # what the range is drawn from cannot be
    client.force_login(cast.user("expert"))
    said = "tiết kiệm nhiều nhất 9.000.000 kWh Điện lưới"
    of = [assessment.pk]
    pages = [reverse("assessment:options", args=of), reverse("assessment:option", args=[*of, wide.number])]
    for url in (*pages, reverse("assessment:choice", args=of)):
        assert client.get(url).text.count(said) == 1, url
    assert said in report(client, assessment)
    assert [one.option for one in choosing.choose(assessment, None).left_out] == [wide]
    with pytest.raises(AssessmentError, match=r"GP-04.*9\.000\.000"):
        plan.move_option(cast.user("expert"), wide, "choose", today=TODAY)
    right = {"savings": {"electricity": {"likely": 9000, "high": 12_000}}}
    services.change_option(cast.user("expert"), wide, right, wide.version)
    assert choosing.choose(assessment, None).left_out == ()
    assert said not in client.get(pages[1]).text
