"""Where the figures of a report come from, as tables: formula and sources of each, and of each printed table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sachhon.documents.model import ProvinceReportData
from sachhon.documents.numbers import in_language
from sachhon.documents.shapes import Cell, Column, Lang, Table
from sachhon.documents.texts import words


def lineage_table(data: ProvinceReportData, lang: Lang) -> Table:
    say = words(lang)
    return Table(
        "lineage",
        say("table.lineage"),
        (
            Column(say("col.figure_code"), width=2.2),
            Column(say("col.meaning"), width=3.4),
            Column(say("col.formula"), width=3.4),
            Column(say("col.sources"), width=3.6),
            Column(say("col.version"), width=2.7),
        ),
        tuple(
            (
                n.figure_code,
                n.text,
                in_language(n.formula, lang) or None,
                "; ".join(n.sources) or None,
                n.function_version or None,
            )
            for n in data.footnotes
        ),
    )


def origins_table(data: ProvinceReportData, printed: Sequence[tuple[str, Table]], lang: Lang) -> Table:
    """For each printed table (its number and itself) how it was computed, on what, and where its codes begin."""
    say = words(lang)
    notes = {note.figure_code: note for note in data.footnotes}
    rows: list[tuple[Cell, ...]] = []
    for number, table in printed:
        own = [notes[code] for code in dict.fromkeys(table.figure_codes) if code in notes]
        if not own:
            continue
        sources = dict.fromkeys(source for note in own for source in note.sources)
        method = say(f"origin.{table.code}")
        rows.append(
            (
                number,
                method,
                breakable(_common_start([n.figure_code for n in own])),
                len(own),
                "; ".join(sources) or None,
            )
        )
    return Table(
        "origins",
        say("table.origins"),
        (
            Column(say("col.printed_table"), width=1.3),
            Column(say("col.method"), width=4.6),
            Column(say("col.codes"), width=2.6),
            Column(say("col.code_count"), "integer", width=0.8),
            Column(say("col.sources"), width=4.4),
        ),
        tuple(rows),
    )


def with_codes(table: Table, lang: Lang, *, on_paper: bool = False) -> Table:
    """A column of figure codes at the right, where each row has its own; on paper wide enough for their parts."""
    rows, total = len(table.rows), table.total is not None
    codes = table.figure_codes
    if not rows or len(codes) not in (rows, rows + total) or len(set(codes)) < 2:
        return table
    column = Column(words(lang)("col.figure_code"), width=2.6 if on_paper else 1.0)
    if on_paper:
        codes = tuple(breakable(code) for code in codes)
    last = codes[rows] if len(codes) > rows else None
    return replace(
        table,
        columns=(*table.columns, column),
        rows=tuple((*row, code) for row, code in zip(table.rows, codes, strict=False)),
        total=(*table.total, last) if table.total is not None else None,
        figure_codes=(),
    )


def breakable(code: str) -> str:
    """A code that may be broken between its parts, and nowhere else: no letter stands at those places on paper."""
    return code.replace(":", ":\u200b").replace("_", "_\u200b")


def _common_start(codes: Sequence[str]) -> str:
    """The parts all codes begin with, "…" for what differs: "province:20:2025:saving:…"."""
    if len(codes) == 1:
        return codes[0]
    same: list[str] = []
    for parts in zip(*(code.split(":") for code in codes), strict=False):
        if len(set(parts)) > 1:
            break
        same.append(parts[0])
    return ":".join([*same, "…"])
