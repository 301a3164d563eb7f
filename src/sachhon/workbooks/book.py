"""An opened workbook: its sheets as plain rows, and what was noticed on opening (`grid` opens it).

Rows and columns count from 0; ``Sheet.address`` gives the name a person knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sachhon.workbooks.addresses import column_letters
from sachhon.workbooks.problems import Problem

Merge = tuple[tuple[int, int], tuple[int, int]]


class CellError(str):
    """The value of a cell whose formula failed, such as ``#REF!``."""

    __slots__ = ()


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet. ``rows[r][c]`` may be ragged; ``cell`` reads anywhere."""

    name: str
    rows: list[list[Any]]
    merged: tuple[Merge, ...] = ()
    hidden: bool = False

    def cell(self, row: int, col: int) -> Any:
        """The value at a 0-based place, ``""`` outside the table."""
        if 0 <= row < len(self.rows) and 0 <= col < len(self.rows[row]):
            return self.rows[row][col]
        return ""

    @staticmethod
    def address(row: int, col: int) -> str:
        """``address(6, 2) == "C7"``."""
        return f"{column_letters(col)}{row + 1}"

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)


@dataclass(frozen=True, eq=False)
class Workbook:
    """An opened file: safe base name, checksum, format and sheets, with what was noticed on opening."""

    name: str
    sha256: str
    format: str
    sheets: tuple[Sheet, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def cells(self) -> int:
        """How many cells the rows of all sheets hold, empty ones between included."""
        return sum(len(row) for sheet in self.sheets for row in sheet.rows)

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that exact name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)
