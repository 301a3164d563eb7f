"""Many workbooks read by several processes: results in the order asked for, however many files there are.

No file stops the rest: one that must not be opened comes back refused, one that brings its process down comes
back refused too, and the files that were in the same process are read again. Only a few batches are under way
at a time, so memory does not grow with the number of files.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sachhon.workbooks.annual.read import ReadReport, read_annual
from sachhon.workbooks.grid import open_workbook
from sachhon.workbooks.problems import Problem, WorkbookRefused

_BATCH = 16
_OBJECTS_BETWEEN_COLLECTIONS = 20_000
_BATCHES_A_WORKER = 3


@dataclass(frozen=True)
class ReadOutcome:
    """A file and what came of it: a report, or the problem for which it was refused."""

    path: Path
    sha256: str = ""
    report: ReadReport | None = None
    refused: Problem | None = None


def read_many(
    paths: Iterable[Path | str], workers: int = 1, *, latest_year: int | None = None
) -> Iterator[ReadOutcome]:
    """Read each file and yield its outcome, in the order of `paths`."""
    files = map(Path, paths)
    if workers <= 1:
        for path in files:
            yield read_one(path, latest_year)
        return
    pool = _Pool(workers, latest_year)
    try:
        yield from pool.run(iter(lambda: list(islice(files, _BATCH)), []))
    finally:
        pool.close()


def read_one(path: Path, latest_year: int | None = None) -> ReadOutcome:
    """Read one file; never raises for what is in it."""
    try:
        workbook = open_workbook(path)
        return ReadOutcome(path, workbook.sha256, read_annual(workbook, latest_year=latest_year))
    except WorkbookRefused as refused:
        return ReadOutcome(path, refused=refused.problem)
    except OSError as unreadable:
        return ReadOutcome(path, refused=_stopped(unreadable.strerror or type(unreadable).__name__))
    except Exception as fault:
        return ReadOutcome(path, refused=_stopped(type(fault).__name__))


def _read_batch(paths: list[Path], latest_year: int | None) -> list[ReadOutcome]:
    return [read_one(path, latest_year) for path in paths]


def _stopped(found: str) -> Problem:
    return Problem("error", "annual_reader_stopped", params={"found": found})


class _Pool:
    """Processes that read batches, replaced when one of them dies."""

    def __init__(self, workers: int, latest_year: int | None):
        self._workers = workers
        self._latest_year = latest_year
        self._executor = self._start(workers)

    def run(self, batches: Iterator[list[Path]]) -> Iterator[ReadOutcome]:
        waiting: deque[tuple[list[Path], Future[list[ReadOutcome]] | None]] = deque()
        for batch in islice(batches, self._workers * _BATCHES_A_WORKER):
            waiting.append((batch, self._submit(batch)))
        while waiting:
            batch, future = waiting.popleft()
            try:
                outcomes = future.result() if future else self._one_by_one(batch)
            except BrokenProcessPool:
                # Every batch under way is lost with the pool; only one of them holds the culprit.
                outcomes = self._one_by_one(batch)
                self._executor.shutdown(wait=False)
                self._executor = self._start(self._workers)
                waiting = deque((each, None if _broken(lost) else lost) for each, lost in waiting)
            yield from outcomes
            for batch in islice(batches, 1):
                waiting.append((batch, self._submit(batch)))

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, batch: list[Path]) -> Future[list[ReadOutcome]] | None:
        try:
            return self._executor.submit(_read_batch, batch, self._latest_year)
        except BrokenProcessPool:
            return None

    def _one_by_one(self, batch: list[Path]) -> list[ReadOutcome]:
        """Each file in a process that may die alone."""
        outcomes = []
        executor = self._start(1)
        for path in batch:
            try:
                outcomes += executor.submit(_read_batch, [path], self._latest_year).result()
            except BrokenProcessPool:
                outcomes.append(ReadOutcome(path, refused=_stopped("process")))
                executor.shutdown(wait=False)
                executor = self._start(1)
        executor.shutdown()
        return outcomes

    @staticmethod
    def _start(workers: int) -> ProcessPoolExecutor:
        # Spawned, not forked: the caller may hold threads, locks and database connections.
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(workers, mp_context=spawn, initializer=_collect_less)


def _collect_less() -> None:
    """Make the collector of cycles pass over what was loaded at the start, and come once in several files.

    A file makes thousands of lists and no cycles: at its usual pace the collector takes a twentieth of the time.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


def _broken(future: Future[list[ReadOutcome]] | None) -> bool:
    return future is None or (future.done() and isinstance(future.exception(), BrokenProcessPool))
