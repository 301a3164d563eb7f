"""Read a workbook by a mapping profile: readings by month and solutions in canonical units, every problem named.

The layouts are read by modules of their own; here the sheets are chosen, the profile's columns found, and
the rules that hold for every layout applied: only the asked year, months that are not whole, nothing read
at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sachhon.reference.resources import resource
from sachhon.workbooks.annual.cells import Findings
from sachhon.workbooks.forms import read_form
from sachhon.workbooks.grid import Sheet, Workbook
from sachhon.workbooks.problems import Problem
from sachhon.workbooks.profile import Layout, Located, MappingProfile, locate, matching_sheets
from sachhon.workbooks.read_bills import read_bills
from sachhon.workbooks.read_crosstab import read_crosstab
from sachhon.workbooks.read_interval import read_interval
from sachhon.workbooks.read_ledger import read_ledger
from sachhon.workbooks.read_meter import read_cumulative
from sachhon.workbooks.read_solutions import read_solutions
from sachhon.workbooks.reader import Reader
from sachhon.workbooks.readings import Collector, Reading, Total
from sachhon.workbooks.solutions import FoundSolution, gathered

_LAYOUTS: dict[Layout, Callable[[Reader], None]] = {
    "bills": read_bills,
    "ledger": read_ledger,
    "crosstab": read_crosstab,
    "cumulative_meter": read_cumulative,
    "interval": read_interval,
    "solutions": read_solutions,
}


@dataclass(frozen=True)
class Extraction:
    """All that was read by one profile. ``counts`` tells how many lines were used, left out, and why."""

    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]
    totals: tuple[Total, ...] = ()
    solutions: tuple[FoundSolution, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def extract(workbook: Workbook, profile: MappingProfile) -> Extraction:
    """All readings of the sheets that the profile covers."""
    readings: list[Reading] = []
    problems: list[Problem] = []
    totals: list[Total] = []
    solutions: list[FoundSolution] = []
    counts: dict[str, int] = {}
    sheets = matching_sheets(workbook, profile) or _renamed(workbook, profile)
    if not sheets:
        return Extraction((), (Problem("error", "sheet_missing", params={"name": profile.sheet}),))
    located = [(sheet, locate(sheet, profile)) for sheet in sheets]
    if profile.kind != "form" and profile.sheet == "*":
        located = [pair for pair in located if pair[1]] or located
    for sheet, place in located:
        collector = Collector()
        if profile.kind == "form":
            found, faults = read_form(sheet, profile, workbook.name, collector)
            solutions += found
            problems += faults
            fresh = collector.readings(sheet.name)
        elif place is None:
            problems.append(Problem("error", "header_missing", sheet.name))
            continue
        else:
            reader = Reader(place, profile, workbook.name)
            problems += [*_columns_changed(place, profile), *_columns_added(place, profile)]
            _LAYOUTS[profile.kind](reader)
            fresh = _finish(reader, profile)
            notes = Findings()
            solutions += [*reader.solutions, *gathered(reader.parts, notes)]
            problems += [*reader.problems, *notes.problems]
            totals += reader.totals
            for name, number in reader.counts.items():
                counts[name] = counts.get(name, 0) + number
        if not fresh and not solutions:
            problems.append(Problem("error", "no_readings", sheet.name))
        readings += fresh
    return Extraction(tuple(_joined(readings)), tuple(problems), tuple(totals), tuple(solutions), counts)


def _renamed(workbook: Workbook, profile: MappingProfile) -> list[Sheet]:
    """The sheet was renamed but still has the profile's columns: that will do."""
    return [
        sheet
        for sheet in workbook.sheets
        if sheet.rows and not sheet.hidden and locate(sheet, profile) is not None
    ]


def _columns_changed(place: Located, profile: MappingProfile) -> list[Problem]:
    problems = []
    sheet, table = place.sheet, place.table
    top = max(table.body - 1, 0)
    found = {column.header for column in place.columns.values()}
    for col, column in place.columns.items():
        if col != column.index and column.role not in ("skip", "note"):
            old, new = sheet.address(0, column.index)[:-1], sheet.address(0, col)[:-1]
            problems.append(
                Problem("info", "column_moved", sheet.name, sheet.address(top, col),
                        {"header": column.header, "old": old, "new": new})
            )  # fmt: skip
        if column.role == "undecided":
            problems.append(
                Problem(
                    "warning",
                    "column_undecided",
                    sheet.name,
                    sheet.address(top, col),
                    {"header": column.header},
                )
            )
    for column in profile.columns:
        if column.header not in found and column.role not in ("skip", "note", "undecided", "total"):
            problems.append(Problem("error", "column_missing", sheet.name, None, {"header": column.header}))
    known = set(place.columns)
    for col in table.columns:
        if col not in known and table.header(col):
            problems.append(
                Problem(
                    "warning",
                    "column_undecided",
                    sheet.name,
                    sheet.address(top, col),
                    {"header": table.header(col)},
                )
            )
    return problems


def _columns_added(place: Located, profile: MappingProfile) -> list[Problem]:
    """Told where the figures of several columns are of one thing and so are added up."""
    if profile.kind not in ("ledger", "bills") or any(c.role == "label" for c in place.columns.values()):
        return []
    role = "out" if any(c.role == "out" for c in place.columns.values()) else "quantity"
    by_name: dict[str, list[int]] = {}
    for col, column in place.columns.items():
        code = column.resource or (None if column.label else profile.resource)
        name = column.label or (resource(code).name_vi if code else profile.label)
        if column.role == role and name:
            by_name.setdefault(name, []).append(col)
    found: list[Problem] = []
    for name, columns in by_name.items():
        if len(columns) > 1:
            cell = place.sheet.address(max(place.table.body - 1, 0), columns[1])
            headers = ", ".join(f"“{place.columns[col].header}”" for col in columns)
            is_product = not any(place.columns[col].resource for col in columns) and not profile.resource
            level = "warning" if is_product else "info"  # the tariffs of a bill are one electricity
            params = {"headers": headers, "name": name}
            found.append(Problem(level, "columns_added", place.sheet.name, cell, params))
    return found


def _finish(reader: Reader, profile: MappingProfile) -> list[Reading]:
    """Leave out other years where the table is of one year, and mark months that are not whole."""
    kept: list[Reading] = []
    for reading in reader.collector.readings(reader.sheet.name):
        year = int(reading.period[:4])
        if profile.only_year and reader.year and year != reader.year:
            reader.problem(
                "info", "outside_year", quantity=reading.quantity, unit=reading.unit, period=reading.period,
                year=reader.year,
            )  # fmt: skip
            continue
        if reading.period in reader.partial:
            reading = replace(reading, complete=False)
        kept.append(reading)
    for month in sorted({r.period for r in kept} & reader.partial.keys()):
        days, total = reader.partial[month]
        reader.problem("warning", "month_partial", period=month, days=days, total=total)
    return kept


def _joined(readings: list[Reading]) -> list[Reading]:
    """Readings of the same thing and period from several sheets become one, all origins kept."""
    merged: dict[tuple[str, ...], Reading] = {}
    for reading in readings:
        key = (reading.flow, reading.resource or reading.label, reading.unit, reading.period)
        before = merged.get(key)
        if before is None:
            merged[key] = reading
            continue
        costs = [r.cost_vnd for r in (before, reading) if r.cost_vnd is not None]
        merged[key] = replace(
            before,
            quantity=before.quantity + reading.quantity,
            cost_vnd=sum(costs) if costs else None,
            estimated=before.estimated or reading.estimated,
            source="estimate" if reading.source == "estimate" else before.source,
            origins=before.origins + reading.origins,
            complete=before.complete and reading.complete,
        )
    return list(merged.values())
