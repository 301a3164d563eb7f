"""The tables of products, inputs and wastes: a line a row, in the resource's own unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sachhon.reference import Resource, resource
from sachhon.workbooks.annual.cells import (
    Columns,
    Findings,
    decimal_of,
    estimated_months,
    is_estimate_mark,
    money,
    plain_number,
    separators_of,
    text,
)
from sachhon.workbooks.annual.choices import RESIDUE_KINDS
from sachhon.workbooks.annual.locate import FoundTable
from sachhon.workbooks.annual.lookups import canonical_unit, conversion, known_resource, same_name
from sachhon.workbooks.annual.model import NO_MONTHS, Flow, Months, ReportLine
from sachhon.workbooks.annual.vocabulary import choice_of
from sachhon.workbooks.grid import Sheet
from sachhon.workbooks.problems import Level

_SAME_TOTAL = Decimal("1e-9")
_CLOSE_TOTAL = Decimal("0.001")
"""A stated total may be rounded; beyond a thousandth it says something else than the months."""

_YEAR = 0
"""The place of the year's total among the months 1 to 12, where figures are held by month."""


@dataclass
class _Row:
    """One row of a table while it is read."""

    sheet: Sheet
    table: FoundTable
    row: int
    cells: list[Any]
    path: str
    found: Findings

    def place(self, key: str) -> int | None:
        return self.table.columns.get((key, 0))

    def value(self, key: str) -> Any:
        place = self.table.columns.get((key, 0))
        return "" if place is None else self.cells[place]

    def text(self, key: str) -> str:
        place = self.table.columns.get((key, 0))
        return "" if place is None else text(self.cells[place])

    def note(self, level: Level, rule: str, key: str, **params: Any) -> None:
        """A problem of the cell under that head, or of the row's name where there is no such column."""
        place = self.place(key)
        column = self.table.columns["name", 0] if place is None else place
        self.found.note(level, rule, self.sheet, self.row, column, **params)


@dataclass
class _Figures:
    """The quantities of a row: months, the stated total, and what was written around the numbers."""

    months: list[Decimal | None] = field(default_factory=list)
    total: Decimal | None = None
    estimated: set[int] = field(default_factory=set)
    units: dict[int, str] = field(default_factory=dict)
    """Month (0 for the total) -> the unit written behind its number."""


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
            row = _Row(sheet, table, number, cells, f"lines.{len(self.lines)}", self.found)
            line = _read_line(row, section, self._zero_is_blank)
            if line is not None and self._is_new(row, line):
                self.lines.append(line)
                self.found.origins.put_row(row.path, sheet, number, _filled(places, line))

    def _is_new(self, row: _Row, line: ReportLine) -> bool:
        same = self._same.setdefault((line.flow, same_name(line.name)), [])
        for other in same:
            _, cell = self.found.origins.get(f"lines.{other}.name", ("", ""))
            if replace(self.lines[other], note=line.note) == line:
                row.note("warning", "annual_line_repeated", "name", name=line.name, other=cell)
                return False
            row.note("warning", "annual_line_duplicate", "name", name=line.name, other=cell)
        same.append(len(self.lines))
        return True


def _read_line(row: _Row, section: str | None, zero_is_blank: bool) -> ReportLine | None:
    """The line of a row, or None where the row holds no figures."""
    found = row.found
    before = len(found.problems)
    name, kind = row.text("name"), row.text("resource")
    figures = _figures(row)
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
    months = _months_in(figures, unit, factor, code, row)
    return ReportLine(
        flow=flow,
        name=name or kind,
        unit=unit,
        resource_code=code,
        months=months,
        estimated_months=_estimated(row, figures, months),
        total=_total(row, _in_unit(figures.total, _YEAR, figures, unit, factor, code, row), months),
        cost_vnd=cost,
        source=_source(row),  # pyright: ignore[reportArgumentType]
        note=row.text("note"),
    )


def _figures(row: _Row) -> _Figures:
    figures = _Figures()
    cells, found = row.cells, row.found
    separators, asked = None, False
    for month, column in (*row.table.months, (_YEAR, row.place("total"))):
        value = "" if column is None else cells[column]
        if value == "" or column is None:
            continue
        if value.__class__ is float and value >= 0:
            quantity = Decimal(int(value)) if value.is_integer() else decimal_of(value)
        else:
            if not asked:
                separators, asked = separators_of(cells[each] for _, each in row.table.months), True
            number = plain_number(value, found, row.sheet, row.row, column, separators)
            if number is None:
                continue
            quantity = number.value
            if is_estimate_mark(number.unit, number):
                figures.estimated.add(month)
            elif number.unit:
                figures.units[month] = number.unit
        if month == _YEAR:
            figures.total = quantity
            continue
        if not figures.months:
            figures.months = list(NO_MONTHS)
        figures.months[month - 1] = quantity
    figures.estimated.discard(_YEAR)
    return figures


def _cost(row: _Row) -> int | None:
    place = row.place("cost")
    if place is None or row.cells[place] == "":
        return None
    unit = row.table.roles["cost", 0].unit
    return money(row.cells[place], unit, "", row.found, row.sheet, row.row, place)


def _flow(row: _Row, section: str | None, kind: str, name: str) -> tuple[Flow, Resource | None]:
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


def _unit(row: _Row, written: Mapping[int, str], flow: Flow, code: str | None) -> tuple[str, Decimal]:
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


def _months_in(figures: _Figures, unit: str, factor: Decimal, code: str | None, row: _Row) -> Months:
    if not figures.months:
        return NO_MONTHS
    if factor == 1 and not figures.units:
        return tuple(figures.months)
    return tuple(
        _in_unit(value, month, figures, unit, factor, code, row)
        for month, value in enumerate(figures.months, start=1)
    )


def _in_unit(
    value: Decimal | None,
    month: int,
    figures: _Figures,
    unit: str,
    factor: Decimal,
    code: str | None,
    row: _Row,
) -> Decimal | None:
    """A figure in the line's unit: by the unit behind the number itself, else by the factor of the line."""
    written = figures.units.get(month)
    if value is None or written is None:
        return value if value is None or factor == 1 else value * factor
    own = canonical_unit(written)
    own_factor = conversion(own, unit, code or "") if own and unit else None
    if own_factor is not None:
        return value * own_factor
    column = dict(row.table.months).get(month) if month else row.place("total")
    rule, params = ("unit_mismatch", {"wanted": unit}) if own else ("unit_unknown", {})
    row.found.note("error", rule, row.sheet, row.row, column or 0, unit=written, **params)
    return None


def _total(row: _Row, total: Decimal | None, months: Months) -> Decimal | None:
    """The total as stated, or the months added up; said where the two are not the same."""
    known = [month for month in months if month is not None]
    if not known:
        return total
    added = sum(known, Decimal(0))
    if total is None or abs(total - added) <= added * _SAME_TOTAL:
        return added
    if abs(total - added) > added * _CLOSE_TOTAL:
        row.note("warning", "annual_year_total_mismatch", "total", stated=f"{total:f}", computed=f"{added:f}")
    return total


def _estimated(row: _Row, figures: _Figures, months: Months) -> frozenset[int]:
    place = row.place("estimated")
    if place is None or row.cells[place] == "":
        return frozenset(figures.estimated)
    known = [month for month, value in enumerate(months, start=1) if value is not None]
    named = estimated_months(row.cells[place], known, row.found, row.sheet, row.row, place)
    return named | figures.estimated


def _source(row: _Row) -> str | None:
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
