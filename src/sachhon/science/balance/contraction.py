"""Least squares on a network of plain streams: contract what is unmeasured, eliminate what is left.

    min Σ (x − y)²/v   subject to   A x = 0

An unmeasured stream ties two nodes into one: summed, their balances no longer contain it. On the contracted
network, with streams of variance v for edges, S = A V Aᵀ is the matrix of an electric network of
conductances v, and

    S λ = A y        x = y − V Aᵀ λ        cov x = V − V Aᵀ S⁻¹ A V

The unmeasured stream that closes a subtree T of tied nodes is the sum of what crosses T, so its variance is
c − qᵀ S⁻¹ q, with c the variance crossing T and q = A V a_T, a_T the signs of the crossing streams.
A part that nothing measured or unmeasured joins to outside has one balance too many, which is left out;
fixed streams must satisfy it by themselves, or they contradict each other.
Source: Crowe, Garcia Campos & Hrymak 1983 (projection); Mah, Stanley & Downing 1976 (merging nodes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sachhon.science.balance.crossing import Crossing, cross
from sachhon.science.balance.forest import Forest, grow
from sachhon.science.balance.network import Bools, ContradictionError, Floats, Ints, Names, Network, Readings
from sachhon.science.balance.selected_inverse import Factor, factorise
from sachhon.science.balance.sums import sums
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

DOUBTFUL = 1e-8  # a pivot this small may be a closed part: look at the graph
OPEN = 1e-15  # least pivot of a part known to be open
AGREES = 1e-9  # fixed streams balance to this share of what they carry


@dataclass(frozen=True)
class NetworkModel:
    """A network ready to reconcile any readings of the same variances. Arrays over streams or nodes."""

    network: Network
    readings: Readings
    names: Names
    forest: Forest
    number: Ints  # of each node and of outside in the contracted network, −1 where taken as outside
    part: Ints | None  # of each contracted node; None where no part is closed
    closed: Bools | None  # by part
    label: Ints  # contracted node before parts were closed
    factor: Factor
    observable: Bools
    variance: Floats  # infinite where unobservable
    strength: Floats  # aᵀ S⁻¹ a: what a bias of this meter would show
    node_strength: Floats
    degrees_of_freedom: int

    def estimate(self, value: Floats, exact: bool = True, check: bool = True) -> tuple[Floats, Floats]:
        """Flows for readings (streams,) or (streams, k), and λ of each node (nodes, …).

        `exact` spreads the unobservable, and with `check` tells fixed streams that contradict each other.
        """
        tail, head = self.network.tail, self.network.head
        net = self._net(value)
        if exact and check:
            self._check(value, net)
        lift = self._solve(net)
        weight = self.readings.variance if value.ndim == 1 else self.readings.variance[:, None]
        flow = value - weight * (lift[head] - lift[tail])
        if len(self.forest.node):
            flow = self._fill(flow, exact)
        return flow, lift[:-1]

    def shift(self, lift: Floats) -> Floats:
        """aᵀ λ of each stream."""
        wide = np.append(lift, 0.0)
        return wide[self.network.head] - wide[self.network.tail]

    def column(self, stream: int) -> Floats:
        """a: what one unit of the stream adds to each balance."""
        out = np.zeros(self.network.nodes + 1)
        out[self.network.head[stream]] += 1.0
        out[self.network.tail[stream]] -= 1.0
        return out[:-1]

    def lifts(self, net: Floats) -> Floats:
        """λ of each node for what the balances are open by (nodes,) or (nodes, k)."""
        return self._solve(np.concatenate([net, np.zeros((1, *net.shape[1:]))]))[:-1]

    def covariance(self, streams: Ints) -> Floats:
        """Covariance matrix of the flows of chosen streams, all of them observable."""
        tail, head, v = self.network.tail, self.network.head, self.readings.variance
        data = np.zeros((len(tail), len(streams)))
        closes = {int(s): k for k, s in enumerate(self.forest.edge.tolist()) if s >= 0}
        for column, stream in enumerate(streams.tolist()):
            if not self.observable[stream]:
                raise ScienceError(
                    f"{self.names.stream(stream)} is unobservable: no covariance. Measure it, or leave it out.",
                    f"{self.names.stream(stream, lang='vi')} không quan sát được: không có hiệp phương sai. Hãy "
                    "đo nó, hoặc bỏ ra.",
                )
            if self.readings.measured[stream]:
                data[stream, column] = v[stream]
            elif stream in closes:
                k = closes[stream]
                inside = np.zeros(self.network.nodes + 1)
                inside[self.forest.node[k : self.forest.end[k]]] = self.forest.up[k]
                data[:, column] = v * (inside[head] - inside[tail])
        rows = self.estimate(data, exact=False)[0][streams]
        return (rows + rows.T) / 2

    def _net(self, flow: Floats) -> Floats:
        """In minus out at each node, and at outside."""
        n, tail, head = self.network.nodes + 1, self.network.tail, self.network.head
        if flow.ndim == 1:
            return sums(head, flow, n) - sums(tail, flow, n)
        net = np.zeros((n, flow.shape[1]))
        np.add.at(net, head, flow)
        np.subtract.at(net, tail, flow)
        return net

    def _solve(self, net: Floats) -> Floats:
        """λ of each node, 0 outside, from the balances' right side."""
        inside = self.number >= 0
        where = self.number[inside]
        size = self.factor.size
        if net.ndim == 1:
            right = sums(where, net[inside], size)
        else:
            right = np.zeros((size, net.shape[1]))
            np.add.at(right, where, net[inside])
        lift = np.zeros_like(net)
        lift[inside] = self.factor.solve(right)[where]
        return lift

    def _fill(self, flow: Floats, exact: bool) -> Floats:
        """Unmeasured streams from the balance of the subtree they close; free ones by the shortest flow."""
        forest = self.forest
        closing = forest.edge >= 0
        out = forest.subtree_sums(self._net(flow)[forest.node])
        up = forest.up[closing] if flow.ndim == 1 else forest.up[closing, None]
        flow[forest.edge[closing]] = up * out[closing]
        if exact and not self.observable.all():
            flow = self._spread(flow)
        return flow

    def _spread(self, flow: Floats) -> Floats:
        """Among the flows round the unseen cycles, the one with the least Σ x²: it depends on no order."""
        # a stream that no balance holds may be anything, and is nothing
        free = np.flatnonzero(~self.observable & (self.network.tail != self.network.head))
        ends = np.concatenate([self.network.tail[free], self.network.head[free]])
        touched, ends = np.unique(ends, return_inverse=True)
        tail, head = ends[: len(free)], ends[len(free) :]
        n = len(touched)
        net = sums(head, flow[free], n) - sums(tail, flow[free], n)
        # one row of each part follows from the others; `factorise` leaves it out
        degree = np.bincount(ends, minlength=n).astype(float)
        lift = factorise(n, tail, head, np.full(len(free), -1.0), degree).solve(net)
        flow[~self.observable] = 0.0
        flow[free] = lift[head] - lift[tail]
        return flow

    def _check(self, value: Floats, net: Floats) -> None:
        """Closed parts: fixed streams across their border must balance, for nothing else can."""
        if self.part is None or self.closed is None:
            return
        part = np.append(self.part, -1)[self.label]
        within = part >= 0
        parts = len(self.closed)
        left = sums(part[within], net[within], parts)
        tail, head = part[self.network.tail], part[self.network.head]
        carried = np.zeros(parts)
        for end in (tail, head):
            carried += sums(end[end >= 0], np.abs(value[end >= 0]), parts)
        wrong = self.closed & (np.abs(left) > AGREES * carried)
        if not wrong.any():
            return
        at = int(np.flatnonzero(wrong)[0])
        nodes = np.flatnonzero(part[:-1] == at)
        fixed = np.flatnonzero(self.readings.fixed & ((tail == at) != (head == at)))
        raise ContradictionError(
            f"fixed streams contradict the balance of {self.names.list_nodes(nodes)}: {left[at]:.6g} more comes in "
            f"than goes out, by {self.names.list_streams(fixed)} alone. Give one of them a variance, or correct it.",
            f"các dòng cố định mâu thuẫn với cân bằng của {self.names.list_nodes(nodes, lang='vi')}: "
            f"lượng vào nhiều hơn lượng ra {comma(left[at]):.6g}, chỉ do "
            f"{self.names.list_streams(fixed, lang='vi')}. Hãy cho một dòng trong đó phương sai khác 0, "
            "hoặc sửa số.",
        )


def build(network: Network, readings: Readings, names: Names) -> NetworkModel:
    """Contract, factorise, and find the variance of every flow."""
    n, tail, head = network.nodes, network.tail, network.head
    hidden = readings.unmeasured
    tied = np.flatnonzero(hidden & (tail != head))
    forest = grow(n, tied, tail[tied], head[tied])
    number, size = _contracted(n, forest)

    v = readings.variance
    i, j = number[tail], number[head]
    active = readings.measured & (i != j)
    crossing = cross(forest, tail, head, number, v, readings.measured)
    factor, entry = _factorise(size, i, j, active, v, crossing, 1e-12)
    part = closed = None
    contracted = number
    if factor.rank < size or factor.weakest < DOUBTFUL:
        part, closed, kept = _close(size, i[active], j[active])
        contracted = np.where(number >= 0, np.append(kept, -1)[number], -1)
        i, j = contracted[tail], contracted[head]
        crossing = crossing.renumber(kept)
        factor, entry = _factorise(int((kept >= 0).sum()), i, j, active, v, crossing, OPEN)

    own = np.append(factor.diagonal, 0.0)
    leaks = own[contracted[:-1]]
    if part is not None and closed is not None:
        # where nothing comes from or goes to outside, nothing can be lost either
        shut = np.append(closed[part], False)[number[:-1]]
        leaks = np.where(shut, 0.0, leaks)
    strength = (own[i] + own[j]) * active
    strength[entry] -= 2 * factor.entries[: len(entry)]
    strength = np.maximum(strength, 0.0)
    variance = np.maximum(v - v * v * strength, 0.0)
    observable = ~hidden
    bridges = np.flatnonzero(forest.bridge)
    variance[hidden] = np.inf
    if len(bridges):
        streams = forest.edge[bridges]
        observable[streams] = True
        variance[streams] = crossing.variance(factor, len(entry), own, contracted)[bridges]
    return NetworkModel(
        network, readings, names, forest, contracted, part, closed, number, factor, observable, variance,
        strength, leaks, factor.rank,
    )  # fmt: skip


def _contracted(nodes: int, forest: Forest) -> tuple[Ints, int]:
    """Number of each node and of outside in the contracted network, −1 outside; and how many there are."""
    number = np.arange(nodes + 1)
    if not len(forest.node):
        number[nodes] = -1
        return number, nodes
    label = number.copy()
    label[forest.node] = forest.node[forest.root]
    stands = label == number
    stands[nodes] = False
    number = (np.cumsum(stands) - 1)[label]
    number[label == nodes] = -1
    return number, int(np.count_nonzero(stands))


def _factorise(
    size: int, i: Ints, j: Ints, active: Bools, v: Floats, crossing: Crossing, tolerance: float
) -> tuple[Factor, Ints]:
    """S of the contracted network, with Z also wanted at the pairs that unmeasured streams need."""
    entry = np.flatnonzero(active & (i >= 0) & (j >= 0))
    weight = v * active
    diagonal = sums(i + 1, weight, size + 1)[1:] + sums(j + 1, weight, size + 1)[1:]
    more_i, more_j = crossing.pairs()
    if len(more_i):
        rows, columns = np.concatenate([i[entry], more_i]), np.concatenate([j[entry], more_j])
        values = np.concatenate([-v[entry], np.zeros(len(more_i))])
    else:
        rows, columns, values = i[entry], j[entry], -v[entry]
    return factorise(size, rows, columns, values, diagonal, tolerance), entry


def _close(size: int, i: Ints, j: Ints) -> tuple[Ints, Bools, Ints]:
    """Parts of the contracted network, which are closed, and new numbers with one node of each left out."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    a, b = np.where(i < 0, size, i), np.where(j < 0, size, j)
    links = coo_array((np.ones(len(a)), (a, b)), shape=(size + 1, size + 1))
    parts, part = connected_components(links, directed=False)
    closed = np.ones(parts, dtype=bool)
    closed[part[size]] = False
    part = part[:size].astype(np.int64)
    left_out = np.zeros(size, dtype=bool)
    first = np.unique(part, return_index=True)[1]
    left_out[first[closed[part[first]]]] = True
    return part, closed, np.where(left_out, -1, np.cumsum(~left_out) - 1)
