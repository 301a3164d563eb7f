"""The province in a browser: an officer computes, asks where a number is from, and issues the report."""

import re

import pytest
from playwright.sync_api import expect
from tests.apps.reporting.test_province import YEAR, Small

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small(cast, settings, tmp_path):
    """The small province counted by hand."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    return Small(cast)


def test_an_officer_computes_asks_and_issues(page, login, small, axe, screenshot):
    login("department")
    page.goto(f"/bao-cao/toan-tinh/?year={YEAR}")
    axe()
    page.get_by_role("button", name="Tính lại").click()
    page.goto(f"/bao-cao/toan-tinh/?year={YEAR}")
    expect(page.locator(".province-targets > li")).to_have_count(4)
    axe()
    screenshot("province")
    screenshot("province-phone", "phone")

    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator(".province-targets .figure").nth(1).click()
    expect(page.locator("#panel")).to_contain_text("4 / 6")
    expect(page.locator("#panel")).to_contain_text("judging_rules.applying.v1")
    page.keyboard.press("Escape")

    for part in ("Tiết kiệm", "Ngành nghề", "Nộp báo cáo"):
        page.get_by_role("navigation", name="Các phần của trang toàn tỉnh").get_by_role(
            "link", name=part
        ).click()
        expect(page.locator("h1")).to_contain_text(part)
        axe()

    page.goto(f"/bao-cao/toan-tinh/bao-cao/?year={YEAR}")
    axe()
    page.get_by_role("button", name="Mở dự thảo").first.click()
    expect(page.locator("#warnings")).to_be_visible()
    axe()
    screenshot("province-check")
    page.get_by_label("Nhận xét về tình hình").fill("Năm đầu thực hiện kế hoạch.")
    page.get_by_role("button", name="Lưu và xem các trang").click()
    expect(page.locator(".province-pages img").first).to_be_visible()
    axe()
    screenshot("province-preview")
    page.get_by_role("link", name="Các trang đã đúng").first.click()
    page.get_by_label("Số", exact=True).fill("215")
    page.get_by_label("Họ tên người ký").fill("Nguyễn Văn Mẫu")
    axe()
    page.get_by_role("button", name="Ban hành").click()
    expect(page.locator("h1")).to_contain_text("Báo cáo số 215")
    axe()
    with page.expect_download() as download:
        page.get_by_role("link", name=".docx").click()
    assert re.fullmatch(r"bao-cao-sxsh-20-\d{4}-ubnd\.docx", download.value.suggested_filename)
    screenshot("province-issued")


def test_a_leader_reads_everything_and_issues_nothing(page, login, small, axe):
    small.refresh()
    login("leader")
    page.goto(f"/?year={YEAR}")
    expect(page.locator(".target")).to_have_count(4)
    page.goto(f"/bao-cao/toan-tinh/?year={YEAR}")
    expect(page.get_by_role("link", name="Ban hành báo cáo")).to_have_count(0)
    page.goto(f"/chuong-trinh/?year={YEAR}")
    axe()
    page.get_by_role("link", name="Tình trạng các cơ sở").click()
    expect(page.locator("tbody tr")).to_have_count(10)
    axe()
