"""A saving is judged on records without doubt, and on those that it was computed from."""

import datetime
import io

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from tests.apps.assessment import test_choosing
from tests.apps.assessment.test_choosing import NOW, TODAY, carried_out, measured

from sachhon.apps.assessment.models import VerificationState
from sachhon.apps.assessment.services import plan, verifying
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.verification_rules import early_months
from sachhon.apps.registry.models import Quality, Record, RecordSource
from sachhon.apps.reporting.models import AnnualReport, Finding

assessment, records, three = test_choosing.assessment, test_choosing.records, test_choosing.three


@pytest.fixture
def fan(cast, assessment, three):
    return carried_out(cast, assessment, three[1])


def page(client, cast, row):
    client.force_login(cast.user("centre"))
    return client.get(reverse("assessment:verification", args=[row.assessment_id, row.pk])).text


def detailed_report(client, assessment):
    body = client.get(f"/danh-gia/{assessment.pk}/bao-cao-chi-tiet.docx").content
    return "".join(p.text or "" for p in Document(io.BytesIO(body)).element.body.iter(qn("w:t")))


def judge(cast, row):
    return verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=NOW)


@pytest.mark.parametrize(("year", "month"), [(2026, 5), (2025, 3)])
def test_a_slip_of_unit_in_any_month_is_told_and_nothing_is_said_of_the_saving(
    client, cast, assessment, fan, year, month
):
    record = Record.objects.get(year=year, month=month, resource=cast.electricity)
    Record.objects.filter(pk=record.pk).update(quantity=record.quantity * 1000)
    row = measured(cast, assessment, fan)
    text = page(client, cast, row)
    assert f"{month:02d}/{year}: " in text
    assert "× 0,001" in text
    assert "Kết quả xấu đi" not in text
    assert 'value="verified"' not in text
    if year == 2026:  # a slip in the baseline leaves no model to judge by
        assert row.result["words_vi"] not in text
        assert row.result["words_vi"] not in detailed_report(client, assessment)
        with pytest.raises(AssessmentError, match=f"{month:02d}/{year}"):
            judge(cast, row)
    Record.objects.filter(pk=record.pk).update(quantity=record.quantity)
    assert judge(cast, verifying.compute(cast.user("expert"), row)).state == VerificationState.VERIFIED


def test_a_month_marked_suspect_is_settled_first(client, cast, assessment, fan):
    Record.objects.filter(year=2026, month=2, flow="output").update(quality=Quality.SUSPECT)
    row = measured(cast, assessment, fan)
    with pytest.raises(AssessmentError, match="02/2026"):
        judge(cast, row)
    assert "nghi vấn: 02/2026" in page(client, cast, row)


def test_a_grave_finding_of_the_annual_report_stands_in_the_way_until_it_is_settled(cast, assessment, fan):
    report = AnnualReport.objects.create(facility=cast.brick, year=2026)
    row = measured(cast, assessment, fan)
    key = f"history_unit_slip|consumption:{cast.electricity.pk}:|0"
    params = {
        "item": "Điện lưới",
        "observed": 3803.9,
        "low": 33,
        "high": 59,
        "unit": "kWh/k_vien",
        "factor": 0.01,
    }
    finding = Finding.objects.create(
        report=report, rule="history_unit_slip", key=key, level="error", params=params
    )
    other = Finding.objects.create(
        report=report, rule="history", key="history|consumption:999999:|0", level="error", params=params
    )
    with pytest.raises(AssessmentError, match="Điện lưới"):
        judge(cast, row)
    Finding.objects.filter(pk=finding.pk).update(state=Finding.State.EXPLAINED)
    assert other.state == Finding.State.OPEN  # of another resource
    assert judge(cast, row).state == VerificationState.VERIFIED


def test_records_changed_after_the_computing_are_computed_anew_before_the_judgement(
    client, cast, assessment, fan
):
    row = measured(cast, assessment, fan)
    assert "Số liệu đã thay đổi" not in page(client, cast, row)
    record = Record.objects.get(year=2026, month=4, resource=cast.electricity)
    record.quantity -= 3000
    record.save()
    assert "Số liệu đã thay đổi sau khi tính: hãy tính lại." in page(client, cast, row)
    with pytest.raises(AssessmentError, match="tính lại"):
        judge(cast, row)
    again = verifying.compute(cast.user("expert"), row)
    assert again.result["saving"] == pytest.approx(row.result["saving"] + 3000, abs=0.01)
    assert judge(cast, again).state == VerificationState.VERIFIED


def test_records_changed_after_the_judgement_are_told_with_what_it_would_be_now(
    client, cast, assessment, fan
):
    row = judge(cast, measured(cast, assessment, fan))
    listed = reverse("assessment:verifications", args=[assessment.pk])
    assert "số liệu đã thay đổi" not in client.get(listed).text
    record = Record.objects.get(year=2026, month=4, flow="output")
    record.quantity += 100  # 100 thousand bricks more at 40 kWh a thousand, give or take the fit
    record.save()
    text = page(client, cast, row)
    assert "theo số liệu hiện nay sẽ là" in text
    assert "số liệu đã thay đổi" in client.get(listed).text
    assert "số liệu đã thay đổi" in page(client, cast, row)


def test_a_solution_carried_out_after_the_first_measured_month_is_told_until_the_day_is_put_right(
    client, cast, assessment, fan
):
    expert = cast.user("expert")
    row = measured(cast, assessment, fan)
    assert "GP-02 thực hiện xong ngày 01/07/2026 nhưng đo từ tháng 01/2026" in page(client, cast, row)
    url = reverse("assessment:plan_option", args=[assessment.pk, fan.number])
    client.force_login(expert)
    typed = {"version": fan.version, "done_on": "2026-01-05"}
    assert "ghi lý do thay đổi" in client.post(url, typed).text
    client.post(url, typed | {"reason": "Ghi nhầm ngày bấm nút"})
    fan.refresh_from_db()
    assert fan.done_on == datetime.date(2026, 1, 5)
    assert "thực hiện xong ngày" not in page(client, cast, row)
    with pytest.raises(AssessmentError, match="tương lai"):
        plan.plan_option(expert, fan, {"done_on": datetime.date(2999, 1, 1)}, fan.version, reason="x")
    with pytest.raises(AssessmentError, match="không để trống"):
        plan.plan_option(expert, fan, {"done_on": None}, fan.version, reason="x")


def test_a_day_of_carrying_out_is_not_asked_of_what_is_still_to_be_done(client, cast, assessment, three):
    idea = three[0]
    client.force_login(cast.user("expert"))
    assert 'name="done_on"' not in client.get(reverse("assessment:plan_option", args=[assessment.pk, 1])).text
    with pytest.raises(AssessmentError):
        plan.plan_option(
            cast.user("expert"), idea, {"done_on": datetime.date(2026, 1, 5)}, idea.version, reason="x"
        )


def test_of_a_result_without_a_digest_only_another_outcome_is_told(client, cast, assessment, fan):
    row = judge(cast, measured(cast, assessment, fan))
    old = {name: value for name, value in row.result.items() if name != "seen"}
    type(row).objects.filter(pk=row.pk).update(result=old)
    assert "Số liệu đã thay đổi" not in page(client, cast, row)
    Record.objects.filter(year=2026, month=4, resource=cast.electricity).update(quantity=40_000)
    assert "Số liệu đã thay đổi" in page(client, cast, row)


@pytest.mark.parametrize("guess", [{"source": RecordSource.ESTIMATE}, {"quality": Quality.ESTIMATED}])
def test_an_estimated_month_is_told_and_not_verified_until_it_is_read(client, cast, assessment, fan, guess):
    month = Record.objects.filter(year=2026, month=6, resource=cast.electricity)
    month.update(**guess)
    row = measured(cast, assessment, fan)
    told = "Số ước, chưa phải số đọc: Điện lưới 06/2026"
    text = page(client, cast, row)
    assert told in text
    assert 'value="verified"' not in text
    with pytest.raises(AssessmentError, match="06/2026"):
        judge(cast, row)
    month.update(source=RecordSource.METER, quality=Quality.GOOD)
    judge(cast, row)
    assert told not in page(client, cast, row)
    month.update(**guess)  # an older judgement on what was an estimate all along
    assert told in page(client, cast, row)


def test_a_month_that_is_not_over_is_not_verified_by_what_its_bill_said_so_far(cast, assessment, fan):
    row = measured(cast, assessment, fan)
    in_june = datetime.datetime(2026, 6, 28, 9, 0, tzinfo=datetime.UTC)
    centre = cast.user("centre")
    with pytest.raises(AssessmentError, match="06/2026 chưa hết"):
        verifying.judge(centre, row, verified=True, note="", version=row.version, now=in_june)
    assert judge(cast, row).state == VerificationState.VERIFIED  # on 1 July it is


def test_nothing_is_carried_out_before_its_work_begins_or_before_the_assessed_months(
    client, cast, assessment, fan
):
    expert = cast.user("expert")
    day = datetime.date
    planned = plan.plan_option(expert, fan, {"starts_on": day(2026, 2, 1)}, fan.version, reason="x")
    with pytest.raises(AssessmentError, match=r"15/01/2026.*01/02/2026"):
        plan.plan_option(expert, planned, {"done_on": day(2026, 1, 15)}, planned.version, reason="x")
    with pytest.raises(AssessmentError, match=r"01/07/2026.*01/08/2026"):
        plan.plan_option(expert, planned, {"starts_on": day(2026, 8, 1)}, planned.version, reason="x")
    both = {"starts_on": day(2024, 11, 1), "done_on": day(2024, 12, 1)}
    with pytest.raises(AssessmentError, match=r"01/12/2024.*01/01/2025"):
        plan.plan_option(expert, planned, both, planned.version, reason="x")
    client.force_login(expert)
    url = reverse("assessment:plan_option", args=[assessment.pk, fan.number])
    typed = {"version": planned.version, "starts_on": "2026-02-01", "done_on": "2026-01-15", "reason": "x"}
    assert "trước khi bắt đầu làm" in client.post(url, typed).text
    typed |= {"starts_on": "2026-01-05"}
    client.post(url, typed)
    fan.refresh_from_db()
    assert (fan.starts_on, fan.done_on) == (day(2026, 1, 5), day(2026, 1, 15))


def test_work_is_not_ticked_off_before_the_day_it_is_to_begin(cast, assessment, three):
    expert = cast.user("expert")
    option = plan.move_option(expert, three[0], "choose", today=TODAY)
    later = {"starts_on": datetime.date(2026, 7, 20)}
    option = plan.plan_option(expert, option, later, option.version)
    option = plan.move_option(expert, option, "begin", today=TODAY)
    with pytest.raises(AssessmentError, match=r"01/07/2026.*20/07/2026"):
        plan.move_option(expert, option, "finish", today=TODAY)
    assert plan.move_option(expert, option, "finish", today=later["starts_on"]).done_on == later["starts_on"]


def test_an_estimate_in_the_baseline_is_told_and_does_not_hinder(client, cast, assessment, fan):
    december = Record.objects.filter(year=2025, month=12, flow="output")
    december.update(quality=Quality.ESTIMATED)
    row = judge(cast, measured(cast, assessment, fan))
    told = "Kỳ gốc có số ước: Gạch đặc 12/2025"
    assert told in page(client, cast, row)
    december.update(quality=Quality.GOOD)
    assert told not in page(client, cast, row)


def test_where_no_day_of_the_plan_could_be_right_the_period_of_the_figures_is_named(
    client, cast, assessment, fan
):
    row = measured(cast, assessment, fan)
    assert "kỳ số liệu" not in early_months(row)[0]
    assessment.data_from, assessment.data_to = datetime.date(2026, 3, 1), datetime.date(2026, 6, 30)
    assessment.save()
    row.refresh_from_db()
    (told,) = early_months(row)
    assert "trước 01/03/2026" in told
    assert "kỳ số liệu của đánh giá bắt đầu sớm hơn" in told


def test_a_saving_that_cannot_be_computed_is_not_told_as_saved(client, cast, assessment, fan):
    row = measured(cast, assessment, fan)
    client.force_login(cast.user("expert"))
    url = reverse("assessment:compute_verification", args=[assessment.pk, row.pk])
    assert "Đã tính." in client.post(url, follow=True).text
    Record.objects.filter(year=2026).delete()
    text = client.post(url, follow=True).text
    assert "Chưa tính được mức tiết kiệm" in text
    assert "Đã tính." not in text
    assert "Đã lưu." not in text
