"""A factory without earlier years, peers or prices is judged all the same: by the benchmarks of its trade."""

from decimal import Decimal

import pytest

from sachhon.apps.registry.models import Resource
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.models import Finding
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
    message, _cure = finding_text(doubt, "vi")
    assert "chưa có năm trước hay cơ sở cùng nghề để so" in message
    assert "54.000 kWh/nghìn viên" in message
    assert "no earlier year" in finding_text(doubt, "en")[0]


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
