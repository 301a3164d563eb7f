"""Read a table of solutions: a line for each, with its group, day, investment and what it saves a year."""

from __future__ import annotations

from sachhon.workbooks.annual.cells import Findings
from sachhon.workbooks.annual.locate import FoundTable, Spot
from sachhon.workbooks.annual.read_solutions import SolutionReader
from sachhon.workbooks.annual.vocabulary import Role as Head
from sachhon.workbooks.problems import Problem
from sachhon.workbooks.profile import ColumnMap
from sachhon.workbooks.reader import Reader
from sachhon.workbooks.solutions import FoundSolution

_KEYS = {
    "solution": "solution_name",
    "group": "group",
    "date": "done",
    "date_from": "started",
    "date_to": "done",
    "status": "state",
    "investment": "investment",
    "saving": "saved_money",
}


def read_solutions(reader: Reader) -> None:
    """Collect the table's solutions. Their report is that of the title's year, else of the year they were done in."""
    found = Findings()
    columns, roles = _columns(reader)
    table = FoundTable("solutions", None, columns, roles, (), (), reader.table.top, tuple(reader.rows))
    inner = SolutionReader(found, reader.year or 0, needs_group=False, separators=reader.separators)
    inner.read(reader.sheet, table)
    reader.problems += found.problems
    for number, solution in enumerate(inner.solutions):
        day = solution.done or solution.started
        year = reader.year or (day.year if day else None)
        start = f"solutions.{number}."
        origins = {
            path.removeprefix(start): at for path, at in found.origins.items() if path.startswith(start)
        }
        if year is None:
            reader.problems.append(Problem("error", "year_missing", *origins["name"]))
            return
        filled = {name: at for name, at in origins.items() if "." in name or getattr(solution, name)}
        reader.solutions.append(FoundSolution(solution, year, filled))
        reader.count("lines")


def _columns(reader: Reader) -> tuple[dict[Spot, int], dict[Spot, Head]]:
    """The profile's columns by the names that the annual form's reader knows them by."""
    columns: dict[Spot, int] = {}
    roles: dict[Spot, Head] = {}
    saved = reader.all_of("quantity")
    for col, column in reader.columns.items():
        key = _KEYS.get(column.role)
        if key is not None and (key, 0) not in columns:
            columns[key, 0] = col
            roles[key, 0] = Head(key, unit=_unit(reader, col, column))
    for number, col in enumerate(saved, start=1):
        column = reader.columns[col]
        columns["saved_quantity", number] = col
        roles["saved_quantity", number] = Head(
            "saved_quantity",
            number,
            _unit(reader, col, column),
            column.resource or reader.profile.resource or "",
        )
        for role, key in (("label", "saved_resource"), ("unit", "saved_unit")):
            at = reader.of(role)  # type: ignore[arg-type]
            if at is not None and not (role == "label" and column.resource):
                columns[key, number] = at
    return columns, roles


def _unit(reader: Reader, col: int, column: ColumnMap) -> str:
    return reader.table.unit(col) or column.unit or ""
