"""The last signatures: refused over savings of records that are gone, warned over open work."""

import pytest
from tests.apps.assessment import test_choosing
from tests.apps.assessment.flow_making import add
from tests.apps.assessment.test_choosing import NOW, carried_out, measured

from sachhon.apps.assessment.models import AssessmentState, StepSign
from sachhon.apps.assessment.services import sign_checks, signing, verifying, workflow
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.registry.models import Record

assessment, records, three = test_choosing.assessment, test_choosing.records, test_choosing.three


@pytest.fixture
def saving(cast, assessment, three):
    """A verified saving of an assessment whose steps are signed up to the fifth."""
    row = measured(cast, assessment, carried_out(cast, assessment, three[1]))
    row = verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=NOW)
    add(cast.user("expert"), assessment, "process", name="Nung")
    for step in range(1, 6):
        signing.sign_step(cast.user("centre"), assessment, step)
    return row


def change_a_record(cast):
    record = Record.objects.get(year=2026, month=4, resource=cast.electricity)
    record.quantity -= 3000
    record.save()


def front(client, cast, assessment):
    client.force_login(cast.user("centre"))
    return client.get(f"/danh-gia/{assessment.pk}/").text


def test_the_last_step_is_not_signed_over_a_saving_of_records_that_were_changed(
    client, cast, assessment, saving
):
    centre = cast.user("centre")
    change_a_record(cast)
    with pytest.raises(AssessmentError, match=r"Điện lưới, .*số liệu đã thay đổi"):
        signing.sign_step(centre, assessment, 6)
    text = front(client, cast, assessment)
    assert f'<a href="/danh-gia/{assessment.pk}/kiem-chung/{saving.pk}/">Điện lưới' in text
    assert 'id="sign-6"' not in text
    verifying.take_back(centre, saving, reason="Số liệu đã sửa", now=NOW)
    again = verifying.compute(centre, saving)
    verifying.judge(centre, again, verified=True, note="", version=again.version, now=NOW)
    assert 'id="sign-6"' in front(client, cast, assessment)
    assert signing.sign_step(centre, assessment, 6)


def test_the_whole_is_not_signed_off_over_it_either(client, cast, assessment, saving):
    centre = cast.user("centre")
    signing.sign_step(centre, assessment, 6)
    sent = workflow.move(centre, assessment, "send", now=NOW)
    change_a_record(cast)
    with pytest.raises(AssessmentError, match="Chưa ký"):
        workflow.move(centre, sent, "sign", now=NOW)
    sent.refresh_from_db()
    assert sent.state == AssessmentState.IN_REVIEW
    assert "trả lại đánh giá trước" in front(client, cast, assessment)
    page = client.get(f"/danh-gia/{assessment.pk}/kiem-chung/{saving.pk}/").text
    assert "Đánh giá đang đóng, không sửa được" in page


def test_open_work_is_told_before_signing_and_hinders_nothing(client, cast, assessment, saving):
    add(cast.user("expert"), assessment, "task", name="Đo lại khí thải")
    assert any("Đo lại khí thải" in line for line in sign_checks.open_work(assessment))
    assert "Đo lại khí thải" in front(client, cast, assessment)
    signing.sign_step(cast.user("centre"), assessment, 6)
    workflow.move(cast.user("centre"), assessment, "send", now=NOW)
    assert "Đo lại khí thải" in front(client, cast, assessment)
    assert workflow.move(cast.user("centre"), assessment, "sign", now=NOW).state == AssessmentState.SIGNED


def test_that_one_person_gave_every_signature_is_said_beside_them(client, cast, assessment, saving):
    told = "Cả sáu bước do một người ký"
    assert told not in front(client, cast, assessment)
    signing.sign_step(cast.user("centre"), assessment, 6)
    assert told in front(client, cast, assessment)
    StepSign.objects.filter(step=3).update(by=cast.user("admin"), by_name="Người khác")
    assert told not in front(client, cast, assessment)
