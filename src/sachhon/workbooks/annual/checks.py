"""What the form checks while it is filled in: drop-downs, limits, the words shown when a cell is entered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from sachhon.workbooks.annual.labels import Lang, label
from sachhon.workbooks.annual.layout import FIRST_YEAR, Column, Field, Table
from sachhon.workbooks.annual.style import Styles

_LONG_AGO = FIRST_YEAR - 30
"""A factory may have applied cleaner production, or started a measure, long before the first report."""


def write_checks(page: Worksheet, styles: Styles, table: Table, lang: Lang, first: int, last: int) -> None:
    """The checks of a table's columns, each over its whole range at once."""
    months = [at for at, column in enumerate(table.columns) if column.key == "month"]
    if months:
        page.data_validation(first, months[0], last, months[-1], _number_check("number", lang))
        _show_whole_numbers_whole(page, styles, first, table.place("last_year"), last, months[-1] + 1)
    for at, column in enumerate(table.columns):
        if column.key == "month":
            continue
        check = _check(column, lang)
        if check is not None:
            page.data_validation(first, at, last, at, check)
        if column.key == "saved_quantity":
            _show_whole_numbers_whole(page, styles, first, at, last, at)


def field_check(entry: Field, year: int, lang: Lang) -> dict[str, Any] | None:
    """The check of one field of sheet 1, or None where anything may be written."""
    if entry.kind == "choice":
        return _list_check(entry.choices, label("ask.choice", lang))
    if entry.kind in ("number", "money"):
        return _number_check(entry.kind, lang)
    if entry.kind == "year":
        first = FIRST_YEAR if entry.key == "year" else _LONG_AGO
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": first,
            "maximum": year,
            "error_message": label("ask.year", lang, first=first, last=year),
        }
    return None


def _show_whole_numbers_whole(
    page: Worksheet, styles: Styles, row: int, column: int, last_row: int, last_column: int
) -> None:
    """A format with optional decimals leaves a lone decimal sign behind a whole number; this takes it off."""
    cell = xl_rowcol_to_cell(row, column)
    page.conditional_format(
        row,
        column,
        last_row,
        last_column,
        {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}=INT({cell}))", "format": styles.whole},
    )


def _check(column: Column, lang: Lang) -> dict[str, Any] | None:
    if column.kind == "choice":
        return _list_check(column.choices, label("ask.choice", lang))
    if column.kind == "unit":
        return _list_check(column.choices, label("ask.unit", lang))
    if column.kind in ("number", "money"):
        return _number_check(column.kind, lang)
    if column.kind == "date":
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": dt.date(_LONG_AGO, 1, 1),
            "maximum": dt.date(2100, 1, 1),
            "error_type": "warning",
            "input_message": label("ask.date", lang),
        }
    if column.kind in ("months", "total"):
        key = "estimated" if column.kind == "months" else "total"
        return {"validate": "any", "input_message": label(f"ask.{key}", lang)}
    return None


def _list_check(name: str, message: str) -> dict[str, Any]:
    # A warning, not a stop: a factory may keep a kind or a unit that no list has.
    return {"validate": "list", "source": f"=list_{name}", "error_type": "warning", "input_message": message}


def _number_check(kind: str, lang: Lang) -> dict[str, Any]:
    return {
        "validate": "decimal",
        "criteria": ">=",
        "value": 0,
        "input_message": label(f"ask.{kind}", lang),
        "error_title": label("ask.title.number", lang),
        "error_message": label(f"ask.{kind}", lang),
    }
