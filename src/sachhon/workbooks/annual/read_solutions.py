"""The table of solutions, and the lists of difficulties and requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sachhon.reference import not_cp_kind, not_cp_kinds, resource
from sachhon.workbooks.annual.cells import Findings, date, money, plain_number, text
from sachhon.workbooks.annual.locate import FoundTable
from sachhon.workbooks.annual.lookups import canonical_unit, conversion, known_resource
from sachhon.workbooks.annual.model import TREATMENT, ReportSaving, ReportSolution
from sachhon.workbooks.annual.vocabulary import choice_of
from sachhon.workbooks.grid import Sheet
from sachhon.workbooks.values import Separators, is_nothing


class SolutionReader:
    """Reads the rows of solution tables, one after another, into `solutions`.

    A report in our form must name the group (`needs_group`); of another workbook a blank one is asked for later, and
    the separators of each column may be known.
    """

    def __init__(
        self,
        found: Findings,
        year: int,
        *,
        needs_group: bool = True,
        separators: Callable[[int], Separators | None] = lambda _column: None,
    ):
        self.found = found
        self.year = year
        self.needs_group = needs_group
        self.separators = separators
        self.solutions: list[ReportSolution] = []

    def read(self, sheet: Sheet, table: FoundTable) -> None:
        width = max(table.columns.values()) + 1
        for row in table.rows:
            cells = sheet.rows[row]
            if len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            self._read_row(sheet, table, row, cells)

    def _read_row(self, sheet: Sheet, table: FoundTable, row: int, cells: list[Any]) -> None:
        found = self.found

        def cell(key: str) -> Any:
            column = table.column(key)
            return "" if column is None else cells[column]

        def place(key: str) -> int:
            column = table.column(key)
            return 0 if column is None else column

        name = text(cell("solution_name"))
        found_savings = self._savings(sheet, table, row, cells)
        savings = tuple(saving for saving, _column in found_savings)
        if not name:
            if savings and self.solutions:
                # More savings than fit on a row, or a name merged over several rows.
                last = self.solutions[-1]
                self.solutions[-1] = replace(last, savings=(*last.savings, *savings))
                self._keep_savings(sheet, row, len(self.solutions) - 1, len(last.savings), found_savings)
            elif any(cell(key) != "" for key in ("group", "investment", "saved_money", "started", "done")):
                found.note("error", "annual_line_without_name", sheet, row, place("solution_name"))
            return
        if is_nothing(name):
            return
        group, reason = group_of(
            text(cell("group")), name, text(cell("reason")), found, sheet, (row, place("group")),
            is_needed=self.needs_group,
        )  # fmt: skip
        started = date(cell("started"), self.year, found, sheet, row, place("started"))
        done = date(cell("done"), self.year, found, sheet, row, place("done"))
        if started and done and started > done:
            found.note("warning", "dates_reversed", sheet, row, place("done"), start=started, end=done)
        state = text(cell("state"))
        state_code = choice_of("states", state) if state else None
        if state and state_code is None:
            found.note("info", "annual_choice_unknown", sheet, row, place("state"), value=state)

        def amount(key: str) -> int | None:
            column = table.column(key)
            if column is None:
                return None
            unit = table.roles[key, 0].unit
            return money(cells[column], unit, "", found, sheet, row, column, self.separators(column))

        solution = ReportSolution(
            name=name,
            group=group,
            not_cp_reason=reason,
            started=started,
            done=done,
            investment_vnd=amount("investment"),
            savings=savings,
            saving_vnd_per_year=amount("saved_money"),
            state=state_code,  # pyright: ignore[reportArgumentType]
        )
        self.solutions.append(solution)
        at = len(self.solutions) - 1
        for key, attribute in _ATTRIBUTES.items():
            column = table.column(key)
            if column is not None:
                found.origins.put(f"solutions.{at}.{attribute}", sheet, row, column)
        self._keep_savings(sheet, row, at, 0, found_savings)

    def _savings(
        self, sheet: Sheet, table: FoundTable, row: int, cells: list[Any]
    ) -> list[tuple[ReportSaving, int]]:
        """The savings of a row, each with the column it stood in."""
        savings = []
        for number in sorted(number for key, number in table.columns if key == "saved_quantity"):
            what_at = table.column("saved_resource", number)
            amount_at = table.column("saved_quantity", number)
            unit_at = table.column("saved_unit", number)
            if amount_at is None:
                continue
            head = table.roles["saved_quantity", number]
            what = text(cells[what_at]) if what_at is not None else ""
            if what == "" and (cells[amount_at] == "" or (head.flow and is_nothing(cells[amount_at]))):
                continue
            what = what or (resource(head.flow).name_vi if head.flow else "")
            saving = self._saving(sheet, row, amount_at, what, cells[amount_at], unit_at, cells, head.unit)
            if saving is not None:
                savings.append((saving, amount_at))
        return savings

    def _saving(
        self,
        sheet: Sheet,
        row: int,
        column: int,
        what: str,
        amount: Any,
        unit_at: int | None,
        cells: list[Any],
        head_unit: str,
    ) -> ReportSaving | None:
        found = self.found
        number = plain_number(amount, found, sheet, row, column, self.separators(column))
        unit = text(cells[unit_at]) if unit_at is not None else ""
        unit = unit or (number.unit if number else "") or head_unit
        if number is None or not what or not unit:
            if what or number is not None:
                found.note("warning", "annual_saving_incomplete", sheet, row, column)
            return None
        known = known_resource(what)
        if known is None:
            found.note("warning", "annual_resource_unknown", sheet, row, column, name=what)
            return None
        typed = canonical_unit(unit)
        if typed is None:
            found.note("error", "unit_unknown", sheet, row, unit_at or column, unit=unit)
            return None
        factor = conversion(typed, known.unit, known.code)
        if factor is None:
            found.note("error", "unit_mismatch", sheet, row, unit_at or column, unit=unit, wanted=known.unit)
            return None
        return ReportSaving(known.code, number.value * factor, known.unit)

    def _keep_savings(
        self, sheet: Sheet, row: int, solution: int, first: int, savings: list[tuple[ReportSaving, int]]
    ) -> None:
        for number, (_saving, column) in enumerate(savings, start=first):
            self.found.origins.put(f"solutions.{solution}.savings.{number}", sheet, row, column)


_ATTRIBUTES = {
    "solution_name": "name",
    "group": "group",
    "reason": "not_cp_reason",
    "started": "started",
    "done": "done",
    "investment": "investment_vnd",
    "saved_money": "saving_vnd_per_year",
    "state": "state",
}


def group_of(
    typed: str,
    name: str,
    reason: str,
    found: Findings,
    sheet: Sheet,
    place: tuple[int, int],
    *,
    is_needed: bool = False,
) -> tuple[str, str]:
    """One of the eight groups, or treatment with the reason: by what was chosen and by what is done; ("", "")."""
    group = choice_of("groups", typed) if typed else None
    if group == TREATMENT:
        kind = not_cp_kind(name) or not_cp_kind(typed)
        return TREATMENT, reason or (_reason(kind[0]) if kind else "")
    kind = not_cp_kind(name) or (not_cp_kind(typed) if group is None else None)
    if kind is not None:
        found.note("warning", "annual_group_not_cp", sheet, *place, name=name, word=kind[1])
        return TREATMENT, reason or _reason(kind[0])
    if group is None and (typed or is_needed):
        rule = "annual_group_unknown" if typed else "annual_group_missing"
        found.note("error" if is_needed else "warning", rule, sheet, *place, value=typed, name=name)
    return group or "", reason


def read_remarks(
    sheet: Sheet, table: FoundTable, found: Findings, difficulties: list[str], requests: list[str]
) -> None:
    """Each filled cell of the two columns is one remark."""
    for key, remarks in (("difficulty", difficulties), ("request", requests)):
        column = table.column(key)
        if column is None:
            continue
        name = "difficulties" if key == "difficulty" else "requests"
        for row in table.rows:
            words = text(sheet.cell(row, column))
            if words and not is_nothing(words):
                found.origins.put(f"{name}.{len(remarks)}", sheet, row, column)
                remarks.append(words)


def _reason(kind: str) -> str:
    return next(fact.extra["reason_vi"] for fact in not_cp_kinds() if fact.code == kind)
