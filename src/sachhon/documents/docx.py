"""The province's report as .docx: fills the template a clerk can edit in Word.

The form is the template's (`templates/province_report.docx`, made by `docx_template`), the words are
`compose`'s, the tables and pictures are `docx_blocks`'.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from sachhon.documents.compose import OUTLINE, Composed, compose
from sachhon.documents.docx_blocks import BlockWriter
from sachhon.documents.layout import LANDSCAPE_MM
from sachhon.documents.model import ProvinceReportData
from sachhon.documents.shapes import Lang

TEMPLATE = Path(__file__).parent / "templates" / "province_report.docx"
DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def province_report_docx(data: ProvinceReportData, lang: Lang = "vi", template: Path | None = None) -> bytes:
    """The report as a Word document; `template` may be an office's own copy of the shipped one."""
    report = compose(data, lang)
    word = DocxTemplate(str(template or TEMPLATE))
    word.init_docx()
    document: Any = word.docx
    writer = BlockWriter(document.part, report.notes, lang)
    word.render(_context(report, writer), strict_environment(), autoescape=True)
    add_footnotes(document, writer.footnotes())
    core = document.core_properties
    core.title, core.author = " ".join(report.subject), report.head["issuing_body"]
    core.language, core.comments = lang, report.head["banner"]
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _context(report: Composed, writer: BlockWriter) -> dict[str, Any]:
    """Sections are written in the order of the document, so that footnotes count up."""
    sections = [section for part in OUTLINE.values() for section in part]
    return {
        "head": report.head,
        "addressees": report.addressees,
        "copies": report.copies,
        "signer_titles": report.signer_titles,
        "subject": report.subject,
        "heading": {key: report.headings.get(key, "") for key in (*OUTLINE, *sections)},
        "content": {key: writer.write(report.content.get(key, ())) for key in sections},
        "closing": report.closing,
        "appendices": [
            {"head": a.head, "title": a.title, "attached": a.attached}
            | {"content": writer.write(a.blocks, LANDSCAPE_MM)}
            for a in report.appendices
        ],
    }


def strict_environment() -> Environment:
    """A placeholder nobody fills is an error: an office's template may not lose a part in silence."""
    return Environment(undefined=StrictUndefined, autoescape=True)


def add_footnotes(document: Any, footnotes: list[str]) -> None:
    """Puts what a `BlockWriter` cited into the document's own part of footnotes."""
    part = next(p for p in document.part.package.iter_parts() if p.partname == "/word/footnotes.xml")
    root = parse_xml(part.blob)
    for footnote in footnotes:
        root.append(parse_xml(footnote))
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
