"""A file of a factory that keeps a price to itself is read by the factory, those who work with it, and its sender."""

import pytest
from django.urls import reverse
from tests.apps.assessment.flow_making import add, opened
from tests.apps.intake.conftest import simple
from tests.apps.intake.test_taking import send

from sachhon.apps.assessment.services.flow.secrets import keep_secret
from sachhon.apps.intake.services import mending
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.people.veils import veiled

READERS = ("department", "centre")
AMOUNT, TYPED = "987654", "31415o"


@pytest.fixture
def stream(cast):
    """The electricity that the brickworks buys, in one of its assessments."""
    assessment, user = opened(cast), cast.user("expert")
    kiln = add(user, assessment, "process", name="Nung")
    bought = {"kind": "energy", "use": "input", "resource": "electricity"}
    return add(user, assessment, "stream", name="Điện", target=kiln.code, **bought)


def told(client, user, file):
    """What this person reads of the file: status and text of the page, the downloads, the answer to programs."""
    client.force_login(user)
    pages = {
        name: client.get(reverse(f"intake:{name}", args=[file.pk]))
        for name in ("file", "original", "annotated")
    }
    pages["api"] = client.get(f"/api/v1/intake/files/{file.pk}/problems")
    found = {}
    for name, answer in pages.items():
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[name] = (answer.status_code, body.decode("utf-8", "ignore"))
    return found


def test_pages_downloads_answers_and_history_of_a_file_are_closed_with_a_price(
    client, cast, simple_format, stream
):
    factory, department = cast.user("factory"), cast.user("department")
    (file,) = send(factory, simple((1, AMOUNT), (2, TYPED)))
    mending.fix_cell(factory, file, "CSV", "B3", "271828")
    open_ = {role: told(client, cast.user(role), file) for role in READERS}
    for role in READERS:
        assert AMOUNT in open_[role]["file"][1]
        assert TYPED in open_[role]["api"][1]
        assert AMOUNT in open_[role]["original"][1]
    keep_secret(factory, stream, price=True, quantity=False)
    closed = told(client, department, file)
    assert [closed[name][0] for name in ("file", "original", "annotated", "api")] == [200, 404, 404, 403]
    for _status, body in closed.values():
        assert not [said for said in (AMOUNT, TYPED, "271828") if said in body]
    assert "giữ kín một mức giá" in closed["file"][1]
    assert "Không thấy gì sai" not in closed["file"][1]
    assert (
        told(client, cast.user("centre"), file)["api"][1] == open_["centre"]["api"][1]
    )  # it works with the factory
    entries = AuditEntry.objects.filter(verb="import.fix_cell")
    assert [e.after for e in veiled(department, entries.all())] == [{"CSV!B3": "•••"}]
    assert [e.after for e in veiled(factory, entries.all())] == [{"CSV!B3": "271828"}]


def test_cells_that_are_not_shown_are_neither_corrected_nor_mapped(client, cast, simple_format, stream):
    (file,) = send(cast.user("factory"), simple((1, AMOUNT), (2, TYPED)))
    keep_secret(cast.user("factory"), stream, price=True, quantity=False)
    client.force_login(cast.user("department"))
    cell = {"sheet": "CSV", "cell": "B3", "value": "1"}
    assert "giữ kín" in client.post(reverse("intake:fix", args=[file.pk]), cell, follow=True).text
    assert not file.fixes.exists()
    page = client.get(reverse("intake:mapping", args=[file.pk]), follow=True)
    assert page.redirect_chain
    assert AMOUNT not in page.text


def test_who_sent_a_file_reads_on_in_it(client, cast, simple_format, stream):
    department = cast.user("department")
    (file,) = send(department, simple((1, AMOUNT)))
    keep_secret(cast.user("factory"), stream, price=True, quantity=False)
    found = told(client, department, file)
    assert (found["original"][0], AMOUNT in found["file"][1]) == (200, True)
