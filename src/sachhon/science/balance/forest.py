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
        total = np.zeros((len(value) + 1, *value.shape[1:]))
        np.cumsum(value, axis=0, out=total[1:])
        return total[self.end] - total[:-1]


def grow(nodes: int, streams: Ints, tail: Ints, head: Ints) -> Forest:
    """The forest of `streams` (numbers), which run from `tail` to `head`; outside is node `nodes`."""
    ends = np.concatenate([tail, head])
    order = np.argsort(ends, kind="stable")
    touched, first = np.unique(ends[order], return_index=True)
    # outside first, so that its tree is rooted there and a subtree is the side away from it
    compact = np.searchsorted(touched, ends).tolist()
    count, half = len(touched), len(streams)
    other = compact[half:] + compact[:half]
    arcs = order.tolist()
    start = [*first.tolist(), len(ends)]
    roots = list(range(count))
    if count and touched[-1] == nodes:
        roots = [count - 1, *range(count - 1)]

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
                to = other[arc]
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
    arc_of = np.array(via, dtype=np.int64)
    places = np.full(nodes + 1, -1, dtype=np.int64)
    order_of = np.array(node, dtype=np.int64)
    places[touched[order_of]] = np.arange(count)
    inner = arc_of >= 0
    edge = np.where(inner, streams[arc_of % half] if half else -1, -1)
    # an arc below `half` was walked from tail (the parent) to head: the stream runs down
    up = np.where(inner, np.where(arc_of < half, -1.0, 1.0), 0.0)
    at_place = np.arange(count)
    return Forest(
        touched[order_of] if count else order_of,
        np.array(parent, dtype=np.int64),
        edge,
        up,
        np.array(end, dtype=np.int64),
        np.array(root, dtype=np.int64),
        places,
        inner & (np.array(low, dtype=np.int64) == at_place),
    )
