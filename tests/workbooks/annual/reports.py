"""A full report and a small one, for the tests of writer and reader."""

import datetime as dt
from decimal import Decimal as D

from sachhon.workbooks.annual.model import (
    AnnualReportData,
    Months,
    ReportLine,
    ReportSaving,
    ReportSolution,
)


def months(first: str, count: int = 12) -> Months:
    return tuple(D(first) + D(month * 7 % 5) for month in range(count)) + (None,) * (12 - count)


def line(flow, name, unit, values=(None,) * 12, total=None, **others) -> ReportLine:
    made = ReportLine(flow, name, unit, months=values, total=total, **others)
    return ReportLine(
        flow, name, unit, months=values, total=made.months_total if total is None else total, **others
    )


FULL = AnnualReportData(
    year=2025,
    facility_name="Công ty cổ phần gạch tuynel Đồng Mỏ",
    tax_code="4900123467",
    facility_code="LS-0123",
    trade="Gạch, ngói nung",
    address="Thôn Đồng Mỏ, xã Chi Lăng",
    area_name="Xã Chi Lăng",
    area_code="06463",
    employees=85,
    revenue_vnd=45_300_000_000,
    capital_vnd=30_000_000_000,
    contact_name="Nguyễn Thị Sen",
    contact_phone="0205 3870 123",
    contact_email="sen@example.vn",
    cp_aware="yes",
    cp_applying="yes",
    cp_since=2019,
    cp_unit="yes",
    cp_unit_decision="QĐ số 12/QĐ-CT ngày 05/02/2019",
    cp_unit_people=("Hoàng Văn Páo", "Lý Thị Mai"),
    lines=(
        line("output", "Gạch tuynel 2 lỗ", "k_vien", months("1250"), estimated_months=frozenset({11, 12})),
        line("output", "Gạch đặc", "k_vien", months("83.5", 10), note="Hai tháng cuối dừng lò"),
        line(
            "consumption",
            "Điện EVN",
            "kWh",
            months("42310"),
            resource_code="electricity",
            estimated_months=frozenset({12}),
            cost_vnd=1_020_000_000,
            source="invoice",
        ),
        line(
            "consumption",
            "Than cám 5a Hòn Gai",
            "t",
            months("163.25"),
            resource_code="coal_cam_5_6",
            cost_vnd=5_400_000_000,
            source="meter",
            note="Cân tại kho",
        ),
        line(
            "consumption",
            "Dầu chạy máy xúc",
            "l",
            total=D(18500),
            resource_code="diesel",
            cost_vnd=370_000_000,
            source="estimate",
        ),
        line("waste", "Gạch vỡ", "t", months("12.5"), resource_code="brick_reject", cost_vnd=15_000_000),
        line("emission", "Khói lò", "k_Nm3", total=D(1800), resource_code="waste_gas", source="estimate"),
    ),
    solutions=(
        ReportSolution(
            "Bịt kín khe hở goòng và lò nung",
            "housekeeping",
            started=dt.date(2025, 2, 1),
            done=dt.date(2025, 3, 15),
            investment_vnd=180_000_000,
            savings=(
                ReportSaving("coal_cam_5_6", D(120), "t"),
                ReportSaving("electricity", D(8500), "kWh"),
                ReportSaving("diesel", D("250.5"), "l"),
                ReportSaving("water", D(900), "m3"),
            ),
            saving_vnd_per_year=290_000_000,
            state="done",
        ),
        ReportSolution(
            "Xây bể lắng bụi",
            "treatment",
            not_cp_reason="Xử lý cuối đường ống",
            done=dt.date(2025, 6, 1),
            investment_vnd=90_000_000,
            state="done",
        ),
    ),
    difficulties=("Thiếu vốn để thay quạt lò bằng biến tần", "Giá than tăng"),
    requests=("Đề nghị tập huấn đo suất tiêu hao",),
    signer_name="Trần Văn Bình",
    signer_title="Giám đốc",
    signed_on=dt.date(2025, 12, 5),
)

LAST_YEAR = tuple(
    ReportLine(each.flow, each.name, each.unit, each.resource_code, total=each.total * D("1.25"))
    for each in FULL.lines
    if each.total is not None
)
