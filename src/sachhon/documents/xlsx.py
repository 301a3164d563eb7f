"""The province's report as .xlsx: every table of it on a sheet of its own, with real numbers.

First a sheet of contents with links, then the tables in the order of the report (the breakdowns in full, with
TOE and CO₂ by state), the judging rules, and last where every figure comes from.
"""

from __future__ import annotations

import io

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from sachhon.documents import lineage_tables
from sachhon.documents import report_tables as tables
from sachhon.documents.export import XLSX_MIME, sheet_name
from sachhon.documents.model import ProvinceReportData
from sachhon.documents.numbers import format_date_long
from sachhon.documents.shapes import Column, Lang, Table
from sachhon.documents.sheets import WORKBOOK_OPTIONS, Styles, write_table
from sachhon.documents.texts import clean, words

__all__ = ["XLSX_MIME", "province_report_xlsx", "report_sheets"]


def province_report_xlsx(data: ProvinceReportData, lang: Lang = "vi") -> bytes:
    say = words(lang)
    buffer = io.BytesIO()
    book = Workbook(buffer, WORKBOOK_OPTIONS)
    title = say("contents.title", year=data.year, province=clean(data.province))
    book.set_properties({"title": title, "author": clean(data.letterhead.issuing_body_name)})
    styles = Styles(book, lang)
    banners = [say("demo.banner")] * data.demo + [say("draft.banner")] * data.draft
    banner = "  •  ".join(banners)

    found = report_sheets(data, lang)
    names = [sheet_name(say("export.contents"))]
    for table in found:
        names.append(sheet_name(say.get(f"sheet.{table.code}", table.title), names))
    contents = book.add_worksheet(names[0])
    for name, table in zip(names[1:], found, strict=True):
        write_table(
            book.add_worksheet(name),
            styles,
            title=table.title,
            columns=table.columns,
            rows=table.rows,
            total=table.total,
            strong_rows=table.strong_rows,
            notes=_notes(table, lang),
            banner=banner,
        )
    _write_contents(contents, styles, data, title, banner, list(zip(names[1:], found, strict=True)))
    book.close()
    return buffer.getvalue()


def report_sheets(data: ProvinceReportData, lang: Lang) -> list[Table]:
    """All tables of the report in order, as the workbook holds them."""
    found = [
        tables.targets_table(data, lang),
        tables.rules_table(data, lang),
        tables.reporting_table(data, lang),
        tables.solutions_table(data, lang),
        tables.savings_table(data, lang),
        *(tables.breakdown_table(b, lang, wide=True, named=True) for b in data.breakdowns),
        tables.consumption_table(data, lang),
        tables.voices_table("difficulties", data.difficulties, lang),
        tables.voices_table("requests", data.requests, lang),
        tables.late_table(data, lang),
        *data.appendix_tables,
        *(c.table for c in data.charts if c.table is not None),
        lineage_tables.lineage_table(data, lang),
    ]
    return [lineage_tables.with_codes(table, lang) for table in found]


def _notes(table: Table, lang: Lang) -> list[str]:
    notes = [table.note] if table.note else []
    if len(table.figure_codes) == 1:
        notes.append(words(lang)("note.code", code=table.figure_codes[0]))
    return notes


def _write_contents(
    sheet: Worksheet,
    styles: Styles,
    data: ProvinceReportData,
    title: str,
    banner: str,
    found: list[tuple[str, Table]],
) -> None:
    say = words(styles.lang)
    issued = say(
        "contents.issued",
        body=clean(data.letterhead.issuing_body_name),
        as_of=format_date_long(data.reporting.as_of, styles.lang),
    )
    write_table(
        sheet,
        styles,
        title=title,
        columns=(
            Column(say("export.sheet")),
            Column(say("export.table")),
            Column(say("export.rows"), "integer"),
        ),
        rows=[(name, table.title, len(table.rows)) for name, table in found],
        notes=(issued, clean(data.plan.name)),
        banner=banner,
    )
    first = 5 + bool(banner)
    for line, (name, _) in enumerate(found, first):
        sheet.write_url(line, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", styles.link, name)
