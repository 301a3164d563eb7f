"""A flow-sheet in the words of the science, and its balance solved as one: contents, stocks, transfer shares."""

from collections.abc import Sequence

import numpy as np

from sachhon.apps.assessment.services.flow.found import Balance, Found, Share, Stock, Suspicion
from sachhon.apps.assessment.services.flow.net import Known, Link, Net, Stocked
from sachhon.science.balance import Flowsheet, Process, Reading, Stream, Transfer
from sachhon.science.balance.flowsheet_result import FlowsheetResult
from sachhon.science.balance.flowsheet_told import Quantity

OPENING = "opening"  # the time before the first period, as the science calls it


def flowsheet(net: Net) -> Flowsheet:
    """The same network in the words of the science, named by codes: what the costs are carried along."""
    streams = {x.code: x for x in drawn(net)}
    periods = periods_of(net)
    return Flowsheet(
        [
            Process(
                c.code,
                stock=c.code in net.stocked,
                balances=[layer for layer in net.carried if layer in net.held[c.code]],
            )
            for c in net.centres
        ],
        [Stream(x.code, x.source, x.target, x.layers) for x in streams.values()],
        [
            Reading(k.stream, k.value, k.uncertainty, k.layer, k.what, k.period)
            for k in merged(net.known)
            if k.stream in streams
        ]
        + [
            Reading(k.process, k.value, k.uncertainty, k.layer, "level", _moment(k, periods))
            for k in net.stocks
            if k.layer in net.held[k.process]
        ],
        layers=[name for name in net.carried if name != "goods"],
        periods=periods,
        transfers=[
            Transfer(h.stream, float("nan") if h.share is None else h.share, h.uncertainty, h.layer)
            for h in net.shares
            if h.stream in streams and h.layer in streams[h.stream].layers
        ],
    )


def _moment(k: Stocked, periods: list[str]) -> str:
    """When a level was read: what closes the whole period closes its last month."""
    return OPENING if k.opening else k.period or periods[-1]


def drawn(net: Net) -> list[Link]:
    """The streams that have a process at one end at least."""
    return [x for x in net.links if x.source or x.target]


def periods_of(net: Net) -> list[str]:
    """Months, or "" for the whole period; a month that only a stock was read in is one too."""
    return sorted({k.period for k in net.known} | {k.period for k in net.stocks if k.period}) or [""]


def merged(known: Sequence[Known]) -> list[Known]:
    """Readings of one thing taken together, each by its weight; an exact one counts alone."""
    groups: dict[tuple, list[Known]] = {}
    for k in known:
        groups.setdefault((k.stream, k.layer, k.what, k.period), []).append(k)
    out = []
    for same in groups.values():
        exact = next((k for k in same if k.uncertainty == 0), None)
        if exact or len(same) == 1:
            out.append(exact or same[0])
            continue
        weight = np.array([1 / k.uncertainty**2 for k in same])
        value = float(weight @ [k.value for k in same] / weight.sum())
        first = same[0]
        out.append(
            Known(
                first.code,
                first.stream,
                first.layer,
                first.what,
                first.period,
                value,
                float(weight.sum() ** -0.5),
                first.meter,
            )
        )
    return out


def balance_whole(net: Net, out: Balance) -> None:
    """All layers and months at once."""
    sheet = flowsheet(net)
    result = sheet.solve()
    read: dict[tuple[str, str], list[Known]] = {}
    for k in merged(net.known):
        if k.what == "flow":
            read.setdefault((k.stream, k.layer), []).append(k)
    held = {key for key in result.held_keys if key[0] == "flow"}
    periods = periods_of(net)
    for layer in net.carried:
        found = {}
        for x in drawn(net):
            if layer not in x.layers:
                continue
            each = [result.flow(x.code, layer, period) for period in periods]
            mine = read.get((x.code, layer), [])
            full = len(mine) == len(periods)
            total = result.total(x.code, layer) if len(periods) > 1 else each[0]
            seen = bool(np.isfinite(total.uncertainty))
            value = float(total.value) if seen else None
            spread = float(total.uncertainty) if seen else None
            measured = sum(k.value for k in mine) if full else None
            measured_u = sum(k.uncertainty**2 for k in mine) ** 0.5 if full else None
            moved = (measured_u or 0) ** 2 - (spread or 0) ** 2
            statistic = abs(value - measured) / moved**0.5 if full and seen and moved > 0 else 0.0
            status = "held" if any(k[1] == layer and k[2] == x.code for k in held) else each[0].status
            found[x.code] = Found(measured, measured_u, value, spread, status, statistic)
            if len(periods) > 1 and x.main == layer and seen:
                for period, q in zip(periods, each, strict=True):
                    out.months.setdefault(period, {})[x.code] = float(q.value)
        out.layers[layer] = found
    out.chi2, out.dof = float(result.chi2), int(result.dof)
    names = {x.code for x in net.links} | {c.code for c in net.centres}
    for e in result.diagnose():
        layer, at = _place_of(e.cause.name, names)
        if at:
            others = [(o.kind, _place_of(o.name, names)[1], o.size) for o in (*e.same, *e.close)]
            out.suspicions.append(
                Suspicion(
                    e.cause.kind,
                    at,
                    layer,
                    e.cause.size,
                    e.standard_uncertainty,
                    e.p_holm,
                    [o for o in others if o[1]],
                    e.cause.period if len(periods) > 1 else "",
                )
            )
    out.stocks, out.shares = _stocks(net, result, periods), _shares(net, sheet, result)
    out.advice = [
        (a.key[2], tuple(t.split()[-1] for t in a.tells if t.split()[-1] in names))
        for a in result.to_measure
        if a.key[0] in ("flow", "level", "change")
    ]


def _stocks(net: Net, result: FlowsheetResult, periods: list[str]) -> list[Stock]:
    """Levels at both ends and what was taken up between them, of every stock on every layer it is balanced on."""
    out = []
    for c in net.centres:
        if c.code not in net.stocked:
            continue
        for layer in net.carried:
            if layer not in net.held[c.code]:
                continue
            read = {(k.opening, _moment(k, periods)): k.value for k in net.stocks
                    if k.process == c.code and k.layer == layer}  # fmt: skip
            first, last = read.get((True, OPENING)), read.get((False, periods[-1]))
            ends = [
                _told(result.level(c.code, layer, OPENING), first),
                _told(result.level(c.code, layer, periods[-1]), last),
            ]
            each = [result.change(c.code, layer, period) for period in periods]
            keys = [("change", layer, c.code, period) for period in periods]
            known = all(np.isfinite(q.uncertainty) for q in each)
            value = sum(q.value for q in each) if known else None
            spread = float(np.sqrt(max(result.covariance(keys).sum(), 0.0))) if known else None
            between = None if first is None or last is None else last - first
            out.append(Stock(c.code, layer, *ends, (between, value, spread)))
    return out


def _told(level: Quantity, read: float | None) -> tuple[float | None, float | None, float | None]:
    seen = bool(np.isfinite(level.uncertainty))
    return read, float(level.value) if seen else None, float(level.uncertainty) if seen else None


def _shares(net: Net, sheet: Flowsheet, result: FlowsheetResult) -> list[Share]:
    asked = {(t.stream, t.layer) for t in sheet.transfers}
    out = []
    for h in net.shares:
        if (h.stream, h.layer) not in asked:
            continue
        found = result.transfer(h.stream, h.layer)
        seen = bool(np.isfinite(found.uncertainty))
        out.append(
            Share(
                h.stream, h.layer, h.share,
                float(found.value) if seen else None, float(found.uncertainty) if seen else None,
            )
        )  # fmt: skip
    return out


def _place_of(label: str, codes: set[str]) -> tuple[str, str]:
    """(layer, code) a label of the science speaks of: "the flow of energy in S3", "the balance of P2 on Cr"."""
    words = label.replace(",", " ").replace(":", " ").split()
    at = next((w for w in words if w in codes), "")
    before = words[: words.index(at)] if at else []
    layer = before[-2] if len(before) >= 2 and before[-1] == "in" else "goods"
    return ("goods" if layer == "of" else layer), at
