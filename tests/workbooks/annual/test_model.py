"""The report's own shape: a snapshot comes back as it was kept."""

import datetime as dt
from decimal import Decimal

import pytest

from sachhon.workbooks.annual.model import (
    AnnualReportData,
    ReportLine,
    ReportSaving,
    ReportSolution,
    from_dict,
    from_json,
    to_json,
)

REPORT = AnnualReportData(
    year=2025,
    facility_name="Cơ sở gạch Đồng Mỏ",
    cp_aware="yes",
    cp_unit_people=("Nguyễn Thị Sen", "Hoàng Văn Páo"),
    lines=(
        ReportLine(
            flow="consumption",
            name="Than cám 5",
            unit="t",
            resource_code="coal",
            months=(Decimal("110.50"), Decimal("0"), *(None,) * 10),
            estimated_months=frozenset({2}),
            total=Decimal("110.50"),
            cost_vnd=250_000_000,
            source="invoice",
        ),
    ),
    solutions=(
        ReportSolution(
            name="Bọc bảo ôn",
            group="housekeeping",
            done=dt.date(2025, 3, 1),
            savings=(ReportSaving("coal", Decimal("12.5"), "t"),),
        ),
    ),
    difficulties=("Thiếu vốn",),
    signed_on=dt.date(2025, 12, 5),
    extra={"Số lò": "3"},
)


def test_a_report_comes_back_from_json_exactly_as_it_was():
    assert from_json(to_json(REPORT)) == REPORT


def test_json_keeps_the_digits_a_factory_wrote():
    line = from_json(to_json(REPORT)).lines[0]
    assert str(line.months[0]) == "110.50"
    assert line.months[1] == 0
    assert line.months[2] is None


def test_an_old_snapshot_with_fewer_or_other_fields_is_still_read():
    assert from_dict({"year": 2020, "facility_name": "A", "gone": 1}) == AnnualReportData(2020, "A")


def test_an_empty_month_is_unknown_and_adds_nothing():
    assert REPORT.lines[0].months_total == Decimal("110.50")
    assert ReportLine(flow="output", name="Gạch", unit="viên").months_total is None


def test_a_line_of_eleven_months_is_refused():
    with pytest.raises(ValueError, match="12 months"):
        ReportLine(flow="output", name="Gạch", unit="viên", months=(None,) * 11)
