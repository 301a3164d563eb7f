"""The steps 5 and 6 in the detailed report: whose saving in which months, and every change of the plan."""

import datetime

import pytest
from tests.apps.assessment import test_choosing
from tests.apps.assessment.test_choosing import TODAY, carried_out, measured

from sachhon.apps.assessment.documents import detailed
from sachhon.apps.assessment.documents.detailed.told import decimal
from sachhon.apps.assessment.services import plan
from sachhon.documents.numbers import format_quantity
from sachhon.documents.paper_xlsx import paper_tables

assessment, records, three = test_choosing.assessment, test_choosing.records, test_choosing.three


@pytest.fixture
def done(cast, assessment, three):
    return carried_out(cast, assessment, three[1])


def table(cast, assessment, code):
    (found,) = (
        t for t in paper_tables(detailed.paper(cast.user("expert"), assessment, "vi")) if t.code == code
    )
    return [c.title for c in found.columns], found.rows


def test_each_row_of_the_verification_says_its_solutions_and_months(cast, assessment, done, three):
    measured(cast, assessment, done)
    later = carried_out(cast, assessment, three[0])
    measured(cast, assessment, later, report_from=datetime.date(2026, 3, 1))
    codes = [(done.code, "01/2026 – 06/2026"), (later.code, "03/2026 – 06/2026")]
    named = [(f"{o.code} {o.name}", months) for o, (_c, months) in zip((done, later), codes, strict=True)]
    for code, said in (("verified", codes), ("measuring", named)):
        titles, rows = table(cast, assessment, code)
        at = titles.index("Giải pháp"), titles.index("Kỳ báo cáo")
        assert [tuple(row[i] for i in at) for row in rows] == said


def test_a_day_of_completion_put_right_stands_in_the_plan_and_among_its_changes(cast, assessment, done):
    day = datetime.date(2026, 1, 31)
    values = {"done_on": day, "spent_vnd": 29_000_000}
    plan.plan_option(cast.user("expert"), done, values, done.version, reason="Đã làm xong từ trước")
    titles, ((*row,),) = table(cast, assessment, "plan")
    assert row[titles.index("Ngày xong")] == day
    titles, rows = table(cast, assessment, "changes")
    change, reason = (rows[-1][titles.index(t)] for t in ("Thay đổi", "Lý do"))
    assert f"Ngày xong: {TODAY:%d/%m/%Y} → 31/01/2026" in change
    assert "29" in change
    assert reason == "Đã làm xong từ trước"
    # what a step leaves as it is stands in no row
    assert not [r for r in rows if "– → –" in r[titles.index("Thay đổi")]]


def test_a_figure_of_the_report_is_rounded_once():
    assert format_quantity(decimal(11907.475123896438)) == format_quantity(11907.475123896438) == "11.907"
    assert decimal(0.1 + 0.2) == decimal(0.3)  # what is noise of binary figures stands nowhere
