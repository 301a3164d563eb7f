"""What a figure was read from: invoices, a book the factory keeps, or what it states in a form."""

import pytest
from tests.workbooks.test_other_layouts import as_xlsx, read

COAL = [["T1", 12, 24_000_000], ["T2", 13, 26_000_000], ["T3", 11, 22_000_000]]
POWER = [["T1", 5400, 11_000_000], ["T2", 5300, 10_800_000], ["T3", 5500, 11_200_000]]
COAL_HEAD = ["Tháng", "Than tiêu thụ (tấn)", "Thành tiền (đồng)"]
POWER_HEAD = ["Tháng", "Điện tiêu thụ (kWh)", "Thành tiền (đồng)"]


def sources(title, head, rows, *, sheet="Sheet1"):
    (got,) = read(as_xlsx({sheet: [[title], head, *rows]}))
    assert [float(r.quantity) for r in got.readings] == [float(row[1]) for row in rows]
    assert [r.cost_vnd for r in got.readings] == [row[2] for row in rows]
    return {r.source for r in got.readings}


@pytest.mark.parametrize(
    ("title", "head", "rows", "source"),
    [
        ("SỔ THEO DÕI THAN NĂM 2025", COAL_HEAD, COAL, "ledger"),
        ("Theo dõi sử dụng than năm 2025", COAL_HEAD, COAL, "ledger"),
        (
            "TIÊU THỤ THAN NĂM 2025",
            COAL_HEAD,
            COAL,
            "ledger",
        ),  # its worth beside it makes no invoice of a book
        ("HÓA ĐƠN MUA THAN NĂM 2025", COAL_HEAD, COAL, "invoice"),
        ("SỔ THEO DÕI HÓA ĐƠN THAN NĂM 2025", COAL_HEAD, COAL, "invoice"),
        ("TIỀN ĐIỆN NĂM 2025", POWER_HEAD, POWER, "invoice"),  # nobody buys power but by bill
        ("NHẬT KÝ ĐIỆN NĂM 2025", POWER_HEAD, POWER, "ledger"),
    ],
)
def test_a_table_with_money_is_what_it_calls_itself(title, head, rows, source):
    assert sources(title, head, rows) == {source}


def test_the_sheets_name_says_it_where_the_title_does_not():
    assert sources("NĂM 2025", POWER_HEAD, POWER, sheet="Sổ điện") == {"ledger"}
    assert sources("NĂM 2025", COAL_HEAD, COAL, sheet="Hóa đơn than") == {"invoice"}


def test_a_column_of_invoice_numbers_is_of_invoices():
    head = ["Tháng", "Than tiêu thụ (tấn)", "Thành tiền (đồng)", "Số hóa đơn"]
    rows = [[*row, f"0000{n}"] for n, row in enumerate(COAL)]
    assert sources("NĂM 2025", head, rows) == {"invoice"}


def test_a_stock_book_with_money_is_a_ledger():
    head = ["Ngày", "Nhập (tấn)", "Xuất (tấn)", "Tồn (tấn)", "Thành tiền (đồng)"]
    rows = [[f"{day:02d}/01/2025", "", 2, 40 - 2 * day, 4_000_000] for day in range(1, 6)]
    (got,) = read(as_xlsx({"Than": [["Than cám 2025"], head, *rows]}))
    assert {r.source for r in got.readings} == {"ledger"}
