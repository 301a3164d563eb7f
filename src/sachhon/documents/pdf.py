"""The province's report as PDF and as pictures of its pages, set by typst.

Prints the same `compose`d words as the Word document, on the same page form (`templates/province_report.typ`),
with the shipped fonts only: the same bytes on every machine.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from sachhon.documents.charts import to_svg
from sachhon.documents.cites import split_cites
from sachhon.documents.compose import (
    OUTLINE,
    Block,
    Composed,
    FigureBlock,
    Heading,
    Paragraph,
    Photo,
    PhotosBlock,
    compose,
    stays_with_next,
)
from sachhon.documents.layout import (
    FONTS,
    LANDSCAPE_MM,
    PHOTOS_A_ROW,
    PORTRAIT_MM,
    SMALL_INK,
    SMALL_PT,
    column_widths,
    head_text,
    kept_whole,
)
from sachhon.documents.model import ProvinceReportData
from sachhon.documents.numbers import format_cell
from sachhon.documents.shapes import Lang, Note, Table
from sachhon.documents.texts import clean

TEMPLATE = Path(__file__).parent / "templates" / "province_report.typ"
PDF_MIME = "application/pdf"
_LONG_WORD = re.compile(r"\S{20,}")
_BREAKS = re.compile(r"[./_@-]")


def province_report_pdf(data: ProvinceReportData, lang: Lang = "vi") -> bytes:
    """The report as a tagged PDF with embedded fonts, fit for the archive (PDF/A-2)."""
    pages = typst.compile(**_job(data, lang), format="pdf", pdf_standards="a-2a")
    return pages if isinstance(pages, bytes) else b"".join(pages)


def preview_pages(data: ProvinceReportData, lang: Lang = "vi", ppi: float = 96) -> list[bytes]:
    """Every page as a PNG, to look at before the report is issued."""
    pages = typst.compile(**_job(data, lang), format="png", ppi=ppi)
    return [pages] if isinstance(pages, bytes) else list(pages)


def _job(data: ProvinceReportData, lang: Lang) -> dict[str, Any]:
    report = _plain(compose(data, lang), lang)
    issued = data.letterhead.date or data.reporting.as_of
    return {
        "input": str(TEMPLATE),
        "root": str(TEMPLATE.parent),
        "font_paths": [str(FONTS)],
        "ignore_system_fonts": True,
        "sys_inputs": {"report": json.dumps(report, ensure_ascii=False)},
        "timestamp": dt.datetime(issued.year, issued.month, issued.day, tzinfo=dt.UTC),
    }


def _plain(report: Composed, lang: Lang) -> dict[str, Any]:
    """The report as the template reads it. All words are data there, never markup."""
    parts = [
        {
            "heading": report.headings[part],
            "sections": [
                {
                    "heading": "" if section == part else report.headings[section],
                    "blocks": plain_blocks(report.content[section], report.notes, PORTRAIT_MM, lang),
                }
                for section in sections
                if section in report.content
            ],
        }
        for part, sections in OUTLINE.items()
        if part in report.headings
    ]
    return {
        "lang": lang,
        "title": " ".join(report.subject),
        "head": report.head,
        "subject": report.subject,
        "addressees": report.addressees,
        "copies": report.copies,
        "signer_titles": report.signer_titles,
        "parts": parts,
        "closing": report.closing,
        "appendices": [
            {
                "head": a.head,
                "title": a.title,
                "attached": a.attached,
                "blocks": plain_blocks(a.blocks, report.notes, LANDSCAPE_MM, lang),
            }
            for a in report.appendices
        ],
    }


def plain_blocks(
    blocks: Sequence[Block], notes: dict[str, Note], width_mm: float, lang: Lang
) -> list[dict[str, Any]]:
    """Blocks as `blocks.typ` reads them."""
    return [
        _block(block, notes, width_mm, lang) | ({"stays": True} if stays_with_next(blocks, index) else {})
        for index, block in enumerate(blocks)
    ]


def _note(note: Note) -> dict[str, Any]:
    return {"note": note.words, "code": note.code, "small": SMALL_PT, "ink": SMALL_INK}


def _block(block: Block, notes: dict[str, Note], width_mm: float, lang: Lang) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        runs = [
            {"text": words} if code is None else _note(notes[code]) for words, code in split_cites(block.text)
        ]
        return {"kind": "text", "runs": runs}
    if isinstance(block, Heading):
        return {"kind": "heading", "text": clean(block.text)}
    if isinstance(block, FigureBlock):
        chart = block.chart
        return {
            "kind": "picture",
            "caption": block.caption,
            "svg": to_svg(chart),
            "alt": clean(chart.description),
        }
    if isinstance(block, PhotosBlock):
        return {
            "kind": "photos",
            "columns": PHOTOS_A_ROW,
            "photos": [{"svg": _photo_svg(p), "caption": clean(p.caption)} for p in block.photos],
        }
    return {"kind": "table", "caption": block.caption} | _table(block.table, width_mm, lang)


def _photo_svg(photo: Photo) -> str:
    """The photo in an SVG around it: all that a document is made of goes to typst as text."""
    data = base64.b64encode(photo.jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{photo.width}" height="{photo.height}">'
        f'<image width="{photo.width}" height="{photo.height}" href="data:image/jpeg;base64,{data}"/></svg>'
    )


def _table(table: Table, width_mm: float, lang: Lang) -> dict[str, Any]:
    lines = [*table.rows, *([table.total] if table.total is not None else [])]
    strong = [*table.strong_rows, *([len(table.rows)] if table.total is not None else [])]
    widths = column_widths(table, width_mm, lang)
    return {
        "widths": widths,
        "heads": [head_text(column) for column in table.columns],
        "aligns": ["left" if column.kind == "text" else "right" for column in table.columns],
        "rows": [
            [
                clean(format_cell(value, column, lang))
                for column, value in zip(table.columns, line, strict=True)
            ]
            for line in lines
        ],
        "strong": strong,
        "note": clean(table.note),
        "whole": kept_whole(table, widths, lang),
    }


def _breakable(text: str) -> str:
    """Long words without a space (codes, addresses) may break after their points and dashes."""
    return _LONG_WORD.sub(lambda word: _BREAKS.sub("\\g<0>\u200b", word[0]), text)
