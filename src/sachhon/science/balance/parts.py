"""A network of which some parts have variances too far apart for elimination on S, and are solved by `projection`.

Elimination on S = A V Aᵀ takes the flow of a stream from node i to j from v (λ_j − λ_i), and its variance from
v − v² (Z_ii + Z_jj − 2 Z_ij) with Z = S⁻¹. Rounding grows by κ = v (Z_ii + Z_jj), and for the variance by v over it
besides: this is the stream's *strain*, read off what elimination gives. It is large for a reading much rougher than
those around, and for one that fixed streams all but determine. The part of the network that hangs together with such a
stream, outside not counted, is solved for its roughest readings instead. No stream runs between two parts, so their
results stand side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sachhon.science.balance import projection
from sachhon.science.balance.contraction import STRAIN, NetworkModel
from sachhon.science.balance.linear import Model
from sachhon.science.balance.network import Bools, Floats, Ints, Names, Network, Readings
from sachhon.science.balance.projection import MOST_STREAMS
from sachhon.science.uncertainty import ScienceError

Make = Callable[[Network, Readings, Names], Model]
Sparse = Callable[[Network, Readings, Names], NetworkModel]

LOST = 1e20  # strain at which hardly a digit of a flow is left


@dataclass(frozen=True)
class Part:
    """A model of some of the streams and nodes."""

    model: Model
    streams: Ints
    nodes: Ints


@dataclass(frozen=True)
class PartsModel:
    """Models side by side. Arrays over all streams or nodes."""

    readings: Readings
    names: Names
    parts: tuple[Part, ...]
    observable: Bools
    variance: Floats  # infinite where unobservable
    strength: Floats
    node_strength: Floats

    def estimate(
        self, value: Floats, exact: bool = True, check: bool = True
    ) -> tuple[Floats, Floats, Floats]:
        """Flows for readings (streams,) or (streams, k), λ of each node, and aᵀλ of each stream.

        `exact` spreads the unobservable, and with `check` tells fixed streams that contradict each other.
        """
        flow, shift = np.zeros_like(value), np.zeros_like(value)
        lift = np.zeros((len(self.node_strength), *value.shape[1:]))
        for part in self.parts:
            found = part.model.estimate(value[part.streams], exact, check)
            flow[part.streams], lift[part.nodes], shift[part.streams] = found
        return flow, lift, shift

    def bias(self, stream: int) -> tuple[Floats, Floats]:
        """λ of each node and aᵀλ of each stream where one reading is a unit too high and all else agrees."""
        part = next(part for part in self.parts if stream in part.streams)
        return self._wide(part, part.model.bias(int(np.searchsorted(part.streams, stream))))

    def leak(self, node: int) -> tuple[Floats, Floats]:
        """The same where a unit comes into one node past all meters."""
        part = next(part for part in self.parts if node in part.nodes)
        return self._wide(part, part.model.leak(int(np.searchsorted(part.nodes, node))))

    def covariance(self, streams: Ints) -> Floats:
        """Covariance matrix of the flows of chosen streams, all of them observable; 0 between parts."""
        out = np.zeros((len(streams), len(streams)))
        for part in self.parts:
            mine = np.flatnonzero(np.isin(streams, part.streams))
            if len(mine):
                inside = np.searchsorted(part.streams, streams[mine])
                out[np.ix_(mine, mine)] = part.model.covariance(inside)
        return out

    @property
    def degrees_of_freedom(self) -> int:
        return sum(part.model.degrees_of_freedom for part in self.parts)

    @property
    def checks(self) -> Ints:
        """A node for each independent balance of readings."""
        return np.concatenate([part.nodes[part.model.checks] for part in self.parts])

    def _wide(self, part: Part, found: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        lift, shift = np.zeros_like(self.node_strength), np.zeros_like(self.strength)
        lift[part.nodes], shift[part.streams] = found
        return lift, shift


@dataclass(frozen=True)
class _Names(Names):
    """What some of the nodes and streams are called among all."""

    of: Names | None = None
    node_at: Ints | None = None
    stream_at: Ints | None = None

    def node(self, at: int, lang: str = "en") -> str:
        assert self.of is not None
        assert self.node_at is not None
        return self.of.node(int(self.node_at[at]), lang)

    def stream(self, at: int, lang: str = "en") -> str:
        assert self.of is not None
        assert self.stream_at is not None
        return self.of.stream(int(self.stream_at[at]), lang)


def split(
    network: Network, readings: Readings, names: Names, whole: NetworkModel, strain: Floats, sparse: Sparse
) -> Model:
    """The `whole` model, or one of parts where the `strain` of a stream (κ) is too large; `sparse` makes one of a part.

    Parts of more streams than `MOST_STREAMS` stay with elimination while it keeps a digit; ScienceError else.
    """
    if strain.max(initial=0.0) <= STRAIN:
        return whole
    label = _label(network)
    size = np.bincount(label, minlength=label.max(initial=0) + 1)
    dense = np.zeros(len(size), dtype=bool)
    dense[label[strain > STRAIN]] = True
    dense &= size <= MOST_STREAMS
    lost = np.flatnonzero((strain > LOST) & ~dense[label])
    if len(lost):
        _refuse(readings, names, np.flatnonzero(label == label[lost[0]]))
    if not dense.any():
        return _eased(network, readings, names, whole, np.flatnonzero(strain > STRAIN), sparse)
    node_label = np.full(network.nodes + 1, -1)
    node_label[network.tail] = node_label[network.head] = label
    node_label = node_label[:-1]
    apart = [
        _some(network, readings, names, label == k, node_label == k, _projected)
        for k in np.flatnonzero(dense).tolist()
    ]
    rest = ~dense[label]
    strained = np.flatnonzero(strain[rest] > STRAIN)

    def eased(inside: Network, own: Readings, called: Names) -> NetworkModel:
        return _eased(inside, own, called, sparse(inside, own, called), strained, sparse)

    others = _some(network, readings, names, rest, (node_label < 0) | ~dense[node_label], eased)
    return _side_by_side(network, readings, names, (others, *apart))


def _eased(
    network: Network, readings: Readings, names: Names, model: NetworkModel, rough: Ints, sparse: Sparse
) -> NetworkModel:
    """Variances and strengths of rough readings in a part too large for `projection`, from the network without them.

    With c the variance that the others give a flow, v its reading's: v c / (v + c) and 1 / (v + c). That the other
    rough readings are left out as well takes less than their share of it, one in `STRAIN`.
    """
    rough = rough[readings.measured[rough]]
    if not len(rough):
        return model
    measured, v = readings.measured.copy(), readings.variance.copy()
    measured[rough], v[rough] = False, 0.0
    value = np.where(measured | readings.fixed, readings.value, 0.0)
    without = sparse(network, Readings(value, v, measured, readings.fixed), names)
    rough = rough[without.observable[rough]]
    own, others = readings.variance[rough], without.variance[rough]
    variance, strength = model.variance.copy(), model.strength.copy()
    variance[rough], strength[rough] = others / (1 + others / own), 1 / (own + others)
    return replace(model, variance=variance, strength=strength)


def _side_by_side(network: Network, readings: Readings, names: Names, parts: tuple[Part, ...]) -> PartsModel:
    streams, nodes = len(network.tail), network.nodes
    observable = np.zeros(streams, dtype=bool)
    variance, strength, node_strength = np.zeros(streams), np.zeros(streams), np.zeros(nodes)
    for part in parts:
        at, model = part.streams, part.model
        observable[at], variance[at], strength[at] = model.observable, model.variance, model.strength
        node_strength[part.nodes] = model.node_strength
    return PartsModel(readings, names, parts, observable, variance, strength, node_strength)


def _label(network: Network) -> Ints:
    """Which part each stream belongs to: those that hang together not through outside. One of outside alone is
    counted to the first part, which it leaves as it is."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = network.nodes
    inner = np.flatnonzero((network.tail < n) & (network.head < n))
    ends = network.tail[inner], network.head[inner]
    _, part = connected_components(coo_array((np.ones(len(inner)), ends), shape=(n, n)), directed=False)
    part = np.append(part, 0).astype(np.int64)
    return part[np.minimum(network.tail, network.head)]


def _some(
    network: Network, readings: Readings, names: Names, streams: Bools, nodes: Bools, make: Make
) -> Part:
    """A model of some streams and the nodes they end in."""
    k, p = np.flatnonzero(streams), np.flatnonzero(nodes)
    number = np.full(network.nodes + 1, len(p))
    number[p] = np.arange(len(p))
    own = Readings(readings.value[k], readings.variance[k], readings.measured[k], readings.fixed[k])
    inside = Network(len(p), number[network.tail[k]], number[network.head[k]])
    return Part(make(inside, own, _Names(of=names, node_at=p, stream_at=k)), k, p)


def _projected(network: Network, readings: Readings, names: Names) -> Model:
    n, streams = network.nodes, len(network.tail)
    matrix = np.zeros((n + 1, streams))
    matrix[network.head, np.arange(streams)] += 1.0
    matrix[network.tail, np.arange(streams)] -= 1.0
    return projection.made_of(projection.reduce(matrix[:-1], readings), names)


def _refuse(readings: Readings, names: Names, part: Ints) -> None:
    """Name the readings above the widest gap between the variances of the part."""
    part = part[readings.measured[part]]
    order = part[np.argsort(-readings.variance[part], kind="stable")]
    size = np.log(readings.variance[order])
    rough = np.sort(order[: 1 + int(np.argmax(size[:-1] - size[1:]))])
    raise ScienceError(
        f"the variances of {names.list_streams(rough)} are too far above those around for more than {MOST_STREAMS} "
        "streams that hang together. Readings so rough tell nothing next to the others: leave them out (NaN).",
        f"phương sai của {names.list_streams(rough, lang='vi')} lớn hơn xung quanh quá nhiều khi hơn {MOST_STREAMS} "
        "dòng dính liền nhau. Số đọc thô như thế không cho biết thêm gì: hãy bỏ ra (NaN).",
    )
