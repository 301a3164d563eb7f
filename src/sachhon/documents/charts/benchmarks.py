"""Benchmarks of a trade: where poor, average, good and best lie, each indicator on a scale of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from sachhon.documents.charts.look import BLUE, GREEN, INK, ORANGE, VERMILLION, to_spec, wrap, wrapped_axis
from sachhon.documents.numbers import format_number
from sachhon.documents.shapes import ChartSpec, Lang
from sachhon.documents.texts import words
from sachhon.reference.library import Benchmark

MOST = 8
"""Indicators of one chart; the table has them all."""
MARKS = ("poor", "average", "good", "best")
COLOURS = (VERMILLION, ORANGE, BLUE, GREEN)
SHAPES = ("cross", "diamond", "circle", "triangle-up")
_NAMES, _PLOT = 260, 330


def benchmark_ladders(code: str, title: str, rows: Sequence[Benchmark], lang: Lang) -> ChartSpec | None:
    """A line an indicator with its marks; those with fewer than three are left to the table. None without any."""
    shown = [row for row in rows if sum(getattr(row, m) is not None for m in MARKS) >= 3][:MOST]
    if not shown:
        return None
    say = words(lang)
    names = {mark: say(f"chart.benchmark.{mark}") for mark in MARKS}
    panels = [_panel(row, names, lang) for row in shown]
    chart = alt.vconcat(*panels, spacing=4).resolve_legend(color="shared", shape="shared")
    described = "; ".join(
        f"{row.name(lang)}: "
        + ", ".join(
            f"{names[m]} {format_number(getattr(row, m), lang)}" for m in MARKS if getattr(row, m) is not None
        )
        + f" {row.unit(lang)}"
        for row in shown
    )
    return ChartSpec(code, title, described, to_spec(chart, lang))


def _panel(row: Benchmark, names: dict[str, str], lang: Lang) -> Any:
    name = wrap(f"{row.process(lang)}: {row.indicator(lang)} ({row.unit(lang)})", 44)
    values = [
        {
            "mark": names[m],
            "value": float(getattr(row, m)),
            "label": format_number(getattr(row, m), lang),
            "name": name,
        }
        for m in MARKS
        if getattr(row, m) is not None
    ]
    ends = [v["value"] for v in values]
    pad = (max(ends) - min(ends)) * 0.12 or 1
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[min(ends) - pad, max(ends) + pad], nice=False))
    base = alt.Chart(alt.Data(values=values)).encode(y=alt.Y("name:N", axis=wrapped_axis(_NAMES)))
    order = list(names.values())
    line = base.mark_line(color=INK, strokeWidth=1).encode(x=x)
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=x,
        color=alt.Color(
            "mark:N",
            scale=alt.Scale(domain=order, range=list(COLOURS)),
            legend=alt.Legend(title=None, orient="top"),
        ),
        shape=alt.Shape("mark:N", scale=alt.Scale(domain=order, range=list(SHAPES))),
    )
    labels = base.mark_text(dy=13, color=INK).encode(x=x, text=alt.Text("label:N"))
    return alt.layer(line, points, labels).properties(width=_PLOT, height=38)
