"""The figures, the result with its lineage, where to go first, and the follow-up: on a desktop and a phone."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from tests.e2e.conftest import PHONE, fits

from sachhon.apps.assessment.models import Reply
from sachhon.apps.assessment.services import (
    opening,
    quick_figures,
    quick_result,
    quick_sheet,
    quick_sync,
    workflow,
)
from sachhon.apps.registry.models import Product, Record, Resource

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def walked(cast):
    """A brick works with a year of bills and its questions answered in turn."""
    centre = cast.user("centre")
    product = Product.objects.create(facility=cast.brick, name="Gạch đặc", unit="k_vien")
    coal = Resource.objects.get(code="coal_cam_5_6")
    for month in range(1, 13):
        at = {"facility": cast.brick, "year": 2025, "month": month}
        Record.objects.create(**at, flow="output", product=product, quantity=75)
        for resource, quantity, cost in (
            (cast.electricity, 3375, 6_750_000),
            (coal, Decimal("9.75"), 29_250_000),
        ):
            Record.objects.create(
                **at, flow="consumption", resource=resource, quantity=quantity, cost_vnd=cost
            )
    assessment = opening.open_assessment(
        centre, cast.brick, "quick", data_from=datetime.date(2025, 1, 1), data_to=datetime.date(2025, 12, 31)
    )
    sheet = quick_sheet.pin(centre, assessment)
    words = list(Reply.values)
    quick_sync.take(
        centre,
        assessment,
        [
            quick_sync.Sent(uuid.uuid4(), q["code"], "answer", words[n % 4], 0)
            for n, q in enumerate(sheet.questions)
        ],
    )
    quick_figures.set_figures(
        centre, assessment, version=1, typed=[], benchmarks={"electricity": "bench_027", "fuel": "bench_028"}
    )
    return assessment


def test_the_result_opens_to_where_each_number_comes_from(page, login, walked, axe, screenshot):
    login("centre")
    page.goto(reverse("assessment:quick_result", args=[walked.pk]))
    axe()
    screenshot("quick-result")
    page.locator("section[aria-labelledby=uses] a.figure").nth(1).click()
    expect(page.locator("#panel")).to_contain_text("Suất tiêu hao điện")
    expect(page.locator("#panel")).to_contain_text("bench_027")
    screenshot("quick-lineage")
    page.goto(reverse("assessment:quick_result", args=[walked.pk]))
    screenshot("quick-result-phone", "phone")
    fits(page)


def test_the_figures_are_typed_in_vietnamese_and_change_the_result(page, login, walked, axe, screenshot):
    login("centre")
    page.goto(reverse("assessment:quick_figures", args=[walked.pk]))
    axe()
    screenshot("quick-figures")
    page.get_by_label("Điện lưới", exact=True).fill("36.000")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("section[aria-labelledby=uses]")).to_contain_text("40 kWh")
    page.set_viewport_size(PHONE)
    page.goto(reverse("assessment:quick_figures", args=[walked.pk]))
    fits(page)


def test_where_to_go_first_and_the_follow_up(page, login, walked, cast, axe, screenshot):
    sheet = walked.quick
    quick_result.current(walked, sheet)
    for step in ("send", "sign"):
        workflow.move(cast.user("centre"), walked, step, now=timezone.now() - datetime.timedelta(days=100))
    login("centre")
    page.goto(reverse("assessment:priority"))
    axe()
    screenshot("quick-priority")
    page.set_viewport_size(PHONE)
    fits(page)
    login("factory")
    page.goto("/")
    page.get_by_role("link", name="Theo dõi sau 3 tháng").first.click()
    page.locator("select[name^=state-]").first.select_option("carried_out")
    page.get_by_role("button", name="Lưu lần theo dõi").click()
    expect(page.locator("#messages")).to_contain_text("Đã lưu")
    axe()
    fits(page)
    screenshot("quick-follow", "phone")
