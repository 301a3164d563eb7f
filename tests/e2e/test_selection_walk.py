"""Step 4 and what comes of step 6, by clicks: a technology chosen, a discharge treated, a lesson told."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.apps.assessment.test_comparing import CRITERIA, assessment, kiln  # noqa: F401
from tests.apps.assessment.test_lessons import brickworks, fan  # noqa: F401
from tests.e2e.conftest import PHONE, SCREENS
from tests.e2e.walking import fill, seen

from sachhon.apps.assessment.models import Comparison, LessonConsent, Option, Treatment
from sachhon.apps.guidance.models import LibraryItem

pytestmark = pytest.mark.django_db(transaction=True)


def kept_picture(page, name):
    """The whole page for whoever looks at it later."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


def test_a_technology_is_compared_and_chosen(seat, cast, assessment):  # noqa: F811
    kiln(cast, assessment, "Lò đứng", 400)
    kiln(cast, assessment, "Lò tuynel", 800)
    page = seat("expert")
    page.goto(reverse("assessment:comparisons", args=[assessment.pk]), timeout=60_000)
    seen(page)
    fill(page, name="Lò nung mới")
    page.get_by_role("button", name="Bắt đầu").click()
    alternatives = {"a1-name": "Lò đứng", "a1-option": "GP-01", "a2-name": "Lò tuynel", "a2-option": "GP-02"}
    fill(page, **alternatives, **{"a3-name": "Lò zigzag"})
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".comparison thead")).to_contain_text("Lò zigzag")
    page.get_by_role("link", name="Thay đổi").click()
    kept = {"Mức đã được kiểm chứng": ("4", "5", "3"), "Dễ vận hành, bảo trì, phụ tùng": ("4", "3", "4")}
    kept |= {"Chất lượng và độ ổn định sản phẩm": ("3", "5", "2")}
    kept |= {
        "Giảm khí thải, nước thải, chất thải": ("3", "4", "1"),
        "An toàn và môi trường lao động": ("3", "4", "2"),
    }
    for group in page.locator("details.compared").all():
        group.evaluate("d => { d.open = true }")
    for name, marks in kept.items():
        criterion = page.locator("details.compared", has_text=name)
        for field, mark in zip(criterion.locator("input[name$=-value]").all(), marks, strict=False):
            field.fill(mark)
    seen(page)
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("main")).to_contain_text("đứng đầu")
    expect(page.locator("main")).to_contain_text("bị loại")  # the zigzag kiln has no economic sheet
    page.locator("tfoot a.figure").first.click()
    expect(page.locator("#panel")).to_contain_text("Σ w·v")
    page.keyboard.press("Escape")
    seen(page)
    kept_picture(page, "comparison-desktop")
    page.set_viewport_size(PHONE)
    seen(page)
    kept_picture(page, "comparison-phone")
    row = Comparison.objects.get()
    loser = row.result["order"][-1]
    page.get_by_label("Phương án", exact=True).select_option(loser)
    page.get_by_role("button", name="Chọn công nghệ này").click()
    expect(page.locator("#messages")).to_contain_text(
        "vì sao"
    )  # it does not come first: a reason is asked for
    page.get_by_label("Phương án", exact=True).select_option(loser)
    page.get_by_label("Lý do").fill("Vốn chỉ đủ cho lò này")
    page.get_by_role("button", name="Chọn công nghệ này").click()
    expect(page.locator(".notice-success").last).to_contain_text("Vốn chỉ đủ cho lò này")
    number = row.alternatives[loser]["option"]
    assert Option.objects.get(number=number).state == "chosen"


def test_a_discharge_is_held_against_its_limits_before_and_after(seat, assessment):  # noqa: F811
    page = seat("expert")
    page.goto(reverse("assessment:treatments", args=[assessment.pk]), timeout=60_000)
    seen(page)
    fill(page, name="Nước thải nhuộm", medium="wastewater")
    page.get_by_role("button", name="Bắt đầu").click()
    fill(page, **{"basis-flow": "40", "basis-size": "30", "cut_flow": "20", "cut_source": "Rửa ngược dòng"})
    for n, (parameter, mean, cut) in enumerate((("cod", "1.200", "40"), ("mau", "280", "10")), 1):
        group = page.locator("details.compared").nth(n - 1)
        group.evaluate("d => { d.open = true }")
        fill(page, **{f"new{n}-parameter": parameter, f"new{n}-mean": mean, f"new{n}-cut": cut})
    seen(page)
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("#when-now")).to_contain_text("40")
    expect(page.locator("#when-after")).to_contain_text("32")
    expect(page.locator("#spared")).to_be_visible()
    expect(page.locator("main")).to_contain_text("quy chuẩn mới")
    page.locator("a.figure").first.click()
    expect(page.locator("#panel")).to_contain_text("150 × 0,9 × 1,2 = 162")
    page.keyboard.press("Escape")
    seen(page)
    kept_picture(page, "treatment-desktop")
    page.set_viewport_size(PHONE)
    seen(page)
    kept_picture(page, "treatment-phone")
    page.goto(page.url.split("#")[0] + "sua/")
    seen(page)
    row = Treatment.objects.get()
    page.goto(reverse("assessment:treatment", args=[assessment.pk, row.number]))
    page.get_by_label("Lý do").fill("Rẻ nhất, màu xử lý sau")
    page.get_by_role("button", name="Chọn cách xử lý này").click()
    expect(page.locator(".notice-success").last).to_contain_text("Rẻ nhất, màu xử lý sau")
    assert Option.objects.count() == 0  # treatment is no cleaner production


def test_a_lesson_is_consented_to_told_and_taken_back(seat, cast, fan, brickworks):  # noqa: F811
    factory, expert, centre = (seat(role) for role in ("factory", "expert", "centre"))
    url = reverse("assessment:lesson", args=[fan.assessment_id, fan.number])
    factory.goto(reverse("assessment:lessons", args=[fan.assessment_id]), timeout=60_000)
    seen(factory)
    factory.locator("a.row-link").click()
    expect(factory.locator("#told ~ dl")).to_contain_text("100–200")
    fill(factory, person="Trần Thị Lan", position="Giám đốc")
    seen(factory)
    kept_picture(factory, "lesson-desktop")
    factory.get_by_role("button", name="Ghi nhận đồng ý").click()
    expect(factory.locator(".notice-success").last).to_contain_text("Trần Thị Lan")
    expert.goto(url)
    fill(expert, well_vi="Lắp nhanh, không dừng lò.", badly_vi="Nhà máy Thử Nghiệm phải thêm quạt.")
    expert.get_by_role("button", name="Soạn trường hợp").click()
    expect(expert.locator(".error-list")).to_contain_text("cho biết cơ sở nào")
    seen(expert)
    fill(expert, badly_vi="Bụi làm nóng tủ điện, phải thêm quạt.")
    expert.get_by_role("button", name="Soạn trường hợp").click()
    expect(expert.locator("h1")).to_contain_text("TH-0001")
    seen(expert)
    centre.goto(reverse("guidance:item", args=["case", "TH-0001"]))
    for step in ("Thẩm định: đúng", "Ban hành"):
        centre.get_by_role("button", name=step).first.click()
    expect(centre.locator(".library-strip")).to_contain_text("Đã ban hành")
    leader = seat("leader")
    leader.goto(reverse("guidance:item", args=["option", "FAN-01"]))
    expect(leader.locator("#cases ~ p")).to_contain_text("Một cơ sở đã làm")
    seen(leader)
    kept_picture(leader, "cases-desktop")
    leader.set_viewport_size(PHONE)
    seen(leader)
    kept_picture(leader, "cases-phone")
    factory.get_by_text("Rút đồng ý", exact=True).click()
    factory.get_by_role("button", name="Rút", exact=True).or_(
        factory.locator("details[open] button")
    ).first.click()
    expect(factory.locator("#messages")).to_contain_text("rời thư viện")
    assert LibraryItem.objects.get(code="TH-0001").state == "withdrawn"
    assert LessonConsent.objects.get().withdrawn_at is not None
