"""Tables and charts of the province as the pages show them: sorted, each row's figure a link to where it is from.

The tables are those of the report and its workbook (`documents.report_tables`); nothing is computed here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sachhon.apps.registry.pages import svg
from sachhon.documents import report_tables as tables
from sachhon.documents.charts import report_charts
from sachhon.documents.model import ProvinceReportData
from sachhon.documents.numbers import format_cell
from sachhon.documents.shapes import Cell, Column, Lang, Table
from sachhon.documents.sheets import head_text
from sachhon.reference.collation import sort_key

Make = Callable[[ProvinceReportData, Lang], Table]

TABLES: dict[str, Make] = {
    "targets": tables.targets_table,
    "reporting": tables.reporting_table,
    "savings": tables.savings_table,
    "savings-all": lambda data, lang: _appendix(data, "savings-all"),
    "sector-targets": lambda data, lang: _appendix(data, "sector-targets"),
    "solutions": tables.solutions_table,
    "consumption": tables.consumption_table,
    "by-sector": lambda data, lang: _cut(data, "sector", lang),
    "by-area": lambda data, lang: _cut(data, "area", lang),
    "by-size": lambda data, lang: _cut(data, "size", lang),
    "late": tables.late_table,
    "difficulties": lambda data, lang: tables.voices_table("difficulties", data.difficulties, lang),
    "requests": lambda data, lang: tables.voices_table("requests", data.requests, lang),
}
APPENDICES = ("savings-all", "sector-targets")
VALUE_COLUMN = {
    "targets": 5, "sector-targets": 4, "savings": 4, "savings-all": 4, "solutions": 1,
    "by-sector": 4, "by-area": 4, "by-size": 4,
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One page about the province: its tables and charts by code; `behind`: with the list of those late or missing."""

    slug: str
    title: str
    tables: tuple[str, ...]
    charts: tuple[str, ...] = ()
    behind: bool = False


def tables_of(data: ProvinceReportData, codes: tuple[str, ...], lang: Lang) -> list[Table]:
    """The tables of a section; an appendix that this year has not is left out."""
    further = {table.code for table in data.appendix_tables}
    return [table_of(data, c, lang) for c in codes if c not in APPENDICES or c in further]


def table_of(data: ProvinceReportData, code: str, lang: Lang) -> Table:
    """The table of that code; KeyError for a code that is none."""
    return TABLES[code](data, lang)


def page_table(table: Table, lang: Lang, sort: str = "") -> dict:
    """What templates/reporting/province_table.html shows."""
    order = sorted_rows(table, sort)
    codes = table.figure_codes
    own = codes if len(codes) >= len(table.rows) and len(set(codes)) > 1 else ()
    value = _value_column(table)
    rows = [
        {
            "cells": _cells(table.rows[i], table.columns, lang, value, own[i] if own else ""),
            "strong": i in table.strong_rows,
        }
        for i in order
    ]
    total = None
    if table.total is not None:
        code = own[len(table.rows)] if len(own) > len(table.rows) else ""
        total = _cells(table.total, table.columns, lang, value, code)
    return {
        "code": table.code,
        "title": table.title,
        "columns": [
            {"label": head_text(c), "num": c.kind != "text", "sort": "" if table.strong_rows else f"{table.code}.{i}"}
            for i, c in enumerate(table.columns)
        ],
        "rows": rows,
        "total": total,
        "note": table.note,
    }  # fmt: skip


def _value_column(table: Table) -> int | None:
    """The column whose number opens the figure behind a row: of what was consumed by year, the last year's; of what
    factories say, their count, before which stands whom they ask only where that is known."""
    if table.code == "consumption":
        return max(i for i, column in enumerate(table.columns) if column.kind == "quantity")
    if table.code in ("difficulties", "requests"):
        return next(i for i, column in enumerate(table.columns) if column.kind == "integer")
    return VALUE_COLUMN.get(table.code)


def sorted_rows(table: Table, sort: str) -> list[int]:
    """Indexes of the rows in the order asked for ("by-area.3", "-by-area.3"); what is not known comes last."""
    code, _dot, place = sort.lstrip("-").partition(".")
    indexes = list(range(len(table.rows)))
    if code != table.code or not place.isdigit() or int(place) >= len(table.columns) or table.strong_rows:
        return indexes
    column = int(place)
    known = [i for i in indexes if table.rows[i][column] is not None]
    known.sort(key=lambda i: _key(table.rows[i][column]), reverse=sort.startswith("-"))
    return known + [i for i in indexes if table.rows[i][column] is None]


def page_charts(data: ProvinceReportData, lang: Lang, wanted: tuple[str, ...]) -> list[dict]:
    """Charts as inline SVG, each with its numbers as a table."""
    found = report_charts(data, lang, wanted)
    charts = []
    for name in wanted:
        if name not in found:
            continue
        chart = found[name]
        table = chart.table
        entry = {"code": name, "svg": svg(chart), "title": chart.title, "description": chart.description}
        if table is not None:
            entry["columns"] = [{"label": head_text(c), "num": c.kind != "text"} for c in table.columns]
            entry["rows"] = [{"cells": _cells(row, table.columns, lang)} for row in table.rows]
        charts.append(entry)
    return charts


def _cells(
    row: tuple[Cell, ...], columns: tuple[Column, ...], lang: Lang, value: int | None = None, code: str = ""
) -> list[str | SafeString]:
    cells: list[str | SafeString] = [format_cell(v, c, lang) for v, c in zip(row, columns, strict=True)]
    if code and value is not None:
        cells[value] = figure_link(code, cells[value])
    return cells


def figure_link(code: str, shown: str) -> SafeString:
    """A number that opens "Số này từ đâu?", as the tag of the site draws it."""
    return format_html(
        '<a class="figure" href="{}" data-panel title="{}">{}</a>',
        reverse("registry:figure", args=[code]),
        gettext("Where does this figure come from?"),
        shown,
    )


def _key(value: Cell):
    return sort_key(value) if isinstance(value, str) else value


def _cut(data: ProvinceReportData, kind, lang: Lang) -> Table:
    found = data.breakdown(kind)
    if found is None:
        raise KeyError(kind)
    return tables.breakdown_table(found, lang)


def _appendix(data: ProvinceReportData, code: str) -> Table:
    """A further table of the report, by code; KeyError where this year has none."""
    found = {table.code: table for table in data.appendix_tables}
    return found[code]
