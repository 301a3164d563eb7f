"""What the pages of results show, from the last balance; confidential figures are left out for other eyes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Cause, Layer, Process, Stream
from sachhon.apps.assessment.models.flow import GOODS
from sachhon.apps.assessment.queries.freshness import latest_balance
from sachhon.apps.assessment.queries.streams import StreamFact
from sachhon.apps.assessment.services.flow.disclosure import any_secret, sees_secrets
from sachhon.apps.assessment.services.flow.net import unit_of
from sachhon.apps.assessment.services.flow.pictures import (
    sankey_bands,
    sankey_svg,
    sankey_title,
)
from sachhon.reference import unit_label
from sachhon.reference.numbers import format_quantity

KINDS = ("material", "energy", "system", "waste_management", "total")


@dataclass(frozen=True)
class SankeyView:
    """A picture and its bands as a table; `why` says why there is none."""

    title: str
    svg: str = ""
    unit: str = ""
    rows: tuple[tuple[str, str, str, str], ...] = ()
    why: str = ""


@dataclass(frozen=True)
class CostView:
    """The cost matrix in million VND. `closed`: a figure is confidential; a share would give it away too."""

    matrix: tuple[tuple[str, tuple[str, ...], str], ...] = ()  # part, amounts by kind, ± of the total
    share: str = ""
    spread: str = ""
    centres: tuple[tuple[str, str, str, str, str], ...] = ()
    streams: tuple[tuple[str, str, str], ...] = ()
    energy_lost: str = ""
    closed: bool = False
    there: bool = False


def sankey_view(user, assessment: Assessment, layer: str) -> SankeyView:
    """The Sankey of a layer; with a confidential quantity there is none for those who may not see it."""
    title = sankey_title(layer)
    latest = latest_balance(user, assessment)
    quantity, price = any_secret(assessment)
    if not sees_secrets(user) and (quantity or (price and layer == "money")):
        why = _("The factory keeps a figure of this picture to itself.")
        return SankeyView(title, why=why)
    if latest is None or not latest.content["streams"]:
        return SankeyView(title, why=_("Reconcile the flow-sheet first."))
    if layer == "money" and not latest.costs:
        return SankeyView(title, why=_("Compute the cost of losses first."))
    bands, unit = sankey_bands(assessment, latest.content, latest.costs, layer)
    if not any(b.value > 0 for b in bands):
        return SankeyView(title, why=_("Nothing is known of this yet."))
    outside = _("outside")
    rows = tuple(
        (b.name, b.source or outside, b.target or outside, _quantity(b.value))
        for b in sorted(bands, key=lambda b: -b.value)
    )
    return SankeyView(title, sankey_svg(assessment, bands, unit, layer), unit, rows)


def cost_view(user, assessment: Assessment) -> CostView:
    """The cost of losses as it was last computed."""
    latest = latest_balance(user, assessment)
    if latest is None or not latest.costs:
        return CostView()
    costs = latest.costs
    share, spread = costs["loss_share"]
    quantity, price = any_secret(assessment)
    closed = not sees_secrets(user) and (quantity or price)
    words = {"paid": _("Paid in all"), "product": _("In the product"), "loss": _("In losses")}
    lang = _lang()
    if closed:
        return CostView(closed=True, there=True)
    names = {s.code: s.name for s in Stream.objects.filter(assessment=assessment)}
    uses = {s.code: s.is_loss for s in Stream.objects.filter(assessment=assessment)}
    by_cost = sorted(costs["streams"].items(), key=lambda item: -item[1])
    return CostView(
        matrix=tuple(
            (
                words[part],
                tuple(_million(costs[part][k][0]) for k in KINDS),
                _million(1.96 * costs[part]["total"][1]),
            )
            for part in words
        ),
        share=format_quantity(round(share * 100, 6), lang),
        spread=format_quantity(round(1.96 * spread * 100, 6), lang),
        centres=tuple(
            (
                row["name"],
                format_quantity(round(row["product_share"] * 100, 6), lang),
                _million(row["in"]),
                _million(row["product"]),
                _million(row["loss"]),
            )
            for row in costs["centres"].values()
        ),
        streams=tuple(
            (code, names.get(code, code), _million(v)) for code, v in by_cost if uses.get(code) and v
        ),
        energy_lost=_million(costs["energy_lost"]) if costs["energy_lost"] else "",
        there=True,
    )


@dataclass(frozen=True)
class EnergyUser:
    """What a process takes of energy; `parts`: by stream."""

    name: str
    gj: str
    share: str
    parts: str
    width: int


def energy_by_user(user, assessment: Assessment) -> tuple[EnergyUser, ...]:
    """Each process by the energy that goes into it, the largest first."""
    latest = latest_balance(user, assessment)
    quantity, _price = any_secret(assessment)
    rows = latest.content["layers"].get("energy", {}) if latest else {}
    if not rows or (quantity and not sees_secrets(user)):
        return ()
    into: dict[int, list[tuple[str, float]]] = {}
    streams = Stream.objects.filter(assessment=assessment, removed=False, target__isnull=False)
    for s in streams:
        value = rows.get(s.code, {}).get("value")
        if value:
            into.setdefault(s.target_id, []).append((s.name, value))
    names = dict(Process.objects.filter(assessment=assessment).values_list("pk", "name"))
    whole = sum(v for parts in into.values() for _n, v in parts) or 1.0
    found = []
    for key, parts in sorted(into.items(), key=lambda item: -sum(v for _n, v in item[1])):
        total = sum(v for _n, v in parts)
        found.append(
            EnergyUser(
                names.get(key, ""),
                _quantity(total),
                format_quantity(round(100 * total / whole, 6), _lang()),
                "; ".join(f"{n}: {_quantity(v)} GJ" for n, v in sorted(parts, key=lambda p: -p[1])),
                round(100 * total / whole),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Loss:
    """A lost stream with what it holds."""

    stream: Stream
    fact: StreamFact
    amount: str
    cost: str
    holds: str


def characterised(user, assessment: Assessment, lost: Sequence[StreamFact]) -> list[Loss]:
    """Lost streams with the substances and energy found in them."""
    latest = latest_balance(user, assessment)
    layers = latest.content["layers"] if latest else {}
    by_code = {
        s.code: s for s in Stream.objects.visible_to(user).filter(assessment=assessment, removed=False)
    }
    names = _layer_names(assessment)
    found = []
    for fact in lost:
        holds = []
        for layer, rows in layers.items():
            value = rows.get(fact.code, {}).get("value")
            if layer == GOODS or value is None or fact.quantity is None:
                continue
            unit = unit_label(unit_of(layer), _lang())
            holds.append(f"{names.get(layer, layer)}: {_quantity(value)} {unit}")
        cost = "" if fact.cost_vnd is None else _million(float(fact.cost_vnd))
        found.append(Loss(by_code[fact.code], fact, amount_words(fact), cost, "; ".join(holds)))
    return found


@dataclass(frozen=True)
class CauseLine:
    """A cause and how deep a "why?" it answers."""

    cause: Cause
    depth: int


def cause_tree(user, stream: Stream) -> list[CauseLine]:
    """The causes of a stream, each followed by the deeper ones."""
    rows = list(Cause.objects.visible_to(user).filter(stream=stream, removed=False))
    keys = {c.pk for c in rows}
    below: dict[int | None, list[Cause]] = {}
    for c in rows:
        below.setdefault(c.because_id if c.because_id in keys else None, []).append(c)
    out: list[CauseLine] = []

    def walk(key: int | None, depth: int) -> None:
        for c in below.get(key, ()):
            out.append(CauseLine(c, depth))
            walk(c.pk, depth + 1)

    walk(None, 0)
    return out


def amount_words(fact: StreamFact) -> str:
    """A stream's quantity as it is read."""
    if fact.quantity is None:
        return _("confidential") if fact.is_secret else ""
    return f"{_quantity(float(fact.quantity))} {unit_label(fact.unit, _lang())}"


def _layer_names(assessment: Assessment) -> dict[str, str]:
    rows = Layer.objects.filter(assessment=assessment)
    return {"energy": _("energy")} | {x.code: x.name for x in rows}


def _million(value: float) -> str:
    return format_quantity(Decimal(str(round(value / 1e6, 9))), _lang())


def _quantity(value: float) -> str:
    return format_quantity(round(value, 9), _lang())


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
