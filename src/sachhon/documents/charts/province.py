"""Charts of the province's report: targets, savings, sectors, consumption by year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import altair as alt

from sachhon.documents.charts.look import (
    BLUE,
    GREEN,
    INK,
    NAMES,
    NARROW,
    ORANGE,
    PALE,
    PLOT,
    SIDE,
    SKY,
    either,
    to_spec,
    wrap,
    wrapped_axis,
)
from sachhon.documents.charts.targets import targets_bars
from sachhon.documents.model import Breakdown, Consumption, ProvinceReportData, SavingRow, SavingState
from sachhon.documents.numbers import format_count, format_number
from sachhon.documents.shapes import ChartSpec, Column, Lang, Table
from sachhon.documents.texts import words

STANDARD = ("targets", "savings", "sectors", "consumption")
MOST_STEPS = 12
"""Resources a waterfall shows by name; the rest is one step."""

_STATE_COLOUR: dict[SavingState, str] = {"estimated": SKY, "reported": ORANGE, "verified": BLUE}


def report_charts(
    data: ProvinceReportData, lang: Lang, wanted: Collection[str] = STANDARD
) -> dict[str, ChartSpec]:
    """The `wanted` standard pictures of the report by code, in their order; one without data is left out."""
    charts = {}
    if "targets" in wanted and any(t.estimate is not None for t in data.targets):
        charts["targets"] = targets_bars(data.targets, lang)
    kept_apart: tuple[SavingState, ...] = ("verified", "reported")
    states: list[SavingState] = [s for s in kept_apart if _money(data.savings, s)]
    if "savings" in wanted and states:
        charts["savings"] = savings_waterfall(data.savings, lang, states=states)
    sectors = data.breakdown("sector")
    if "sectors" in wanted and sectors and sectors.rows:
        charts["sectors"] = sector_bars(sectors, lang)
    if "consumption" in wanted and data.consumption.totals:
        charts["consumption"] = yearly_bars(data.consumption, lang)
    return charts


def savings_waterfall(
    savings: Sequence[SavingRow],
    lang: Lang,
    *,
    states: Sequence[SavingState] = ("verified", "reported", "estimated"),
) -> ChartSpec:
    """Money saved, resource by resource up to the total: a panel a state, since states are never added."""
    say = words(lang)
    other = say("chart.savings.other")
    savings = _largest(savings, other)
    money = {r.resource: sum(_money(_of(savings, r.resource), s) for s in states) for r in savings}
    resources = sorted(
        (name for name, vnd in money.items() if vnd),
        key=lambda name: (name == other, -money[name]),
    )
    order = [wrap(name, 26) for name in resources] + [say("export.total")]
    panels, alone, described, cells = [], [], [], []
    plot = (PLOT + SIDE) // len(states) - 14
    for position, state in enumerate(states):
        steps = _steps(savings, state, resources, lang)
        described.append(
            f"{say(f'state.{state}')}: " + ", ".join(f"{s['plain']} {s['label']}" for s in steps)
        )
        amounts = [step.pop("exact") for step in steps]
        cells += [(say(f"state.{state}"), s["plain"], a) for s, a in zip(steps, amounts, strict=True)]
        heading = say(f"state.{state}")
        size = {"height": 27 * len(order), "title": heading}
        axis = wrapped_axis(NAMES)
        beside = _state_panel(steps, order, axis if position == 0 else None, _STATE_COLOUR[state])
        panels.append(beside.properties(width=plot, **size))
        own = _state_panel(steps, order, axis, _STATE_COLOUR[state]).properties(width=NARROW - NAMES, **size)
        alone.append(ChartSpec(f"chart-savings-{state}", heading, described[-1], to_spec(own, lang)))
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
    said = say("chart.savings.alt", items="; ".join(described))
    return ChartSpec("chart-savings", title, said, spec, table, tuple(alone))


def _state_panel(steps: list[dict[str, Any]], order: list[str], axis: alt.Axis | None, colour: str) -> Any:
    """The bars of one state from step to step, labels behind them."""
    reach = max(s["reach"] for s in steps) * 1.42
    base = alt.Chart(alt.Data(values=steps)).encode(
        y=alt.Y("name:N", sort=order, axis=axis, scale=alt.Scale(paddingInner=0.35))
    )
    x = alt.X("start:Q", scale=alt.Scale(domain=[min(0.0, *(s["end"] for s in steps)), reach]), axis=None)
    bars = (
        base.transform_filter("datum.end != datum.start")
        .mark_bar(stroke=INK, strokeWidth=0.8)
        .encode(x=x, x2=alt.X2("end:Q"), color=either(alt.ColorValue, "datum.total", INK, colour))
    )
    return bars + base.mark_text(align="left", dx=5).encode(x=alt.X("reach:Q"), text=alt.Text("label:N"))


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
        y=alt.Y("name:N", sort=order, axis=wrapped_axis(NAMES), scale=alt.Scale(paddingInner=0.3))
    )
    reach = max([r["all"] for r in rows] + [1])
    x_all = alt.X("all:Q", axis=None, scale=alt.Scale(domain=[0, reach * 1.25]))
    every = base.mark_bar(color=PALE, stroke=INK, strokeWidth=0.8).encode(x=x_all)
    applying = base.mark_bar(color=GREEN, stroke=INK, strokeWidth=0.8).encode(x=alt.X("applying:Q"))
    labels = base.mark_text(align="left", dx=5).encode(x=alt.X("all:Q"), text=alt.Text("label:N"))
    height = 24 * len(rows)
    chart = (every + applying + labels).properties(
        width=PLOT + SIDE - 10,
        height=height,
        title=alt.TitleParams(say("chart.sectors.key"), fontWeight="normal", anchor="start"),
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
    width = (NAMES + PLOT + SIDE - 40) // len(consumption.totals)
    counted = consumption.reporters
    told = zip(consumption.years, counted.by_year, strict=True) if counted else ()
    behind = {year: int(count) for year, count in told if count is not None}
    panels, alone, described = [], [], []
    for total, colour in zip(consumption.totals, (BLUE, GREEN, ORANGE), strict=False):
        rows = []
        for year, value in zip(consumption.years, total.by_year, strict=True):
            estimated = consumption.last_year_estimated and year == last
            name = f"{year}\n{say('chart.estimated_year')}" if estimated else str(year)
            if year in behind:
                name += f"\n{say('chart.reporters', count=format_count(behind[year], lang))}"
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
            color=either(alt.ColorValue, "datum.pale", PALE, colour),
            strokeDash=either(alt.StrokeDashValue, "datum.pale", [4, 3], [1, 0]),
        )
        labels = base.mark_text(dy=-8).encode(y=alt.Y("value:Q"), text=alt.Text("label:N"))
        heading = f"{total.resource} ({total.unit})"
        drawn = (bars + labels).properties(height=150, title=heading)
        panels.append(drawn.properties(width=width))
        values = zip(consumption.years, total.by_year, strict=True)
        told = ", ".join(f"{y} {format_number(v, lang, total.decimals)}" for y, v in values)
        described.append(f"{heading}: {told}")
        own = to_spec(drawn.properties(width=NARROW), lang)
        alone.append(ChartSpec(f"chart-consumption-{len(panels)}", heading, described[-1], own))
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
    spec = to_spec(alt.hconcat(*panels, spacing=24), lang)
    said = say("chart.consumption.alt", items="; ".join(described))
    return ChartSpec("chart-consumption", title, said, spec, table, tuple(alone))


def _largest(savings: Sequence[SavingRow], other: str) -> list[SavingRow]:
    """The savings with all but the largest resources under one name, so that the picture fits its page."""
    weight: dict[str, int] = {}
    for row in savings:
        weight[row.resource] = weight.get(row.resource, 0) + abs(row.vnd or 0)
    if len(weight) <= MOST_STEPS:
        return list(savings)
    kept = sorted(weight, key=lambda name: -weight[name])[: MOST_STEPS - 1]
    return [row if row.resource in kept else replace(row, resource=other) for row in savings]


def _steps(
    savings: Sequence[SavingRow], state: SavingState, resources: Sequence[str], lang: Lang
) -> list[dict[str, Any]]:
    """The steps of one state's waterfall in million VND, the total last where all of it is told."""
    reached = Decimal(0)
    steps = []
    for resource in resources:
        amount = Decimal(_money(_of(savings, resource), state)).scaleb(-6)
        steps.append((resource, reached, reached + amount, amount, False))
        reached += amount
    if not steps or not any(s.closed for s in savings if s.state == state):
        steps.append((words(lang)("export.total"), Decimal(0), reached, reached, True))
    digits = (
        0 if max(abs(amount) for *_step, amount, _total in steps) >= 100 else 1
    )  # one for all that stand together
    return [
        {
            "plain": name,
            "name": wrap(name, 26),
            "start": float(start),
            "end": float(end),
            "reach": float(max(start, end)),  # a step back has its label behind the bar too, not across it
            "exact": amount,
            "label": format_number(amount, lang, digits) if amount else "–",
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
