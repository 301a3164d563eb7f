"""A report moves from hand to hand: on time or late, returned, accepted once, locked, revised."""

import datetime
import threading

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection

from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Record
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.services import drafting, workflow
from sachhon.apps.reporting.services.errors import NotYours, ReportError
from sachhon.apps.reporting.services.workflow import AlreadyMoved, NotReady

from .conftest import NOW, moment


@pytest.mark.parametrize(
    ("sent_at", "on_time"),
    [
        (moment(2026, 12, 14, 23, 59, 59), True),
        (moment(2026, 12, 15, 0, 0), False),
        (datetime.datetime(2026, 12, 14, 16, 59, tzinfo=datetime.UTC), True),
        (datetime.datetime(2026, 12, 14, 17, 0, tzinfo=datetime.UTC), False),
    ],
)
def test_a_report_is_on_time_until_the_last_second_of_14_december_in_hanoi(works, sent_at, on_time):
    report = works.sent(now=sent_at)
    assert report.state == "submitted"
    assert report.on_time is on_time


def test_a_report_that_was_returned_keeps_the_day_it_was_first_sent(works):
    report = works.sent(now=moment(2026, 12, 10, 8))
    workflow.return_with_remarks(works.centre, report, "Thiếu số nước", now=moment(2026, 12, 16, 9))
    workflow.submit(works.factory, report, now=moment(2026, 12, 20, 9))
    report.refresh_from_db()
    assert report.on_time is True
    assert report.submitted_at == moment(2026, 12, 20, 9)


def test_an_incomplete_report_is_not_sent_and_says_what_is_missing(works):
    report = drafting.start_report(works.factory, works.brick, 2026, False, today=NOW.date())
    with pytest.raises(NotReady) as refused:
        workflow.submit(works.factory, report, now=NOW)
    rules = {issue.rule for issue in refused.value.issues}
    assert {"field_missing", "no_products", "no_inputs"} <= rules
    report.refresh_from_db()
    assert report.state == "draft"
    assert not Record.objects.filter(facility=works.brick, year=2026).exists()


def test_months_of_a_sent_report_are_records_and_those_not_over_are_estimates(works):
    report = works.sent(now=NOW, electricity="5400")
    records = Record.objects.filter(facility=works.brick, year=2026, resource=works.electricity)
    assert [r.month for r in records.order_by("month")] == list(range(1, 13))
    assert {r.month for r in records if r.quality == "estimated"} == {11, 12}
    assert works.brick.years.get(year=2026).employees == 40
    assert report.record_batches


def test_a_report_cannot_be_returned_without_a_remark(works):
    report = works.sent()
    with pytest.raises(ReportError):
        workflow.return_with_remarks(works.centre, report, "  ", now=NOW)
    report.refresh_from_db()
    assert report.state == "submitted"


def test_a_returned_report_is_told_by_letter_and_a_dead_mail_server_undoes_nothing(
    works, django_capture_on_commit_callbacks, settings
):
    report = works.sent()
    with django_capture_on_commit_callbacks(execute=True):
        workflow.return_with_remarks(works.centre, report, "Thiếu số nước & điện", now=NOW)
    (sent,) = mail.outbox
    assert sent.to == ["gach@example.vn"]
    assert "trả lại" in sent.subject
    assert "Thiếu số nước & điện" in sent.body
    workflow.submit(works.factory, report, now=NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with django_capture_on_commit_callbacks(execute=True):
        workflow.return_with_remarks(works.centre, report, "Vẫn thiếu", now=NOW)
    report.refresh_from_db()
    assert report.state == "returned"


def test_every_step_is_in_the_history(works):
    report = works.sent()
    workflow.accept(works.centre, report, now=NOW, remark="Tốt")
    workflow.lock(works.centre, report)
    verbs = list(
        AuditEntry.objects.filter(object_type="reporting.annualreport")
        .order_by("pk")
        .values_list("verb", flat=True)
    )
    assert verbs == ["report.start", "report.submit", "report.accept", "report.lock"]
    report.refresh_from_db()
    assert report.state == "locked"
    assert report.remarks.get().text == "Tốt"


def test_a_factory_cannot_accept_and_a_stranger_sees_no_report(works, cast):
    report = works.sent()
    with pytest.raises(PermissionDenied):
        workflow.accept(works.factory, report, now=NOW)
    far = cast.user("centre")
    far.province_code = "19"
    far.save()
    with pytest.raises(NotYours):
        workflow.accept(far, report, now=NOW)


def test_acting_on_many_tells_for_each_how_it_went(works):
    ready, draft = works.sent(), works.draft(2025)
    results = workflow.many(works.centre, "accept", [ready, draft], now=NOW)
    assert [r.ok for r in results] == [True, False]
    assert results[1].message


def test_a_revision_corrects_an_accepted_report_and_leaves_it_as_it_was(works):
    report = works.sent(electricity="5400")
    workflow.accept(works.centre, report, now=NOW)
    before = {line.pk: list(line.months) for line in report.lines.all()}
    revision = drafting.revise(works.factory, report)
    assert revision.revision == 2
    assert revision.state == "draft"
    line = works.line(revision, "electricity")
    works.save(revision, "inputs", {str(line.pk): {"months": ["5400"] * 11 + ["5000"]}})
    workflow.submit(works.factory, revision, now=moment(2027, 1, 31, 23, 0))
    revision.refresh_from_db()
    assert revision.on_time is True
    report.refresh_from_db()
    assert report.state == "accepted"
    assert {line.pk: list(line.months) for line in report.lines.all()} == before
    december = Record.objects.get(facility=works.brick, year=2026, month=12, resource=works.electricity)
    assert (december.quantity, december.quality) == (5000, "good")
    assert december.changes.count() == 2


def test_a_correction_after_31_january_is_late(works):
    report = works.sent()
    workflow.accept(works.centre, report, now=NOW)
    revision = drafting.revise(works.factory, report)
    workflow.submit(works.factory, revision, now=moment(2027, 2, 1, 0, 0))
    revision.refresh_from_db()
    assert revision.on_time is False


def test_a_line_taken_out_before_sending_again_takes_its_records_with_it(works):
    report = works.sent()
    workflow.recall(works.factory, report)
    works.save(report, "inputs", {str(works.line(report, "coal_cam_5_6").pk): None})
    workflow.submit(works.factory, report, now=NOW)
    coal = Record.objects.filter(facility=works.brick, year=2026, resource=works.coal)
    assert not coal.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_accept_at_once_one_is_told(transactional_db, works, cast):
    report = works.sent()
    officers = [cast.user("centre"), cast.user("department")]
    gate, results = threading.Barrier(2), {}

    def accept(officer):
        try:
            mine = AnnualReport.objects.get(pk=report.pk)
            gate.wait(timeout=10)
            workflow.accept(officer, mine, now=NOW)
            results[officer.username] = "accepted"
        except AlreadyMoved as told:
            results[officer.username] = str(told)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(value == "accepted" for value in results.values()) == [False, True]
    winner = next(name for name, value in results.items() if value == "accepted")
    told = next(value for value in results.values() if value != "accepted")
    assert cast.user(winner).display_name() in told
    report.refresh_from_db()
    assert report.reviewed_by == cast.user(winner)
    accepted = AuditEntry.objects.filter(verb="report.accept", object_id=str(report.pk))
    assert accepted.count() == 1
