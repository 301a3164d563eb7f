"""Charts of a choice among options: tornado, the front between money and effect, abatement cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt

from sachhon.documents.charts.look import (
    BLACK,
    BLUE,
    GREEN,
    INK,
    NAMES,
    NUMBER,
    ORANGE,
    PLOT,
    SIDE,
    SKY,
    to_spec,
    wrap,
    wrapped_axis,
)
from sachhon.documents.numbers import format_number, format_quantity
from sachhon.documents.shapes import ChartSpec, Column, Lang, Table
from sachhon.documents.texts import words

STRIP = 14  # px, of an option that earns


@dataclass(frozen=True)
class Bar:
    """One input of a tornado: what it is moved between (as printed), and the value at each end."""

    name: str
    low: str
    high: str
    at_low: float
    at_high: float


@dataclass(frozen=True)
class Point:
    """One choice: what it is worth, its effect, its options, whether it is the one that is looked at."""

    value: float
    effect: float
    options: str
    chosen: bool


@dataclass(frozen=True)
class Block:
    """One option of the abatement curve. cost_per_unit is None where it earns; front then says how good it is."""

    name: str
    start: float
    end: float
    cost_per_unit: float | None
    front: int | None


def tornado(code: str, bars: Sequence[Bar], base: float, lang: Lang) -> ChartSpec:
    """A bar an input, widest on top; the ends say which value of the input they are."""
    say = words(lang)
    rows = [
        {
            "name": wrap(b.name, 30),
            "start": b.at_low,
            "end": b.at_high,
            "left": b.low if b.at_low <= b.at_high else b.high,
            "right": b.high if b.at_low <= b.at_high else b.low,
            "lowest": min(b.at_low, b.at_high),
            "highest": max(b.at_low, b.at_high),
        }
        for b in bars
    ]
    names = [str(r["name"]) for r in rows]
    ends = [base, *(r["lowest"] for r in rows), *(r["highest"] for r in rows)]
    room = (max(ends) - min(ends)) * 0.28 or 1.0  # for the words at both ends
    scale = alt.Scale(domain=[min(ends) - room, max(ends) + room], nice=False)
    here = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("name:N", sort=names, axis=wrapped_axis(NAMES), scale=alt.Scale(paddingInner=0.4))
    )
    x = alt.X("start:Q", scale=scale, axis=alt.Axis(title=None, format=NUMBER, tickCount=5))
    chart = alt.layer(
        here.mark_bar(color=SKY, stroke=INK, strokeWidth=0.8).encode(x=x, x2=alt.X2("end:Q")),
        here.mark_text(align="right", dx=-4).encode(x=alt.X("lowest:Q"), text=alt.Text("left:N")),
        here.mark_text(align="left", dx=4).encode(x=alt.X("highest:Q"), text=alt.Text("right:N")),
        alt.Chart(alt.Data(values=[{"at": base}]))
        .mark_rule(color=BLACK, strokeWidth=1.5)
        .encode(x=alt.X("at:Q")),
    ).properties(width=PLOT + SIDE, height=34 * max(len(rows), 1))
    title = say("chart.tornado.title")
    items = "; ".join(
        f"{b.name} {b.low}–{b.high}: {format_quantity(b.at_low, lang)} – {format_quantity(b.at_high, lang)}"
        for b in bars
    )
    table = Table(
        f"{code}-table",
        title,
        (
            Column(say("col.input"), width=2),
            Column(say("col.low_value")),
            Column(say("col.high_value")),
            Column(say("col.npv_low"), "number"),
            Column(say("col.npv_high"), "number"),
        ),
        tuple((b.name, b.low, b.high, _decimal(b.at_low), _decimal(b.at_high)) for b in bars),
    )
    return ChartSpec(code, title, say("chart.tornado.alt", items=items), to_spec(chart, lang), table)


def front(code: str, points: Sequence[Point], value: str, effect: str, lang: Lang) -> ChartSpec:
    """Choices between money and effect, joined as a line; the one that is looked at stands out by form and word."""
    say = words(lang)
    rows = [
        {"value": p.value, "effect": p.effect, "mark": say("chart.front.chosen") if p.chosen else ""}
        for p in points
    ]
    here = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("effect:Q", title=effect, scale=alt.Scale(zero=False), axis=alt.Axis(format=NUMBER)),
        y=alt.Y("value:Q", title=value, scale=alt.Scale(zero=False), axis=alt.Axis(format=NUMBER)),
    )
    chosen = here.transform_filter("datum.mark != ''")
    chart = alt.layer(
        here.mark_line(color=BLUE, strokeDash=[4, 3]),
        here.mark_point(filled=True, size=60, color=BLUE),
        chosen.mark_point(size=220, strokeWidth=2.5, color=ORANGE, shape="square"),
        chosen.mark_text(align="left", dx=14, dy=-10, fontWeight="bold").encode(text=alt.Text("mark:N")),
    ).properties(width=PLOT + SIDE, height=230)
    title = say("chart.front.title")
    items = "; ".join(f"{format_quantity(p.value, lang)} / {format_quantity(p.effect, lang)}" for p in points)
    table = Table(
        f"{code}-table",
        title,
        (
            Column(say("chart.front.point"), "integer"),
            Column(value, "number"),
            Column(effect, "number"),
            Column(say("col.options"), width=3),
        ),
        tuple((i, _decimal(p.value), _decimal(p.effect), p.options) for i, p in enumerate(points, 1)),
    )
    return ChartSpec(code, title, say("chart.front.alt", items=items), to_spec(chart, lang), table)


def abatement(code: str, blocks: Sequence[Block], unit: str, cost_unit: str, lang: Lang) -> ChartSpec:
    """Blocks side by side: those that earn as strips on the axis, by front (their ratio means nothing, so they have no
    height), then those that cost, by cost."""
    say = words(lang)
    apart = 0.003 * max((b.end for b in blocks), default=0.0)
    rows: list[dict[str, Any]] = [
        {
            "start": b.start,
            "end": max(b.end - apart, b.start),
            "cost": b.cost_per_unit or 0.0,
            "name": b.name if b.cost_per_unit is not None else f"{b.name} · {_front(b, lang)}",
            "mid": (b.start + b.end) / 2,
            "earns": b.cost_per_unit is None,
        }
        for b in blocks
    ]
    here = alt.Chart(alt.Data(values=rows))
    costly, earning = here.transform_filter("!datum.earns"), here.transform_filter("datum.earns")
    x = alt.X("start:Q", title=unit, axis=alt.Axis(format=NUMBER))
    y = alt.Y("cost:Q", title=cost_unit, axis=alt.Axis(format=NUMBER))
    chart = alt.layer(
        costly.mark_bar(stroke="white", strokeWidth=1, color=ORANGE).encode(
            x=x, x2=alt.X2("end:Q"), y=y, y2=alt.Y2Datum(0)
        ),
        earning.mark_rule(color=GREEN, strokeWidth=STRIP, clip=False).encode(x=x, x2=alt.X2("end:Q"), y=y),
        here.mark_text(angle=270, align="left", dx=STRIP - 4).encode(
            x=alt.X("mid:Q"), y=alt.YDatum(0), text=alt.Text("name:N")
        ),
        alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=INK).encode(y=alt.Y("at:Q")),
    ).properties(width=PLOT + SIDE, height=260)
    title = say("chart.abatement.title")
    items = "; ".join(
        f"{b.name}: {format_quantity(b.end - b.start, lang)}, "
        + (
            say("chart.abatement.earns")
            if b.cost_per_unit is None
            else format_number(b.cost_per_unit, lang, 0)
        )
        for b in blocks
    )
    table = Table(
        f"{code}-table",
        title,
        (
            Column(say("col.option"), width=2),
            Column(say("col.abated"), "number", unit),
            Column(say("col.cost_per_unit"), "number", cost_unit, 0),
            Column(say("col.front")),
        ),
        tuple(
            (
                b.name,
                _decimal(b.end - b.start),
                say("chart.abatement.earns") if b.cost_per_unit is None else _decimal(b.cost_per_unit),
                _front(b, lang),
            )
            for b in blocks
        ),
        note=say("chart.abatement.note") if any(b.cost_per_unit is None for b in blocks) else "",
    )
    return ChartSpec(code, title, say("chart.abatement.alt", items=items), to_spec(chart, lang), table)


def _front(block: Block, lang: Lang) -> str:
    return "" if block.front is None else words(lang)("chart.abatement.front", front=block.front)


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.6g}")
