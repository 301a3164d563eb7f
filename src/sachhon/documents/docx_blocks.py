"""Paragraphs, tables and pictures of the report as WordprocessingML, in the styles of the template.

Written as text rather than built element by element: a report has thousands of cells, and this is some
twenty times as fast. Everything a person typed goes through `escape`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.shape import CT_Inline
from docx.oxml.xmlchemy import serialize_for_reading
from docx.parts.story import StoryPart
from docx.shared import Length, Mm
from markupsafe import Markup

from sachhon.documents.charts import to_png
from sachhon.documents.cites import split_cites
from sachhon.documents.compose import (
    Block,
    FigureBlock,
    Heading,
    Paragraph,
    Photo,
    PhotosBlock,
    stays_with_next,
)
from sachhon.documents.layout import (
    KEEP_WHOLE,
    PHOTOS_A_ROW,
    PORTRAIT_MM,
    SMALL_INK,
    SMALL_PT,
    column_widths,
    head_text,
    kept_whole,
)
from sachhon.documents.numbers import format_cell
from sachhon.documents.shapes import Cell, ChartSpec, Column, Lang, Note, Table
from sachhon.documents.texts import clean

_TWIPS = 1440 / 25.4
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARK = '<w:rPr><w:rStyle w:val="SHFootnoteMark"/><w:vertAlign w:val="superscript"/></w:rPr>'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


class BlockWriter:
    """Writes blocks for one document and collects its footnotes: `cited` is in the order of their numbers."""

    def __init__(self, part: StoryPart, notes: dict[str, Note], lang: Lang) -> None:
        self._part = part
        self._notes = notes
        self._lang: Lang = lang
        self.cited: list[str] = []

    def write(self, blocks: Sequence[Block], width_mm: float = PORTRAIT_MM) -> Markup:
        parts = (self._block(b, width_mm, stays=stays_with_next(blocks, i)) for i, b in enumerate(blocks))
        return Markup("".join(parts))  # noqa: S704  (escaped below)

    def footnotes(self) -> list[str]:
        """Footnotes 1, 2 … as XML elements."""
        return [
            f'<w:footnote {_W} w:id="{number}"><w:p>{_style("SHFootnote")}'
            f"<w:r>{_MARK}<w:footnoteRef/></w:r>"
            f"{_run(' ' + self._notes[code].words)}{_run(self._notes[code].code, small=True)}</w:p></w:footnote>"
            for number, code in enumerate(self.cited, 1)
        ]

    def _block(self, block: Block, width_mm: float, *, stays: bool) -> str:
        if isinstance(block, Paragraph):
            return f"<w:p>{_style('SHBody', keep=stays)}{self._runs(block.text)}</w:p>"
        if isinstance(block, Heading):
            return _paragraph("SHSection", clean(block.text))
        if isinstance(block, FigureBlock):
            return self._picture(block.chart, width_mm) + _paragraph("SHPictureCaption", block.caption)
        if isinstance(block, PhotosBlock):
            return self._photos(block.photos, width_mm) + _paragraph("SHRule", "")
        caption = _paragraph("SHCaption", block.caption) if block.caption else ""
        note = clean(block.table.note)
        # Word wants a paragraph after a table; without a note it is a low one, which does not open a new page.
        after = _paragraph("SHTableNote", note) if note else _paragraph("SHRule", "")
        return caption + self._table(block.table, width_mm) + after

    def _runs(self, text: str) -> str:
        runs = []
        for words, code in split_cites(text):
            if code is None:
                runs.append(_run(words))
            elif code in self._notes:
                self.cited.append(code)
                runs.append(f'<w:r>{_MARK}<w:footnoteReference w:id="{len(self.cited)}"/></w:r>')
        return "".join(runs)

    def _picture(self, chart: ChartSpec, width_mm: float) -> str:
        width = Mm(min(width_mm, PORTRAIT_MM))
        return self._image(to_png(chart), f"{chart.code}.png", width, chart.title, chart.description)

    def _photos(self, photos: Sequence[Photo], width_mm: float) -> str:
        """Some a row in a table without lines; a row stays on one page."""
        side = min(width_mm, PORTRAIT_MM) / PHOTOS_A_ROW
        twips = round(side * _TWIPS)
        form = f'<w:tcPr><w:tcW w:w="{twips}" w:type="dxa"/></w:tcPr>'
        cells = []
        for n, photo in enumerate(photos, 1):
            image = self._image(photo.jpeg, f"photo-{n}.jpg", Mm(side - 4), photo.caption, photo.caption)
            cells.append(f"<w:tc>{form}{image}{_paragraph('SHPictureCaption', photo.caption)}</w:tc>")
        empty = f"<w:tc>{form}{_paragraph('SHRule', '')}</w:tc>"
        cells += [empty] * (-len(cells) % PHOTOS_A_ROW)
        rows = [
            f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells[i : i + PHOTOS_A_ROW])}</w:tr>"
            for i in range(0, len(cells), PHOTOS_A_ROW)
        ]
        column = f'<w:gridCol w:w="{twips}"/>'
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{twips * PHOTOS_A_ROW}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{column * PHOTOS_A_ROW}</w:tblGrid>'
            f"{''.join(rows)}</w:tbl>"
        )

    def _image(self, content: bytes, name: str, width: Length, title: str, description: str) -> str:
        rid, image = self._part.get_or_add_image(io.BytesIO(content))
        height = Length(width * image.px_height // image.px_width)
        inline: Any = CT_Inline.new_pic_inline(self._part.next_id, rid, name, width, height)
        inline.docPr.set("title", clean(title))
        inline.docPr.set("descr", clean(description))
        return f"<w:p>{_style('SHPicture')}<w:r><w:drawing>{serialize_for_reading(inline)}</w:drawing></w:r></w:p>"

    def _table(self, table: Table, width_mm: float) -> str:
        widths_mm = column_widths(table, width_mm, self._lang)
        widths = [round(mm * _TWIPS) for mm in widths_mm]
        grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
        head = "".join(
            _cell(w, "SHTableHead", head_text(column), shade=True)
            for w, column in zip(widths, table.columns, strict=True)
        )
        lines = [*table.rows, *([table.total] if table.total is not None else [])]
        strong = {*table.strong_rows, *([len(table.rows)] if table.total is not None else [])}
        whole = kept_whole(table, widths_mm, self._lang)
        rows = [
            self._row(table.columns, widths, line, bold=i in strong, keep=_stays(i, len(lines), whole))
            for i, line in enumerate(lines)
        ]
        described = f"<w:tblCaption w:val={quoteattr(clean(table.title))}/>"
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>'
            '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
            f"{described}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
            f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{''.join(rows)}</w:tbl>"
        )

    def _row(
        self,
        columns: Sequence[Column],
        widths: Sequence[int],
        row: Sequence[Cell],
        *,
        bold: bool,
        keep: bool,
    ) -> str:
        cells = []
        for column, width, value in zip(columns, widths, row, strict=True):
            style = "SHTableText" if column.kind == "text" else "SHTableNumber"
            text = clean(format_cell(value, column, self._lang))
            cells.append(_cell(width, style, text, bold=bold, keep=keep))
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _stays(index: int, count: int, whole: bool) -> bool:
    """Whether a row stays with the next: all of a short table, some at each end of a long or tall one."""
    if index == count - 1:
        return False
    ends = 2 if count > KEEP_WHOLE else 1
    return whole or index < ends or index >= count - 1 - ends


def _cell(
    width: int, style: str, text: str, *, bold: bool = False, shade: bool = False, keep: bool = False
) -> str:
    fill = '<w:shd w:val="clear" w:color="auto" w:fill="EDEFEE"/>' if shade else ""
    stay = "<w:keepNext/>" if keep else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{stay}</w:pPr>{_run(text, bold)}</w:p></w:tc>'
    )


def _paragraph(style: str, text: str) -> str:
    return f"<w:p>{_style(style)}{_run(text)}</w:p>"


def _style(name: str, *, keep: bool = False) -> str:
    stay = "<w:keepNext/>" if keep else ""
    return f'<w:pPr><w:pStyle w:val="{name}"/>{stay}</w:pPr>'


def _run(text: str, bold: bool = False, small: bool = False) -> str:
    look = "<w:b/>" if bold else ""
    look += f'<w:color w:val="{SMALL_INK}"/><w:sz w:val="{2 * SMALL_PT}"/>' if small else ""
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
