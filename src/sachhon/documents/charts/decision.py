"""How firm a choice of technology is: the room of each weight before another alternative comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import altair as alt

from sachhon.documents.charts.look import (
    BLACK,
    GREEN,
    INK,
    NAMES,
    PALE,
    PLOT,
    SIDE,
    to_spec,
    wrap,
    wrapped_axis,
)
from sachhon.documents.numbers import format_number
from sachhon.documents.shapes import ChartSpec, Column, Lang, Table
from sachhon.documents.texts import words

WIDTH = 1.4  # percent of the axis that a letter takes


@dataclass(frozen=True)
class WeightRoom:
    """A criterion: its weight, and the weights (percent) between which the first place stays; who takes it beyond."""

    name: str
    weight: float
    low: float
    high: float
    below: str
    above: str


def weight_rooms(code: str, rooms: Sequence[WeightRoom], first: str, lang: Lang) -> ChartSpec:
    """A bar from 0 to 100 % a criterion: dark where `first` stays first, a line at the weight given."""
    say = words(lang)
    rows = [
        {
            "name": wrap(r.name, 30),
            "low": r.low,
            "high": r.high,
            "weight": r.weight,
            "label": format_number(Decimal(f"{r.weight:.4g}"), lang),
            "zero": 0,
            "all": 100,
            **_takers(r),
        }
        for r in rooms
    ]
    here = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("name:N", sort=[r["name"] for r in rows], axis=wrapped_axis(NAMES))
    )
    x = alt.X("zero:Q", title=say("chart.rooms.axis"), scale=alt.Scale(domain=[0, 100]))
    chart = alt.layer(
        here.mark_bar(color=PALE, height=22).encode(x=x, x2=alt.X2("all:Q")),
        here.mark_bar(color=GREEN, stroke=INK, strokeWidth=0.8, height=22).encode(
            x=alt.X("low:Q"), x2=alt.X2("high:Q")
        ),
        here.mark_tick(color=BLACK, thickness=3, height=30).encode(x=alt.X("weight:Q")),
        here.mark_text(align="right", dx=-4).encode(x=alt.X("low:Q"), text=alt.Text("below:N")),
        here.mark_text(align="left", dx=4, color="white").encode(x=alt.X("low:Q"), text=alt.Text("inside:N")),
        here.mark_text(align="left", dx=4).encode(x=alt.X("high:Q"), text=alt.Text("above:N")),
    ).properties(width=PLOT + SIDE, height=40 * max(len(rows), 1))
    title = say("chart.rooms.title", first=first)
    items = "; ".join(
        f"{r.name}: {row['label']} ({format_number(Decimal(f'{r.low:.3g}'), lang)}–"
        f"{format_number(Decimal(f'{r.high:.4g}'), lang)})"
        for r, row in zip(rooms, rows, strict=True)
    )
    table = Table(
        f"{code}-table",
        title,
        (
            Column(say("col.criterion"), width=2),
            Column(say("col.weight"), "number", "%"),
            Column(say("col.stays_from"), "number", "%"),
            Column(say("col.stays_to"), "number", "%"),
            Column(say("col.below"), width=1.4),
            Column(say("col.above"), width=1.4),
        ),
        tuple(
            (
                r.name,
                *(Decimal(f"{v:.6g}") for v in (r.weight, r.low, r.high)),
                r.below or "–",
                r.above or "–",
            )
            for r in rooms
        ),
    )
    return ChartSpec(code, title, say("chart.rooms.alt", items=items), to_spec(chart, lang), table)


def _takers(room: WeightRoom) -> dict[str, str]:
    """Who comes first beyond either end, where there is room to write it: left of the bar, else in it, else on its
    right."""
    below, above = f"← {room.below}" if room.below else "", f"{room.above} →" if room.above else ""
    needed = len(below) * WIDTH
    if room.low >= needed:
        return {"below": below, "inside": "", "above": above}
    # the line at the weight given must not run through the words
    if room.high - room.low >= needed and not room.low <= room.weight <= room.low + needed:
        return {"below": "", "inside": below, "above": above}
    return {"below": "", "inside": "", "above": "; ".join(filter(None, (below, above)))}
