"""The papers of a facility, from every room, for those who may see them where they are kept."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from tests.apps.intake.conftest import own_media, simple, simple_format  # noqa: F401 - fixtures
from tests.apps.intake.test_taking import send

from sachhon.apps.assessment.models import Assessment, AssessmentState, Kind
from sachhon.apps.intake.models import ImportFile
from sachhon.apps.registry import papers
from sachhon.apps.registry.models import Record
from sachhon.apps.registry.papers import papers_of
from sachhon.apps.reporting.models import AnnualReport


@pytest.fixture
def kept(cast, simple_format):  # noqa: F811
    """A paper of each room: a bill, a sent file, a sent report, a signed assessment."""
    bill = Record.objects.create(
        facility=cast.brick, year=2026, month=3, flow="consumption", resource=cast.electricity, quantity=Decimal(5)
    )  # fmt: skip
    bill.evidence.save("hoa-don.pdf", ContentFile(b"%PDF-1.4"))
    send(cast.user("factory"), simple((1, 5)))
    sent = timezone.now()
    AnnualReport.objects.create(
        facility=cast.brick, year=2025, state="submitted", first_submitted_at=sent, submitted_at=sent
    )
    Assessment.objects.create(
        facility=cast.brick,
        kind=Kind.QUICK,
        state=AssessmentState.SIGNED,
        opened_by=cast.user("centre"),
        data_from=sent.date(),
        data_to=sent.date(),
        signed_at=sent,
    )
    return cast


def names(user, facility) -> set[str]:
    return {paper.name for paper in papers_of(user, facility)[0]}


def test_every_room_gives_its_papers_and_each_opens(client, kept):
    user = kept.user("centre")
    wanted = {"Điện lưới 03/2026", "so-lieu.csv", "Báo cáo năm 2025", "Đánh giá nhanh"}
    assert names(user, kept.brick) == wanted
    client.force_login(user)
    html = client.get(reverse("registry:facility", args=[kept.brick.code])).content.decode()
    for paper in papers_of(user, kept.brick)[0]:
        assert paper.url in html
        if paper.name != "Đánh giá nhanh":  # its PDF is tried in the room that prints it
            assert client.get(paper.url).status_code == 200


def test_papers_are_only_of_this_facility_and_for_those_who_may_see_them(kept):
    assert names(kept.user("centre"), kept.quarry) == set()
    leader = names(kept.user("leader"), kept.brick)
    assert "so-lieu.csv" not in leader  # the inbox is not the leader's
    assert "Báo cáo năm 2025" in leader
    file = ImportFile.objects.get()
    ImportFile.objects.filter(pk=file.pk).update(state=ImportFile.State.SET_ASIDE)
    assert "so-lieu.csv" not in names(kept.user("centre"), kept.brick)


def test_older_papers_are_folded_away(client, kept, monkeypatch):
    monkeypatch.setattr(papers, "SHOWN", 3)
    shown, folded = papers_of(kept.user("centre"), kept.brick)
    assert (len(shown), len(folded)) == (3, 1)
    client.force_login(kept.user("centre"))
    html = client.get(reverse("registry:facility", args=[kept.brick.code])).content.decode()
    assert "1 giấy tờ cũ hơn" in html
    client.force_login(kept.user("centre"))
    assert (
        "Chưa có tệp nào"
        in client.get(reverse("registry:facility", args=[kept.quarry.code])).content.decode()
    )
