"""The demo's quick assessments: every state is there, made as people make them, and built again they come in once."""

import datetime

import pytest
from django.utils import timezone

from sachhon.apps.assessment.models import Assessment, FollowUp, OptionReply, Photo
from sachhon.apps.registry.models import Facility, Trade
from sachhon.demo import quick
from sachhon.demo.photos import SCENES, scene

TODAY = datetime.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def province(cast):
    """A facility of every trade that a case may be of, besides the factory's own."""
    common = {"enterprise": cast.quarry_enterprise, "area": cast.brick.area, "province_code": "20"}
    wanted = dict.fromkeys(case["trades"][0] for case in quick.quick_cases())
    made = {
        code: Facility.objects.create(
            code=f"LS-9{n}", name=code, trade=Trade.objects.get(code=code), contact_name="Vi Thị Lan",
            contact_email=f"{code}@example.vn", **common,
        )
        for n, code in enumerate(wanted)
    }  # fmt: skip
    return {f.code: f for f in made.values()}


def test_each_state_is_there_once_with_photos_replies_and_follow_ups(cast, province):
    people = {role: cast.user(role) for role in ("centre", "expert", "factory")}
    placed = list(quick.placed(quick.quick_cases(), province, cast.brick, 2025))
    assert len({f.pk for _case, f in placed}) == len(placed) == 6
    for case, facility in placed:
        quick.load(case, facility, people, TODAY)
    states = {a.facility.trade.code: a.state for a in Assessment.objects.exclude(by_factory=True)}
    assert states == {
        "cement": "signed", "brick": "signed", "wood": "in_review", "rosin": "underway", "food": "requested",
    }  # fmt: skip
    own = Assessment.objects.get(by_factory=True)
    assert (own.facility, own.state, own.lead) == (cast.brick, "in_review", None)
    assert Photo.objects.count() > 6
    assert OptionReply.objects.filter(reply="not_fit").exclude(note="").exists()
    assert sorted(FollowUp.objects.values_list("months", flat=True)) == [3, 3, 6]
    for assessment in Assessment.objects.filter(state="signed"):
        assert timezone.localdate(assessment.opened_at) < timezone.localdate(assessment.signed_at) < TODAY
        made = assessment.quick.follow_ups.order_by("months").last().months
        assert timezone.localdate(assessment.signed_at) + datetime.timedelta(days=30 * made) <= TODAY
    before = Photo.objects.count()
    for case, facility in placed:
        assert quick.load(case, facility, people, TODAY) is None
    assert (Assessment.objects.count(), Photo.objects.count()) == (6, before)


@pytest.mark.parametrize("kind", SCENES)
def test_a_scene_is_a_photo_and_the_same_each_time(kind):
    first = scene(kind, 1).getvalue()
    assert first[:2] == b"\xff\xd8"
    assert first == scene(kind, 1).getvalue()
