"""Nobody stands before an assessment without knowing what comes next, and work is found on the page Today."""

import datetime

from tests.apps.assessment.flow_making import PERIOD, brickworks, opened
from tests.apps.assessment.test_choosing import add, carried_out, measured, records  # noqa: F401

from sachhon.apps.assessment.models import Kind
from sachhon.apps.assessment.queries.next_step import next_step
from sachhon.apps.assessment.queries.way import way
from sachhon.apps.assessment.services import opening, signing, workflow
from sachhon.apps.assessment.today_items import today_items

NOW = datetime.datetime(2026, 7, 1, 9, tzinfo=datetime.UTC)


def said(user, assessment):
    found = next_step(user, assessment, way(user, assessment, "vi"))
    return (found.words, found.place.label if found.place else "") if found else None


def titles(user):
    return {item.title: item.url for item in today_items(user, 2026, NOW.date())}


def test_a_request_is_found_by_the_centre_and_leads_it_to_team_lead_and_begin(cast):
    centre, expert, factory = (cast.user(r) for r in ("centre", "expert", "factory"))
    asked = opening.open_assessment(factory, cast.brick, Kind.DETAILED, **PERIOD)
    assert titles(centre)["Đề nghị đánh giá của cơ sở"].endswith("?state=requested")
    assert "Đề nghị đánh giá của cơ sở" not in titles(factory) | titles(expert)
    assert "Trung tâm" in said(factory, asked)[0]
    assert "trưởng nhóm" in said(centre, asked)[0]
    opening.add_member(centre, asked, expert)
    opening.appoint_lead(centre, asked, expert)
    asked.refresh_from_db()
    assert "bắt đầu" in said(centre, asked)[0]
    asked = workflow.move(centre, asked, "begin", now=NOW)
    assert "Đánh giá bạn đang làm" in titles(expert)
    assert "Đề nghị đánh giá của cơ sở" not in titles(centre)
    assert said(expert, asked) == ("Việc tiếp theo: bước 2, Phân tích các công đoạn sản xuất.", "Sơ đồ dòng")


def test_the_way_goes_on_to_signatures_and_the_last_word(cast, records):  # noqa: F811
    centre = cast.user("centre")
    assessment, _streams = brickworks(cast)
    assert "bước 3" in said(centre, assessment)[0]
    assert said(cast.user("leader"), assessment) is None
    drive = carried_out(cast, assessment, add(cast, assessment, "Biến tần quạt lò", 60_000, 150))
    measured(cast, assessment, drive)
    assert "ký: 1, 2, 3, 4, 5, 6" in said(centre, assessment)[0]
    for step in range(1, 7):
        signing.sign_step(centre, assessment, step)
    assert "gửi rà soát" in said(centre, assessment)[0]
    assessment = workflow.move(centre, assessment, "send", now=NOW)
    assert "ký xác nhận" in said(centre, assessment)[0]
    assert said(cast.user("expert"), assessment) is None
    assert "Đánh giá chờ bạn ký xác nhận" in titles(centre)
    assert "Đánh giá chờ bạn ký xác nhận" not in titles(cast.user("expert"))


def test_the_lead_is_told_which_steps_wait_for_a_signature(cast):
    assessment = opened(cast)
    signing.sign_step(cast.user("centre"), assessment, 1)
    assert "bước 2" in said(cast.user("centre"), assessment)[0]
