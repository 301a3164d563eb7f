"""Tables are whole at 1440 pixels, and an annual report is whole on paper."""

import pytest
from tests.apps.reporting.conftest import NOW, Works
from tests.apps.reporting.test_province import YEAR, Small

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
