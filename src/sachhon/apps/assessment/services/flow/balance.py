"""Balancing a flow-sheet: what each stream truly carried, how sure that is, which meter or leak to look at.

Mass, energy and substances that were measured as flows are linear balances and take milliseconds. Where a content
was measured (moisture, heating value), the layers hang together, and where there are stocks, the months do: then the
whole sheet is solved at once (whole.py).
"""

import numpy as np

from sachhon.apps.assessment.services.flow.found import Balance, Found, Suspicion
from sachhon.apps.assessment.services.flow.net import Link, Net
from sachhon.apps.assessment.services.flow.problems import ERROR, Problem, look
from sachhon.apps.assessment.services.flow.whole import balance_whole, drawn, merged, periods_of
from sachhon.science.balance import (
    ContradictionError,
    chance,
    diagnose,
    measurements_to_add,
    reconcile_bounded,
)
from sachhon.science.uncertainty import ScienceError

VERSION = "1"
FUNCTION = "sachhon.science.balance"
SIGNIFICANCE = 0.05


def balance(net: Net) -> Balance:
    """Balances what can be balanced; what is wrong stands in `problems`, and nothing raises."""
    out = Balance(problems=look(net))
    grave = {"mixed_periods", "nothing_measured"}
    if any(p.rule in grave or (p.rule == "disagree" and p.level == ERROR) for p in out.problems):
        return out
    try:
        if net.stocks or net.shares or any(k.what == "content" for k in net.known):
            balance_whole(net, out)
        else:
            _by_layer(net, out)
    except ContradictionError:
        exact = [net.link(k.stream).name for k in net.known if k.uncertainty == 0]
        names = ", ".join(dict.fromkeys(exact[:8]))
        out.problems.append(Problem("contradiction", "", ERROR, {"names": names}))
        out.layers.clear()
    except ScienceError as error:
        out.problems.append(
            Problem("unit", "", ERROR, {"why": error.words("en"), "why_vi": error.words("vi")})
        )
        out.layers.clear()
    _chi(out)
    return out


# --- layer by layer


def _by_layer(net: Net, out: Balance) -> None:
    known = merged(net.known)
    for layer in net.carried:
        links = [x for x in drawn(net) if layer in x.layers]
        nodes = [c for c in net.centres if layer in net.held[c.code]]
        row = {c.code: i for i, c in enumerate(nodes)}
        if not links:
            continue
        results = {}
        for period in periods_of(net):
            mine = {k.stream: k for k in known if k.layer == layer and k.period == period}
            results[period] = _linear(net, out, layer, period, links, nodes, row, mine)
        _sum(out, layer, links, results)


def _linear(net, out: Balance, layer, period, links, nodes, row, mine):
    from scipy.sparse import csc_array

    entries = [
        (row[end], j, sign)
        for j, x in enumerate(links)
        for end, sign in ((x.target, 1.0), (x.source, -1.0))
        if end in row
    ]
    r, c, v = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = csc_array((np.array(v, dtype=float), (r, c)), shape=(len(nodes), len(links)))
    y = np.array([mine[x.code].value if x.code in mine else np.nan for x in links])
    u = np.array([mine[x.code].uncertainty if x.code in mine else 1.0 for x in links])
    result = reconcile_bounded(matrix, y, u**2)
    free, held = result.unbounded, {a.stream for a in result.active}
    suspects = {int(s): float(s.statistic) for s in free.suspects}
    found = {}
    for j, x in enumerate(links):
        measured = x.code in mine
        seen = bool(result.observable[j])
        status = (
            "unobservable" if not seen
            else "held" if j in held
            else "fixed" if measured and u[j] == 0
            else "redundant" if free.redundant[j]
            else "measured" if measured
            else "observable"
        )  # fmt: skip
        found[x.code] = Found(
            float(y[j]) if measured else None,
            float(u[j]) if measured else None,
            float(result.estimate[j]) if seen else None,
            float(np.sqrt(result.variance[j])) if seen else None,
            status,
            suspects.get(j, 0.0),
        )
        if j in held and measured:
            out.problems.append(Problem("held", x.code, params={"name": x.name}))
    out.chi2, out.dof = out.chi2 + result.chi2, out.dof + result.dof
    for e in diagnose(result).errors:
        at = links[e.cause.at].code if e.cause.kind == "meter" else nodes[e.cause.at].code
        others = [
            (o.kind, links[o.at].code if o.kind == "meter" else nodes[o.at].code, o.size)
            for o in (*e.same, *e.close)
        ]
        out.suspicions.append(
            Suspicion(e.cause.kind, at, layer, e.cause.size, e.standard_uncertainty, e.p_holm, others, period)
        )
    if layer in ("goods", "energy"):
        ends = [(row.get(x.source, -1), row.get(x.target, -1)) for x in links]
        hidden = [j for j, x in enumerate(links) if found[x.code].status == "unobservable"]
        inside = [j for j, x in enumerate(links) if x.source and x.target]
        for m in measurements_to_add(ends, hidden, inside):
            line = (links[m.stream].code, tuple(links[k].code for k in m.tells))
            if line not in out.advice:
                out.advice.append(line)
    return found


def _sum(out: Balance, layer: str, links: list[Link], results: dict[str, dict[str, Found]]) -> None:
    """Months added up: independent readings, so variances add; a stream unknown in one month is unknown."""
    total = {}
    order = ["unobservable", "held", "observable", "measured", "redundant", "fixed"]
    for x in links:
        parts = [found[x.code] for found in results.values()]
        known = all(p.value is not None for p in parts)
        read = all(p.measured is not None for p in parts)
        total[x.code] = Found(
            sum(p.measured for p in parts) if read else None,
            sum(p.measured_u**2 for p in parts) ** 0.5 if read else None,
            sum(p.value for p in parts) if known else None,
            sum(p.uncertainty**2 for p in parts) ** 0.5 if known else None,
            min((p.status for p in parts), key=order.index),
            max(p.statistic for p in parts),
        )
        if len(results) > 1 and x.main == layer:
            for period, found in results.items():
                if found[x.code].value is not None:
                    out.months.setdefault(period, {})[x.code] = found[x.code].value
    out.layers[layer] = total


def _chi(out: Balance) -> None:
    out.p_value = chance(out.chi2, out.dof)
    if out.p_value >= SIGNIFICANCE and len(out.suspicions) == 0:
        return
    out.suspicions.sort(key=lambda s: s.p)
