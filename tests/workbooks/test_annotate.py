"""The annotated copy: problem cells marked, a list of them in front, nothing that could run."""

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlwt
from tests.workbooks.annual.reports import FULL

from sachhon.workbooks.annotate import annotated_copy
from sachhon.workbooks.annual.read import read_annual
from sachhon.workbooks.annual.template import write_template
from sachhon.workbooks.extract import extract
from sachhon.workbooks.grid import open_workbook
from sachhon.workbooks.problems import Problem
from sachhon.workbooks.suggest import suggest

FILES = Path(__file__).parent / "files"


def opened(data):
    return openpyxl.load_workbook(BytesIO(data))


def test_an_xlsx_keeps_its_look_and_gains_marks_and_a_first_sheet():
    original = (FILES / "hoa_don_dien_2025.xlsx").read_bytes()
    workbook = open_workbook(original, "hoa_don.xlsx")
    problems = extract(workbook, suggest(workbook)[0]).problems
    book = opened(annotated_copy(original, problems, "vi"))
    assert book.sheetnames[0] == "Vấn đề"
    cell = book["Hóa đơn điện"]["D13"]
    assert cell.fill.fgColor.rgb.endswith("FCE588")
    assert "tạm tính" in cell.comment.text
    assert [str(m) for m in book["Hóa đơn điện"].merged_cells.ranges] == ["A2:H2", "D5:F5"]
    listed = [[c.value for c in row] for row in book["Vấn đề"].iter_rows(min_row=4)]
    assert ["Cảnh báo", "Hóa đơn điện", "D13"] in [row[:3] for row in listed]


@pytest.mark.parametrize("name", ["nuoc.ods", "san_luong.xls", "cong_to_30phut.csv"])
def test_other_formats_come_back_as_an_xlsx_copy_of_the_same_values(name):
    original = (FILES / name).read_bytes()
    workbook = open_workbook(original, name)
    sheet = workbook.sheets[0]
    problem = Problem("error", "number_unreadable", sheet.name, "B4", {"value": "abc"})
    copy = annotated_copy(original, [problem], "en")
    again = open_workbook(copy)
    assert again.sheets[0].name == "Problems"
    places = [(r, c) for r in range(len(sheet.rows)) for c in range(sheet.width)]
    assert all(again.sheets[1].cell(r, c) == sheet.cell(r, c) for r, c in places)
    marked = opened(copy)[sheet.name]["B4"]
    assert marked.fill.fgColor.rgb.endswith("F8B4B4")
    assert "abc" in marked.comment.text


def test_text_that_could_run_is_written_as_text_everywhere():
    attack = "=cmd|'/C calc'!A0"
    old = xlwt.Workbook()
    page = old.add_sheet("S")
    page.write(0, 0, attack)
    page.write(1, 0, "+1+1")
    raw = BytesIO()
    old.save(raw)
    problem = Problem("error", "number_unreadable", "S", "A1", {"value": attack})
    book = opened(annotated_copy(raw.getvalue(), [problem]))
    assert (book["S"]["A1"].value, book["S"]["A1"].data_type) == (attack, "s")
    assert book["S"]["A2"].data_type == "s"
    assert not [c for page in book.worksheets for row in page.iter_rows() for c in row if c.data_type == "f"]


def test_a_program_starting_formula_in_an_xlsx_is_disarmed_and_ordinary_ones_stay():
    book = openpyxl.Workbook()
    page = book.active
    page["A1"], page["A2"], page["A3"] = 1, "=A1*2", "=cmd|'/C calc'!A0"
    page["A4"] = '=IF(A1=1,"a|b","c")'
    raw = BytesIO()
    book.save(raw)
    again = opened(annotated_copy(raw.getvalue(), []))[page.title]
    assert [again[f"A{i}"].data_type for i in (2, 3, 4)] == ["f", "s", "f"]


def test_a_problem_in_a_merged_cell_marks_its_first_cell():
    book = openpyxl.Workbook()
    page = book.active
    page["A1"], page["A2"] = "x", date(2025, 1, 1)
    page.merge_cells("A1:C1")
    raw = BytesIO()
    book.save(raw)
    problem = Problem("warning", "date_missing", page.title, "B1")
    again = opened(annotated_copy(raw.getvalue(), [problem]))[page.title]
    assert again["A1"].comment is not None


def test_the_same_problem_told_twice_is_listed_once():
    original = (FILES / "nuoc.ods").read_bytes()
    problem = Problem("warning", "date_missing", "Nước", "A3")
    book = opened(annotated_copy(original, [problem, problem]))
    assert len(list(book["Vấn đề"].iter_rows(min_row=4))) == 1


def test_a_problem_of_several_cells_marks_each_in_the_reader_s_numbers():
    book = openpyxl.Workbook()
    for row in range(1, 5):
        book.active.append([row, row * 10])
    raw = BytesIO()
    book.save(raw)
    figures = [["2025-01", "21003.806452", "15480.0", "B2"], ["2025-02", "5", "6", "B4"]]
    params = {"stated": "21003.806452", "computed": "15480.0", "cells": ["B2", "B4"], "figures": figures}
    problem = Problem("warning", "total_mismatch", book.active.title, "B2", params)
    for lang, wanted in (("vi", "21.003,81"), ("en", "21,003.81")):
        page = opened(annotated_copy(raw.getvalue(), [problem], lang))[book.active.title]
        assert [bool(page[cell].comment) for cell in ("B1", "B2", "B3", "B4")] == [False, True, False, True]
        assert wanted in page["B4"].comment.text


def test_formulas_of_several_sheets_left_uncalculated_are_marked_where_they_stand():
    book = openpyxl.load_workbook(BytesIO(write_template(FULL)))
    origins = read_annual(open_workbook(write_template(FULL))).origins
    places = [origins["lines.0.months.0"], origins["facility_name"]]
    assert len({sheet for sheet, _cell in places}) == 2
    for sheet, cell in places:
        book[sheet][cell] = "=100*2"
    raw = BytesIO()
    book.save(raw)
    workbook = open_workbook(raw.getvalue())
    (told,) = [p for p in read_annual(workbook).problems if p.rule == "formula_not_calculated"]
    assert told.sheet is None  # one note for the whole file, which names each cell with its sheet
    again = opened(annotated_copy(raw.getvalue(), [told]))
    for sheet, cell in places:
        assert again[sheet][cell].value == "=100*2"
        assert again[sheet][cell].fill.fgColor.rgb.endswith("FCE588")
        assert cell in again[sheet][cell].comment.text


@pytest.mark.parametrize("name", ["nuoc.ods", "san_luong.xls"])
def test_a_problem_of_several_sheets_marks_its_cells_in_a_converted_copy_too(name):
    original = (FILES / name).read_bytes()
    sheet = open_workbook(original, name).sheets[0].name
    problem = Problem("warning", "formula_not_calculated", params={"count": 1, "cells": [f"{sheet}!B4"]})
    marked = opened(annotated_copy(original, [problem]))[sheet]["B4"]
    assert marked.fill.fgColor.rgb.endswith("FCE588")
    assert "B4" in marked.comment.text
