"""Cleaner-production solutions found in a workbook that is no annual report: what was done, what it cost and saves.

A table gives a line for each solution (``read_solutions``); a form or a sheet of figures gives its parts one under
another, and they are gathered here. What the file does not say stays blank and is named by ``missing``: nothing is
made up for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from sachhon.workbooks.annual.cells import Findings
from sachhon.workbooks.annual.model import ReportSaving, ReportSolution
from sachhon.workbooks.annual.read_solutions import group_of
from sachhon.workbooks.grid import Sheet
from sachhon.workbooks.profile import SOLUTION_NAME
from sachhon.workbooks.readings import Origin, addresses

PartName = Literal["solution", "group", "done", "investment", "saving", "saved"]
_ATTRIBUTES = {
    "solution": "name",
    "done": "done",
    "investment": "investment_vnd",
    "saving": "saving_vnd_per_year",
}


@dataclass(frozen=True)
class FoundSolution:
    """A solution as the file tells it, for the report of `year`; `origins` are by attribute, "savings.0" among them."""

    solution: ReportSolution
    year: int
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """The attributes that a report's solution needs and the file does not give."""
        given = self.solution
        blank = {
            "name": not given.name,
            "group": not given.group,
            "done": given.done is None and given.state in (None, "done"),
            "investment_vnd": given.investment_vnd is None,
            "saving": not given.savings and given.saving_vnd_per_year is None,
        }
        return tuple(name for name, is_blank in blank.items() if is_blank)

    @property
    def figures(self) -> int:
        """How many numbers it brings."""
        money = (self.solution.investment_vnd, self.solution.saving_vnd_per_year)
        return sum(value is not None for value in money) + len(self.solution.savings)


@dataclass(frozen=True)
class Part:
    """One fact of a solution, in the order of the sheet; money of several months is one part with all its places."""

    name: PartName
    value: str | int | date | ReportSaving
    year: int
    sheet: Sheet
    places: tuple[tuple[int, int], ...]

    @property
    def origin(self) -> Origin:
        return self.sheet.name, ", ".join(addresses(list(self.places)))


def with_money(
    parts: list[Part], name: PartName, amount: int, year: int, sheet: Sheet, row: int, col: int
) -> None:
    """Adds money to `parts`: to the part before it where that is of the same line and year, else as one more."""
    last = parts[-1] if parts else None
    if (
        last
        and isinstance(last.value, int)
        and (last.name, last.year, last.places[0][0]) == (name, year, row)
    ):
        parts[-1] = replace(last, value=last.value + amount, places=(*last.places, (row, col)))
    else:
        parts.append(Part(name, amount, year, sheet, ((row, col),)))


def gathered(parts: Iterable[Part], found: Findings) -> list[FoundSolution]:
    """The parts as solutions, those of each year by themselves.

    A name begins another solution, and so does a second figure of what the one before has already.
    """
    whole: list[list[Part]] = []
    current: dict[int, list[Part]] = {}
    for part in parts:
        names = {each.name for each in current.get(part.year, ())}
        again = part.name in names and part.name != "saved"
        if not names or again or (part.name == SOLUTION_NAME and names - {"group"}):
            current[part.year] = []
            whole.append(current[part.year])
        current[part.year].append(part)
    return [_solution(each, found) for each in whole]


def _solution(parts: list[Part], found: Findings) -> FoundSolution:
    values: dict[str, Any] = {"name": "", "group": ""}
    origins: dict[str, Origin] = {}
    savings: list[ReportSaving] = []
    for part in parts:
        if isinstance(part.value, ReportSaving):
            origins[f"savings.{len(savings)}"] = part.origin
            savings.append(part.value)
        elif part.name in _ATTRIBUTES:
            values[_ATTRIBUTES[part.name]] = part.value
            origins[_ATTRIBUTES[part.name]] = part.origin
    typed = next((part for part in parts if part.name == "group"), None)
    about = typed or next((part for part in parts if part.name == SOLUTION_NAME), None)
    if about is not None:
        words = str(typed.value) if typed else ""
        group, reason = group_of(words, values["name"], "", found, about.sheet, about.places[0])
        values |= {"group": group, "not_cp_reason": reason}
        if group:
            origins["group"] = about.origin
    return FoundSolution(ReportSolution(**values, savings=tuple(savings)), parts[0].year, origins)
