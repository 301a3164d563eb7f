"""Makes every picture of the guide again, in Vietnamese and in English, from a running demo.

    SACHHON_HOME=var/demo SACHHON_DEMO=1 SACHHON_HTTPS=0 sachhon serve     (and `sachhon worker`)
    python scripts/screenshots.py http://127.0.0.1:8000 [names of pictures …]

It logs in as the demo's accounts and looks; what it leaves behind are drafts (the factory's annual report, the
province's report), the facility chosen for the demo's electricity bills, and the logins themselves. It issues,
accepts and corrects nothing, so that it can be run again. The browser is Debian's Chromium; another
one is named by SACHHON_CHROMIUM.
"""

import io
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs/images"
CHROMIUM = os.environ.get("SACHHON_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
LIMIT = 200 * 1024
ENDED, RUNNING = 2025, 2026


@dataclass(frozen=True)
class Picture:
    """One picture: who looks, where, and what is done on the page before it is taken."""

    name: str
    role: str
    address: str
    prepare: Callable[[Page], None] = lambda page: None
    height: int = DESKTOP["height"]


def write_form(page: Page, section: str) -> None:
    """Opens a section of the factory's own report of the running year, and begins the report if need be."""
    link = page.locator("tbody a.row-link").first
    begin = page.locator("button[formaction*='/bat-dau/']").first
    if begin.count():
        begin.click()
    else:
        link.click()
    address = re.match(r".*/bao-cao/nam/[^/]+/\d+/(\d+/)?", page.url)
    base = address[0] if address and address[1] else f"{address[0]}1/" if address else page.url
    page.goto(f"{base}{section}/")


def correct_cell(page: Page) -> None:
    """A refused file with its first wrong cell opened for correction; files that cannot be opened are passed over."""
    page.goto("/hop-nhap/?state=refused")
    links = page.locator("#file-list tbody a").evaluate_all("list => list.map(a => a.href)")
    for link in dict.fromkeys(links):
        page.goto(link)
        wrong = page.locator("td.is-error a")
        if wrong.count():
            wrong.first.click()
            page.locator("td.is-error").first.scroll_into_view_if_needed()
            page.evaluate("scrollTo(0, 0)")
            return


def map_columns(page: Page) -> None:
    """The demo's electricity bills before their columns are mapped; their facility is the code in the name."""
    page.goto("/hop-nhap/?q=hoa-don-dien")
    bills = page.locator("#file-list tbody a").first
    code = bills.inner_text()[:7]
    bills.click()
    if page.locator("#facility").count():
        page.fill("#facility", code)
        page.locator(".next-step button").click()
    mapping = page.locator("a[href$='/ghep-cot/']").first
    for _second in range(15):
        if mapping.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    mapping.click()


def review(page: Page) -> None:
    """A report that waits; one with doubts where there is any."""
    page.locator("a[href*='/xem-xet/']").first.click()
    for _one in range(12):
        if page.locator("#findings form").count():
            return
        following = page.locator("a[data-key='n']")
        if not following.count():
            return
        following.click()


def tick(page: Page) -> None:
    for box in page.locator("tbody input[name='code']").all()[:3]:
        box.check()


def ask(page: Page) -> None:
    """Opens “Where does this figure come from?” at the second target."""
    page.locator(".province-targets .figure").nth(1).click()
    page.locator("#panel-content").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


def draft(step: str) -> Callable[[Page], None]:
    """The draft of the province's report to the People's Committee, at one of its three steps."""

    def go(page: Page) -> None:
        page.locator("form[action*='/bat-dau/'] button").first.click()
        page.goto(page.url.split("?")[0] + step)
        page.wait_for_load_state("networkidle")

    return go


def own_facility(page: Page) -> None:
    page.locator("tbody a").first.click()


YEAR, NOW = f"?year={ENDED}", f"?year={RUNNING}"


def open_draft(page: Page) -> None:
    """The draft of an option of the library, begun if need be."""
    begin = page.locator("form[action$='/sua/'] button")
    if begin.count():
        begin.click()
        page.wait_for_load_state("networkidle")
    page.goto("/thu-vien/option/CAI-01/?so=2")


def assessment(code: str, rest: str = "") -> Callable[[Page], None]:
    """The detailed assessment of a facility by its code, or one of its pages."""

    def go(page: Page) -> None:
        page.goto(f"/danh-gia/?kind=detailed&q={code}")
        page.locator("tbody a.row-link").first.click()
        page.wait_for_load_state("networkidle")
        if rest:
            page.goto(page.url + rest)

    return go


def made_up(rest: str) -> Callable[[Page], None]:
    """A page of the demo's own detailed assessment, the one that is of no published case."""

    def go(page: Page) -> None:
        page.goto("/danh-gia/?kind=detailed&q=ls-")
        page.locator("tbody a.row-link").first.click()
        page.wait_for_load_state("networkidle")
        page.goto(page.url + rest)

    return go


FLOW_CASE, PLAN_CASE = "CB-0005", "CB-0004"  # published cases: one with a flow-sheet, one carried out
DETAILED = [
    Picture("danh-gia-chi-tiet", "expert", "/", assessment(FLOW_CASE), 1000),
    Picture("so-do-dong", "expert", "/", assessment(FLOW_CASE, "dong/"), 900),
    Picture("can-bang-vat-lieu", "expert", "/", assessment(FLOW_CASE, "dong/can-bang/")),
    Picture("chi-phi-ton-that", "expert", "/", assessment(FLOW_CASE, "dong/chi-phi/"), 900),
    Picture("giai-phap", "expert", "/", assessment(PLAN_CASE, "giai-phap/")),
    Picture("lua-chon-theo-von", "expert", "/", assessment(PLAN_CASE, "lua-chon/?budget=2000"), 900),
    Picture("so-sanh-cong-nghe", "expert", "/", made_up("cong-nghe/1/"), 1250),
    Picture("xu-ly-dong-thai", "expert", "/", made_up("xu-ly/1/"), 1500),
    Picture("bai-hoc", "expert", "/", made_up("bai-hoc/1/"), 900),
    Picture("truong-hop-trong-tinh", "leader", "/thu-vien/option/FAN-01/", height=1100),
    Picture("ke-hoach-hanh-dong", "expert", "/", assessment(PLAN_CASE, "ke-hoach/")),
]
PICTURES = [
    *DETAILED,
    Picture("dang-nhap", "", "/tai-khoan/login/"),
    Picture("hom-nay", "department", f"/{NOW}"),
    Picture("co-so-hom-nay", "factory", f"/{NOW}"),
    Picture("co-so", "factory", "/co-so/", own_facility, 1000),
    Picture("bao-cao-dien", "factory", f"/bao-cao/{NOW}", lambda p: write_form(p, "dien/nguyen-nhien-lieu")),
    Picture("bao-cao-kiem-tra", "factory", f"/bao-cao/{NOW}", lambda p: write_form(p, "kiem-tra")),
    Picture("hop-nhap", "centre", "/hop-nhap/"),
    Picture("sua-o", "centre", "/hop-nhap/", correct_cell),
    Picture("ghep-cot", "centre", "/hop-nhap/", map_columns, 1000),
    Picture("thu-vien", "centre", "/thu-vien/"),
    Picture("thu-vien-nganh", "centre", "/thu-vien/nganh/cement/", height=1000),
    Picture("thu-vien-giai-phap", "expert", "/thu-vien/option/CAI-01/", open_draft, 1000),
    Picture("xem-xet", "department", f"/bao-cao/{NOW}", review),
    Picture("nhac", "department", f"/bao-cao/{NOW}&state=not_reported", tick),
    Picture("toan-tinh", "department", f"/bao-cao/toan-tinh/{YEAR}"),
    Picture("so-nay-tu-dau", "department", f"/bao-cao/toan-tinh/{YEAR}", ask),
    Picture("truoc-phat-hanh", "department", f"/bao-cao/toan-tinh/bao-cao/{NOW}", draft("")),
    Picture("xem-trang", "department", f"/bao-cao/toan-tinh/bao-cao/{NOW}", draft("xem/"), 1000),
    Picture("so-va-ngay", "department", f"/bao-cao/toan-tinh/bao-cao/{NOW}", draft("ky/")),
    Picture("ban-do", "leader", "/co-so/ban-do/"),
    Picture("tai-khoan", "admin", "/con-nguoi/"),
    Picture("lich-su", "admin", "/con-nguoi/lich-su/"),
]


def main(base: str, wanted: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language, suffix in (("vi", ""), ("en", "-en")):
            pages: dict[str, Page] = {}
            for picture in PICTURES:
                if wanted and picture.name not in wanted:
                    continue
                page = pages.get(picture.role) or pages.setdefault(
                    picture.role, enter(browser, base, picture.role, language)
                )
                target = FOLDER / f"{picture.name}{suffix}.png"
                try:
                    target.write_bytes(take(page, picture))
                    sys.stdout.write(f"{target.name}: {target.stat().st_size // 1024} KB\n")
                except Exception as error:
                    # One page that has changed must not cost the other pictures; the end of the run tells.
                    missing.append(f"{target.name}: {page.url}: {error}")
        browser.close()
    sys.stderr.write("".join(f"not made: {one}\n" for one in missing))
    return 1 if missing else 0


def enter(browser: Browser, base: str, role: str, language: str) -> Page:
    """A window of its own in this language, logged in as this role; nobody for an empty role."""
    context = browser.new_context(
        base_url=base, viewport=DESKTOP, locale={"vi": "vi-VN", "en": "en-GB"}[language]
    )
    context.add_cookies([{"name": "sachhon_language", "value": language, "url": base}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    if role:
        page.goto("/tai-khoan/login/")
        page.locator(f".demo-accounts form:has(input[value='{role}']) button").click()
        page.wait_for_load_state("networkidle")
    return page


def take(page: Page, picture: Picture) -> bytes:
    """The page as a small PNG: as many colours of its own as the limit of the guide's pictures leaves."""
    page.set_viewport_size({**DESKTOP, "height": picture.height})
    page.goto(picture.address)
    picture.prepare(page)
    page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        shot.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= LIMIT:
            break
    return out.getvalue()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1].rstrip("/"), sys.argv[2:]))
