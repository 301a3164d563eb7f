"""Accounts: who may be made, who may change what, and that every change is in the history in words."""

import datetime
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

import sachhon
from sachhon.apps.intake.models import ImportJob
from sachhon.apps.people import audit
from sachhon.apps.people.models import AuditEntry, Role, User
from sachhon.apps.people.services import change_user, create_user
from sachhon.apps.people.verbs import table


def make(cast, **fields):
    return create_user(
        cast.user("admin"),
        **{"username": "moi", "role": Role.CENTRE, "password": "Mot-mat-khau-dai", "province_code": "20"}
        | fields,
    )


def test_an_account_is_made_and_stands_in_the_history(cast):
    user = make(cast, organisation=cast.department)
    assert user.check_password("Mot-mat-khau-dai")
    entry = AuditEntry.objects.get(verb="user.create")
    assert (entry.actor, entry.after["username"]) == (cast.user("admin"), "moi")
    assert "password" not in entry.after


@pytest.mark.parametrize("password", ["ngan", "1234567890", "password123"])
def test_a_weak_password_is_refused(cast, password):
    with pytest.raises(ValidationError):
        make(cast, password=password)
    assert not User.objects.filter(username="moi").exists()


def test_factory_staff_without_an_enterprise_are_refused(cast):
    with pytest.raises(ValidationError):
        make(cast, role=Role.FACTORY)


def test_nobody_closes_their_own_account(cast):
    admin = cast.user("admin")
    with pytest.raises(ValidationError):
        change_user(admin, admin, is_active=False)


def test_a_closed_account_sees_nothing_at_once(client, cast):
    user = cast.user("centre")
    client.force_login(user)
    change_user(cast.user("admin"), user, is_active=False)
    assert client.get(reverse("registry:facilities")).status_code == 302


def test_the_history_shows_only_what_is_in_reach(client, cast):
    make(cast, organisation=cast.department)
    AuditEntry.objects.create(
        actor_name="x", verb="facility.change", object_type="registry.facility", object_id="1",
        object_label="Cơ sở tỉnh khác", province_code="19",
    )  # fmt: skip
    client.force_login(cast.user("department"))
    page = client.get(reverse("people:history")).text
    assert "Tạo tài khoản" in page
    assert "Cơ sở tỉnh khác" not in page


def test_every_verb_of_the_code_has_its_words():
    root = Path(sachhon.__file__).parent
    code = "\n".join(p.read_text(encoding="utf-8") for p in root.rglob("*.py"))
    used = set(re.findall(r'audit\.record\(\s*[^,()]+,\s*"([a-z_.]+)"', code))
    assert len(used) > 10
    assert used - set(table()) == set()


def test_the_history_speaks_the_language_of_the_page(client, cast, settings):
    officer = cast.user("centre")
    job = ImportJob.objects.create(created_by=officer, province_code="20", total=2)
    with override("vi"):
        audit.record(officer, "import.receive", job, after={"state": "done", "files": ["a.xlsx"]})
        audit.record(officer, "facility.change", cast.brick, before={"name": "Cũ"}, after={"name": "Mới"})
    entry = AuditEntry.objects.get(verb="import.receive")
    assert entry.object_label.startswith("Lần gửi")
    cast.brick.name = "Tên sau này"
    cast.brick.save()
    client.force_login(cast.user("department"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    html = client.get(reverse("people:history")).content.decode()
    assert "Lần gửi" not in html
    assert "Sending of" in html
    assert "<li>Name: Cũ → Mới</li>" in html
    assert "<li>Files: " in html  # no field of the thing, but in words all the same
    assert "Tên sau này" not in html  # a name stays what it was when the thing was changed
    job.delete()
    assert "Lần gửi" in client.get(reverse("people:history")).content.decode()


def test_accounts_and_history_are_taken_away_as_they_are_filtered(client, cast):
    make(cast, organisation=cast.department, first_name="=cmd|' /C calc'!A0")
    client.force_login(cast.user("admin"))
    text = client.get(reverse("people:export_users", args=["csv"]), {"q": "moi"}).content.decode("utf-8-sig")
    lines = text.strip().splitlines()
    assert len(lines) == 2
    assert "moi" in lines[1]
    assert ',"=cmd' not in text
    assert not any(cell.startswith("=") for cell in lines[1].split(","))
    found = client.get(reverse("people:export_history", args=["csv"]), {"verb": "user.create"})
    text = found.content.decode("utf-8-sig")
    assert "Tạo tài khoản" in text
    assert len(text.strip().splitlines()) == 1 + AuditEntry.objects.filter(verb="user.create").count()


def test_the_accounts_are_filtered_by_role(client, cast):
    cast.user("department"), cast.user("centre")
    client.force_login(cast.user("admin"))
    shown = client.get(reverse("people:users"), {"role": Role.CENTRE}).context["page"]
    assert {user.role for user in shown} == {Role.CENTRE}
    assert len({user.role for user in client.get(reverse("people:users")).context["page"]}) > 1
    exported = client.get(reverse("people:export_users", args=["csv"]), {"role": Role.CENTRE})
    listed = exported.content.decode("utf-8-sig")
    assert cast.user("centre").username in listed
    assert cast.user("department").username not in listed


def test_the_history_ends_with_the_day_asked_for(client, cast):
    for label, day in (("Việc hôm trước", 9), ("Việc trong ngày", 10), ("Việc hôm sau", 11)):
        entry = AuditEntry.objects.create(
            actor_name="x", verb="facility.change", object_type="registry.facility", object_id="1",
            object_label=label, province_code="20",
        )  # fmt: skip
        late = datetime.datetime(2026, 3, day, 23, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
        AuditEntry.objects.filter(pk=entry.pk).update(at=late)
    client.force_login(cast.user("department"))
    asked = {"since": "2026-03-09", "until": "2026-03-10"}
    for address in (reverse("people:history"), reverse("people:export_history", args=["csv"])):
        answer = client.get(address, asked)
        page = (
            b"".join(answer).decode("utf-8-sig") if answer.streaming else answer.content.decode("utf-8-sig")
        )
        assert "Việc hôm trước" in page
        assert "Việc trong ngày" in page
        assert "Việc hôm sau" not in page
