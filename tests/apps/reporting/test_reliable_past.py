"""A slip of an earlier year that nobody corrected yet neither hides nor makes doubts of a later year."""

from decimal import Decimal

import pytest

from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.models import Finding
from sachhon.apps.reporting.services import plausibility, record_doubts, workflow

from .conftest import NOW


def bills(works, year, may, usual="5400"):
    """Twelve electricity bills whose May is another."""
    rows = [
        RecordRow(
            year,
            m,
            "consumption",
            Decimal(may if m == 5 else usual),
            resource=works.electricity,
            source="invoice",
        )
        for m in range(1, 13)
    ]
    write_records(works.centre, works.brick, rows)


def offered(works, year):
    """Rule, month and factor of what could be pressed about the records of a year."""
    found = Finding.objects.filter(facility=works.brick, year=year, state="open", params__has_key="factor")
    return [(f.rule, f.params.get("month"), f.params["factor"]) for f in found]


MAY = [("month_unit_slip", 5, 0.001)]


@pytest.mark.parametrize("last", [2026, 2028])  # the year after, and the last that looks back on 2025
def test_the_same_months_slip_of_an_earlier_year_does_not_hide_it(works, last):
    bills(works, 2025, "5400000")
    bills(works, last, "5390000")
    assert offered(works, 2025) == MAY
    assert offered(works, last) == MAY


def test_a_slip_by_ten_is_no_usual_month_while_it_is_open_and_is_one_once_explained(works):
    bills(works, 2025, "54000")
    bills(works, 2026, "54000")
    assert offered(works, 2026) == [("month_unit_slip", 5, 0.1)]
    (slip,) = Finding.objects.filter(facility=works.brick, year=2025)
    record_doubts.explain(works.centre, slip, "Lò điện chạy thử tháng 5, hóa đơn số 15", now=NOW)
    assert offered(works, 2026) == []


def test_two_years_written_at_once_are_judged_in_their_order(works):
    rows = [
        RecordRow(y, m, "consumption", Decimal(54_000 if m == 5 else 5400), resource=works.electricity)
        for y in (2026, 2025)
        for m in range(1, 13)
    ]
    write_records(works.centre, works.brick, rows)
    assert offered(works, 2026) == offered(works, 2025) == [("month_unit_slip", 5, 0.1)]


def test_a_year_like_the_others_is_right_though_an_earlier_may_is_wrong(works):
    bills(works, 2025, "5400000")
    bills(works, 2026, "5400")
    assert offered(works, 2026) == []


def test_one_month_offers_no_factor_for_the_year_and_one_click_puts_it_right(works):
    works.year(2023)
    bills(works, 2023, "5400000")
    report = works.draft(year=2025, cost=12 * 5400 * 2000)
    line = works.line(report, "electricity")
    works.save(report, "inputs", {str(line.pk): {"months": ["5400"] * 4 + ["5400000"] + ["5400"] * 7}})
    workflow.submit(works.factory, report, now=NOW)
    found = report.findings.filter(params__has_key="factor")
    assert [(f.rule, f.params["month"], f.params["factor"]) for f in found] == MAY
    plausibility.apply_suggestion(works.centre, found.get(), now=NOW)
    assert works.line(report, "electricity").months == ["5400"] * 12
    assert not report.findings.filter(state="open").exists()


def test_a_month_too_early_to_be_told_by_its_year_offers_no_factor_for_all(works):
    """Five months: too few to be judged among themselves; their sum is a hundred times too large."""
    works.year(2025)
    report = works.draft(year=2026, cost=5 * 5400 * 2000)
    line, made = works.line(report, "electricity"), report.lines.get(flow="output")
    works.save(report, "inputs", {str(line.pk): {"months": ["5400"] * 4 + ["5400000"] + [None] * 7}})
    works.save(report, "products", {str(made.pk): {"months": ["100"] * 5 + [None] * 7}})
    plausibility.run(report)
    whole = report.findings.filter(params__has_key="factor").exclude(params__has_key="month")
    assert list(whole) == []
    assert report.findings.get(rule="history").level == "error"
