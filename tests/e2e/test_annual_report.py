"""The annual report walked in a browser: the factory fills it in as it types, the officer doubts, corrects, accepts."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.apps.reporting.conftest import Works

from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.services import drafting

YEAR = timezone.localdate().year
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def works(cast):
    """The brick works with last year's records."""
    works = Works(cast)
    works.year(YEAR - 1)
    return works


def section(page, slug):
    page.goto(f"/bao-cao/nam/LS-0001/{YEAR}/1/dien/{slug}/")


def test_a_factory_fills_the_form_pastes_its_months_and_sends_it(page, login, works, axe, screenshot):
    login("factory")
    page.goto(f"/bao-cao/?year={YEAR}")
    axe()
    page.get_by_role("button", name="Lập báo cáo").click()
    page.get_by_label("Số lao động").fill("40")
    page.get_by_label("Số lao động").blur()
    expect(page.locator("#saved")).to_have_text(re.compile(r"Đã lưu \d\d:\d\d"))
    expect(page.locator("#section-nav .is-complete").first).to_contain_text("Thông tin chung")
    axe()
    screenshot("annual-general")

    section(page, "san-pham")
    page.get_by_label("Tên sản phẩm").fill("Gạch tuynel 2 lỗ")
    page.locator("#new-unit").select_option("k_vien")
    page.get_by_role("button", name="Thêm", exact=True).click()
    months(page, "Gạch tuynel 2 lỗ", ["100"] * 12)
    section(page, "nguyen-nhien-lieu")
    page.locator("#new-item").select_option("electricity")
    page.get_by_role("button", name="Thêm", exact=True).click()
    months(page, "Điện lưới", ["5.400.000,0"] * 12)
    expect(page.locator(".line-year").first).to_contain_text("64.800.000")
    axe()
    screenshot("annual-inputs")

    page.get_by_role("link", name="Kiểm tra và nộp").first.click()
    expect(page.locator("#findings")).to_contain_text("sai đơn vị")
    screenshot("annual-check")
    axe()
    page.get_by_role("button", name="Sửa", exact=True).click()
    expect(page.locator("#findings")).to_contain_text("Đã sửa")
    page.get_by_role("button", name="Nộp báo cáo").click()
    expect(page.get_by_text("Báo cáo đã nộp").first).to_be_visible()
    report = AnnualReport.objects.get()
    assert report.state == "submitted"
    assert report.lines.get(resource__code="electricity").total == 64_800
    axe()
    page.get_by_title("Số này từ đâu?").first.click()
    expect(page.locator("#panel-content")).to_contain_text("Tiết kiệm")


def months(page, name, values):
    """Pastes a row copied from a spreadsheet into the first month of a line."""
    line = page.get_by_role("group", name=name).first
    first = line.locator("input[data-month]").first
    first.evaluate(
        """(input, text) => {
            const data = new DataTransfer();
            data.setData("text", text);
            input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        "\t".join(values),
    )
    expect(line.locator("input[data-month]").last).to_have_value(values[-1])
    expect(page.locator("#saved")).to_have_text(re.compile(r"Đã lưu"))
    expect(line.locator(".line-year")).not_to_contain_text("–")


def test_two_people_in_one_section_the_second_is_told_and_nothing_is_lost(page, login, works):
    report = works.draft(YEAR)
    login("factory")
    section(page, "thong-tin-chung")
    works.save(report, "general", {"employees": 77}, actor=works.centre)
    page.get_by_label("Số lao động").fill("50")
    page.get_by_label("Số lao động").blur()
    expect(page.get_by_role("alert")).to_contain_text("77")
    report.refresh_from_db()
    assert report.employees == 77


def test_what_cannot_be_read_is_marked_at_its_field(page, login, works):
    works.draft(YEAR)
    login("factory")
    section(page, "nguyen-nhien-lieu")
    field = page.locator("input[data-month]").first
    field.fill("nhiều lắm")
    field.blur()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("5.300")
    field.blur()
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_an_officer_reviews_by_keys(page, login, works, axe, screenshot):
    report = works.sent(year=YEAR, now=timezone.now(), electricity="5400000")
    login("centre")
    page.goto(f"/bao-cao/?year={YEAR}")
    axe()
    screenshot("annual-list")
    page.get_by_role("link", name="Xem xét báo cáo đang chờ").click()
    axe()
    screenshot("annual-review")
    page.get_by_role("button", name="Sửa", exact=True).click()
    expect(page.locator("#findings")).to_contain_text("Đã sửa")
    page.locator("h1").click()
    page.keyboard.press("r")
    expect(page.locator("#remark")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("a")
    expect(page.get_by_text("Đã chấp nhận").first).to_be_visible()
    report.refresh_from_db()
    assert report.state == "accepted"


def test_the_form_and_the_report_are_usable_on_a_phone(page, login, works, axe, screenshot):
    report = works.draft(YEAR)
    works.save(report, "solutions", {"new1": {"name": "Bọc bảo ôn lò", "group": "housekeeping"}})
    login("factory")
    for slug, name in (
        ("nguyen-nhien-lieu", "inputs"),
        ("giai-phap", "solutions"),
        ("san-xuat-sach-hon", "cp"),
    ):
        section(page, slug)
        screenshot(f"annual-{name}-phone", "phone")
        axe()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, slug
    page.goto(f"/bao-cao/nam/LS-0001/{YEAR}/1/")
    axe()
    screenshot("annual-report-phone", "phone")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_form_works_without_script(browser, live_server, cast, works):
    from django.conf import settings
    from django.test import Client

    report = works.draft(YEAR)
    client = Client()
    client.force_login(cast.user("factory"), backend="django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    section(page, "thong-tin-chung")
    page.get_by_label("Số lao động").fill("42")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    assert "/dien/san-xuat-sach-hon/" in page.url
    context.close()
    report.refresh_from_db()
    assert report.employees == 42


def test_the_report_shows_savings_in_the_browser_at_both_widths(page, login, works, screenshot, axe):
    report = works.sent(year=YEAR, now=timezone.now(), cost=130_000_000)
    drafting.latest_report(works.brick, YEAR)
    login("leader")
    page.goto(f"/bao-cao/nam/LS-0001/{YEAR}/{report.revision}/")
    expect(page.get_by_role("heading", name="Tiết kiệm trên đơn vị sản phẩm")).to_be_visible()
    axe()
    screenshot("annual-report")


def test_the_list_shows_its_acts_when_something_is_ticked_and_prints_as_a_table(login, page, works):
    login("centre")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/bao-cao/?year={YEAR}")
    acts = page.locator(".act-bar")
    expect(acts).to_be_hidden()
    page.locator("input[name=code]").first.check()
    expect(acts).to_be_visible()
    page.locator("input[name=code]").first.uncheck()
    expect(acts).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(media="print")
    for gone in ("input[name=code]", "[data-tick-all]", ".row-tools", ".act-bar"):
        expect(page.locator(gone).first).to_be_hidden()
    row, name = page.locator("#many tbody tr").first, page.locator("#many tbody .row-name").first
    assert row.bounding_box()["height"] < 2 * name.bounding_box()["height"] + 12
