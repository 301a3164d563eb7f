"""Unmeasured streams of a network as trees: which follow from the balance, and from which side of it.

The unmeasured streams, with outside as one more node, form a graph. A stream on none of its cycles (a
bridge) splits its part in two, and the balance over the side away from outside determines it: it is
*observable*. A stream on a cycle is not: any flow may be sent round the cycle unseen (Mah, Stanley & Downing 1976;
Kretsovalis & Mah 1988). One walk in depth first order (Tarjan 1974) finds both. `low` is the earliest node
that a subtree reaches by another stream; the subtree of the node at place k holds places k to end[k] − 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sachhon.science.balance.network import Bools, Floats, Ints
from sachhon.science.balance.sums import between, in_order, running


@dataclass(frozen=True)
class Forest:
    """A spanning forest over the nodes that unmeasured streams touch, in depth first order.

    Arrays over places (not nodes): `node`, `parent` (place, −1 at a root), `edge` (stream to the parent, −1
    at a root), `end`, `root` (place). `up` is +1 where the stream runs from the node to its parent.
    """

    node: Ints
    parent: Ints
    edge: Ints
    up: Floats
    end: Ints
    root: Ints
    place: Ints  # of each node, −1 where no unmeasured stream touches it
    bridge: Bools  # by place: the stream to the parent lies on no cycle

    def subtree_sums(self, value: Floats) -> Floats:
        """Sum of (places, …) values over each subtree."""
        return between(running(value), np.arange(len(value)), self.end)


def grow(nodes: int, streams: Ints, tail: Ints, head: Ints) -> Forest:
    """The forest of `streams` (numbers), which run from `tail` to `head`; outside is node `nodes`.

    Most unmeasured streams end in a node that no other one touches. Such leaves need no walk: they are taken off
    first and put back right after the node they hang on.
    """
    half = len(streams)
    if not half:
        none, nowhere = np.zeros(0, dtype=np.int64), np.full(nodes + 1, -1, dtype=np.int64)
        return Forest(none, none, none, np.zeros(0), none, none, nowhere, np.zeros(0, dtype=bool))
    ends = np.concatenate([tail, head])
    touched, compact = np.unique(ends, return_inverse=True)
    count = len(touched)
    outside = count - 1 if count and touched[-1] == nodes else -1
    other = np.concatenate([compact[half:], compact[:half]])
    degree = np.bincount(compact, minlength=count)
    arc = np.arange(2 * half)
    alone = (degree[compact] == 1) & (compact != outside)
    # of a stream between two such nodes the lower stays, as outside does
    both = alone & (degree[other] == 1) & (other != outside)
    hangs = np.flatnonzero(alone & ~(both & (compact < other)))  # arc whose own end is a leaf
    leaf = np.zeros(count, dtype=bool)
    leaf[compact[hangs]] = True
    kept_arc = np.ones(2 * half, dtype=bool)
    kept_arc[hangs] = kept_arc[(hangs + half) % (2 * half)] = False
    inner = arc[kept_arc]
    walk = np.zeros(count, dtype=bool)
    walk[compact[inner]] = True
    if outside >= 0:
        walk[outside] = True
    core, parent, via, low, end, root = _walk(count, outside, compact, other, inner, half, walk)
    # those that only leaves hang on are trees of their own
    single = np.flatnonzero(~walk & ~leaf)
    more = np.arange(len(core), len(core) + len(single))
    none = np.full(len(single), -1)
    core = np.concatenate([core, single])
    parent, via = np.concatenate([parent, none]), np.concatenate([via, none])
    low, end, root = (
        np.concatenate([low, more]),
        np.concatenate([end, more + 1]),
        np.concatenate([root, more]),
    )
    # leaves go in behind their node
    position = np.empty(count, dtype=np.int64)
    position[core] = np.arange(len(core))
    on = position[other[hangs]]
    order = in_order(on, len(core))
    hangs, on = hangs[order], on[order]
    many = np.bincount(on, minlength=len(core))
    first = np.arange(len(core)) + np.cumsum(many) - many  # new place of each core node
    behind = first[on] + 1 + np.arange(len(on)) - np.searchsorted(on, on)
    after = np.append(first, count)

    def merge(of_core: Ints, of_leaf: Ints) -> Ints:
        out = np.empty(count, dtype=np.int64)
        out[first], out[behind] = of_core, of_leaf
        return out

    up_arc = (hangs + half) % (2 * half)  # as a walk from the node to its leaf would take it
    arc_of = merge(via, up_arc)
    place_of = merge(core, compact[hangs])
    places = np.full(nodes + 1, -1, dtype=np.int64)
    places[touched[place_of]] = np.arange(count)
    has_edge = arc_of >= 0
    edge = np.where(has_edge, streams[arc_of % half], -1)
    # an arc below `half` was walked from tail (the parent) to head: the stream runs down
    up = np.where(has_edge, np.where(arc_of < half, -1.0, 1.0), 0.0)
    lows = merge(first[low], behind)
    return Forest(
        touched[place_of],
        merge(np.where(parent >= 0, first[parent], -1), first[on]),
        edge,
        up,
        merge(after[end], behind + 1),
        merge(first[root], first[root[on]]),
        places,
        has_edge & (lows == np.arange(count)),
    )


def _walk(
    count: int, outside: int, compact: Ints, other: Ints, inner: Ints, half: int, walk: Bools
) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """Depth first over the arcs `inner`: nodes in order, and parent, arc, low, end and root by place."""
    by_node = inner[in_order(compact[inner], count)]
    starts = np.searchsorted(compact[by_node], np.arange(count + 1))
    arcs, to_of, start = by_node.tolist(), other.tolist(), starts.tolist()
    # outside first, so that its tree is rooted there and a subtree is the side away from it
    roots = np.flatnonzero(walk).tolist()
    if outside >= 0:
        roots = [outside, *(r for r in roots if r != outside)]
    place = [-1] * count
    node: list[int] = []
    parent: list[int] = []
    via: list[int] = []
    low: list[int] = []
    end: list[int] = []
    root: list[int] = []
    pointer = start[:-1]
    for r in roots:
        if place[r] >= 0:
            continue
        top = len(node)
        place[r] = top
        node.append(r)
        parent.append(-1)
        via.append(-1)
        low.append(top)
        end.append(0)
        root.append(top)
        at, back = r, top
        while True:
            k = pointer[at]
            if k < start[at + 1]:
                pointer[at] = k + 1
                arc = arcs[k]
                to = to_of[arc]
                seen = place[to]
                if seen < 0:
                    here = len(node)
                    place[to] = here
                    node.append(to)
                    parent.append(back)
                    via.append(arc)
                    low.append(here)
                    end.append(0)
                    root.append(top)
                    at, back = to, here
                elif via[back] != arc - half and via[back] != arc + half and seen < low[back]:
                    low[back] = seen
            else:
                end[back] = len(node)
                above = parent[back]
                if above < 0:
                    break
                if low[back] < low[above]:
                    low[above] = low[back]
                back = above
                at = node[back]
    return tuple(np.array(x, dtype=np.int64) for x in (node, parent, via, low, end, root))  # type: ignore[return-value]
