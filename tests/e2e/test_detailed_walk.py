"""A detailed assessment from the factory's request to the verified saving in its annual report, by clicks alone.

Several people sit at browsers of their own. The network is cut and restored while the flow-sheet is drawn and while
the plan is written; two people work on the same row. Every page met on the way is held against WCAG 2.2 AA.
"""

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import expect
from tests.e2e.walk_analysis import costed_and_explained, drawn, measured, two_at_one_row
from tests.e2e.walk_options import chosen, options_taken_up, planned_and_done, screened_and_valued
from tests.e2e.walking import download, fill, in_panel, seen, tab

from sachhon.apps.assessment.models import Assessment, Option
from sachhon.apps.registry.models import Product, Record, Resource
from sachhon.apps.reporting.models import AnnualReport
from sachhon.apps.reporting.services import drafting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def works(cast):
    """The brickworks with bills of two years: from 2026 on a tenth less electricity for a thousand bricks."""
    bricks = Product.objects.create(facility=cast.brick, name="Gạch đặc", unit="k_vien")
    coal = Resource.objects.get(code="coal_cam_5_6")
    for i in range(22):
        at = {"facility": cast.brick, "year": 2025 + i // 12, "month": i % 12 + 1}
        made = 800 + 37 * (i * 7 % 11)
        used = round((10_000 + 40 * made) * (1 + 0.01 * ((i * 5 % 7) - 3) / 3) * (0.9 if i >= 12 else 1))
        Record.objects.create(**at, flow="output", product=bricks, quantity=made)
        for resource, quantity, price in ((cast.electricity, used, 2_000), (coal, made // 20, 3_000_000)):
            Record.objects.create(
                **at, flow="consumption", resource=resource, quantity=quantity, cost_vnd=quantity * price
            )
    return cast.brick


def test_a_case_goes_from_the_request_to_the_verified_saving(seat, works, cast):
    factory, centre, expert = (seat(role) for role in ("factory", "centre", "expert"))
    asked_for(factory)
    accepted(centre, works)
    begun(expert, works)
    drawn(expert)
    measured(expert)
    two_at_one_row(expert, seat("centre"))
    costed_and_explained(expert)
    options_taken_up(expert)
    screened_and_valued(expert)
    chosen(expert)
    planned_and_done(expert)
    verified(expert)
    signed(expert)
    reported(expert)
    assert Assessment.objects.get().state == "signed"
    taken_over(factory, cast)


def asked_for(page):
    """The factory asks for help."""
    page.goto("/", timeout=60_000)
    page.get_by_role("link", name="Đánh giá SXSH").click()
    page.get_by_role("link", name="Đề nghị đánh giá").click()
    page.get_by_label("Loại").select_option("detailed")
    page.get_by_label("Số liệu từ ngày").fill("2025-01-01")
    page.get_by_label("Số liệu đến ngày").fill("2025-12-31")
    page.get_by_label("Lý do, yêu cầu").fill("Tiền điện và than tăng, nhiều gạch phế.")
    seen(page)
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.locator("#messages")).to_contain_text("Đã gửi đề nghị đến Trung tâm")
    seen(page)


def accepted(page, works):
    """The Centre finds the request among today's work, names the team and its lead."""
    page.goto("/")
    page.get_by_role("link", name="Đề nghị đánh giá của cơ sở").click()
    page.get_by_role("link", name=works.name).click()
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.locator("#messages")).to_contain_text("trưởng nhóm")  # told what is missing
    for role, duty in (("expert", "Cân bằng, giải pháp"), ("centre", "Số đo")):
        page.get_by_text("Thêm người", exact=True).click()
        person = page.get_by_label("Người tham gia")
        person.select_option(label=person.locator("option", has_text=role).first.inner_text())
        page.get_by_label("Nhiệm vụ trong tổ").fill(duty)
        page.get_by_role("button", name="Thêm", exact=True).click()
    page.get_by_role("button", name="Cử làm trưởng nhóm").first.click()
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.locator(".identity")).to_contain_text("Đang làm")
    seen(page)


def begun(page, works):
    """Step 1: scope, plan, the letter to be signed."""
    page.goto("/")
    page.get_by_role("link", name="Đánh giá bạn đang làm").click()
    page.get_by_role("link", name=works.name).click()
    seen(page)
    tab(page, "Khởi động")
    page.get_by_role("link", name="Ghi phạm vi và mục tiêu").click()
    in_panel(page, scope="Lò tuynel và sấy", goal="Giảm 10% điện", signer_title="Giám đốc", signer="Bà Hoa")
    expect(page.locator("main")).to_contain_text("Giám đốc Bà Hoa")
    page.get_by_role("button", name="Lập dự thảo kế hoạch").click()
    expect(page.locator("#plan-head ~ div tbody tr")).to_have_count(18)
    seen(page)
    letter = Document(download(page, page.get_by_role("link", name="Thư cam kết")))
    assert "Bà Hoa" in "\n".join(p.text for p in letter.paragraphs) + str(
        [c.text for t in letter.tables for r in t.rows for c in r.cells]
    )


def verified(page):
    """Step 6: measured against the baseline of the year before, judged by the lead."""
    page.get_by_role("link", name="Xác minh tiết kiệm").first.click()
    page.get_by_role("link", name="Lập kế hoạch đo").first.click()
    fill(page, resource="Điện lưới", meter="Công tơ tổng", who="Chị Thu", how_often="Hằng tháng")
    fill(page, report_from="2026-01-01", report_to="2026-10-31")
    expect(page.get_by_label("Biến tần quạt lò")).to_be_checked()
    seen(page)
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("button", name="Tính từ số liệu").click()
    expect(page.locator("main")).to_contain_text("01/2026 – 10/2026")
    expect(page.locator("main svg").first).to_be_visible()
    page.get_by_label("Ý kiến chuyên gia").fill("Đã đối chiếu công tơ tại chỗ.")
    seen(page)
    page.get_by_role("button", name="Xác minh theo số đo").click()
    expect(page.locator(".identity").first).to_contain_text("Đã kiểm chứng")
    page.locator("a.figure").first.click()
    expect(page.locator("#panel .lineage-formula")).to_be_visible()
    page.keyboard.press("Escape")
    assert Option.objects.get(name="Biến tần quạt lò").state == "verified"


def signed(page):
    """The lead signs each step, sends the whole for review and signs it off."""
    page.locator(".crumbs").get_by_role("link").nth(1).click()
    for n in range(1, 7):
        page.locator(f".way > li:nth-child({n})").get_by_text("Ký", exact=True).first.click()
        page.locator("details[open]").get_by_role("button", name="Ký").click()
        expect(page.locator(f".way > li:nth-child({n})")).to_contain_text("Đã ký")
    expect(page.locator("main")).to_contain_text("gửi rà soát")
    seen(page)


def reported(page):
    """The report in its three forms, opened; then the last signature."""
    report = Document(download(page, page.get_by_role("link", name=".docx")))
    told = "\n".join(p.text for p in report.paragraphs)
    assert "Biến tần quạt lò" in told + "".join(
        c.text for t in report.tables for r in t.rows for c in r.cells
    )
    assert len(report.inline_shapes) >= 3  # flow-sheet, Sankey, charts
    figures = load_workbook(download(page, page.get_by_role("link", name=".xlsx")))
    cells = {c for sheet in figures for row in sheet.iter_rows(values_only=True) for c in row}
    assert {"Gạch phế", "Đất sét"} <= cells
    assert download(page, page.get_by_role("link", name=".pdf")).read(5) == b"%PDF-"
    for step in ("Gửi rà soát", "Ký xác nhận"):
        page.locator(".actions summary", has_text=step).click()
        page.locator(".actions details[open]").get_by_role("button", name=step).click()
    expect(page.locator(".identity")).to_contain_text("Đã ký xác nhận")
    seen(page)


def taken_over(page, cast):
    """The factory finds the verified saving offered to its annual report and takes it over."""
    drafting.start_report(cast.user("factory"), cast.brick, 2026, today=cast.today)
    page.goto("/bao-cao/nam/LS-0001/2026/1/dien/giai-phap/")
    seen(page)
    page.get_by_role("button", name="Đưa vào báo cáo").click()
    expect(page.locator("fieldset.line legend")).to_have_text("Biến tần quạt lò")
    seen(page)
    solution = AnnualReport.objects.get().solutions.get()
    assert solution.saving_vnd_per_year > 0
    assert solution.investment_vnd == 148_500_000
