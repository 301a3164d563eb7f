"""Figures in the words of a problem: in the reader's form, while the params stay as a machine reads them."""

import csv
import string
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.reference import resource
from sachhon.workbooks import problems
from sachhon.workbooks.extract import extract
from sachhon.workbooks.grid import open_workbook
from sachhon.workbooks.problems import Problem
from sachhon.workbooks.shown import Params
from sachhon.workbooks.suggest import suggest

FILES = Path(__file__).parent / "files"


def shown(form, value, lang="vi"):
    return ("{x:" + form + "}").format_map(Params({"x": value}, lang))


@pytest.mark.parametrize(
    ("form", "value", "vi", "en"),
    [
        ("number", "21003.806452", "21.003,81", "21,003.81"),
        ("number", "15480.0", "15.480", "15,480"),
        ("number", Decimal("212.8"), "212,8", "212.8"),
        ("number", "0.0041237", "0,00412", "0.00412"),
        ("number", "-3", "−3", "−3"),
        ("number", "ba tấn", "ba tấn", "ba tấn"),
        ("number", "-1e+30", "-1e+30", "-1e+30"),
        ("digits", "1.2345", "1,2345", "1.2345"),
        ("money", "76500000", "76.500.000", "76,500,000"),
        ("month", "2024-12", "12/2024", "12/2024"),
        ("period", "2024-12", "tháng 12/2024", "12/2024"),
        ("period", "2025-Q3", "quý 3/2025", "quarter 3 of 2025"),
        ("period", "2025-H1", "6 tháng đầu năm 2025", "the first half of 2025"),
        ("period", "2025", "cả năm 2025", "the year 2025"),
        ("unit", "k_vien", "nghìn viên", "thousand pieces"),
        ("unit", "bao tải", "bao tải", "bao tải"),
        ("bracketed", "kWh", " (kWh)", " (kWh)"),
        ("bracketed", "", "", ""),
        ("date", "2025-02-05", "05/02/2025", "05/02/2025"),
        ("list", ["B3", "C3"], "B3, C3", "B3, C3"),
        (
            "changes",
            [["2025-01", "90", "100.5", "B3"]],
            "01/2025 (B3): 90 → 100,5",
            "01/2025 (B3): 90 → 100.5",
        ),
        ("changes", [["2025-01", None, "7", ""]], "01/2025: 7", "01/2025: 7"),
    ],
)
def test_a_param_in_the_reader_s_form(form, value, vi, en):
    assert (shown(form, value, "vi"), shown(form, value, "en")) == (vi, en)


def test_a_long_list_ends_with_how_many_more_and_a_missing_param_stays_visible():
    assert shown("list", [f"B{n}" for n in range(1, 15)]).endswith("B12 và 2 mục nữa")
    assert "{y:number}{y:bracketed}".format_map(Params({}, "vi")) == "{y}"
    assert len(shown("", "x" * 1000)) == 120


@given(st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=6))
def test_a_printed_number_is_the_number_rounded(value):
    for lang, drop, comma in (("vi", ".", ","), ("en", ",", ".")):
        back = Decimal(
            shown("number", str(value), lang).replace(drop, "").replace(comma, ".").replace("−", "-")
        )
        assert abs(back - value) <= Decimal("0.005")


def test_params_are_kept_plain():
    params = {"quantity": Decimal("21003.806452"), "on": date(2025, 2, 5), "cells": ("B3", "B4"), "count": 2}
    assert Problem("info", "estimated", params=params).to_dict()["params"] == {
        "quantity": "21003.806452",
        "on": "2025-02-05",
        "cells": ["B3", "B4"],
        "count": 2,
    }


def test_what_lies_outside_the_year_is_told_in_the_reader_s_numbers_and_months():
    workbook = open_workbook((FILES / "hoa_don_dien_2025.xlsx").read_bytes(), "hoa_don_dien_2025.xlsx")
    told = [p for p in extract(workbook, suggest(workbook)[0]).problems if p.rule == "outside_year"]
    assert told[0].params["period"] == "2024-12"
    assert told[0].message("vi").startswith("21.003,81 kWh của tháng 12/2024 nằm ngoài năm 2025")
    assert told[0].message("en").startswith("21,003.81 kWh of 12/2024 lies outside 2025")


def test_every_form_a_message_asks_for_is_known():
    asked = set()
    for path in problems._CATALOGUES:
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                texts = [text for column, text in row.items() if column != "rule"]
                asked |= {form for text in texts for _, _, form, _ in string.Formatter().parse(text) if form}
    assert {"number", "kept"} <= asked
    for form in asked:
        value = [] if form in ("list", "changes", "kept") else "x"
        assert shown(form, value) in ("", "x", " (x)")


def test_a_thing_of_the_catalogue_is_named_in_the_language_of_the_message():
    power = resource("electricity")
    params = {"item": power.name_vi, "period": "2025"}
    assert power.name_en in Problem("warning", "period_spread", params=params).message("en")
    assert power.name_vi in Problem("warning", "period_spread", params=params).message("vi")
    own = Problem("warning", "period_spread", params={**params, "item": "Than Na Dương loại 2"}).message("en")
    assert "Than Na Dương loại 2" in own
