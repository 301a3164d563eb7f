"""A plain paper: a head, a title, numbered sections of sentences, tables and pictures, and who signs.

What is not an official letter with number and recipients (that is `compose`): the report of an assessment, for
one. Word and PDF print the same `Paper`; whoever writes one has put everything into words.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst
from docx.document import Document
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate

from sachhon.documents.compose import Block
from sachhon.documents.docx import add_footnotes, strict_environment
from sachhon.documents.docx_blocks import BlockWriter
from sachhon.documents.layout import FONTS, PORTRAIT_MM
from sachhon.documents.pdf import plain_blocks
from sachhon.documents.shapes import Lang
from sachhon.documents.texts import clean

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Signer:
    """Under the last section: as whom, and the name."""

    title: str
    name: str


@dataclass(frozen=True)
class Paper:
    """Everything the paper says, in its language."""

    issuing_body: str
    right_head: tuple[str, str]
    """Two lines at the right of the head: nation and motto."""
    place_date: str
    kind: str
    """What the paper is, in capitals."""
    subject: tuple[str, ...]
    sections: tuple[Section, ...]
    signers: tuple[Signer, Signer]
    day: dt.date
    banner: str = ""
    """Said on every page: demonstration data, not signed yet."""


def paper_docx(paper: Paper, lang: Lang = "vi") -> bytes:
    """The paper as a Word document that an office can go on editing."""
    word = DocxTemplate(str(FOLDER / "paper.docx"))
    word.init_docx()
    document: Any = word.docx
    writer = BlockWriter(document.part, {}, lang)
    head = _head(paper)
    sections = [{"heading": clean(s.heading), "content": writer.write(s.blocks)} for s in paper.sections]
    word.render({"head": head, "sections": sections}, strict_environment(), autoescape=True)
    _keep_with_signature(document)
    add_footnotes(document, writer.footnotes())
    core = document.core_properties
    core.title, core.author, core.language = (
        " – ".join((paper.kind, *paper.subject)),
        paper.issuing_body,
        lang,
    )
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def paper_pdf(paper: Paper, lang: Lang = "vi") -> bytes:
    """The paper as a tagged PDF with embedded fonts."""
    pages = typst.compile(**_job(paper, lang), format="pdf", pdf_standards="a-2a")
    return pages if isinstance(pages, bytes) else b"".join(pages)


def paper_pages(paper: Paper, lang: Lang = "vi", ppi: float = 96) -> list[bytes]:
    """Every page as a PNG."""
    pages = typst.compile(**_job(paper, lang), format="png", ppi=ppi)
    return [pages] if isinstance(pages, bytes) else list(pages)


def _keep_with_signature(document: Document) -> None:
    """The last lines of the text stay with the signatures: names alone on a page could be put under any text."""
    signatures = document.tables[-1]._tbl
    before = signatures.getprevious()
    if before is not None and before.tag.endswith("}p"):
        Paragraph(before, document._body).paragraph_format.keep_with_next = True


def _head(paper: Paper) -> dict[str, Any]:
    left, right = paper.signers
    return {
        "issuing_body": clean(paper.issuing_body).upper(),
        "right": [clean(line) for line in paper.right_head],
        "place_date": clean(paper.place_date),
        "kind": clean(paper.kind),
        "subject": [clean(line) for line in paper.subject],
        "banner": clean(paper.banner),
        "signers": [{"title": clean(s.title), "name": clean(s.name)} for s in (left, right)],
    }


def _job(paper: Paper, lang: Lang) -> dict[str, Any]:
    content: dict[str, Any] = {
        "lang": lang,
        "head": _head(paper),
        "sections": [
            {"heading": clean(s.heading), "blocks": plain_blocks(s.blocks, {}, PORTRAIT_MM, lang)}
            for s in paper.sections
        ],
    }
    last = [block for section in content["sections"] for block in section["blocks"]][-1:]
    if last and last[0]["kind"] == "text":
        last[0]["stays"] = True
    return {
        "input": str(FOLDER / "paper.typ"),
        "root": str(FOLDER),
        "font_paths": [str(FONTS)],
        "ignore_system_fonts": True,
        "sys_inputs": {"paper": json.dumps(content, ensure_ascii=False)},
        "timestamp": dt.datetime(paper.day.year, paper.day.month, paper.day.day, tzinfo=dt.UTC),
    }


def build_template() -> Document:
    """Makes `templates/paper.docx`, on the same page form and styles as the province's report.

    Run `python -m sachhon.documents.paper` after a change here.
    """
    import docx

    from sachhon.documents import docx_template as form

    document = docx.Document()
    form.styles(document)
    form.page(document.sections[0])
    form.header(document.sections[0])
    document.add_paragraph(style="SH Rule")
    table = form.two_columns(document)
    left, right = table.rows[0].cells
    form.write(left.paragraphs[0], "{{ head.issuing_body }}", "SH Head Bold")
    form.rule(left.add_paragraph(), Mm(24))
    form.write(right.paragraphs[0], "{{ head.right[0] }}", "SH Nation")
    form.write(right.add_paragraph(), "{{ head.right[1] }}", "SH Motto")
    form.rule(right.add_paragraph(), Mm(18.5))
    left, right = table.add_row().cells
    form.write(right.paragraphs[0], "{{ head.place_date }}", "SH Place")
    document.add_paragraph("{{ head.kind }}", style="SH Title")
    document.add_paragraph("{%p for line in head.subject %}")
    document.add_paragraph("{{ line }}", style="SH Subject")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p for section in sections %}")
    document.add_paragraph("{{ section.heading }}", style="SH Part")
    document.add_paragraph("{{p section.content }}", style="SH Body")
    document.add_paragraph("{%p endfor %}")
    feet = form.two_columns(document)
    for cell, n in zip(feet.rows[0].cells, (0, 1), strict=True):
        form.write(cell.paragraphs[0], f"{{{{ head.signers[{n}].title }}}}", "SH Signer")
        cell.paragraphs[0].paragraph_format.space_before = Pt(18)
        name = cell.add_paragraph()
        form.write(name, f"{{{{ head.signers[{n}].name }}}}", "SH Signer")
        name.paragraph_format.space_before = Pt(64)
        name.paragraph_format.keep_with_next = False
    form.footnotes_part(document)
    return document


if __name__ == "__main__":
    build_template().save(str(FOLDER / "paper.docx"))
