"""What is wrong with a workbook, where, and what to do about it.

A ``Problem`` carries a rule code and figures; its words stand in ``messages.csv`` in Vietnamese and
English, so that a text can be bettered without touching code; ``shown`` prints the figures in them. Other
packages add catalogue files of their own with ``register_catalogue``. Texts are plain: whoever shows them
on a page escapes them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sachhon.workbooks.shown import Params, plain

Level = Literal["error", "warning", "info"]

_CATALOGUES: list[Path] = [Path(__file__).with_name("messages.csv")]


@dataclass(frozen=True)
class Problem:
    """One finding. ``cell`` is an address like ``"C7"``; sheet and cell are None for the whole file.

    A finding of several cells of the sheet names the first as ``cell`` and all of them in ``params["cells"]``; one of
    several sheets has neither, and its cells are written ``"Sheet!C7"``.
    """

    level: Level
    rule: str
    sheet: str | None = None
    cell: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def message(self, lang: str = "vi") -> str:
        """What was found, in words."""
        return _text(self.rule, "message", lang).format_map(Params(self.params, lang))

    def cure(self, lang: str = "vi") -> str:
        """What the reader can do about it."""
        return _text(self.rule, "cure", lang).format_map(Params(self.params, lang))

    def rule_name(self, lang: str = "vi") -> str:
        """What the rule looks after, in words: "Số đọc được" for ``number_unreadable``."""
        return rule_name(self.rule, lang)

    @property
    def cells(self) -> tuple[str, ...]:
        """The addresses it is about; none for a sheet or the whole file."""
        first = (self.cell,) if self.cell else ()
        return tuple(dict.fromkeys((*first, *self.params.get("cells", ()))))

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The (sheet, address) pairs it is about; of a problem of several sheets each cell names its own."""
        split = (cell.rpartition("!") for cell in self.cells)
        return tuple((sheet, cell) for own, _mark, cell in split if (sheet := own or self.sheet))

    @property
    def place(self) -> str:
        """``"Sheet!C7"``, the sheet alone, or empty for the whole file."""
        if self.sheet and self.cell:
            return f"{self.sheet}!{self.cell}"
        return self.sheet or self.cell or ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; numbers in ``params`` become text unless they are int."""
        params = {name: plain(value) for name, value in self.params.items()}
        return {
            "level": self.level,
            "rule": self.rule,
            "sheet": self.sheet,
            "cell": self.cell,
            "params": params,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Problem:
        """The inverse of ``to_dict``."""
        return cls(data["level"], data["rule"], data.get("sheet"), data.get("cell"), data.get("params") or {})


class WorkbookRefused(Exception):
    """The file is not read at all; ``problem`` says why and what the sender can do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message("en"))
        self.problem = problem


def refuse(rule: str, **params: Any) -> WorkbookRefused:
    """The exception for a whole-file refusal, to be raised by the caller."""
    return WorkbookRefused(Problem("error", rule, params=params))


def register_catalogue(path: Path | str) -> None:
    """Add a message file (rule, message_vi, cure_vi, message_en, cure_en); its rules may not clash."""
    path = Path(path)
    if path in _CATALOGUES:
        return
    clash = set(_read(path)) & set(_catalogue())
    if clash:
        raise ValueError(f"{path.name}: rules already defined: {', '.join(sorted(clash))}")
    _CATALOGUES.append(path)
    _catalogue.cache_clear()


def known_rules() -> frozenset[str]:
    """Every rule that has words."""
    return frozenset(_catalogue())


@cache
def rule_name(rule: str, lang: str = "vi") -> str:
    """The name of the family of rules that ``rule`` belongs to (``rule_names.csv``; the first that fits)."""
    with Path(__file__).with_name("rule_names.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if any(fnmatchcase(rule, pattern) for pattern in row["rules"].split()):
                return row["en" if lang.startswith("en") else "vi"]
    raise KeyError(f"rule {rule!r} has no name: add it to rule_names.csv")


def _text(rule: str, part: str, lang: str) -> str:
    row = _catalogue().get(rule)
    if row is None:
        raise KeyError(f"rule {rule!r} has no text: add it to a messages.csv")
    return row[f"{part}_{'en' if lang.startswith('en') else 'vi'}"]


def _read(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["rule"]: row for row in csv.DictReader(handle)}


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for path in _CATALOGUES:
        merged.update(_read(path))
    return merged
