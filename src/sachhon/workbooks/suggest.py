"""Suggest mapping profiles for a workbook nobody has mapped before.

For every table the headers are looked up in the vocabulary and checked against what the cells hold. What
is not clear stays "undecided" for a person to choose. Sheets of the same layout (one a month) share a
profile.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sachhon.reference.units import dimension
from sachhon.workbooks.forms import form_fields
from sachhon.workbooks.grid import Sheet, Workbook
from sachhon.workbooks.profile import (
    ColumnMap,
    Flow,
    Layout,
    MappingProfile,
    form_signature,
    table_signature,
)
from sachhon.workbooks.read_interval import is_clock, moment_of
from sachhon.workbooks.tables import (
    Kind,
    Table,
    body_rows,
    clock_header,
    find_tables,
    kind_of,
    period_header,
    table_unit,
)
from sachhon.workbooks.units import cost_resource, energy_or_water_in, known_unit, resource_in, unit_in_header
from sachhon.workbooks.values import find_year, infer_separators, parse_number
from sachhon.workbooks.vocabulary import has_word, header_role, header_roles, is_total_column, words_of

_SAMPLE = 300
_FIGURES = ("quantity", "reading", "out")


def suggest(workbook: Workbook) -> list[MappingProfile]:
    """Profiles for the tables and forms of the workbook's visible sheets, in their order."""
    found: dict[str, MappingProfile] = {}
    for sheet in workbook.sheets:
        if sheet.hidden or not sheet.rows:
            continue
        tables = find_tables(sheet)
        profiles = [p for t in tables if (p := _suggest_table(workbook, sheet, t))]
        if not profiles and (fields := form_fields(sheet)):
            profiles = [
                MappingProfile(sheet.name, "form", form_signature(sheet), sheet.name, fields=tuple(fields))
            ]
        for profile in profiles:
            if profile.signature in found:  # the same layout on several sheets: one profile for all
                profile = replace(found[profile.signature], sheet="*")
            found[profile.signature] = profile
    return list(found.values())


@dataclass
class _Column:
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


def _suggest_table(workbook: Workbook, sheet: Sheet, table: Table) -> MappingProfile | None:
    rows = body_rows(sheet, table)[:_SAMPLE]
    if not rows:
        return None
    content = {}
    for col in table.columns:
        values = [sheet.cell(r, col) for r in rows]
        content[col] = _Column(values, Counter(kind_of(v) for v in values))
    flow = _title_flow(sheet, table)
    columns = {col: _tidy(_guess(table, col, content[col], flow)) for col in table.columns}
    kind = _kind(columns, content)
    _settle(columns, content, kind)
    if not any(c.role in (*_FIGURES, "in", "undecided", "cost") for c in columns.values()):
        return None
    resource = None
    title_unit = known_unit(table_unit(table.titles) or "")
    if title_unit in ("kWh", "MWh") and any(c.reason == "header_clock" for c in columns.values()):
        resource = "electricity"
    needs_name = any(c.role in _FIGURES and not (c.label or c.resource) for c in columns.values())
    if needs_name and not any(c.role == "label" for c in columns.values()):
        resource = resource or _title_resource(sheet, table, workbook.name)
    separators = _separators(columns, content)
    if flow is None and resource:
        flow = "consumption"
    return MappingProfile(
        name=sheet.name if sheet.name != "CSV" else workbook.name,
        kind=kind,
        signature=table_signature(table),
        sheet=sheet.name,
        columns=tuple(columns.values()),
        resource=resource,
        unit=table_unit(table.titles),
        only_year=kind == "bills" and any(find_year(t) for t in table.titles),
        flow=flow,
        separators=separators,
        estimated_words=words_of("estimated"),
        error_words=words_of("error"),
    )


def _guess(table: Table, col: int, content: _Column, flow: Flow | None) -> ColumnMap:
    header = table.header(col)
    unit = unit_in_header(header) or (known_unit(table.unit(col) or ""))
    base = ColumnMap(header, col, "undecided", unit=unit, confidence=0.0, reason="unclear")
    if not content.filled and not content.kinds["none"]:
        return replace(base, role="skip", confidence=1.0, reason="empty")
    numeric = content.share("number", "error") > 0.6 or (not content.filled and content.kinds["none"] > 0)
    parts = header.split(" / ")
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
    named = _by_words(parts, unit)
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


def _product_name(header: str) -> str:
    """The last part of a header without its bracketed unit."""
    return re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*", " ", header.split(" / ")[-1]).strip() or header


def _tidy(column: ColumnMap) -> ColumnMap:
    """Only figures have units; energy in kWh is electricity until somebody says otherwise."""
    if column.role not in (*_FIGURES, "cost", "reading_old", "in", "stock", "total", "undecided"):
        return replace(column, unit=None)
    if column.role in _FIGURES and not column.resource and not column.label and column.unit in ("kWh", "MWh"):
        if has_word(column.header, ("nhan", "phat", "export", "received")):
            return replace(column, role="undecided", confidence=0.0, reason="unclear")
        return replace(
            column, resource="electricity", flow="consumption", confidence=min(column.confidence, 0.6),
            reason="header_unit", word=column.unit,
        )  # fmt: skip
    return column


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


def _fits(role: str, content: _Column, numeric: bool) -> float:
    """How sure a header's role is, once the cells are seen; 0 where they contradict it."""
    if role in (
        "quantity",
        "cost",
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
    if role == "label":
        return 0.85 if content.share("text") > 0.4 else 0.0
    return 0.9


def _with_resource(column: ColumnMap, flow: Flow | None) -> ColumnMap:
    """Attach the resource a figure's header names ("Điện tiêu thụ (kWh)"), with its flow."""
    if column.role not in ("quantity", "out", "reading"):
        return column
    resource = resource_in(column.header)
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


def _kind(columns: dict[int, ColumnMap], content: dict[int, _Column]) -> Layout:
    roles = [c.role for c in columns.values()]
    across = sum(c.reason == "header_period" for c in columns.values())
    others = any(c.role in ("quantity", "out") and c.reason != "header_period" for c in columns.values())
    if across >= 3 or (across and not others and not {"date", "date_from", "date_to"} & set(roles)):
        return "crosstab"
    date_col = next((i for i, c in columns.items() if c.role == "date"), None)
    time_col = next((i for i, c in columns.items() if c.role == "time"), None)
    if date_col is not None:
        clock = content[time_col].values if time_col is not None else None
        if {"quantity", "out"} & set(roles) and _is_interval(content[date_col].values, clock):
            return "interval"
    if "date_from" in roles or "date_to" in roles:
        return "bills"
    if date_col is not None and any(
        " - " in str(v) or " đến " in str(v) for v in content[date_col].values[:5]
    ):
        return "bills"
    if "reading" in roles and not {"reading_old", "quantity", "out"} & set(roles):
        return "cumulative_meter"
    return "ledger"


def _is_interval(values: list[Any], clock: list[Any] | None) -> bool:
    moments = [
        m for i, v in enumerate(values[:60]) if (m := moment_of(v, clock[i] if clock is not None else ""))
    ]
    steps = sorted(b - a for a, b in pairwise(moments) if b > a)
    return len(steps) >= 10 and steps[len(steps) // 2] <= timedelta(hours=3)


def _settle(columns: dict[int, ColumnMap], content: dict[int, _Column], kind: Layout) -> None:
    """Choices that need the whole table: one cost column, sums of tariffs, labels, readings not needed."""
    costs = [i for i, c in columns.items() if c.role == "cost"]
    if kind in ("bills", "ledger") and len(costs) > 1:
        before_tax = next((i for i in costs if "truoc" in columns[i].word), costs[0])
        taken: set[str | None] = set()
        for i in [before_tax, *costs]:
            of = cost_resource(columns[i].header)
            if i != before_tax and of in taken:
                columns[i] = replace(columns[i], role="skip", reason="other_cost")
            taken.add(of)
            columns[i] = replace(columns[i], resource=of)
    elif costs:
        columns[costs[0]] = replace(columns[costs[0]], resource=cost_resource(columns[costs[0]].header))
    roles = [c.role for c in columns.values()]
    if "quantity" in roles or "out" in roles:
        for i, c in columns.items():
            if c.role in ("reading", "reading_old", "multiplier") and kind != "interval":
                columns[i] = replace(c, role="skip", reason="has_quantity")
    if kind in ("bills", "ledger"):
        _sum_column(columns, content)
    labels = [i for i, c in columns.items() if c.role == "label"]
    if {"in", "out"} & set(roles):  # in a store's book "Nội dung" tells what was done, not what of
        for i in [i for i in labels if columns[i].word == "noi dung"]:
            columns[i] = replace(columns[i], role="note")
            labels.remove(i)
    for i in labels[1:]:
        columns[i] = replace(columns[i], role="note")
    texts = [i for i, c in columns.items() if c.role == "undecided" and content[i].share("text") > 0.8]
    if not labels and texts and kind == "crosstab":
        columns[texts[0]] = replace(columns[texts[0]], role="label", confidence=0.6, reason="content_labels")
    dates = [i for i, c in columns.items() if c.role == "date"]
    if kind == "bills" and any(c.role in ("date_from", "date_to") for c in columns.values()):
        for i in dates:
            columns[i] = replace(columns[i], role="skip")
    for i in dates[1:]:
        columns[i] = replace(columns[i], role="note")
    if kind == "bills":
        for i, c in columns.items():  # "Kỳ 1": the number of the bill, not a date
            if c.role == "undecided" and header_role(c.header) and header_role(c.header)[0] == "date":  # type: ignore[index]
                columns[i] = replace(c, role="skip", confidence=0.8, reason="header_word", word=c.header)


def _sum_column(columns: dict[int, ColumnMap], content: dict[int, _Column]) -> None:
    """A quantity column that is the sum of the others on every line is a check, not one more quantity."""
    quantities = [i for i, c in columns.items() if c.role in ("quantity", "total", "undecided")]
    quantities = [i for i in quantities if content[i].share("number") > 0.6]
    if len(quantities) < 3:
        return
    numbers = {}
    for i in quantities:
        separators = infer_separators(content[i].values)
        numbers[i] = [parse_number(v, separators) or Decimal(0) for v in content[i].values]
    for i in quantities:
        others = [numbers[j] for j in quantities if j != i and columns[j].role == "quantity"]
        if (
            len(others) >= 2
            and any(numbers[i])
            and all(
                abs(total - sum(parts)) <= Decimal(1)
                for total, *parts in zip(numbers[i], *others, strict=True)
            )
        ):
            columns[i] = replace(columns[i], role="total", confidence=0.9, reason="content_sum")
            return


def _title_flow(sheet: Sheet, table: Table) -> Flow | None:
    """What the titles speak of: output before waste before consumption."""
    labels = [table.header(c) for c in table.columns]
    labels = [h for h in labels if not unit_in_header(h) and not resource_in(h)]
    texts = [*table.titles, sheet.name if sheet.name != "CSV" else "", *labels]
    for flow in ("output", "waste", "consumption"):
        if any(has_word(text, words_of(flow)) for text in texts):
            return flow
    return None


def _title_resource(sheet: Sheet, table: Table, file_name: str) -> str | None:
    for text in (sheet.name, *reversed(table.titles), file_name.rsplit(".", 1)[0].replace("_", " ")):
        resource = energy_or_water_in(text)
        if resource:
            return resource.code
    return None


def _separators(columns: dict[int, ColumnMap], content: dict[int, _Column]) -> Any:
    """The separators all figure columns agree on; None leaves each column to itself."""
    votes = {
        infer_separators(content[i].values)
        for i, c in columns.items()
        if c.role in (*_FIGURES, "in", "stock")
    }
    votes.discard(None)
    return votes.pop() if len(votes) == 1 else None
