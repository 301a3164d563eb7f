"""A mapping profile: what each column of one layout means, kept as data and used again.

A profile is suggested from a file (``suggest``), confirmed or edited by a person, stored as JSON and found
again for the next file by the layout's ``signature``. Nothing in it is decided silently: ``undecided``
lists what a person must still choose, and every column says why it was given its role.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sachhon.workbooks.grid import Sheet, Workbook
from sachhon.workbooks.kinds import kind_of
from sachhon.workbooks.tables import Table, find_tables
from sachhon.workbooks.values import Separators, fold
from sachhon.workbooks.vocabulary import header_key

Layout = Literal["bills", "ledger", "crosstab", "cumulative_meter", "interval", "solutions", "form"]
Flow = Literal["output", "consumption", "waste"]
Role = Literal[
    "date", "time", "year", "date_from", "date_to", "quantity", "unit", "cost", "label", "tariff", "reading",
    "reading_old", "multiplier", "meter", "status", "note", "in", "out", "stock", "stock_open", "total", "skip",
    "solution", "group", "investment", "saving", "undecided",
]  # fmt: skip
FieldName = Literal["", "solution", "group", "done", "investment", "saving", "saved", "skip", "undecided"]
SOLUTION_NAME = "solution"


@dataclass(frozen=True)
class ColumnMap:
    """One column. ``label``, ``resource``, ``unit`` and ``flow`` hold for its figures when set."""

    header: str
    index: int
    role: Role
    label: str | None = None
    resource: str | None = None
    unit: str | None = None
    flow: Flow | None = None
    confidence: float = 1.0
    reason: str = "chosen"
    word: str = ""

    def why(self, lang: str = "vi") -> str:
        """Why the column was given its role, in words."""
        text = _reasons()[self.reason]["en" if lang.startswith("en") else "vi"]
        return text.replace("{word}", self.word)


@dataclass(frozen=True)
class FieldMap:
    """One line of a form: what stands beside ``label``. ``name`` is "" for a resource, else a part of a solution."""

    label: str
    name: FieldName = ""
    resource: str | None = None
    flow: Flow | None = None
    unit: str | None = None


@dataclass(frozen=True)
class MappingProfile:
    """How one layout is read. ``year`` overrides the year found in titles; None leaves it to them."""

    name: str
    kind: Layout
    signature: str
    sheet: str = "*"
    columns: tuple[ColumnMap, ...] = ()
    fields: tuple[FieldMap, ...] = ()
    label: str | None = None
    resource: str | None = None
    unit: str | None = None
    year: int | None = None
    only_year: bool = False
    flow: Flow | None = None
    separators: Separators | None = None
    estimated_words: tuple[str, ...] = ()
    error_words: tuple[str, ...] = ()
    dash: Literal["zero", "missing"] = "zero"
    reading_time: Literal["auto", "morning", "evening"] = "auto"
    meter_digits: int | None = None

    @property
    def undecided(self) -> tuple[str, ...]:
        """What a person must choose before reading: headers of columns, and "flow", "label" or "unit"."""
        open_columns = [c.header for c in self.columns if c.role == "undecided"]
        open_fields = [
            f.label for f in self.fields if f.name == "undecided" or (f.name == "saved" and not f.resource)
        ]
        return (*open_columns, *open_fields, *self._missing())

    def _missing(self) -> list[str]:
        if self.kind == "form":
            return []
        figures = [c for c in self.columns if c.role in ("quantity", "reading", "out")]
        by_row = any(c.role == "label" for c in self.columns)
        if self.kind == "solutions":
            unnamed = not by_row and not all(c.resource for c in figures)
            return [SOLUTION_NAME] * (self.column(SOLUTION_NAME) is None) + ["label"] * unnamed
        missing = []
        if (
            figures
            and not self.flow
            and not all(c.flow for c in figures)
            and not (by_row and self.kind != "bills")
        ):
            missing.append("flow")
        if (
            not by_row
            and not (self.label or self.resource)
            and not all(c.label or c.resource for c in figures)
        ):
            missing.append("label")
        return missing

    @property
    def confidence(self) -> float:
        """The least sure of the column choices that matter."""
        if self.kind == "form":
            return 0.3 if self.undecided else 0.7
        used = [c.confidence for c in self.columns if c.role not in ("skip", "note")]
        return min(used, default=0.0)

    def column(self, role: Role) -> ColumnMap | None:
        """The first column of a role."""
        return next((c for c in self.columns if c.role == role), None)

    def with_column(self, header: str, **changes: Any) -> MappingProfile:
        """A copy with one column (by header, marks ignored) changed: a person's choice."""
        wanted = header_key(header)
        if all(header_key(c.header) != wanted for c in self.columns):
            raise KeyError(
                f"no column {header!r} in the profile; its columns: {[c.header for c in self.columns]}"
            )
        chosen = {"confidence": 1.0, "reason": "chosen", **changes}
        columns = tuple(replace(c, **chosen) if header_key(c.header) == wanted else c for c in self.columns)
        return replace(self, columns=columns)

    def to_json(self) -> str:
        """The profile as text, to store or share."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> MappingProfile:
        """The inverse of ``to_json``; raises ``ValueError`` for text that is no profile."""
        try:
            data = json.loads(text)
            data["columns"] = tuple(ColumnMap(**c) for c in data.get("columns", ()))
            data["fields"] = tuple(FieldMap(**f) for f in data.get("fields", ()))
            for name in ("estimated_words", "error_words"):
                data[name] = tuple(data.get(name, ()))
            return cls(**data)
        except (TypeError, KeyError, AttributeError) as wrong:
            raise ValueError(f"not a mapping profile: {wrong}") from wrong


@dataclass(frozen=True)
class Located:
    """A table of a file with the profile's columns found in it, by absolute column."""

    sheet: Sheet
    table: Table
    columns: dict[int, ColumnMap] = field(default_factory=dict)


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def table_signature(table: Table) -> str:
    """The layout of a table: its headers with their units, marks and years set aside."""
    return _digest("|".join(_YEAR.sub("####", fold(h)) for h in table.headers))


def form_signature(sheet: Sheet) -> str:
    """The layout of a form: its labels in order, figures left out."""
    labels = [header_key(v) for row in sheet.rows for v in row if isinstance(v, str) and kind_of(v) == "text"]
    return _digest("form|" + "|".join(labels))


def signature(sheet: Sheet) -> str:
    """The layout of a sheet: of its first table, or of the form it is."""
    tables = find_tables(sheet)
    return table_signature(tables[0]) if tables else form_signature(sheet)


def find_profiles(workbook: Workbook, profiles: Iterable[MappingProfile]) -> list[MappingProfile]:
    """Those of the kept profiles whose layout occurs in the workbook."""
    found = set()
    for sheet in workbook.sheets:
        if sheet.rows:
            found |= {table_signature(t) for t in find_tables(sheet)} | {form_signature(sheet)}
    return [profile for profile in profiles if profile.signature in found]


def matching_sheets(workbook: Workbook, profile: MappingProfile) -> list[Sheet]:
    """The sheets a profile may read; hidden ones only when named outright."""
    pattern = fold(profile.sheet)
    return [
        sheet
        for sheet in workbook.sheets
        if sheet.rows
        and (fold(sheet.name) == pattern or (not sheet.hidden and fnmatchcase(fold(sheet.name), pattern)))
    ]


def locate(sheet: Sheet, profile: MappingProfile) -> Located | None:
    """The table of the sheet that has the profile's columns: by header words, wherever they moved."""
    best: Located | None = None
    for table in find_tables(sheet):
        columns = _match_columns(table, profile)
        needed = [c for c in profile.columns if c.role not in ("skip", "note", "undecided", "total")]
        got = {c.header for c in columns.values()}
        if needed and sum(c.header in got for c in needed) / len(needed) < 0.6:
            continue
        if table_signature(table) == profile.signature:
            return Located(sheet, table, columns)
        if best is None or len(columns) > len(best.columns):
            best = Located(sheet, table, columns)
    return best


def _match_columns(table: Table, profile: MappingProfile) -> dict[int, ColumnMap]:
    """First a column at its old place with its old header, then a moved one by its header alone."""
    free = {c: header_key(table.header(c)) for c in table.columns}
    matched: dict[int, ColumnMap] = {}
    waiting = []
    for column in profile.columns:
        if free.get(column.index) == header_key(column.header):
            matched[column.index] = column
            del free[column.index]
        else:
            waiting.append(column)
    for column in waiting:
        key = header_key(column.header)
        at = next((c for c, k in free.items() if k == key), None) if key else None
        if at is not None:
            matched[at] = column
            del free[at]
    return dict(sorted(matched.items()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _reasons() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("reasons.csv").open(encoding="utf-8", newline="") as handle:
        return {row["reason"]: row for row in csv.DictReader(handle)}
