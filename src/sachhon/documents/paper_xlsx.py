"""All figures of a plain paper as .xlsx: every table and the numbers of every picture, a sheet each."""

from __future__ import annotations

import io
from collections.abc import Iterator

from xlsxwriter import Workbook

from sachhon.documents.compose import FigureBlock, TableBlock
from sachhon.documents.export import sheet_name
from sachhon.documents.paper import Paper
from sachhon.documents.shapes import Lang, Table
from sachhon.documents.sheets import WORKBOOK_OPTIONS, Styles, write_table
from sachhon.documents.texts import clean


def paper_xlsx(paper: Paper, lang: Lang = "vi") -> bytes:
    """The workbook; a paper without a table has one sheet that says what it is."""
    buffer = io.BytesIO()
    book = Workbook(buffer, WORKBOOK_OPTIONS)
    book.set_properties(
        {"title": " – ".join((paper.kind, *paper.subject)), "author": clean(paper.issuing_body)}
    )
    styles = Styles(book, lang)
    names: list[str] = []
    for table in paper_tables(paper) or [Table("paper", paper.kind, (), ())]:
        names.append(sheet_name(clean(table.title), names))
        write_table(
            book.add_worksheet(names[-1]),
            styles,
            title=table.title,
            columns=table.columns,
            rows=table.rows,
            total=table.total,
            strong_rows=table.strong_rows,
            notes=[table.note] if table.note else [],
            banner=paper.banner,
        )
    book.close()
    return buffer.getvalue()


def paper_tables(paper: Paper) -> list[Table]:
    """Its tables in order, those behind the pictures among them."""
    return list(_tables(paper))


def _tables(paper: Paper) -> Iterator[Table]:
    for section in paper.sections:
        for block in section.blocks:
            if isinstance(block, TableBlock):
                yield block.table
            elif isinstance(block, FigureBlock) and block.chart.table is not None:
                yield block.chart.table
