"""Files that must not be read are refused with a cure; awkward ones are read within bounds."""

import csv
import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from sachhon.workbooks.grid import CellError, WorkbookRefused, open_workbook
from sachhon.workbooks.guard import Limits
from sachhon.workbooks.problems import Problem, known_rules

FILES = Path(__file__).parent / "files"
SHEET_HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_TAIL = "</sheetData></worksheet>"


def xlsx(cells=None):
    book = openpyxl.Workbook()
    for address, value in (cells or {"A1": "Ngày", "B1": "Số lượng"}).items():
        book.active[address] = value
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def with_part(data, name, content):
    """The archive with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def refused(data, name="a.xlsx", **limits):
    with pytest.raises(WorkbookRefused) as caught:
        open_workbook(data, name, Limits(**limits)) if limits else open_workbook(data, name)
    problem = caught.value.problem
    assert problem.message("vi")
    assert problem.cure("vi")
    assert problem.message("en")
    return problem.rule


def test_every_rule_has_words_in_both_languages_and_a_cure():
    for rule in known_rules():
        problem = Problem("error", rule)
        for lang in ("vi", "en"):
            assert len(problem.message(lang)) > 10
            assert len(problem.cure(lang)) > 10


def test_an_empty_file_is_refused():
    assert refused(b"") == "file_empty"
    assert refused(b"\0" * 2000) == "file_empty"


def test_a_workbook_without_any_figures_is_refused():
    assert refused(xlsx({"A1": None})) == "no_sheets"


@pytest.mark.parametrize("cut", [10, 300, -200, -30])
def test_a_truncated_archive_is_refused_as_damaged(cut):
    assert refused(xlsx()[:cut]) == "file_corrupt"


def test_flipped_bytes_in_a_sheet_are_refused_as_damaged():
    data = bytearray(xlsx())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    data[start + 60 : start + 90] = b"\xff" * 30
    assert refused(bytes(data)) == "file_corrupt"


def test_a_broken_old_workbook_is_refused_as_damaged():
    data = (FILES / "san_luong.xls").read_bytes()
    assert refused(data[:700]) in ("file_corrupt", "format_unknown")
    assert refused(data[:512] + b"\xff" * 3000) in ("file_corrupt", "format_unknown")


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 ...", b"<html><table></table></html>", b"\x89PNG\r\n\x1a\n....", b"{\\rtf1 abc}"]
)
def test_other_kinds_of_file_are_named_and_refused(data):
    assert refused(data) == "format_unknown"


def test_a_zip_that_is_no_workbook_is_refused():
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(raw.getvalue()) == "format_unknown"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = with_part(xlsx(), "xl/worksheets/sheet1.xml", b"<" + b" " * 60_000_000)
    tracemalloc.start()
    assert refused(bomb) == "zip_bomb"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_an_archive_that_unpacks_to_too_much_in_all_is_refused():
    assert refused(xlsx(), unpacked_bytes=1000) == "zip_bomb"


def test_an_archive_of_very_many_parts_is_refused():
    assert refused(xlsx(), entries=5) == "zip_entries"


def test_a_file_too_large_is_refused():
    assert refused(xlsx(), file_bytes=1000) == "file_too_large"


def test_an_understated_part_size_does_not_pass():
    data = bytearray(with_part(xlsx(), "xl/worksheets/sheet1.xml", SHEET_HEAD + " " * 2_000_000 + SHEET_TAIL))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    struct.pack_into("<I", data, at + 24, 100)
    assert refused(bytes(data)) == "file_corrupt"


def test_cells_at_the_far_corners_of_a_sheet_are_refused_not_spread_in_memory():
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    data = with_part(xlsx(), "xl/worksheets/sheet1.xml", SHEET_HEAD + far + SHEET_TAIL)
    assert refused(data) == "sheet_too_large"


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c s="0" r="A1"><v>1</v></c></row><row r="1048576"><c s="0" r="XFD1048576"><v>2</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048570"><c><v>1</v></c></row>',
        '<row r="9000"><c r="A9000"><v>1</v></c></row>' * 30_000
        + '<row r="1"><c r="XFD1"><v>1</v></c></row>',
    ],
)
def test_far_cells_are_seen_however_they_are_written(cells):
    data = with_part(xlsx(), "xl/worksheets/sheet1.xml", SHEET_HEAD + cells + SHEET_TAIL)
    assert refused(data) == "sheet_too_large"


def test_far_cells_are_seen_behind_a_false_end_of_the_cells():
    far = (
        '<row r="1"><c r="A1"><v>1</v></c></row><!--</sheetData>--><row r="9"><c r="XFD9"><v>1</v></c></row>'
    )
    data = with_part(xlsx(), "xl/worksheets/sheet1.xml", f"{SHEET_HEAD}{far}</sheetData ></worksheet>")
    assert refused(data, cells=1000) == "sheet_too_large"


def test_a_sheet_kept_outside_the_usual_folder_is_looked_into_too():
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="XFD9"><v>1</v></c></row>'
    data = with_part(xlsx(), "xl/pages/one.xml", SHEET_HEAD + far + SHEET_TAIL)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    assert "/xl/worksheets/sheet1.xml" in relations
    moved = relations.replace("/xl/worksheets/sheet1.xml", "/xl/pages/one.xml")
    assert refused(with_part(data, "xl/_rels/workbook.xml.rels", moved), cells=1000) == "sheet_too_large"


def test_a_false_dimension_does_no_harm():
    head = SHEET_HEAD.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    data = with_part(
        xlsx(), "xl/worksheets/sheet1.xml", head + '<row r="1"><c r="A1"><v>7</v></c></row>' + SHEET_TAIL
    )
    assert open_workbook(data).sheets[0].rows == [[7.0]]


def test_a_million_empty_rows_are_trimmed_with_little_memory():
    rows = "".join(f'<row r="{n}" spans="1:3" ht="15"/>' for n in range(3, 1_048_577))
    body = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>'
    raw = with_part(xlsx(), "xl/worksheets/sheet1.xml", SHEET_HEAD + body + rows + SHEET_TAIL)
    tracemalloc.start()
    workbook = open_workbook(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert workbook.sheets[0].rows == [[1.0, ""], ["", 2.0]]
    assert peak < 20_000_000


def test_a_million_styled_empty_cells_are_trimmed_too():
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(2, 300_000))
    body = '<row r="1"><c r="A1"><v>1</v></c></row>'
    data = with_part(xlsx(), "xl/worksheets/sheet1.xml", SHEET_HEAD + body + rows + SHEET_TAIL)
    assert open_workbook(data).sheets[0].rows == [[1.0]]


def test_a_table_far_down_the_sheet_keeps_its_addresses():
    book = openpyxl.Workbook()
    book.active["C9000"] = 5
    raw = io.BytesIO()
    book.save(raw)
    sheet = open_workbook(raw.getvalue()).sheets[0]
    assert sheet.cell(8999, 2) == 5
    assert sheet.address(8999, 2) == "C9000"
    assert sheet.rows[0] is sheet.rows[5000]


def test_entity_declarations_are_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet/>'
    assert refused(with_part(xlsx(), "xl/worksheets/sheet1.xml", bomb)) == "xml_entities"
    assert refused(with_part(xlsx(), "xl/sharedStrings.xml", bomb)) == "xml_entities"


def test_entity_declarations_in_an_ods_are_refused():
    data = (FILES / "nuoc.ods").read_bytes()
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><office:document-content/>'
    assert refused(with_part(data, "content.xml", bomb)) == "xml_entities"


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused_whatever_the_name_says(part):
    assert refused(with_part(xlsx(), part, b"<x/>"), "innocent.xlsx") == "macros_refused"


def test_a_macro_enabled_content_type_is_refused():
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        types = archive.read("[Content_Types].xml").decode()
    types = types.replace("spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml")
    assert refused(with_part(xlsx(), "[Content_Types].xml", types)) == "macros_refused"


def test_macros_in_an_ods_are_refused():
    data = with_part((FILES / "nuoc.ods").read_bytes(), "Basic/Standard/Module1.xml", b"<x/>")
    assert refused(data, "a.ods") == "macros_refused"


def old_container(*names):
    """A minimal OLE file whose directory holds the names."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHH", header, 26, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 28, 0x0009FFFE)
    struct.pack_into("<HH", header, 30, 9, 6)
    struct.pack_into("<II", header, 44, 1, 1)
    struct.pack_into("<IIII", header, 60, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b""
    for name in ("Root Entry", *names):
        entry = bytearray(128)
        raw = name.encode("utf-16-le")
        entry[: len(raw)] = raw
        struct.pack_into("<H", entry, 64, len(raw) + 2)
        entry[66] = 5 if name == "Root Entry" else 2
        struct.pack_into("<II", entry, 116, 0xFFFFFFFE, 0)
        directory += bytes(entry)
    return bytes(header) + fat + directory.ljust(512, b"\0")


def test_macros_and_passwords_in_old_containers_are_refused():
    assert refused(old_container("Workbook", "_VBA_PROJECT_CUR")) == "macros_refused"
    assert refused(old_container("EncryptedPackage", "EncryptionInfo")) == "encrypted"
    assert refused(old_container("WordDocument")) == "format_unknown"


def test_an_encrypted_archive_is_refused():
    data = bytearray(xlsx())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        data[at + offset] |= 1
    assert refused(bytes(data)) == "encrypted"


def test_an_old_workbook_spread_over_its_whole_grid_is_refused():
    book = xlwt.Workbook()
    page = book.add_sheet("S")
    page.write(0, 0, 1)
    page.write(65535, 255, 1)
    raw = io.BytesIO()
    book.save(raw)
    assert refused(raw.getvalue()) == "sheet_too_large"


def test_formula_errors_are_kept_with_their_address():
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True}) as book:
        page = book.add_worksheet("Điện")
        page.write("A1", "Ngày")
        page.write_formula("B2", "=1/0", None, "#DIV/0!")
        page.write_formula("D9", "=X", None, "#REF!")
    workbook = open_workbook(raw.getvalue())
    sheet = workbook.sheets[0]
    assert sheet.cell(1, 1) == "#DIV/0!"
    assert isinstance(sheet.cell(8, 3), CellError)
    assert [(p.rule, p.sheet, p.cell) for p in workbook.problems] == [
        ("formula_error", "Điện", "B2"),
        ("formula_error", "Điện", "D9"),
    ]


def test_formula_errors_in_an_old_workbook_are_kept():
    book = xlwt.Workbook()
    page = book.add_sheet("S")
    page.write(0, 0, "x")
    page.row(2).set_cell_error(1, "#REF!")
    raw = io.BytesIO()
    book.save(raw)
    workbook = open_workbook(raw.getvalue())
    assert workbook.sheets[0].cell(2, 1) == "#REF!"
    assert [p.cell for p in workbook.problems] == ["B3"]


def test_a_formula_never_calculated_is_told():
    workbook = open_workbook(xlsx({"A1": 2, "A2": "=A1*2", "A3": "x"}))
    assert [(p.rule, p.cell) for p in workbook.problems] == [("formula_not_calculated", "A2")]


def test_an_empty_text_result_is_no_uncalculated_formula():
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>IF(A1=1,"",2)</f><v></v></c></row>'
    data = with_part(xlsx(), "xl/worksheets/sheet1.xml", SHEET_HEAD + cells + SHEET_TAIL)
    assert open_workbook(data).problems == ()


def test_links_to_other_workbooks_and_hidden_sheets_are_noted():
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    hidden = book.create_sheet("Ẩn")
    hidden["A1"] = 2
    hidden.sheet_state = "hidden"
    raw = io.BytesIO()
    book.save(raw)
    data = with_part(raw.getvalue(), "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    assert [p.rule for p in open_workbook(data).problems] == ["external_links", "hidden_sheet"]
    assert [s.hidden for s in open_workbook(data).sheets] == [False, True]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("C:\\Users\\x\\than.xls", "than.xls"),
        ("..", "workbook"),
        ("a\x00b\n.csv", "ab.csv"),
        ("<script>alert(1)</script>.xlsx", "script>.xlsx"),
        ("Sổ theo dõi than.xlsx", "Sổ theo dõi than.xlsx"),
    ],
)
def test_only_the_base_name_is_kept(given, kept):
    assert open_workbook(xlsx(), given).name == kept


def test_script_in_a_sheet_name_and_cell_is_plain_text():
    book = openpyxl.Workbook()
    book.active.title = "<script>x"
    book.active["A1"] = "<script>alert(1)</script>"
    raw = io.BytesIO()
    book.save(raw)
    sheet = open_workbook(raw.getvalue()).sheets[0]
    assert (sheet.name, sheet.rows) == ("<script>x", [["<script>alert(1)</script>"]])


TABLE = [
    ["Ngày", "Điện tiêu thụ (kWh)", "Ghi chú"],
    ["05/02/2025", "1.234,5", "đã đọc"],
    ["06/03/2025", "987,0", ""],
]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", "\t", ",", "|"])
def test_text_tables_in_any_unicode_coding_and_delimiter(coding, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(TABLE)
    workbook = open_workbook(out.getvalue().encode(coding), "x.csv")
    assert workbook.sheets[0].rows == TABLE
    assert workbook.format == ("tsv" if delimiter == "\t" else "csv")


def test_a_text_table_in_windows_1258_is_read_and_the_guess_is_told():
    text = "Ngày;Điện tiêu thụ (kWh);Ghi chú\n05/02/2025;1.234,5;đã đọc\n"
    tones = {"ụ": "u\u0323", "ệ": "ê\u0323", "ọ": "o\u0323", "ã": "a\u0303"}
    for composed, pieces in tones.items():
        text = text.replace(composed, pieces)
    workbook = open_workbook(text.encode("cp1258"))
    assert workbook.sheets[0].rows[0] == TABLE[0]
    assert [(p.rule, p.params["encoding"]) for p in workbook.problems] == [
        ("encoding_guessed", "windows-1258")
    ]


def test_a_text_table_in_tcvn3_bytes_is_read():
    text = "Ngµy;§iÖn tiªu thô (kWh);Ghi chó\n05/02/2025;1.234,5;®· ®äc\n"
    workbook = open_workbook(text.encode("latin-1"))
    assert workbook.sheets[0].rows == TABLE[:2]


def test_the_kind_is_told_from_the_content_not_the_name():
    assert open_workbook((FILES / "san_luong.xls").read_bytes(), "x.xlsx").format == "xls"
    assert open_workbook((FILES / "nuoc.ods").read_bytes(), "x.csv").format == "ods"
    assert open_workbook(xlsx(), "x.xls").format == "xlsx"


def test_the_same_bytes_have_the_same_checksum_and_paths_are_read():
    path = FILES / "nuoc.ods"
    assert open_workbook(path).sha256 == open_workbook(path.read_bytes(), "other").sha256
    assert open_workbook(str(path)).name == "nuoc.ods"


@pytest.mark.parametrize(
    ("start", "name"),
    [(b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"), (b"\xff\xd8\xff\xe1\x00\x10Exif", "JPEG"), (b"GIF89a", "GIF")],
)
def test_a_picture_named_as_a_workbook_is_named_by_its_kind(start, name):
    with pytest.raises(WorkbookRefused) as refused:
        open_workbook(start + bytes(range(64)), "bao-cao.xlsx")
    assert refused.value.problem.message("vi") == f"Không nhận ra dạng tệp ({name})."
