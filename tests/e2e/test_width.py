"""Tables are whole at 1440 pixels, and an annual report is whole on paper."""

from decimal import Decimal
from itertools import pairwise

import pytest
from tests.apps.reporting.conftest import NOW, Works
from tests.apps.reporting.test_province import YEAR, Small

from sachhon.apps.registry.models import Product
from sachhon.apps.registry.services.records import RecordRow, write_records

from .conftest import DESKTOP

pytestmark = pytest.mark.django_db(transaction=True)
CUT = """[...document.querySelectorAll('.sheet-wrap')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && !e.closest('details:not([open])'))
    .map(e => e.getAttribute('aria-label') || e.className)"""
A4_LANDSCAPE = 1047  # CSS pixels of 297 mm less two margins of 10 mm


@pytest.fixture
def small(cast, settings, tmp_path):
    """The small province counted by hand."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    small = Small(cast)
    small.refresh()
    return small


def test_no_table_is_cut_at_desktop_width(page, login, small):
    login("department")
    page.set_viewport_size(DESKTOP)
    for path in (
        "/co-so/ban-do/",
        f"/bao-cao/toan-tinh/?year={YEAR}",
        f"/bao-cao/toan-tinh/nganh/?year={YEAR}",
        f"/bao-cao/toan-tinh/dia-ban/?year={YEAR}",
        f"/bao-cao/toan-tinh/quy-mo/?year={YEAR}",
    ):
        answer = page.goto(path)
        assert answer.status == 200, path
        assert page.evaluate(CUT) == [], path


PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("section", ["tieu-thu", "tiet-kiem"])
def test_panels_of_a_chart_stand_one_below_another_on_a_phone(page, login, small, section):
    login("department")
    page.set_viewport_size(PHONE)
    page.goto(f"/bao-cao/toan-tinh/{section}/?year={YEAR}")
    drawn = page.locator(".chart-narrow svg")
    assert drawn.count() >= 1
    boxes = [drawn.nth(i).bounding_box() for i in range(drawn.count())]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] for box in boxes)
    assert all(one["y"] + one["height"] <= other["y"] for one, other in pairwise(boxes))
    assert not page.locator(".chart-wide").first.is_visible()
    assert not page.locator(".chart-swipe").first.is_visible()
    page.set_viewport_size(DESKTOP)
    assert page.locator(".chart-wide").first.is_visible()
    assert not drawn.first.is_visible()


def test_the_acts_for_ticked_reports_cover_a_line_of_the_cards_on_a_phone(page, login, small):
    login("department")
    page.set_viewport_size(PHONE)
    page.goto(f"/bao-cao/?year={YEAR}")
    page.locator("tbody input[type=checkbox]").first.check()
    bar = page.locator(".act-bar").bounding_box()
    assert bar["height"] <= 64
    assert bar["y"] + bar["height"] <= PHONE["height"] + 1
    act = page.locator(".act-bar button").first.bounding_box()
    assert act["x"] >= 0
    assert act["x"] + act["width"] <= PHONE["width"]


def test_the_numbers_behind_a_chart_are_cards_that_are_whole_on_a_phone(page, login, small):
    first = small.facilities[0]
    second = Product.objects.create(facility=first, name="Gạch hai lỗ loại lớn", unit="k_vien")
    write_records(small.department, first, [RecordRow(2026, 5, "output", Decimal(3), product=second)])
    login("department")
    page.set_viewport_size(PHONE)
    page.goto(f"/co-so/{first.code}/")
    page.locator("details.chart-data > summary").first.click()
    assert page.locator("details.chart-data td[data-label*='mọi sản phẩm']").first.is_visible()
    assert page.evaluate(CUT) == []


@pytest.fixture
def works(cast):
    """A brick factory whose report of 2025 waits, with a line of each kind and its saving."""
    works = Works(cast)
    works.year(2024, cost=12_000_000)
    works.sent(year=2025, now=NOW)
    return works


@pytest.mark.parametrize("part", ["", "xem-xet/"])
def test_a_report_is_read_without_scrolling_sideways(page, login, works, part):
    login("department")
    page.set_viewport_size(DESKTOP)
    page.goto(f"/bao-cao/nam/LS-0001/2025/1/{part}")
    assert page.locator(".months-sheet").count() >= 2
    assert page.evaluate(CUT) == []


def test_a_report_is_read_on_a_phone_without_scrolling_sideways(page, login, works):
    login("department")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/bao-cao/nam/LS-0001/2025/1/")
    assert page.evaluate(CUT) == []
    months = page.locator(".months-sheet").first.locator("tbody tr").first.locator("td.num:not(.whole)")
    assert months.count() == 12
    # Three abreast: the first three on one height, the fourth below.
    tops = [months.nth(i).bounding_box()["y"] for i in range(4)]
    assert tops[0] == tops[1] == tops[2] < tops[3]


def test_a_printed_report_loses_no_column(page, login, works):
    login("department")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_LANDSCAPE, "height": 700})
    page.goto("/bao-cao/nam/LS-0001/2025/1/")
    assert page.locator(".months-sheet").count() > 0
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    rules = page.evaluate(
        "[...document.styleSheets].flatMap(s => [...s.cssRules]).map(r => r.cssText).join(' ')"
    )
    assert "landscape" in rules
