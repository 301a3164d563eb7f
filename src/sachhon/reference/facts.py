"""Facts: a value with its unit, source, validity and confidence, found by code and date.

A table is one CSV file in `data/`; `fact("toe.diesel", date(2024, 1, 1))` is the row `diesel` of `toe.csv`
that holds on that day.  Nothing here knows what a table is about: see the modules beside this one.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

DATA = Path(__file__).parent / "data"
CONFIDENCES = ("found", "memory-high", "memory-low", "estimate")
_STANDARD = frozenset(
    [
        "code",
        "value",
        "low",
        "high",
        "rel_unc",
        "unit",
        "valid_from",
        "valid_to",
        "confidence",
        "source",
        "name_vi",
        "name_en",
        "note",
    ]
)


@dataclass(frozen=True)
class Fact:
    """One row of a table: what it says, for how long, who says so and how sure that is."""

    table: str
    code: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    relative_uncertainty: Decimal | None
    unit: str
    valid_from: date | None
    valid_to: date | None
    confidence: str
    source: str
    name_vi: str
    name_en: str
    note: str
    extra: Mapping[str, str] = field(compare=False, repr=False)

    @property
    def full_code(self) -> str:
        return f"{self.table}.{self.code}"

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" else self.name_vi

    def holds(self, on: date) -> bool:
        """Say whether the fact is valid on that day (both ends included)."""
        after_start = self.valid_from is None or self.valid_from <= on
        return after_start and (self.valid_to is None or on <= self.valid_to)


class FactNotFound(LookupError):
    """No fact of that code holds on that day; says which validity comes nearest."""

    def __init__(self, code: str, on: date | None, nearest: Fact | None = None):
        self.code, self.on, self.nearest = code, on, nearest
        when = f" on {on:%Y-%m-%d}" if on else ""
        if nearest is None:
            cure = "no such code: see `sachhon reference show` for the tables"
        else:
            start = nearest.valid_from or "the beginning"
            cure = f"the nearest one is valid from {start} to {nearest.valid_to or 'now'}"
        super().__init__(f"no fact {code!r}{when}; {cure}")


def fact(code: str, on: date) -> Fact:
    """Return the fact `table.code` that holds on that day; the bare code will do where one table has it."""
    versions = versions_of(code)
    held = [f for f in versions if f.holds(on)]
    if held:
        return held[0]
    raise FactNotFound(code, on, min(versions, key=lambda f: _distance(f, on), default=None))


def facts(table: str, on: date | None = None) -> tuple[Fact, ...]:
    """Return the facts of a table in file order: all versions, or those that hold on a day."""
    if table not in tables():
        raise FactNotFound(table, on)
    found = _load(table)
    return found if on is None else tuple(f for f in found if f.holds(on))


@cache
def tables() -> tuple[str, ...]:
    """Return the names of the tables of facts (the link tables of aliases and successors are not facts)."""
    return tuple(
        sorted(p.stem for p in DATA.glob("*.csv") if "confidence" in _header(p) and "code" in _header(p))
    )


def versions_of(code: str) -> tuple[Fact, ...]:
    """Return all versions of a fact over time, oldest first; empty where the code is unknown."""
    table, _, rest = code.partition(".")
    if rest and table in tables():
        return _by_code(table).get(rest, ())
    holders = [t for t in tables() if code in _by_code(t)]
    return _by_code(holders[0])[code] if len(holders) == 1 else ()


def tables_with(code: str) -> tuple[str, ...]:
    """Return the tables that have that bare code."""
    return tuple(t for t in tables() if code in _by_code(t))


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """Return the raw rows of any CSV file of `data/`, links and aliases included."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as handle:
        return next(csv.reader(handle))


@cache
def _load(table: str) -> tuple[Fact, ...]:
    return tuple(_to_fact(table, row) for row in rows(table))


@cache
def _by_code(table: str) -> dict[str, tuple[Fact, ...]]:
    found: dict[str, list[Fact]] = {}
    for f in _load(table):
        found.setdefault(f.code, []).append(f)
    return {code: tuple(sorted(fs, key=lambda f: f.valid_from or date.min)) for code, fs in found.items()}


def _to_fact(table: str, row: dict[str, str]) -> Fact:
    low, high = _decimal(row.get("low")), _decimal(row.get("high"))
    value = _decimal(row.get("value"))
    if value is None and low is not None and high is not None:
        value = (low + high) / 2
    return Fact(
        table=table,
        code=row["code"],
        value=value,
        low=low,
        high=high,
        relative_uncertainty=_decimal(row.get("rel_unc")),
        unit=row.get("unit", ""),
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        confidence=row["confidence"],
        source=row["source"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        note=row["note"],
        extra=MappingProxyType({k: v for k, v in row.items() if k not in _STANDARD}),
    )


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _distance(f: Fact, on: date) -> int:
    if f.valid_from and on < f.valid_from:
        return (f.valid_from - on).days
    return (on - f.valid_to).days if f.valid_to and on > f.valid_to else 0
