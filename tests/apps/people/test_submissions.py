"""A form sent again under its key is stored once; without a key, or refused, it is what it always was."""

import datetime
import json
import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from tests.apps.assessment.flow_making import brickworks

from sachhon.apps.assessment.models import Process
from sachhon.apps.people.models import Submission


@pytest.fixture
def place(cast, client):
    assessment, _streams = brickworks(cast)
    client.force_login(cast.user("expert"))
    return reverse("assessment:flow_add", args=[assessment.pk, "process"]), assessment


def send(client, url, name, key, **headers):
    return client.post(url, {"name": name, "submission_key": key}, headers=headers)


def key() -> str:
    return uuid.uuid4().hex


def made(name: str) -> int:
    return Process.objects.filter(name=name).count()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_sent_again_under_its_key_it_is_stored_once_and_answered_as_then(client, place, headers):
    url, _assessment = place
    mine = key()
    first = send(client, url, "Ủ", mine, **headers)
    again = send(client, url, "Ủ", mine, **headers)
    assert made("Ủ") == 1
    assert (first.status_code, first.get("Location"), first.get("HX-Trigger")) == (
        again.status_code,
        again.get("Location"),
        again.get("HX-Trigger"),
    )
    assert again.cookies["sachhon_received"].value == mine


def test_another_form_of_the_same_content_is_another_row(client, place):
    url, _assessment = place
    for _ in range(2):
        send(client, url, "Ủ", key())
    client.post(url, {"name": "Ủ"})
    client.post(url, {"name": "Ủ"})
    assert made("Ủ") == 4


def test_what_was_changed_after_the_first_sending_is_said_not_to_be_stored(client, place):
    url, _assessment = place
    mine = key()
    send(client, url, "Ủ", mine)
    other = send(client, url, "Ủ lại", mine)
    assert other.status_code == 302
    assert "chưa được lưu" in [str(m) for m in get_messages(other.wsgi_request)][-1]
    part = key()
    send(client, url, "Sàng", part, **{"HX-Request": "true"})
    told = send(client, url, "Sàng lại", part, **{"HX-Request": "true"})
    assert (told.status_code, told["X-Stored-Before"]) == (409, "1")
    assert made("Ủ lại") == made("Sàng lại") == 0


def test_what_was_refused_with_an_error_on_the_next_page_is_not_said_to_be_stored(client, cast, place):
    _url, assessment = place
    client.force_login(cast.user("centre"))
    sign, mine = reverse("assessment:sign_step", args=[assessment.pk, 6]), key()
    said = []
    for _ in range(2):
        answer = client.post(sign, {"submission_key": mine})
        assert answer.status_code == 302
        said.append([str(m) for m in client.get(answer["Location"]).context["messages"]])
    assert said[0]
    assert said[1] == said[0]  # the same refusal, shown once each
    assert not Submission.objects.filter(key=mine).exists()


def test_what_was_refused_may_be_sent_again_under_its_key(client, place):
    url, _assessment = place
    mine = key()
    assert send(client, url, "", mine).status_code == 200
    assert send(client, url, "Ủ", mine).status_code == 302
    assert made("Ủ") == 1


def test_the_key_of_one_person_is_nothing_to_another(client, place, cast):
    url, _assessment = place
    mine = key()
    send(client, url, "Ủ", mine)
    client.force_login(cast.user("centre"))
    send(client, url, "Ủ", mine)
    assert made("Ủ") == 2


def test_an_act_of_the_canvas_is_done_once_and_told_again(client, place):
    _url, assessment = place
    change = reverse("assessment:flow_change", args=[assessment.pk])
    body = json.dumps({"edits": [{"kind": "process", "values": {"name": "Ủ", "x": 10, "y": 10}}]})
    headers = {"X-Submission-Key": key()}
    told = [client.post(change, body, "application/json", headers=headers).json() for _ in range(2)]
    assert told[0] == told[1]
    assert told[0]["rows"]
    assert made("Ủ") == 1


def test_a_form_still_being_stored_is_not_stored_beside_it_and_one_of_a_stopped_server_is(
    client, place, cast, monkeypatch
):
    monkeypatch.setattr("sachhon.apps.people.submissions.PATIENCE", 0.2)
    url, _assessment = place
    mine, now = key(), timezone.now()
    claim = Submission.objects.create(user=cast.user("expert"), key=mine, digest="", at=now)
    assert send(client, url, "Ủ", mine).status_code == 409
    assert made("Ủ") == 0
    Submission.objects.filter(pk=claim.pk).update(at=now - datetime.timedelta(minutes=3))
    assert send(client, url, "Ủ", mine).status_code == 302
    assert made("Ủ") == 1


def test_keys_are_forgotten_after_days(client, place):
    url, _assessment = place
    mine = key()
    send(client, url, "Ủ", mine)
    Submission.objects.update(at=timezone.now() - datetime.timedelta(days=4))
    send(client, url, "Sàng", key())
    assert not Submission.objects.filter(key=mine).exists()
