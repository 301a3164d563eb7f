"""Forms over a connection that breaks: nothing is doubled, nothing typed is lost."""

import pytest
from playwright.sync_api import expect
from tests.apps.assessment.flow_making import brickworks
from tests.e2e.walking import until

from sachhon.apps.assessment.models import Option, Process, Stream

from .test_flow_sheet import READY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def assessment(cast, login, page):
    made, _streams = brickworks(cast)
    login("expert")
    return made


def lose(page, address, times=1, *, arrives=True):
    """The next answers of an address never reach the page; with `arrives` the server has taken what was sent."""
    left = [times]

    def handle(route):
        if route.request.method != "POST" or not left[0]:
            return route.continue_()
        left[0] -= 1
        if arrives:
            route.fetch(max_redirects=0)
            page.context.clear_cookies(name="sachhon_received")  # which went with the answer
        return route.abort("connectionreset")

    page.context.route(address, handle)


def forget(page):
    """The browser tells the console of what it could not send."""
    page.complaints[:] = [c for c in page.complaints if "htmx:" not in c and "ERR_CONNECTION" not in c]


def test_a_row_whose_answer_was_lost_is_saved_once(page, assessment):
    page.goto(f"/danh-gia/{assessment.pk}/dong/", timeout=60_000)
    until(page, READY)
    lose(page, "**/them/stream/")
    page.get_by_role("link", name="Dòng", exact=True).first.click()
    panel = page.locator("#panel")
    panel.locator("input[name=name]").fill("Dòng thử")
    panel.locator("select[name=target]").select_option(index=1)
    panel.locator("button.btn-primary").click()
    expect(panel.locator("#connection")).to_contain_text("không rõ")
    panel.locator("button.btn-primary").click()
    expect(panel).to_be_hidden()
    assert Stream.objects.filter(name="Dòng thử").count() == 1
    forget(page)


def test_a_key_of_the_canvas_whose_answer_was_lost_makes_one_process(page, assessment):
    page.goto(f"/danh-gia/{assessment.pk}/dong/", timeout=60_000)
    until(page, READY)
    lose(page, "**/dong/doi/")
    page.locator("#flow-stage").focus()
    page.keyboard.press("n")
    until(page, "flowCanvas.nodes('.process').length === 4")
    assert Process.objects.filter(assessment=assessment).count() == 4
    forget(page)


@pytest.mark.parametrize("arrives", [True, False])
def test_an_ordinary_form_that_the_server_did_not_answer_is_given_back_as_typed(page, assessment, arrives):
    address = f"/danh-gia/{assessment.pk}/giai-phap/them/"
    page.goto(address, timeout=60_000)
    lose(page, f"**{address}", arrives=arrives)
    page.locator("[name=name]").fill("Mái che bãi than")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_url("chrome-error://**")
    page.goto(address)
    expect(page.locator("#connection")).to_contain_text("chưa được lưu")
    expect(page.locator("[name=name]")).to_have_value("Mái che bãi than")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_url(lambda url: address not in url and "chrome-error" not in url)
    assert Option.objects.filter(name="Mái che bãi than").count() == 1
    page.goto(address)
    expect(page.locator("[name=name]")).to_have_value("")  # what was stored is not offered again
    assert page.locator("#connection").count() == 0
    forget(page)


@pytest.mark.parametrize(("role", "kept"), [("expert", "Mái che bãi than"), ("centre", "")])
def test_what_was_typed_when_the_session_ended_waits_for_the_same_person(page, login, assessment, role, kept):
    address = f"/danh-gia/{assessment.pk}/giai-phap/them/"
    page.goto(address, timeout=60_000)
    page.locator("[name=name]").fill("Mái che bãi than")
    page.wait_for_load_state("networkidle")  # an answer on its way would bring the session back
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_url("**/login/**")
    login(role)
    page.goto(address)
    expect(page.locator("[name=name]")).to_have_value(kept)
