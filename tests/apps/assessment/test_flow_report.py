"""The chapters of the detailed report: what they say, for whom, and that they print."""

import io

import pytest
from docx import Document
from tests.apps.assessment.flow_making import add, brickworks

from sachhon.apps.assessment.documents.analysis import sections
from sachhon.apps.assessment.services.flow import costs as costing
from sachhon.apps.assessment.services.flow.secrets import keep_secret
from sachhon.documents.compose import FigureBlock, TableBlock
from sachhon.documents.docx_blocks import BlockWriter
from sachhon.documents.docx_template import build


@pytest.fixture
def told(cast):
    """The brickworks with its costs and a cause."""
    assessment, streams = brickworks(cast)
    add(cast.user("expert"), assessment, "cause", stream=streams["reject"].code, name="Nung không đều")
    costing.account(cast.user("expert"), assessment)
    return assessment, streams


def test_every_chapter_is_there_in_both_languages(cast, told):
    assessment, _streams = told
    vietnamese = [s.heading for s in sections(assessment, "vi", cast.user("expert"))]
    english = [s.heading for s in sections(assessment, "en", cast.user("expert"))]
    assert vietnamese[0] == "Sơ đồ dòng"
    assert english[0] == "Flow-sheet"
    assert len(vietnamese) == len(english) == 5  # no energy was drawn


def test_pictures_and_tables_print_in_word(cast, told):
    assessment, _streams = told
    document = build()
    writer = BlockWriter(document.part, {}, "vi")
    printed = sections(assessment, "vi", cast.user("expert"))
    blocks = [block for section in printed for block in section.blocks]
    pictures = [b for b in blocks if isinstance(b, FigureBlock)]
    sheets = [b for b in pictures if b.chart.code.startswith("flow-sheet")]
    assert len(sheets) >= 1
    assert len(pictures) - len(sheets) == 2  # mass and causes: no prices, no money
    xml = writer.write([b for b in blocks if isinstance(b, TableBlock | FigureBlock)])
    assert xml.count("<w:drawing>") == sum(isinstance(b, FigureBlock) for b in blocks)
    file = io.BytesIO()
    document.save(file)
    assert Document(io.BytesIO(file.getvalue())).part is not None


def test_a_report_for_other_eyes_holds_nothing_confidential(cast, told):
    assessment, streams = told
    keep_secret(cast.user("factory"), streams["coal"], price=True, quantity=True)
    text = str(sections(assessment, "vi", cast.user("department")))
    assert "620 tấn" not in text
    assert "bảo mật" in text
