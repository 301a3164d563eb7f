"""The targets of a plan: how far the province is, how sure that is, and where the target lies."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import altair as alt

from sachhon.documents.charts.look import BLACK, INK, NAMES, ORANGE, PLOT, SKY, to_spec, wrap, wrapped_axis
from sachhon.documents.model import TargetRow
from sachhon.documents.numbers import format_count, format_interval, format_number
from sachhon.documents.shapes import ChartSpec, Column, Lang, Table
from sachhon.documents.texts import words


def targets_bars(targets: Sequence[TargetRow], lang: Lang) -> ChartSpec:
    """A bar a target with its interval, the target as a line (or a band), and the verdict in words.

    Shares near 100% and savings near 10% get a panel each, so that neither is flattened.
    """
    say = words(lang)
    rows = [_target_row(t, lang) for t in targets]
    wide = [r for r in rows if r["top"] > 25]
    small = [r for r in rows if r["top"] <= 25]
    panels = [_target_panel(group) for group in (wide, small) if group]
    chart = alt.vconcat(*panels, spacing=14) if len(panels) > 1 else panels[0]
    described = "; ".join(f"{r['plain']}: {r['value']} – {r['verdict']}" for r in rows)
    table = Table(
        "targets-chart",
        say("chart.targets.title"),
        (
            Column(say("col.target")),
            Column(say("col.estimate"), "percent", "%"),
            Column(say("col.low"), "percent", "%"),
            Column(say("col.high"), "percent", "%"),
            Column(say("col.plan_value")),
            Column(say("col.verdict")),
        ),
        tuple(
            (t.name, t.estimate, t.interval_low, t.interval_high, t.target_text, say(f"verdict.{t.met}"))
            for t in targets
        ),
    )
    title = say("chart.targets.title")
    return ChartSpec(
        "chart-targets", title, say("chart.targets.alt", items=described), to_spec(chart, lang), table
    )


def _target_row(target: TargetRow, lang: Lang) -> dict[str, Any]:
    say = words(lang)
    value = (
        f"{format_number(target.estimate, lang, 1)}{target.unit if target.unit == '%' else ' ' + target.unit}"
    )
    if target.is_census:
        value += f" ({say('interval.census')})"
    elif target.interval_low is not None and target.interval_high is not None:
        value += f" ({format_interval(target.interval_low, target.interval_high, lang, unit='')})"
    verdict = say(
        "chart.targets.verdict", target=target.target_text, verdict=say(f"verdict.{target.met}").lower()
    )
    if target.met == "no" and target.gap_facilities:
        verdict += ", " + say("chart.targets.gap", gap=format_count(target.gap_facilities, lang))
    low, high = target.target_low, target.target_high
    marks = [v for v in (target.estimate, target.interval_high, low, high) if v is not None]
    return {
        "plain": target.name,
        "name": wrap(target.name, 32),
        "estimate": _float(target.estimate),
        "low": None if target.is_census else _float(target.interval_low),
        "high": None if target.is_census else _float(target.interval_high),
        "goal": _float(low if low is not None else high),
        "goal_high": _float(high if high is not None else low),
        "value": value,
        "verdict": verdict,
        "top": float(max(marks, default=Decimal(100))),
    }


def _target_panel(rows: list[dict[str, Any]]) -> Any:
    top = max(r["top"] for r in rows)
    # A mean saving may be negative, and so the lower end of its interval: the axis must reach it.
    bottom = min(0.0, *(min(r["low"] or 0.0, r["estimate"] or 0.0) // 5 * 5.0 for r in rows))
    domain = [bottom, 100.0] if top > 25 else [bottom, -(-top // 5) * 5.0]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("name:N", sort=[r["name"] for r in rows], axis=wrapped_axis(NAMES))
    )
    scale = alt.Scale(domain=domain)
    axis = alt.Axis(
        title=None,
        tickCount=5,
        labelFlush=False,
        format=",.0f",
        labelExpr="datum.label + '%'",
    )
    band = base.mark_bar(size=32, color=ORANGE, opacity=0.45).encode(
        x=alt.X("goal:Q"), x2=alt.X2("goal_high:Q")
    )
    bars = base.mark_bar(size=16, color=SKY, stroke=INK, strokeWidth=0.8).encode(
        x=alt.X("estimate:Q", scale=scale, axis=axis)
    )
    interval = base.mark_rule(strokeWidth=2, color=INK).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    ends = [
        base.mark_tick(size=9, thickness=2, color=INK).encode(x=alt.X(f"{end}:Q")) for end in ("low", "high")
    ]
    goal = base.mark_tick(size=34, thickness=4, color=BLACK).encode(x=alt.X("goal:Q"))
    beside: dict[str, Any] = {"align": "left"}
    value = base.mark_text(**beside, dy=-8, fontWeight="bold").encode(
        x=alt.XValue(PLOT + 10), text=alt.Text("value:N")
    )
    verdict = base.mark_text(**beside, dy=8).encode(x=alt.XValue(PLOT + 10), text=alt.Text("verdict:N"))
    return alt.layer(band, bars, interval, *ends, goal, value, verdict).properties(
        width=PLOT, height=48 * len(rows)
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
