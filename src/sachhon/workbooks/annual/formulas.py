"""Formulas that another program saved without their results: which of them matter to a report.

The form adds each line's months up in its column "Whole year", empty lines included. Those sums are made anew
from the months, so nothing is missing where they are blank; any other formula without a result is told, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sachhon.workbooks.addresses import column_number
from sachhon.workbooks.annual.locate import Survey
from sachhon.workbooks.problems import Problem

RULE = "formula_not_calculated"
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")


def missed(problems: Iterable[Problem], surveys: Iterable[Survey]) -> list[Problem]:
    """At most one note for the file: the formulas without a result that stand where something is read."""
    read = {each.sheet.name: each for each in surveys if each.tables or each.fields}
    found = [
        (problem.sheet, cell)
        for problem in problems
        if problem.rule == RULE and problem.sheet in read
        for cell in problem.cells
        if not _is_sum(cell, read[problem.sheet])
    ]
    if not found:
        return []
    sheets = {sheet for sheet, _cell in found}
    if len(sheets) == 1:
        (sheet,), cells = sheets, [cell for _sheet, cell in found]
        return [Problem("warning", RULE, sheet, cells[0], {"count": len(cells), "cells": cells})]
    places = [f"{sheet}!{cell}" for sheet, cell in found]
    return [Problem("warning", RULE, params={"count": len(places), "cells": places})]


def _is_sum(cell: str, survey: Survey) -> bool:
    """Whether the cell stands in a "Whole year" column below its head, in a table that has months."""
    place = _CELL.fullmatch(cell)
    if place is None:
        return False
    row, column = int(place[2]) - 1, column_number(place[1]) - 1
    return any(
        table.months and table.column("total") == column and row > table.head for table in survey.tables
    )
