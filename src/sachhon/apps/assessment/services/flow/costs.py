"""Material flow cost accounting of a flow-sheet: what was paid for what became product, and for what did not.

Energy that a process gives on (steam, compressed air) carries its cost to those who use it, by how much they take,
before the costs are split along the mass. Source: ISO 14051:2011, 5.3–5.4; the split is `science.mfca`.
"""

from dataclasses import replace

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Reconciliation
from sachhon.apps.assessment.services.errors import AssessmentError, said
from sachhon.apps.assessment.services.flow.balance import balance
from sachhon.apps.assessment.services.flow.net import Net, gather
from sachhon.apps.assessment.services.flow.reconciling import reconcile
from sachhon.apps.assessment.services.flow.whole import flowsheet
from sachhon.apps.people.models import User
from sachhon.science.mfca import CentreCost, Price, from_balance
from sachhon.science.uncertainty import Measured, ScienceError

VERSION = "1"


@transaction.atomic
def account(actor: User, assessment: Assessment) -> Reconciliation:
    """Reconciles anew and stores the costs of losses with it."""
    kept = reconcile(actor, assessment)
    kept.costs = costs_of(gather(assessment))
    kept.save(update_fields=["costs"])
    return kept


def costs_of(net: Net) -> dict:
    """The cost matrix as JSON: by kind, by centre, by stream; `AssessmentError` says what is missing."""
    open_ones = [x.name for x in net.links if x.use == "open"]
    if open_ones:
        raise AssessmentError(
            _("Costs cannot be told yet: choose whether %(names)s is product, by-product, loss or emission.")
            % {"names": ", ".join(f"“{name}”" for name in open_ones[:5])}
        )
    found = balance(net)
    goods = found.layers.get("goods", {})
    energy = found.layers.get("energy", {})
    unknown = [
        x.name
        for x in net.links
        if (x.main == "goods" and goods.get(x.code, None) and goods[x.code].value is None)
        or (
            x.kind == "energy"
            and x.price is not None
            and (x.code not in energy or energy[x.code].value is None)
        )
    ]
    if not found.solved or unknown:
        raise AssessmentError(
            _("Costs cannot be told yet: %(names)s is not known. See on the balance what to measure.")
            % {"names": ", ".join(unknown[:5]) or _("the balance")}
        )
    passing = {c.code for c in net.centres if _is_energy_only(net, c.code)}
    given, lost = _passed_on(net, energy, passing)
    centres = [
        c
        for c in net.centres
        if c.code not in passing and any(c.code in (x.source, x.target) for x in net.links)
    ]
    mass = replace(
        net,
        centres=tuple(centres),
        links=tuple(x for x in net.links if "goods" in x.layers or x.kind != "energy"),
        known=tuple(k for k in net.known if k.layer != "energy"),
        stocks=tuple(
            k for k in net.stocks if k.layer != "energy" and any(c.code == k.process for c in centres)
        ),
        shares=tuple(h for h in net.shares if h.layer != "energy"),
    )
    if not centres or not mass.links:
        raise AssessmentError(_("Costs are split along the mass: draw the streams of material first."))
    codes = {x.code for x in mass.links}
    mass = replace(
        mass,
        known=tuple(k for k in mass.known if k.stream in codes),
        shares=tuple(h for h in mass.shares if h.stream in codes),
    )
    prices = [
        Price(x.code, x.price / x.per_unit, layer=x.price_layer)
        for x in mass.links
        if x.price is not None and x.per_unit and not x.source and x.target and x.kind != "energy"
    ]
    prices += _drawn_prices(mass, prices)
    month = sorted({k.period for k in mass.known}) or [""]
    spent = [
        CentreCost(
            c.code,
            Measured((given[c.code][0] + c.energy_vnd) / len(month), given[c.code][1] / len(month)),
            c.system_vnd / len(month),
            c.waste_vnd / len(month),
            period,
        )
        for c in centres
        for period in month
    ]
    losses = [x.code for x in mass.links if x.is_loss and x.source]
    # by-products are products; an emission is a loss, as is what goes back into the process
    products = [x.code for x in mass.links if x.source and not x.target and not x.is_loss]
    try:
        year = from_balance(flowsheet(mass).solve(), prices, spent, losses, products=products)
    except ScienceError as error:
        raise AssessmentError(_("Costs cannot be told: %(why)s") % {"why": said(error)}) from None
    return _as_json(net, mass, year, found, lost)


def _drawn_prices(mass: Net, prices: list[Price]) -> list[Price]:
    """What a stock gives back costs what is paid for what goes into it; where that is not one price, none is given."""
    priced = {p.stream: p for p in prices}
    out = []
    for process in sorted(mass.stocked):
        into = [priced[x.code] for x in mass.links if x.target == process and x.code in priced]
        if len(into) == 1:
            out.append(replace(into[0], stream=process))
    return out


def _is_energy_only(net: Net, code: str) -> bool:
    mine = [x for x in net.links if code in (x.source, x.target)]
    gives = any(x.source == code and x.kind == "energy" for x in mine)
    return gives and not any("goods" in x.layers for x in mine)


def _passed_on(
    net: Net, energy: dict, passing: set[str]
) -> tuple[dict[str, tuple[float, float]], dict[str, float]]:
    """(cost of energy that reaches each centre with its uncertainty, cost of each stream of energy thrown away)."""
    codes = [c.code for c in net.centres]
    at = {code: i for i, code in enumerate(codes)}
    bought, spread = np.zeros(len(codes)), np.zeros(len(codes))
    for x in net.links:
        if x.kind == "energy" and x.price is not None and not x.source and x.target and x.per_unit:
            scale = x.price / x.per_unit
            bought[at[x.target]] += energy[x.code].value * scale
            spread[at[x.target]] = np.hypot(spread[at[x.target]], energy[x.code].uncertainty * scale)
    own = np.array(
        [c.energy_vnd + c.system_vnd + c.waste_vnd if c.code in passing else 0.0 for c in net.centres]
    )
    share = np.zeros((len(codes), len(codes)))
    outs: dict[str, list[tuple[str, float]]] = {}
    for code in passing:
        leaving = [x for x in net.links if x.source == code and x.kind == "energy" and energy[x.code].value]
        whole = sum(energy[x.code].value for x in leaving)
        for x in leaving:
            part = energy[x.code].value / whole
            if x.target:
                share[at[code], at[x.target]] += part
            else:
                outs.setdefault(code, []).append((x.code, part))
    cost = np.linalg.solve(np.eye(len(codes)) - share.T, bought + own)
    wide = np.linalg.solve(np.eye(len(codes)) - share.T, spread)
    lost = {stream: part * float(cost[at[code]]) for code, list_ in outs.items() for stream, part in list_}
    return {code: (float(cost[at[code]]), float(wide[at[code]])) for code in codes}, lost


def _as_json(net: Net, mass: Net, year, found, lost: dict[str, float]) -> dict:
    goods = found.layers["goods"]
    months = list(year.months.values())
    by_centre: dict[str, dict] = {}
    flows: dict[tuple[str, str, str], float] = {}
    for month in months:
        for c in month.allocation.centres:
            row = by_centre.setdefault(
                c.name,
                {
                    "name": next(x.name for x in net.centres if x.code == c.name),
                    "product": 0.0,
                    "loss": 0.0,
                    "in": 0.0,
                },
            )
            row["product"] += c.product.total
            row["loss"] += c.loss.total
            row["in"] += c.carried_in.total
            row["product_share"] = c.product_share
        for (source, target, kind), amount in month.bands.items():
            flows[source, target, kind] = flows.get((source, target, kind), 0.0) + amount.value
    streams = dict(lost)
    for code, row in by_centre.items():
        mine = [x for x in mass.links if x.source == code and x.is_loss and goods.get(x.code)]
        whole = sum(goods[x.code].value or 0.0 for x in mine)
        for x in mine:
            streams[x.code] = row["loss"] * (goods[x.code].value or 0.0) / whole if whole else 0.0
    for x in net.links:
        of = found.layers.get(x.main, {}).get(x.code)
        if not x.source and x.price is not None and of and of.value is not None and x.per_unit:
            streams[x.code] = of.value / x.per_unit * x.price
    pairs = {
        part: {kind: [m.value, m.standard_uncertainty] for kind, m in getattr(year.total, part).items()}
        for part in ("paid", "product", "loss")
    }
    share = year.total.loss_share
    return {
        **pairs,
        "loss_share": [share.value, share.standard_uncertainty],
        "energy_lost": sum(lost.values()),
        "centres": by_centre,
        "streams": streams,
        "flows": [[*key, value] for key, value in flows.items()],
        "version": VERSION,
    }
