"""Charts of carrying out and verifying: the schedule, consumption against its baseline, the cumulative sum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt

from sachhon.documents.charts.look import (
    BLUE,
    GREEN,
    INK,
    NAMES,
    NUMBER,
    ORANGE,
    PALE,
    PLOT,
    SIDE,
    SKY,
    VERMILLION,
    to_spec,
    wrap,
    wrapped_axis,
)
from sachhon.documents.numbers import format_date_short, format_quantity
from sachhon.documents.shapes import ChartSpec, Column, Lang, Table
from sachhon.documents.texts import words


@dataclass(frozen=True)
class Task:
    """One bar of the schedule. kind : "planned", "doing", "done" or "late"; state : the same in words."""

    name: str
    start: dt.date
    end: dt.date
    kind: str
    state: str


_SHADES = {"planned": PALE, "doing": SKY, "done": GREEN, "late": VERMILLION}


def gantt(code: str, tasks: Sequence[Task], today: dt.date, lang: Lang) -> ChartSpec:
    """A bar an option over the months; the state stands beside it in words."""
    say = words(lang)
    rows = [
        {
            "name": wrap(t.name, 30),
            "start": _noon(t.start),
            "end": _noon(t.end + dt.timedelta(days=1)),
            "kind": t.kind,
            "state": t.state,
        }
        for t in tasks
    ]
    names = [r["name"] for r in rows]
    first, last = min(t.start for t in tasks), max(t.end for t in tasks)
    room = max((last - first) // 3, dt.timedelta(days=20))  # for the words at the right end
    scale = alt.Scale(type="utc", domain=[_noon(min(first, today)), _noon(max(last, today) + room)])
    axis = alt.Axis(title=None, format="%m/%Y", tickCount=6, grid=True)
    colour = alt.Color(
        "kind:N", legend=None, scale=alt.Scale(domain=list(_SHADES), range=list(_SHADES.values()))
    )
    here = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("name:N", sort=names, axis=wrapped_axis(NAMES)))
    chart = alt.layer(
        here.mark_bar(size=16, stroke=INK, strokeWidth=0.8).encode(
            x=alt.X("start:T", scale=scale, axis=axis), x2=alt.X2("end:T"), color=colour
        ),
        here.mark_text(align="left", dx=5).encode(x=alt.X("end:T"), text=alt.Text("state:N")),
        alt.Chart(alt.Data(values=[{"at": _noon(today)}]))
        .mark_rule(color=ORANGE, strokeWidth=2, strokeDash=[5, 3])
        .encode(x=alt.X("at:T")),
    ).properties(width=PLOT + SIDE, height=36 * len(rows))
    title = say("chart.gantt.title")
    items = "; ".join(
        f"{t.name}: {format_date_short(t.start, lang)} – {format_date_short(t.end, lang)}, {t.state}"
        for t in tasks
    )
    table = Table(
        f"{code}-table",
        title,
        (
            Column(say("col.option"), width=3),
            Column(say("col.starts"), "date"),
            Column(say("col.ends"), "date"),
            Column(say("col.state")),
        ),
        tuple((t.name, t.start, t.end, t.state) for t in tasks),
    )
    return ChartSpec(code, title, say("chart.gantt.alt", items=items), to_spec(chart, lang), table)


def against_baseline(
    code: str,
    months: Sequence[tuple[int, int]],
    actual: Sequence[float],
    expected: Sequence[float],
    report_from: tuple[int, int],
    unit: str,
    lang: Lang,
) -> ChartSpec:
    """What was used and what the baseline model expects, over baseline and report months."""
    say = words(lang)
    series = {say("chart.mv.actual"): actual, say("chart.mv.expected"): expected}
    runs = _runs(months)
    rows = [
        {"when": _month(m), "value": v, "series": name, "run": run}
        for name, values in series.items()
        for m, run, v in zip(months, runs, values, strict=True)
    ]
    names = list(series)
    here = alt.Chart(alt.Data(values=rows)).encode(
        x=_months(months),
        y=alt.Y("value:Q", title=unit, scale=alt.Scale(zero=False), axis=alt.Axis(format=NUMBER)),
    )
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=names, range=[BLUE, ORANGE]),
        legend=alt.Legend(title=None, orient="top"),
    )
    dash = alt.StrokeDash("series:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 3]]), legend=None)
    chart = alt.layer(
        here.mark_line(strokeWidth=2).encode(color=colour, strokeDash=dash, detail="run:N"),
        here.transform_filter(f"datum.series == '{names[0]}'").mark_point(filled=True, size=35, color=BLUE),
        alt.Chart(alt.Data(values=[{"at": _month(report_from)}]))
        .mark_rule(color=INK, strokeDash=[2, 2])
        .encode(x=alt.X("at:T")),
    ).properties(width=PLOT + SIDE + 80, height=220)
    title = say("chart.mv.title")
    items = "; ".join(
        f"{m:02d}/{y}: {format_quantity(a, lang)} / {format_quantity(e, lang)}"
        for (y, m), a, e in zip(months, actual, expected, strict=True)
    )
    table = Table(
        f"{code}-table",
        title,
        (
            Column(say("col.month")),
            Column(say("col.actual"), "quantity", unit),
            Column(say("col.expected"), "quantity", unit),
        ),
        tuple(
            (f"{m:02d}/{y}", _decimal(a), _decimal(e))
            for (y, m), a, e in zip(months, actual, expected, strict=True)
        ),
    )
    return ChartSpec(code, title, say("chart.mv.alt", items=items), to_spec(chart, lang), table)


def _runs(months: Sequence[tuple[int, int]]) -> list[int]:
    """Of each month the number of its run: a line is not drawn over months that nobody measured."""
    found, run, last = [], 0, None
    for year, month in months:
        at = 12 * year + month
        run += last is not None and at != last + 1
        found.append(run)
        last = at
    return found


def cusum(
    code: str,
    months: Sequence[tuple[int, int]],
    difference: Sequence[float],
    cumulative: Sequence[float],
    band: Sequence[float],
    unit: str,
    lang: Lang,
) -> ChartSpec:
    """The cumulative difference with its band around zero: outside the band it is no chance."""
    say = words(lang)
    rows = [
        {"when": _month(m), "sum": c, "low": -b, "high": b}
        for m, c, b in zip(months, cumulative, band, strict=True)
    ]
    here = alt.Chart(alt.Data(values=rows)).encode(x=_months(months))
    axis = alt.Axis(format=NUMBER)
    chart = alt.layer(
        here.mark_area(color=PALE, stroke=INK, strokeWidth=0.4).encode(
            y=alt.Y("low:Q", title=unit, axis=axis), y2=alt.Y2("high:Q")
        ),
        here.mark_line(color=BLUE, strokeWidth=2.2, point=True).encode(y=alt.Y("sum:Q")),
        alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=INK).encode(y=alt.Y("at:Q")),
    ).properties(width=PLOT + SIDE + 80, height=200)
    title = say("chart.cusum.title")
    last = format_quantity(cumulative[-1], lang) + f" {unit}" if cumulative else "–"
    table = Table(
        f"{code}-table",
        title,
        (
            Column(say("col.month")),
            Column(say("col.difference"), "quantity", unit),
            Column(say("col.cumulative"), "quantity", unit),
            Column(say("col.band"), "quantity", unit),
        ),
        tuple(
            (f"{m:02d}/{y}", _decimal(d), _decimal(c), _decimal(b))
            for (y, m), d, c, b in zip(months, difference, cumulative, band, strict=True)
        ),
    )
    return ChartSpec(code, title, say("chart.cusum.alt", last=last), to_spec(chart, lang), table)


def _months(months: Sequence[tuple[int, int]]) -> Any:
    axis = alt.Axis(title=None, format="%m/%y", tickCount=min(len(months), 8), grid=False)
    return alt.X("when:T", scale=alt.Scale(type="utc"), axis=axis)


def _month(month: tuple[int, int]) -> str:
    return f"{month[0]}-{month[1]:02d}-01T00:00:00Z"


def _noon(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.6g}")
