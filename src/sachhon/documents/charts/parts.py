"""A whole and its parts: stacked bars with the value in each part."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import altair as alt

from sachhon.documents.charts.look import (
    BLACK,
    BLUE,
    GREEN,
    INK,
    NAMES,
    PLOT,
    SIDE,
    STACK,
    VERMILLION,
    to_spec,
    wrap,
    wrapped_axis,
)
from sachhon.documents.numbers import format_number
from sachhon.documents.shapes import ChartSpec, Column, Lang, Table
from sachhon.documents.texts import words

MOST_IN_A_ROW = 4  # parts of a legend side by side
ROOM = 0.04  # of the longest bar: what a part needs for its number


def stacked_bars(
    code: str, title: str, rows: Sequence[tuple[str, str, Decimal | int]], lang: Lang, *, unit: str = ""
) -> ChartSpec:
    """Horizontal bars in parts: `rows` are (name, part, value); the value stands in each part that has room for it."""
    say = words(lang)
    names = list(dict.fromkeys(wrap(r[0], 34) for r in rows))
    parts = list(dict.fromkeys(r[1] for r in rows))
    values = [
        {
            "name": wrap(n, 34),
            "part": p,
            "value": float(v),
            "order": parts.index(p),
            "label": format_number(v, lang),
        }
        for n, p, v in rows
    ]
    dark = {BLUE, GREEN, VERMILLION, BLACK}
    colours = [STACK[i % len(STACK)] for i in range(len(parts))]
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("name:N", sort=names, axis=wrapped_axis(NAMES)), order=alt.Order("order:Q")
    )
    colour = alt.Color(
        "part:N",
        sort=parts,
        scale=alt.Scale(domain=parts, range=colours),
        legend=_legend(len(parts)),
    )
    counted = all(v == int(v) for _n, _p, v in rows)  # what is counted has no halves
    axis = alt.Axis(tickMinStep=1) if counted else alt.Undefined
    x = alt.X("value:Q", stack="zero", title=unit or None, axis=axis)
    bars = base.mark_bar(stroke="white", strokeWidth=1.5).encode(x=x, color=colour)
    longest = _add_middles(values)
    least = longest * ROOM
    inside = [
        base.transform_filter(f"datum.part == {_js(part)} && datum.value > {least}")
        .mark_text(color="white" if shade in dark else INK)
        .encode(x=alt.X("mid:Q"), text=alt.Text("label:N"))
        for part, shade in zip(parts, colours, strict=True)
    ]
    chart = alt.layer(bars, *inside).properties(width=PLOT + SIDE, height=26 * len(names))
    described = "; ".join(f"{n}, {p}: {format_number(v, lang)}" for n, p, v in rows)
    table = Table(
        f"{code}-table",
        title,
        (Column(say("col.name")), Column(say("col.part")), Column(say("col.value"), "number", unit)),
        tuple((n, p, v) for n, p, v in rows),
    )
    return ChartSpec(code, title, f"{title}. {described}", to_spec(chart, lang), table)


def _legend(parts: int) -> alt.Legend:
    """Above the bars; many parts stand in columns, so that the legend is no wider than the drawing."""
    legend = alt.Legend(title=None, orient="top", symbolStrokeColor=INK)
    if parts > MOST_IN_A_ROW:
        legend.columns, legend.labelLimit = 2, (NAMES + PLOT + SIDE) // 2
    return legend


def _add_middles(values: list[dict[str, Any]]) -> float:
    """Says where the middle of each part of a stacked bar lies; returns the length of the longest bar."""
    reached: dict[str, float] = {}
    for value in sorted(values, key=lambda v: v["order"]):
        start = reached.get(value["name"], 0.0)
        value["mid"] = start + value["value"] / 2
        reached[value["name"]] = start + value["value"]
    return max(reached.values(), default=0.0)


def _js(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
