"""Reminders: on the right days, once each, only to those who have not reported."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from sachhon.apps.reporting.models import Reminder
from sachhon.apps.reporting.services import reminders

DUE = datetime.date(2026, 12, 15)


def day(offset):
    return DUE + datetime.timedelta(days=offset)


@pytest.mark.parametrize("offset", [-30, -14, -7, -1, 1, 7, 14, 30])
def test_a_reminder_is_due_on_each_day_of_the_series(works, offset):
    due = [r for r in reminders.due_reminders(day(offset)) if r.facility == works.brick]
    assert [(r.year, r.offset_days) for r in due] == [(2026, offset)]


def test_before_the_series_and_after_it_nothing_is_due(works):
    assert reminders.due_reminders(day(-31)) == []
    assert reminders.due_reminders(day(60)) == []


def test_each_step_is_sent_once_and_a_missed_day_is_made_good(works, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        reminders.send_reminders(None, day(-13))
        reminders.send_reminders(None, day(-12))
    sent = Reminder.objects.filter(facility=works.brick)
    assert [(r.offset_days, r.sent_to) for r in sent] == [(-14, "gach@example.vn")]
    assert len(mail.outbox) == 1
    letter = mail.outbox[0]
    assert letter.to == ["gach@example.vn"]
    assert "còn 13 ngày" in letter.subject
    assert "trước ngày 15/12/2026" in letter.body
    assert "14/12/2026" in letter.body


def test_a_dead_mail_server_leaves_the_reminder_for_the_next_run(
    works, settings, django_capture_on_commit_callbacks
):
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with django_capture_on_commit_callbacks(execute=True):
        reminders.send_reminders(None, day(-14))
    assert not Reminder.objects.exists()
    settings.EMAIL_BACKEND = working
    with django_capture_on_commit_callbacks(execute=True):
        reminders.send_reminders(None, day(-13))
    assert len(mail.outbox) == 1


def test_after_the_deadline_the_letter_says_how_late_it_is(works, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        reminders.send_reminders(None, day(1))
    assert "Quá hạn báo cáo năm 2026 về sản xuất sạch hơn: 2 ngày" in mail.outbox[0].subject


def test_who_has_reported_is_left_alone_and_who_has_no_address_is_named(works, cast):
    works.sent()
    results = reminders.send_reminders(works.centre, day(-14))
    assert [(r.facility, r.ok) for r in results] == [(cast.quarry, False)]
    assert results[0].message


def test_an_officer_reminds_those_he_chose_in_his_province_only(
    works, cast, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        results = reminders.remind(works.centre, [cast.brick, cast.quarry, cast.stranger], 2026, day(-20))
        again = reminders.remind(works.centre, [cast.brick], 2026, timezone.localdate())
    assert {r.facility: r.ok for r in results} == {cast.brick: True, cast.quarry: False}
    assert [r.ok for r in again] == [False]  # nobody gets two letters on one day
    assert len(mail.outbox) == 1
    with pytest.raises(PermissionDenied):
        reminders.remind(works.factory, [cast.brick], 2026, day(-20))


def test_the_command_for_cron_lists_and_sends(works, capsys, django_capture_on_commit_callbacks):
    call_command("send_reminders", "--today", "2026-12-01", "--dry-run")
    assert "LS-0001 2026 -14 gach@example.vn" in capsys.readouterr().out
    assert not Reminder.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("send_reminders", "--today", "2026-12-01")
    assert "sent LS-0001" in capsys.readouterr().out
    assert len(mail.outbox) == 1
