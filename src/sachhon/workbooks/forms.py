"""Read a form: labels with a figure somewhere to their right, and perhaps a unit after it.

Used where a sheet has no table. Figures of a resource become readings of the form's year; what it says of a
solution (its name, group and day, the investment, what is saved) become parts of one (see ``solutions``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sachhon.reference.resources import resource as resource_of
from sachhon.reference.units import UnitError, dimension
from sachhon.workbooks.annual.cells import Findings, date, text
from sachhon.workbooks.annual.model import ReportSaving
from sachhon.workbooks.grid import Sheet
from sachhon.workbooks.kinds import kind_of
from sachhon.workbooks.problems import Problem
from sachhon.workbooks.profile import FieldMap, FieldName, Flow, MappingProfile
from sachhon.workbooks.readings import Collector, plain
from sachhon.workbooks.solutions import FoundSolution, Part, gathered, with_money
from sachhon.workbooks.titles import title_period, title_year
from sachhon.workbooks.units import (
    canonical,
    known_unit,
    money,
    of_a_year,
    resource_in,
    saved_resource,
    unit_in_header,
)
from sachhon.workbooks.values import NumberText, find_year, infer_separators, read_number
from sachhon.workbooks.vocabulary import has_word, header_key, is_total_text, words_of


@dataclass(frozen=True)
class FormLine:
    """A label and what was found beside it, with its place: a figure with the unit's text, or words of a solution."""

    label: str
    row: int
    col: int
    unit: str
    number: NumberText | None
    words: str = ""
    about: FieldName = ""  # what the words are: "solution", "group" or "done"


def form_fields(sheet: Sheet) -> list[FieldMap]:
    """What the lines of a form seem to mean; the unclear ones are "undecided"."""
    fields: list[FieldMap] = []
    for line in form_lines(sheet):
        if line.about:
            fields.append(FieldMap(line.label, line.about))
            continue
        name = next((n for n in ("investment", "saving") if has_word(line.label, words_of(n))), None)
        unit = known_unit(line.unit) or unit_in_header(line.label)
        unit = of_a_year(unit) if name else unit
        is_money = unit is not None and dimension(unit) == "money"
        if is_money and name:
            fields.append(FieldMap(line.label, name, unit=unit))  # type: ignore[arg-type]
            continue
        resource = resource_in(line.label)
        if name == "saving" and not is_money and unit:
            what = resource or saved_resource(line.label)
            fields.append(
                FieldMap(line.label, "saved" if what else "undecided", what and what.code, unit=unit)
            )
            continue
        flow = _flow(line.label, resource.kind if resource else None)
        if resource and not is_money:
            fields.append(FieldMap(line.label, "", resource.code, flow or "consumption", unit))
        elif flow == "output" and unit and not is_money:
            fields.append(FieldMap(line.label, "", None, flow, unit))
        else:
            fields.append(FieldMap(line.label, "undecided", unit=unit))
    return fields


def form_lines(sheet: Sheet) -> Iterator[FormLine]:
    """Each figure of the sheet with the nearest text to its left that is no unit, and the words of a solution."""
    for row, values in enumerate(sheet.rows):
        label = unit_before = ""
        for col, value in enumerate(values):
            kind = kind_of(value)
            if kind in ("text", "date") and label and (about := _about(label)) and _answers(about, kind):
                yield FormLine(label, row, col, "", None, text(value), about)
                label = ""
            elif kind == "text" and isinstance(value, str) and (inside := _inline_words(value)):
                yield FormLine(inside[0], row, col, "", None, inside[1], inside[2])
                label = ""
            elif kind == "text" and isinstance(value, str) and not known_unit(value):
                label, unit_before = value.strip(" :.…"), ""
                if inline := _inline(value):
                    yield FormLine(inline[0], row, col, inline[1].unit, inline[1])
                    label = ""
            elif kind == "text" and isinstance(value, str):
                unit_before = value
            elif kind == "number" and label and not is_total_text(label):
                number = read_number(value)
                after = next((v for v in values[col + 1 :] if v != ""), "")
                unit = after if isinstance(after, str) and known_unit(after) else unit_before
                yield FormLine(label, row, col, (number.unit if number else "") or unit, number)
                label = ""


def _inline(text: str) -> tuple[str, NumberText] | None:
    """Label and figure written in one cell: "Điện tiêu thụ: 205.166 kWh"."""
    label, colon, rest = text.partition(":")
    number = read_number(rest) if colon and label.strip() else None
    return (label.strip(), number) if number and (not number.unit or known_unit(number.unit)) else None


def _about(label: str) -> FieldName:
    """Which words of a solution stand beside a label: its name, its group, the day it was done; "" for none."""
    for about in ("group", "done", "solution"):
        if has_word(label, words_of(f"{about}_label")):
            return about
    return ""


def _answers(about: FieldName, kind: str) -> bool:
    return (kind == "date") == (about == "done")


def _inline_words(value: str) -> tuple[str, str, FieldName] | None:
    """Label and words written in one cell: "Tên giải pháp: Thay quạt lò"."""
    label, colon, rest = value.partition(":")
    about = _about(label) if colon and rest.strip() else ""
    fits = about and _answers(about, kind_of(rest.strip()))
    return (label.strip(), text(rest), about) if fits else None


def read_form(
    sheet: Sheet, profile: MappingProfile, file_name: str, collector: Collector
) -> tuple[list[FoundSolution], list[Problem]]:
    """Collect the form's readings; return its solutions and problems."""
    titles = tuple(v for row in sheet.rows[:12] for v in row if isinstance(v, str) and find_year(v))
    year = profile.year or title_year(sheet, titles, file_name)
    span = title_period(sheet, titles, year)
    fields = {header_key(f.label): f for f in profile.fields}
    parts: list[Part] = []
    found_words = Findings()
    problems: list[Problem] = []
    if span is None:
        return [], [Problem("error", "year_missing", sheet.name)]
    period = span.month or f"{span.first.year}"
    lines = list(form_lines(sheet))
    found = {header_key(line.label) for line in lines}
    for key, field in fields.items():
        if key not in found and field.name not in ("skip", "undecided"):
            problems.append(Problem("warning", "line_missing", sheet.name, None, {"label": field.label}))
    separators = profile.separators or infer_separators(sheet.cell(x.row, x.col) for x in lines)
    for line in lines:
        field = fields.get(header_key(line.label))
        at = sheet.address(line.row, line.col)
        if field is None or field.name == "undecided":
            problems.append(Problem("warning", "line_skipped", sheet.name, at, {"label": line.label}))
            continue
        if line.about or field.name in ("solution", "group", "done"):
            if field.name in ("solution", "group", "done"):
                value = _words(line, field.name, span.first.year, found_words, sheet)
                if value:
                    parts.append(Part(field.name, value, span.first.year, sheet, ((line.row, line.col),)))
            continue
        number = read_number(sheet.cell(line.row, line.col), separators) or line.number
        if field.name == "skip" or number is None:
            continue
        unit = known_unit(line.unit) or known_unit(field.unit or "")
        unit = of_a_year(unit) if field.name else unit
        if number.value < 0:
            problems.append(Problem("error", "quantity_negative", sheet.name, at, {"value": number.value}))
        elif unit is None:
            problems.append(Problem("error", "unit_missing", sheet.name, at))
        elif field.name in ("investment", "saving"):
            dong = money(number.value, unit)
            if dong is None:
                problems.append(
                    Problem("error", "unit_mismatch", sheet.name, at, {"unit": unit, "wanted": "VND"})
                )
            else:
                with_money(parts, field.name, dong, span.first.year, sheet, line.row, line.col)
        else:
            try:
                amount, target = canonical(number.value, unit, field.resource)
            except UnitError:
                wanted = resource_of(field.resource).unit if field.resource else ""
                problems.append(
                    Problem("error", "unit_mismatch", sheet.name, at, {"unit": unit, "wanted": wanted})
                )
                continue
            if field.name == "saved":
                saving = ReportSaving(field.resource or "", plain(amount), target)
                parts.append(Part("saved", saving, span.first.year, sheet, ((line.row, line.col),)))
                continue
            name = resource_of(field.resource).name_vi if field.resource else line.label
            collector.add(
                field.flow or "consumption", name, field.resource, period, plain(amount), target, "report",
                [(line.row, line.col)], number.approximate or bool(has_word(line.label, profile.estimated_words)),
            )  # fmt: skip
    return gathered(parts, found_words), [*problems, *found_words.problems]


def _words(line: FormLine, name: FieldName, year: int, found: Findings, sheet: Sheet) -> Any:
    if name == "done":
        return date(line.words, year, found, sheet, line.row, line.col)
    return line.words


def _flow(label: str, kind: str | None) -> Flow | None:
    if kind in ("waste", "emission"):
        return "waste"
    if has_word(label, words_of("output")):
        return "output"
    return "consumption" if kind else None
