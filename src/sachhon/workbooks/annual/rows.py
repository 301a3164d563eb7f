"""A report turned into the rows of the form's tables: column key (and number) -> what stands in the cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from sachhon.reference import fold
from sachhon.workbooks.annual.choices import unit_words, words_of
from sachhon.workbooks.annual.labels import Lang
from sachhon.workbooks.annual.layout import SAVINGS_A_ROW
from sachhon.workbooks.annual.model import AnnualReportData, Flow, ReportLine, ReportSaving, ReportSolution

Row = dict[tuple[str, int], Any]


def products(report: AnnualReportData, lines: Sequence[ReportLine], lang: Lang) -> list[Row]:
    return [_line(line, last, lang) for line, last in _beside(report, lines, ("output",))]


def inputs(report: AnnualReportData, lines: Sequence[ReportLine], lang: Lang) -> list[Row]:
    found = []
    for line, last in _beside(report, lines, ("consumption",)):
        row = _line(line, last, lang)
        row["resource", 0] = words_of("resources", line.resource_code, lang)
        found.append(row)
    return found


def wastes(report: AnnualReportData, lines: Sequence[ReportLine], lang: Lang) -> list[Row]:
    found = []
    for line, last in _beside(report, lines, ("waste", "emission")):
        row = _line(line, last, lang)
        row["flow", 0] = words_of("flows", line.flow, lang)
        row["resource", 0] = words_of("residues", line.resource_code, lang)
        found.append(row)
    return found


def solutions(report: AnnualReportData, lang: Lang) -> list[Row]:
    found = []
    for solution in report.solutions:
        row = _solution(solution, lang)
        found.append(row)
        for start in range(0, len(solution.savings), SAVINGS_A_ROW):
            if start:
                row = {}
                found.append(row)
            row.update(_savings(solution.savings[start : start + SAVINGS_A_ROW], lang))
    return found


def remarks(report: AnnualReportData) -> list[Row]:
    return [
        {("difficulty", 0): difficulty, ("request", 0): request}
        for difficulty, request in zip_longest(report.difficulties, report.requests)
    ]


def _beside(
    report: AnnualReportData, lines: Iterable[ReportLine], flows: tuple[Flow, ...]
) -> list[tuple[ReportLine, ReportLine | None]]:
    """Each line of the year with last year's of the same name; those of last year only come after, empty."""
    last = {(line.flow, fold(line.name)): line for line in lines if line.flow in flows}
    pairs = [
        (line, last.pop((line.flow, fold(line.name)), None)) for line in report.lines if line.flow in flows
    ]
    for line in last.values():
        blank = ReportLine(line.flow, line.name, line.unit, line.resource_code, source=line.source)
        pairs.append((blank, line))
    return pairs


def _line(line: ReportLine, last: ReportLine | None, lang: Lang) -> Row:
    row: Row = {("month", month): value for month, value in enumerate(line.months, start=1)}
    # The formula adds the months up; only a total that says something else is written over it.
    total = None if line.total == line.months_total else line.total
    last_total = None
    if last is not None and last.unit == line.unit:
        last_total = last.total if last.total is not None else last.months_total
    row |= {
        ("name", 0): line.name,
        ("unit", 0): unit_words(line.unit, lang),
        ("code", 0): line.resource_code,
        ("last_year", 0): last_total,
        ("total", 0): total,
        ("cost", 0): line.cost_vnd,
        ("estimated", 0): ", ".join(str(month) for month in sorted(line.estimated_months)),
        ("source", 0): words_of("sources", line.source, lang),
        ("note", 0): line.note,
    }
    return row


def _solution(solution: ReportSolution, lang: Lang) -> Row:
    return {
        ("solution_name", 0): solution.name,
        ("group", 0): words_of("groups", solution.group, lang),
        ("state", 0): words_of("states", solution.state, lang),
        ("started", 0): solution.started,
        ("done", 0): solution.done,
        ("investment", 0): solution.investment_vnd,
        ("saved_money", 0): solution.saving_vnd_per_year,
        ("reason", 0): solution.not_cp_reason,
    }


def _savings(savings: Sequence[ReportSaving], lang: Lang) -> Row:
    row: Row = {}
    for number, saving in enumerate(savings, start=1):
        row["saved_resource", number] = words_of("resources", saving.resource_code, lang)
        row["saved_quantity", number] = saving.quantity
        row["saved_unit", number] = unit_words(saving.unit, lang)
    return row
