"""Tables and pictures of any document or list: raw values with their units, no formatted text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Lang = Literal["vi", "en"]
Cell = str | int | Decimal | dt.date | bool | None
ColumnKind = Literal["text", "integer", "number", "quantity", "percent", "money", "date"]
"""`quantity`: each row in a unit of its own, with as many digits as its numbers need."""


@dataclass(frozen=True)
class Column:
    """A column of any table or list. `width` is relative to the other columns of the table."""

    title: str
    kind: ColumnKind = "text"
    unit: str = ""
    decimals: int | None = None
    """Digits after the comma; None leaves it to the kind (integer and money 0, others 1)."""
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table to print: raw values, no formatted text. Rows are as long as `columns`."""

    code: str
    """Short latin name, unique in the document; becomes the name of the sheet."""
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: str = ""
    figure_codes: tuple[str, ...] = ()
    """One for the whole table, or one a row (plus one for the total)."""
    strong_rows: tuple[int, ...] = ()
    """Rows set in bold (subtotals), counted from 0."""


@dataclass(frozen=True)
class ChartSpec:
    """A picture as a Vega-Lite spec, with the words a reader who cannot see it gets."""

    code: str
    title: str
    description: str
    """Alternative text: what the picture shows, with its main numbers."""
    spec: Mapping[str, Any]
    table: Table | None = None
    """The numbers of the picture, for the page (a table stands beside every chart)."""
    panels: tuple[ChartSpec, ...] = ()
    """Of a picture whose panels stand side by side: each by itself, for a page too narrow for all of them."""
    svg: str = ""
    """A picture drawn elsewhere (`drawings`), in place of a spec."""


@dataclass(frozen=True)
class Note:
    """A footnote: what it says in words, and the code of the figure, which stands behind them in smaller type."""

    words: str
    code: str
