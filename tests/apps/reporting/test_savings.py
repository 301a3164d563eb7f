"""Savings against numbers worked out by hand, their lineage, and that they follow the records."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sachhon.apps.registry.models import Figure, Product, Record
from sachhon.apps.registry.queries.lineage import explain
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.models import Saving
from sachhon.apps.reporting.pages import address
from sachhon.apps.reporting.services import savings, workflow
from sachhon.apps.reporting.services.uncomputed import uncomputed

from .conftest import NOW


def test_one_product_by_hand(works):
    # 2025: 72 000 kWh for 1200 thousand bricks, 60 a unit. 2026: 64 800 for 1200 → 54 a unit, 10 % less.
    works.year(2025)
    report = works.sent(electricity="5400", cost=129_600_000)
    saving = report.resource_savings.get(resource=works.electricity)
    assert (saving.expected, saving.actual, saving.quantity) == (72_000, 64_800, 7_200)
    assert saving.relative_pct == 10
    assert saving.vnd == 7_200 * 2_000  # its own price: 129.6 M for 64 800 kWh
    assert saving.toe == Decimal("1.110960")  # 0.0001543 TOE a kWh
    assert saving.co2_t == Decimal("4.746240")  # 0.6592 kg a kWh
    assert saving.state == "reported"
    assert saving.relative_low_pct < 10 < saving.relative_high_pct


def test_without_a_cost_the_reference_price_is_used_and_cited(works):
    works.year(2025)
    report = works.sent(electricity="5400")
    saving = report.resource_savings.get(resource=works.electricity)
    assert saving.vnd == round(7_200 * 2204.0655)
    assert "prices.electricity" in {fact["code"] for fact in saving.figure.facts}


def test_a_shift_to_the_lighter_product_is_no_saving(works):
    # Norm weights 1 and 0.5: 2025 100 + 0 a month at 6000 kWh; 2026 0 + 200 at 6000 kWh is the same intensity.
    light = Product.objects.create(
        facility=works.brick, name="Gạch nhẹ", unit="k_vien", norm_weight=Decimal("0.5")
    )
    works.year(2025)
    report = works.draft(electricity="6000")
    line = report.lines.get(flow="output")
    works.save(
        report,
        "products",
        {str(line.pk): None, "new1": works.row("output", str(light.pk), "200", unit="k_vien")},
    )
    workflow.submit(works.factory, report, now=NOW)
    saving = report.resource_savings.get(resource=works.electricity)
    assert saving.expected == pytest.approx(72_000)
    assert saving.relative_pct == 0


def test_the_figure_tells_formula_records_facts_and_function(works):
    works.year(2025)
    works.sent(electricity="5400")
    figure = Figure.objects.get(code="saving:LS-0001:2026:electricity")
    assert figure.value == 7_200
    assert figure.unit == "kWh"
    assert "72.000 − 64.800 = 7.200" in figure.formula
    assert figure.records["count"] == 4 * 12  # outputs and consumption of both years
    assert figure.records["query"] == {
        "facility": "LS-0001",
        "years": [2025, 2026],
        "resource": "electricity",
    }
    assert {"toe.electricity", "co2.electricity"} <= {fact["code"] for fact in figure.facts}
    assert all(fact["source"] for fact in figure.facts)
    assert figure.function == "sachhon.science.intensity.saving_per_unit"
    assert "2025" in figure.label_vi
    assert figure.label_en
    assert figure.low < figure.value < figure.high
    assert figure.facility == works.brick
    symbols = [term["symbol"] for term in figure.terms]
    assert symbols[:3] == ["E0", "q0", "q1"]


def test_the_formula_prints_the_digits_of_its_terms(works):
    works.year(2025, electricity="60195.05")
    works.sent(electricity="51126.97")
    figure = Figure.objects.get(code="saving:LS-0001:2026:electricity")
    explanation = explain(works.centre, figure)
    shown = {term.symbol: term.value for term in explanation.terms}
    assert f"{shown['E*']} − {shown['E1']} = {explanation.value} kWh" in figure.formula
    assert shown["E*"] == "722.341"


def test_a_relative_saving_beyond_the_range_is_told_in_words(works, client):
    works.year(2025, electricity="1")
    report = works.sent(electricity="60000")
    saving = report.resource_savings.get(resource=works.electricity)
    assert saving.is_beyond
    client.force_login(works.centre)
    for page in (address(report, "report"), reverse("registry:facility", args=["LS-0001"]) + "?year=2026"):
        shown = client.get(page).content.decode()
        assert "dưới −100.000%" in shown, page
        assert "−100.000,0" not in shown, page


def test_intensity_and_totals_are_figures_too(works):
    works.sent(electricity="5400", coal="13")
    intensity = Figure.objects.get(code="intensity:LS-0001:2026:electricity")
    assert (intensity.value, intensity.unit) == (54, "kWh/k_vien")
    toe = Figure.objects.get(code="toe:LS-0001:2026")
    assert toe.value == pytest.approx(Decimal("64800") * Decimal("0.0001543") + 156 * Decimal("0.5"))
    co2 = Figure.objects.get(code="co2:LS-0001:2026")
    assert float(co2.value) == pytest.approx(64.8 * 0.6592 + 156 * 2.071994985)


def test_savings_follow_a_change_of_the_baselines_records(works):
    works.year(2025)
    report = works.sent(electricity="5400")
    works.year(2025, electricity="5400")
    assert report.resource_savings.get(resource=works.electricity).relative_pct == 0
    assert Figure.objects.get(code="saving:LS-0001:2026:electricity").value == 0


def test_months_without_output_are_not_compared(works):
    works.year(2025)
    report = works.draft(electricity="5400")
    line = report.lines.get(flow="output")
    works.save(report, "products", {str(line.pk): {"months": ["100"] * 6 + [None] * 6}})
    workflow.submit(works.factory, report, now=NOW)
    saving = report.resource_savings.get(resource=works.electricity)
    assert (saving.expected, saving.actual) == (36_000, 32_400)


def test_without_an_earlier_year_there_is_no_saving_but_an_intensity(works):
    report = works.sent()
    assert not report.resource_savings.exists()
    assert Figure.objects.filter(code__startswith="intensity:LS-0001:2026:").count() == 2


def test_what_an_expert_verified_stays(works):
    works.year(2025)
    report = works.sent(electricity="5400")
    Saving.objects.filter(report=report, resource=works.electricity).update(state="verified", relative_pct=8)
    works.year(2025, electricity="5400")
    assert report.resource_savings.get(resource=works.electricity).relative_pct == 8


def test_postponed_changes_are_computed_once_at_the_end(works):
    works.year(2025)
    report = works.sent(electricity="5400")
    with savings.postponed():
        for quantity in ("5500", "5600", "5700"):
            row = RecordRow(
                2026, 1, "consumption", Decimal(quantity), resource=works.electricity, source="meter"
            )
            write_records(works.centre, works.brick, [row])
        assert report.resource_savings.get(resource=works.electricity).actual == 64_800
    assert report.resource_savings.get(resource=works.electricity).actual == 65_100


def test_recomputing_takes_as_many_queries_for_many_reports_as_for_one(works, cast):
    works.year(2022)
    works.sent(year=2023)
    with CaptureQueriesContext(connection) as one:
        savings.recompute([cast.brick.pk])
    works.sent(year=2024)
    works.sent(year=2025)
    works.sent(year=2026)
    with CaptureQueriesContext(connection) as many:
        savings.recompute([cast.brick.pk, cast.quarry.pk, cast.stranger.pk])
    assert len(many) == len(one)
    assert Saving.objects.count() == 8


def test_a_resource_without_a_saving_says_why_and_what_to_do(works, client):
    works.year(2025)
    Record.objects.filter(year=2025, resource=works.coal).delete()
    report = works.sent()
    (left_out,) = uncomputed(report)
    assert left_out.resource == works.coal
    assert "2025" in left_out.reason
    client.force_login(works.centre)
    html = client.get(reverse("reporting:report", args=[works.brick.code, 2026, 1])).content.decode()
    assert left_out.resource.name in html
    assert "không tính được vì năm gốc 2025 chưa có số liệu tiêu thụ" in html


def test_products_of_different_units_that_move_together_are_told_as_not_separable(works):
    mortar = Product.objects.create(facility=works.brick, name="Vữa", unit="m3")
    works.year(2025)
    report = works.sent()
    rows = [
        RecordRow(y, m, "output", Decimal(50), product=mortar) for y in (2025, 2026) for m in range(1, 13)
    ]
    write_records(works.centre, works.brick, rows)
    assert not report.resource_savings.exists()
    reasons = [each.reason for each in uncomputed(report)]
    assert len(reasons) == 2
    assert all("khác đơn vị" in reason for reason in reasons)
