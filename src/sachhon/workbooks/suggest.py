"""Suggest mapping profiles for a workbook nobody has mapped before.

For every table the headers are looked up in the vocabulary and checked against what the cells hold. What
is not clear stays "undecided" for a person to choose. Sheets of the same layout (one a month) share a
profile.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sachhon.workbooks.forms import form_fields
from sachhon.workbooks.grid import Sheet, Workbook
from sachhon.workbooks.guess import FIGURES, Content, guess_column, is_saving
from sachhon.workbooks.kinds import kind_of
from sachhon.workbooks.profile import (
    ColumnMap,
    Flow,
    Layout,
    MappingProfile,
    form_signature,
    table_signature,
)
from sachhon.workbooks.read_interval import moment_of
from sachhon.workbooks.tables import Table, body_rows, find_tables
from sachhon.workbooks.titles import table_unit
from sachhon.workbooks.units import cost_resource, energy_or_water_in, known_unit, resource_in, unit_in_header
from sachhon.workbooks.values import find_year, infer_separators, parse_number
from sachhon.workbooks.vocabulary import has_word, header_role, words_of

_SAMPLE = 300


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


def _suggest_table(workbook: Workbook, sheet: Sheet, table: Table) -> MappingProfile | None:
    rows = body_rows(sheet, table)[:_SAMPLE]
    if not rows:
        return None
    content = {}
    for col in table.columns:
        values = [sheet.cell(r, col) for r in rows]
        content[col] = Content(values, Counter(kind_of(v) for v in values))
    flow = _title_flow(sheet, table)
    columns = {col: guess_column(table, col, content[col], flow) for col in table.columns}
    _settle_output(columns)
    kind = _kind(columns, content)
    _settle(columns, content, kind)
    if not any(
        c.role in (*FIGURES, "in", "undecided", "cost", "investment", "saving") for c in columns.values()
    ):
        return None
    resource = None
    title_unit = known_unit(table_unit(table.titles) or "")
    if title_unit in ("kWh", "MWh") and any(c.reason == "header_clock" for c in columns.values()):
        resource = "electricity"
    needs_name = kind != "solutions" and any(
        c.role in FIGURES and not (c.label or c.resource) for c in columns.values()
    )
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


def _kind(columns: dict[int, ColumnMap], content: dict[int, Content]) -> Layout:
    roles = [c.role for c in columns.values()]
    if "solution" in roles and {"investment", "saving", "quantity"} & set(roles):
        return "solutions"
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


def _settle(columns: dict[int, ColumnMap], content: dict[int, Content], kind: Layout) -> None:
    """Choices that need the whole table: one cost column, sums of tariffs, labels, readings not needed."""
    if kind == "solutions":
        _settle_solutions(columns)
        return
    for i, c in columns.items():  # money and savings of solutions that the table does not name
        if c.role in ("solution", "group", "investment", "saving") or is_saving(c.header):
            columns[i] = replace(
                c, role="undecided", resource=None, confidence=0.0, reason="unclear", word=""
            )
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


def _settle_output(columns: dict[int, ColumnMap]) -> None:
    """Energy and water beside other products of a table of output are what was used to make them."""
    made = {
        i: resource_in(c.header) for i, c in columns.items() if c.flow == "output" and c.role == "quantity"
    }
    used = {i: r for i, r in made.items() if r and r.kind in ("electricity", "water", "fuel", "heat")}
    if len(used) == len(made):
        return
    for i, resource in used.items():
        if not has_word(columns[i].header, words_of("output")):
            columns[i] = replace(
                columns[i], resource=resource.code, label=None, flow="consumption", confidence=0.6,
                reason="header_resource", word=resource.name_vi,
            )  # fmt: skip


def _settle_solutions(columns: dict[int, ColumnMap]) -> None:
    """One column for each thing a solution has; the rest is a note, and a cost is nobody's yet."""
    once = (
        "solution",
        "group",
        "investment",
        "saving",
        "date",
        "date_from",
        "date_to",
        "status",
        "unit",
        "label",
    )
    taken: set[str] = set()
    for i, c in columns.items():
        if c.role == "cost":
            columns[i] = replace(c, role="undecided", confidence=0.0, reason="unclear", word="")
        elif c.role in taken:
            columns[i] = replace(c, role="note")
        elif c.role in once:
            taken.add(c.role)


def _sum_column(columns: dict[int, ColumnMap], content: dict[int, Content]) -> None:
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


def _separators(columns: dict[int, ColumnMap], content: dict[int, Content]) -> Any:
    """The separators all figure columns agree on; None leaves each column to itself."""
    votes = {
        infer_separators(content[i].values) for i, c in columns.items() if c.role in (*FIGURES, "in", "stock")
    }
    votes.discard(None)
    return votes.pop() if len(votes) == 1 else None
