"""Opening an assessment, its team, and the steps from a request to the signature."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from sachhon.apps.assessment import plugs
from sachhon.apps.assessment.models import Assessment, AssessmentState, Kind
from sachhon.apps.assessment.queries.assessments import AssessmentFilter, assessment_list
from sachhon.apps.assessment.services import opening, workflow
from sachhon.apps.assessment.services.errors import AlreadyMoved, AssessmentError, NotYours
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Assignment
from sachhon.reference.text import fold

PERIOD = {"data_from": datetime.date(2025, 1, 1), "data_to": datetime.date(2025, 12, 31)}


def opened(cast, role="centre", kind=Kind.QUICK, facility=None, **values):
    return opening.open_assessment(cast.user(role), facility or cast.brick, kind, **(PERIOD | values))


def test_a_factory_asks_and_the_centre_begins(cast):
    asked = opened(cast, "factory", reason="Hóa đơn điện tăng")
    assert asked.state == AssessmentState.REQUESTED
    assert not Assessment.objects.editable_by(cast.user("factory")).exists()
    centre, expert = cast.user("centre"), cast.user("expert")
    with pytest.raises(AssessmentError, match="trưởng nhóm"):  # nobody could work on it
        workflow.move(centre, asked, "begin", now=timezone.now())
    opening.add_member(centre, asked, expert)
    opening.appoint_lead(centre, asked, expert)
    begun = workflow.move(centre, asked, "begin", now=timezone.now())
    assert begun.state == AssessmentState.UNDERWAY


def test_a_factory_works_on_its_own_quick_assessment_only(cast):
    own = opened(cast, "factory", by_factory=True)
    assert own.state == AssessmentState.UNDERWAY
    assert Assessment.objects.editable_by(cast.user("factory")).get() == own
    with pytest.raises(AssessmentError):
        opened(cast, "factory", kind=Kind.DETAILED, by_factory=True)
    with pytest.raises(AssessmentError):
        opened(cast, "centre", by_factory=True)


def test_a_facility_of_somebody_else_is_not_assessed(cast):
    for role in ("factory", "expert", "centre"):
        with pytest.raises(NotYours):
            opened(cast, role, facility=cast.stranger)
    for role in ("department", "inspector", "leader", "ministry"):
        with pytest.raises(PermissionDenied):
            opened(cast, role)


def test_a_member_sees_the_facility_and_may_edit_until_taken_off(cast):
    expert = cast.user("expert")
    assessment = opened(cast, facility=cast.quarry)
    assert not Assessment.objects.visible_to(expert).exists()
    member = opening.add_member(cast.user("centre"), assessment, expert, duty="Cân bằng nhiệt")
    assert Assignment.objects.filter(user=expert, facility=cast.quarry).exists()
    assert opening.locked_for_edit(expert, assessment) == assessment
    opening.remove_member(cast.user("centre"), member)
    with pytest.raises(NotYours):
        opening.locked_for_edit(expert, assessment)


def test_only_the_expert_team_joins_and_only_those_who_manage_change_it(cast):
    assessment = opened(cast)
    with pytest.raises(AssessmentError):
        opening.add_member(cast.user("centre"), assessment, cast.user("factory"))
    with pytest.raises(PermissionDenied):
        opening.add_member(cast.user("expert"), assessment, cast.user("expert"))
    with pytest.raises(AssessmentError):
        opening.appoint_lead(cast.user("centre"), assessment, cast.user("expert"))


def test_the_steps_to_the_signature_are_taken_by_the_right_people_once(cast):
    centre, expert, now = cast.user("centre"), cast.user("expert"), timezone.now()
    assessment = opened(cast)
    opening.add_member(centre, assessment, expert)
    sent = workflow.move(expert, assessment, "send", now=now)
    assert [t.action for t in workflow.possible(expert, sent)] == []
    with pytest.raises(NotYours):
        workflow.move(expert, sent, "sign", now=now)
    with pytest.raises(AssessmentError):
        workflow.move(centre, sent, "give_back", now=now)  # without a reason
    signed = workflow.move(centre, sent, "sign", now=now)
    assert (signed.state, signed.signed_by) == (AssessmentState.SIGNED, centre)
    with pytest.raises(AlreadyMoved):
        workflow.move(centre, sent, "sign", now=now)
    assert AuditEntry.objects.filter(verb="assessment.sign").count() == 1
    again = workflow.move(centre, signed, "reopen", now=now, reason="Số liệu than sai")
    assert (again.state, again.signed_by, again.signed_at) == (AssessmentState.UNDERWAY, None, None)


def test_nothing_is_edited_while_in_review(cast):
    assessment = opened(cast)
    workflow.move(cast.user("centre"), assessment, "send", now=timezone.now())
    with pytest.raises(NotYours):
        opening.locked_for_edit(cast.user("centre"), assessment)


def test_the_list_is_narrowed_and_found_without_tone_marks(cast):
    first, second = opened(cast), opened(cast, "factory", kind=Kind.DETAILED)
    centre = cast.user("centre")

    def found(**wanted):
        return set(assessment_list(centre, AssessmentFilter(**wanted)))

    assert found(q="gach thu") == {first, second}
    assert found(kind="detailed") == {second}
    assert found(state="open") == {first, second}
    assert found(state="requested") == {second}
    assert found(whose="mine") == {first}
    assert set(assessment_list(cast.user("inspector"), AssessmentFilter(q="da thu nghiem"))) == set()


def test_the_pages_take_a_request_to_the_signature(client, cast):
    client.force_login(cast.user("centre"))
    form = {"kind": "quick", "data_from": "2025-01-01", "data_to": "2025-12-31", "reason": "Rà soát"}
    page = client.post(f"/danh-gia/moi/{cast.brick.code}/", form, follow=True)
    assessment = Assessment.objects.get()
    assert "Rà soát" in page.text
    client.post(f"/danh-gia/{assessment.pk}/to/", {"user": cast.user("expert").pk, "duty": "Đo khói"})
    client.post(f"/danh-gia/{assessment.pk}/y-kien/", {"text": "Cần đo lại"})
    client.post(f"/danh-gia/{assessment.pk}/buoc/send/")
    page = client.post(f"/danh-gia/{assessment.pk}/buoc/sign/", follow=True)
    assert "Đo khói" in page.text
    assert "Cần đo lại" in page.text
    assert "Đã ký xác nhận" in page.text
    assert assessment.facility.name in client.get("/danh-gia/?state=signed").text
    assert client.get("/danh-gia/xuat.csv").status_code == 200
    assert "Đánh giá nhanh" in client.get(f"/co-so/{cast.brick.code}/").text


def test_a_period_that_ends_before_it_begins_is_told_at_the_form(client, cast):
    client.force_login(cast.user("centre"))
    form = {"kind": "quick", "data_from": "2025-12-31", "data_to": "2025-01-01"}
    page = client.post(f"/danh-gia/moi/{cast.brick.code}/", form)
    assert "Kỳ số liệu kết thúc trước khi bắt đầu" in page.text
    assert not Assessment.objects.exists()


def test_the_later_of_two_plans_is_told_and_not_stored(cast):
    assessment = opened(cast)
    centre, version = cast.user("centre"), assessment.version
    visit = datetime.date(2026, 12, 1)
    opening.plan(centre, assessment, version=version, visit_on=visit, **PERIOD)
    with pytest.raises(AssessmentError, match="01/12/2026"):
        opening.plan(centre, assessment, version=version, visit_on=None, **PERIOD)
    assessment.refresh_from_db()
    assert assessment.visit_on == visit


def test_the_plan_is_set_and_a_lead_appointed_on_the_pages(client, cast):
    assessment = opened(cast)
    member = opening.add_member(cast.user("centre"), assessment, cast.user("expert"))
    client.force_login(cast.user("centre"))
    plan = {
        "version": assessment.version,
        "visit_on": "2026-12-01",
        "data_from": "2025-01-01",
        "data_to": "2025-12-31",
    }
    assert "01/12/2026" in client.post(f"/danh-gia/{assessment.pk}/lich/", plan, follow=True).text
    client.post(f"/danh-gia/{assessment.pk}/to/{member.pk}/truong-nhom/")
    assessment.refresh_from_db()
    assert assessment.lead == cast.user("expert")
    client.post(f"/danh-gia/{assessment.pk}/to/{member.pk}/rut/")
    assessment.refresh_from_db()
    assert assessment.lead is None


def test_who_opens_no_assessment_finds_none_by_name_nor_on_the_page_of_its_facility(cast):
    opened(cast)
    word = fold(cast.brick.name.split()[0])
    for role in cast.roles:
        user = cast.user(role)
        told = [*plugs.find(user, word, 5), *plugs.events(user, cast.brick)]
        assert bool(told) == user.may("assessment.view"), role
