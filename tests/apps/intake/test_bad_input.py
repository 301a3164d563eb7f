"""What people send by mistake or on purpose: each is refused with a cure or taken as harmless text, nothing breaks."""

import io
import zipfile

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from tests.apps.intake.test_mapping import bills, book, map_all  # noqa: F401 - a fixture
from tests.apps.intake.test_taking import rules, send

from sachhon.apps.intake.models import ImportFile
from sachhon.apps.registry.models import Record

State = ImportFile.State


def archive(**parts: bytes) -> bytes:
    """A zip with the given parts; "__" in a name stands for "/"."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as handle:
        for name, content in parts.items():
            handle.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


def altered(content: ContentFile, name: str, part: bytes) -> bytes:
    """A real workbook with one part added."""
    out = io.BytesIO(content.read())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as handle:
        handle.writestr(name, part)
    return out.getvalue()


def truncated() -> bytes:
    content = bills(["T1", 1, 1]).read()
    return content[: len(content) // 2]


BAD = {
    "a corrupt zip": (truncated, "file_corrupt"),
    "half a zip header": (lambda: b"PK\x03\x04 broken", "file_corrupt"),
    "another kind of zip": (lambda: archive(a=b"b"), "format_unknown"),
    "an empty file": (lambda: b"", "file_empty"),
    "a PDF": (lambda: b"%PDF-1.7\n%bill", "format_unknown"),
    "a web page": (lambda: b"<html><script>alert(1)</script></html>", "format_unknown"),
    "macros": (
        lambda: altered(bills(["T1", 1, 1]), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
        "macros_refused",
    ),
    "a zip bomb": (
        lambda: altered(bills(["T1", 1, 1]), "xl/worksheets/sheet9.xml", b"0" * 300 * 1024 * 1024),
        "zip_bomb",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_read_is_refused_with_a_cure_and_waits(cast, what):
    make, rule = BAD[what]
    bad, good = send(cast.user("factory"), ContentFile(make(), name="tệp.xlsx"), bills(["T1", 1, 1]))
    assert (bad.state, rules(bad)) == (State.REFUSED, [rule])
    assert bad.problems.get().cure
    assert bad.content.size == bad.size
    assert good.state == State.NEEDS_MAPPING


def test_a_workbook_without_any_table_is_refused_instead_of_waiting_for_a_mapping(cast):
    (file,) = send(
        cast.user("factory"), book({"Thư": [["Kính gửi Sở Công Thương"], ["Xin gửi số liệu sau."]]})
    )
    assert (file.state, rules(file)) == (State.REFUSED, ["no_table"])


def test_a_million_empty_rows_are_read_as_what_is_in_them(cast, map_all):  # noqa: F811
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = workbook.add_worksheet("Điện")
    rows = [
        ["ĐIỆN NĂM 2025"],
        ["Tháng", "Điện tiêu thụ (kWh)", "Thành tiền (đồng)"],
        ["T1", 5, 1],
        ["T2", 6, 1],
    ]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    for number in range(1000, 1_048_576, 1000):
        sheet.set_row(number, 20)
    sheet.write_blank(1_048_575, 0, None, workbook.add_format({"bold": True}))
    workbook.close()
    (file,) = send(cast.user("factory"), ContentFile(out.getvalue(), name="triệu dòng.xlsx"))
    map_all(cast.user("factory"), file)
    assert file.is_taken
    assert sorted(r.quantity for r in Record.objects.all()) == [5, 6]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (["T2", -5, 1], "quantity_negative"),
        (["T2", "1.2.3", 1], "number_unreadable"),
        (["31/02/2025", 5, 1], "date_unreadable"),
        (["T2/2099", 5, 1], "year_unlikely"),
        (["T2", "5 thùng phuy", 1], "unit_unknown"),
    ],
)
def test_a_wrong_line_refuses_the_file_and_is_named_by_its_cell(cast, map_all, line, rule):  # noqa: F811
    (file,) = send(cast.user("factory"), bills(["T1", 1, 1], ["T3", 3, 1], ["T4", 4, 1], ["T5", 5, 1], line))
    map_all(cast.user("factory"), file)
    assert file.state == State.REFUSED
    problem = file.problems.get(rule=rule)
    assert (problem.sheet, problem.cell[1:]) == ("Điện", "7")
    assert not Record.objects.exists()


def test_a_formula_error_is_named_by_its_cell(cast, map_all):  # noqa: F811
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out)
    sheet = workbook.add_worksheet("Điện")
    for number, row in enumerate(
        [["ĐIỆN NĂM 2025"], ["Tháng", "Điện tiêu thụ (kWh)"], ["T1", 5], ["T2", 6], ["T3", 7]]
    ):
        sheet.write_row(number, 0, row)
    sheet.write_formula("B6", "=B3/0", value="#DIV/0!")
    sheet.write("A6", "T4")
    workbook.close()
    (file,) = send(cast.user("factory"), ContentFile(out.getvalue(), name="lỗi.xlsx"))
    map_all(cast.user("factory"), file)
    assert file.state == State.REFUSED
    assert "B6" in set(file.problems.filter(rule="formula_error").values_list("cell", flat=True))


def test_hostile_text_in_cells_stays_text(cast, map_all):  # noqa: F811
    rows = [
        ["SẢN LƯỢNG NĂM 2025"],
        ["Sản phẩm", "Đơn vị", "T1", "T2", "T3"],
        ["<script>alert(1)</script>", "tấn", 1, 2, 3],
    ]
    rows.append(["=cmd|' /C calc'!A0", "tấn", 4, 5, 6])
    (file,) = send(cast.user("factory"), book({"SL": rows}))
    map_all(cast.user("factory"), file)
    assert file.is_taken
    names = set(cast.brick.products.values_list("name", flat=True))
    assert names == {"<script>alert(1)</script>", "=cmd|' /C calc'!A0"}
