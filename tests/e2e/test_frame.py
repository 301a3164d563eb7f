"""What every page has: the door, the rail, the top bar, the furniture; by mouse, by keyboard, on a phone."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import PHONE

GALLERY = "/trang-mau/"


@pytest.fixture(autouse=True)
def people(cast, settings):
    settings.ROOT_URLCONF = "tests.e2e.gallery"
    return cast


def test_a_person_logs_in_by_name_and_password_and_out_again(page, cast):
    page.goto("/")
    expect(page).to_have_url(re.compile("/tai-khoan/login/"))
    page.get_by_label("Tên đăng nhập hoặc thư điện tử").fill("centre")
    page.get_by_label("Mật khẩu", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hôm nay")
    page.locator(".topbar summary").filter(has_text=cast.user("centre").display_name()).click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile("/tai-khoan/login/"))


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(page, axe):
    page.goto("/tai-khoan/login/")
    page.get_by_label("Tên đăng nhập hoặc thư điện tử").fill("centre")
    page.get_by_label("Mật khẩu", exact=True).fill("sai-mat-khau")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng")
    expect(page.get_by_label("Tên đăng nhập hoặc thư điện tử")).to_have_value("centre")
    axe()


def test_the_password_can_be_shown(page):
    page.goto("/tai-khoan/login/")
    field = page.locator("#id_password")
    field.fill("bi-mat")
    page.get_by_role("button", name="Hiện mật khẩu").click()
    expect(field).to_have_attribute("type", "text")


def test_too_many_wrong_passwords_lock_the_door_for_a_while(page, settings, axe):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 2
    page.goto("/tai-khoan/login/")
    for _try in range(2):
        page.locator("#id_login").fill("centre")
        page.locator("#id_password").fill("sai-mat-khau")
        page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tạm khóa đăng nhập")
    axe()


def test_the_language_is_switched_and_kept(page, login):
    login("department")
    page.goto("/")
    page.locator(".topbar-tools > .language").get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    page.goto("/tim/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize(
    ("role", "sees", "never"),
    [
        ("factory", ["Hôm nay", "Cơ sở"], ["Lịch sử thay đổi"]),
        ("centre", ["Hôm nay", "Cơ sở", "Lịch sử thay đổi"], []),
        ("leader", ["Hôm nay", "Cơ sở"], ["Lịch sử thay đổi"]),
    ],
)
def test_the_rail_shows_the_rooms_of_the_role(page, login, role, sees, never):
    login(role)
    page.goto("/")
    rail = page.locator(".rail")
    for name in sees:
        expect(rail.get_by_role("link", name=name, exact=True)).to_be_visible()
    for name in never:
        expect(rail.get_by_role("link", name=name, exact=True)).to_have_count(0)
    expect(rail.locator("[aria-current=page]")).to_have_text("Hôm nay")


def test_a_slash_goes_to_the_search_field_and_arrows_through_the_hits(page, login):
    login("centre")
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("gach tuynel")
    hit = page.locator("#finder-hits a").first
    expect(hit).to_contain_text("Nhà máy gạch tuynel Thử Nghiệm")
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_focused()
    expect(page.locator("#finder-hits a")).to_have_count(0)


def test_the_search_works_without_script(browser, live_server, login, page):
    login("centre")
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto("/tim/?q=gach")
    expect(plain.locator("main .hits a").first).to_contain_text("Nhà máy gạch tuynel Thử Nghiệm")
    plain.locator(".topbar summary").filter(has_text="2026").first.click()
    plain.locator(".pick-narrow").get_by_role("button", name="2024").click()
    expect(plain.locator(".topbar")).to_contain_text("2024")
    context.close()


def test_menus_close_with_escape_and_give_the_focus_back(page, login):
    login("ministry")
    page.goto("/")
    opener = page.locator(".topbar-tools details.pick > summary").first
    opener.press("Enter")
    sheet = page.locator(".topbar-tools details.pick .pick-sheet").first
    expect(sheet).to_be_visible()
    sheet.get_by_role("button").first.focus()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()


def test_on_a_phone_the_rooms_are_in_a_drawer(page, login, axe, screenshot):
    login("centre")
    page.set_viewport_size(PHONE)
    page.goto("/")
    expect(page.locator(".rail")).to_be_hidden()
    page.locator(".drawer > summary").click()
    expect(page.locator(".drawer").get_by_role("link", name="Cơ sở", exact=True)).to_be_visible()
    axe()
    screenshot("drawer-phone", "phone")
    page.keyboard.press("Escape")
    expect(page.locator(".drawer-sheet")).to_be_hidden()


def test_nothing_is_wider_than_a_phone(page, login):
    login("centre")
    page.set_viewport_size(PHONE)
    for address in ("/", "/tim/?q=gach", GALLERY, "/tai-khoan/2fa/", "/tai-khoan/password/change/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address


def test_the_side_panel_opens_closes_and_gives_the_focus_back(page, login, axe):
    login("centre")
    page.goto(GALLERY)
    link = page.locator("main a.figure[data-panel]")
    link.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading", level=2).first).to_contain_text("Nhà máy gạch tuynel Hữu Lũng")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()


def test_arrows_walk_through_the_rows_of_a_table(page, login):
    login("centre")
    page.goto(GALLERY)
    rows = page.locator("table[data-rows] a.row-link")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(rows.nth(13)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?dong=1$"))


def test_the_errors_of_a_form_lead_to_their_fields(page, login):
    login("centre")
    page.goto(f"{GALLERY}?sai=1")
    errors = page.get_by_role("alert")
    expect(errors).to_be_focused()
    errors.get_by_role("link", name="Ngành nghề").click()
    expect(page).to_have_url(re.compile("#id_trade$"))
    expect(page.locator("#id_trade")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("theme", ["Nền sáng", "Nền tối"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_furniture_is_clean_for_axe_in_light_and_dark(
    page, login, axe, screenshot, theme, language, live_server
):
    login("centre")
    page.goto("/")
    page.locator(".topbar-tools > details:last-child > summary").click()
    page.get_by_role("button", name=theme).click()
    page.context.add_cookies([{"name": "sachhon_language", "value": language, "url": live_server.url}])
    page.goto(f"{GALLERY}?sai=1")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark" if theme == "Nền tối" else "light")
    page.locator(".chart-data summary").click()
    axe()
    screenshot(f"furniture-{'dark' if theme == 'Nền tối' else 'light'}-{language}")


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/tim/",
        "/tim/?q=gach",
        "/khong-co/",
        "/tai-khoan/2fa/",
        "/tai-khoan/password/change/",
        "/tai-khoan/sessions/",
    ],
)
def test_the_pages_of_the_frame_are_clean_for_axe(page, login, axe, address):
    login("department")
    page.goto(address)
    axe()
    page.set_viewport_size(PHONE)
    axe()


@pytest.mark.parametrize("address", ["/tai-khoan/login/", "/tai-khoan/password/reset/"])
def test_the_door_is_clean_for_axe(page, axe, address):
    page.goto(address)
    axe()


def test_two_step_login_is_set_up_and_asked_for(page, cast):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    page.goto("/tai-khoan/login/")
    page.locator("#id_login").fill("centre")
    page.locator("#id_password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hôm nay")
    page.goto("/tai-khoan/2fa/totp/activate/")
    page.get_by_label("Mật khẩu").fill(cast.PASSWORD)  # asked again before such a step
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator("img.qr")).to_be_visible()
    secret = page.locator("#authenticator_secret").input_value()
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    page.get_by_label("Mã xác thực").fill(code)
    page.get_by_role("button", name="Bật").click()
    expect(page.locator("#messages")).to_contain_text("Đã bật ứng dụng xác thực")
    page.wait_for_load_state("networkidle")  # no part of this page may still be asking with the old cookies
    page.context.clear_cookies()
    page.goto("/tai-khoan/login/")
    page.locator("#id_login").fill("centre")
    page.locator("#id_password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập hai bước")


def test_paper_shows_the_content_without_the_frame(page, login):
    login("centre")
    page.goto(GALLERY)
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator(".topbar")).to_be_hidden()
    expect(page.locator("table.sheet").first).to_be_visible()
