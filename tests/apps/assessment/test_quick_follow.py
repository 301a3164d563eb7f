"""Where to go first and why, the factory's word on the advice, and the follow-ups that come due."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.assessment.conftest import PERIOD

from sachhon.apps.assessment.models import FollowUp, Kind
from sachhon.apps.assessment.queries.quick_follow import after, due, rounds
from sachhon.apps.assessment.queries.quick_priority import priority_list
from sachhon.apps.assessment.services import opening, quick_follow, quick_result, workflow
from sachhon.apps.assessment.services.errors import AssessmentError, NotYours
from sachhon.apps.assessment.today_items import today_items
from sachhon.apps.registry.models import Facility, Product, Record

DAY = datetime.date(2026, 3, 31)


@pytest.fixture
def advised(walk):
    """A signed assessment with its ten options."""
    walk.result = quick_result.current(walk.assessment, walk.sheet)
    walk.options = [o["code"] for o in walk.result.content["options"]]
    return walk


def signed(walk, at=None):
    at = at or datetime.datetime(2026, 3, 31, 2, tzinfo=datetime.UTC)
    for step in ("send", "sign"):
        workflow.move(walk.centre, walk.assessment, step, now=at)
    walk.assessment.refresh_from_db()


def test_the_follow_ups_fall_three_six_and_twelve_months_after_the_signature(advised):
    assert rounds(advised.assessment, advised.sheet) == []
    signed(advised)
    days = [r.due_on for r in rounds(advised.assessment, advised.sheet)]
    assert days == [datetime.date(2026, 6, 30), datetime.date(2026, 9, 30), datetime.date(2027, 3, 31)]
    assert after(datetime.date(2027, 11, 30), 3) == datetime.date(2028, 2, 29)


def test_what_is_due_is_on_today_of_the_team_and_the_factory_until_it_is_made(advised, cast):
    signed(advised)
    day = datetime.date(2026, 7, 2)
    for person in (advised.expert, cast.user("factory")):
        item = today_items(person, 2026, day)[0]
        assert (item.kind, item.due_date) == ("late", datetime.date(2026, 6, 30))
    assert not due(cast.user("department"), day, 14)
    states = {advised.options[0]: {"state": "carried_out", "note": "Thay 40 đèn"}}
    quick_follow.follow_up(cast.user("factory"), advised.sheet, months=3, states=states, note="")
    assert FollowUp.objects.get().states == states
    assert today_items(advised.expert, 2026, day) == []


def test_the_factory_replies_and_says_why_something_does_not_fit(advised, cast):
    factory, code = cast.user("factory"), advised.options[0]
    with pytest.raises(AssessmentError, match="vì sao"):
        quick_follow.reply(factory, advised.sheet, {code: ("not_fit", " ")})
    quick_follow.reply(factory, advised.sheet, {code: ("not_fit", "Lò sắp dỡ")})
    assert advised.sheet.option_replies.get().note == "Lò sắp dỡ"
    quick_follow.reply(factory, advised.sheet, {code: ("", "")})
    assert not advised.sheet.option_replies.exists()
    with pytest.raises(AssessmentError):
        quick_follow.reply(factory, advised.sheet, {"KHONG-CO": ("will_do", "")})
    with pytest.raises(AssessmentError):
        quick_follow.follow_up(factory, advised.sheet, months=3, states={}, note="")


def test_who_is_not_in_the_team_neither_replies_nor_follows_up(advised, cast):
    opening.remove_member(advised.centre, advised.member)
    with pytest.raises(NotYours):
        quick_follow.reply(advised.expert, advised.sheet, {})


def test_the_pages_reply_and_follow_up(advised, client, cast):
    signed(advised)
    client.force_login(cast.user("factory"))
    url = reverse("assessment:quick_follow", args=[advised.assessment.pk])
    code = advised.options[0]
    assert client.post(url, {f"reply-{code}": "will_do", f"note-{code}": "Quý 3"}).status_code == 302
    assert client.post(url, {"months": "6", f"state-{code}": "under_way"}).status_code == 302
    page = client.get(f"{url}?thang=6").content.decode()
    assert "Quý 3" in page
    assert FollowUp.objects.get().months == 6


def test_a_self_assessment_waits_for_the_centres_review(cast):
    own = opening.open_assessment(cast.user("factory"), cast.brick, Kind.QUICK, by_factory=True, **PERIOD)
    workflow.move(cast.user("factory"), own, "send", now=timezone.now())
    item = today_items(cast.user("centre"), 2026, DAY)[0]
    assert (item.kind, item.count) == ("waiting", 1)


def test_the_list_puts_requests_first_then_the_dearest_never_assessed_with_reasons(cast, client):
    def pays(facility, vnd):
        Record.objects.create(
            facility=facility,
            year=2025,
            month=1,
            flow="consumption",
            resource=cast.electricity,
            quantity=1000,
            cost_vnd=vnd,
        )

    rows = {"province": "20", "year": 2025, "lang": "vi"}
    pays(cast.brick, 10_000_000)
    pays(cast.quarry, 30_000_000)
    first, second = priority_list(cast.user("centre"), **rows)
    assert (first.facility, second.facility) == (cast.quarry, cast.brick)
    assert "đứng thứ 1, bằng 75,0% tổng số" in first.reasons[1]
    opening.open_assessment(cast.user("centre"), cast.quarry, Kind.QUICK, **PERIOD)
    assert [p.facility for p in priority_list(cast.user("centre"), **rows)] == [cast.brick, cast.quarry]
    asked = opening.open_assessment(cast.user("factory"), cast.brick, Kind.QUICK, **PERIOD)
    place = priority_list(cast.user("centre"), **rows)[0]
    assert place.asked == asked
    client.force_login(cast.user("centre"))
    page = client.get(reverse("assessment:priority"))
    assert cast.quarry.name in page.content.decode()
    assert cast.stranger.name not in page.content.decode()


def test_how_far_behind_its_like_is_told_among_enough_of_them_only(cast):
    def make(facility, kwh):
        product = Product.objects.create(facility=facility, name="Gạch", unit="k_vien")
        at = {"facility": facility, "year": 2025, "month": 1}
        Record.objects.create(**at, flow="output", product=product, quantity=100)
        Record.objects.create(**at, flow="consumption", resource=cast.electricity, quantity=kwh)

    make(cast.brick, 6000)
    for n in range(4):
        other = Facility.objects.create(
            code=f"LS-1{n}",
            name=f"Gạch {n}",
            enterprise=cast.quarry_enterprise,
            trade=cast.brick.trade,
            area=cast.brick.area,
            province_code="20",
        )
        make(other, 3000 + 100 * n)
    found = {p.facility: p for p in priority_list(cast.user("centre"), "20", 2025, "vi")}
    assert found[cast.brick].behind is None
    fifth = Facility.objects.create(
        code="LS-15",
        name="Gạch 5",
        enterprise=cast.quarry_enterprise,
        trade=cast.brick.trade,
        area=cast.brick.area,
        province_code="20",
    )
    make(fifth, 7000)
    behind = priority_list(cast.user("centre"), "20", 2025, "vi", "behind")
    assert [p.facility for p in behind[:2]] == [fifth, cast.brick]
    assert float(behind[1].behind) == 80
