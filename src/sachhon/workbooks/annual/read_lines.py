"""The tables of products, inputs and wastes: a line a row, in the resource's own unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sachhon.reference import (
    Resource,
    UnitError,
    convert,
    find_resource,
    fold,
    normalise_unit,
    resource,
    split_period,
)
from sachhon.workbooks.annual.cells import (
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
from sachhon.workbooks.annual.model import NO_MONTHS, Flow, ReportLine
from sachhon.workbooks.annual.vocabulary import choice_of
from sachhon.workbooks.grid import Sheet

_SAME_TOTAL = Decimal("1e-9")
_CLOSE_TOTAL = Decimal("0.001")
"""A stated total may be rounded; beyond a thousandth it says something else than the months."""

_BLANKS = [""] * 16


class LineReader:
    """Reads the rows of line tables, one after another, into `lines`; finds out repeated lines."""

    def __init__(self, found: Findings, year: int):
        self.found = found
        self.year = year
        self.lines: list[ReportLine] = []
        self._places: dict[tuple[str, str], list[int]] = {}

    def read(self, sheet: Sheet, table: FoundTable) -> None:
        self._check_months(sheet, table)
        section = table.section if table.section in ("output", "consumption", "waste") else None
        if section is None and table.rows:
            self.found.note("warning", "annual_flow_guessed", sheet, table.head, table.columns["name", 0])
        width = max(max(table.columns.values(), default=0), max((c for _, c in table.months), default=0)) + 1
        for row in table.rows:
            cells = sheet.rows[row]
            if len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            self._read_row(sheet, table, section, row, cells)

    def _read_row(
        self, sheet: Sheet, table: FoundTable, section: str | None, row: int, cells: list[Any]
    ) -> None:
        found, columns = self.found, table.columns
        at = columns.get
        name_at = columns["name", 0]
        name = text(cells[name_at])
        path = f"lines.{len(self.lines)}"
        kind_at, unit_at, total_at, cost_at = (
            at(("resource", 0)),
            at(("unit", 0)),
            at(("total", 0)),
            at(("cost", 0)),
        )
        kind = text(cells[kind_at]) if kind_at is not None else ""
        code_at = at(("code", 0))
        problems_before = len(found.problems)
        months, marked, units = self._months(sheet, table, row, cells)
        total = None
        stated: Any = "" if total_at is None else cells[total_at]
        if stated.__class__ is float and stated >= 0:
            total = decimal_of(stated)
        elif total_at is not None and stated != "":
            number = plain_number(stated, found, sheet, row, total_at, separators_of(cells))
            if number is not None:
                total = number.value
                units |= {number.unit} - {""}
        cost_unit = table.roles["cost", 0].unit if cost_at is not None else ""
        cost = (
            money(cells[cost_at], cost_unit, "", found, sheet, row, cost_at) if cost_at is not None else None
        )
        has_figures = total is not None or cost is not None or months is not NO_MONTHS
        if not has_figures and len(found.problems) == problems_before:
            if name and not (len(name) < 4 and name.strip("()").isalnum() and len(name.strip("()")) < 2):
                found.note("info", "annual_line_empty", sheet, row, name_at, name=name)
            return
        if not name and not kind:
            found.note("error", "annual_line_without_name", sheet, row, name_at)
        flow, known = self._flow(sheet, table, section, row, cells, kind, name)
        resource_code = known.code if known else None
        if flow == "output":
            resource_code = text(cells[code_at]) or None if code_at is not None else None
        elif known is None and name:
            found.note("warning", "annual_resource_unknown", sheet, row, name_at, name=kind or name)
        unit_text = text(cells[unit_at]) if unit_at is not None else ""
        unit_at = name_at if unit_at is None else unit_at
        unit_text = unit_text or _head_unit(table) or next(iter(units), "")
        unit, factor = self._unit(sheet, row, unit_at, path, unit_text, flow, resource_code)
        if factor != 1:
            months = tuple(None if month is None else month * factor for month in months)
            total = None if total is None else total * factor
        total, sum_of_months = self._total(sheet, row, total_at, total, months)
        estimated_at, source_at, note_at = at(("estimated", 0)), at(("source", 0)), at(("note", 0))
        known_months = [month for month, value in enumerate(months, start=1) if value is not None]
        if estimated_at is not None and cells[estimated_at] != "":
            marked |= estimated_months(cells[estimated_at], known_months, found, sheet, row, estimated_at)
        line = ReportLine(
            flow=flow,
            name=name or kind,
            unit=unit,
            resource_code=resource_code,
            months=months,
            estimated_months=frozenset(marked),
            total=total if total is not None else sum_of_months,
            cost_vnd=cost,
            source=self._source(sheet, row, source_at, cells),  # pyright: ignore[reportArgumentType]
            note=text(cells[note_at]) if note_at is not None else "",
        )
        if self._is_new(sheet, row, name_at, line):
            self._keep(sheet, table, row, path, line)

    def _months(
        self, sheet: Sheet, table: FoundTable, row: int, cells: list[Any]
    ) -> tuple[tuple[Decimal | None, ...], set[int], set[str]]:
        months: list[Decimal | None] = []
        marked: set[int] = set()
        units: set[str] = set()
        separators = None
        asked = False
        for month, column in table.months:
            value = cells[column]
            if value == "":
                continue
            if value.__class__ is float and value >= 0:
                quantity = Decimal(int(value)) if value.is_integer() else decimal_of(value)
            else:
                if not asked:
                    separators, asked = separators_of(cells[each] for _, each in table.months), True
                number = plain_number(value, self.found, sheet, row, column, separators)
                if number is None:
                    continue
                quantity = number.value
                if is_estimate_mark(number.unit, number):
                    marked.add(month)
                elif number.unit:
                    units.add(number.unit)
            if not months:
                months = list(NO_MONTHS)
            months[month - 1] = quantity
        return (tuple(months) if months else NO_MONTHS), marked, units

    def _flow(
        self,
        sheet: Sheet,
        table: FoundTable,
        section: str | None,
        row: int,
        cells: list[Any],
        kind: str,
        name: str,
    ) -> tuple[Flow, Resource | None]:
        if section == "output":
            return "output", None
        known = known_resource(kind) or known_resource(name)
        if kind and known is None:
            known = known_resource(f"{kind} {name}")
        flow_at = table.column("flow")
        if flow_at is not None and cells[flow_at] != "":
            stated = choice_of("flows", text(cells[flow_at]))
            if stated is not None:
                return stated, known  # pyright: ignore[reportReturnType]
            self.found.note(
                "warning", "annual_choice_unknown", sheet, row, flow_at, value=text(cells[flow_at])
            )
        if section == "consumption":
            return "consumption", known
        if known is not None and (section == "waste" or known.kind in RESIDUE_KINDS):
            return ("emission" if known.kind == "emission" else "waste"), known
        return ("waste" if section == "waste" else "consumption" if known else "output"), known

    def _unit(
        self, sheet: Sheet, row: int, column: int, path: str, typed: str, flow: Flow, code: str | None
    ) -> tuple[str, Decimal]:
        """The unit to hold the line in, and what its figures are to be multiplied with."""
        if not typed:
            self.found.note("error", "unit_missing", sheet, row, column)
            return "", Decimal(1)
        unit = canonical_unit(typed)
        if unit is None:
            self.found.note("error", "unit_unknown", sheet, row, column, unit=typed)
            return typed, Decimal(1)
        if flow == "output" or code is None:
            return unit, Decimal(1)
        wanted = resource(code).unit
        if unit == wanted:
            return unit, Decimal(1)
        factor = conversion(unit, wanted, code)
        if factor is None:
            self.found.note("error", "unit_mismatch", sheet, row, column, unit=typed, wanted=wanted)
            return unit, Decimal(1)
        self.found.as_typed[f"{path}.unit"] = typed
        self.found.note(
            "info", "annual_unit_converted", sheet, row, column, unit=typed, wanted=wanted, factor=factor
        )
        return wanted, factor

    def _total(
        self,
        sheet: Sheet,
        row: int,
        column: int | None,
        total: Decimal | None,
        months: tuple[Decimal | None, ...],
    ) -> tuple[Decimal | None, Decimal | None]:
        known = [month for month in months if month is not None]
        if not known:
            return total, None
        added = sum(known, Decimal(0))
        if total is None or abs(total - added) <= abs(added) * _SAME_TOTAL:
            return added, added
        if abs(total - added) > abs(added) * _CLOSE_TOTAL and column is not None:
            self.found.note(
                "warning",
                "annual_year_total_mismatch",
                sheet,
                row,
                column,
                stated=f"{total:f}",
                computed=f"{added:f}",
            )
        return total, added

    def _source(self, sheet: Sheet, row: int, column: int | None, cells: list[Any]) -> str | None:
        if column is None or cells[column] == "":
            return None
        words = text(cells[column])
        code = choice_of("sources", words)
        if code is None:
            self.found.note("info", "annual_choice_unknown", sheet, row, column, value=words)
        return code

    def _is_new(self, sheet: Sheet, row: int, column: int, line: ReportLine) -> bool:
        key = (line.flow, _same_name(line.name))
        same = self._places.setdefault(key, [])
        for other in same:
            place = self.found.origins.get(f"lines.{other}.name", ("", ""))
            if replace(self.lines[other], note=line.note) == line:
                self.found.note(
                    "warning", "annual_line_repeated", sheet, row, column, name=line.name, other=place[1]
                )
                return False
            self.found.note(
                "warning", "annual_line_duplicate", sheet, row, column, name=line.name, other=place[1]
            )
        same.append(len(self.lines))
        return True

    def _keep(self, sheet: Sheet, table: FoundTable, row: int, path: str, line: ReportLine) -> None:
        self.lines.append(line)
        origins = self.found.origins
        for month, column in table.months:
            if line.months[month - 1] is not None:
                origins.put(f"{path}.months.{month - 1}", sheet, row, column)
        for (key, _), column in table.columns.items():
            if key in _ATTRIBUTES:
                origins.put(f"{path}.{_ATTRIBUTES[key]}", sheet, row, column)

    def _check_months(self, sheet: Sheet, table: FoundTable) -> None:
        numbers = [month for month, _ in table.months]
        for month, column in table.twice:
            self.found.note("warning", "annual_month_twice", sheet, table.head, column, month=month)
        if numbers != sorted(numbers):
            order = ", ".join(f"T{month}" for month in numbers)
            self.found.note(
                "warning", "annual_month_order", sheet, table.head, table.months[0][1], order=order
            )
        missing = set(range(1, 13)) - set(numbers)
        if numbers and missing:
            months = ", ".join(f"T{month}" for month in sorted(missing))
            self.found.note(
                "warning", "annual_months_missing", sheet, table.head, table.months[0][1], months=months
            )


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


def _head_unit(table: FoundTable) -> str:
    """A unit that stands in the head instead of a column: "Sản lượng (tấn)"."""
    for key in ("name", "total"):
        role = table.roles.get((key, 0))
        if role is not None and role.unit:
            return role.unit
    return ""


@lru_cache(maxsize=8192)
def _same_name(name: str) -> str:
    return fold(name)


@lru_cache(maxsize=8192)
def known_resource(name: str) -> Resource | None:
    if not name:
        return None
    code = choice_of("resources", name) or choice_of("residues", name)
    return resource(code) if code else find_resource(name)


@lru_cache(maxsize=8192)
def canonical_unit(typed: str) -> str | None:
    """The canonical unit of what was typed; "tấn/năm" in a column of a year's months is just "tấn"."""
    unit = normalise_unit(typed)
    return split_period(unit)[0] if unit else None


@lru_cache(maxsize=8192)
def conversion(unit: str, wanted: str, code: str) -> Decimal | None:
    try:
        return convert(Decimal(1), unit, wanted, resource=code)
    except UnitError:
        return None
