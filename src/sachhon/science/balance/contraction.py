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

from sachhon.science.balance.contracted import assemble, close, contracted
from sachhon.science.balance.crossing import cross
from sachhon.science.balance.forest import Forest, grow
from sachhon.science.balance.linear import Model
from sachhon.science.balance.network import Bools, ContradictionError, Floats, Ints, Names, Network, Readings
from sachhon.science.balance.selected_inverse import Factor, factorise
from sachhon.science.balance.sums import sums
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

DOUBTFUL = 1e-8  # a pivot this small may be a closed part: look at the graph
OPEN = 1e-15  # least pivot of a part known to be open
STRAIN = 1e6  # growth of rounding from which `parts` looks at the network
MOST_LOST = 1e8  # of the strain of a flow: a variance that came from more is as lost
REFINED = 3  # times that what rounding left open is solved for, where it is much
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
    strained: bool  # rounding grows so much that balances are open by it, and are closed by solving again

    def estimate(
        self, value: Floats, exact: bool = True, check: bool = True
    ) -> tuple[Floats, Floats, Floats]:
        """Flows for readings (streams,) or (streams, k), λ of each node (nodes, …), and aᵀλ of each stream.

        `exact` spreads the unobservable, and with `check` tells fixed streams that contradict each other.
        """
        tail, head = self.network.tail, self.network.head
        net = self._net(self._outer(value))
        if exact and check:
            self._check(value, net)
        lift = self._solve(net)
        shift = lift[head] - lift[tail]
        weight = self.readings.variance if value.ndim == 1 else self.readings.variance[:, None]
        flow = value - weight * shift
        for _ in range(REFINED if self.strained else 0):
            more = self._solve(self._net(self._outer(flow)))
            lift = lift + more
            shift = shift + (more[head] - more[tail])
            flow = flow - weight * (more[head] - more[tail])
        if len(self.forest.node):
            flow = self._fill(flow, exact)
        return flow, lift[:-1], shift

    def bias(self, stream: int) -> tuple[Floats, Floats]:
        """λ of each node and aᵀλ of each stream where one reading is a unit too high and all else agrees."""
        net = np.zeros(self.network.nodes + 1)
        net[self.network.head[stream]] += 1.0
        net[self.network.tail[stream]] -= 1.0
        return self._answer(net)

    def leak(self, node: int) -> tuple[Floats, Floats]:
        """The same where a unit comes into one node past all meters."""
        net = np.zeros(self.network.nodes + 1)
        net[node] = 1.0
        return self._answer(net)

    @property
    def checks(self) -> Ints:
        """A node for each independent balance of readings."""
        number, first = np.unique(self.number[:-1], return_index=True)
        return first[number >= 0]

    def _answer(self, net: Floats) -> tuple[Floats, Floats]:
        lift = self._solve(net)
        return lift[:-1], lift[self.network.head] - lift[self.network.tail]

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

    def _outer(self, value: Floats) -> Floats:
        """Without streams between nodes that are tied into one: a rough reading there would leave its rounding."""
        if not len(self.forest.node):
            return value
        across = self.label[self.network.tail] != self.label[self.network.head]
        return np.where(across if value.ndim == 1 else across[:, None], value, 0.0)

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


def build(network: Network, readings: Readings, names: Names) -> Model:
    """Contract, factorise, and find the variance of every flow; parts too far from each other go by `projection`."""
    model, strain = _whole(network, readings, names)
    if strain.max(initial=0.0) <= STRAIN:
        return model
    from sachhon.science.balance.parts import split

    return split(network, readings, names, model, strain, lambda *part: _whole(*part)[0])


def _whole(network: Network, readings: Readings, names: Names) -> tuple[NetworkModel, Floats]:
    """The model, and how many times rounding grows in what it tells of each stream."""
    n, tail, head = network.nodes, network.tail, network.head
    hidden = readings.unmeasured
    tied = np.flatnonzero(hidden & (tail != head))
    forest = grow(n, tied, tail[tied], head[tied])
    number, size = contracted(n, forest)

    v = readings.variance
    i, j = number[tail], number[head]
    active = readings.measured & (i != j)
    crossing = cross(forest, tail, head, number, v, readings.measured)
    factor, entry = assemble(size, i, j, active, v, crossing, 1e-12)
    part = closed = None
    joined = number
    if factor.rank < size or factor.weakest < DOUBTFUL:
        part, closed, kept = close(size, i[active], j[active])
        joined = np.where(number >= 0, np.append(kept, -1)[number], -1)
        i, j = joined[tail], joined[head]
        crossing = crossing.renumber(kept)
        factor, entry = assemble(int((kept >= 0).sum()), i, j, active, v, crossing, OPEN)

    own = np.append(factor.diagonal, 0.0)
    leaks = own[joined[:-1]]
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
        variance[streams] = crossing.variance(factor, len(entry), own, joined)[bridges]
        v = v.copy()
        v[streams] = crossing.total[bridges]
    # of a flow it is v (Z_ii + Z_jj) of its stream; of a variance, besides, what it came from over what it is
    strain = np.where(active, v * (own[i] + own[j]), 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        strain = np.where(v > 0, strain * np.clip(v / variance, 1.0, MOST_LOST), 0.0)
    if factor.rank < factor.size:
        nothing = np.append(factor.diagonal == 0, False)
        strain[active & (nothing[i] | nothing[j])] = np.inf
    model = NetworkModel(
        network, readings, names, forest, joined, part, closed, number, factor, observable, variance,
        strength, leaks, factor.rank, bool(strain.max(initial=0.0) > STRAIN),
    )  # fmt: skip
    return model, strain
