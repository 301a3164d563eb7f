"""Large workbooks kept in pieces beside the upload, so that a page reads the rows it shows and no others.

Reading a sheet of some hundred thousand rows takes seconds. The reader therefore puts the rows down once, some
thousand to a piece; a page unpacks one piece. The pieces are only a copy of the upload: lost, they are made again.
Not for small workbooks, which are opened whole in less time than it takes to look for their pieces.
"""

from __future__ import annotations

import datetime
import json
import logging
import os
import zipfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from sachhon.workbooks.grid import CellError, Sheet, Workbook

logger = logging.getLogger(__name__)

LARGE_CELLS = 150_000
ROWS_A_PIECE = 1000
_INDEX = "index.json"
_FAULTS = (OSError, ValueError, KeyError, zipfile.BadZipFile)


class LongSheet:
    """One sheet in pieces, read like a `Sheet`; `rows` is only its first piece."""

    def __init__(self, store: Path, number: int, name: str, hidden: bool, height: int, width: int) -> None:
        self.name, self.hidden, self.height, self.width = name, hidden, height, width
        self._store, self._number, self._sent = store, number, height
        self._fixed: dict[tuple[int, int], str] = {}

    @property
    def rows(self) -> list[list[Any]]:
        return _piece(str(self._store), self._number, 0) if self._sent else []

    def cell(self, row: int, col: int) -> Any:
        """The value at a 0-based place with what was corrected, "" outside the table."""
        if (row, col) in self._fixed:
            return self._fixed[row, col]
        if not (0 <= row < self._sent and col >= 0):
            return ""
        values = _piece(str(self._store), self._number, row // ROWS_A_PIECE)[row % ROWS_A_PIECE]
        return values[col] if col < len(values) else ""

    def lay_over(self, row: int, col: int, value: str) -> None:
        """Puts a corrected value in the place of what was sent."""
        self._fixed[row, col] = value
        self.height, self.width = max(self.height, row + 1), max(self.width, col + 1)

    @staticmethod
    def address(row: int, col: int) -> str:
        return Sheet.address(row, col)


def is_large(workbook: Workbook) -> bool:
    """Whether the workbook is one of those kept in pieces."""
    return workbook.cells > LARGE_CELLS


def keep(path: str, workbook: Workbook) -> None:
    """Puts a large workbook down in pieces, once. A full disk keeps nothing: the page is slow then, not wrong."""
    store = _store_of(path)
    if not is_large(workbook) or store.exists():
        return
    unfinished = store.with_suffix(f".{os.getpid()}")
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for number, sheet in enumerate(workbook.sheets):
                for first in range(0, len(sheet.rows), ROWS_A_PIECE):
                    rows = sheet.rows[first : first + ROWS_A_PIECE]
                    archive.writestr(f"{number}/{first // ROWS_A_PIECE}.json", _packed(rows))
            index = [(s.name, s.hidden, len(s.rows), s.width) for s in workbook.sheets]
            archive.writestr(_INDEX, json.dumps({"sha256": workbook.sha256, "sheets": index}))
        unfinished.replace(store)
    except OSError:
        logger.exception("The pieces of %s could not be kept", path)
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def kept(path: str) -> tuple[LongSheet, ...]:
    """The sheets of a large workbook in pieces; none where it is small, or was not read yet."""
    store = _store_of(path)
    try:
        with zipfile.ZipFile(store) as archive:
            sheets = json.loads(archive.read(_INDEX))["sheets"]
    except FileNotFoundError:
        return ()
    except _FAULTS:
        store.unlink(missing_ok=True)  # damaged: made anew when the workbook is next opened
        return ()
    return tuple(LongSheet(store, number, *sheet) for number, sheet in enumerate(sheets))


def first_pieces(sheets: tuple[LongSheet, ...], name: str) -> Workbook:
    """The first rows of every sheet as a workbook: enough to tell its layouts by."""
    heads = tuple(Sheet(sheet.name, list(sheet.rows), hidden=sheet.hidden) for sheet in sheets)
    return Workbook(name, "", "", heads)


def _store_of(path: str) -> Path:
    return Path(settings.HOME) / "cache" / "sheets" / f"{Path(path).name}.zip"


@lru_cache(maxsize=4)
def _piece(store: str, number: int, piece: int) -> list[list[Any]]:
    with zipfile.ZipFile(store) as archive:
        return [
            [_value(value) for value in row] for row in json.loads(archive.read(f"{number}/{piece}.json"))
        ]


def _packed(rows: list[list[Any]]) -> str:
    return json.dumps([[_plain(value) for value in row] for row in rows], ensure_ascii=False)


# JSON knows no dates: {"datetime": "2025-01-31T00:00:00"}. A name is looked for in this order: a datetime is a date.
_KINDS = {"datetime": datetime.datetime, "date": datetime.date, "time": datetime.time}


def _plain(value: Any) -> Any:
    if isinstance(value, CellError):
        return {"error": str(value)}
    if isinstance(value, datetime.timedelta):
        return {"seconds": value.total_seconds()}
    for name, kind in _KINDS.items():
        if isinstance(value, kind):
            return {name: value.isoformat()}
    return value


def _value(value: Any) -> Any:
    if type(value) is not dict:
        return value
    ((name, kept_as),) = value.items()
    if name == "error":
        return CellError(kept_as)
    if name == "seconds":
        return datetime.timedelta(seconds=kept_as)
    return _KINDS[name].fromisoformat(kept_as)
