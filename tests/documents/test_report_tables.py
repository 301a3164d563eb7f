"""Numbers of one table are written alike, and counts of the text in one way."""

from dataclasses import replace

from sachhon.documents.cites import split_cites
from sachhon.documents.compose import Paragraph, compose
from sachhon.documents.report_tables import breakdown_table, savings_table, solutions_table

from . import sample


def money_decimals(table):
    return {
        column.decimals for column in table.columns if column.kind == "number" and column.unit == "triệu đồng"
    }


def test_all_money_of_a_table_has_the_same_digits():
    data = sample.report()
    row = replace(data.solutions.rows[0], investment_vnd=2_346_000_000, saving_vnd=646_000_000)
    data = replace(data, solutions=replace(data.solutions, rows=(row,), total=row))
    assert money_decimals(solutions_table(data, "vi")) == {0}
    small = replace(row, investment_vnd=46_000_000)
    data = replace(data, solutions=replace(data.solutions, rows=(small,), total=small))
    assert money_decimals(solutions_table(data, "vi")) == {1}
    for wide in (False, True):
        for breakdown in data.breakdowns:
            assert len(money_decimals(breakdown_table(breakdown, "vi", wide=wide))) == 1
    assert len(money_decimals(savings_table(data, "vi"))) == 1


def test_every_count_of_the_text_has_two_digits():
    data = sample.report()
    status = replace(data.reporting, required=8, on_time=5, late=1, missing=2)
    intro = replace(
        data.introduction,
        facilities=replace(data.introduction.facilities, value=8),
        further=tuple(replace(f, value=3, decimals=0) for f in data.introduction.further[:1]),
    )
    sector = data.breakdown("sector")
    rows = tuple(replace(r, applying=1, facilities=7) for r in sector.rows[:1])
    cuts = tuple(replace(b, rows=rows) if b is sector else b for b in data.breakdowns)
    report = compose(replace(data, reporting=status, introduction=intro, breakdowns=cuts), "vi")
    blocks = [b.text for blocks in report.content.values() for b in blocks if isinstance(b, Paragraph)]
    text = " ".join("".join(word for word, _code in split_cites(block)) for block in blocks)
    assert "có 08 cơ sở sản xuất công nghiệp" in text
    assert "có 06/08 cơ sở đã nộp báo cáo" in text
    assert "(01/07 cơ sở)" in text
    assert ": 03 " in text
