"""Steps 3 to 5 of a detailed assessment by hand: options, their screening and worth, the choice, the plan."""

from playwright.sync_api import expect
from tests.e2e.conftest import accessible
from tests.e2e.walking import fill, seen


def options_taken_up(page):
    """Step 3: from the cause, from the library, from a calculator, an own idea; and what is no cleaner production."""
    page.get_by_role("link", name="Lập giải pháp").click()
    expect(page.get_by_label("Nguyên nhân được khắc phục")).to_have_value("Quạt lò chạy một tốc độ")
    saving = {"saving-0-resource": "electricity", "saving-0-low": "40.000", "saving-0-likely": "60.000"}
    fill(page, name="Biến tần quạt lò", group="equipment_modification", **saving)
    page.get_by_role("button", name="Lưu", exact=True).click()
    seen(page)
    page.get_by_role("link", name="Giải pháp", exact=True).first.click()
    page.get_by_role("link", name="Nguyên nhân và thư viện").first.click()
    seen(page)
    page.get_by_role("button", name="Đưa vào").first.click()
    page.get_by_role("link", name="Giải pháp", exact=True).first.click()
    page.get_by_role("link", name="Bảng tính thiết bị").first.click()
    seen(page)
    page.get_by_role("link", name="Rò rỉ khí nén").click()
    fill(page, label="Máy nén 1", capacity_m3_min="6,2", load_min="2", idle_min="6", power_kw="37")
    page.get_by_role("button", name="Tính").click()
    seen(page)
    page.get_by_role("button", name="Đưa vào").click()
    page.get_by_role("link", name="Giải pháp", exact=True).first.click()
    page.get_by_role("link", name="Ý tưởng riêng").click()
    fill(page, name="Chôn gạch phế", not_cp="treatment")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".error-list")).to_be_visible()
    fill(page, name="Mái che bãi than", not_cp="", group="housekeeping")
    fill(page, **{"saving-0-resource": "coal_cam_5_6", "saving-0-likely": "8"})
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("link", name="Giải pháp", exact=True).first.click()
    expect(page.locator("tbody tr")).to_have_count(4)
    seen(page)


def screened_and_valued(page):
    """Do now, study or drop, with the reason; then money and ranges."""
    page.get_by_role("link", name="Sàng lọc").click()
    rows = page.locator("tbody tr")
    for name, word, why in (
        ("Mái che bãi than", "do_now", "Rẻ, làm ngay được"),
        ("Biến tần quạt lò", "study", "Cần đo tải quạt"),
        ("Rò rỉ khí nén", "study", "Cần kiểm tra lại máy nén"),
    ):
        row = rows.filter(has_text=name)
        row.locator("select").select_option(word)
        row.locator("input[type=text]").fill(why)
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("tbody")).to_contain_text("Làm ngay")
    for name, money in (("Biến tần quạt lò", "150.000.000"), ("Mái che bãi than", "45.000.000")):
        page.get_by_role("link", name=name).click()
        page.locator("section", has=page.locator("#sheet-economic")).get_by_role("link").click()
        fill(page, investment_likely=money)
        page.get_by_role("button", name="Lưu", exact=True).click()
        expect(page.locator("#worth ~ dl")).to_contain_text("triệu đồng")
        seen(page)
        page.get_by_role("link", name="Giải pháp", exact=True).first.click()
    page.get_by_role("link", name="Rò rỉ khí nén").click()
    page.locator(".actions summary", has_text="Bỏ").click()
    page.get_by_label("Lý do").fill("Máy nén sắp thay")
    page.locator("details[open]").get_by_role("button", name="Bỏ").click()
    expect(page.locator(".identity").first).to_contain_text("Máy nén sắp thay")
    page.get_by_role("link", name="Giải pháp", exact=True).first.click()


def chosen(page):
    """Step 4: what is in at a budget of 260 million, and why."""
    page.get_by_role("link", name="Lựa chọn theo vốn").click()
    page.get_by_label("Hoặc ghi số (triệu đồng)").fill("260")
    page.get_by_role("button", name="Xem").click()
    expect(page.locator(".choice-sum")).to_contain_text("Chọn 2 trên 3")
    expect(page.locator("#choice tr.is-out")).to_contain_text("Mái che bãi than")
    seen(page)
    page.get_by_role("button", name="Chốt lựa chọn này").click()
    expect(page.locator("#messages")).to_contain_text("Đã chốt lựa chọn")
    seen(page)


def planned_and_done(page):
    """Step 5: person, days and money; the network goes while it is saved, and nothing typed is lost."""
    row = page.locator("tbody tr", has_text="Biến tần quạt lò").first  # the chart has a table too
    row.get_by_role("link", name="Kế hoạch").click()
    fill(page, responsible="Ông Lâm", starts_on="2026-01-05", ends_on="2026-02-28", budget_vnd="150.000.000")
    page.context.set_offline(True)
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#connection")).to_contain_text("Mất kết nối")
    accessible(page)
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_contain_text("Đã có mạng lại")
    expect(page.get_by_label("Người phụ trách")).to_have_value("Ông Lâm")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(row).to_contain_text("28/02/2026")
    expect(row).to_contain_text("Muộn")
    page.get_by_role("link", name="Biến tần quạt lò").click()
    for step in ("Bắt đầu làm", "Đã xong"):
        page.get_by_role("button", name=step).click()
    expect(page.locator(".identity").first).to_contain_text("Đã xong")
    page.get_by_role("link", name="Kế hoạch", exact=True).first.click()
    fill(page, spent_vnd="148.500.000")
    page.get_by_role("button", name="Lưu", exact=True).click()
    seen(page)
