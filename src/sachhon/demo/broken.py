"""A few files that cannot be taken as they are, so that the demo's inbox has something to put right."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import xlsxwriter

from sachhon.demo.reports import Sent, report_of
from sachhon.demo.world import DemoFacility
from sachhon.documents.files import write_atomic
from sachhon.workbooks.annual.model import AnnualReportData
from sachhon.workbooks.annual.template import write_template


def write_broken(owing: list[DemoFacility], year: int, folder: Path) -> None:
    """Writes one file of each kind below, for factories that have not reported yet."""
    day = dt.date(year, 11, 20)
    for facility, (name, spoil) in zip(owing, KINDS.items(), strict=False):
        rng = np.random.default_rng((facility.number, year))
        sent = Sent(facility, year, day, report_of(facility, year, day, rng))
        target = folder / f"{facility.code}_{name}_{year}.xlsx"
        if not target.exists():
            folder.mkdir(parents=True, exist_ok=True)
            write_atomic(target, spoil(sent))


def _changed_line(data: AnnualReportData, **changes) -> AnnualReportData:
    """The report with its first consumption line changed."""
    index = next(i for i, line in enumerate(data.lines) if line.flow == "consumption")
    lines = list(data.lines)
    lines[index] = replace(lines[index], **changes)
    return replace(data, lines=tuple(lines))


def _negative(sent: Sent) -> bytes:
    line = next(line for line in sent.data.lines if line.flow == "consumption")
    months = (Decimal(-1) * (line.months[0] or 1), *line.months[1:])
    return write_template(_changed_line(sent.data, months=months), demo=True)


def _unknown_unit(sent: Sent) -> bytes:
    return write_template(_changed_line(sent.data, unit="sọt"), demo=True)


def _wrong_tax_code(sent: Sent) -> bytes:
    code = sent.data.tax_code
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    return write_template(replace(sent.data, tax_code=wrong), demo=True)


def _torn(sent: Sent) -> bytes:
    content = write_template(sent.data, demo=True)
    return content[: len(content) // 2]


def _bills(sent: Sent) -> bytes:
    """Electricity bills as a factory keeps them: no form of ours, to be mapped column by column once."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Điện")
    sheet.write(0, 0, f"{sent.facility.enterprise} – THEO DÕI HÓA ĐƠN TIỀN ĐIỆN (DỮ LIỆU TRÌNH DIỄN)")
    for column, head in enumerate(
        ("Số HĐ", "Từ ngày", "Đến ngày", "Điện năng (kWh)", "Thành tiền (đồng)", "Ghi chú")
    ):
        sheet.write(2, column, head)
    used = sent.facility.flows["consumption", "electricity"][sent.year]
    for month in range(1, 11):
        row = 2 + month
        sheet.write(row, 0, f"HD{month:03d}")
        sheet.write(row, 1, f"05/{month:02d}/{sent.year}")
        sheet.write(row, 2, f"04/{month + 1:02d}/{sent.year}")
        sheet.write(row, 3, float(used[month - 1]))
        sheet.write(row, 4, int(used[month - 1] * 2100))
    sheet.write(13, 0, "Cộng")
    sheet.write(13, 3, float(sum(used[:10])))
    book.close()
    return buffer.getvalue()


KINDS: dict[str, Callable[[Sent], bytes]] = {
    "so-am": _negative,
    "don-vi-la": _unknown_unit,
    "sai-ma-so-thue": _wrong_tax_code,
    "tep-hong": _torn,
    "hoa-don-dien": _bills,
}
