"""The library in a browser: an expert edits, somebody else reviews, the centre publishes; read on a phone too."""

import pytest
from playwright.sync_api import expect

from sachhon.apps.guidance import queries

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_option_is_edited_reviewed_by_another_and_published(page, login, cast, axe, screenshot):
    login("expert")
    page.goto("/thu-vien/?q=ro+ri+khi+nen")
    axe()
    page.get_by_role("link", name="Dò tìm và khắc phục rò rỉ khí nén định kỳ").click()
    axe()
    screenshot("library-option")
    page.get_by_role("button", name="Sửa thành bản nháp mới").click()
    page.get_by_label("Tiết kiệm đến (%)").fill("nhiều")
    page.get_by_label("Sửa gì, vì sao").fill("Đo ở ba cơ sở trong tỉnh")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator(".error-list")).to_contain_text("nhiều")
    axe()
    page.get_by_label("Tiết kiệm đến (%)").fill("27,5")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator(".library-strip")).to_contain_text("phiên bản 2")
    expect(page.get_by_role("button", name="Thẩm định: đúng")).to_have_count(0)
    page.get_by_role("link", name="1 → 2").click()
    expect(page.locator("ins")).to_have_text("27,5")
    axe()

    login("centre")
    page.goto("/thu-vien/option/CAI-01/?so=2")
    page.get_by_role("button", name="Thẩm định: đúng").click()
    page.get_by_role("button", name="Ban hành").click()
    expect(page.locator(".library-strip")).to_contain_text("Đã ban hành")
    axe()
    screenshot("library-versions")
    found = queries.option("CAI-01")
    assert found is not None
    assert (str(found.high), found.version) == ("27.5", 2)


def test_a_checklist_and_a_trade_are_read_on_a_phone(page, login, cast, axe, screenshot):
    login("expert")
    page.set_viewport_size({"width": 390, "height": 844})
    for address, name in (
        ("/thu-vien/", "library-home-phone"),
        ("/thu-vien/checklist/brick/", "library-checklist-phone"),
        ("/thu-vien/nganh/cement/", "library-trade-phone"),
    ):
        page.goto(address, timeout=60_000)  # the first chart loads its fonts
        axe()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        screenshot(name, "phone")


def test_what_is_not_cleaner_production_is_refused_with_the_reason(page, login, cast, axe):
    login("centre")
    page.goto("/thu-vien/giai-phap-moi/")
    axe()
    for field, value in (
        ("Mã", "NEW-1"), ("Tên (tiếng Việt)", "Xây trạm xử lý nước thải"), ("Tên (tiếng Anh)", "Treat waste water"),
        ("Tài nguyên tiết kiệm", "water"), ("Tiết kiệm từ (%)", "1"), ("Tiết kiệm đến (%)", "2"),
        ("Tính trên (tiếng Việt)", "nước"), ("Tính trên (tiếng Anh)", "water"),
        ("Phần đó ít nhất chiếm bao nhiêu của cả cơ sở (%)", "50"),
        ("Phần đó nhiều nhất chiếm bao nhiêu của cả cơ sở (%)", "100"), ("Nguồn", "thử"),
    ):  # fmt: skip
        page.get_by_label(field, exact=True).fill(value)
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.locator(".error-list")).to_contain_text("Đây không phải SXSH")
    expect(page.locator(".error-list")).to_contain_text("Xử lý cuối đường ống")
    axe()
