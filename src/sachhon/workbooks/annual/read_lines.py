"""The tables of products, inputs and wastes: a line a row, in the resource's own unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from sachhon.reference import Resource, resource
from sachhon.workbooks.annual.cells import (
    Columns,
    Findings,
    estimated_months,
    money,
)
from sachhon.workbooks.annual.choices import RESIDUE_KINDS
from sachhon.workbooks.annual.line_figures import (
    YEAR,
    Figures,
    LineRow,
    figures_of,
    in_unit,
    months_in,
    total_of,
)
from sachhon.workbooks.annual.locate import FoundTable
from sachhon.workbooks.annual.lookups import canonical_unit, conversion, known_resource, same_name
from sachhon.workbooks.annual.model import Flow, Months, ReportLine
from sachhon.workbooks.annual.vocabulary import choice_of
from sachhon.workbooks.grid import Sheet


class LineReader:
    """Reads the rows of line tables, one after another, into `lines`; finds out repeated lines."""

    def __init__(self, found: Findings, *, zero_totals_are_blank: bool = False):
        """In .xls a total whose formula gives nothing is kept as 0; there a 0 without months says nothing."""
        self.found = found
        self.lines: list[ReportLine] = []
        self._zero_is_blank = zero_totals_are_blank
        self._same: dict[tuple[str, str], list[int]] = {}

    def read(self, sheet: Sheet, table: FoundTable) -> None:
        _check_months(sheet, table, self.found)
        section = table.section if table.section in ("output", "consumption", "waste") else None
        if section is None and table.rows:
            self.found.note("warning", "annual_flow_guessed", sheet, table.head, table.columns["name", 0])
        width = max(*table.columns.values(), *(column for _, column in table.months)) + 1
        places = _places(table)
        for number in table.rows:
            cells = sheet.rows[number]
            if len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            row = LineRow(sheet, table, number, cells, f"lines.{len(self.lines)}", self.found)
            line = _read_line(row, section, self._zero_is_blank)
            if line is not None and self._is_new(row, line):
                self.lines.append(line)
                self.found.origins.put_row(row.path, sheet, number, _filled(places, line))

    def _is_new(self, row: LineRow, line: ReportLine) -> bool:
        same = self._same.setdefault((line.flow, same_name(line.name)), [])
        for other in same:
            _, cell = self.found.origins.get(f"lines.{other}.name", ("", ""))
            if replace(self.lines[other], note=line.note) == line:
                row.note("warning", "annual_line_repeated", "name", name=line.name, other=cell)
                return False
            row.note("warning", "annual_line_duplicate", "name", name=line.name, other=cell)
        same.append(len(self.lines))
        return True


def _read_line(row: LineRow, section: str | None, zero_is_blank: bool) -> ReportLine | None:
    """The line of a row, or None where the row holds no figures."""
    found = row.found
    before = len(found.problems)
    name, kind = row.text("name"), row.text("resource")
    figures = figures_of(row)
    if zero_is_blank and not figures.months and figures.total == 0:
        figures.total = None
    cost = _cost(row)
    if not figures.months and figures.total is None and cost is None and len(found.problems) == before:
        if name and not _is_column_number(name):
            row.note("info", "annual_line_empty", "name", name=name)
        return None
    if not name and not kind:
        row.note("error", "annual_line_without_name", "name")
    flow, known = _flow(row, section, kind, name)
    if flow == "output":
        code = row.text("code") or None
    else:
        code = known.code if known else None
        if known is None and name:
            row.note("warning", "annual_resource_unknown", "name", name=kind or name)
    unit, factor = _unit(row, figures.units, flow, code)
    months = months_in(figures, unit, factor, code, row)
    return ReportLine(
        flow=flow,
        name=name or kind,
        unit=unit,
        resource_code=code,
        months=months,
        estimated_months=_estimated(row, figures, months),
        total=total_of(row, in_unit(figures.total, YEAR, figures, unit, factor, code, row), months),
        cost_vnd=cost,
        source=_source(row),  # pyright: ignore[reportArgumentType]
        note=row.text("note"),
    )


def _cost(row: LineRow) -> int | None:
    place = row.place("cost")
    if place is None or row.cells[place] == "":
        return None
    unit = row.table.roles["cost", 0].unit
    return money(row.cells[place], unit, "", row.found, row.sheet, row.row, place)


def _flow(row: LineRow, section: str | None, kind: str, name: str) -> tuple[Flow, Resource | None]:
    """Where the line belongs, by the table it stands in and by what it is, and the resource it names."""
    if section == "output":
        return "output", None
    known = known_resource(kind) or known_resource(name)
    if kind and known is None:
        known = known_resource(f"{kind} {name}")
    stated = row.text("flow")
    if stated:
        flow = choice_of("flows", stated)
        if flow is not None:
            return flow, known  # pyright: ignore[reportReturnType]
        row.note("warning", "annual_choice_unknown", "flow", value=stated)
    if section == "consumption":
        return "consumption", known
    if known is not None and (section == "waste" or known.kind in RESIDUE_KINDS):
        return ("emission" if known.kind == "emission" else "waste"), known
    return ("waste" if section == "waste" else "consumption" if known else "output"), known


def _unit(row: LineRow, written: Mapping[int, str], flow: Flow, code: str | None) -> tuple[str, Decimal]:
    """The unit to hold the line in, and what its figures are to be multiplied with."""
    typed = row.text("unit") or _head_unit(row.table) or next(iter(written.values()), "")
    if not typed:
        row.note("error", "unit_missing", "unit")
        return "", Decimal(1)
    unit = canonical_unit(typed)
    if unit is None:
        row.note("error", "unit_unknown", "unit", unit=typed)
        return typed, Decimal(1)
    if flow == "output" or code is None:
        return unit, Decimal(1)
    wanted = resource(code).unit
    if unit == wanted:
        return unit, Decimal(1)
    factor = conversion(unit, wanted, code)
    if factor is None:
        row.note("error", "unit_mismatch", "unit", unit=typed, wanted=wanted)
        return unit, Decimal(1)
    row.found.as_typed[f"{row.path}.unit"] = typed
    row.note("info", "annual_unit_converted", "unit", unit=typed, wanted=wanted, factor=f"{factor:f}")
    return wanted, factor


def _estimated(row: LineRow, figures: Figures, months: Months) -> frozenset[int]:
    place = row.place("estimated")
    if place is None or row.cells[place] == "":
        return frozenset(figures.estimated)
    known = [month for month, value in enumerate(months, start=1) if value is not None]
    named = estimated_months(row.cells[place], known, row.found, row.sheet, row.row, place)
    return named | figures.estimated


def _source(row: LineRow) -> str | None:
    words = row.text("source")
    if not words:
        return None
    code = choice_of("sources", words)
    if code is None:
        row.note("info", "annual_choice_unknown", "source", value=words)
    return code


def _places(table: FoundTable) -> Columns:
    """The fields that the lines of a table have, each with its column: the same for all of them but blank months."""
    months = tuple((f"months.{month - 1}", column) for month, column in table.months)
    others = ((_ATTRIBUTES[key], c) for (key, _), c in table.columns.items() if key in _ATTRIBUTES)
    return (*months, *others)


def _filled(places: Columns, line: ReportLine) -> Columns:
    blank = {f"months.{month}" for month, value in enumerate(line.months) if value is None}
    return tuple(place for place in places if place[0] not in blank) if blank else places


_ATTRIBUTES = {
    "name": "name",
    "resource": "resource_code",
    "code": "resource_code",
    "unit": "unit",
    "total": "total",
    "cost": "cost_vnd",
    "estimated": "estimated_months",
    "source": "source",
    "note": "note",
    "flow": "flow",
}


def _check_months(sheet: Sheet, table: FoundTable, found: Findings) -> None:
    """Say which month columns are twice, out of order or missing."""
    numbers = [month for month, _ in table.months]
    for month, column in table.twice:
        found.note("warning", "annual_month_twice", sheet, table.head, column, month=month)
    if not numbers:
        return
    first = table.months[0][1]
    if numbers != sorted(numbers):
        order = ", ".join(f"T{month}" for month in numbers)
        found.note("warning", "annual_month_order", sheet, table.head, first, order=order)
    missing = set(range(1, 13)) - set(numbers)
    if missing:
        months = ", ".join(f"T{month}" for month in sorted(missing))
        found.note("warning", "annual_months_missing", sheet, table.head, first, months=months)


def _head_unit(table: FoundTable) -> str:
    """A unit that stands in the head instead of a column: "Sản lượng (tấn)"."""
    for key in ("name", "total"):
        role = table.roles.get((key, 0))
        if role is not None and role.unit:
            return role.unit
    return ""


def _is_column_number(name: str) -> bool:
    """True for "(1)", "2", "B": the row of column numbers that official tables have under their heads."""
    bare = name.strip("()[] ")
    return len(bare) == 1 and bare.isalnum()
