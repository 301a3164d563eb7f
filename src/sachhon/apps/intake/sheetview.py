"""A window on a sheet, as a page shows it: the cells as they were sent, what was corrected, what is wrong where."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sachhon.apps.intake.models import ImportFile, ImportProblem
from sachhon.apps.intake.services import windows
from sachhon.apps.intake.services.reading import lay_over, open_fixed, place_of
from sachhon.apps.intake.services.running import sent_of
from sachhon.apps.intake.services.windows import LongSheet
from sachhon.workbooks.addresses import column_letters
from sachhon.workbooks.grid import CellError, Sheet, Workbook

ROWS, COLUMNS = 40, 14
LEVELS = ("error", "warning", "info")


@dataclass(frozen=True)
class CellView:
    """One cell. `level` colours it; `said` is what is wrong with it; `fixed`: a person corrected it."""

    address: str
    text: str
    level: str = ""
    said: str = ""
    fixed: bool = False
    is_number: bool = False
    chosen: bool = False


@dataclass(frozen=True)
class RowView:
    number: int
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class Tab:
    """One sheet of the file, with how many problems it has."""

    name: str
    problems: int
    current: bool


@dataclass(frozen=True)
class SheetView:
    """The window: rows and columns count from 0. `chosen` is the cell being corrected."""

    name: str
    tabs: tuple[Tab, ...]
    letters: tuple[str, ...]
    rows: tuple[RowView, ...]
    first_row: int
    first_column: int
    all_rows: int
    all_columns: int
    chosen: CellView | None

    @property
    def last_row(self) -> int:
        return min(self.first_row + ROWS, self.all_rows)

    @property
    def last_column(self) -> int:
        return min(self.first_column + COLUMNS, self.all_columns)

    @property
    def earlier_rows(self) -> int | None:
        return max(self.first_row - ROWS, 0) if self.first_row else None

    @property
    def later_rows(self) -> int | None:
        return self.last_row if self.last_row < self.all_rows else None

    @property
    def earlier_columns(self) -> int | None:
        return max(self.first_column - COLUMNS, 0) if self.first_column else None

    @property
    def later_columns(self) -> int | None:
        return self.last_column if self.last_column < self.all_columns else None


def open_file(file: ImportFile) -> Workbook:
    """The workbook with its corrections; raises WorkbookRefused for what cannot be opened."""
    return open_fixed(sent_of(file))


def shown_sheets(file: ImportFile) -> Sequence[Sheet | LongSheet]:
    """The sheets for a page: of a large workbook only what is looked at is read. Raises as `open_file`."""
    sheets = windows.kept(file.content.path)
    if not sheets:
        return open_file(file).sheets
    by_name = {sheet.name: sheet for sheet in sheets}
    for fix in file.fixes.all():
        place = place_of(fix.cell)
        if place is not None and fix.sheet in by_name:
            by_name[fix.sheet].lay_over(*place, fix.value)
    return sheets


def head_of(file: ImportFile) -> tuple[Workbook, bool]:
    """The workbook to find layouts in, and whether it is only its first rows. Raises as `open_file`."""
    sheets = windows.kept(file.content.path)
    if not sheets:
        return open_file(file), False
    head = windows.first_pieces(sheets, file.name)
    for fix in file.fixes.all():
        place = place_of(fix.cell)
        if place is not None and place[0] < windows.ROWS_A_PIECE:
            lay_over(head, fix.sheet, fix.cell, fix.value)
    return head, True


def sheet_view(
    file: ImportFile,
    sheets: Sequence[Sheet | LongSheet],
    problems: Sequence[ImportProblem],
    *,
    sheet: str = "",
    cell: str = "",
    row: int | None = None,
    column: int | None = None,
) -> SheetView:
    """The part of a sheet around `cell` (or from `row` and `column` on); by default the first sheet with a problem."""
    by_name = {each.name: each for each in sheets}
    shown = by_name.get(sheet) or _first(sheets, problems)
    place = place_of(cell.split(":")[0]) if cell else None
    if place is not None:
        row = place[0] // ROWS * ROWS if row is None else row
        column = place[1] // COLUMNS * COLUMNS if column is None else column
    first_row = min(max(row or 0, 0), max(shown.height - 1, 0))
    first_column = min(max(column or 0, 0), max(shown.width - 1, 0))
    wrong: dict[str, list[ImportProblem]] = {}
    for problem in problems:
        for on, address in problem.as_problem().places:
            if on == shown.name:
                wrong.setdefault(address.split(":")[0], []).append(problem)
    fixed = {fix.cell for fix in file.fixes.all() if fix.sheet == shown.name}
    chosen = shown.address(*place) if place is not None else ""

    def view(r: int, c: int) -> CellView:
        address = shown.address(r, c)
        value = shown.cell(r, c)
        found = wrong.get(address, ())
        level = min((p.level for p in found), key=LEVELS.index, default="")
        said = " ".join(p.message for p in found)
        return CellView(
            address, cell_text(value), level, said, address in fixed, _is_number(value), address == chosen
        )

    columns = range(first_column, min(first_column + COLUMNS, shown.width))
    rows = range(first_row, min(first_row + ROWS, shown.height))
    return SheetView(
        name=shown.name,
        tabs=tuple(
            Tab(each.name, sum(each.name in _sheets_of(p) for p in problems), each is shown)
            for each in sheets
        ),
        letters=tuple(column_letters(c) for c in columns),
        rows=tuple(RowView(r + 1, tuple(view(r, c) for c in columns)) for r in rows),
        first_row=first_row,
        first_column=first_column,
        all_rows=shown.height,
        all_columns=shown.width,
        chosen=view(*place) if place is not None else None,
    )


def cell_text(value: Any) -> str:
    """A cell as a person would read it in the sheet; never a formula, whatever it begins with."""
    if value is None or value == "":
        return ""
    if isinstance(value, CellError):
        return str(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".12g")
    if isinstance(value, datetime.datetime):
        has_time = value.time() != datetime.time()
        return value.strftime("%d/%m/%Y %H:%M" if has_time else "%d/%m/%Y")
    if isinstance(value, datetime.date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def _sheets_of(problem: ImportProblem) -> set[str]:
    return {problem.sheet, *(on for on, _address in problem.as_problem().places)}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _first(sheets: Sequence[Sheet | LongSheet], problems: Sequence[ImportProblem]) -> Sheet | LongSheet:
    by_name = {sheet.name: sheet for sheet in sheets}
    for problem in problems:
        for on, _address in problem.as_problem().places:
            if on in by_name:
                return by_name[on]
    return next((s for s in sheets if s.height and not s.hidden), sheets[0])
