"""One gate: what a factory keeps to itself is found behind no link, in no file, figure, search, history or API answer.

A small assessment is filled with words and numbers of its own, the factory marks them, and everything that those who
may not see them can reach is opened by following links.
"""

import io
import re
import zipfile
from collections import deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.apps.assessment import test_choosing
from tests.apps.assessment.flow_making import brickworks
from tests.apps.assessment.test_comparing import CRITERIA

from sachhon.apps.assessment.models import Measurement
from sachhon.apps.assessment.services import (
    attachments,
    comparing,
    equipment,
    lessons,
    options,
    treating,
    verifying,
)
from sachhon.apps.assessment.services.flow import costs
from sachhon.apps.assessment.services.flow.editing import Edit, change
from sachhon.apps.assessment.services.flow.reconciling import reconcile
from sachhon.apps.assessment.services.flow.secrets import keep_secret
from sachhon.apps.registry.models import Figure

NOW = test_choosing.NOW
records = test_choosing.records
WORDS = {  # of the option, each found nowhere else
    "name": "Tênkín", "description": "Môtảkín", "place": "Nơikín", "cause": "Nguyênnhânkín",
    "screening_reason": "Sànglọckín",
}  # fmt: skip
MORE = ("Chúthíchkín", "Nguồnkín", "Chọnkín", "Tínhkín", "Kếhoạchkín", "Thếchấpkín")
COAL, PRICE, REJECT, TREATED = "613,377", "7.654.321", "271,459", "0,744"  # the last: 271.459 t in 365 days
SAID = (*WORDS.values(), *MORE, COAL, PRICE, REJECT, TREATED)
BEFORE = ("613.377", "7654321", "271.459", "0.744")  # as files and the history write them
LEAK = {
    "capacity_m3_min": 9.0,
    "load_min": 3.0,
    "idle_min": 7.0,
    "power_kw": 61.7,
    "hours": 6113.0,
    "repaired": 0.7,
}
MOST = 600


@pytest.fixture
def works(cast, records, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    expert = cast.user("expert")
    assessment, streams = brickworks(cast)
    coal, reject = streams["coal"], streams["reject"]
    for stream, value in ((coal, "613,377"), (reject, "271,459")):
        row = Measurement.objects.get(stream=stream)
        change(expert, assessment, [Edit("measurement", {"value": value}, row.pk, row.version)])
    change(expert, assessment, [Edit("stream", {"price": "7654321"}, coal.pk, coal.version)])
    reconcile(expert, assessment)
    costs.account(expert, assessment)
    treated = treating.begin(expert, assessment, "Nước rửa", "wastewater", reject.code)
    treating.change(expert, treated, {"contents": {"cod": {"mean": "913"}}}, treated.version)

    run = equipment.run_calculator(expert, assessment, "air_leak", LEAK, label="Tínhkín")
    option = equipment.option_of_run(expert, run)
    known = WORDS | {"economic": {"investment_likely": 5_000_000}}
    option = options.change_option(expert, option, known, option.version, reason="Kếhoạchkín")
    option = test_choosing.carried_out(cast, assessment, option)
    attachments.attach(
        expert, option, SimpleUploadedFile("Thếchấpkín.pdf", b"%PDF-1.7"), caption="Chúthíchkín"
    )
    row = test_choosing.measured(cast, assessment, option)
    verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=NOW)
    said = {"person": "Trần Thị Lan", "position": "Giám đốc", "given_on": NOW.date()}
    lessons.consent(cast.user("factory"), option, **said)
    compared = comparing.begin(expert, assessment, "Lò")
    values = {
        "criteria": CRITERIA,
        "alternatives": {
            "a1": {"name": WORDS["name"], "option": option.number},
            "a2": {"name": "Khác", "option": None},
        },
        "cells": {
            "a1:c1": {"value": "90", "source": "Nguồnkín"},
            "a1:c3": {"value": "100", "source": "Nguồnkín"},
            "a2:c1": {"value": "80"}, "a2:c2": {"value": "500"}, "a2:c3": {"value": "90"},
        },
    }  # fmt: skip
    compared = comparing.change(expert, compared, values, compared.version)
    best = compared.result["order"][0]
    comparing.choose(expert, compared, best, reason="Chọnkín", version=compared.version, now=NOW)
    return assessment, streams, option


@pytest.fixture
def kept(cast, works):
    """The same after the factory has marked what is its own."""
    assessment, streams, option = works
    factory = cast.user("factory")
    option.refresh_from_db()
    options.change_option(cast.user("expert"), option, {"confidential": True}, option.version)
    keep_secret(factory, streams["coal"], price=True, quantity=True)
    streams["reject"].refresh_from_db()
    keep_secret(factory, streams["reject"], price=False, quantity=True)
    return assessment


def text_of(answer) -> str:
    """All words of an answer: a page, JSON, or what is in a workbook or a document."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as z:
            parts = [z.read(n).decode(errors="replace") for n in z.namelist() if n.endswith((".xml", ".svg"))]
        return unescape(re.sub(r"<[^>]*>", "", " ".join(parts)))
    return unescape(content.decode(errors="replace"))


def opened_by(client, assessment):
    """(address, text) of all that links lead to of the assessment and its facility, from where people begin, by GET."""
    starts = starts_of(assessment)
    of_these = (f"/danh-gia/{assessment.pk}/", f"/co-so/{assessment.facility.code}/")
    waiting, seen = deque(starts), set(starts)
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        if answer.status_code >= 400:
            continue
        target = answer.headers.get("Location", "")
        text = "" if target else text_of(answer)
        yield address, text
        found = [target] if target else re.findall(r'(?:href|src|hx-get)="([^"#]+)"', text)
        for link in found:
            path = urlsplit(urljoin(address, link))
            one = path.path + (f"?{path.query}" if path.query else "")
            if path.path.startswith(of_these) and one not in seen and len(seen) < MOST:
                seen.add(one)
                waiting.append(one)


def starts_of(assessment) -> list[str]:
    """Where people begin, and the addresses that no link leads to."""
    pk, code = assessment.pk, assessment.facility.code
    return [
        "/",
        f"/danh-gia/{pk}/",
        f"/danh-gia/{pk}/dong/",
        f"/co-so/{code}/",
        "/con-nguoi/lich-su/",
        "/danh-gia/",
        "/con-nguoi/lich-su/xuat.csv",
        "/thu-vien/?kind=case",
        "/api/v1/reports/?year=2025",
        *(f"/danh-gia/{pk}/dong/xuat.{kind}" for kind in ("json", "xlsx", "svg")),
        *(f"/danh-gia/{pk}/bao-cao-chi-tiet.{kind}" for kind in ("docx", "xlsx")),
        *(f"/tim/?q={word}" for word in ("Ten kin", "kin", "GP")),
        *(reverse("registry:figure", args=[code]) for code in Figure.objects.values_list("code", flat=True)),
        f"/danh-gia/{pk}/dong/moi/?tu=0",
    ]


def test_the_words_and_numbers_are_there_for_those_who_work_with_the_factory(client, cast, works):
    client.force_login(cast.user("expert"))
    told = " ".join(text for _address, text in opened_by(client, works[0]))
    assert [word for word in SAID if word not in told] == []


@pytest.mark.parametrize("role", ["department", "leader", "inspector", "ministry"])
def test_nothing_marked_is_behind_any_link_file_figure_or_search(client, cast, kept, role):
    client.force_login(cast.user(role))
    leaks, count = {}, 0
    for address, text in opened_by(client, kept):
        count += 1
        if found := [word for word in (*SAID, *BEFORE) if word in text]:
            leaks[address] = found
    assert leaks == {}
    assert count > (40 if role in ("department", "leader") else 5)
