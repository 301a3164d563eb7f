"""Guess what one column means, from its header's words first and the cells under it second.

A word in the header that the cells contradict counts for nothing; a column nobody can tell stays
"undecided". Every guess carries its reason and how sure it is.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from sachhon.reference.units import dimension
from sachhon.workbooks.kinds import Kind, clock_header, kind_of, period_header
from sachhon.workbooks.profile import ColumnMap, Flow
from sachhon.workbooks.read_interval import is_clock
from sachhon.workbooks.tables import Table
from sachhon.workbooks.units import (
    energy_or_water_in,
    known_unit,
    of_a_year,
    resource_in,
    saved_resource,
    unit_in_header,
)
from sachhon.workbooks.values import parse_date, parse_number, parse_period
from sachhon.workbooks.vocabulary import (
    has_word,
    header_role,
    header_roles,
    is_rate,
    is_total_column,
    words_of,
)

FIGURES = ("quantity", "reading", "out")


@dataclass
class Content:
    """What a column's cells hold, from a sample."""

    values: list[Any]
    kinds: Counter[Kind]

    @property
    def filled(self) -> int:
        return sum(n for kind, n in self.kinds.items() if kind not in ("empty", "none"))

    def share(self, *kinds: Kind) -> float:
        return sum(self.kinds[k] for k in kinds) / self.filled if self.filled else 0.0

    @property
    def clock_times(self) -> float:
        """Share of cells that are a time of day alone."""
        times = [v for v in self.values if v != ""]
        return sum(isinstance(v, time) or is_clock(v) for v in times) / len(times) if times else 0.0

    @property
    def units(self) -> float:
        texts = [v for v in self.values if isinstance(v, str) and v.strip()]
        return sum(known_unit(t) is not None for t in texts) / len(texts) if texts else 0.0


def guess_column(table: Table, col: int, content: Content, flow: Flow | None) -> ColumnMap:
    """The role of a column with its resource, unit and flow, or "undecided"."""
    return _tidy(_first_guess(table, col, content, flow))


def is_saving(header: str) -> bool:
    """True for the header of what a solution saves, in units or in money."""
    return any(role[0] == "saving" for part in header.split(" / ") if (role := header_role(part)))


def _first_guess(table: Table, col: int, content: Content, flow: Flow | None) -> ColumnMap:
    header = table.header(col)
    unit = unit_in_header(header) or (known_unit(table.unit(col) or ""))
    unit = of_a_year(unit) if is_saving(header) else unit
    base = ColumnMap(header, col, "undecided", unit=unit, confidence=0.0, reason="unclear")
    if not content.filled and not content.kinds["none"]:
        return replace(base, role="skip", confidence=1.0, reason="empty")
    numeric = content.share("number", "error") > 0.6 or (not content.filled and content.kinds["none"] > 0)
    parts = header.split(" / ")
    if numeric and (rate := is_rate(header)):
        return replace(base, role="skip", confidence=0.8, reason="header_word", word=rate)
    if any(is_total_column(p) for p in parts) and numeric:
        return replace(base, role="total", confidence=0.9, reason="header_total")
    if any(period_header(p) for p in parts) and numeric:
        money = unit is not None and dimension(unit) == "money"
        sub = [r for p in parts if not period_header(p) and (r := header_role(p))]
        role = "cost" if money or any(r[0] == "cost" for r in sub) else "quantity"
        if any(r[0] == "skip" for r in sub):
            role = "skip"
        return replace(base, role=role, confidence=0.9, reason="header_period")
    if numeric and clock_header(parts[-1]):
        return replace(base, role="quantity", confidence=0.8, reason="header_clock")
    named = _saved(parts, unit) or _by_words(parts, unit)
    others = list(header_roles(parts[-1])[1:]) if named else []
    for role, word in [named, *others] if named else []:
        certain = _fits(role, content, numeric)
        if certain:
            return _with_resource(
                replace(base, role=role, confidence=certain, reason="header_word", word=word), flow
            )
    if content.clock_times > 0.8:
        return replace(base, role="time", confidence=0.8, reason="content_dates")
    if content.share("date") > 0.6:
        return replace(base, role="date", confidence=0.6, reason="content_dates")
    if not numeric:
        if content.units > 0.8 and content.filled:
            return replace(base, role="unit", confidence=0.7, reason="content_units")
        return base
    if unit and dimension(unit) == "money":
        return replace(base, role="cost", confidence=0.7, reason="header_unit", word=unit)
    resource = resource_in(header)
    if resource:
        return _with_resource(
            replace(base, role="quantity", confidence=0.8, reason="header_resource", word=resource.name_vi),
            flow,
        )
    if unit:
        return replace(base, role="quantity", confidence=0.7, reason="header_unit", word=unit)
    if flow == "output" and header and not named:
        label = _product_name(header)
        return replace(
            base, role="quantity", label=label, confidence=0.6, reason="title_flow", word="sản lượng"
        )
    return base


def _tidy(column: ColumnMap) -> ColumnMap:
    """Only figures have units; energy in kWh is electricity until somebody says otherwise."""
    if column.role not in (
        *FIGURES, "cost", "reading_old", "in", "stock", "total", "investment", "saving", "undecided",
    ):  # fmt: skip
        return replace(column, unit=None)
    if column.role in FIGURES and not column.resource and not column.label and column.unit in ("kWh", "MWh"):
        if has_word(column.header, ("nhan", "phat", "export", "received")):
            return replace(column, role="undecided", confidence=0.0, reason="unclear")
        return replace(
            column, resource="electricity", flow="consumption", confidence=min(column.confidence, 0.6),
            reason="header_unit", word=column.unit,
        )  # fmt: skip
    return column


def _saved(parts: list[str], unit: str | None) -> tuple[Any, str] | None:
    """What a solution saves: "Tiết kiệm / Thành tiền" is money, "Tiết kiệm điện (kWh)" is a quantity."""
    word = next((r[1] for p in parts if (r := header_role(p)) and r[0] == "saving"), None)
    if word is None or (unit and dimension(unit) == "money"):
        return ("saving", word) if word else None
    if unit is None and has_word(" ".join(parts), words_of("money_gained")):
        return "saving", word
    what = (header_role(parts[-1]) or ("",))[0]
    return (what if what in ("unit", "label") else "quantity"), word


def _by_words(parts: list[str], unit: str | None) -> tuple[Any, str] | None:
    """The role of a header of one or more parts: "Nhập / Thành tiền" is no quantity."""
    roles = [r for p in parts if (r := header_role(p))]
    if not roles:
        return None
    names = [r[0] for r in roles]
    last = roles[-1]
    for direction in ("in", "out", "stock"):
        if direction in names[:-1]:
            if last[0] in ("skip", "cost"):
                return ("cost" if direction == "out" and last[0] == "cost" else "skip"), last[1]
            return direction, roles[names.index(direction)][1]
    if "rate" in names:
        return "tariff", last[1]
    if last[0] == "tariff" or "tariff" in names:
        return "quantity", last[1]
    if last[0] == "quantity" and unit and dimension(unit) == "money":
        return "cost", last[1]
    return last


def _fits(role: str, content: Content, numeric: bool) -> float:
    """How sure a header's role is, once the cells are seen; 0 where they contradict it."""
    if role in (
        "quantity",
        "cost",
        "investment",
        "saving",
        "reading",
        "reading_old",
        "multiplier",
        "in",
        "out",
        "stock",
        "stock_open",
    ):
        return 0.9 if numeric else 0.0
    if role in ("date", "date_from", "date_to"):
        if content.share("date") > 0.5:
            return 0.95
        months = [parse_number(v) for v in content.values if kind_of(v) == "number"]
        whole = bool(months) and all(m is not None and 1 <= m <= 31 and m == int(m) for m in months)
        if role == "date" and _are_days(content.values):
            return 0.8
        return (
            0.8 if role == "date" and whole else 0.5 if role == "date" and content.share("date") > 0 else 0.0
        )
    if role == "tariff":
        return 0.9 if not numeric else 0.0
    if role == "year":
        years = [parse_number(v) for v in content.values if v != ""]
        return 0.9 if years and all(y is not None and 1990 <= y <= 2100 for y in years) else 0.0
    if role == "unit":
        return 0.9 if content.units > 0.3 else 0.6
    if role in ("label", "solution", "group"):
        return 0.85 if content.share("text") > 0.4 else 0.0
    return 0.9


def _are_days(values: list[Any]) -> bool:
    """Whether most cells name months ("Jan") or are days that lost their format (45658 for 01/01/2025)."""
    filled = [v for v in values if v != ""]
    named = [v for v in filled if isinstance(v, str) and len(v) < 12 and parse_period(v, 2000)]
    serials = [v for v in filled if isinstance(v, int | float) and 32874 <= v <= 51501 and parse_date(v)]
    return max(len(named), len(serials)) > len(filled) / 2


def _with_resource(column: ColumnMap, flow: Flow | None) -> ColumnMap:
    """Attach the resource a figure's header names ("Điện tiêu thụ (kWh)"), with its flow."""
    if column.role not in ("quantity", "out", "reading"):
        return column
    resource = resource_in(column.header)
    if resource is None and is_saving(column.header):
        resource = saved_resource(column.header)
    if resource is None and column.role == "reading":  # "Chỉ số nước", "Công tơ điện số 2"
        resource = energy_or_water_in(column.header)
    if has_word(column.header, ("san luong", "output", "production")) and not (
        resource and resource.kind == "electricity"
    ):
        product = re.sub(
            r"(?i)^(?:sản lượng|san luong|output|production)(?: of)?", "", _product_name(column.header)
        )
        flow = "output" if column.unit is None or dimension(column.unit) != "energy" else flow
        if flow == "output":
            return replace(column, label=product.strip(" :-") or None, flow="output")
    if resource is None:
        return column
    if flow == "output":  # "Xi măng PCB30" in a table of output is a product
        return replace(column, label=_product_name(column.header), flow="output")
    is_waste = resource.kind in ("waste", "emission")
    return replace(column, resource=resource.code, flow="waste" if is_waste else flow or "consumption")


def _product_name(header: str) -> str:
    """The last part of a header without its bracketed unit."""
    return re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*", " ", header.split(" / ")[-1]).strip() or header
