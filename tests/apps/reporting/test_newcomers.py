"""A factory without earlier years, peers or prices is judged all the same: by the benchmarks of its trade."""

from decimal import Decimal

import pytest

from sachhon.apps.registry.closed_costs import ClosedCosts
from sachhon.apps.registry.models import Resource
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.models import AnnualReport, Finding
from sachhon.apps.reporting.queries import finding_text
from sachhon.apps.reporting.services import plausibility
from sachhon.apps.reporting.services.sector_reference import limits


def found(report):
    return {finding.rule: finding for finding in report.findings.all()}


def test_the_limits_are_the_benchmarks_of_the_trade_widened_threefold():
    electricity = limits("brick", "", "electricity", "electricity", "kWh", "k_vien", 2026)
    assert (electricity.low, electricity.high, electricity.unit) == (pytest.approx(26 / 3), 180, "kWh")
    coal = limits("brick", "", "coal_cam_5_6", "fuel", "t", "k_vien", 2026)
    assert coal.unit == "GJ"
    assert coal.low == pytest.approx(0.085 * 0.5 * 41.868 / 3)  # 85 kg of coal at 0.5 TOE a tonne
    assert limits("brick", "", "electricity", "electricity", "kWh", "m2", 2026) is None


def test_a_row_of_litres_says_nothing_of_tonnes():
    assert limits("quarry", "", "coal_cam_5_6", "fuel", "t", "m3", 2026) is None


def test_a_new_brick_factory_within_the_benchmarks_raises_no_doubt(works):
    assert found(works.sent(electricity="5400", coal="12")) == {}  # 54 kWh and 120 kg a thousand bricks


def test_a_new_factory_that_writes_wh_as_kwh_is_asked_before_acceptance(works):
    report = works.sent(electricity="5400000", coal="12")
    doubt = found(report)["reference_unit_slip"]
    assert (doubt.level, doubt.params["factor"]) == ("error", pytest.approx(0.001))
    message, _cure = finding_text(doubt, "vi", ClosedCosts())
    assert "chưa có năm trước hay cơ sở cùng nghề để so" in message
    assert "54.000 kWh/nghìn viên" in message
    assert "no earlier year" in finding_text(doubt, "en", ClosedCosts())[0]


def test_outside_the_wide_limits_but_not_far_is_worth_a_look(works):
    doubt = found(works.sent(electricity="20000", coal="12"))["reference"]
    assert doubt.level == "warning"


def test_fuels_are_taken_together_by_their_heat(works):
    wood = Resource.objects.get(code="firewood")
    report = works.draft(electricity="5400", coal="0.1")
    plausibility.run(report)
    assert (
        found(report)["reference"].line.resource.code == "coal_cam_5_6"
    )  # 1 kg of coal bakes no thousand bricks
    works.save(report, "inputs", {"new3": works.row("consumption", wood.code, "15", unit="t")})
    plausibility.run(report)
    assert found(report) == {}  # with 150 kg of wood it does


def test_a_factory_with_earlier_years_is_not_asked_by_benchmarks(works):
    works.year(2025, electricity="30000", coal="12")
    assert found(works.sent(electricity="30000", coal="12")) == {}


def test_new_bills_are_judged_by_the_same_benchmarks(works):
    rows = []
    for month in range(1, 4):
        rows.append(RecordRow(2026, month, "output", Decimal(100), product=works.product))
        rows.append(RecordRow(2026, month, "consumption", Decimal(5_400_000), resource=works.electricity))
    write_records(works.factory, works.brick, rows)
    doubt = Finding.objects.get(facility=works.brick, rule="reference_unit_slip")
    assert doubt.level == "error"


def test_costs_above_the_revenue_are_asked_about(works):
    report = works.draft(electricity="5400", coal="12", cost=12 * 5400 * 2000)
    works.save(report, "general", {"revenue_vnd": 40_000_000})
    report.refresh_from_db()
    plausibility.run(report)
    assert found(report)["cost_over_revenue"].level == "warning"
    works.save(report, "general", {"revenue_vnd": 9_000_000})  # written in thousand đồng
    report.refresh_from_db()
    plausibility.run(report)
    assert found(report)["cost_over_revenue"].level == "error"


def test_energy_that_no_factory_of_its_size_uses_is_held_without_anything_to_compare_with(works):
    report = works.sent(electricity="20000000", coal="12")  # 240 GWh a year: some 37,000 TOE
    AnnualReport.objects.filter(pk=report.pk).update(employees=12)
    report.refresh_from_db()
    plausibility.run(report)
    doubt = found(report)["energy_beyond_size"]
    assert (doubt.level, doubt.params["high"]) == ("error", 24_000)
    assert "24.000 TOE" in finding_text(doubt, "vi", ClosedCosts())[0]
    AnnualReport.objects.filter(pk=report.pk).update(employees=300)
    report.refresh_from_db()
    plausibility.run(report)
    assert "energy_beyond_size" not in found(report)


def test_money_beyond_the_whole_province_is_asked_about(works):
    report = works.sent(electricity="5400", coal="12")
    AnnualReport.objects.filter(pk=report.pk).update(revenue_vnd=4 * 10**15, capital_vnd=10**13)
    report.refresh_from_db()
    plausibility.run(report)
    assert found(report)["revenue_beyond"].level == "error"
    assert "capital_beyond" not in found(report)


def test_records_nobody_reported_are_bounded_too(works):
    rows = [
        RecordRow(2026, month, "consumption", Decimal(600_000_000), resource=works.electricity)
        for month in range(1, 10)
    ]
    write_records(works.factory, works.brick, rows)
    assert Finding.objects.get(facility=works.brick, rule="energy_beyond_size").level == "error"


def test_a_month_whose_bill_ends_early_is_small_for_a_reason(works):
    def bills(quality: str, last: int) -> list[Finding]:
        amounts = [5400] * 10 + [last]
        rows = [
            RecordRow(
                2026, month, "consumption", Decimal(amount), resource=works.electricity,
                quality=quality if month == 11 else "good",
            )
            for month, amount in enumerate(amounts, start=1)
        ]  # fmt: skip
        write_records(works.factory, works.brick, rows)
        return list(Finding.objects.filter(facility=works.brick, rule="month_unit_slip"))

    assert bills("suspect", 540) == []  # three days of thirty
    assert [f.params["factor"] for f in bills("good", 541)] == [10]
    assert [f.params["factor"] for f in bills("suspect", 54_000)] == [pytest.approx(0.1)]


def test_two_meters_far_outside_are_held_as_one_would_be(works):
    for year in (2024, 2025):
        works.year(year)
    report = works.draft(electricity="6000", coal="13")
    row = works.row("consumption", "electricity", "900000000", unit="kWh") | {"meter": "CT2"}
    works.save(report, "inputs", {"new9": row})
    plausibility.run(report)
    assert found(report)["history"].level == "error"
