"""The inbox for programs: the same scope and the same limits as the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.apps.intake.conftest import simple
from tests.apps.intake.test_taking import send

from sachhon.apps.intake.models import ImportFile, ImportJob
from sachhon.apps.intake.plugs import find, today_items

ROOT = "/api/v1/intake"


@pytest.fixture
def api(client, cast):
    def login(role):
        client.force_login(cast.user(role))
        return client

    return login


def test_files_are_sent_and_followed(api, simple_format, django_capture_on_commit_callbacks):
    client = api("factory")
    with django_capture_on_commit_callbacks(execute=True):
        upload = SimpleUploadedFile("so-lieu.csv", simple((1, 5), (2, -3)).read())
        answer = client.post(f"{ROOT}/files", {"files": [upload]})
    assert answer.status_code == 202
    job = client.get(f"{ROOT}/jobs/{answer.json()['key']}").json()
    assert (job["state"], job["done"], job["total"]) == ("done", 1, 1)
    (file,) = client.get(f"{ROOT}/files", {"job": job["key"]}).json()
    assert (file["state"], file["facility"], file["year"]) == ("warnings", "LS-0001", 2025)
    (problem,) = client.get(f"{ROOT}/files/{file['id']}/problems").json()
    assert (problem["rule"], problem["cell"]) == ("quantity_negative", "B3")
    assert problem["message"]


def test_limits_and_unknown_facilities_are_told(api, settings):
    settings.INTAKE_MAX_FILES = 1
    client = api("factory")
    two = [SimpleUploadedFile(f"{n}.csv", b"x") for n in range(2)]
    assert client.post(f"{ROOT}/files", {"files": two}).status_code == 422
    one = {"files": [SimpleUploadedFile("a.csv", b"x")], "facility": "LS-0002"}
    assert client.post(f"{ROOT}/files", one).status_code == 422
    assert not ImportJob.objects.exists()


def test_nobody_sees_the_files_of_others(api, cast, simple_format):
    (file,) = send(cast.user("centre"), simple((1, 5), code="LS-0002"))
    client = api("factory")
    assert client.get(f"{ROOT}/files").json() == []
    assert client.get(f"{ROOT}/jobs").json() == []
    assert client.get(f"{ROOT}/jobs/{file.job.key}").status_code == 404
    assert client.get(f"{ROOT}/files/{file.pk}/problems").status_code == 404
    assert api("leader").get(f"{ROOT}/files").status_code == 403


def test_today_tells_of_files_that_wait_and_the_search_finds_them(cast, simple_format):
    user = cast.user("factory")
    send(user, simple((1, "x"), file="Hoá đơn điện.csv"), simple((1, 5), year=2024))
    (item,) = today_items(user, 2026, cast.today)
    assert (item.kind, item.count) == ("waiting", 1)
    (hit,) = find(user, "hoa don", 5)
    assert hit.title == "Hoá đơn điện.csv"
    assert find(cast.user("leader"), "hoa don", 5) == []
    stranger = cast.user("expert")
    assert (
        today_items(stranger, 2026, cast.today)[0].count == ImportFile.objects.filter(state="refused").count()
    )
