"""The PDF report: the same words on the same form, embedded type, fit for the archive."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from sachhon.documents import pdf
from sachhon.documents.pdf import preview_pages, province_report_pdf
from sachhon.documents.shapes import Column, Table

from . import sample

MM = 72 / 25.4


@pytest.fixture(scope="module")
def content() -> bytes:
    return province_report_pdf(sample.report(), "vi")


@pytest.fixture(scope="module")
def reader(content):
    return PdfReader(io.BytesIO(content))


@pytest.fixture(scope="module")
def pages(reader):
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_pages_are_a4_upright_and_the_appendices_lie(reader):
    sizes = [(round(p.mediabox.width / MM), round(p.mediabox.height / MM)) for p in reader.pages]
    upright = sizes.count((210, 297))
    assert sizes == [(210, 297)] * upright + [(297, 210)] * (len(sizes) - upright)
    assert upright >= 7
    assert len(sizes) - upright >= 4


def test_the_form_is_on_the_first_and_last_upright_page(pages):
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
    assert "Độc lập - Tự do - Hạnh phúc" in pages[0]
    assert "Số: 215/BC-SCT" in pages[0]
    assert "Lạng Sơn, ngày 05 tháng 02 năm 2027" in pages[0]
    last = next(p for p in pages if "Nơi nhận:" in p)
    assert "chỉ đạo./." in last, "closing words and signature stay together"
    assert "PHÓ GIÁM ĐỐC Nguyễn Văn Mẫu" in last


def test_pages_are_numbered_from_the_second_and_appendices_from_their_own_second(pages):
    assert not pages[0].startswith("1")
    starts = [i for i, p in enumerate(pages) if "(Kèm theo Báo cáo số" in p]
    assert len(starts) == 4
    place = 1
    for index, page in enumerate(pages):
        place = 1 if index in starts else place + (index > 0)
        if place == 1:
            assert page.startswith("DỮ LIỆU"), page[:40]
        else:
            assert page.startswith(f"{place} DỮ LIỆU"), page[:40]


def test_demo_and_draft_are_named_on_every_page(pages):
    assert all("DỮ LIỆU TRÌNH DIỄN – không phải số liệu thật" in page for page in pages)
    draft = PdfReader(io.BytesIO(province_report_pdf(sample.draft(), "vi")))
    assert all("DỰ THẢO – chưa ban hành" in " ".join(p.extract_text().split()) for p in draft.pages)


def test_it_says_what_the_word_document_says(pages):
    from sachhon.documents.cites import split_cites
    from sachhon.documents.compose import Paragraph, compose

    everything = "".join("".join(p.split()) for p in pages)
    report = compose(sample.report(), "vi")
    said = [
        words
        for blocks in report.content.values()
        for block in blocks
        if isinstance(block, Paragraph)
        for words, _ in split_cites(block.text)
    ]
    beginnings = ["".join(words.split())[:40] for words in said]
    assert len(beginnings) > 30
    assert [b for b in beginnings if b not in everything] == []


def test_lineage_stands_at_the_foot_and_in_the_last_appendix(pages):
    everything = "\n".join(pages)
    assert everything.count("LS-2026-MT-1") >= 2
    assert "Công thức: 204 ÷ 255 × 100 = 80,0%" in everything
    assert "NGUỒN GỐC SỐ LIỆU" in everything


def test_only_the_shipped_type_is_used_and_all_of_it_embedded(reader):
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object()
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            fonts[font["/BaseFont"].split("+")[1]] = "/FontFile2" in descriptor
    assert set(fonts) <= {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    assert all(fonts.values())


def test_it_is_tagged_titled_and_of_the_archive_kind(reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    assert reader.metadata.title.startswith("Kết quả thực hiện sản xuất sạch hơn")
    assert reader.xmp_metadata.pdfaid_part == "2"


def test_the_same_report_is_the_same_file(content):
    assert province_report_pdf(sample.report(), "vi") == content


def test_what_people_typed_is_never_markup():
    data = sample.report()
    evil = '#panic("x") *bold* $x$ <script> \\ @ref'
    head = replace(data.letterhead, signer_name=evil)
    reader = PdfReader(
        io.BytesIO(province_report_pdf(replace(data, letterhead=head, next_tasks=(evil,)), "vi"))
    )
    text = " ".join(" ".join(p.extract_text().split()) for p in reader.pages)
    assert text.count('#panic("x") *bold* $x$ <script> \\ @ref') == 2


def test_english_prints_too():
    text = " ".join(
        PdfReader(io.BytesIO(province_report_pdf(sample.english(), "en"))).pages[0].extract_text().split()
    )
    assert "SOCIALIST REPUBLIC OF VIET NAM" in text
    assert "No.: 215/BC-SCT" in text


def test_previews_are_pages_as_pictures(reader):
    pictures = preview_pages(sample.report(), "vi", ppi=50)
    assert len(pictures) == len(reader.pages)
    first = Image.open(io.BytesIO(pictures[0]))
    assert (first.width, first.height) == pytest.approx((210 / 25.4 * 50, 297 / 25.4 * 50), abs=2)


@pytest.mark.parametrize(("words", "whole"), [(1, True), (80, False)])
def test_a_table_too_tall_for_a_page_goes_on_over_it(words, whole):
    columns = (Column("Bảng", kind="text"), Column("Cách tính", kind="text"))
    table = Table("t", "t", columns, tuple((f"Bảng {i}", "cộng số liệu " * words) for i in range(5)))
    assert pdf._table(table, 130.0, "vi")["whole"] is whole
