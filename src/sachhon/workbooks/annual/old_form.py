"""Last year's form: one sheet, other words, another order, money in millions. Factories still send it.

There is no place in it for a product's code. A solution's second saving stands on a row of its own, with the
solution's name merged over both.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sachhon.workbooks.annual.choices import unit_words, words_of
from sachhon.workbooks.annual.model import AnnualReportData, Flow, ReportLine
from sachhon.workbooks.annual.pages import Page

_MILLION = Decimal(1_000_000)
_PAIRS = (
    ("Tên doanh nghiệp", "facility_name", "Năm", "year"),
    ("MST", "tax_code", "Mã số cơ sở", "facility_code"),
    ("Địa chỉ sản xuất", "address", "Ngành nghề", "trade"),
    ("Xã/phường", "area_name", "Mã xã", "area_code"),
    ("Tổng số lao động", "employees", "Điện thoại", "contact_phone"),
    ("Doanh thu (triệu đồng)", "revenue_vnd", "Tổng vốn (triệu đồng)", "capital_vnd"),
    ("Cán bộ liên hệ", "contact_name", "Email", "contact_email"),
    ("Đã biết về SXSH", "cp_aware", "Áp dụng SXSH", "cp_applying"),
    ("Áp dụng từ năm", "cp_since", "Bộ phận chuyên trách SXSH", "cp_unit"),
    ("Số quyết định", "cp_unit_decision", "Thành viên bộ phận", "cp_unit_people"),
)
_TITLES: dict[str, str] = {
    "output": "II. SẢN LƯỢNG TRONG NĂM",
    "consumption": "III. TIÊU THỤ NGUYÊN LIỆU, NHIÊN LIỆU, ĐIỆN, NƯỚC",
    "waste": "IV. CHẤT THẢI, PHÁT THẢI",
}
_SOLUTION_HEAD = (
    "STT",
    "Nội dung giải pháp",
    "Thuộc nhóm",
    "Kinh phí (triệu đồng)",
    "Thời gian bắt đầu",
    "Thời gian hoàn thành",
    "Tiến độ",
    "Loại tiết kiệm",
    "Lượng tiết kiệm",
    "ĐVT",
    "Số tiền tiết kiệm (triệu đồng/năm)",
    "Lý do",
)


def old_form(data: AnnualReportData) -> list[Page]:
    """The report as last year's form has it."""
    page = Page("Bao cao", [])
    rows = page.rows
    rows += [["SỞ CÔNG THƯƠNG"], [f"BÁO CÁO TÌNH HÌNH ÁP DỤNG SẢN XUẤT SẠCH HƠN NĂM {data.year}"], []]
    page.merges += [(0, 0, 0, 4), (1, 0, 1, 14)]
    rows.append(["I. THÔNG TIN CƠ SỞ"])
    for left, left_key, right, right_key in _PAIRS:
        row = [f"{left}:", "", _field(data, left_key), "", "", f"{right}:", "", _field(data, right_key)]
        page.merges.append((len(rows), 0, len(rows), 1))
        rows.append(row)
    for flow in ("output", "consumption", "waste"):
        rows += [[], [_TITLES[flow]]]
        _lines(page, data, flow)
    rows += [[], ["V. CÁC GIẢI PHÁP ĐÃ THỰC HIỆN"]]
    _solutions(page, data)
    rows += [[], ["VI. KHÓ KHĂN"], ["STT", "Khó khăn"]]
    rows += [[number, words] for number, words in enumerate(data.difficulties, start=1)]
    rows += [[], ["VII. KIẾN NGHỊ"], ["STT", "Kiến nghị"]]
    rows += [[number, words] for number, words in enumerate(data.requests, start=1)]
    rows += [[], ["Ngày lập:", _plain(data.signed_on), "", "Người ký:", data.signer_name]]
    rows.append(["Chức vụ:", data.signer_title])
    return [page]


def _lines(page: Page, data: AnnualReportData, flow: Flow) -> None:
    """Total first, the unit after it, the months behind, under a head of two rows."""
    name = {"output": "Sản phẩm", "consumption": "Tên nguyên, nhiên vật liệu", "waste": "Loại chất thải"}[
        flow
    ]
    head = ["STT", name, f"Tổng cộng năm {data.year}", "ĐVT", "Sản lượng, tiêu thụ các tháng", *[""] * 11]
    head += ["Thành tiền (triệu đồng)", "Số ước (tháng)", "Nguồn", "Chủng loại", "Dạng chất thải", "Ghi chú"]
    rows = page.rows
    top = len(rows)
    rows.append(head)
    rows.append([""] * 4 + [f"Tháng {month}" for month in range(1, 13)])
    page.merges.append((top, 4, top, 15))
    page.merges += [
        (top, column, top + 1, column) for column, words in enumerate(head) if words and column != 4
    ]
    number = 0
    for line in data.lines:
        if line.flow != flow and not (flow == "waste" and line.flow == "emission"):
            continue
        number += 1
        rows.append([number, *_line(line)])
    rows.append(["", "Tổng cộng"])


def _line(line: ReportLine) -> list[Any]:
    residue = line.flow in ("waste", "emission")
    kind = words_of("residues" if residue else "resources", line.resource_code)
    return [
        line.name,
        _plain(line.total),
        unit_words(line.unit),
        *(_plain(month) for month in line.months),
        _millions(line.cost_vnd),
        ", ".join(f"T{month}" for month in sorted(line.estimated_months)),
        words_of("sources", line.source),
        "" if line.flow == "output" else kind,
        words_of("flows", line.flow) if residue else "",
        line.note,
    ]


def _solutions(page: Page, data: AnnualReportData) -> None:
    rows = page.rows
    rows.append(list(_SOLUTION_HEAD))
    for number, solution in enumerate(data.solutions, start=1):
        savings = [
            [words_of("resources", saving.resource_code), _plain(saving.quantity), unit_words(saving.unit)]
            for saving in solution.savings
        ] or [["", "", ""]]
        first = len(rows)
        row = [number, solution.name, words_of("groups", solution.group), _millions(solution.investment_vnd)]
        row += [_plain(solution.started), _plain(solution.done), words_of("states", solution.state)]
        row += [*savings[0], _millions(solution.saving_vnd_per_year), solution.not_cp_reason]
        rows.append(row)
        rows += [[""] * 7 + saving for saving in savings[1:]]
        if len(rows) - first > 1:
            page.merges.append((first, 1, len(rows) - 1, 1))


def _field(data: AnnualReportData, key: str) -> Any:
    value = getattr(data, key)
    if key in ("revenue_vnd", "capital_vnd"):
        return _millions(value)
    if key in ("cp_aware", "cp_applying", "cp_unit"):
        return words_of("answers", value)
    return _plain("; ".join(value) if isinstance(value, tuple) else value)


def _millions(value: int | None) -> Any:
    return "" if value is None else float(value / _MILLION)


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    return float(value) if isinstance(value, Decimal) else value
