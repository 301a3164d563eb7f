"""Data for a Sankey diagram, in mass and in money, in one form for both.

What enters a node leaves it in either: masses by the balance (with what its stock takes up), money because the costs of
a centre and what is carried in leave with its product and its loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sachhon.science.balance.flowsheet import GOODS
from sachhon.science.balance.flowsheet_result import FlowsheetResult
from sachhon.science.mfca.allocation import KINDS, Allocation

if TYPE_CHECKING:
    from sachhon.science.mfca.carried import Carried

OUTSIDE = "outside"
FINISHED = "finished product"
LOST = "material loss"


@dataclass(frozen=True)
class Link:
    """A band from one node to another. kind: "flow", "stock", a kind of cost, "product" or "loss"."""

    source: str
    target: str
    name: str
    value: float
    uncertainty: float
    kind: str


def mass_links(result: FlowsheetResult, layer: str = GOODS, period: str | None = None) -> tuple[Link, ...]:
    """The flows of a layer, over all periods where none is named; a flow below zero is drawn the other way."""
    whole = period is None and len(result.sheet.periods) > 1
    links: list[Link] = []
    for arrow in result.arrows(layer, period):
        source, target = arrow.source or OUTSIDE, arrow.target or OUTSIDE
        q = arrow.quantity
        if q.value < 0:
            source, target = target, source
        links.append(Link(source, target, arrow.stream, abs(q.value), q.uncertainty, "flow"))
    for process in result.sheet.processes:
        if process.stock and result.sheet.conserves(process, layer):
            q = (
                result.total_change(process.name, layer)
                if whole
                else result.change(process.name, layer, period)
            )
            store = f"stock of {process.name}"
            ends = (process.name, store) if q.value >= 0 else (store, process.name)
            links.append(Link(*ends, store, abs(q.value), q.uncertainty, "stock"))
    return tuple(links)


def bands(allocation: Allocation) -> dict[tuple[str, str, str], float]:
    """(source, target, kind) → money: costs into each centre by kind, then what leaves it with product and loss."""
    out: dict[tuple[str, str, str], float] = {}
    for centre in allocation.centres:
        for kind in KINDS:
            own = (
                getattr(centre.product, kind) + getattr(centre.loss, kind) - getattr(centre.carried_in, kind)
            )
            if own > 1e-9 * allocation.paid.total:
                out[kind, centre.name, kind] = own
    for flow in allocation.flows:
        if flow.cost.total > 0:
            end = flow.target or (FINISHED if flow.what == "product" else LOST)
            out[flow.source, end, flow.what] = flow.cost.total
    return out


def money_links(carried: Carried) -> tuple[Link, ...]:
    """The costs of a period as bands, with their uncertainty."""
    return tuple(
        Link(source, target, kind, amount.value, amount.standard_uncertainty, kind)
        for (source, target, kind), amount in carried.bands.items()
    )
