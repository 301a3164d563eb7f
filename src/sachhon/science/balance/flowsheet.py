"""A factory as processes, streams and stocks, with everything that is known about it; solved as one balance.

A stream runs from a process to a process, "" being outside, and carries layers: the goods themselves (mass), substances
and energy. On every layer l, process p and period t

    Σ in − Σ out − change of stock = 0                    flow_l = content_l · flow_goods
    flow_out = share · Σ flow_in  (transfer coefficient)   level_t = level_0 + Σ change

Readings are of flows, contents, stock levels or changes, in any unit: a reading times its factor is in the layer's
unit, and a factor that is itself uncertain (a density, a heating value) is one unknown shared by all readings that use
it, as is the error that one meter makes in all its readings (`common`). What is certain (uncertainty 0) is fixed.
Recycle loops need nothing special. Parts that share no unknown (periods without stocks) are solved apart.
Sources: Brunner & Rechberger 2016, Handbook of Material Flow Analysis, 2.3; Cencic & Rechberger 2008 and Cencic 2016
(STAN: layers, transfer coefficients, periods); Narasimhan & Jordache 2000.
Flows, contents, levels and shares are held at zero where they would come out below (as `bounded` does), or where no
choice of them keeps the balances otherwise (`remainder`).
Not here: reactions (tell a process which layers it conserves, `balances`) and the content of a stock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sachhon.science.balance.network import ContradictionError
from sachhon.science.balance.settings import DEFAULT, Settings
from sachhon.science.numeric import finite, with_floats
from sachhon.science.phrases import comma, vi
from sachhon.science.uncertainty import ScienceError

if TYPE_CHECKING:
    from sachhon.science.balance.flowsheet_result import FlowsheetResult

GOODS = "goods"
OPENING = "opening"  # the time before the first period, of a stock's level
UNKNOWN = float("nan")
CERTAIN = 3.0  # standard uncertainties by which shares may exceed the whole before they are refused
LEAST_UNCERTAINTY, MOST_UNCERTAINTY = 1e-140, 1e140  # their squares are neither nothing nor without end
KINDS = ("flow", "content", "level", "change")


@dataclass(frozen=True)
class Process:
    """What goes in comes out, but for what its stock takes up. `balances`: layers it conserves, all where None."""

    name: str
    stock: bool = False
    balances: Sequence[str] | None = None


@dataclass(frozen=True)
class Stream:
    """From a process to a process; "" is outside. `layers` it carries, all where None."""

    name: str
    source: str = ""
    target: str = ""
    layers: Sequence[str] | None = None


@dataclass(frozen=True)
class Factor:
    """What turns readings into the layer's unit and is itself uncertain: a density, a heating value."""

    name: str
    value: float
    uncertainty: float = 0.0

    def __post_init__(self) -> None:
        with_floats(self, "value", "uncertainty")


@dataclass(frozen=True)
class Reading:
    """A value with its standard uncertainty; 0 fixes it.

    of : a stream (flow, content) or a process with a stock (level at the end of the period, change over it).
    factor : a number, or the name of a `Factor`, that turns it into the layer's unit. common : standard uncertainty of
    the error that every reading of the same `meter` shares, in the unit of the reading. period : "" where there is one.
    """

    of: str
    value: float
    uncertainty: float
    layer: str = GOODS
    kind: str = "flow"
    period: str = ""
    factor: float | str = 1.0
    meter: str = ""
    common: float = 0.0

    def __post_init__(self) -> None:
        with_floats(self, "value", "uncertainty", "factor", "common")


@dataclass(frozen=True)
class Transfer:
    """flow of the stream = share × all that flows into its source, on a layer, in every period; NaN: to be found."""

    stream: str
    share: float = UNKNOWN
    uncertainty: float = 0.0
    layer: str = GOODS

    def __post_init__(self) -> None:
        with_floats(self, "share", "uncertainty")


@dataclass(frozen=True)
class Relation:
    """Σ factor · flow = value on a layer, in every period: {"F6": 1, "F7": −1} makes two streams equal."""

    flows: Mapping[str, float]
    value: float = 0.0
    layer: str = GOODS
    name: str = ""


@dataclass(frozen=True)
class Flowsheet:
    """All of it. `layers` besides the goods; `periods` in order of time, at least one process."""

    processes: Sequence[Process]
    streams: Sequence[Stream]
    readings: Sequence[Reading] = ()
    layers: Sequence[str] = ()
    periods: Sequence[str] = ("",)
    factors: Sequence[Factor] = ()
    transfers: Sequence[Transfer] = ()
    relations: Sequence[Relation] = field(default=())

    def solve(self, settings: Settings = DEFAULT) -> FlowsheetResult:
        """Check, put together, reconcile; `ScienceError` names what is missing, `ContradictionError` what disagrees.

        Flows, contents, levels and shares that would come out below zero are held there and listed, also where only
        their sum is known (two unmeasured outlets).
        """
        from sachhon.science.balance.flowsheet_result import FlowsheetResult
        from sachhon.science.balance.flowsheet_system import assemble
        from sachhon.science.balance.holding import Held, unheld

        check(self)
        assembly = assemble(self)
        kept: list[Held] = []
        for part in assembly.parts():
            free = part.solve()
            kept.append(part.keep(free) if settings.nonnegative else unheld(free))
        return FlowsheetResult(self, assembly, tuple(kept), settings)

    @property
    def all_layers(self) -> tuple[str, ...]:
        return (GOODS, *self.layers)

    def carries(self, stream: Stream, layer: str) -> bool:
        return stream.layers is None or layer in stream.layers

    def conserves(self, process: Process, layer: str) -> bool:
        return process.balances is None or layer in process.balances


def check(sheet: Flowsheet) -> None:
    """Every name is known and used once; every number is a number."""
    if not sheet.processes:
        raise ScienceError(
            "the flow-sheet has no process, so nothing to balance; give at least one.",
            "sơ đồ chưa có công đoạn nào, không có gì để cân bằng; hãy cho ít nhất một.",
        )
    streams = _unique("stream", [s.name for s in sheet.streams])
    processes = _unique("process", [p.name for p in sheet.processes])
    factors = _unique("factor", [f.name for f in sheet.factors])
    layers = _unique("layer", list(sheet.all_layers))
    periods = _unique("period", list(sheet.periods))
    for stream in sheet.streams:
        for end in (stream.source, stream.target):
            if end and end not in processes:
                raise ScienceError(
                    f"stream {stream.name} touches {end!r}, which is no process; check the name.",
                    f"dòng {stream.name} nối với {end!r}, không phải là công đoạn nào; hãy xem lại tên.",
                )
        if stream.source == stream.target:
            raise ScienceError(
                f"stream {stream.name} leads back to where it starts; leave it out.",
                f"dòng {stream.name} quay về đúng chỗ nó xuất phát; hãy bỏ ra.",
            )
        _known(f"stream {stream.name}", stream.layers or (), layers, "layer")
    for process in sheet.processes:
        _known(f"process {process.name}", process.balances or (), layers, "layer")
    stocks = {p.name for p in sheet.processes if p.stock}
    for r in sheet.readings:
        what = f"the reading of {r.of}"
        _known(what, [r.layer], layers, "layer")
        if r.kind not in KINDS:
            raise ScienceError(
                f"{what} is of kind {r.kind!r}; it may be one of {', '.join(KINDS)}.",
                f"{vi(what)} thuộc loại {r.kind!r}; loại chỉ có thể là {', '.join(KINDS)}.",
            )
        if r.kind in ("flow", "content"):
            _known(what, [r.of], streams, "stream")
            if r.kind == "content" and r.layer == GOODS:
                raise ScienceError(
                    f"{what} is a content; name the layer it is the content of.",
                    f"{vi(what)} là hàm lượng; hãy nêu tên lớp của hàm lượng ấy.",
                )
        elif r.of not in stocks:
            raise ScienceError(
                f"{what} is a stock's {r.kind}, but no process of that name has a stock.",
                f"{vi(what)} là {vi(r.kind)} của một kho, nhưng không có công đoạn nào tên ấy có kho.",
            )
        if not (r.kind == "level" and r.period == OPENING):
            _known(what, [r.period], periods, "period")
        if isinstance(r.factor, str):
            _known(what, [r.factor], factors, "factor")
        elif not (finite(r.factor) and r.factor != 0):
            raise ScienceError(
                f"{what} has a factor of {r.factor}; give one that is not zero.",
                f"{vi(what)} có hệ số {comma(r.factor)}; hãy cho hệ số khác 0.",
            )
        _number(what, r.value, r.uncertainty)
        _number(what, 0.0, r.common)
        if r.common and not r.meter:
            raise ScienceError(
                f"{what} shares an error with others; name its meter.",
                f"{vi(what)} có sai số chung với số đọc khác; hãy nêu tên đồng hồ.",
            )
    for t in sheet.transfers:
        what = f"the transfer to {t.stream}"
        _known(what, [t.stream], streams, "stream")
        _known(what, [t.layer], layers, "layer")
        _number(what, 0.0 if t.share != t.share else t.share, t.uncertainty)
        if not next(s for s in sheet.streams if s.name == t.stream).source:
            raise ScienceError(
                f"{what} has no process it leaves; transfers are shares of what enters one.",
                f"{vi(what)} không ra khỏi công đoạn nào; hệ số chuyển là phần của những gì vào một công đoạn.",
            )
    _shares(sheet)
    for relation in sheet.relations:
        _known(f"relation {relation.name}", list(relation.flows), streams, "stream")
        _known(f"relation {relation.name}", [relation.layer], layers, "layer")
    for f in sheet.factors:
        _number(f"factor {f.name}", f.value, f.uncertainty)


def _shares(sheet: Flowsheet) -> None:
    """What leaves a process that conserves a layer and stores nothing is at most what enters it."""
    conserving = {p.name: p for p in sheet.processes if not p.stock}
    source = {s.name: s.source for s in sheet.streams}
    groups: dict[tuple[str, str], list[Transfer]] = {}
    for t in sheet.transfers:
        process = conserving.get(source[t.stream])
        if t.share == t.share and process is not None and sheet.conserves(process, t.layer):
            groups.setdefault((process.name, t.layer), []).append(t)
    for (process, layer), given in groups.items():
        where = process if layer == GOODS else f"{process} ({layer})"
        for t in given:
            if t.share + CERTAIN * t.uncertainty < 0:
                raise ContradictionError(
                    f"the share of {t.stream} in what leaves {where} is {t.share:g}; give one from 0 to 1.",
                    f"phần của {t.stream} trong những gì ra khỏi {where} là {comma(t.share):g}; hãy cho số từ 0 đến 1.",
                )
        total = sum(t.share for t in given)
        doubt = CERTAIN * sum(t.uncertainty**2 for t in given) ** 0.5
        if total - doubt > 1 + 1e-9:
            listed = ", ".join(f"{t.share:g} to {t.stream}" for t in given)
            listed_vi = ", ".join(f"{comma(t.share):g} vào {t.stream}" for t in given)
            raise ContradictionError(
                f"the transfer shares of {where} add up to {total:g} ({listed}), but no more than all that enters can "
                "leave. Correct one of them, or leave it open (NaN) to have it computed.",
                f"các hệ số chuyển của {where} cộng lại là {comma(total):g} ({listed_vi}), nhưng không thể ra nhiều "
                "hơn những gì đã vào. Hãy sửa một hệ số, hoặc để trống (NaN) để tính ra nó.",
            )


def _unique(kind: str, names: list[str]) -> set[str]:
    for name in names:
        if names.count(name) > 1:
            raise ScienceError(
                f"two of kind {kind} are called {name!r}; give each a name of its own.",
                f"có hai {vi(kind)} cùng tên {name!r}; hãy đặt cho mỗi cái một tên riêng.",
            )
    return set(names)


def _known(what: str, names: Sequence[str], among: set[str], kind: str) -> None:
    for name in names:
        if name not in among:
            raise ScienceError(
                f"{what} names {name!r}, which is no {kind} of this flow-sheet; check the name.",
                f"{vi(what)} nhắc đến {name!r}, không phải là {vi(kind)} nào của sơ đồ này; hãy xem lại tên.",
            )


def _number(what: str, value: float, uncertainty: float) -> None:
    """Finite, and the square of the uncertainty is one that can be counted with."""
    if not (finite(value) and finite(uncertainty) and uncertainty >= 0):
        raise ScienceError(
            f"{what} is {value} ± {uncertainty}; give finite numbers, an uncertainty not below zero, "
            "and leave out what was not measured.",
            f"{vi(what)} là {comma(value)} ± {comma(uncertainty)}; hãy cho số hữu hạn, độ không đảm bảo không âm, và "
            "bỏ những gì không đo.",
        )
    if uncertainty and not LEAST_UNCERTAINTY <= uncertainty <= MOST_UNCERTAINTY:
        raise ScienceError(
            f"{what} has an uncertainty of {uncertainty:g}; give 0 for a fixed value, or one from "
            f"{LEAST_UNCERTAINTY:g} to {MOST_UNCERTAINTY:g}, and leave out what was not measured.",
            f"{vi(what)} có độ không đảm bảo {comma(uncertainty):g}; hãy cho 0 nếu là giá trị cố định, hoặc một số từ "
            f"{comma(LEAST_UNCERTAINTY):g} đến {comma(MOST_UNCERTAINTY):g}, và bỏ những gì không đo.",
        )
