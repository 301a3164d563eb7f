"""Whatever stands in a sheet, the reading suggests and extracts without failing, and totals stay honest."""

from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.workbooks.extract import extract
from sachhon.workbooks.grid import CellError, Sheet, Workbook
from sachhon.workbooks.problems import Problem
from sachhon.workbooks.suggest import suggest

WORDS = [
    "Ngày", "Tháng", "Từ ngày", "Đến ngày", "Kỳ", "Năm", "Giờ", "ĐVT", "Đơn vị", "Số lượng", "Nhập", "Xuất", "Tồn",
    "Tồn đầu", "Chỉ số (m3)", "Chỉ số cũ", "Chỉ số mới", "HSN", "Trạng thái", "Ghi chú", "Sản phẩm", "Tên vật tư",
    "Điện (kWh)", "Nước (m3)", "Than", "Tiền (đ)", "Thành tiền", "Cao điểm", "Bình thường", "Cả năm", "Cộng", "T1",
    "T2", "T3", "Tháng 4", "Quý I", "00:30", "1", "2", "3", "4", "SẢN LƯỢNG NĂM 2025", "Sổ theo dõi điện 2025",
]  # fmt: skip
CELLS = [
    "", "-", "x", "không có", "1.234,5", "1.234", "(5)", "-3", "12 tấn", "tấn", "kWh", "m3", "xyz", "01/02/2025",
    "31/01/2025", "01/02/2099", "06/12/2024 - 05/01/2025", "T3/2025", "tháng 5", "Thay đồng hồ", "quay vòng",
    "tạm tính", "ERR", "OK", "Cộng tháng 1", "Tổng", "Than cám", "Gạch đặc", "00:15", "5", "12", "99999",
]  # fmt: skip
cell = st.one_of(
    st.sampled_from(CELLS),
    st.sampled_from(WORDS),
    st.floats(-1e6, 1e9, allow_nan=False).map(lambda v: round(v, 3)),
    st.sampled_from([date(2025, 1, 31), datetime(2025, 3, 1, 0, 30), True, CellError("#REF!")]),  # noqa: DTZ001
)
rows = st.builds(
    lambda top, head, body: [*top, head, *body],
    st.lists(st.lists(st.sampled_from(WORDS), max_size=2), max_size=3),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=8),
    st.lists(st.lists(cell, max_size=9), max_size=14),
)


@settings(max_examples=250, deadline=None)
@given(st.lists(rows, min_size=1, max_size=2))
def test_no_sheet_makes_the_reading_fail(sheets):
    workbook = Workbook("x.xlsx", "0", "xlsx", tuple(Sheet(f"Trang {i}", r) for i, r in enumerate(sheets)))
    for profile in suggest(workbook):
        extraction = extract(workbook, profile)
        assert all(isinstance(p, Problem) and p.message("vi") and p.cure("en") for p in extraction.problems)
        assert all(r.quantity >= 0 and r.origins and r.unit for r in extraction.readings)
