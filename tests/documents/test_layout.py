"""Columns of printed tables: they fill the line and break no word."""

import datetime as dt
from decimal import Decimal as D

import pytest

from sachhon.documents import report_tables as tables
from sachhon.documents.compose import Paragraph, TableBlock
from sachhon.documents.docx_blocks import BlockWriter
from sachhon.documents.layout import KEEP_WHOLE, LANDSCAPE_MM, PORTRAIT_MM, column_widths, kept_whole
from sachhon.documents.pdf import plain_blocks
from sachhon.documents.shapes import Column, Table

from . import sample


def test_weights_share_the_line_where_all_words_fit():
    table = Table("t", "t", (Column("a", width=3), Column("b", width=1)), ())
    assert column_widths(table, 100, "vi") == [75, 25]


def test_a_long_word_widens_its_column_at_the_cost_of_the_others():
    table = Table("t", "t", (Column("a", width=9), Column("Facilities", width=1)), ((D(1), None),))
    widths = column_widths(table, 60, "en")
    assert widths[1] > 15
    assert sum(widths) == pytest.approx(60)


def test_what_cannot_fit_shrinks_evenly():
    table = Table("t", "t", tuple(Column("Facilities") for _ in range(20)), ())
    assert column_widths(table, 100, "en") == pytest.approx([5] * 20)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_reports_tables_have_room_for_every_word(lang):
    data = sample.report()
    area, sector = data.breakdown("area"), data.breakdown("sector")
    for table, width in (
        (tables.targets_table(data, lang), PORTRAIT_MM),
        (tables.savings_table(data, lang), PORTRAIT_MM),
        (tables.breakdown_table(sector, lang), PORTRAIT_MM),
        (tables.breakdown_table(area, lang, wide=True), LANDSCAPE_MM),
        (tables.consumption_table(data, lang), PORTRAIT_MM),
    ):
        widths = column_widths(table, width, lang)
        assert sum(widths) == pytest.approx(width)
        assert widths[0] >= 25, table.code


def test_few_rows_of_long_texts_are_not_kept_on_one_page():
    columns = (Column("Bảng", kind="text"), Column("Cách tính", kind="text"))
    widths = [30.0, 100.0]

    def table(rows: int, words: int) -> Table:
        return Table("t", "t", columns, tuple((f"Bảng {i}", "cộng số liệu " * words) for i in range(rows)))

    assert kept_whole(table(KEEP_WHOLE, 1), widths, "vi")
    assert not kept_whole(table(KEEP_WHOLE + 1, 1), widths, "vi")
    assert not kept_whole(table(KEEP_WHOLE, 20), widths, "vi")
    assert kept_whole(table(2, 20), widths, "vi")
    assert not kept_whole(
        table(4, 20), widths, "vi"
    )  # more than a quarter of a page would leave that much white


def test_a_date_is_not_broken_into_two_lines():
    columns = (Column("When", "date"), *(Column("What", width=9) for _ in range(3)))
    row = (dt.date(2026, 12, 22), "x", "x", "x")
    words = Table("t", "t", (Column("22Dec2026"), *columns[1:]), ())
    assert column_widths(Table("t", "t", columns, (row,)), 60, "en")[0] >= column_widths(words, 60, "en")[0]


def test_a_sentence_before_a_table_stays_with_it_on_paper():
    table = TableBlock("T", Table("t", "t", (Column("a"),), (("x",),)))
    blocks = (Paragraph("alone"), Paragraph("leads in"), table, Paragraph("after"))
    assert [bool(b.get("stays")) for b in plain_blocks(blocks, {}, 100, "en")] == [False, True, False, False]
    written = BlockWriter(None, {}, "en").write(blocks)
    kept = [("<w:keepNext/>" in p) for p in written.split("<w:p>") if "alone" in p or "leads in" in p]
    assert kept == [False, True]
