"""Options, their worth, the choice, the plan and the verification on a phone in the yard, and by the keyboard alone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.apps.assessment.test_choosing import add, assessment, carried_out, measured, records  # noqa: F401
from tests.e2e.conftest import PHONE
from tests.e2e.walking import seen

from sachhon.apps.assessment.models import Option
from sachhon.apps.assessment.services import choosing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(cast, assessment, records):  # noqa: F811
    """Three options: one carried out and measured, one chosen, one left out of the choice."""
    drive = carried_out(cast, assessment, add(cast, assessment, "Biến tần quạt lò", 60_000, 150))
    add(cast, assessment, "Bảo ôn đường hơi và thay gioăng cửa goòng lò nung số 2", 9_000, 30)
    add(cast, assessment, "Thay toàn bộ động cơ", 20_000, 900)
    choosing.decide(cast.user("expert"), assessment, 200, "value", today=cast.today)
    return assessment, measured(cast, assessment, drive)


def page_of(case, name, *more):
    return reverse(f"assessment:{name}", args=[case[0].pk, *more])


def test_every_page_fits_a_phone_and_is_readable_for_all(page, login, case, screenshot):
    login("expert")
    page.set_viewport_size(PHONE)
    for name, *more in (
        ("options",), ("screening",), ("sources",), ("calculators",), ("calculate", "air_leak"),
        ("option", 1), ("option_sheet", 1, "economic"), ("edit_option", 1), ("choice",), ("plan_of_action",),
        ("plan_option", 2), ("verifications",), ("verification", case[1].pk), ("add_verification",),
        ("assessment",),
    ):  # fmt: skip
        budget = "?budget=100" if name == "choice" else ""
        answer = page.goto(page_of(case, name, *more) + budget, timeout=60_000)
        assert answer.status == 200, name
        seen(page)
        screenshot(f"phone-{name}", "phone")


def test_screening_choice_and_plan_by_the_keyboard_alone(page, login, case):
    login("expert")
    page.goto(page_of(case, "screening"), timeout=60_000)
    page.locator("tbody select").first.focus()
    page.keyboard.type("Làm ngay")
    page.keyboard.press("Tab")
    page.keyboard.type("Rẻ, chắc chắn")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Đã lưu")
    assert Option.objects.filter(screening="do_now", screening_reason="Rẻ, chắc chắn").count() == 1
    page.goto(page_of(case, "choice"))
    slider = page.get_by_label("Vốn", exact=True)
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(".choice-sum")).to_contain_text("Chọn 0 trên")
    page.keyboard.press("End")
    left_out = page.locator("#choice tr.is-out")  # with all the money still: it never pays for itself
    expect(left_out).to_have_count(1)
    expect(left_out).to_contain_text("Thay toàn bộ động cơ")
    page.goto(page_of(case, "plan_of_action"))
    link = page.locator("tbody tr", has_text="Bảo ôn").get_by_role("link", name="Kế hoạch").first
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Người phụ trách").focus()
    page.keyboard.type("Chị Hà")
    page.keyboard.press("Enter")
    expect(page.locator("tbody").first).to_contain_text("Chị Hà")
