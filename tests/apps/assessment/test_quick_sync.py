"""Answers from phones: once each, field by field, nobody's over anybody's."""

import datetime
import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from sachhon.apps.assessment.models import Change
from sachhon.apps.assessment.queries import quick as queries
from sachhon.apps.assessment.services import opening, quick_sync, workflow
from sachhon.apps.assessment.services.errors import AlreadyMoved, AssessmentError, NotYours
from sachhon.apps.assessment.services.quick_sync import Sent, settle, take
from sachhon.apps.people.models import AuditEntry


def sent(code, value, base=0, field="answer", id=None):
    return Sent(id or uuid.uuid4(), code, field, value, base)


def test_an_answer_sent_twice_counts_once(walk):
    once = sent(walk.codes[0], "no")
    first = take(walk.centre, walk.assessment, [once], device="a")
    again = take(walk.centre, walk.assessment, [once, once], device="a")
    assert [c.pk for c in again] == [first[0].pk] * 2
    assert walk.now(walk.codes[0]).answer == "no"
    assert walk.now(walk.codes[0]).answer_version == 1
    assert Change.objects.count() == 1


def test_answer_and_note_of_two_people_are_merged(walk):
    code = walk.codes[0]
    take(walk.centre, walk.assessment, [sent(code, "no")], device="a")
    done = take(walk.expert, walk.assessment, [sent(code, "Bảo ôn hỏng", field="note")], device="b")
    assert done[0].outcome == Change.Outcome.TAKEN
    now = walk.now(code)
    assert (now.answer, now.note) == ("no", "Bảo ôn hỏng")


def test_two_different_answers_wait_side_by_side_until_a_person_chooses(walk):
    code = walk.codes[0]
    take(walk.centre, walk.assessment, [sent(code, "no")], device="a")
    beside = take(walk.expert, walk.assessment, [sent(code, "yes")], device="b")[0]
    assert beside.outcome == Change.Outcome.CONFLICT
    assert walk.now(code).answer == "no"
    with pytest.raises(AlreadyMoved):
        settle(walk.centre, beside, keep_stored=False, seen=0, now=timezone.now())
    settle(walk.centre, beside, keep_stored=False, seen=1, now=timezone.now())
    now = walk.now(code)
    assert (now.answer, now.answer_version, now.by_name) == ("yes", 2, walk.expert.display_name())
    entry = AuditEntry.objects.get(verb="assessment.settle")
    assert entry.before[code] == "no"
    assert entry.after[code] == "yes"
    with pytest.raises(AlreadyMoved):
        settle(walk.expert, beside, keep_stored=True, seen=2, now=timezone.now())


def test_keeping_what_stands_changes_nothing(walk):
    code = walk.codes[0]
    take(walk.centre, walk.assessment, [sent(code, "no")], device="a")
    beside = take(walk.expert, walk.assessment, [sent(code, "yes")], device="b")[0]
    settle(walk.expert, beside, keep_stored=True, seen=1, now=timezone.now())
    assert (walk.now(code).answer, walk.now(code).answer_version) == ("no", 1)


def test_the_same_answer_of_two_people_is_no_conflict(walk):
    code = walk.codes[0]
    take(walk.centre, walk.assessment, [sent(code, "no")], device="a")
    assert (
        take(walk.expert, walk.assessment, [sent(code, "no")], device="b")[0].outcome == Change.Outcome.SAME
    )


def test_a_phone_that_never_heard_the_answer_does_not_contradict_itself(walk):
    code = walk.codes[0]
    take(walk.expert, walk.assessment, [sent(code, "no")], device="b")
    later = take(walk.expert, walk.assessment, [sent(code, "partly", base=0)], device="b")[0]
    assert later.outcome == Change.Outcome.TAKEN
    take(walk.centre, walk.assessment, [sent(code, "yes", base=2)], device="a")
    assert take(walk.expert, walk.assessment, [sent(code, "no", base=2)], device="b")[0].outcome == "conflict"


def test_bad_entries_are_refused_whole_and_told_by_name(walk):
    good, unknown = sent(walk.codes[0], "no"), sent("khong-co.99", "no")
    with pytest.raises(AssessmentError, match=r"khong-co\.99"):
        take(walk.centre, walk.assessment, [good, unknown])
    assert not walk.sheet.answers.exists()
    for bad in (sent(walk.codes[0], "maybe"), sent(walk.codes[0], "x" * 4001, field="note")):
        with pytest.raises(AssessmentError):
            take(walk.centre, walk.assessment, [bad])
    with pytest.raises(AssessmentError):
        take(walk.centre, walk.assessment, [good] * (quick_sync.MOST_AT_ONCE + 1))


def test_an_id_of_somebody_else_is_no_way_in(walk):
    mine = sent(walk.codes[0], "no")
    take(walk.centre, walk.assessment, [mine])
    with pytest.raises(AssessmentError):
        take(walk.expert, walk.assessment, [mine])


def test_who_was_taken_off_or_comes_after_the_signature_is_told(walk, client):
    url = reverse("assessment:quick_sync", args=[walk.assessment.pk])
    client.force_login(walk.expert)

    def send():
        one = {
            "id": str(uuid.uuid4()),
            "question": walk.codes[0],
            "field": "answer",
            "value": "no",
            "base": 0,
        }
        return client.post(url, json.dumps({"changes": [one]}), content_type="application/json")

    assert send().status_code == 200
    opening.remove_member(walk.centre, walk.member)
    refused = send()
    assert refused.status_code == 409
    assert "tổ" in refused.json()["words"]
    with pytest.raises(NotYours):
        take(walk.expert, walk.assessment, [sent(walk.codes[1], "no")])
    opening.add_member(walk.centre, walk.assessment, walk.expert)
    workflow.move(walk.centre, walk.assessment, "send", now=timezone.now())
    workflow.move(walk.centre, walk.assessment, "sign", now=timezone.now())
    assert "ký" in send().json()["words"]


def test_the_plain_form_saves_and_a_second_press_saves_nothing_twice(walk, client):
    client.force_login(walk.expert)
    url = reverse("assessment:quick_checklist", args=[walk.assessment.pk])
    page = client.get(url)
    name = f"answer-{walk.codes[0].replace('.', '-')}"
    values = {"form_id": str(page.context["form_id"]), name: "partly", f"base-{name}": "0", f"was-{name}": ""}
    for _press in range(2):
        assert client.post(url, values).status_code == 302
    assert walk.now(walk.codes[0]).answer == "partly"
    assert walk.now(walk.codes[0]).answer_version == 1
    take(walk.centre, walk.assessment, [sent(walk.codes[0], "no", base=1)], device="a")
    values |= {name: "yes", f"base-{name}": "1", f"was-{name}": "partly", "form_id": str(uuid.uuid4())}
    told = client.post(url, values, follow=True)
    assert walk.now(walk.codes[0]).answer == "no"
    assert "Hai người trả lời khác nhau" in told.content.decode()


def test_what_was_typed_stands_again_where_the_plain_form_is_refused(walk, client):
    client.force_login(walk.expert)
    url = reverse("assessment:quick_checklist", args=[walk.assessment.pk])
    name = f"note-{walk.codes[0].replace('.', '-')}"
    values = {"form_id": str(uuid.uuid4()), name: "Lò số 2 hở cửa", f"base-{name}": "0", f"was-{name}": ""}
    opening.remove_member(walk.centre, walk.member)
    refused = client.post(url, values)
    assert refused.status_code == 409
    assert "Lò số 2 hở cửa" in refused.content.decode()


def test_nobody_else_sees_or_sends(walk, client, cast):
    for role, status in (("factory", 409), ("inspector", 403)):
        client.force_login(cast.user(role))
        url = reverse("assessment:quick_sync", args=[walk.assessment.pk])
        body = {
            "changes": [
                {
                    "id": str(uuid.uuid4()),
                    "question": walk.codes[0],
                    "field": "answer",
                    "value": "no",
                    "base": 0,
                }
            ]
        }
        assert client.post(url, json.dumps(body), content_type="application/json").status_code == status
    far = opening.open_assessment(
        cast.user("centre"), cast.quarry, "quick", data_from="2025-01-01", data_to="2025-12-31"
    )
    client.force_login(cast.user("factory"))
    assert client.get(reverse("assessment:quick_state", args=[far.pk])).status_code == 404


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"changes": [1]}', '{"changes": [{"id": "x"}]}', '{"changes": 5}']
)
def test_what_cannot_be_read_is_told_and_no_error(walk, client, body):
    client.force_login(walk.centre)
    url = reverse("assessment:quick_sync", args=[walk.assessment.pk])
    assert client.post(url, body, content_type="application/json").status_code == 400


def test_each_of_two_people_keeps_the_name_and_the_time_of_what_was_written(walk):
    """The answer is the expert's, the note the centre's; each at the time it was made, not when it was sent."""
    code, made = walk.codes[0], datetime.datetime(2025, 3, 4, 2, 0, tzinfo=datetime.UTC)
    note = Sent(uuid.uuid4(), code, "note", "ống hở", 0, made)
    take(walk.centre, walk.assessment, [note], device="a")
    take(walk.expert, walk.assessment, [sent(code, "no")], device="b")
    take(walk.centre, walk.assessment, [sent(code, "yes")], device="a")
    waiting = Change.objects.get(outcome=Change.Outcome.CONFLICT)
    settle(walk.centre, waiting, keep_stored=True, seen=1, now=timezone.now())
    told = queries.state(walk.centre, walk.assessment, walk.sheet, csrf="", whole=False)["answers"][code]
    assert (told["answer_by"], told["note_by"]) == (walk.expert.display_name(), walk.centre.display_name())
    assert datetime.datetime.fromisoformat(told["note_at"]) == made
