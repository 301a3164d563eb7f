"""Charts of one facility: months of a year against other years, and small multiples over the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt

from sachhon.documents.charts.look import DASHES, INK, NUMBER, OKABE_ITO, ORANGE, to_spec, wrap
from sachhon.documents.numbers import format_number
from sachhon.documents.shapes import ChartSpec, Column, Lang, Table
from sachhon.documents.texts import words

_HEIGHT = 210
_SIDE = 46
"""Pixels left of a small panel for the numbers of its axis."""
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
_COLOURS = tuple(OKABE_ITO[i] for i in (0, 5, 2, 3, 1, 7))


@dataclass(frozen=True)
class MonthlySeries:
    """Monthly values of one thing (output, consumption, specific consumption)."""

    name: str
    unit: str
    months: tuple[tuple[int, int], ...]
    """(year, month) in order."""
    values: tuple[Decimal | None, ...]
    """As many as months; None leaves a gap in the line."""
    baseline: Decimal | None = None
    baseline_year: int | None = None
    changes: tuple[tuple[int, int], ...] = ()
    """Months from which something is different (a solution carried out, a baseline changed)."""
    decimals: int = 1


def monthly_lines(code: str, title: str, series: MonthlySeries, lang: Lang) -> ChartSpec:
    """One line a year over the twelve months; years differ in dash and point, and are named at the end."""
    say = words(lang)
    years = sorted({year for year, _ in series.months})
    shown = years[-len(_SHAPES) :]
    months = [say(f"month.{m}") for m in range(1, 13)]
    rows = [
        {"year": str(y), "month": months[m - 1], "at": m, "value": None if v is None else float(v)}
        for (y, m), v in zip(series.months, series.values, strict=True)
        if y in shown
    ]
    ends = {row["year"]: row for row in sorted(rows, key=lambda r: r["at"]) if row["value"] is not None}
    known = [row["value"] for row in rows if row["value"] is not None]
    reach = (max(known) - min(known)) / _HEIGHT * 15 if known else 0
    names = [str(y) for y in shown]
    count = len(names)
    colour = alt.Color("year:N", legend=None, scale=alt.Scale(domain=names, range=list(_COLOURS[:count])))
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("month:N", sort=months, axis=alt.Axis(title=None, labelAngle=0)),
        y=alt.Y("value:Q", title=series.unit, scale=alt.Scale(zero=False), axis=alt.Axis(format=NUMBER)),
    )
    lines = base.mark_line(strokeWidth=2).encode(
        color=colour,
        strokeDash=alt.StrokeDash(
            "year:N", legend=None, scale=alt.Scale(domain=names, range=list(DASHES[:count]))
        ),
    )
    points = base.mark_point(filled=True, size=45).encode(
        color=colour,
        shape=alt.Shape("year:N", legend=None, scale=alt.Scale(domain=names, range=list(_SHAPES[:count]))),
    )
    labels = (
        alt.Chart(alt.Data(values=_apart(list(ends.values()), reach)))
        .mark_text(align="left", dx=8, fontWeight="bold")
        .encode(x=alt.X("month:N", sort=months), y=alt.Y("value:Q"), text=alt.Text("year:N"))
    )
    chart = alt.layer(lines, points, labels).properties(width=540, height=_HEIGHT)
    by_month = {(y, m): v for (y, m), v in zip(series.months, series.values, strict=True)}
    table = Table(
        f"{code}-table",
        title,
        (
            Column(say("col.month")),
            *(Column(n, "number", series.unit, series.decimals) for n in names),
        ),
        tuple((months[m - 1], *(by_month.get((y, m)) for y in shown)) for m in range(1, 13)),
    )
    return ChartSpec(code, title, _described(title, [series], lang), to_spec(chart, lang), table)


@dataclass(frozen=True)
class Multiples:
    """Small panels that a page sets side by side, as many as fit, with their words and one table of all."""

    title: str
    description: str
    panels: tuple[ChartSpec, ...]
    table: Table


def small_multiples(code: str, title: str, series: Sequence[MonthlySeries], lang: Lang) -> Multiples:
    """A small panel a series, with the baseline as a dashed line; all are as wide, so that they stand in line."""
    panels = tuple(
        ChartSpec(f"{code}-{number}", s.name, _described(s.name, [s], lang), to_spec(_panel(s, lang), lang))
        for number, s in enumerate(series)
    )
    months = sorted({month for s in series for month in s.months})
    values = [dict(zip(s.months, s.values, strict=True)) for s in series]
    table = Table(
        f"{code}-table",
        title,
        (
            Column(words(lang)("col.month")),
            *(Column(s.name, "number", s.unit, s.decimals) for s in series),
        ),
        tuple((f"{m:02d}/{y}", *(v.get((y, m)) for v in values)) for y, m in months),
    )
    return Multiples(title, _described(title, series, lang), panels, table)


def _panel(series: MonthlySeries, lang: Lang) -> Any:
    rows = [
        {"when": f"{y}-{m:02d}-01T00:00:00Z", "value": None if v is None else float(v)}
        for (y, m), v in zip(series.months, series.values, strict=True)
    ]
    x = alt.X(
        "when:T",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(title=None, format="%Y", tickCount=alt.TimeIntervalStep("year", 1), grid=False),
    )
    axis = alt.Axis(format=NUMBER, tickCount=4, minExtent=_SIDE, maxExtent=_SIDE)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=axis)
    line = alt.Chart(alt.Data(values=rows)).mark_line(color=OKABE_ITO[0], strokeWidth=1.6).encode(x=x, y=y)
    layers: list[Any] = [line]
    if series.baseline is not None:
        level = alt.Data(values=[{"level": float(series.baseline)}])
        rule = alt.Chart(level).mark_rule(color=INK, strokeDash=[6, 4], strokeWidth=1.2)
        layers.append(rule.encode(y=alt.Y("level:Q")))
    if series.changes:
        marks = [{"when": f"{y}-{m:02d}-01T00:00:00Z"} for y, m in series.changes]
        layers.append(
            alt.Chart(alt.Data(values=marks))
            .mark_rule(color=ORANGE, strokeWidth=2, strokeDash=[2, 2])
            .encode(x=alt.X("when:T"))
        )
    under = [series.unit]
    if series.baseline is not None:
        under[0] += " – " + words(lang)("chart.baseline", year=series.baseline_year or "").strip()
    if series.changes:
        under.append(words(lang)("chart.changes", count=len(series.changes)))
    heading = alt.TitleParams(wrap(series.name, 28).split("\n"), subtitle=under, frame="group")
    return alt.layer(*layers).properties(width=170, height=110, title=heading)


def _apart(ends: list[dict[str, Any]], reach: float) -> list[dict[str, Any]]:
    """Names at the line ends, moved apart where they would lie on each other."""
    placed: list[dict[str, Any]] = []
    for row in sorted(ends, key=lambda r: r["value"]):
        low = placed[-1]["value"] + reach if placed else row["value"]
        placed.append(row | {"value": max(row["value"], low)})
    return placed


def _described(title: str, series: Sequence[MonthlySeries], lang: Lang) -> str:
    """Alternative text: first and last known value of each series."""
    say = words(lang)
    parts = []
    for s in series:
        known = [(when, v) for when, v in zip(s.months, s.values, strict=True) if v is not None]
        if known:
            (y0, m0), first = known[0]
            (y1, m1), last = known[-1]
            parts.append(
                say(
                    "chart.from_to",
                    name=s.name,
                    unit=s.unit,
                    start=f"{m0:02d}/{y0}",
                    first=format_number(first, lang, s.decimals),
                    end=f"{m1:02d}/{y1}",
                    last=format_number(last, lang, s.decimals),
                )
            )
    return f"{title}. " + "; ".join(parts)
