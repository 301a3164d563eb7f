"""The papers of an assessment as pages: place and day, headings, signatures, dates, pictures that can be read."""

import io
import re

import pytest
from docx import Document
from docx.oxml.ns import qn
from tests.apps.assessment.flow_making import brickworks

from sachhon.apps.assessment.documents import detailed, quick
from sachhon.apps.assessment.services import quick_result
from sachhon.apps.assessment.services.flow import costs as costing
from sachhon.apps.registry.models import Area
from sachhon.documents.compose import FigureBlock, Heading, TableBlock
from sachhon.documents.drawings import Arrow, Band, Box, flow_sheet, sankey
from sachhon.documents.paper_xlsx import paper_tables
from sachhon.documents.pdf import plain_blocks


@pytest.fixture
def made(cast):
    assessment, _streams = brickworks(cast)
    costing.account(cast.user("expert"), assessment)
    return cast.user("expert"), assessment


@pytest.mark.parametrize(
    ("lang", "heading", "first_day"),
    [("vi", "2.1. Sơ đồ dòng", "01/01/2025"), ("en", "2.1. Flow-sheet", "1 Jan 2025")],
)
def test_chapters_of_a_step_have_headings_that_stay_with_their_text(made, lang, heading, first_day):
    document = Document(io.BytesIO(detailed.report(*made, lang, "docx")))
    styles = {p.text: p.style for p in document.paragraphs}
    assert styles[heading].name == "SH Section"
    assert styles[heading].paragraph_format.keep_with_next
    assert first_day in next(text for text in styles if "Sơ đồ có" in text or "flow-sheet has" in text)


def test_signatures_do_not_stand_alone_and_the_head_has_its_lines(made):
    document = Document(io.BytesIO(detailed.report(*made, "vi", "docx")))
    last = document.tables[-1]._tbl.getprevious()
    assert last.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None
    head = document.tables[0].rows[0].cells
    assert all("w:pBdr" in cell._tc.xml for cell in head)


def test_the_head_names_the_place_of_the_province(made):
    _user, assessment = made
    said = detailed.paper(*made, "vi").place_date
    province = Area.objects.get(
        code=assessment.facility.province_code, level=Area.Level.PROVINCE, valid_to=None
    )
    assert said.startswith(f"{province.name_vi.removeprefix('Tỉnh ')}, ngày ")


def test_the_numbers_of_a_sankey_are_in_the_workbook_too(made):
    told = detailed.paper(*made, "vi")
    pictures = [b.chart for s in told.sections for b in s.blocks if isinstance(b, FigureBlock)]
    drawn = {c.code for c in pictures if c.code.startswith("sankey-")}
    assert drawn
    assert drawn <= {table.code for table in paper_tables(told)}


def test_headings_reach_the_pdf_as_headings(made):
    blocks = [b for s in detailed.paper(*made, "vi").sections for b in s.blocks]
    plain = plain_blocks(blocks, {}, 165.0, "vi")
    assert {"kind": "heading", "text": "2.1. Sơ đồ dòng"} in plain


def test_an_address_does_not_name_its_area_twice(walk):
    facility = walk.assessment.facility
    facility.address = f"Thôn 1, {facility.area.name_vi}, tỉnh Lạng Sơn"
    facility.save()
    kept = quick_result.current(walk.assessment, walk.sheet)
    for lang in ("vi", "en"):
        rows = dict(
            quick.paper(walk.centre, walk.assessment, walk.sheet, kept, lang).sections[0].blocks[0].table.rows
        )
        assert facility.address in rows.values()


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    return float(found[1]), float(found[2])


def test_a_sankey_of_one_process_is_drawn_narrow_and_cuts_no_amount():
    name = "Labour, depreciation, upkeep of the whole works"
    bands = [Band("a", name, "", "Cắt", 2950, "system"), Band("b", "Loss", "Cắt", "", 2950, "loss")]
    svg = sankey("s", "t", "d", bands, lambda v: f"{v:.0f} million VND")
    assert _size(svg)[0] <= 700  # 12 units of 700 over 165 mm are 8 points
    assert "…" not in svg
    assert svg.count("million VND") == 2


def test_a_flow_sheet_of_many_streams_leaves_no_wide_margin():
    arrows = [Arrow(f"S{k}", "Thép tấm", "P1", "", "waste", "10 tấn") for k in range(11)]
    svg = flow_sheet("f", "t", "d", [Box("P1", "Cắt", 0, 0)], arrows)
    assert _size(svg)[0] == pytest.approx(10 * 92 + 2 * (46 + 12), abs=1)


def test_no_table_repeats_the_heading_it_stands_under(made):
    above = ""
    for section in detailed.paper(*made, "en").sections:
        above = section.heading
        for block in section.blocks:
            if isinstance(block, TableBlock):
                assert not (block.caption and above.endswith(block.caption)), above
            above = block.text if isinstance(block, Heading) else ""
