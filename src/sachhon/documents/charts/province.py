"""Charts of the province's report: targets, savings, sectors, consumption by year."""

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
    ORANGE,
    PALE,
    SKY,
    STACK,
    VERMILLION,
    to_spec,
    wrap,
    wrapped_axis,
)
from sachhon.documents.model import (
    Breakdown,
    ChartSpec,
    Column,
    Consumption,
    Lang,
    ProvinceReportData,
    SavingRow,
    SavingState,
    Table,
    TargetRow,
)
from sachhon.documents.numbers import format_interval, format_number
from sachhon.documents.texts import words

_STATE_COLOUR: dict[SavingState, str] = {"estimated": SKY, "reported": ORANGE, "verified": BLUE}
_NAMES, _PLOT, _SIDE = 190, 220, 210
"""Pixels for names, bars and the words beside the bars; together as wide as the text of a page."""


def report_charts(data: ProvinceReportData, lang: Lang) -> dict[str, ChartSpec]:
    """The standard pictures of the report by code; one without data is left out."""
    charts = {}
    if any(t.estimate is not None for t in data.targets):
        charts["targets"] = targets_bars(data.targets, lang)
    kept_apart: tuple[SavingState, ...] = ("reported", "verified")
    states: list[SavingState] = [s for s in kept_apart if _money(data.savings, s)]
    if states:
        charts["savings"] = savings_waterfall(data.savings, lang, states=states)
    sectors = data.breakdown("sector")
    if sectors and sectors.rows:
        charts["sectors"] = sector_bars(sectors, lang)
    if data.consumption.totals:
        charts["consumption"] = yearly_bars(data.consumption, lang)
    return charts


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


def savings_waterfall(
    savings: Sequence[SavingRow],
    lang: Lang,
    *,
    states: Sequence[SavingState] = ("estimated", "reported", "verified"),
) -> ChartSpec:
    """Money saved, resource by resource up to the total: a panel a state, since states are never added."""
    say = words(lang)
    money = {r.resource: sum(_money(_of(savings, r.resource), s) for s in states) for r in savings}
    resources = sorted((name for name, vnd in money.items() if vnd), key=lambda name: -money[name])
    order = [wrap(name, 26) for name in resources] + [say("export.total")]
    panels, described, cells = [], [], []
    plot = (_PLOT + _SIDE) // len(states) - 14
    for position, state in enumerate(states):
        steps = _steps(savings, state, resources, lang)
        described.append(
            f"{say(f'state.{state}')}: " + ", ".join(f"{s['plain']} {s['label']}" for s in steps)
        )
        amounts = [step.pop("exact") for step in steps]
        cells += [(say(f"state.{state}"), s["plain"], a) for s, a in zip(steps, amounts, strict=True)]
        axis = wrapped_axis(_NAMES) if position == 0 else None
        reach = max(s["end"] for s in steps) * 1.42
        base = alt.Chart(alt.Data(values=steps)).encode(
            y=alt.Y("name:N", sort=order, axis=axis, scale=alt.Scale(paddingInner=0.35))
        )
        x = alt.X("start:Q", scale=alt.Scale(domain=[0, reach]), axis=None)
        bars = (
            base.transform_filter("datum.end > datum.start")
            .mark_bar(stroke=INK, strokeWidth=0.8)
            .encode(
                x=x,
                x2="end:Q",
                color=alt.condition("datum.total", alt.value(INK), alt.value(_STATE_COLOUR[state])),
            )
        )
        labels = base.mark_text(align="left", dx=5).encode(x="end:Q", text="label:N")
        panels.append(
            (bars + labels).properties(width=plot, height=27 * len(order), title=say(f"state.{state}"))
        )
    title = say("chart.savings.title")
    table = Table(
        "savings-chart",
        title,
        (
            Column(say("col.state")),
            Column(say("col.resource")),
            Column(say("col.saving"), "number", say("unit.million_vnd"), 1),
        ),
        tuple(cells),
    )
    spec = to_spec(alt.hconcat(*panels, spacing=16), lang)
    return ChartSpec(
        "chart-savings", title, say("chart.savings.alt", items="; ".join(described)), spec, table
    )


def sector_bars(breakdown: Breakdown, lang: Lang) -> ChartSpec:
    """Facilities of each sector (pale) and those applying cleaner production (dark), with the share."""
    say = words(lang)
    found = sorted(breakdown.rows, key=lambda r: -r.facilities)
    rows = [
        {
            "name": wrap(r.name, 34),
            "all": r.facilities,
            "applying": r.applying,
            "label": f"{r.applying}/{r.facilities} ({_share(r.applying, r.facilities, lang)})",
        }
        for r in found
    ]
    order = [r["name"] for r in rows]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("name:N", sort=order, axis=wrapped_axis(_NAMES), scale=alt.Scale(paddingInner=0.3))
    )
    reach = max([r["all"] for r in rows] + [1])
    x_all = alt.X("all:Q", axis=None, scale=alt.Scale(domain=[0, reach * 1.25]))
    every = base.mark_bar(color=PALE, stroke=INK, strokeWidth=0.8).encode(x=x_all)
    applying = base.mark_bar(color=GREEN, stroke=INK, strokeWidth=0.8).encode(x="applying:Q")
    labels = base.mark_text(align="left", dx=5).encode(x="all:Q", text="label:N")
    height = 24 * len(rows)
    chart = (every + applying + labels).properties(
        width=_PLOT + _SIDE - 10,
        height=height,
        title=alt.TitleParams(say("chart.sectors.key"), fontSize=13, fontWeight="normal", anchor="start"),
    )
    title = say("chart.sectors.title")
    table = Table(
        "sectors-chart",
        title,
        (
            Column(say("col.sector")),
            Column(say("col.facilities"), "integer"),
            Column(say("col.applying"), "integer"),
        ),
        tuple((r.name, r.facilities, r.applying) for r in found),
    )
    described = "; ".join(f"{r.name} {row['label']}" for r, row in zip(found, rows, strict=True))
    return ChartSpec(
        "chart-sectors", title, say("chart.sectors.alt", items=described), to_spec(chart, lang), table
    )


def yearly_bars(consumption: Consumption, lang: Lang) -> ChartSpec:
    """The totals (TOE, CO₂) by year, a panel each; a year holding estimates is pale and named so."""
    say = words(lang)
    last = consumption.years[-1]
    width = (_NAMES + _PLOT + _SIDE - 40) // len(consumption.totals)
    panels = []
    for total, colour in zip(consumption.totals, (BLUE, GREEN, ORANGE), strict=False):
        rows = []
        for year, value in zip(consumption.years, total.by_year, strict=True):
            estimated = consumption.last_year_estimated and year == last
            name = f"{year}\n{say('chart.estimated_year')}" if estimated else str(year)
            label = format_number(value, lang, total.decimals)
            rows.append({"year": name, "value": _float(value), "label": label, "pale": estimated})
        base = alt.Chart(alt.Data(values=rows)).encode(
            x=alt.X(
                "year:N",
                sort=[r["year"] for r in rows],
                axis=alt.Axis(
                    title=None, labelAngle=0, labelExpr="split(datum.label, '\\n')", ticks=False, domain=True
                ),
                scale=alt.Scale(paddingInner=0.35),
            )
        )
        reach = max([r["value"] or 0 for r in rows] + [1]) * 1.12
        bars = base.mark_bar(stroke=INK, strokeWidth=0.8).encode(
            y=alt.Y("value:Q", axis=None, scale=alt.Scale(domain=[0, reach])),
            color=alt.condition("datum.pale", alt.value(PALE), alt.value(colour)),
            strokeDash=alt.condition("datum.pale", alt.value([4, 3]), alt.value([1, 0])),
        )
        labels = base.mark_text(dy=-8).encode(y="value:Q", text="label:N")
        heading = f"{total.resource} ({total.unit})"
        panels.append((bars + labels).properties(width=width, height=150, title=heading))
    title = say("chart.consumption.title")
    table = Table(
        "consumption-chart",
        title,
        (
            Column(say("col.resource")),
            Column(say("col.unit")),
            *(Column(str(year), "number", decimals=0) for year in consumption.years),
        ),
        tuple((t.resource, t.unit, *t.by_year) for t in consumption.totals),
    )
    described = "; ".join(
        f"{t.resource} ({t.unit}): "
        + ", ".join(
            f"{y} {format_number(v, lang, t.decimals)}"
            for y, v in zip(consumption.years, t.by_year, strict=True)
        )
        for t in consumption.totals
    )
    spec = to_spec(alt.hconcat(*panels, spacing=24), lang)
    return ChartSpec("chart-consumption", title, say("chart.consumption.alt", items=described), spec, table)


def stacked_bars(
    code: str, title: str, rows: Sequence[tuple[str, str, Decimal | int]], lang: Lang, *, unit: str = ""
) -> ChartSpec:
    """Horizontal bars in parts: `rows` are (name, part, value); the value stands in each part."""
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
    dark = {BLUE, GREEN, VERMILLION}
    colours = [STACK[i % len(STACK)] for i in range(len(parts))]
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("name:N", sort=names, axis=wrapped_axis(_NAMES)), order=alt.Order("order:Q")
    )
    colour = alt.Color(
        "part:N",
        sort=parts,
        scale=alt.Scale(domain=parts, range=colours),
        legend=alt.Legend(title=None, orient="top", symbolStrokeColor=INK),
    )
    x = alt.X("value:Q", stack="zero", title=unit or None)
    bars = base.mark_bar(stroke="white", strokeWidth=1.5).encode(x=x, color=colour)
    inside = [
        base.transform_filter(f"datum.part == {_js(part)} && datum.value > 0")
        .mark_text(color="white" if shade in dark else INK)
        .encode(x=alt.X("mid:Q"), text="label:N")
        for part, shade in zip(parts, colours, strict=True)
    ]
    _add_middles(values)
    chart = alt.layer(bars, *inside).properties(width=_PLOT + _SIDE, height=26 * len(names))
    described = "; ".join(f"{n}, {p}: {format_number(v, lang)}" for n, p, v in rows)
    table = Table(
        f"{code}-table",
        title,
        (Column(say("col.name")), Column(say("col.part")), Column(say("col.value"), "number", unit)),
        tuple((n, p, v) for n, p, v in rows),
    )
    return ChartSpec(code, title, f"{title}. {described}", to_spec(chart, lang), table)


def _add_middles(values: list[dict[str, Any]]) -> None:
    """Where the middle of each part of a stacked bar lies."""
    reached: dict[str, float] = {}
    for value in sorted(values, key=lambda v: v["order"]):
        start = reached.get(value["name"], 0.0)
        value["mid"] = start + value["value"] / 2
        reached[value["name"]] = start + value["value"]


def _target_row(target: TargetRow, lang: Lang) -> dict[str, Any]:
    say = words(lang)
    value = (
        f"{format_number(target.estimate, lang, 1)}{target.unit if target.unit == '%' else ' ' + target.unit}"
    )
    if target.interval_low is not None and target.interval_high is not None:
        value += f" ({format_interval(target.interval_low, target.interval_high, lang, unit='')})"
    verdict = say(
        "chart.targets.verdict", target=target.target_text, verdict=say(f"verdict.{target.met}").lower()
    )
    if target.met == "no" and target.gap_facilities:
        verdict += ", " + say("chart.targets.gap", gap=format_number(target.gap_facilities, lang))
    low, high = target.target_low, target.target_high
    marks = [v for v in (target.estimate, target.interval_high, low, high) if v is not None]
    return {
        "plain": target.name,
        "name": wrap(target.name, 32),
        "estimate": _float(target.estimate),
        "low": _float(target.interval_low),
        "high": _float(target.interval_high),
        "goal": _float(low if low is not None else high),
        "goal_high": _float(high if high is not None else low),
        "value": value,
        "verdict": verdict,
        "top": float(max(marks, default=Decimal(100))),
    }


def _target_panel(rows: list[dict[str, Any]]) -> Any:
    top = max(r["top"] for r in rows)
    domain = [0.0, 100.0] if top > 25 else [0.0, -(-top // 5) * 5.0]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("name:N", sort=[r["name"] for r in rows], axis=wrapped_axis(_NAMES))
    )
    scale = alt.Scale(domain=domain)
    axis = alt.Axis(
        title=None,
        tickCount=5,
        labelFlush=False,
        labelFontSize=12,
        format=",.0f",
        labelExpr="datum.label + '%'",
    )
    band = base.mark_bar(size=32, color=ORANGE, opacity=0.45).encode(x="goal:Q", x2="goal_high:Q")
    bars = base.mark_bar(size=16, color=SKY, stroke=INK, strokeWidth=0.8).encode(
        x=alt.X("estimate:Q", scale=scale, axis=axis)
    )
    interval = base.mark_rule(strokeWidth=2, color=INK).encode(x="low:Q", x2="high:Q")
    ends = [base.mark_tick(size=9, thickness=2, color=INK).encode(x=f"{end}:Q") for end in ("low", "high")]
    goal = base.mark_tick(size=34, thickness=4, color=BLACK).encode(x="goal:Q")
    beside: dict[str, Any] = {"align": "left"}
    value = base.mark_text(**beside, dy=-8, fontWeight="bold").encode(x=alt.value(_PLOT + 10), text="value:N")
    verdict = base.mark_text(**beside, dy=8).encode(x=alt.value(_PLOT + 10), text="verdict:N")
    return alt.layer(band, bars, interval, *ends, goal, value, verdict).properties(
        width=_PLOT, height=48 * len(rows)
    )


def _steps(
    savings: Sequence[SavingRow], state: SavingState, resources: Sequence[str], lang: Lang
) -> list[dict[str, Any]]:
    """The steps of one state's waterfall in million VND, the total last."""
    reached = Decimal(0)
    steps = []
    for resource in resources:
        amount = Decimal(_money(_of(savings, resource), state)).scaleb(-6)
        steps.append((resource, reached, reached + amount, amount, False))
        reached += amount
    steps.append((words(lang)("export.total"), Decimal(0), reached, reached, True))
    return [
        {
            "plain": name,
            "name": wrap(name, 26),
            "start": float(start),
            "end": float(end),
            "exact": amount,
            "label": format_number(amount, lang, 0 if amount >= 100 else 1) if amount else "–",
            "total": total,
        }
        for name, start, end, amount, total in steps
    ]


def _money(savings: Sequence[SavingRow], state: SavingState) -> int:
    return sum(s.vnd or 0 for s in savings if s.state == state)


def _of(savings: Sequence[SavingRow], resource: str) -> list[SavingRow]:
    return [s for s in savings if s.resource == resource]


def _share(part: int, whole: int, lang: Lang) -> str:
    return format_number(Decimal(100 * part) / whole, lang, 0) + "%" if whole else "–"


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _js(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
