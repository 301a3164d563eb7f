"""The history calls what its values name by name, with a link, as far as the reader may see it."""

import datetime
from importlib import import_module

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sachhon.apps.people import audit
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.people.queries import history


def page_of(client, user, **query):
    client.force_login(user)
    return client.get(reverse("people:history"), query).content.decode()


def changed(cast, before, after, thing=None):
    thing = thing or cast.brick
    return audit.record(
        cast.user("centre"),
        "facility.change",
        thing,
        before={"enterprise": before.pk},
        after={"enterprise": after.pk},
    )


def test_a_key_of_another_record_is_its_name_with_a_link(client, cast):
    changed(cast, cast.brick_enterprise, cast.quarry_enterprise)
    html = page_of(client, cast.user("department"))
    for one in (cast.brick_enterprise, cast.quarry_enterprise):
        assert f'<a href="{reverse("registry:organisation", args=[one.pk])}">{one.name}</a>' in html
    assert f'<a href="{reverse("registry:facility", args=[cast.brick.code])}">{cast.brick.name}</a>' in html


def test_what_the_reader_may_not_see_keeps_its_number(client, cast):
    changed(cast, cast.brick_enterprise, cast.far_enterprise)
    html = page_of(client, cast.user("department"))
    assert cast.far_enterprise.name not in html
    assert f"→ {cast.far_enterprise.pk}" in " ".join(html.split())
    assert cast.far_enterprise.name in page_of(client, cast.user("admin"))


def test_accounts_lead_to_their_page_for_who_keeps_them(client, cast):
    expert = cast.user("expert")
    assignment = expert.assignments.get()
    audit.record(cast.user("centre"), "assignment.create", assignment, after=audit.snapshot(assignment))
    account = reverse("people:user", args=[expert.pk])
    html = page_of(client, cast.user("department"))
    assert account not in html
    assert f": {expert.display_name()}</li>" in html
    assert account in page_of(client, cast.user("admin"))


def test_a_word_that_looks_like_a_link_is_none(client, cast):
    audit.record(
        cast.user("centre"),
        "facility.change",
        cast.brick,
        before={"note": ""},
        after={"note": {"url": "javascript:1"}},
    )
    assert 'href="javascript' not in page_of(client, cast.user("department"))


def test_the_own_key_of_a_row_is_left_out(cast):
    from sachhon.apps.people.templatetags.access import differences

    entry = AuditEntry(object_type="registry.facility", before={}, after={"id": 7, "name": "Gạch"})
    assert [new for _name, _old, new in differences(entry)] == ["Gạch"]


def test_a_longer_page_asks_no_more(client, cast):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page_of(client, cast.user("department"))
        return len(captured)

    changed(cast, cast.brick_enterprise, cast.quarry_enterprise)
    queries()  # the first page of all asks for more: a session, what is cached
    few = queries()
    for _ in range(20):
        changed(cast, cast.quarry_enterprise, cast.brick_enterprise, cast.quarry)
    assert queries() == few


def test_entries_from_before_the_search_key_are_found_without_marks(cast):
    changed(cast, cast.brick_enterprise, cast.quarry_enterprise)
    AuditEntry.objects.update(search_key="", at=datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC))
    assert not history(cast.user("admin"), q="gach tuynel")
    import_module("sachhon.apps.people.migrations.0002_search_of_the_history").fill(apps, None)
    assert history(cast.user("admin"), q="gach tuynel").count() == 1


def test_many_entries_written_at_once_are_found_too(cast):
    audit.record_many(
        cast.user("centre"), "facility.change", [cast.brick, cast.quarry], before={}, after={"name": "x"}
    )
    assert history(cast.user("admin"), q="gach tuynel").count() == 1
