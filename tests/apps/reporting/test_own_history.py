"""Each product, resource and waste beside its own earlier years, where the products cannot be added up.

The works makes bricks (thousands) and mortar (m³): no mix, so nothing can be told of consumption per unit of
product; the figures follow what a review of a concrete works of this kind tried: electricity a thousand times
too low, 97 % too low, waste up by 583 %, bricks up by 307 %.
"""

from decimal import Decimal

import pytest

from sachhon.apps.registry.closed_costs import ClosedCosts
from sachhon.apps.registry.models import Product, Record
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.models import Finding
from sachhon.apps.reporting.queries import finding_text
from sachhon.apps.reporting.services import plausibility

from .conftest import NOW

WASTE = "brick_reject"


@pytest.fixture
def mixed(works):
    """The brick works, which also makes mortar, with 2024 and 2025 in the registry."""
    from sachhon.apps.registry.models import Resource

    works.mortar = Product.objects.create(facility=works.brick, name="Vữa", unit="m3")
    works.reject = Resource.objects.get(code=WASTE)
    for year, electricity in ((2024, "6100"), (2025, "6000")):
        works.year(year, electricity=electricity)
        rows = [RecordRow(year, m, "output", Decimal(50), product=works.mortar) for m in range(1, 13)]
        rows += [RecordRow(year, m, "waste", Decimal(2), resource=works.reject) for m in range(1, 13)]
        write_records(works.centre, works.brick, rows)
    return works


def checked(works, *, bricks="100", mortar="50", electricity="6000", waste="2", months=None):
    """The report of 2026 with its doubts looked for: rule and what it is about → finding."""
    report = works.draft(output=bricks, electricity=electricity)
    works.save(report, "products", {"new1": works.row("output", "", mortar, name="Vữa", unit="m3")})
    works.save(report, "wastes", {"new1": works.row("waste", WASTE, waste, unit="t")})
    if months is not None:
        works.save(report, "inputs", {str(works.line(report, "electricity").pk): {"months": months}})
    report.refresh_from_db()
    plausibility.run(report)
    return report, {
        (f.rule, f.line.item.code if f.line.resource else f.line.item.name): f
        for f in report.findings.all()
        if f.line
    }


def test_a_year_like_the_last_raises_no_doubt(mixed):
    assert checked(mixed)[1] == {}


def test_a_year_that_follows_the_growth_of_either_product_raises_no_doubt(mixed):
    assert checked(mixed, mortar="100", electricity="10000")[1] == {}


def test_electricity_a_thousand_times_too_low_is_a_slip_that_one_click_corrects(mixed):
    report, found = checked(mixed, electricity="6")
    assert list(found) == [("own_history_unit_slip", "electricity")]
    finding = found["own_history_unit_slip", "electricity"]
    assert (finding.level, finding.params["factor"]) == ("error", pytest.approx(1000))
    assert "72 kWh" in finding_text(finding, "vi", ClosedCosts())[0]
    assert "1.000" in finding_text(finding, "vi", ClosedCosts())[1]
    plausibility.apply_suggestion(mixed.factory, finding, now=NOW)
    assert mixed.line(report, "electricity").months == ["6000"] * 12
    assert not report.findings.filter(state=Finding.State.OPEN).exists()


@pytest.mark.parametrize(
    ("changed", "about"),
    [
        ({"electricity": "180"}, ("own_history", "electricity")),  # −97 %
        ({"waste": "13.66"}, ("own_history_unit_slip", WASTE)),  # +583 %, which a slip by ten explains too
        ({"bricks": "407"}, ("own_history", "Gạch tuynel 2 lỗ")),  # +307 %
    ],
)
def test_a_change_beyond_the_earlier_years_is_asked_about(mixed, changed, about):
    assert list(checked(mixed, **changed)[1]) == [about]


def test_what_is_wrong_with_a_product_does_not_excuse_the_waste(mixed):
    found = checked(mixed, bricks="407", waste="13.66")[1]
    assert set(found) == {("own_history", "Gạch tuynel 2 lỗ"), ("own_history_unit_slip", WASTE)}


def test_an_output_a_thousand_times_too_high_is_told_once_and_not_of_what_was_consumed(mixed):
    found = checked(mixed, bricks="100000")[1]
    assert list(found) == [("own_history_unit_slip", "Gạch tuynel 2 lỗ")]


def test_half_of_the_months_in_mwh_are_told_month_by_month(mixed):
    found = checked(mixed, months=["6"] * 6 + ["6000"] * 6)
    slips = found[0].findings.filter(rule__in=("month_unit_slip", "month_history_slip"))
    assert sorted(f.params["month"] for f in slips) == [1, 2, 3, 4, 5, 6]
    assert {f.params["factor"] for f in slips} == {1000}


def test_a_wider_past_allows_a_wider_year(mixed):
    Record.objects.filter(year=2024, resource=mixed.electricity).update(quantity=400)
    assert checked(mixed, electricity="250")[1] == {}


def test_a_product_that_is_new_leaves_only_slips_to_be_told(mixed):
    Record.objects.filter(product=mixed.mortar).delete()
    assert checked(mixed, electricity="15000")[1] == {}
    report = mixed.brick.annual_reports.get()
    mixed.save(report, "inputs", {str(mixed.line(report, "electricity").pk): {"months": ["6000000"] * 12}})
    plausibility.run(report)
    assert [f.rule for f in report.findings.all()] == ["own_history_unit_slip"]


def test_where_products_add_up_a_slipped_output_is_told_and_its_consumption_is_not(works):
    works.year(2025)
    report = works.draft(output="100000", electricity="6000")
    plausibility.run(report)
    assert [f.rule for f in report.findings.all()] == ["own_history_unit_slip"]
