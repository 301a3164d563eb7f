"""Ranges side by side: a bar from the least to the most, with both ends in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import altair as alt

from sachhon.documents.charts.look import (
    BLACK,
    GREEN,
    INK,
    NAMES,
    NUMBER,
    PLOT,
    SIDE,
    to_spec,
    wrap,
    wrapped_axis,
)
from sachhon.documents.numbers import format_interval
from sachhon.documents.shapes import ChartSpec, Column, Lang, Table
from sachhon.documents.texts import words


def range_bars(
    code: str,
    title: str,
    rows: Sequence[tuple[str, Decimal, Decimal]],
    lang: Lang,
    *,
    unit: str,
    mark: Decimal | None = None,
) -> ChartSpec:
    """Horizontal bars from low to high: `rows` are (name, low, high) in `unit`, in the order to print.

    mark : a value that all are held against, drawn as a line through them.
    """
    say = words(lang)
    labels = [format_interval(low, high, lang, 0 if high >= 10 else 1, "") for _n, low, high in rows]
    values = [
        {"name": wrap(name, 30), "low": float(low), "high": float(high), "label": label}
        for (name, low, high), label in zip(rows, labels, strict=True)
    ]
    reach = max((v["high"] for v in values), default=0) * 1.25 or 1
    if mark is not None:
        reach = max(reach, float(mark) * 1.25)
    names = [v["name"] for v in values]
    step = max(30, 14 * max((name.count("\n") + 1 for name in names), default=1) + 4)
    base = alt.Chart(alt.Data(values=values)).encode(y=alt.Y("name:N", sort=names, axis=wrapped_axis(NAMES)))
    x = alt.X(
        "low:Q", title=unit, scale=alt.Scale(domain=[0, reach]), axis=alt.Axis(format=NUMBER, tickCount=5)
    )
    bars = base.mark_bar(color=GREEN, stroke=INK, strokeWidth=0.8, height=14).encode(x=x, x2=alt.X2("high:Q"))
    text = base.mark_text(align="left", dx=6).encode(x=alt.X("high:Q"), text=alt.Text("label:N"))
    layers = [bars, text]
    if mark is not None:
        line = alt.Chart(alt.Data(values=[{"mark": float(mark)}])).mark_rule(color=BLACK, strokeWidth=2)
        layers.append(line.encode(x=alt.X("mark:Q")))
    chart = alt.layer(*layers).properties(width=PLOT + SIDE, height=step * max(len(names), 1))
    described = "; ".join(
        f"{name} {label} {unit}" for (name, _l, _h), label in zip(rows, labels, strict=True)
    )
    columns = (
        Column(say("col.name")),
        Column(say("col.low"), "number", unit),
        Column(say("col.high"), "number", unit),
    )
    table = Table(f"{code}-table", title, columns, tuple(rows))
    return ChartSpec(code, title, f"{title}. {described}", to_spec(chart, lang), table)
