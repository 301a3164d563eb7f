"""A flow-sheet taken out of the store as plain values in the units balances are held in."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

from sachhon.apps.assessment.models import (
    Assessment,
    Layer,
    Measurement,
    Process,
    StockLevel,
    Stream,
    TransferShare,
)
from sachhon.apps.assessment.models.flow import ENERGY, ENERGY_UNIT, GOODS, MASS_UNIT, Reading
from sachhon.apps.assessment.services.flow.fields import carries_goods, is_zero_percent
from sachhon.apps.assessment.services.flow.record_link import is_sum, link_of
from sachhon.apps.assessment.services.flow.units import WrongUnit, content_factor, flow_factor
from sachhon.reference import Fact

WIDE = 1.96  # standard uncertainties in what is given at 95 %, normal distribution (JCGM 100, G.1.3)
CLASS_TO_STANDARD = 1 / (100 * sqrt(3))  # limits of ± class % of the reading, evenly likely (JCGM 100, 4.3.7)


@dataclass(frozen=True)
class Centre:
    """A process: a node of the balance, a quantity centre of the costs."""

    code: str
    name: str
    parent: str
    energy_vnd: float
    system_vnd: float
    waste_vnd: float


@dataclass(frozen=True)
class Link:
    """A stream. `main`: the layer its own quantity is of; `per_unit`: units of that layer in one of `unit`."""

    code: str
    name: str
    kind: str
    use: str
    source: str
    target: str
    layers: tuple[str, ...]
    main: str
    unit: str
    per_unit: float | None
    price: float | None
    price_layer: str
    resource: str
    is_loss: bool
    fact: Fact | None = None


@dataclass(frozen=True)
class Known:
    """A measurement in the unit of its layer: t and GJ, contents a tonne."""

    code: str
    stream: str
    layer: str
    what: str
    period: str
    value: float
    uncertainty: float
    meter: str
    fact: Fact | None = None
    records: tuple[int, ...] = ()  # of the registry, where it is their sum


@dataclass(frozen=True)
class Stocked:
    """How much lay in the stock of a process, in the unit of the layer. `opening`: before the first month."""

    code: str
    process: str
    layer: str
    opening: bool
    period: str
    value: float
    uncertainty: float
    fact: Fact | None = None


@dataclass(frozen=True)
class Given:
    """A transfer coefficient: which share (0 to 1) of all that enters its process a stream takes; None: asked."""

    code: str
    stream: str
    layer: str
    share: float | None
    uncertainty: float


@dataclass(frozen=True)
class Net:
    """All of it, in the order of the store. `unreadable`: measurements whose unit says nothing any more; `unsure`:
    readings of 0 whose uncertainty is a share of them."""

    centres: tuple[Centre, ...]
    links: tuple[Link, ...]
    known: tuple[Known, ...]
    layers: dict[str, str]  # code → name, of substances
    lost_ends: tuple[str, ...]  # streams whose process was taken away
    unreadable: tuple[tuple[str, str], ...]
    stocks: tuple[Stocked, ...] = ()
    shares: tuple[Given, ...] = ()
    unsure: tuple[str, ...] = ()

    def link(self, code: str) -> Link:
        return self._by_code[code]

    @cached_property
    def carried(self) -> tuple[str, ...]:
        """What balances are held of: mass first, then whatever a stream carries besides."""
        return tuple(dict.fromkeys([GOODS, *(layer for x in self.links for layer in x.layers)]))

    @cached_property
    def held(self) -> dict[str, frozenset[str]]:
        """Process → the layers that both come into it and leave it: where one side is missing, it is no balance.

        A stock is a side: what came in and did not leave lies there.
        """
        comes: dict[str, set[str]] = {c.code: set() for c in self.centres}
        leaves: dict[str, set[str]] = {c.code: set() for c in self.centres}
        for x in self.links:
            comes.get(x.target, set()).update(x.layers)
            leaves.get(x.source, set()).update(x.layers)
        for k in self.stocks:
            there = {k.layer} & (comes[k.process] | leaves[k.process])
            comes[k.process] |= there
            leaves[k.process] |= there
        return {code: frozenset(comes[code] & leaves[code]) for code in comes}

    @cached_property
    def stocked(self) -> frozenset[str]:
        """Processes with a stock."""
        return frozenset(k.process for k in self.stocks)

    @cached_property
    def _by_code(self) -> dict[str, Link]:
        return {x.code: x for x in self.links}


def gather(assessment: Assessment) -> Net:
    """The flow-sheet as it stands; what was removed is left out."""
    on = assessment.data_to
    mine = {"assessment": assessment, "removed": False}
    processes = {p.pk: p for p in Process.objects.filter(**mine)}
    substances = {x.code: x.name for x in Layer.objects.filter(**mine)}
    measured = list(Measurement.objects.filter(**mine).order_by("pk"))
    streams = {s.pk: s for s in Stream.objects.filter(**mine).select_related("resource").order_by("pk")}
    own: dict[int, set[str]] = {}
    for m in measured:
        own.setdefault(m.stream_id, set()).add(m.layer)
    links, lost = [], []
    for s in streams.values():
        ends = [processes[key].code if key in processes else "" for key in (s.source_id, s.target_id)]
        if any(key and key not in processes for key in (s.source_id, s.target_id)):
            lost.append(s.code)
        links.append(_link(s, ends, own.get(s.pk, set()), substances, on))
    known, unreadable, unsure = [], [], []
    for m in measured:
        if m.stream_id not in streams:
            continue
        if is_zero_percent(m):
            unsure.append(m.code)
            continue
        try:
            known.append(_known(m, streams[m.stream_id], on))
        except WrongUnit as error:
            unreadable.append((m.code, str(error)))
    stocks = []
    for k in StockLevel.objects.filter(**mine).select_related("resource").order_by("pk"):
        if k.process_id not in processes:
            continue
        try:
            stocks.append(_stocked(k, processes[k.process_id].code, on))
        except WrongUnit as error:
            unreadable.append((k.code, str(error)))
    shares = [
        Given(
            h.code, streams[h.stream_id].code, h.layer,
            None if h.share is None else float(h.share) / 100, float(h.spread) / 100,
        )
        for h in TransferShare.objects.filter(**mine).order_by("pk")
        if h.stream_id in streams and streams[h.stream_id].source_id in processes
    ]  # fmt: skip
    return Net(
        tuple(_centre(p, processes) for p in processes.values()),
        tuple(links), tuple(known), substances, tuple(lost), tuple(unreadable),
        tuple(stocks), tuple(shares), tuple(unsure),
    )  # fmt: skip


def _centre(p: Process, processes: dict[int, Process]) -> Centre:
    costs = (float(v or 0) for v in (p.energy_vnd, p.system_vnd, p.waste_vnd))
    above = processes.get(p.parent_id)
    return Centre(p.code, p.name, above.code if above else "", *costs)


def _link(
    s: Stream, ends: list[str], measured: set[str], substances: dict[str, str], on: datetime.date
) -> Link:
    named = [name for name in s.layers.split(",") if name in substances or name == ENERGY]
    layers = [GOODS] if carries_goods(s) else []
    if s.kind == Stream.Kind.ENERGY:
        layers.append(ENERGY)
    layers += [name for name in (*named, *sorted(measured)) if name not in layers and name != GOODS]
    main = GOODS if GOODS in layers else ENERGY if ENERGY in layers else layers[0] if layers else GOODS
    resource = s.resource.code if s.resource else ""
    try:
        factor = flow_factor(s.unit, main, resource, s.kind, on)
        per_unit, fact = float(factor.value), factor.fact
    except WrongUnit:
        per_unit, fact = None, None
    return Link(
        s.code, s.name, s.kind, s.use, *ends, tuple(layers), main, s.unit, per_unit,
        None if s.price is None else float(s.price), s.price_layer or main, resource, s.is_loss, fact,
    )  # fmt: skip


def _known(m: Measurement, s: Stream, on: datetime.date) -> Known:
    turn = content_factor if m.what == Measurement.What.CONTENT else flow_factor
    factor = turn(m.unit, m.layer, s.resource.code if s.resource else "", s.kind, on)
    scale = float(factor.value)
    return Known(
        m.code, s.code, m.layer, m.what, m.period, float(m.value) * scale, _standard(m) * scale, m.meter, factor.fact,
        link_of(m).keys if is_sum(m) else (),
    )  # fmt: skip


def _stocked(k: StockLevel, process: str, on: datetime.date) -> Stocked:
    factor = flow_factor(k.unit, k.layer, k.resource.code if k.resource else "", "material", on)
    scale = float(factor.value)
    opening = k.moment == StockLevel.Moment.OPENING
    return Stocked(
        k.code, process, k.layer, opening, k.period, float(k.value) * scale, _standard(k) * scale, factor.fact
    )


def _standard(m: Reading) -> float:
    """The standard uncertainty of a reading, in its own unit."""
    value, spread = float(m.value), float(m.spread)
    share = {
        Reading.Spread.ABSOLUTE: spread,
        Reading.Spread.PERCENT: abs(value) * spread / 100,
        Reading.Spread.CLASS: abs(value) * spread * CLASS_TO_STANDARD,
    }[Reading.Spread(m.spread_kind)]
    if m.spread_at == Reading.SpreadAt.WIDE and m.spread_kind != Reading.Spread.CLASS:
        share /= WIDE
    return share


def unit_of(layer: str) -> str:
    """What a layer's balance is held in."""
    return ENERGY_UNIT if layer == ENERGY else MASS_UNIT
