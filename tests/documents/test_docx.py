"""The Word report: the official form, every placeholder filled, editable by a clerk."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from jinja2 import UndefinedError

from sachhon.documents import docx_template
from sachhon.documents.docx import TEMPLATE, province_report_docx
from sachhon.documents.docx_blocks import _stays
from sachhon.documents.layout import kept_whole
from sachhon.documents.shapes import Column, Table

from . import sample


@pytest.fixture(scope="module")
def content() -> bytes:
    return province_report_docx(sample.report(), "vi")


@pytest.fixture(scope="module")
def document(content):
    return docx.Document(io.BytesIO(content))


def all_text(content: bytes) -> str:
    """Text of every part of the package that Word shows."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = [n for n in archive.namelist() if re.match(r"word/(document|header\d|footnotes)\.xml", n)]
    return "\n".join("".join(ElementTree.fromstring(archive.read(n)).itertext()) for n in parts)


def data_tables(document):
    """Tables with a head, in order; the others are the two-column blocks of the form."""
    return [t for t in document.tables if t._tbl.find(f".//{qn('w:tblHeader')}") is not None]


def test_the_page_is_the_decrees(document):
    first, *appendices = document.sections
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    for section in document.sections:
        margins = section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
        assert [round(m.mm) for m in margins] == [20, 20, 30, 15]
        assert section.different_first_page_header_footer
    assert len(appendices) == 4
    for section in appendices:
        assert section.orientation == WD_ORIENT.LANDSCAPE
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_the_number_is_centred_at_the_top_and_not_on_the_first_page(document):
    section = document.sections[0]
    number = section.header.paragraphs[0]
    assert "PAGE" in number._p.xml
    assert number.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert number.style.font.size == Pt(13)
    assert "PAGE" not in "".join(p._p.xml for p in section.first_page_header.paragraphs)


def test_demo_data_is_named_on_every_page(document):
    section = document.sections[0]
    for header in (section.header, section.first_page_header):
        assert "DỮ LIỆU TRÌNH DIỄN – không phải số liệu thật" in [p.text for p in header.paragraphs]
    assert all(later.header.is_linked_to_previous for later in list(document.sections)[1:])


def test_type_is_times_new_roman_13_to_14(document):
    normal = document.styles["Normal"]
    fonts = normal.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{s}")) for s in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
    assert not [name for name in fonts.attrib if "Theme" in name]
    body = [p for p in document.paragraphs if p.style.name == "SH Body"]
    assert len(body) > 30
    assert body[0].style.font.size == Pt(14)
    assert body[0].style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY


def test_the_head_stands_in_two_columns(document):
    head = document.tables[0]
    left, right = head.rows[0].cells
    assert [p.text for p in left.paragraphs][:2] == ["UBND TỈNH LẠNG SƠN", "SỞ CÔNG THƯƠNG"]
    assert [p.text for p in right.paragraphs][:2] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    for cell in (left, right):
        assert cell.paragraphs[2]._p.find(f".//{qn('w:pBdr')}") is not None, "the line below"
    assert [c.text for c in head.rows[1].cells] == ["Số: 215/BC-SCT", "Lạng Sơn, ngày 05 tháng 02 năm 2027"]
    place = head.rows[1].cells[1].paragraphs[0]
    assert place.style.font.italic


def test_title_recipient_and_ending_follow_the_form(document):
    texts = [p.text for p in document.paragraphs if p.text]
    assert texts[:4] == [
        "BÁO CÁO",
        "Kết quả thực hiện sản xuất sạch hơn trong công nghiệp",
        "năm 2026 trên địa bàn tỉnh Lạng Sơn",
        "Kính gửi: Ủy ban nhân dân tỉnh Lạng Sơn.",
    ]
    ending = [t for t in texts if t.endswith("./.")]
    assert len(ending) == 1
    foot = next(t for t in document.tables if "Nơi nhận:" in t.rows[0].cells[0].text)
    left, right = (c.text.split("\n") for c in foot.rows[0].cells)
    assert left[0] == "Nơi nhận:"
    assert left[-1] == "- Lưu: VT, KTAT&MT."
    assert right == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Văn Mẫu"]


def test_two_addressees_stand_on_lines_of_their_own():
    data = sample.report()
    head = replace(data.letterhead, addressees=("Bộ Công Thương", "Ủy ban nhân dân tỉnh Lạng Sơn"))
    document = docx.Document(io.BytesIO(province_report_docx(replace(data, letterhead=head), "vi")))
    texts = [p.text for p in document.paragraphs if p.text]
    assert texts[3:6] == ["Kính gửi:", "- Bộ Công Thương;", "- Ủy ban nhân dân tỉnh Lạng Sơn."]


def test_tables_repeat_their_head_and_split_no_row(document):
    tables = data_tables(document)
    assert len(tables) == 14
    for table in tables:
        rows = table._tbl.tr_lst
        assert rows[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_tables_fill_the_width_of_their_page(document):
    for table in data_tables(document):
        widths = [int(g.get(qn("w:w"))) for g in table._tbl.tblGrid]
        mm = sum(widths) / 1440 * 25.4
        assert min(abs(mm - 165), abs(mm - 252)) < 1


def test_the_targets_table_says_what_the_data_says(document):
    table = data_tables(document)[1]
    assert [c.text for c in table.rows[1].cells] == [
        "Cơ sở nhận thức được lợi ích của sản xuất sạch hơn",
        "≥ 90%", "204", "300", "45", "80,0", "75,3–84,1%", "Chưa đạt", "66",
    ]  # fmt: skip


def test_a_caption_never_stands_alone_at_the_foot_of_a_page(document):
    for name in ("SH Caption", "SH Part", "SH Section", "SH Picture", "SH Table Head"):
        assert document.styles[name].paragraph_format.keep_with_next, name
    first = data_tables(document)[0]
    kept = [row.find(f".//{qn('w:keepNext')}") is not None for row in first._tbl.tr_lst[1:]]
    assert kept == [True] * (len(kept) - 1) + [False]


@pytest.mark.parametrize(
    ("rows", "words", "kept"),
    [
        (5, 1, [True] * 4 + [False]),
        (5, 60, [True, False, False, True, False]),
        (12, 1, [True] * 2 + [False] * 7 + [True] * 2 + [False]),
    ],
    ids=["short", "tall", "long"],
)
def test_a_table_too_tall_for_a_page_goes_on_over_it(rows, words, kept):
    """Kept whole it left its caption alone on a page: "Where the figures of the tables come from"."""
    assert [_stays(i, rows, _whole(rows, words)) for i in range(rows)] == kept


def _whole(rows: int, words: int) -> bool:
    columns = (Column("Bảng", kind="text"), Column("Cách tính", kind="text"))
    table = Table("t", "t", columns, tuple((f"Bảng {i}", "cộng số liệu " * words) for i in range(rows)))
    return kept_whole(table, [30.0, 100.0], "vi")


def test_pictures_have_alternative_text(document):
    described = [e.get("descr") for e in document.element.body.iter(qn("wp:docPr"))]
    assert len(described) == 4
    assert "Cơ sở áp dụng sản xuất sạch hơn: 49,8%" in described[0]
    assert all(len(text) > 60 for text in described)


def test_the_figures_are_noted_at_the_foot_of_their_page_in_order(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    body = archive.read("word/document.xml").decode()
    cited = re.findall(r'<w:footnoteReference w:id="(\d+)"', body)
    assert cited == [str(i) for i in range(1, 10)]
    notes = ElementTree.fromstring(archive.read("word/footnotes.xml"))
    texts = {n.get(qn("w:id")): "".join(n.itertext()).strip() for n in notes}
    assert texts["3"].startswith("Tỷ lệ cơ sở nhận thức")
    assert "Mã số liệu: LS-2026-MT-1." in texts["3"]
    small = [
        r
        for r in notes.iter(qn("w:r"))
        if r.find(f"{qn('w:rPr')}/{qn('w:sz')}[@{qn('w:val')}='14']") is not None
    ]
    assert ["".join(run.itertext()).strip() for run in small][2] == "Mã số liệu: LS-2026-MT-1."


@pytest.mark.parametrize(
    ("make", "lang"), [(sample.report, "vi"), (sample.draft, "vi"), (sample.english, "en")]
)
def test_every_placeholder_is_filled(make, lang):
    text = all_text(province_report_docx(make(), lang))
    assert "{{" not in text
    assert "{%" not in text
    assert "None" not in text


def test_what_people_typed_is_only_ever_text():
    data = sample.report()
    evil = "<script>alert('x')</script> {{ 7*7 }} & \x00 <w:br/>"
    head = replace(data.letterhead, signer_name=evil)
    first = replace(data.difficulties[0], name=evil, examples=(evil,))
    content = province_report_docx(
        replace(data, letterhead=head, next_tasks=(evil,), difficulties=(first,)), "vi"
    )
    text = all_text(content)
    assert text.count("<script>alert('x')</script> {{ 7*7 }} &   <w:br/>") == 5


def test_the_committed_template_is_what_its_script_makes():
    made = io.BytesIO()
    docx_template.build().save(made)
    parts = [zipfile.ZipFile(source).read for source in (made, TEMPLATE)]
    for name in ("word/document.xml", "word/styles.xml", "word/header1.xml", "word/footnotes.xml"):
        assert parts[0](name) == parts[1](name), f"run python -m sachhon.documents.docx_template ({name})"


def test_a_clerk_may_add_words_and_a_missing_placeholder_is_an_error(tmp_path):
    own = docx.Document(str(TEMPLATE))
    own.paragraphs[1].insert_paragraph_before("Thông tin riêng của Sở – {{ head.number }}")
    own.save(str(tmp_path / "own.docx"))
    text = all_text(province_report_docx(sample.report(), "vi", template=tmp_path / "own.docx"))
    assert "Thông tin riêng của Sở – Số: 215/BC-SCT" in text
    own.paragraphs[1].insert_paragraph_before("{{ khong_co }}")
    own.save(str(tmp_path / "own.docx"))
    with pytest.raises(UndefinedError, match="khong_co"):
        province_report_docx(sample.report(), "vi", template=tmp_path / "own.docx")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("libreoffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_prints_the_same_words(content, tmp_path):
    from pypdf import PdfReader

    (tmp_path / "bao-cao.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["libreoffice", "--headless", profile, "--convert-to"]
    for kind in ("pdf", "txt:Text (encoded):UTF8"):
        arguments = [*command, kind, "--outdir", str(tmp_path), str(tmp_path / "bao-cao.docx")]
        subprocess.run(arguments, check=True, capture_output=True, timeout=180)
    assert 12 <= len(PdfReader(tmp_path / "bao-cao.pdf").pages) <= 20
    # The words come from LibreOffice itself: a PDF with a fallback font gives its letters in another order.
    text = " ".join((tmp_path / "bao-cao.txt").read_text().split())
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Phụ lục I KẾT QUẢ THEO ĐỊA BÀN" in text
