"""One file opened and read, without the database: it can be done by another process.

Not for deciding whose the file is or for writing it: see `placing` and `taking`.
"""

import logging
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from sachhon.apps.intake.formats import Read, all_formats, format_of
from sachhon.workbooks.grid import Workbook, WorkbookRefused, open_workbook
from sachhon.workbooks.problems import Problem

logger = logging.getLogger(__name__)

SURE_ENOUGH = 0.5
FILES_WORTH_A_POOL = 8


@dataclass(frozen=True)
class Sent:
    """All that reading a file needs to know of it."""

    pk: int
    path: str
    name: str
    fixes: tuple[tuple[str, str, str], ...] = ()  # (sheet, cell, value)
    mapped: bool = False  # a person chose a mapping: no other format is asked


@dataclass(frozen=True)
class Looked:
    """What a first look gave: a refusal, a reading, or the wish for a mapping (no `read`)."""

    format: str = ""
    read: Read | None = None
    refusal: Problem | None = None
    notes: tuple[Problem, ...] = ()
    layouts: tuple[str, ...] = ()  # the signatures of the layouts that need a mapping


def look(sent: Sent) -> Looked:
    """Opens the file, finds the format that is surest and reads by it. Never raises for what is in the file."""
    # Here, not above: a reading process imports this module before Django is ready.
    from sachhon.apps.intake import meter_format

    try:
        workbook = open_fixed(sent)
        format_ = None if sent.mapped else best_format(workbook)
        if format_ is None:
            return Looked(meter_format.KEY, notes=workbook.problems, layouts=meter_format.layouts(workbook))
        return _read(format_.key, workbook)
    except WorkbookRefused as refused:
        return Looked(refusal=refused.problem)
    except Exception:
        logger.exception("Reading %s (file %s) failed", sent.name, sent.pk)
        return Looked(refusal=Problem("error", "reading_failed"))


def _read(key: str, workbook: Workbook, spec: Any = None) -> Looked:
    """Reads by a format. A form of its own knows which notes on the workbook matter; the mapped one does not."""
    from sachhon.apps.intake import meter_format

    notes = workbook.problems if key == meter_format.KEY else ()
    return Looked(key, format_of(key).read(workbook, profile=spec), notes=notes)


def read_by(sent: Sent, key: str, spec: Any) -> Looked:
    """Reads by one format and, where it needs one, a mapping."""
    try:
        workbook = open_fixed(sent)
        return _read(key, workbook, spec)
    except WorkbookRefused as refused:
        return Looked(key, refusal=refused.problem)
    except Exception:
        logger.exception("Reading %s (file %s) as %s failed", sent.name, sent.pk, key)
        return Looked(key, refusal=Problem("error", "reading_failed"))


def open_fixed(sent: Sent) -> Workbook:
    """The workbook with the corrected cells laid over it."""
    from sachhon.apps.intake.services import windows
    from sachhon.apps.intake.services.receiving import limits

    workbook = open_workbook(sent.path, sent.name, limits())
    windows.keep(sent.path, workbook)
    for sheet_name, cell, value in sent.fixes:
        lay_over(workbook, sheet_name, cell, value)
    return workbook


def lay_over(workbook: Workbook, sheet_name: str, cell: str, value: str) -> None:
    """Puts one corrected value into the opened workbook; a sheet that is not there is passed over."""
    sheet = workbook.sheet(sheet_name)
    place = place_of(cell)
    if sheet is None or place is None:
        return
    row, col = place
    while len(sheet.rows) <= row:
        sheet.rows.append([])
    # A new list: rows of one kind of empty may share a list.
    values = [*sheet.rows[row], *[""] * (col + 1 - len(sheet.rows[row]))]
    values[col] = value
    sheet.rows[row] = values


def place_of(cell: str) -> tuple[int, int] | None:
    """ "C7" → (6, 2); None for what is no address, or lies beyond any sheet."""
    letters = cell.rstrip("0123456789")
    digits = cell[len(letters) :]
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha() and 1 <= len(digits) <= 6):
        return None
    col = 0
    for letter in letters.upper():
        col = col * 26 + ord(letter) - ord("A") + 1
    row = int(digits)
    return (row - 1, col - 1) if row >= 1 else None


def best_format(workbook: Workbook):
    """The surest of the plugged-in formats, None when none is sure enough."""
    scored = [(format_.score(workbook), format_) for format_ in all_formats()]
    score, found = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return found if score >= SURE_ENOUGH else None


def look_all(files: Sequence[Sent], processes: int | None = None) -> Iterator[tuple[Sent, Looked]]:
    """`look` for each file, in order; large folders with several processes, a few files ahead of the writer."""
    if processes is None:
        processes = min(4, os.cpu_count() or 1) if len(files) >= FILES_WORTH_A_POOL else 1
    if processes < 2:
        for sent in files:
            yield sent, look(sent)
        return
    rest, ahead, futures = deque(files), deque(), {}
    with _pool(processes) as pool:
        try:
            while rest or ahead:
                while rest and len(ahead) < 3 * processes:
                    ahead.append(rest.popleft())
                    futures[ahead[-1].pk] = pool.submit(look, ahead[-1])
                looked = futures.pop(ahead[0].pk).result()
                yield ahead.popleft(), looked
            return
        except BrokenProcessPool:
            logger.warning("A reading process died; the files it held are read one by one")
    yield from _one_by_one(ahead)
    yield from look_all(rest, processes)


def _one_by_one(files: deque[Sent]) -> Iterator[tuple[Sent, Looked]]:
    """`look` for each in a process that holds no other: if it dies again, it is this file that kills it."""
    while files:
        with _pool(1) as pool:
            while files:
                try:
                    looked = pool.submit(look, files[0]).result()
                except BrokenProcessPool:
                    yield files.popleft(), Looked(refusal=Problem("error", "reading_failed"))
                    break
                yield files.popleft(), looked


def _pool(processes: int) -> ProcessPoolExecutor:
    # Spawned, not forked: the parent holds database connections and threads.
    return ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_prepare)


def _prepare() -> None:
    import django

    django.setup()
