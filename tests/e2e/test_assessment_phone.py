"""What has another form on a phone: treatment as cards, the schedule by date, the flow-sheet as a list of streams."""

import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.apps.assessment.flow_making import brickworks
from tests.apps.assessment.test_treating import assessment, dye  # noqa: F401
from tests.e2e.conftest import DESKTOP, PHONE, fits
from tests.e2e.test_width import CUT
from tests.e2e.walking import until

from sachhon.apps.assessment.models import Option, OptionState
from sachhon.apps.assessment.services import options

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_treatment_is_read_as_cards_with_the_name_of_each_alternative(page, login, dye, axe, screenshot):  # noqa: F811
    login("expert")
    page.set_viewport_size(PHONE)
    page.goto(reverse("assessment:treatment", args=[dye.assessment_id, dye.number]), timeout=60_000)
    fits(page)
    assert page.evaluate(CUT) == []  # no table is moved sideways
    card = page.locator("table.comparison").first.locator("tbody tr", has_text="COD")
    assert card.locator("td[data-label='Kỵ khí, hiếu khí']").is_visible()
    assert card.locator("td[data-label='Lắng']").is_visible()
    names = card.locator("td").evaluate_all(
        "cells => cells.map(c => getComputedStyle(c, '::before').content)"
    )
    assert '"Kỵ khí, hiếu khí"' in names
    axe()
    screenshot("phone-treatment", "phone")


def test_the_schedule_is_a_list_by_date_on_a_phone_and_a_drawing_on_a_desk(
    page,
    login,
    cast,
    assessment,  # noqa: F811
    axe,
):
    for name, begins, ends in (
        ("Biến tần", "2026-02-01", "2026-05-31"),
        ("Bảo ôn", "2026-03-01", "2026-04-15"),
    ):
        made = options.add_option(
            cast.user("expert"), assessment, {"name": name, "group": "equipment_modification"}
        )
        Option.objects.filter(pk=made.pk).update(
            state=OptionState.CHOSEN,
            starts_on=datetime.date.fromisoformat(begins),
            ends_on=datetime.date.fromisoformat(ends),
        )
    login("expert")
    page.set_viewport_size(PHONE)
    page.goto(reverse("assessment:plan_of_action", args=[assessment.pk]), timeout=60_000)
    days = page.locator(".schedule li")
    assert [d.split("\n")[0].strip() for d in days.all_inner_texts()][:4] == [
        "01/02/2026", "01/03/2026", "15/04/2026", "31/05/2026",
    ]  # fmt: skip
    expect(page.locator(".schedule .is-today")).to_have_count(1)
    expect(page.locator(".schedule li", has_text="15/04/2026")).to_contain_text("GP-02 Bảo ôn")
    expect(page.locator(".schedule-drawn")).to_be_hidden()
    button = page.locator("tbody td", has=page.get_by_role("link", name="Kế hoạch")).first
    assert button.get_attribute("data-label") == ""  # the button says it, not its head once more
    axe()
    fits(page)
    page.set_viewport_size(DESKTOP)
    expect(page.locator(".schedule")).to_be_hidden()
    expect(page.locator(".schedule-drawn")).to_be_visible()


def test_a_flow_sheet_is_a_list_of_streams_on_a_phone_and_its_drawing_opens_readable(
    page, login, cast, axe, screenshot
):
    made, _streams = brickworks(cast)
    login("expert")
    page.set_viewport_size(PHONE)
    page.goto(f"/danh-gia/{made.pk}/dong/", timeout=60_000)
    until(page, "window.flowCanvas && window.flowCanvas.nodes().length > 0")
    expect(page.locator("#flow-stage")).to_be_hidden()
    rows = page.locator("tr[data-stream]")
    heights = rows.evaluate_all("rows => rows.map(r => r.getBoundingClientRect().height)")
    assert max(heights) < 170, heights  # a stream in a few lines: four and more stand in a window
    measured, reconciled = rows.first.locator("td.num").all()
    assert measured.bounding_box()["y"] == reconciled.bounding_box()["y"]  # side by side
    axe()
    screenshot("phone-flow-sheet", "phone")
    page.get_by_text("Hình vẽ sơ đồ").click()
    expect(page.locator("#flow-stage")).to_be_visible()
    until(page, "flowCanvas.width() > 300 && flowCanvas.zoom() >= 0.7")
    first = "(() => { const b = flowCanvas.nodes('.process').first().renderedBoundingBox(); return [b.x1, b.x2]; })()"
    box = page.evaluate(first)
    assert 0 <= box[0] < box[1] <= PHONE["width"]  # a process stands in the window, not beside it
    fits(page)
