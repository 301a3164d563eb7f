"""An annual report read out of a workbook: ours, an older form, or what somebody made of it.

`read_annual` never gives up on a report: a cell that cannot be read is a problem with its place and cure,
and everything else is taken. Whether a file may be opened at all is decided before, in `grid`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sachhon.reference import fold
from sachhon.workbooks.annual.cells import Findings, Spot, text
from sachhon.workbooks.annual.formulas import RULE, missed
from sachhon.workbooks.annual.judge import judge
from sachhon.workbooks.annual.layout import META_SHEET, VERSION
from sachhon.workbooks.annual.locate import FoundTable, Survey, survey
from sachhon.workbooks.annual.model import AnnualReportData
from sachhon.workbooks.annual.read_fields import first_answers, read_fields, read_year
from sachhon.workbooks.annual.read_lines import LineReader
from sachhon.workbooks.annual.read_solutions import SolutionReader, read_remarks
from sachhon.workbooks.grid import Sheet, Workbook
from sachhon.workbooks.problems import Problem

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_LIKELY = 0.5


@dataclass(frozen=True)
class ReadReport:
    """What a workbook says, where each value stood, what was wrong.

    `origins`: field path -> (sheet, cell), as "tax_code", "lines.2.months.0" (January), "solutions.1.group".
    `as_typed`: field path -> what the factory wrote, where it was converted (units).
    """

    data: AnnualReportData
    origins: Mapping[str, Spot]
    problems: tuple[Problem, ...]
    as_typed: Mapping[str, str]
    form_version: str | None
    """The version of our form, or None where the workbook was not made from it."""
    demo: bool

    @property
    def has_errors(self) -> bool:
        return any(problem.level == "error" for problem in self.problems)


def read_annual(workbook: Workbook, *, latest_year: int | None = None) -> ReadReport:
    """Read the report of a workbook. A year after `latest_year` (default: this one) is an error."""
    latest = latest_year or dt.datetime.now(_ZONE).year
    meta = _meta(workbook)
    found = Findings()
    shown = [sheet for sheet in workbook.sheets if not sheet.hidden and sheet.rows]
    surveys = [survey(sheet) for sheet in shown]
    answers = first_answers((each.sheet, field) for each in surveys for field in each.fields)
    year = read_year(answers, _year_guesses(workbook, surveys, meta), latest, found)
    values = read_fields(answers, year, found)
    lines = LineReader(found, zero_totals_are_blank=workbook.format == "xls")
    solutions = SolutionReader(found, year)
    difficulties: list[str] = []
    requests: list[str] = []
    sections = set()
    for each in _of_the_year(surveys, year, found):
        for table in each.tables:
            sections.add(_section(table))
            if table.part == "lines":
                lines.read(each.sheet, table)
            elif table.part == "solutions":
                solutions.read(each.sheet, table)
            else:
                read_remarks(each.sheet, table, found, difficulties, requests)
    data = AnnualReportData(
        year=year,
        lines=tuple(lines.lines),
        solutions=tuple(solutions.solutions),
        difficulties=tuple(difficulties),
        requests=tuple(requests),
        **values,
    )
    judge(data, frozenset(sections), meta, found)
    for sheet, addresses in found.text_numbers.items():
        params = {"count": len(addresses), "first": addresses[0]}
        found.problems.append(Problem("info", "annual_numbers_as_text", sheet, addresses[0], params))
    version = meta.get("version")
    if version != VERSION:
        found.problems.append(Problem("info", "annual_form_foreign"))
    opening = (*_opening_problems(workbook, version), *missed(workbook.problems, surveys))
    problems = (*opening, *found.problems, *_ignored(surveys, version))
    return ReadReport(data, found.origins, problems, found.as_typed, version, meta.get("demo") == "yes")


def looks_like_annual(workbook: Workbook) -> bool:
    """True for a workbook that is an annual report rather than a meter list, a bill or something else."""
    return annual_score(workbook) >= _LIKELY


def annual_score(workbook: Workbook) -> float:
    """How much a workbook looks like an annual report, 0 to 1: 1 for our own form."""
    if _meta(workbook):
        return 1.0
    score = 0.0
    keys: set[str] = set()
    tables: set[str] = set()
    titled = False
    for sheet in workbook.sheets:
        if sheet.hidden:
            continue
        found = survey(sheet)
        keys |= {field.hit.key for field in found.fields}
        tables |= set(map(_section, found.tables))
        titled = titled or any(_is_report_title(text(value)) for row in sheet.rows[:8] for value in row[:6])
    score += 0.3 if titled else 0.0
    score += min(len(keys), 6) * 0.05
    score += 0.2 * len(tables & {"output", "consumption", "waste", "solutions", "remarks"})
    return min(score, 1.0)


def _is_report_title(words: str) -> bool:
    folded = fold(words)
    return "bao cao" in folded and ("san xuat sach hon" in folded or "sxsh" in folded)


def _meta(workbook: Workbook) -> dict[str, str]:
    """The hidden facts of our form; empty for any other workbook."""
    sheet = workbook.sheet(META_SHEET)
    if sheet is None:
        return {}
    return {text(row[0]): text(row[1]) for row in sheet.rows if len(row) > 1}


def _year_guesses(workbook: Workbook, surveys: list[Survey], meta: Mapping[str, str]) -> Iterator[str]:
    """Texts that may name the year, best first: our own mark, titles, sheet names, the file's name."""
    yield meta.get("year", "")
    for each in surveys:
        for row in each.sheet.rows[:6]:
            yield from (value for value in row[:4] if isinstance(value, str) and "nam" in fold(value))
    yield from (each.sheet.name for each in surveys)
    yield workbook.name


def _of_the_year(surveys: list[Survey], year: int, found: Findings) -> list[Survey]:
    """The sheets to read: one named after another year is left out where this year's stands beside it.

    Alone, such a sheet is only a name that was not changed since last year.
    """
    others = {
        id(each): match[1]
        for each in surveys
        if (match := _YEAR_IN_NAME.search(each.sheet.name)) and year and int(match[1]) != year
    }
    if not others:
        return surveys
    own = {_section(table) for each in surveys if id(each) not in others for table in each.tables}
    kept = []
    for each in surveys:
        if id(each) in others and each.tables and own.issuperset(map(_section, each.tables)):
            name, other = each.sheet.name, others[id(each)]
            found.note("info", "annual_sheet_other_year", each.sheet, -1, -1, name=name, year=other)
        else:
            kept.append(each)
    return kept


def _section(table: FoundTable) -> str:
    return table.section or table.part


def _opening_problems(workbook: Workbook, version: str | None) -> list[Problem]:
    """What was noticed on opening, without formulas (see `missed`) and our own hidden sheets."""
    passed_over = {RULE} if version is None else {RULE, "hidden_sheet"}
    return [problem for problem in workbook.problems if problem.rule not in passed_over]


def _ignored(surveys: list[Survey], version: str | None) -> list[Problem]:
    """Sheets nothing was read from. Our guide is one, and is not worth a word."""
    unread = [each.sheet for each in surveys if not each.tables and not each.fields]
    if version is not None:
        unread = [sheet for sheet in unread if not _is_guide(sheet)]
    return [
        Problem("info", "annual_sheet_ignored", sheet.name, params={"name": sheet.name}) for sheet in unread
    ]


def _is_guide(sheet: Sheet) -> bool:
    folded = fold(sheet.name)
    return "huong dan" in folded or "guide" in folded
