"""The inbox in a browser: send, map once, correct a cell, undo; by mouse, by keyboard, on a phone."""

import dataclasses
import io
import re
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from playwright.sync_api import expect
from tests.apps.intake.conftest import FILES
from tests.apps.reporting.test_transfer import data
from tests.e2e.conftest import PHONE

from sachhon.apps.intake.models import ImportFile, ImportJob
from sachhon.apps.registry.models import Record
from sachhon.apps.reporting.models import AnnualReport
from sachhon.workbooks.annual.template import write_template

BILLS = "hoa_don_dien_2025.xlsx"


@pytest.fixture(autouse=True)
def people(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return cast


@pytest.fixture
def send(page):
    """Chooses files on the drop zone; they are sent at once, and the worker of the tests reads them at once."""

    def choose(*files):
        page.goto("/hop-nhap/")
        page.set_input_files("#files", list(files))
        page.wait_for_url(re.compile(r"\?job="))

    return choose


def workbook(*lines, name="so-dien.xlsx") -> dict:
    """A table of electricity by month, as a file for the drop zone."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Điện")
    rows = [["ĐIỆN NĂM 2025"], ["Tháng", "Điện tiêu thụ (kWh)", "Thành tiền (đồng)"], *lines]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return {"name": name, "mimeType": "application/octet-stream", "buffer": out.getvalue()}


def fits(page) -> bool:
    """Whether nothing makes the page itself scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_files_dropped_are_listed_with_their_state(page, login, send, axe, screenshot):
    login("factory")
    page.goto("/hop-nhap/")
    expect(page.get_by_text("Chưa có tệp nào được gửi")).to_be_visible()
    axe()
    screenshot("inbox-empty")
    # The choice itself sends: there is no button that could send nothing.
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_have_count(0)
    expect(page.get_by_text("Chọn xong là gửi ngay.")).to_be_visible()
    broken = {"name": "hỏng.xlsx", "mimeType": "", "buffer": b"PK\x03\x04 broken"}
    bills = {"name": BILLS, "mimeType": "", "buffer": (FILES / BILLS).read_bytes()}
    send(bills, broken)
    rows = page.locator("#file-list tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text=BILLS)).to_contain_text("Cần ghép cột")
    expect(rows.filter(has_text="hỏng.xlsx")).to_contain_text("Không nhận")
    axe()
    screenshot("inbox")
    screenshot("inbox-phone", "phone")
    assert fits(page)


def test_bills_are_mapped_once_and_become_figures(page, login, send, axe, screenshot):
    login("factory")
    send(FILES / BILLS)
    page.get_by_role("link", name=BILLS).click()
    axe()
    page.get_by_role("link", name="Ghép cột", exact=True).click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("22.818")
    axe()
    screenshot("mapping")
    screenshot("mapping-phone", "phone")
    assert fits(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    role = page.get_by_label(re.compile("Ý nghĩa của cột E"))
    role.select_option("undecided")
    expect(preview).to_contain_text("Còn phải chọn")
    role.select_option("skip")
    expect(preview).not_to_contain_text("22.818")
    role.select_option("quantity")
    expect(preview).to_contain_text("22.818")
    page.get_by_label("Lưu với tên").fill("Hoá đơn điện lực")
    page.get_by_role("button", name="Xác nhận và đọc").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận")
    assert Record.objects.filter(resource__code="electricity", year=2025).count() == 12
    axe()
    screenshot("file-taken")
    page.goto("/hop-nhap/ho-so-ghep-cot/")
    expect(page.get_by_label("Tên")).to_have_value("Hoá đơn điện lực")
    axe()
    screenshot("profiles")


def test_a_wrong_cell_is_found_corrected_and_read_again_by_keyboard(page, login, send, axe, screenshot):
    login("factory")
    send(workbook(["T1", 100, 250000], ["T2", "12o", 300000], ["T3", 90, 1], ["T4", 95, 1]))
    page.get_by_role("link", name="so-dien.xlsx").click()
    page.get_by_role("link", name="Ghép cột", exact=True).click()
    page.get_by_role("button", name="Xác nhận và đọc").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Không nhận")
    wrong = page.locator("td.is-error a")
    expect(wrong).to_contain_text("12o")
    axe()
    screenshot("file-refused")
    wrong.focus()
    page.keyboard.press("Enter")
    value = page.get_by_label("Ô B4")
    expect(value).to_have_value("12o")
    screenshot("file-fix")
    screenshot("file-fix-phone", "phone")
    assert fits(page)
    axe()
    value.fill("120")
    page.get_by_role("button", name="Sửa và đọc lại").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận")
    assert sorted(r.quantity for r in Record.objects.all()) == [90, 95, 100, 120]


def test_progress_is_live_and_ends_with_the_result(page, login, cast, axe, screenshot):
    user = login("centre")
    job = ImportJob.objects.create(created_by=user, province_code="20", total=40, done=12, state="running")
    ImportJob.objects.filter(pk=job.pk).update(beat_at=job.created_at)
    ImportFile.objects.bulk_create(
        ImportFile(
            job=job, name=f"bao-cao-{n}.xlsx", asked_by=user, size=1, state="taken" if n < 12 else "waiting"
        )
        for n in range(40)
    )
    page.goto("/hop-nhap/")
    bar = page.locator("progress")
    expect(bar).to_have_attribute("value", "12")
    axe()
    screenshot("inbox-running")
    ImportJob.objects.filter(pk=job.pk).update(done=30)
    expect(bar).to_have_attribute("value", "30")
    job.files.filter(state="waiting").update(state="refused")
    ImportJob.objects.filter(pk=job.pk).update(done=40, state="done")
    expect(page.get_by_role("status")).to_contain_text("Đã đọc 40 tệp")
    expect(page.locator("#file-list tbody tr").last).to_contain_text("Không nhận")


def test_an_import_is_undone_after_a_question(page, login, send, axe):
    login("factory")
    send(workbook(["T1", 100, 1]))
    page.get_by_role("link", name="so-dien.xlsx").click()
    page.get_by_role("link", name="Ghép cột", exact=True).click()
    page.get_by_role("button", name="Xác nhận và đọc").click()
    page.goto("/hop-nhap/")
    page.get_by_label("Đánh dấu so-dien.xlsx").check()
    page.get_by_role("button", name="Hoàn tác").click()
    axe()
    assert Record.objects.count() == 1
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#file-list tbody tr")).to_contain_text("Đã hoàn tác")
    assert not Record.objects.exists()


def test_an_annual_report_is_opened_corrected_marked_and_undone(page, login, send, axe, screenshot):
    login("factory")
    lines = [dataclasses.replace(data().lines[1], months=(Decimal(-5), *data().lines[1].months[1:]))]
    report = data(
        facility_code="LS-0001",
        facility_name="Nhà máy gạch tuynel Thử Nghiệm",
        lines=(data().lines[0], *lines, *data().lines[2:]),
    )
    name = "Báo cáo năm 2026.xlsx"
    send({"name": name, "mimeType": "", "buffer": write_template(report)})
    page.get_by_role("link", name=name).click()
    wrong = page.locator("td.is-warning a, td.is-error a").first
    expect(wrong).to_contain_text("-5")
    axe()
    screenshot("file-annual")
    screenshot("file-annual-phone", "phone")
    assert fits(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_text("Tải về", exact=True).click()
    with page.expect_download() as marked:
        page.get_by_role("link", name="Bản sao có đánh dấu chỗ sai").click()
    book = openpyxl.load_workbook(io.BytesIO(marked.value.path().read_bytes()))
    assert any(cell.comment for sheet in book for row in sheet.iter_rows() for cell in row)
    wrong.click()
    page.get_by_label(re.compile("^Ô ")).fill("500")
    page.get_by_role("button", name="Sửa và đọc lại").click()
    expect(page.get_by_role("heading", name="Ô đã sửa")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận")
    assert AnnualReport.objects.get().lines.get(resource__code="electricity").months[0] == "500"
    page.locator("#main").get_by_role("link", name="Báo cáo năm", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026")
    page.go_back()
    page.get_by_text("Hoàn tác nhập", exact=True).click()
    screenshot("file-annual-undo")
    page.get_by_role("button", name="Hoàn tác", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã hoàn tác")
    assert not AnnualReport.objects.exists()


def test_without_script_everything_can_still_be_done(browser, live_server, login, page):
    login("factory")
    plain = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        viewport=PHONE,
        storage_state=page.context.storage_state(),
    )
    page = plain.new_page()
    page.goto("/hop-nhap/")
    page.set_input_files("#files", [workbook(["T1", 100, 1])])
    expect(page.get_by_text("Chọn xong là gửi ngay.")).to_be_hidden()
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.get_by_role("link", name="so-dien.xlsx").click()
    page.get_by_role("link", name="Ghép cột", exact=True).click()
    page.get_by_label(re.compile("Ý nghĩa của cột C")).select_option("skip")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("#preview")).to_contain_text("100")
    page.get_by_role("button", name="Xác nhận và đọc").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận")
    record = Record.objects.get()
    assert (record.quantity, record.cost_vnd) == (100, None)
    plain.close()
