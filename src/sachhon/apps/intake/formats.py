"""The plug for what can be read from a file. Higher rooms add their own formats when the site starts.

A format says how sure it is that a workbook is its own, reads it without writing anything, and then writes
what was read. Intake owns the job, the transaction, the problems, the history and the undo.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sachhon.workbooks.grid import Workbook
from sachhon.workbooks.problems import Problem


@dataclass(frozen=True)
class Read:
    """What a format read out of a workbook, before anything is written.

    `problems` with level "error" refuse the file. `tax_code` and `facility_code` say whose it claims to be;
    `payload` is the format's own (it crosses processes, so it can be pickled).

    `summary` is plain data kept with the file; of its keys the file's page reads "solutions", a list as
    `solutions.summary_of` makes it.

    `slot` names what a facility has only one of (the annual report of a year), `digest` sums up what the
    file says about it: equal digests are the same report sent again, two digests in one job are a conflict.
    """

    payload: Any
    problems: Sequence[Problem]
    year: int | None = None
    facility_code: str = ""
    tax_code: str = ""
    facility_name: str = ""
    values: int = 0
    slot: str = ""
    digest: str = ""
    summary: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Followed:
    """One thing that followed from a taken file, in words, with where it is seen; `state` one that has a sign."""

    state: str
    words: str
    address: str
    label: str = ""


class Format(Protocol):
    """One kind of file that the inbox can take."""

    key: str

    def score(self, workbook: Workbook) -> float:
        """0 (not mine) … 1 (certainly mine)."""
        ...

    def read(self, workbook: Workbook, *, profile=None) -> Read:
        """Reads without writing, and without the database: large folders are read by several processes.

        `profile` is the spec of the MappingProfile chosen for the file, if any.
        """
        ...

    def write(self, actor, facility, read: Read, *, batch: str, file_name: str) -> Sequence[Problem]:
        """Writes inside the caller's transaction; returns further warnings. May raise WorkbookRefused.

        `read.summary["taken"]` is to say how many figures were written where that differs from `read.values`;
        a file of which nothing was, though nothing is wrong, counts as taken before.
        """
        ...

    def undo(self, actor, batch: str) -> None:
        """Takes back what `write` did under `batch`, inside the caller's transaction.

        Records written through the registry under `batch` are taken back by intake itself, afterwards.
        May raise UndoRefused with the reason.
        """
        ...

    def link(self, file) -> tuple[str, str] | None:
        """What became of a taken ImportFile, as (words, address): the report, the records."""
        ...

    def followed(self, file) -> Sequence[Followed]:
        """What a taken ImportFile set going beyond its figures, and what it asks of a person now."""
        ...


_formats: dict[str, Format] = {}


def register(format_: Format) -> None:
    """Called from an AppConfig.ready()."""
    _formats[format_.key] = format_


def all_formats() -> list[Format]:
    """The formats known to this site."""
    return list(_formats.values())


def format_of(key: str) -> Format:
    """The format with this key (KeyError where a plug was removed)."""
    return _formats[key]
