"""Which further flows to keep closed, so that a closed one cannot be worked out from the open ones.

The complementary suppression of statistical disclosure control, on a network of balances. Whoever sees the open
flows knows a closed one exactly where it lies on no cycle of closed streams (outside is one more node): it is a
bridge, and the balance of one of its sides determines it (`forest`). So each closed stream is given a cycle of
closed streams, with as few others on it as can be, and among those the ones that are missed least.

A cycle through a stream that carries next to nothing would still tell the closed flow to a hair: such streams are
taken only where there is no other way. Source: Willenborg & de Waal 2001, "Elements of Statistical Disclosure
Control", ch. 6 (secondary suppression as cycles of a network; protection by an interval of feasible values).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from heapq import heappop, heappush

OUTSIDE = -1
LEAST_PART = 0.1  # a stream of less than this part of the closed one hides too little of it


def close_besides(
    ends: Sequence[tuple[int, int]],
    secret: Collection[int],
    *,
    hidden: Collection[int] = (),
    worth: Sequence[float] | None = None,
    size: Sequence[float | None] | None = None,
) -> frozenset[int]:
    """The streams to close besides `secret`.

    ends : of each stream the nodes it runs from and to, OUTSIDE (or −1) where there is none.
    hidden : streams that are not seen anyway.
    worth : how much each is missed when closed, 0 … 1; of equally many streams those with the least are closed.
    size : what each carries, None where nobody knows.
    """
    missed = list(worth) if worth is not None else [0.5] * len(ends)
    flow = list(size) if size is not None else [None] * len(ends)
    beside: dict[int, list[tuple[int, int]]] = {}
    for stream, (tail, head) in enumerate(ends):
        beside.setdefault(tail, []).append((head, stream))
        beside.setdefault(head, []).append((tail, stream))
    closed = set(secret) | set(hidden)
    for stream in sorted(secret):
        own = flow[stream]
        small = {
            other
            for other, carried in enumerate(flow)
            if own is not None and carried is not None and abs(carried) < LEAST_PART * abs(own)
        }
        cost = {k: 0.0 if k in closed else 1.0 + missed[k] / (len(ends) + 1) for k in range(len(ends))}
        way = _way(beside, ends[stream], cost, {stream} | small) or _way(beside, ends[stream], cost, {stream})
        closed |= set(way)
    return frozenset(closed - set(secret) - set(hidden))


def _way(
    beside: Mapping[int, Sequence[tuple[int, int]]],
    ends: tuple[int, int],
    cost: Mapping[int, float],
    without: Collection[int],
) -> list[int]:
    """The streams of the cheapest way from one end to the other, whichever way they run; none where there is none."""
    start, goal = ends
    best: dict[int, float] = {start: 0.0}
    came: dict[int, tuple[int, int]] = {}
    queue = [(0.0, start)]
    while queue:
        so_far, node = heappop(queue)
        if node == goal:
            way = []
            while node != start:
                node, stream = came[node]
                way.append(stream)
            return way
        if so_far > best[node]:
            continue
        for other, stream in beside.get(node, ()):
            total = so_far + cost[stream]
            if stream not in without and total < best.get(other, float("inf")):
                best[other], came[other] = total, (node, stream)
                heappush(queue, (total, other))
    return []
