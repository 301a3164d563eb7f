"""Whatever stands in whichever cell, the report is read and every problem has words."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workbooks.annual.reports import FULL

from sachhon.workbooks.annual.model import from_json, to_json
from sachhon.workbooks.annual.read import annual_score, read_annual
from sachhon.workbooks.annual.template import write_template
from sachhon.workbooks.grid import CellError, Sheet, Workbook, open_workbook

CLEAN = open_workbook(write_template(FULL))

VALUES = st.one_of(
    st.text(max_size=40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(dt.date(1899, 12, 31)),
    st.datetimes(dt.datetime(1899, 12, 31)),  # noqa: DTZ001
    st.times(),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=900)),
    st.just(CellError("#REF!")),
    st.sampled_from(["STT", "T1", "Tháng 13", "1.2.3", "12/13/2025", "-", "x", "=1+1", "ước", "năm 20255"]),
)
PLACES = st.tuples(st.integers(0, 8), st.integers(0, 30), st.integers(0, 24))


@settings(max_examples=250, deadline=None)
@given(st.lists(st.tuples(PLACES, VALUES), min_size=1, max_size=12))
def test_no_cell_stops_the_reading(changes):
    sheets = [Sheet(each.name, [list(row) for row in each.rows], hidden=each.hidden) for each in CLEAN.sheets]
    for (number, row, column), value in changes:
        rows = sheets[number % len(sheets)].rows
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    workbook = Workbook("fuzz.xlsx", "0", "xlsx", tuple(sheets))
    found = read_annual(workbook)
    assert from_json(to_json(found.data)) == found.data
    assert 0 <= annual_score(workbook) <= 1
    for problem in found.problems:
        assert problem.message("vi")
        assert problem.cure("en")
    assert all(cell for _, cell in found.origins.values())
